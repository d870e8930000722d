"""The days that a case has before it, folded from its history: what has to be done by when, while it holds, and who is to do it.

Whether one is late depends on the day looked at. A day is in one row, whoever asks: what slips, and what lies ahead.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

import msgspec

from domain.allocation import UNALLOCATED
from domain.breach import Route
from domain.ladder import Step
from domain.policy import Policy
from domain.remembered import Phase
from domain.words import said, stored
from domain.working_days import add_months, add_working_days, local_day
from projections import at_present, compliance, cover, plans, risk, risk_due, upw_due
from projections.deadline_kinds import Kind
from projections.seen import awaited, met
from projections.story import Story
from projections.upw_state import works

TABLE = "deadline"
COLUMNS = {
    "stream_id": "uuid",
    "kind": "text",
    "number": "int4",
    "what": "text",
    "due_on": "date",
    "route": "text",
    "since": "date",
    "until": "date",
    "practitioner": "text",
    "team": "text",
    "provider": "text",
}
INDEXES = ("(team, due_on)", "(provider, due_on) include (kind, team, route, since, until, stream_id)")
"""The second answers by itself for a provider's tens of thousands of cases, and says which of them are hidden."""
ALWAYS, NEVER = date(1900, 1, 1), date(9999, 1, 1)
CRC, NPS = "CRC", "NPS"
EVERY = stored("Every {days} days")
_ROUTES = {Route.CRC: CRC, Route.NPS: NPS}


class Deadline(msgspec.Struct, frozen=True, gc=False):
    """Something to be done no later than `due_on`. `number` is the entry that it is about, 0 for the case as a whole; `route` names the
    kind of provider that it holds for, if not for both. It holds from `since` to the day before `until`."""

    kind: Kind
    due_on: date
    number: int = 0
    what: str = ""
    route: str = ""
    since: date = ALWAYS
    until: date = NEVER


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    """One row a deadline of a case that is open, with who holds the case."""
    holder = story.holders[-1] if story.holders else None
    held = (holder.practitioner, holder.team, holder.provider) if holder else ("", "", "")
    for one in deadlines(story, policy):
        yield one.kind.value, one.number, one.what, one.due_on, one.route, one.since, one.until, *held


def deadlines(story: Story, policy: Policy) -> Iterator[Deadline]:
    """Every day that the case has before it, or has let pass. A case whose supervision has ended has none."""
    if story.opened is None or (story.supervised and story.supervised[-1].until is not None):
        return
    yield from _responsibility(story, policy)
    if story.supervised:
        yield from _contact(story, policy)
        yield from _appointments(story, policy)
        yield from _enforcement(story, policy)
        yield from _risk(story, policy)
        yield from _plan(story, policy)
        yield from _unpaid_work(story, policy)
        yield from _sentence(story)


def _responsibility(story: Story, policy: Policy) -> Iterator[Deadline]:
    holder = story.holders[-1] if story.holders else None
    if holder is not None and holder.practitioner == UNALLOCATED:
        days = policy.slipping.officer_within_working_days
        yield Deadline(Kind.NOBODY, add_working_days(local_day(holder.since), days, policy.bank_holidays))
    known = local_day(story.history[-1].recorded_at)
    for one in cover.covers(story):
        if one.held_until >= known:
            yield Deadline(Kind.COVER_ENDS, one.held_until, one.number, one.reason)


# ---- Contact ---------------------------------------------------------------------------------------------------------


def _contact(story: Story, policy: Policy) -> Iterator[Deadline]:
    """What is asked for on days on which the person could be seen, and so of nobody who is in custody or away."""
    if story.once(at_present.phase) not in at_present.SEEABLE:
        return
    last, seen = story.once(at_present.last_contacts, policy)
    commenced = story.once(at_present.commenced_on)
    since = local_day(seen) if seen else commenced
    if since is not None:
        yield Deadline(Kind.UNSEEN, since + timedelta(days=policy.agenda.unseen_days))
    exposed = story.exposed[-1] if story.exposed else None
    if exposed is not None and exposed.until is None:
        yield from _as_planned(story, policy, max(local_day(last), exposed.since) if last else exposed.since)
    arranged = [local_day(d.starts_at) for d in story.diary if not d.cancelled]
    nothing_after = max([*arranged, *([commenced] if commenced else [])], default=None)
    if nothing_after is not None:
        yield Deadline(Kind.NO_APPOINTMENT, nothing_after + timedelta(days=policy.slipping.appointment_within_days))


def _as_planned(story: Story, policy: Policy, since: date) -> Iterator[Deadline]:
    """By when there is contact again, under the pattern of now and under those that are to follow it."""
    patterns = plans.patterns(story)
    known = local_day(story.history[-1].recorded_at)
    for i, pattern in enumerate(patterns):
        until = patterns[i + 1].from_on if i + 1 < len(patterns) else NEVER
        due = max(since, pattern.from_on) + timedelta(days=pattern.every_days + policy.slipping.pattern_spare_days)
        if known < until and due < until:
            yield Deadline(Kind.NO_CONTACT, due, pattern.number, said(EVERY, days=pattern.every_days), until=until)


def _appointments(story: Story, policy: Policy) -> Iterator[Deadline]:
    waiting = story.once(awaited)
    for d in waiting:
        due = add_working_days(local_day(d.starts_at), policy.recording.within_working_days, policy.bank_holidays)
        yield Deadline(Kind.OUTCOME, due, d.number)
    began = story.supervised[-1].since
    if waiting and not any(met(c.facts) and c.day >= began for c in story.contacts):
        first = min(waiting, key=lambda d: (d.starts_at, d.number))
        yield Deadline(Kind.FIRST_APPOINTMENT, local_day(first.starts_at), first.number)


# ---- Enforcement -----------------------------------------------------------------------------------------------------

_STEPS = {Step.DECIDE: Kind.DECIDE, Step.REFER: Kind.REFER, Step.REFER_AGAIN: Kind.REFER_AGAIN, Step.PRESENT: Kind.PRESENT}


def _enforcement(story: Story, policy: Policy) -> Iterator[Deadline]:
    """Of each step the first, as long as its failure is in the window; then the next."""
    found = sorted((clock for clock in story.once(compliance.dues, policy) if clock.step in _STEPS), key=lambda clock: clock.step)
    for route in Route:
        for step, clocks in groupby(found, key=lambda clock: clock.step):
            free = ALWAYS
            for due, number in sorted((clock.due_on(route), clock.number) for clock in clocks):
                until = add_months(due, policy.enforcement.window_months)
                if until > free:
                    yield Deadline(_STEPS[step], due, number, route=_ROUTES[route], since=free, until=until)
                free = max(free, until)


# ---- Risk and the plan -----------------------------------------------------------------------------------------------

_RISK = {
    "registers": Kind.REGISTRATION,
    "risk": Kind.AFTER_EVENT,
    "risk_review": Kind.REFERRAL,
    "safeguarding": Kind.CHECK,
    "serious_further_offence": Kind.OFFENCE,
}
"""By the group of the policy that the limit stands in."""


def _risk(story: Story, policy: Policy) -> Iterator[Deadline]:
    level, seen = story.once(at_present.latest_rosh), story.once(risk.picture, policy)
    if level is not None:
        yield Deadline(Kind.ROSH_REVIEW, level.review_due_on)
    elif commenced := story.once(at_present.commenced_on):
        due = add_working_days(commenced, policy.slipping.rosh_within_working_days, policy.bank_holidays)
        yield Deadline(Kind.NOT_ASSESSED, due)
    if seen.high_since is not None:
        yield Deadline(Kind.HIGH_IN_CRC, seen.high_since, route=CRC)
    for item in risk_due.dues(seen, policy, ended=False):
        yield Deadline(_RISK[item.rule.partition(".")[0]], item.due_on, item.number, item.what)


def _plan(story: Story, policy: Policy) -> Iterator[Deadline]:
    clock = story.once(plans.clock, policy)
    if clock.completed:
        if clock.review_due_on is not None:
            yield Deadline(Kind.PLAN_REVIEW, clock.review_due_on, clock.completed)
    elif clock.due_on is not None:
        yield Deadline(Kind.NO_PLAN, clock.due_on)


# ---- Unpaid work and the sentence ------------------------------------------------------------------------------------


def _unpaid_work(story: Story, policy: Policy) -> Iterator[Deadline]:
    for state in works(story):
        for item in upw_due.pressing(state, policy):
            yield Deadline(_work_kind(item.rule, bool(state.instructions)), item.on, state.number, item.what)


def _work_kind(rule: str, instructed: bool) -> Kind:
    if rule == "months_to_work":
        return Kind.HOURS
    if rule == "worked_within_working_days":
        return Kind.FIRST_SESSION if instructed else Kind.NOT_INSTRUCTED
    return Kind.UPW_REVIEW


def _sentence(story: Story) -> Iterator[Deadline]:
    """When the present phase of each sentence is expected to end; of one that was recalled nobody knows it."""
    for number, line in story.stages.items():
        now = line[-1]
        if now.ends_on is not None and now.phase not in (Phase.ENDED, Phase.RECALLED):
            yield Deadline(Kind.CUSTODY_ENDS if now.phase is Phase.CUSTODY else Kind.ENDS, now.ends_on, number)
