"""What counts of an inspection's cases: completed readings, agreement or moderation, shares, bands and how sure they are."""

from datetime import UTC, datetime

import pytest

from domain.assessment import Verdict, reopen_assessment
from domain.question_set import Applies
from domain.rating import Band, KeyQuestion
from domain.register import register
from domain.sentence import SentenceKind, start_sentence
from projections import assessments
from projections.applying import applying, facts
from projections.assessments import AssessmentRow, Found
from projections.judged import Final, agreement, finals, shares, standards, sure
from projections.statistics.intervals import wilson
from projections.story import Story
from tests.assessing import ALL, ASKED, BEGUN, ENGAGEMENT, SAFE, SUPERVISION, assessment
from tests.rules import POLICY, did, opened

RULE = POLICY.rating
YES, NO, OUT = Verdict
AT = datetime(2026, 11, 2, tzinfo=UTC)


def row(crn: str, reader: str, *, completed: bool = True) -> AssessmentRow:
    return AssessmentRow(crn, reader, AT, AT if completed else None, 2, 2)


def final(crn: str, *found: Verdict, counts: Verdict | None, question: str = "2.1.engagement") -> Final:
    return Final(crn, question, tuple((f"R{i}", verdict) for i, verdict in enumerate(found)), counts, moderated=False)


def test_a_reader_who_has_not_completed_does_not_count() -> None:
    every = finals([row("A", "R1", completed=False)], [Found("A", "R1", "q", YES)], {}, ["q"])
    assert every == []


def test_two_readers_count_where_they_agree_and_stay_open_where_they_differ() -> None:
    found = [Found("A", "R1", "q", YES), Found("A", "R2", "q", YES), Found("A", "R1", "p", YES), Found("A", "R2", "p", NO)]
    every = finals([row("A", "R1"), row("A", "R2")], found, {}, ["q", "p"])
    assert [(one.verdict, one.differs, one.moderated) for one in every] == [(YES, False, False), (None, True, False)]


def test_a_difference_counts_as_it_was_moderated() -> None:
    found = [Found("A", "R1", "q", YES), Found("A", "R2", "q", NO)]
    (one,) = finals([row("A", "R1"), row("A", "R2")], found, {("A", "q"): NO, ("B", "q"): YES}, ["q"])
    assert (one.verdict, one.moderated, one.found) == (NO, True, (("R1", YES), ("R2", NO)))


def test_what_one_reader_did_not_ask_they_found_not_to_apply() -> None:
    (one,) = finals([row("A", "R1"), row("A", "R2")], [Found("A", "R2", "q", YES)], {}, ["q"])
    assert one.found == (("R1", OUT), ("R2", YES))
    assert one.differs


def test_a_share_counts_cases_that_are_decided_and_to_which_the_question_applies() -> None:
    every = [final("A", counts=YES), final("B", counts=NO), final("C", counts=OUT), final("D", counts=None), final("E", counts=YES)]
    assert shares(every) == {"2.1.engagement": KeyQuestion("2.1.engagement", 2, 3)}


def test_a_standard_has_a_band_once_each_of_its_key_questions_is_judged() -> None:
    some = {"2.1.engagement": KeyQuestion("2.1.engagement", 8, 10)}
    assert standards([SUPERVISION], some, RULE) == {"2.1": None, "4.1": None}
    both = {**some, "2.1.safety": KeyQuestion("2.1.safety", 5, 10)}
    found = standards([SUPERVISION], both, RULE)["2.1"]
    assert found is not None
    assert found.band is Band.REQUIRES_IMPROVEMENT


def test_a_share_is_as_sure_as_its_frame_allows_and_shows_every_band_that_it_touches() -> None:
    """33 of 50 from 120 at 80%: 59.2% to 72.2%, as computed beside the repository."""
    found = sure(KeyQuestion("q", 33, 50), ENGAGEMENT, 120, 0.8, RULE)
    assert (found.interval.low, found.interval.high) == (pytest.approx(0.592, abs=5e-4), pytest.approx(0.722, abs=5e-4))
    assert found.bands == (Band.REQUIRES_IMPROVEMENT, Band.GOOD)


def test_a_key_question_of_some_cases_is_as_sure_as_from_an_endless_frame() -> None:
    found = sure(KeyQuestion("q", 33, 50), SAFE, 120, 0.8, RULE)
    assert (found.frame, found.interval) == (None, wilson(33, 50, confidence=0.8))


def test_a_frame_that_was_judged_whole_touches_one_band() -> None:
    assert sure(KeyQuestion("q", 8, 10), ENGAGEMENT, 10, 0.8, RULE).bands == (Band.OUTSTANDING,)


def test_agreement_is_of_the_first_two_readers_where_both_judged() -> None:
    every = [
        final("A", YES, YES, counts=YES),
        final("B", NO, NO, counts=NO),
        final("C", YES, NO, YES, counts=None),
        final("D", OUT, YES, counts=None),
        final("E", YES, counts=YES),
    ]
    found = agreement(every, 0.8)["2.1.engagement"]
    assert (found.agreed, found.of, found.value) == (2, 3, pytest.approx(0.4))


# One reader's stream ---------------------------------------------------------------------------------------------------


def test_a_stream_tells_what_its_reader_found() -> None:
    story = Story(assessment(*ALL).history)
    ((inspection, crn, reader, _, completed_at, questions, judged),) = assessments.rows(story, POLICY)
    assert (inspection, crn, reader, completed_at is None, questions, judged) == ("INS-2026-001", "X000001", "SIAN", False, 2, 2)
    found = [(question, verdict) for _, _, _, question, verdict in assessments.judged_rows(story, POLICY)]
    assert found == [("2.1.engagement", "sufficient"), ("2.1.safety", "not sufficient")]


def test_a_reopened_assessment_counts_for_nothing_until_it_is_completed_again() -> None:
    story = Story(assessment(*ALL, did(reopen_assessment, reason="An entry was overlooked.")).history)
    assert list(assessments.judged_rows(story, POLICY)) == []
    assert list(assessments.judged_rows(Story(assessment(BEGUN).history), POLICY)) == []


# Which key questions apply ---------------------------------------------------------------------------------------------


def test_a_key_question_about_unpaid_work_is_asked_where_it_was_ordered() -> None:
    story = Story(opened().history)
    assert facts(story) == {Applies.ALWAYS, Applies.UNPAID_WORK}
    assert applying(story, ASKED) == ["2.1.engagement", "2.1.safety", "4.1.safe"]


def test_custody_and_victim_contact_follow_from_the_record() -> None:
    case = opened(did(start_sentence, kind=SentenceKind.LICENCE, requirements=()), did(register, register="INVI"))
    assert facts(Story(case.history)) == {Applies.ALWAYS, Applies.UNPAID_WORK, Applies.CUSTODY, Applies.VICTIM_CONTACT}


def test_that_an_inspector_says_so_is_no_fact() -> None:
    assert Applies.CHOSEN not in facts(Story(opened().history))
