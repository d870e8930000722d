"""A sentence starts with its requirements and ends once, after it started."""

from datetime import UTC, date, datetime, timedelta

from domain.case import open_case
from domain.sentence import RequirementImposed, RequirementKind, SentenceKind, SentenceStarted, end_sentence, start_sentence
from tests.rules import A_SECOND, BEGAN, NEXT, NOW, RAR, SENTENCE, UNPAID_WORK, closed, did, given, supervised


def test_a_sentence_starts_with_its_requirements_as_entries_of_their_own() -> None:
    started, unpaid_work, activity = given(did(open_case)).when(start_sentence, court="Cardiff Crown Court").events
    assert isinstance(started, SentenceStarted)
    assert (started.kind, started.expected_end_on, started.court) == (
        SentenceKind.COMMUNITY_ORDER,
        date(2027, 1, 11),
        "Cardiff Crown Court",
    )
    assert isinstance(unpaid_work, RequirementImposed)
    assert (unpaid_work.sentence, unpaid_work.kind, unpaid_work.amount) == (SENTENCE, RequirementKind.UNPAID_WORK, 80)
    assert isinstance(activity, RequirementImposed)
    assert (activity.sentence, activity.kind, activity.amount) == (SENTENCE, RequirementKind.RAR, 20)


def test_requirements_begin_when_the_sentence_does() -> None:
    assert {event.occurred_at for event in given(did(open_case)).when(start_sentence).events} == {BEGAN}


def test_the_requirements_of_a_later_sentence_are_its_own() -> None:
    _, curfew = supervised().when(start_sentence, requirements=((RequirementKind.CURFEW, 3),)).events
    assert isinstance(curfew, RequirementImposed)
    assert curfew.sentence == NEXT


def test_a_case_knows_which_of_its_requirements_are_unpaid_work() -> None:
    case = supervised().state
    assert (case.requirements, case.unpaid_work) == ({UNPAID_WORK, RAR}, {UNPAID_WORK})


def test_a_sentence_is_expected_to_end_after_the_day_on_which_it_starts() -> None:
    given(did(open_case)).when(start_sentence, expected_end_on=BEGAN.date()).refused(
        "The expected end must be after the start.", "expected_end_on"
    )
    assert given(did(open_case)).when(start_sentence, expected_end_on=BEGAN.date() + timedelta(days=1)).events


def test_the_day_on_which_a_sentence_starts_is_the_day_it_is_in_england_and_wales() -> None:
    after_midnight_in_summer = datetime(2025, 6, 30, 23, 30, tzinfo=UTC)
    given(did(open_case)).when(start_sentence, started_at=after_midnight_in_summer, expected_end_on=date(2025, 7, 1)).refused(
        "The expected end must be after the start.", "expected_end_on"
    )


def test_a_sentence_that_runs_can_end() -> None:
    event = supervised().when(end_sentence, how="revoked").event
    assert (event.sentence, event.how) == (SENTENCE, "revoked")


def test_what_is_no_sentence_does_not_end() -> None:
    supervised().when(end_sentence, sentence=UNPAID_WORK).refused("That sentence is not running.", "sentence")


def test_a_sentence_ends_once() -> None:
    two = closed(did(start_sentence, started_at=NOW, at=NOW))
    two.when(end_sentence).refused("That sentence is not running.", "sentence")


def test_a_sentence_does_not_end_before_it_started() -> None:
    supervised().when(end_sentence, ended_at=BEGAN - A_SECOND).refused("The sentence cannot end before it started.", "ended_at")
    assert supervised().when(end_sentence, ended_at=BEGAN).events
