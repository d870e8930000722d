"""What is to be done in an officer's cases: each thing in words, by when, the one link that does it, and whether it can be snoozed."""

from datetime import date
from enum import StrEnum

import msgspec

from domain.ladder import Step
from domain.remembered import TransferState
from domain.snooze import Item
from domain.words import said, within
from domain.working_days import local_day
from projections.caseload import ListedCase
from projections.compliance import Clock
from projections.due import Due, Why
from projections.transfers import TransferRow
from web.language import gettext, in_language
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
    Step.REFER.value: (said("Breach to be started"), "/breach/new", said("Start breach")),
    Step.REFER_AGAIN.value: (said("Returned breach to be referred again"), "/breach/new", said("Refer it again")),
    Step.PRESENT.value: (said("Breach to be presented to court"), "/breach/present", said("Record that it was presented")),
    Step.DECIDE.value: (said("Reason for a failure awaited"), "/failures/{number}/decision", said("Decide on the reason")),
}
"""What each enforcement clock is about, and where the officer goes to stop it."""


def of_clock(clock: Clock, today: date) -> Thing:
    what, way, link = STEPS[clock.step]
    words = _when(said("%(what)s, was due %(day)s"), said("%(what)s, by %(day)s"), clock.due_on, today, what=in_language(what))
    href = f"/cases/{clock.crn}{way.format(number=clock.number)}"
    return Thing(words, Rank.ENFORCEMENT, href, in_language(link), clock.due_on, clock.due_on < today)


def of_transfer(row: TransferRow, today: date) -> Thing | None:
    """What a transfer under way wants of the officer; the rest of it is the managers'."""
    if row.state == TransferState.ACCEPTED and not row.handed_over:
        asked = local_day(row.asked_at)
        words = gettext("Handover meeting to hold: transfer asked for on %(day)s", day=short(asked, today))
        return Thing(words, Rank.REST, f"/cases/{row.crn}/handover", gettext("Record the handover"), item=Item.HANDOVER, rests_on=asked)
    if row.state == TransferState.QUERIED:
        words = gettext("The other team asks for more about the transfer")
        return Thing(words, Rank.REST, f"/cases/{row.crn}/transfer", gettext("See what they ask"))
    return None


def of_case(due: Due, today: date, reader: str) -> list[Thing]:
    """Why a case is due, each reason as something to be done, said to whoever reads it."""
    return [_of_reason(why, due.case, today, reader) for why in due.reasons]


def _of_reason(why: Why, case: ListedCase, today: date, reader: str) -> Thing:
    to = f"/cases/{case.crn}"
    match why:
        case Why.HIGH_IN_CRC:
            words = gettext("High RoSH with a CRC since %(day)s", day=short(case.high_since, today))
            return Thing(words, Rank.RISK, f"{to}/risk", gettext("See the risk"), is_late=True)
        case Why.RISK_OVERDUE | Why.RISK_SOON:
            on = case.risk_due_on
            words = f"{in_language(case.risk_due)}, {short(on, today)}"
            return Thing(words, Rank.RISK, f"{to}/risk", gettext("See the risk"), on, _past(on, today))
        case Why.NOT_ASSESSED:
            return Thing(gettext("No RoSH assessment yet"), Rank.RISK, f"{to}/rosh", gettext("Assess RoSH"), is_late=True)
        case Why.REVIEW_OVERDUE | Why.REVIEW_SOON:
            on = case.rosh_due_on
            words = _when(said("RoSH review was due %(day)s"), said("RoSH review due %(day)s"), on, today)
            return Thing(words, Rank.RISK, f"{to}/rosh", gettext("Assess RoSH"), on, _past(on, today), Item.ROSH_REVIEW, on)
        case Why.PLAN_OVERDUE | Why.PLAN_SOON:
            on = case.plan_due_on
            words = _of_plan(case, on, today)
            return Thing(words, Rank.REST, f"{to}/plan", gettext("Open the plan"), on, _past(on, today), Item.PLAN, on)
        case Why.UPW_OVERDUE | Why.UPW_SOON:
            on = case.upw_due_on
            late, due = said("Unpaid work: %(what)s was due %(day)s"), said("Unpaid work: %(what)s due %(day)s")
            words = _when(late, due, on, today, what=within(in_language(case.upw_due)))
            return Thing(words, Rank.REST, f"{to}/unpaid-work", gettext("Open the unpaid work"), on, _past(on, today))
        case _:
            return _of_seeing(why, case, today, reader)


def _of_plan(case: ListedCase, on: date | None, today: date) -> str:
    if case.plan_completed_on:
        return _when(said("Plan review was due %(day)s"), said("Plan review due %(day)s"), on, today)
    return _when(said("Plan was due %(day)s"), said("Plan due %(day)s"), on, today)


def _of_seeing(why: Why, case: ListedCase, today: date, reader: str) -> Thing:
    """Reasons about when the person was or will be seen, and for how long supervision goes on."""
    arrange = f"/cases/{case.crn}/appointments/new", gettext("Arrange an appointment")
    link = arrange if case.next_at is None else ("", "")
    match why:
        case Why.NOT_SEEN:
            held = local_day(case.held_since) if case.held_since else None
            words = gettext("With %(officer)s since %(day)s, not seen yet", officer=case.officer, day=short(held, today))
            if case.practitioner == reader:
                words = gettext("Yours since %(day)s, not seen by you yet", day=short(held, today))
            return Thing(words, Rank.REST, *link, item=Item.FIRST_MEETING, rests_on=held)
        case Why.UNSEEN if case.last_seen_at:
            seen = local_day(case.last_seen_at)
            words = gettext("Not seen face to face since %(day)s", day=short(seen, today))
            return Thing(words, Rank.REST, *link, is_late=True, item=Item.NOT_SEEN, rests_on=seen)
        case Why.UNSEEN:
            began = short(case.commenced_on, today)
            words = gettext("Never seen face to face since supervision began on %(day)s", day=began)
            return Thing(words, Rank.REST, *link, is_late=True, item=Item.NOT_SEEN, rests_on=case.commenced_on)
        case Why.NO_APPOINTMENT:
            return Thing(gettext("No next appointment"), Rank.REST, *arrange, item=Item.NEXT_APPOINTMENT)
        case _:
            on = case.expected_end_on
            words = _when(said("Supervision was expected to end %(day)s"), said("Supervision ends %(day)s"), on, today)
            see = gettext("See the sentence")
            return Thing(words, Rank.REST, f"/cases/{case.crn}/sentence", see, on, _past(on, today), Item.ENDING, on)


def short(on: date | None, today: date) -> str:
    """22 Oct; with its year when that is another year than this."""
    words = short_day(on)
    return words.removesuffix(f" {today.year}") if on else words


def _past(on: date | None, today: date) -> bool:
    return on is not None and on < today


def _when(late: str, due: str, on: date | None, today: date, **parts: str) -> str:
    """One sentence of what is late, another of what is to come, each with the day in it."""
    return gettext(late if _past(on, today) else due, day=short(on, today), **parts)
