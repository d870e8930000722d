"""What is to be done in an officer's cases: each thing in words, by when, the one link that does it, and whether it can be snoozed."""

from datetime import date
from enum import StrEnum

import msgspec

from domain.ladder import Step
from domain.remembered import TransferState
from domain.snooze import Item
from domain.working_days import local_day
from projections.caseload import ListedCase
from projections.compliance import Clock
from projections.due import Due, Why
from projections.transfers import TransferRow
from web.words import short_day


class Rank(StrEnum):
    """What goes before what, whatever the day: limits set by law or for somebody's safety, then what is quick, then the rest."""

    ENFORCEMENT = "enforcement"
    RISK = "risk"
    OUTCOME = "outcome"
    REST = "rest"


class Thing(msgspec.Struct, frozen=True):
    """One thing to be done about a person: in words, by when, and the link that does it. `on` is the day it is due, if it has one.

    `item` names what may be snoozed, and `rests_on` the day that a snooze of it holds on to.
    """

    words: str
    rank: Rank
    href: str = ""
    link: str = ""
    on: date | None = None
    is_late: bool = False
    item: Item | None = None
    rests_on: date | None = None


STEPS: dict[str, tuple[str, str, str]] = {
    Step.REFER.value: ("Breach to be started", "/breach/new", "Start breach"),
    Step.REFER_AGAIN.value: ("Returned breach to be referred again", "/breach/new", "Refer it again"),
    Step.PRESENT.value: ("Breach to be presented to court", "/breach/present", "Record that it was presented"),
    Step.DECIDE.value: ("Reason for a failure awaited", "/failures/{number}/decision", "Decide on the reason"),
}
"""What each enforcement clock is about, and where the officer goes to stop it."""


def of_clock(clock: Clock, today: date) -> Thing:
    words, way, link = STEPS[clock.step]
    late, by = clock.due_on < today, "was due" if clock.due_on < today else "by"
    href = f"/cases/{clock.crn}{way.format(number=clock.number)}"
    return Thing(f"{words}, {by} {short(clock.due_on, today)}", Rank.ENFORCEMENT, href, link, clock.due_on, late)


def of_transfer(row: TransferRow, today: date) -> Thing | None:
    """What a transfer under way wants of the officer; the rest of it is the managers'."""
    if row.state == TransferState.ACCEPTED and not row.handed_over:
        asked = local_day(row.asked_at)
        words = f"Handover meeting to hold: transfer asked for on {short(asked, today)}"
        return Thing(words, Rank.REST, f"/cases/{row.crn}/handover", "Record the handover", item=Item.HANDOVER, rests_on=asked)
    if row.state == TransferState.QUERIED:
        return Thing("The other team asks for more about the transfer", Rank.REST, f"/cases/{row.crn}/transfer", "See what they ask")
    return None


def of_case(due: Due, today: date, reader: str) -> list[Thing]:
    """Why a case is due, each reason as something to be done, said to whoever reads it."""
    return [_of_reason(why, due.case, today, reader) for why in due.reasons]


def _of_reason(why: Why, case: ListedCase, today: date, reader: str) -> Thing:
    to = f"/cases/{case.crn}"
    match why:
        case Why.HIGH_IN_CRC:
            return Thing(
                f"High RoSH with a CRC since {short(case.high_since, today)}", Rank.RISK, f"{to}/risk", "See the risk", is_late=True
            )
        case Why.RISK_OVERDUE | Why.RISK_SOON:
            on = case.risk_due_on
            return Thing(f"{case.risk_due}, {short(on, today)}", Rank.RISK, f"{to}/risk", "See the risk", on, _past(on, today))
        case Why.NOT_ASSESSED:
            return Thing("No RoSH assessment yet", Rank.RISK, f"{to}/rosh", "Assess RoSH", is_late=True)
        case Why.REVIEW_OVERDUE | Why.REVIEW_SOON:
            on = case.rosh_due_on
            words = f"RoSH review {_when(on, today)}"
            return Thing(words, Rank.RISK, f"{to}/rosh", "Assess RoSH", on, _past(on, today), Item.ROSH_REVIEW, on)
        case Why.PLAN_OVERDUE | Why.PLAN_SOON:
            on = case.plan_due_on
            words = f"{'Plan review' if case.plan_completed_on else 'Plan'} {_when(on, today)}"
            return Thing(words, Rank.REST, f"{to}/plan", "Open the plan", on, _past(on, today), Item.PLAN, on)
        case Why.UPW_OVERDUE | Why.UPW_SOON:
            on = case.upw_due_on
            words = f"Unpaid work: {case.upw_due[:1].lower()}{case.upw_due[1:]} {_when(on, today)}"
            return Thing(words, Rank.REST, f"{to}/unpaid-work", "Open the unpaid work", on, _past(on, today))
        case _:
            return _of_seeing(why, case, today, reader)


def _of_seeing(why: Why, case: ListedCase, today: date, reader: str) -> Thing:
    """Reasons about when the person was or will be seen, and for how long supervision goes on."""
    arrange = f"/cases/{case.crn}/appointments/new", "Arrange an appointment"
    link = arrange if case.next_at is None else ("", "")
    match why:
        case Why.NOT_SEEN:
            held = local_day(case.held_since) if case.held_since else None
            mine = case.practitioner == reader
            whose = ("Yours", "by you ") if mine else (f"With {case.officer}", "")
            words = f"{whose[0]} since {short(held, today)}, not seen {whose[1]}yet"
            return Thing(words, Rank.REST, *link, item=Item.FIRST_MEETING, rests_on=held)
        case Why.UNSEEN if case.last_seen_at:
            seen = local_day(case.last_seen_at)
            words = f"Not seen face to face since {short(seen, today)}"
            return Thing(words, Rank.REST, *link, is_late=True, item=Item.NOT_SEEN, rests_on=seen)
        case Why.UNSEEN:
            words = f"Never seen face to face since supervision began on {short(case.commenced_on, today)}"
            return Thing(words, Rank.REST, *link, is_late=True, item=Item.NOT_SEEN, rests_on=case.commenced_on)
        case Why.NO_APPOINTMENT:
            return Thing("No next appointment", Rank.REST, *arrange, item=Item.NEXT_APPOINTMENT)
        case _:
            on = case.expected_end_on
            words = f"Supervision {'was expected to end' if _past(on, today) else 'ends'} {short(on, today)}"
            return Thing(words, Rank.REST, f"/cases/{case.crn}/sentence", "See the sentence", on, _past(on, today), Item.ENDING, on)


def short(on: date | None, today: date) -> str:
    """22 Oct; with its year when that is another year than this."""
    words = short_day(on)
    return words.removesuffix(f" {today.year}") if on else words


def _past(on: date | None, today: date) -> bool:
    return on is not None and on < today


def _when(on: date | None, today: date) -> str:
    return f"{'was due' if _past(on, today) else 'due'} {short(on, today)}"
