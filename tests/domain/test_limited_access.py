"""Exclusions and restrictions are dated, say why, and never leave a case with nobody who may see it."""

from datetime import timedelta
from typing import Any

import pytest

from domain.access import LimitKind
from domain.allocation import AllocationReason, allocate
from domain.cover import start_cover
from domain.limited_access import ExclusionSet, RestrictionSet, end_exclusion, end_restrictions, exclude, may_see, restrict
from tests.rules import A_SECOND, NEXT, NOW, TOMORROW, Command, closed, did, in_words, opened, supervised

EXCLUDED, RESTRICTED = did(exclude, at=NOW), did(restrict, at=NOW)
SEES = ("SIAN", "MEERA", "OWEN")


def seen_by(case: Any, at: Any = NOW) -> set[str]:
    return {code for code in SEES if may_see(case.state, code, at)}


def test_an_exclusion_keeps_the_case_from_one_practitioner() -> None:
    event = supervised().when(exclude, message="Ask the head of the office.").event
    assert isinstance(event, ExclusionSet)
    assert (event.practitioner, event.since, event.until, event.reason) == ("OWEN", NOW, None, "A cousin of the person.")
    assert event.message == "Ask the head of the office."
    assert seen_by(supervised(EXCLUDED)) == {"SIAN", "MEERA"}


def test_a_restriction_keeps_the_case_from_everybody_who_is_not_named() -> None:
    events = supervised().when(restrict, practitioners=("SIAN", "MEERA", "SIAN", "")).events
    assert [(type(event), event.practitioner) for event in events] == [(RestrictionSet, "SIAN"), (RestrictionSet, "MEERA")]
    assert seen_by(supervised(RESTRICTED)) == {"SIAN", "MEERA"}


def test_both_can_apply_together() -> None:
    everybody = did(restrict, at=NOW, practitioners=SEES)
    assert seen_by(supervised(everybody, EXCLUDED)) == {"SIAN", "MEERA"}


@pytest.mark.parametrize(("command", "hidden"), [(exclude, {"OWEN"}), (restrict, {"OWEN"})], ids=["exclusion", "restriction"])
def test_a_limit_holds_between_its_own_days(command: Command, hidden: set[str]) -> None:
    case = supervised(did(command, at=NOW, since=TOMORROW, until=TOMORROW + timedelta(days=7)))
    everybody = set(SEES)
    assert seen_by(case, NOW) == everybody
    assert seen_by(case, TOMORROW) == everybody - hidden
    assert seen_by(case, TOMORROW + timedelta(days=7)) == everybody


@pytest.mark.parametrize("command", [exclude, restrict], ids=in_words)
def test_a_limit_ends_after_it_starts_and_says_why(command: Command) -> None:
    supervised().when(command, until=NOW).refused("The end must be after the start.", "until")
    supervised().when(command, since=TOMORROW, until=TOMORROW).refused("The end must be after the start.", "until")
    assert supervised().when(command, until=NOW + A_SECOND).events
    supervised().when(command, reason=" ").refused("Enter the reason.", "reason")


def test_somebody_must_be_named() -> None:
    supervised().when(exclude, practitioner="").refused("Select who may not see the case.", "practitioner")
    for nobody in ((), ("",)):
        supervised().when(restrict, practitioners=nobody).refused("Select who alone may see the case.", "practitioners")


def test_nobody_is_named_twice_for_the_same_time() -> None:
    supervised(EXCLUDED).when(exclude).refused("This practitioner is excluded already.", "practitioner")
    supervised(RESTRICTED).when(restrict).refused("Select who alone may see the case.", "practitioners")
    assert len(supervised(RESTRICTED).when(restrict, practitioners=("SIAN", "OWEN")).events) == 1


def test_who_holds_or_covers_the_case_is_not_excluded() -> None:
    supervised().when(exclude, practitioner="SIAN").refused(
        "This practitioner holds the case. Allocate it to somebody else first.", "practitioner"
    )
    covered = supervised(did(start_cover, at=NOW))
    covered.when(exclude).refused("This practitioner covers the case. End the cover first.", "practitioner")
    assert covered.when(exclude, now=NOW + timedelta(days=30)).events


def test_a_restriction_leaves_the_case_to_its_officer_to_its_cover_and_to_whoever_sets_it() -> None:
    supervised().when(restrict, practitioners=("MEERA",), by="MEERA").refused(
        "The officer who holds the case must be able to see it.", "practitioners"
    )
    supervised(did(start_cover, at=NOW)).when(restrict, by="MEERA").refused(
        "The officer who covers the case must be able to see it.", "practitioners"
    )
    supervised().when(restrict, practitioners=("SIAN",), by="MEERA").refused(
        "You would no longer see the case yourself, and could not undo this. Name yourself too.", "practitioners"
    )


def test_a_case_that_nobody_holds_can_be_restricted() -> None:
    gap = did(allocate, at=NOW, practitioner="", reason=AllocationReason.STAFF)
    assert supervised(gap).when(restrict, practitioners=("MEERA",), by="MEERA").events
    assert opened().when(restrict, practitioners=("MEERA",), by="MEERA").events


@pytest.mark.parametrize("command", [exclude, restrict], ids=in_words)
def test_access_to_a_case_that_has_ended_can_be_limited(command: Command) -> None:
    assert closed().when(command).events


def test_an_exclusion_is_ended_with_a_reason_and_once() -> None:
    case = supervised(EXCLUDED)
    case.when(end_exclusion, reason="").refused("Enter the reason.", "reason")
    assert case.when(end_exclusion).event.exclusion == NEXT
    case.then(end_exclusion)
    assert seen_by(case) == set(SEES)
    case.when(end_exclusion).refused("There is no such exclusion to end.", "limit")


def test_a_limit_that_has_run_out_is_not_ended_and_may_be_set_again() -> None:
    case = supervised(did(exclude, at=NOW, until=TOMORROW))
    case.when(end_exclusion, now=TOMORROW).refused("There is no such exclusion to end.", "limit")
    assert case.when(exclude, now=TOMORROW).events


def test_each_kind_is_ended_by_its_own_command() -> None:
    supervised(RESTRICTED).when(end_exclusion).refused("There is no such exclusion to end.", "limit")
    supervised(EXCLUDED).when(end_restrictions, restrictions=(NEXT,)).refused("There is no such restriction to end.", "limit")


def test_a_restriction_ends_name_by_name_or_whole() -> None:
    case = supervised(RESTRICTED)
    assert {event.restriction for event in case.when(end_restrictions).events} == {NEXT, NEXT + 1}
    case.when(end_restrictions, restrictions=()).refused("Select which restrictions end.", "limit")
    case.then(end_restrictions, restrictions=(NEXT + 1,))
    assert seen_by(case) == {"SIAN"}
    case.then(end_restrictions, restrictions=(NEXT,))
    assert seen_by(case) == set(SEES)


def test_the_name_that_the_case_depends_on_is_not_taken_off_alone() -> None:
    case = supervised(RESTRICTED)
    case.when(end_restrictions, restrictions=(NEXT,), by="MEERA").refused("The officer who holds the case must be able to see it.", "limit")
    case.when(end_restrictions, restrictions=(NEXT + 1,), by="MEERA").refused(
        "You would no longer see the case yourself, and could not undo this. Name yourself too.", "limit"
    )


def test_a_rule_remembers_which_kind_of_limit_it_is() -> None:
    assert [limit.kind for limit in supervised(EXCLUDED, RESTRICTED).state.limits.values()] == [
        LimitKind.EXCLUSION,
        LimitKind.RESTRICTION,
        LimitKind.RESTRICTION,
    ]
