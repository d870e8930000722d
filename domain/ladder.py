"""The ladder of enforcement: what the rules make possible next, by when, and why; which step is taken stays the officer's judgement.

Nothing here depends on today. A finding has a day it is due; whether that is late is for whoever looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

import msgspec

from domain.breach import OVER, Breach, Route, State, breaches, since_the_court
from domain.enforcement import ACTIONS, EnforcementActionTaken, WarningGiven, warned_before, warnings
from domain.event import Event
from domain.evidence import NEVER, Failure, Stand, failures
from domain.policy import Policy
from domain.recall import recalls
from domain.words import said
from domain.working_days import add_working_days, local_day

History: TypeAlias = Sequence[tuple[int, Event]]


class Step(StrEnum):
    """What a finding leads to, the most pressing first."""

    REFER = said("start breach")
    REFER_AGAIN = said("refer again")
    PRESENT = said("present to court")
    REVIEW = said("look at the breach again")
    DECIDE = said("decide on the reason")
    RECALL = said("record the decision on recall")
    FOLLOW_UP = said("follow up")
    WARN = said("send a warning")
    OUTCOME = said("record the outcome of the breach")


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A step, in the rule's words, about these entries, by a day if the rule sets one.

    `rule` names the value of the policy file that the finding rests on, with its source and mark.
    """

    step: Step
    words: str
    about: tuple[int, ...]
    due_on: date | None = None
    rule: str = ""

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


class Enforced(msgspec.Struct, frozen=True):
    """How enforcement stands in a case."""

    failures: Sequence[Failure]
    warnings: Sequence[WarningGiven]
    breaches: Sequence[Breach]
    findings: Sequence[Finding]
    licence: bool = False

    @property
    def breach(self) -> Breach | None:
        """The breach that is under way."""
        return self.breaches[-1] if self.breaches and self.breaches[-1].state not in OVER else None


def enforced(
    entries: Iterable[tuple[int, Event]],
    policy: Policy,
    *,
    route: Route,
    licence: bool = False,
    corrected_on: Mapping[int, date] = NEVER,
) -> Enforced:
    """How enforcement stands, from the entries as they stand. `route` is that of the service which holds the case; `licence` when the
    person is under licence alone, to which the ladder of community orders does not apply; for `corrected_on` see `failures`."""
    history = list(entries)
    found, given, taken = failures(history, policy, corrected_on), warnings(history), breaches(history)
    findings = [
        *_of_breach(taken, found, policy),
        *_of_failures(history, found, given, taken, policy, route, licence),
        *_of_recall(history),
    ]
    order = list(Step)
    findings.sort(key=lambda finding: (order.index(finding.step), finding.due_on or date.max))
    return Enforced(found, given, taken, findings, licence)


def answered(history: History, found: Sequence[Failure], given: Sequence[WarningGiven], taken: Sequence[Breach]) -> set[int]:
    """The failures about which something was done: a warning that stands, another action that settles, a breach or a recall.

    A breach answers every failure before it was referred, whether it rests on it or not: the step that the rules lead to was taken.
    """
    done = {number for warning in given for number in warning.failures}
    for _, event in history:
        if isinstance(event, EnforcementActionTaken) and event.action in ACTIONS and ACTIONS[event.action].does == "settles":
            done |= set(event.failures)
    for breach in taken:
        if breach.state is not State.WITHDRAWN:
            done |= set(breach.failures) | {failure.number for failure in found if failure.occurred_at < breach.referred_at}
    for recall in recalls(history):
        done |= set(recall.requested.failures)
    return done


def _of_failures(
    history: History,
    found: Sequence[Failure],
    given: Sequence[WarningGiven],
    taken: Sequence[Breach],
    policy: Policy,
    route: Route,
    licence: bool,
) -> list[Finding]:
    done = answered(history, found, given, taken)
    under_way = bool(taken) and taken[-1].state not in OVER
    live = since_the_court(found, taken)
    findings = []
    for failure in live:
        if failure.stand is Stand.AWAITED:
            findings.append(_awaited(failure))
        elif failure.stand is Stand.COUNTS and failure.number not in done and under_way:
            findings.append(_further(failure, policy))
        elif failure.stand is Stand.COUNTS and failure.number not in done:
            warning = None if licence else warned_before(failure, live, given, policy)
            findings.append(_second(failure, warning, policy, route) if warning else _first(failure, policy, licence))
    return findings


def next_leads_to(stands: Enforced, at: datetime, policy: Policy) -> Step:
    """What one more unacceptable failure, at this moment, would lead to: told where somebody decides what to call it."""
    if stands.licence:
        return Step.FOLLOW_UP
    another = Failure(0, at, "", Stand.COUNTS, local_day(at))
    return Step.REFER if warned_before(another, since_the_court(stands.failures, stands.breaches), stands.warnings, policy) else Step.WARN


def _awaited(failure: Failure) -> Finding:
    until = failure.awaited_until or failure.on
    words = said(
        "A reason for the failure of {day} is awaited until {until}. Then decide whether it is accepted.", day=failure.on, until=until
    )
    return Finding(Step.DECIDE, words, (failure.number,), until, "enforcement.evidence_days")


def _first(failure: Failure, policy: Policy, licence: bool) -> Finding:
    due = add_working_days(failure.aware_on, policy.enforcement.follow_up_working_days, policy.bank_holidays)
    rule = "enforcement.follow_up_working_days"
    if licence:
        words = said(
            "An unacceptable failure on {day} under licence: decide what follows, a warning or a request for recall.", day=failure.on
        )
        return Finding(Step.FOLLOW_UP, words, (failure.number,), due, rule)
    words = said(
        "An unacceptable failure on {day} and no warning in the {months} months before it: send a warning, or start breach.",
        day=failure.on,
        months=policy.enforcement.window_months,
    )
    return Finding(Step.WARN, words, (failure.number,), due, rule)


def _further(failure: Failure, policy: Policy) -> Finding:
    words = said("An unacceptable failure on {day} while a breach is under way: tell those who take it to court.", day=failure.on)
    due = add_working_days(failure.aware_on, policy.enforcement.follow_up_working_days, policy.bank_holidays)
    return Finding(Step.FOLLOW_UP, words, (failure.number,), due, "enforcement.follow_up_working_days")


def _second(failure: Failure, warning: WarningGiven, policy: Policy, route: Route) -> Finding:
    rules = policy.enforcement
    days, rule, what = (
        (rules.crc_referral_working_days, "enforcement.crc_referral_working_days", said("refer the breach to the NPS"))
        if route is Route.CRC
        else (rules.nps_presentation_working_days, "enforcement.nps_presentation_working_days", said("present the breach to court"))
    )
    words = said(
        "An unacceptable failure on {day} within {months} months of the warning of {warned}: {what}.",
        day=failure.on,
        months=rules.window_months,
        warned=local_day(warning.occurred_at),
        what=what,
    )
    due = add_working_days(failure.aware_on, days, policy.bank_holidays)
    return Finding(Step.REFER, words, (failure.number, warning.number), due, rule)


def _of_breach(taken: Sequence[Breach], found: Sequence[Failure], policy: Policy) -> list[Finding]:
    """The clocks of the breach that is under way."""
    breach = taken[-1] if taken else None
    if breach is None or breach.state in OVER:
        return []
    findings = [_next_of(breach, policy)]
    counting = {failure.number for failure in found if failure.stand is Stand.COUNTS}
    if not set(breach.failures) <= counting:
        words = said(
            "The breach rests on a failure whose reason has since been accepted, or whose entry was changed: go on or withdraw it."
        )
        findings.append(Finding(Step.REVIEW, words, (breach.number,)))
    return findings


def _next_of(breach: Breach, policy: Policy) -> Finding:
    rules, holidays, about = policy.enforcement, policy.bank_holidays, (breach.number,)
    aware, referred = breach.became_aware_on, local_day(breach.referred_at)
    if breach.state is State.PRESENTED:
        return Finding(Step.OUTCOME, said("The breach is before the court: record how it is dealt with."), about)
    if breach.state is State.RETURNED:
        words = said("The referral was returned: mend it and refer it again, or withdraw it.")
        due = add_working_days(aware, rules.crc_referral_working_days, holidays)
        return Finding(Step.REFER_AGAIN, words, about, due, "enforcement.crc_referral_working_days")
    if breach.route is Route.NPS:
        due = add_working_days(aware, rules.nps_presentation_working_days, holidays)
        words = said("The NPS became aware of the breach on {day}: it is to be presented to court.", day=aware)
        return Finding(Step.PRESENT, words, about, due, "enforcement.nps_presentation_working_days")
    due = add_working_days(referred, rules.nps_referral_working_days, holidays)
    words = said("The breach was referred to the NPS on {day}: it is to be presented to court.", day=referred)
    return Finding(Step.PRESENT, words, about, due, "enforcement.nps_referral_working_days")


def _of_recall(history: History) -> list[Finding]:
    waiting = [recall for recall in recalls(history) if not recall.decided]
    return [Finding(Step.RECALL, said("Recall has been requested: record what was decided."), (recall.number,)) for recall in waiting]
