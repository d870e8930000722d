"""The panel chooses the questions once and rates standards as the shares allow, up to the next band with a reason."""

from typing import Any

import pytest

from domain import rating
from domain.panel import Panel, choose_questions, rate_standard
from domain.rating import Band, KeyQuestion
from tests.assessing import DELIVERY, REFERENCE, SUPERVISION
from tests.rules import POLICY, did, given

CHOSEN = did(choose_questions, inspection=REFERENCE, sets=[DELIVERY, SUPERVISION])


def shares(*percents: int) -> rating.Standard:
    return rating.standard([KeyQuestion(str(p), p, 100) for p in percents], POLICY.rating)


def rated(standard: str, band: Band, found: rating.Standard | None = None, reason: str = "") -> Any:
    return given(CHOSEN, of=Panel).when(rate_standard, standard=standard, band=band, found=found, reason=reason)


def test_the_questions_are_kept_as_they_read_when_they_were_chosen() -> None:
    assert given(CHOSEN, of=Panel).state.sets == (DELIVERY, SUPERVISION)
    assert list(given(CHOSEN, of=Panel).state.standards) == ["1.1", "2.1", "4.1"]


def test_questions_are_chosen_once() -> None:
    again = given(CHOSEN, of=Panel).when(choose_questions, inspection=REFERENCE, sets=[SUPERVISION])
    again.refused("The questions of this inspection are chosen already.", "sets")


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        ([], "Select at least one question set with key questions."),
        ([DELIVERY], "Select at least one question set with key questions."),
        ([SUPERVISION, SUPERVISION], "Two of these question sets have the same standard. Select one of them."),
    ],
)
def test_sets_that_cannot_be_asked_together_are_refused(sets: list[Any], message: str) -> None:
    given(of=Panel).when(choose_questions, inspection=REFERENCE, sets=sets).refused(message, "sets")


def test_the_band_of_the_lowest_key_question_needs_no_reason() -> None:
    event = rated("2.1", Band.REQUIRES_IMPROVEMENT, shares(82, 66, 55)).event
    assert (event.standard, event.band, event.percent, event.reason) == ("2.1", Band.REQUIRES_IMPROVEMENT, 55, "")


def test_the_next_band_is_given_near_the_boundary_and_only_with_a_reason() -> None:
    near = shares(82, 66, 63)
    rated("2.1", Band.GOOD, near).refused("Enter the reason.", "reason")
    assert rated("2.1", Band.GOOD, near, " The volume is large. ").event.reason == "The volume is large."


@pytest.mark.parametrize(
    ("found", "band"),
    [(shares(82, 66, 59), Band.GOOD), (shares(82, 66, 63), Band.OUTSTANDING), (shares(82, 66, 63), Band.INADEQUATE)],
)
def test_a_band_that_the_shares_do_not_allow_is_refused_with_any_reason(found: rating.Standard, band: Band) -> None:
    rated("2.1", band, found, "It feels right.").refused("The shares do not allow this band.", "band")


def test_a_standard_on_which_no_case_is_judged_is_not_rated() -> None:
    rated("2.1", Band.GOOD, None, "So.").refused("No case has been judged on this standard yet.", "band")


def test_a_standard_without_key_questions_gets_any_band_with_a_reason() -> None:
    assert rated("1.1", Band.GOOD, None, "Leaders know their cases.").event.percent is None
    rated("1.1", Band.GOOD).refused("Enter the reason.", "reason")


def test_a_standard_that_is_not_asked_is_not_rated() -> None:
    rated("3.1", Band.GOOD, None, "So.").refused("There is no such standard in this inspection.", "band")
