"""A requirement stands where its kind may stand, is amended and ended while it runs, and no more is credited than was ordered."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.entry import correct_entry, withdraw_entry
from domain.remembered import Phase
from domain.requirement import (
    NATURES,
    RarDayCredited,
    RequirementAmended,
    RequirementEnd,
    RequirementEnded,
    RequirementImposed,
    RequirementKind,
    amend_requirement,
    credit_rar_day,
    end_requirement,
    impose_requirement,
)
from domain.sentence import BEGINS, SentenceKind, end_sentence, start_sentence
from tests.rules import BEGAN, NEXT, NOW, RAR, SENTENCE, UNPAID_WORK, YESTERDAY, Given, Step, closed, did, supervised

NOT_RUNNING = "That requirement is not running."
ORDERS_ONLY = {RequirementKind.UNPAID_WORK, RequirementKind.RAR, RequirementKind.ATTENDANCE_CENTRE}
LICENCES_ONLY = {RequirementKind.DRUG_TESTING, RequirementKind.NO_CONTACT}


def day(days: int, **details: object) -> Step:
    """A day of rehabilitation activity, this many days after supervision began."""
    return did(credit_rar_day, at=NOW, done_at=BEGAN + timedelta(days=days), **details)


def under(kind: SentenceKind) -> Given[Case]:
    return supervised(did(start_sentence, kind=kind, requirements=()))


# What may be required -------------------------------------------------------------------------------------------------


def test_every_kind_of_requirement_has_its_nature() -> None:
    assert set(NATURES) == set(RequirementKind)


@pytest.mark.parametrize("sentence", SentenceKind)
@pytest.mark.parametrize("kind", RequirementKind)
def test_a_kind_stands_in_an_order_in_a_licence_or_in_both(kind: RequirementKind, sentence: SentenceKind) -> None:
    answer = under(sentence).when(impose_requirement, sentence=NEXT, kind=kind, amount=40)
    if BEGINS[sentence] is Phase.COMMUNITY and kind in LICENCES_ONLY:
        answer.refused(f"{kind.capitalize()} is a condition of a licence and not a requirement of an order.", "kind")
    elif BEGINS[sentence] is not Phase.COMMUNITY and kind in ORDERS_ONLY:
        answer.refused(f"{kind.capitalize()} is a requirement of an order and not a condition of a licence.", "kind")
    else:
        assert answer.event.kind is kind


def test_the_same_holds_for_requirements_that_come_with_the_sentence() -> None:
    supervised().when(start_sentence, kind=SentenceKind.LICENCE, requirements=((RequirementKind.RAR, 10),)).refused(
        "Rehabilitation activity is a requirement of an order and not a condition of a licence.", "kind"
    )


def test_a_requirement_is_imposed_on_a_sentence_that_runs() -> None:
    event = supervised().when(impose_requirement, imposed_at=YESTERDAY).event
    assert isinstance(event, RequirementImposed)
    assert (event.sentence, event.kind, event.amount, event.occurred_at) == (SENTENCE, RequirementKind.CURFEW, 3, YESTERDAY)
    supervised().when(impose_requirement, sentence=RAR).refused("That sentence is not running.", "sentence")
    two = closed(did(start_sentence, started_at=NOW, at=NOW, requirements=()))
    two.when(impose_requirement).refused("That sentence is not running.", "sentence")


def test_it_does_not_begin_before_its_sentence_nor_ask_for_less_than_nothing() -> None:
    supervised().when(impose_requirement, imposed_at=BEGAN - timedelta(days=1)).refused(
        "The requirement cannot begin before its sentence.", "imposed_at"
    )
    supervised().when(impose_requirement, amount=-1).refused("The amount cannot be less than nothing.", "amount")
    assert supervised().when(impose_requirement, amount=0).event.amount == 0


# Amended and ended ----------------------------------------------------------------------------------------------------


def test_a_court_changes_how_much_is_ordered() -> None:
    event = supervised().when(amend_requirement, amount=30, court="Cardiff Magistrates’ Court").event
    assert isinstance(event, RequirementAmended)
    assert (event.requirement, event.amount, event.court) == (RAR, 30, "Cardiff Magistrates’ Court")
    assert supervised(did(amend_requirement, at=NOW)).state.requirements[RAR].amount == 30


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        (0, "Enter how much is ordered now."),
        (-1, "Enter how much is ordered now."),
        (20, "That is what is ordered already."),
        (1, "2 days have been credited already, so no fewer can be ordered."),
    ],
)
def test_an_amount_that_changes_nothing_or_undoes_what_was_done_is_refused(amount: int, message: str) -> None:
    supervised(day(1), day(2)).when(amend_requirement, amount=amount).refused(message, "amount")


def test_as_much_as_was_done_may_be_ordered() -> None:
    assert supervised(day(1), day(2)).when(amend_requirement, amount=2).events


@pytest.mark.parametrize("how", RequirementEnd)
def test_a_requirement_ends_while_its_sentence_goes_on(how: RequirementEnd) -> None:
    case = supervised()
    event = case.when(end_requirement, how=how).event
    assert isinstance(event, RequirementEnded)
    assert (event.requirement, event.how) == (RAR, how)
    case.then(end_requirement, how=how)
    assert case.state.is_open
    assert case.state.requirements[RAR].ended == NOW.date()


@pytest.mark.parametrize("command", [amend_requirement, end_requirement], ids=["amended", "ended"])
def test_what_is_not_running_is_neither_amended_nor_ended(command: object) -> None:
    for case, number in (
        (supervised(), SENTENCE),
        (supervised(did(end_requirement, at=NOW)), RAR),
        (supervised(did(start_sentence, requirements=()), did(end_sentence, at=NOW)), RAR),
    ):
        case.when(command, requirement=number).refused(NOT_RUNNING, "requirement")


def test_neither_is_before_the_requirement() -> None:
    before, words = BEGAN - timedelta(days=1), "The date cannot be before the requirement was imposed."
    supervised().when(amend_requirement, amended_at=before).refused(words, "amended_at")
    supervised().when(end_requirement, ended_at=before).refused(words, "ended_at")


# Days of rehabilitation activity --------------------------------------------------------------------------------------


def test_a_day_is_credited_with_what_was_done_and_for_how_long() -> None:
    event = supervised().when(credit_rar_day, activity=" Thinking skills ", minutes=90, done_at=YESTERDAY, note="Took part well.").event
    assert isinstance(event, RarDayCredited)
    assert (event.requirement, event.activity, event.minutes, event.note) == (RAR, "Thinking skills", 90, "Took part well.")
    assert event.occurred_at == YESTERDAY


def of_two() -> Step:
    return did(start_sentence, requirements=((RequirementKind.RAR, 2),))


def test_no_more_days_are_credited_than_were_ordered() -> None:
    case = supervised(of_two(), day(1, requirement=NEXT + 1), day(2, requirement=NEXT + 1))
    case.when(credit_rar_day, requirement=NEXT + 1).refused("All 2 days that were ordered have been credited.", "requirement")
    case.then(amend_requirement, requirement=NEXT + 1, amount=3)
    assert case.when(credit_rar_day, requirement=NEXT + 1).events


def test_a_day_that_was_withdrawn_does_not_count() -> None:
    case = supervised(of_two(), day(1, requirement=NEXT + 1), day(2, requirement=NEXT + 1), did(withdraw_entry, entry=NEXT + 3, at=NOW))
    assert case.when(credit_rar_day, requirement=NEXT + 1, done_at=BEGAN + timedelta(days=2)).events


def test_where_no_number_was_stated_there_is_none_to_exceed() -> None:
    case = supervised(did(start_sentence, requirements=((RequirementKind.RAR, 0),)), day(1, requirement=NEXT + 1))
    assert case.when(credit_rar_day, requirement=NEXT + 1).events


def test_one_day_is_credited_for_a_date() -> None:
    supervised(day(1)).when(credit_rar_day, done_at=BEGAN + timedelta(days=1, hours=3)).refused(
        "A day has been credited for that date already.", "done_at"
    )


@pytest.mark.parametrize("number", [UNPAID_WORK, SENTENCE, 900], ids=["unpaid work", "a sentence", "nothing"])
def test_days_are_of_a_rehabilitation_activity_requirement(number: int) -> None:
    supervised().when(credit_rar_day, requirement=number).refused("Select the rehabilitation activity requirement.", "requirement")


@pytest.mark.parametrize(
    ("details", "message", "field"),
    [
        ({"activity": "  "}, "Enter what was done.", "activity"),
        ({"minutes": 0}, "Minutes must be between 1 and 1,440.", "minutes"),
        ({"minutes": 1441}, "Minutes must be between 1 and 1,440.", "minutes"),
        ({"note": "n" * (LONGEST_NOTE + 1)}, "The note must be 12,000 characters or fewer.", "note"),
        ({"done_at": BEGAN - timedelta(days=1)}, "The date cannot be before the requirement was imposed.", "done_at"),
    ],
)
def test_a_day_says_what_was_done_when_the_requirement_ran(details: dict[str, object], message: str, field: str) -> None:
    supervised().when(credit_rar_day, **details).refused(message, field)


def test_a_day_done_before_the_requirement_ended_may_be_credited_after_it() -> None:
    case = supervised(did(end_requirement, at=NOW, ended_at=YESTERDAY))
    assert case.when(credit_rar_day, done_at=YESTERDAY).events
    case.when(credit_rar_day, done_at=NOW).refused("The requirement had ended by that date.", "done_at")


def test_a_day_done_before_supervision_ended_may_be_credited_after_it() -> None:
    assert closed().when(credit_rar_day, done_at=BEGAN).events


def test_a_correction_of_a_day_keeps_to_the_same_rules_and_does_not_count_against_itself() -> None:
    case = supervised(of_two(), day(1, requirement=NEXT + 1), day(2, requirement=NEXT + 1))
    reads = case.history[-1].event
    assert case.when(correct_entry, entry=NEXT + 3, reads=replace(reads, minutes=45)).events
    case.when(correct_entry, entry=NEXT + 3, reads=replace(reads, occurred_at=BEGAN + timedelta(days=1))).refused(
        "A day has been credited for that date already.", "done_at"
    )
    case.when(correct_entry, entry=NEXT + 3, reads=replace(reads, minutes=0)).refused("Minutes must be between 1 and 1,440.", "minutes")
