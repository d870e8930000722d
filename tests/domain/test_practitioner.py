"""A practitioner is registered once and works in one team at a time."""

from domain.practitioner import (
    LanguagesRecorded,
    Practitioner,
    PractitionerJoined,
    PractitionerLeft,
    PractitionerRegistered,
    join_team,
    leave_team,
    practitioner_id,
    record_languages,
    register_practitioner,
)
from tests.rules import did, given

REGISTERED = did(register_practitioner)
JOINED = did(join_team)


def test_a_practitioner_is_registered_with_code_name_and_grade() -> None:
    event = given(of=Practitioner).when(register_practitioner, grade="PSO").event
    assert isinstance(event, PractitionerRegistered)
    assert (event.code, event.name, event.grade) == ("SIAN", "Siân Rowlands", "PSO")


def test_a_practitioner_is_registered_in_a_team_where_one_is_given() -> None:
    registered, joined = given(of=Practitioner).when(register_practitioner, team="CF1", provider="C10").events
    assert isinstance(registered, PractitionerRegistered)
    assert isinstance(joined, PractitionerJoined)
    assert (joined.team, joined.provider) == ("CF1", "C10")


def test_a_practitioner_is_registered_once() -> None:
    given(REGISTERED, of=Practitioner).when(register_practitioner).refused("Practitioner SIAN is registered already.", "code")


def test_a_practitioner_joins_a_team() -> None:
    assert given(REGISTERED, JOINED, of=Practitioner).state.team == "CF1"


def test_whoever_joins_another_team_leaves_the_one_before() -> None:
    left, joined = given(REGISTERED, JOINED, of=Practitioner).when(join_team, team="NP1").events
    assert isinstance(left, PractitionerLeft)
    assert isinstance(joined, PractitionerJoined)
    assert (left.team, joined.team) == ("CF1", "NP1")


def test_nobody_joins_the_team_they_are_in() -> None:
    given(REGISTERED, JOINED, of=Practitioner).when(join_team).refused("The practitioner is in that team already.", "team")


def test_nobody_joins_a_team_without_being_registered() -> None:
    given(of=Practitioner).when(join_team).refused("There is no such practitioner.", "practitioner")


def test_a_practitioner_leaves_a_team_and_may_join_it_again() -> None:
    gone = given(REGISTERED, JOINED, did(leave_team), of=Practitioner)
    assert gone.state.team == ""
    assert gone.when(join_team).events


def test_whoever_is_in_no_team_leaves_none() -> None:
    given(REGISTERED, of=Practitioner).when(leave_team).refused("The practitioner is in no team.", "practitioner")


def test_a_practitioner_s_code_always_finds_their_stream() -> None:
    assert practitioner_id("SIAN") == practitioner_id("SIAN") != practitioner_id("OWEN")


def test_somebody_s_languages_are_recorded_once_each() -> None:
    event = given(REGISTERED, JOINED, of=Practitioner).when(record_languages, languages=["Welsh", "Polish", "Welsh"]).event
    assert isinstance(event, LanguagesRecorded)
    assert event.languages == ("Welsh", "Polish")


def test_no_languages_are_recorded_of_who_works_nowhere_nor_a_text_that_is_no_language() -> None:
    given(REGISTERED, of=Practitioner).when(record_languages, languages=["Welsh"]).refused("The practitioner is in no team.", "languages")
    given(REGISTERED, JOINED, of=Practitioner).when(record_languages, languages=["x" * 41]).refused(
        "A language must be 40 characters or fewer.", "languages"
    )
