"""Safeguarding checks: what was asked of the police, children's services or adult services, and what came back.

Two moments, as in NDelius (check, response received) [V: make-recall-decision contact types SFGC and SFRR]. A check that is not
answered is the failing that inspectors reported, so an unanswered one stays in sight until its answer is recorded.
"""

from datetime import date, datetime
from enum import StrEnum

from domain.case import Case, must_exist, must_have_been_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.policy import Policy
from domain.remembered import Check
from domain.words import said
from domain.working_days import add_working_days, local_day


class Agency(StrEnum):
    POLICE = said("police")
    CHILDREN = said("children’s services")
    ADULTS = said("adult services")


class CheckResult(StrEnum):
    NOTHING_KNOWN = said("nothing known")
    INFORMATION = said("information given")


class SafeguardingCheckRequested(Event, frozen=True, tag="safeguarding-check-requested"):
    agency: Agency
    note: Personal = ""


class SafeguardingResponseReceived(Event, frozen=True, tag="safeguarding-response-received"):
    check: int
    result: CheckResult
    note: Personal = ""


@remembers(SafeguardingCheckRequested)
def _requested(case: Case, number: int, event: SafeguardingCheckRequested) -> None:
    case.checks[number] = Check(event.agency.value, event.occurred_at)


@remembers(SafeguardingResponseReceived)
def _received(case: Case, number: int, event: SafeguardingResponseReceived) -> None:
    case.checks.pop(event.check, None)


def response_due(policy: Policy, requested_at: datetime) -> date:
    """The day by which an answer is expected; after it, the check is chased."""
    return add_working_days(local_day(requested_at), policy.safeguarding.response_working_days, policy.bank_holidays)


def request_checks(
    case: Case, *, now: datetime, by: str, agencies: tuple[Agency, ...], note: str = "", requested_at: datetime | None = None
) -> list[Event]:
    """Ask agencies what they know; one question to each awaits an answer at a time."""
    happened = requested_at or now
    must_have_been_open(case, happened)
    must_have_happened(happened, now, "requested_at")
    if not agencies:
        raise Refused(said("Select whom you have asked."), "agencies")
    awaited = {check.agency for check in case.checks.values()}
    if again := [agency for agency in agencies if agency in awaited]:
        raise Refused(said("An answer from {agency} is awaited already.", agency=again[0]), "agencies")
    return [SafeguardingCheckRequested(occurred_at=happened, by=by, agency=agency, note=note) for agency in dict.fromkeys(agencies)]


def receive_response(
    case: Case, *, now: datetime, by: str, check: int, result: CheckResult, note: str = "", received_at: datetime | None = None
) -> list[Event]:
    """Record the answer to a check; it may come after supervision has ended."""
    must_exist(case)
    asked = case.checks.get(check)
    if asked is None:
        raise Refused(said("There is no such check that awaits an answer."))
    happened = received_at or now
    must_have_happened(happened, now, "received_at")
    if local_day(happened) < local_day(asked.requested_at):
        raise Refused(said("The answer cannot be before the question."), "received_at")
    if result is CheckResult.INFORMATION and not note.strip():
        raise Refused(said("Enter what the agency said."), "note")
    return [SafeguardingResponseReceived(occurred_at=happened, by=by, check=check, result=result, note=note)]
