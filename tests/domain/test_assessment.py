"""Each reader judges for themselves: prompts before judgements, entries behind each yes, reasons for what is changed."""

import pytest

from domain.assessment import (
    Answer,
    ApplicabilityChanged,
    GivenAnswer,
    answer_prompts,
    begin_assessment,
    change_applicability,
    complete_assessment,
    judge_question,
    reopen_assessment,
)
from tests.assessing import ALL, ANSWERED, BEGUN, ENGAGEMENT, JUDGED, SAFE, SAFETY, YES, assessment
from tests.rules import CRN, PERSON, did

FIRST = "2.1.engagement.interview"
COMPLETED_ALREADY = "This assessment is completed. Reopen it before you change it."


def test_an_assessment_is_begun_once_with_the_key_questions_that_apply() -> None:
    begun = assessment(BEGUN)
    assert begun.state.questions == {"2.1.engagement", "2.1.safety"}
    again = begun.when(begin_assessment, inspection="INS-2026-001", crn=CRN, person_id=PERSON, questions=(), known_at=90)
    again.refused("You have begun to assess this case already.")


def test_nothing_is_answered_before_it_is_begun() -> None:
    answer = assessment().when(answer_prompts, question=ENGAGEMENT, answers=YES, last_entry=9)
    answer.refused("Begin the assessment of this case first.")


def test_nobody_goes_on_with_another_readers_assessment() -> None:
    answer = assessment(BEGUN).when(answer_prompts, by="OTHER", question=ENGAGEMENT, answers=YES, last_entry=9)
    answer.refused("Only the inspector who began an assessment can go on with it.")


def test_an_answer_keeps_the_entries_that_it_rests_on_and_its_note() -> None:
    given = [GivenAnswer(FIRST, Answer.NO, (2, 9), "Nobody asked her.")]
    event = assessment(BEGUN).when(answer_prompts, question=ENGAGEMENT, answers=given, last_entry=9).event
    assert (event.prompt, event.answer, event.entries, event.note) == (FIRST, Answer.NO, (2, 9), "Nobody asked her.")


@pytest.mark.parametrize(
    ("given", "message", "field"),
    [
        (GivenAnswer(FIRST, Answer.YES), "Enter the entries that show it.", f"{FIRST}-entries"),
        (GivenAnswer(FIRST, Answer.YES, (10,)), "The case has the entries 1 to 9.", f"{FIRST}-entries"),
        (GivenAnswer(FIRST, Answer.NO, (0,)), "The case has the entries 1 to 9.", f"{FIRST}-entries"),
        (GivenAnswer("2.1.safety.victims", Answer.NO), "There is no such prompt.", ""),
    ],
)
def test_an_answer_that_cannot_stand_is_refused(given: GivenAnswer, message: str, field: str) -> None:
    assessment(BEGUN).when(answer_prompts, question=ENGAGEMENT, answers=[given], last_entry=9).refused(message, field)


def test_a_no_and_a_not_applicable_need_no_entry() -> None:
    given = [GivenAnswer(FIRST, Answer.NO), GivenAnswer("2.1.engagement.readiness", Answer.NOT_APPLICABLE)]
    assert len(assessment(BEGUN).when(answer_prompts, question=ENGAGEMENT, answers=given, last_entry=9).events) == 2


def test_a_key_question_is_judged_after_all_its_prompts() -> None:
    half = did(answer_prompts, question=ENGAGEMENT, answers=YES[:1], last_entry=9)
    judged = assessment(BEGUN, half).when(judge_question, question=ENGAGEMENT, sufficient=True)
    judged.refused("Answer every prompt before you judge.", "2.1.engagement.readiness")
    assert assessment(BEGUN, half).when(judge_question, question=ENGAGEMENT, sufficient=True, answers=YES[1:]).event.sufficient is True


def test_a_key_question_that_does_not_apply_is_neither_answered_nor_judged() -> None:
    message = "This key question does not apply to the case."
    assessment(BEGUN).when(judge_question, question=SAFE, sufficient=True).refused(message)
    assessment(BEGUN).when(answer_prompts, question=SAFE, answers=[], last_entry=9).refused(message)


def test_a_key_question_is_asked_or_left_out_against_the_facts_with_a_reason() -> None:
    asked = assessment(BEGUN).when(change_applicability, question=SAFE, applies=True, reason="Hours are in the old file.").event
    assert asked == ApplicabilityChanged(
        occurred_at=asked.occurred_at, by="SIAN", question="4.1.safe", applies=True, reason="Hours are in the old file."
    )
    assessment(BEGUN).when(change_applicability, question=SAFE, applies=True, reason=" ").refused("Enter the reason.", "reason")
    assessment(BEGUN).when(change_applicability, question=SAFETY, applies=True, reason="So.").refused("This is so already.", "reason")


def test_an_assessment_is_completed_once_every_key_question_that_applies_is_judged() -> None:
    assessment(BEGUN, ANSWERED, JUDGED).when(complete_assessment).refused("1 key question left to judge.")
    left_out = did(change_applicability, question=SAFETY, applies=False, reason="No victim is known.")
    assert assessment(BEGUN, ANSWERED, JUDGED, left_out).when(complete_assessment).events
    assert assessment(*ALL).state.completed


def test_a_completed_assessment_stays_as_it_is_until_it_is_reopened_with_a_reason() -> None:
    done = assessment(*ALL)
    done.when(judge_question, question=ENGAGEMENT, sufficient=False).refused(COMPLETED_ALREADY)
    done.when(complete_assessment).refused(COMPLETED_ALREADY)
    done.when(reopen_assessment, reason="").refused("Enter the reason.", "reason")
    done.when(reopen_assessment, by="OTHER", reason="So.").refused(
        "Only the inspector who completed an assessment can reopen it.", "reason"
    )
    done.then(reopen_assessment, reason="An entry was overlooked.")
    assert done.when(judge_question, question=ENGAGEMENT, sufficient=False).events
    done.when(reopen_assessment, reason="Again.").refused("Only the inspector who completed an assessment can reopen it.", "reason")


def test_an_assessment_that_was_never_begun_is_not_completed() -> None:
    assessment().when(complete_assessment).refused("Begin the assessment of this case first.")
