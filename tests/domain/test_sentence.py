"""A sentence starts with its requirements, is replaced when a court deals with it again, and ends once, after it started."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.case import open_case
from domain.phase import release
from domain.remembered import Phase
from domain.requirement import RequirementImposed, RequirementKind
from domain.sentence import (
    BEGINS,
    SentenceAmended,
    SentenceEnd,
    SentenceEnded,
    SentenceKind,
    SentenceStarted,
    amend_sentence,
    end_sentence,
    resentence,
    start_sentence,
)
from tests.rules import A_SECOND, BEGAN, NEXT, NOW, RAR, SENTENCE, UNPAID_WORK, YESTERDAY, closed, did, given, supervised


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
    assert (set(case.requirements), set(case.unpaid_work)) == ({UNPAID_WORK, RAR}, {UNPAID_WORK})


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


# The phase in which a sentence begins ---------------------------------------------------------------------------------


def test_every_kind_of_sentence_begins_in_a_phase() -> None:
    assert set(BEGINS) == set(SentenceKind)


@pytest.mark.parametrize(
    ("kind", "phase"),
    [
        (SentenceKind.COMMUNITY_ORDER, Phase.COMMUNITY),
        (SentenceKind.SUSPENDED_SENTENCE_ORDER, Phase.COMMUNITY),
        (SentenceKind.SUPERVISION_DEFAULT_ORDER, Phase.COMMUNITY),
        (SentenceKind.CUSTODIAL, Phase.CUSTODY),
        (SentenceKind.LICENCE, Phase.LICENCE),
        (SentenceKind.POST_SENTENCE_SUPERVISION, Phase.PSS),
    ],
)
def test_a_sentence_begins_in_the_phase_of_its_kind(kind: SentenceKind, phase: Phase) -> None:
    assert given(did(open_case), did(start_sentence, kind=kind, requirements=())).state.stages[SENTENCE].phase is phase


def test_a_sentence_that_is_told_no_day_starts_now() -> None:
    assert given(did(open_case)).when(start_sentence, started_at=None).events[0].occurred_at == NOW


# Resentencing ---------------------------------------------------------------------------------------------------------


def test_a_resentence_ends_one_sentence_and_starts_another_that_says_which_it_replaces() -> None:
    ended, started, curfew = (
        supervised()
        .when(
            resentence,
            kind=SentenceKind.SUSPENDED_SENTENCE_ORDER,
            resentenced_at=YESTERDAY,
            court="Newport Crown Court",
            requirements=((RequirementKind.CURFEW, 4),),
        )
        .events
    )
    assert isinstance(ended, SentenceEnded)
    assert (ended.sentence, ended.how, ended.occurred_at) == (SENTENCE, SentenceEnd.RESENTENCED, YESTERDAY)
    assert isinstance(started, SentenceStarted)
    assert (started.kind, started.replaces, started.court) == (SentenceKind.SUSPENDED_SENTENCE_ORDER, SENTENCE, "Newport Crown Court")
    assert isinstance(curfew, RequirementImposed)
    assert curfew.sentence == NEXT + 1


def test_after_a_resentence_only_the_new_sentence_runs() -> None:
    case = supervised(did(resentence, at=NOW)).state
    assert case.sentences == {SENTENCE: NOW.date(), NEXT + 1: None}
    assert (case.stages[SENTENCE].phase, case.stages[NEXT + 1].phase) == (Phase.ENDED, Phase.CUSTODY)
    assert case.is_open


def test_a_sentence_that_is_not_running_is_not_resentenced() -> None:
    supervised(did(resentence, at=NOW)).when(resentence).refused("That sentence is not running.", "sentence")


@pytest.mark.parametrize("kind", [kind for kind in SentenceKind if BEGINS[kind] is not Phase.COMMUNITY])
def test_only_an_order_served_in_the_community_is_resentenced(kind: SentenceKind) -> None:
    case = supervised(did(start_sentence, kind=kind, requirements=()))
    case.when(resentence, sentence=NEXT).refused("Only an order served in the community is revoked and resentenced.", "sentence")


def test_a_resentence_is_not_before_the_sentence_and_the_new_one_ends_after_it_starts() -> None:
    supervised().when(resentence, resentenced_at=BEGAN - A_SECOND).refused("The sentence cannot end before it started.", "resentenced_at")
    supervised().when(resentence, expected_end_on=NOW.date()).refused("The expected end must be after the start.", "expected_end_on")


# Amending the length --------------------------------------------------------------------------------------------------


def test_a_court_changes_how_long_an_order_runs() -> None:
    event = supervised().when(amend_sentence, amended_at=YESTERDAY, court="Cardiff Magistrates’ Court").event
    assert isinstance(event, SentenceAmended)
    assert (event.sentence, event.expected_end_on, event.court) == (SENTENCE, date(2027, 7, 11), "Cardiff Magistrates’ Court")


@pytest.mark.parametrize("kind", [kind for kind in SentenceKind if BEGINS[kind] is not Phase.COMMUNITY])
def test_only_the_length_of_an_order_served_in_the_community_is_amended(kind: SentenceKind) -> None:
    case = supervised(did(start_sentence, kind=kind, requirements=()))
    case.when(amend_sentence, sentence=NEXT).refused("Only the length of an order served in the community is amended.", "sentence")


def test_what_is_not_running_is_not_amended() -> None:
    supervised().when(amend_sentence, sentence=RAR).refused("That sentence is not running.", "sentence")


def test_a_change_is_after_the_start_and_before_the_new_end() -> None:
    supervised().when(amend_sentence, amended_at=BEGAN - timedelta(days=1)).refused(
        "The date cannot be before the sentence started.", "amended_at"
    )
    supervised().when(amend_sentence, expected_end_on=NOW.date()).refused("The new end must be after the change.", "expected_end_on")


# Several sentences, and a case that is opened again -------------------------------------------------------------------


def test_each_of_several_sentences_has_a_phase_of_its_own() -> None:
    case = supervised(did(start_sentence, kind=SentenceKind.CUSTODIAL, requirements=()), did(release, at=NOW)).state
    assert {number: stage.phase for number, stage in case.stages.items()} == {SENTENCE: Phase.COMMUNITY, NEXT: Phase.LICENCE}


def test_a_new_sentence_after_the_last_has_ended_opens_the_case_again() -> None:
    assert not closed().state.is_open
    again = closed()
    again.then(start_sentence, started_at=NOW)
    assert again.state.is_open
