"""The clocks of the service levels in one case: when each began to run, when it ran out, and what met it."""

from collections.abc import Iterator
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

import msgspec

from domain.appointment import AppointmentCancelled, AppointmentRearranged, AskedBy
from domain.breach import BreachConcluded, BreachPresented, BreachReferred, BreachReturned, BreachWithdrawn, Route, State, breaches
from domain.event import Event
from domain.outcome import OUTCOMES
from domain.phase import Released
from domain.plan import PlanCompleted
from domain.policy import Policy
from domain.sentence import SentenceEnded, SentenceKind, SentenceStarted
from domain.words import said
from domain.working_days import add_working_days, local_day
from projections.holder import Holder
from projections.lasting import Lasting, limit
from projections.story import Story

ORDERS = frozenset({SentenceKind.COMMUNITY_ORDER, SentenceKind.SUSPENDED_SENTENCE_ORDER})
DECIDED_AT_COURT = ORDERS | {SentenceKind.CUSTODIAL, SentenceKind.SUPERVISION_DEFAULT_ORDER}


class Offer(msgspec.Struct, frozen=True, gc=False):
    """An appointment as it was offered: `on` is the day arranged for, which only the service's own wish moves."""

    number: int
    on: date
    starts_at: datetime
    mode: str
    practitioner: str
    one_to_one: bool
    attended: bool | None
    called_off: bool


def offers(story: Story, policy: Policy) -> list[Offer]:
    """Every appointment in person or by video, in the order of the days for which they were arranged."""
    moved: dict[int, datetime] = {}
    for r in story.of(AppointmentRearranged):
        if r.reads.asked_by is AskedBy.SERVICE:
            moved[r.reads.appointment] = r.reads.starts_at
    off = {s.reads.appointment for s in story.of(AppointmentCancelled) if s.reads.asked_by is AskedBy.SERVICE}
    modes = policy.service_levels.first_appointment_modes | policy.service_levels.face_to_face_modes
    found = []
    for d in story.diary:
        how = d.arranged
        if how.mode not in modes:
            continue
        at = moved.get(d.number, how.starts_at)
        outcome = OUTCOMES.get(d.outcome.outcome) if d.outcome else None
        called_off = d.number in off or bool(outcome and outcome.lost_by == "provider" and not outcome.attended)
        attended = outcome.attended if outcome else False if d.cancelled else None
        found.append(Offer(d.number, local_day(at), d.starts_at, how.mode, how.practitioner, how.one_to_one, attended, called_off))
    return sorted(found, key=attrgetter("on", "number"))


def _ended_before(story: Story, sentence: int, due: date, met: tuple[date, int] | None) -> str:
    """Why a clock of a sentence that ended before it ran out does not count."""
    ended = next((local_day(s.reads.occurred_at) for s in story.of(SentenceEnded) if s.reads.sentence == sentence), None)
    return said("The sentence ended before the limit") if met is None and ended is not None and ended <= due else ""


def _holder_from(story: Story, instant: datetime) -> Holder | None:
    """Who held the case then or, if nobody did, who was the first to hold it afterwards."""
    return story.holder_at(instant) or next((h for h in story.holders if h.since > instant), None)


# ---- Allocation and the first appointment ------------------------------------------------------------------------------


def allocation(story: Story, policy: Policy) -> Iterator[Lasting]:
    """After each sentence in a case that nobody held yet."""
    for s in story.of(SentenceStarted):
        if s.reads.kind not in DECIDED_AT_COURT:
            continue
        at, on = s.reads.occurred_at, local_day(s.reads.occurred_at)
        due = add_working_days(on, policy.allocation.decided_within_working_days, policy.bank_holidays)
        holder = _holder_from(story, at)
        before = holder is not None and local_day(holder.since) < on
        met = (local_day(holder.since), holder.number) if holder and not before else None
        left_out = said("The case was allocated before this sentence") if before else _ended_before(story, s.number, due, met)
        yield limit(s.number, on, due, met, said("Allocated to a team"), holder, policy, left_out)


def first_appointment(story: Story, policy: Policy) -> Iterator[Lasting]:
    """After each order in the community."""
    for s in story.of(SentenceStarted):
        holder = _holder_from(story, s.reads.occurred_at)
        if s.reads.kind not in ORDERS or holder is None:
            continue
        sentenced = local_day(s.reads.occurred_at)
        started = max(sentenced, local_day(holder.since))
        due = add_working_days(started, policy.service_levels.first_appointment_working_days, policy.bank_holidays)
        met = _first_offer(story, sentenced, policy)
        left_out = _ended_before(story, s.number, due, met)
        yield limit(s.number, started, due, met, said("Appointment arranged"), holder, policy, left_out)


def after_release(story: Story, policy: Policy) -> Iterator[Lasting]:
    """After each release, and each licence that begins the record."""
    found = [(s.number, s.number, s.reads.occurred_at) for s in story.of(SentenceStarted) if s.reads.kind is SentenceKind.LICENCE]
    found += [(s.number, s.reads.sentence, s.reads.occurred_at) for s in story.of(Released)]
    for number, sentence, at in sorted(found):
        started = local_day(at)
        due = add_working_days(started, policy.service_levels.after_release_working_days, policy.bank_holidays)
        met = _first_offer(story, started, policy)
        left_out = _ended_before(story, sentence, due, met)
        yield limit(number, started, due, met, said("Appointment arranged"), _holder_from(story, at), policy, left_out)


def _first_offer(story: Story, since: date, policy: Policy) -> tuple[date, int] | None:
    """The first appointment in person or by video that the service did not call off; whether it was kept does not matter."""
    modes = policy.service_levels.first_appointment_modes
    return next(((o.on, o.number) for o in story.once(offers, policy) if o.on >= since and o.mode in modes and not o.called_off), None)


# ---- The plan ----------------------------------------------------------------------------------------------------------


def plan(story: Story, policy: Policy) -> Iterator[Lasting]:
    """One clock for each unbroken time of supervision in which an appointment was kept."""
    for span in story.supervised:
        kept = next((c for c in story.contacts if c.planned and c.attended and c.day >= span.since), None)
        if kept is None or (span.until is not None and kept.day >= span.until):
            continue
        due = add_working_days(kept.day, policy.plan.due_working_days, policy.bank_holidays)
        completed = [(local_day(s.reads.occurred_at), s.number) for s in story.of(PlanCompleted) if not s.withdrawn_by]
        met = next(((on, n) for on, n in completed if on >= span.since and (span.until is None or on <= span.until)), None)
        ended = met is None and span.until is not None and span.until <= due
        left_out = said("Supervision ended before the limit") if ended else ""
        yield limit(kept.number, kept.day, due, met, said("Plan completed"), kept.holder, policy, left_out)


# ---- Breach ------------------------------------------------------------------------------------------------------------


class BreachLimits(NamedTuple):
    """The limits of breach in a case, by whose they are."""

    crc_referral: list[Lasting]
    presented_for_crc: list[Lasting]
    presented: list[Lasting]


def breach_limits(story: Story, policy: Policy) -> BreachLimits:
    found = BreachLimits([], [], [])
    kinds: tuple[type[Event], ...] = (BreachReferred, BreachReturned, BreachPresented, BreachWithdrawn, BreachConcluded)
    if not story.of(BreachReferred):
        return found
    steps = sorted(((s.number, s.reads) for kind in kinds for s in story.of(kind)), key=lambda step: step[0])
    told = dict(steps)
    limits = policy.enforcement
    for breach in breaches(steps):
        referred = local_day(told[breach.number].occurred_at)
        holder = _holder_from(story, told[breach.number].occurred_at)
        presented = next(((local_day(told[n].occurred_at), n) for n in breach.entries if isinstance(told[n], BreachPresented)), None)
        withdrawn = said("It was withdrawn before it was presented") if presented is None and breach.state is State.WITHDRAWN else ""
        if breach.route is Route.CRC:
            aware, days = breach.became_aware_on, limits.crc_referral_working_days
            due = add_working_days(aware, days, policy.bank_holidays)
            found.crc_referral.append(
                limit(breach.number, aware, due, (referred, breach.number), said("Referred to the NPS"), holder, policy)
            )
            started, days, into = local_day(breach.referred_at), limits.nps_referral_working_days, found.presented_for_crc
            withdrawn = said("The NPS returned the referral") if breach.state is State.RETURNED else withdrawn
        else:
            started, days, into = breach.became_aware_on, limits.nps_presentation_working_days, found.presented
        due = add_working_days(started, days, policy.bank_holidays)
        into.append(limit(breach.number, started, due, presented, said("Presented to court"), holder, policy, withdrawn))
    return found
