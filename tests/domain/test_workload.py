"""Workload: points go by where a sentence is served and by RoSH, and what can be carried by grade and hours."""

import pytest

from domain.practitioner import Practitioner, leave_team, practitioner_id, register_practitioner, set_working_hours
from domain.risk import Rosh
from domain.workload import Weighed, capacity, weigh
from tests.rules import POLICY, did, given

RULE = POLICY.workload
AMIR = practitioner_id("AMIR")
REGISTERED = did(register_practitioner, code="AMIR", name="Amir Example", team="CF1", provider="C10")


@pytest.mark.parametrize(
    ("phase", "rosh", "points"),
    [
        pytest.param("in the community", "low", 41, id="low in the community: tier D2"),
        pytest.param("in the community", "very high", 158, id="very high in the community: tier A2"),
        pytest.param("on licence", "high", 132, id="high on licence: tier B2"),
        pytest.param("recalled to custody", "high", 48, id="high in custody after a recall: tier B2"),
        pytest.param("remanded in custody", "medium", 24, id="medium on remand: tier C2"),
        pytest.param("on post-sentence supervision", "medium", 63, id="post-sentence supervision counts as community"),
        pytest.param("unlawfully at large, warrant outstanding", "low", 41, id="a warrant counts as community"),
        pytest.param("", "medium", 63, id="before any sentence"),
    ],
)
def test_a_case_weighs_by_phase_and_rosh(phase: str, rosh: str, points: int) -> None:
    assert weigh(phase, rosh, RULE).points == points


def test_a_case_never_assessed_weighs_as_medium_and_says_so() -> None:
    assert weigh("on licence", "", RULE) == Weighed("licence", "medium", False, 65)


def test_every_table_has_every_level_and_every_phase_a_table() -> None:
    for table in ("community", "licence", "custody"):
        assert set(getattr(RULE, table)) == set(Rosh)
    assert set(RULE.phases.values()) <= {"licence", "custody"}
    assert RULE.unassessed_as in set(Rosh)


@pytest.mark.parametrize(
    ("grade", "minutes", "points"),
    [
        pytest.param("PO", None, 2176, id="full time until something else is said"),
        pytest.param("PSO", 37 * 60, 2176, id="full time said"),
        pytest.param("PO", 1110, 1088, id="18.5 hours are half"),
        pytest.param("PO", 22 * 60 + 12, 1305, id="60% of 2,176 is 1,305.6: parts of a point fall away"),
        pytest.param("SPO", None, None, id="no number for senior officers"),
        pytest.param("", 1110, None, id="nor without a grade"),
    ],
)
def test_what_can_be_carried_goes_by_grade_and_hours(grade: str, minutes: int | None, points: int | None) -> None:
    assert capacity(grade, minutes, RULE) == points


def test_hours_are_said_of_somebody_who_works_in_a_team() -> None:
    amir = given(REGISTERED, of=Practitioner, stream=AMIR)
    assert amir.when(set_working_hours, rule=RULE, minutes_a_week=1110).event.minutes_a_week == 1110
    amir.then(leave_team)
    amir.when(set_working_hours, rule=RULE, minutes_a_week=1110).refused("The practitioner is in no team.", "hours")


@pytest.mark.parametrize("minutes", [0, -60, 48 * 60 + 1])
def test_hours_that_nobody_works_are_refused(minutes: int) -> None:
    answer = given(REGISTERED, of=Practitioner, stream=AMIR).when(set_working_hours, rule=RULE, minutes_a_week=minutes)
    answer.refused("Hours a week must be more than 0 and at most 48.", "hours")
