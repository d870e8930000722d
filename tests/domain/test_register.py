"""Registers: a case is on each once, MAPPA has a level and a category, and each registration is looked at again in time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.case import Case
from domain.register import (
    MAPPA,
    REGISTERS,
    Deregistered,
    MappaCategory,
    MappaLevel,
    Registered,
    RegisterGroup,
    RegistrationReviewed,
    deregister,
    latest_review,
    register,
    review_registration,
)
from tests.rules import NEXT, NOW, POLICY, YESTERDAY, Given, closed, did, supervised

AS_MAPPA: dict[str, Any] = {"register": MAPPA, "level": MappaLevel.TWO, "category": MappaCategory.ONE}
ON = did(register, at=YESTERDAY)
NONE_SUCH = "There is no such registration, or it has ended."
MONTHS = {
    **dict.fromkeys(("MAPP", "ARSO", "ANSO", "STRG", "CSEP", "RCPR", "RCCO", "RCHD", "ADVP", "IMAR", "WEAP", "RRR", "WRSM", "ASFO"), 3),
    **dict.fromkeys(("INVI", "IKII"), 3),
    **dict.fromkeys(("RTAO", "IIOM", "APPO", "ADVV", "REG30", "RVAD", "REG22", "RVLN", "ALSH", "REG15", "REG16", "REG17", "AV2S"), 6),
    **dict.fromkeys(("INLL", "IKMF"), 12),
    "UPWS": 1,
}
"""Review periods of 2017, in months."""


def on_a_register(**details: Any) -> Given[Case]:
    return supervised(did(register, at=YESTERDAY, **details))


# The table -----------------------------------------------------------------------------------------------------------


def test_every_register_has_a_review_period_and_no_period_has_no_register() -> None:
    assert POLICY.registers.review_months == MONTHS
    assert set(MONTHS) == set(REGISTERS)


@pytest.mark.parametrize("code", REGISTERS)
def test_a_registration_is_due_again_after_its_register_s_period(code: str) -> None:
    details = AS_MAPPA if code == MAPPA else {"register": code}
    due = {1: date(2026, 4, 12), 3: date(2026, 6, 12), 6: date(2026, 9, 12), 12: date(2027, 3, 12)}[MONTHS[code]]
    event = supervised().when(register, **details).event
    assert isinstance(event, Registered)
    assert (event.register, event.review_due_on) == (code, due)
    assert latest_review(POLICY, code, NOW.date()) == due


@pytest.mark.parametrize("group", RegisterGroup)
def test_every_group_has_a_register(group: RegisterGroup) -> None:
    assert [row for row in REGISTERS.values() if row.group is group]


# Registering ---------------------------------------------------------------------------------------------------------


def test_a_case_is_put_on_a_register_with_a_note() -> None:
    event = supervised().when(register, note="Two children at the address.", registered_at=YESTERDAY).event
    assert (event.register, event.note, event.occurred_at, event.level, event.category) == (
        "RCPR",
        "Two children at the address.",
        YESTERDAY,
        None,
        None,
    )


def test_mappa_is_registered_with_its_level_and_category() -> None:
    event = supervised().when(register, **AS_MAPPA).event
    assert (event.level, event.category) == (MappaLevel.TWO, MappaCategory.ONE)


@pytest.mark.parametrize(
    ("details", "message", "field"),
    [
        ({"register": "RVHR"}, "Select the register.", "register"),
        ({"register": ""}, "Select the register.", "register"),
        ({**AS_MAPPA, "level": None}, "Select the MAPPA level.", "level"),
        ({**AS_MAPPA, "category": None}, "Select the MAPPA category.", "category"),
        ({"level": MappaLevel.ONE}, "Only MAPPA has a level and a category.", "level"),
        ({"category": MappaCategory.ONE}, "Only MAPPA has a level and a category.", "category"),
        ({"review_due_on": date(2026, 6, 13)}, "The review must be due by 12 June 2026.", "review_due_on"),
        ({"review_due_on": date(2026, 3, 12)}, "The review must be due by 12 June 2026.", "review_due_on"),
    ],
    ids=["a RoSH level", "none", "no level", "no category", "a level", "a category", "a day too late", "the same day"],
)
def test_what_does_not_fit_a_register_is_refused(details: dict[str, Any], message: str, field: str) -> None:
    supervised().when(register, **details).refused(message, field)


def test_a_case_is_on_a_register_once() -> None:
    on_a_register().when(register).refused("The case is on that register already. Review it instead.", "register")
    assert on_a_register().when(register, register="ADVP").events


def test_a_case_can_be_registered_again_after_the_registration_ended() -> None:
    assert supervised(ON, did(deregister, at=NOW)).when(register).events


@pytest.mark.parametrize("due", [date(2026, 3, 13), date(2026, 6, 12)], ids=["tomorrow", "the last day allowed"])
def test_a_sooner_review_may_be_set(due: date) -> None:
    assert supervised().when(register, review_due_on=due).event.review_due_on == due


# Reviewing -----------------------------------------------------------------------------------------------------------


def test_a_registration_that_stands_is_due_again_from_its_review() -> None:
    event = on_a_register().when(review_registration).event
    assert isinstance(event, RegistrationReviewed)
    assert (event.registration, event.review_due_on, event.note) == (NEXT, date(2026, 6, 12), "The children are still at risk.")


def test_the_mappa_level_may_change_at_a_review() -> None:
    case = on_a_register(**AS_MAPPA)
    event = case.when(review_registration, level=MappaLevel.THREE, category=MappaCategory.ONE).event
    assert event.level is MappaLevel.THREE
    case.when(review_registration).refused("Select the MAPPA level.", "level")


def test_a_review_says_why_the_registration_stands() -> None:
    on_a_register().when(review_registration, note=" ").refused("Enter why the registration stands.", "note")


def test_a_review_is_not_before_the_registration_or_its_last_review() -> None:
    early = "The review cannot be before the registration or its last review."
    on_a_register().when(review_registration, reviewed_at=YESTERDAY - timedelta(days=1)).refused(early, "reviewed_at")
    reviewed = supervised(did(register, at=YESTERDAY - timedelta(days=9)), did(review_registration, at=YESTERDAY))
    reviewed.when(review_registration, reviewed_at=YESTERDAY - timedelta(days=1)).refused(early, "reviewed_at")


def test_a_review_on_the_day_of_the_registration_is_taken_whatever_the_hour() -> None:
    assert on_a_register().when(review_registration, reviewed_at=datetime(2026, 3, 11, 9, tzinfo=UTC)).events


def test_a_review_too_far_ahead_is_refused() -> None:
    on_a_register().when(review_registration, review_due_on=date(2026, 6, 13)).refused(
        "The review must be due by 12 June 2026.", "review_due_on"
    )


# Ending --------------------------------------------------------------------------------------------------------------


def test_a_registration_ends_with_a_reason() -> None:
    event = on_a_register().when(deregister).event
    assert isinstance(event, Deregistered)
    assert (event.registration, event.reason) == (NEXT, "The plan for the children has ended.")


def test_a_registration_does_not_end_without_a_reason_or_before_it_began() -> None:
    on_a_register().when(deregister, reason="").refused("Enter why the registration ends.", "reason")
    on_a_register().when(deregister, ended_at=YESTERDAY - timedelta(days=1)).refused(
        "The registration cannot end before it was made or last reviewed.", "ended_at"
    )


@pytest.mark.parametrize("command", [review_registration, deregister], ids=["review", "end"])
def test_what_is_not_registered_is_neither_reviewed_nor_ended(command: Any) -> None:
    supervised().when(command).refused(NONE_SUCH)
    supervised(ON, did(deregister, at=NOW)).when(command).refused(NONE_SUCH)


def test_a_registration_can_be_ended_after_supervision() -> None:
    assert closed(ON).when(deregister).events
