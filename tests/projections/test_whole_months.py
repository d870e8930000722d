"""Months with purposeful activity and with a plan in force: whole months only, and what was not recorded is neither yes nor no."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.appointment import arrange_appointment, cancel_appointment, record_outcome
from domain.case import Case, CaseOpened, case_id, open_case
from domain.contact import Purpose, Work, record_contact
from domain.event import Imported
from domain.interruption import begin_interruption, end_interruption
from domain.plan import complete_plan, set_objective, set_pattern
from domain.sentence import end_sentence, start_sentence
from projections.finding import Finding, Verdict
from projections.lasting import Lasting
from projections.measures import MEASURES
from projections.story import Story
from tests.rules import BEGAN, CRN, NEXT, OBJECTIVE, PERSON, POLICY, SENTENCE, Given, Step, did, given, supervised

GOOD = Work(purposes=(Purpose.NEEDS,), objectives=(OBJECTIVE,))
LATER = date(2026, 5, 20)
"""February, March and April have ended and are whole: the case began on 12 January."""
FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


def on(day: int, month: int = 2) -> datetime:
    return datetime(2026, month, day, 10, tzinfo=UTC)


def found(measure: str, case: Given[Case], today: date = LATER) -> dict[date, Finding]:
    return {finding.month: finding for finding in MEASURES[measure].findings(Story(case.history), POLICY, today)}


def lasting(measure: str, case: Given[Case]) -> list[Lasting]:
    rule = MEASURES[measure].lasting
    assert rule is not None
    return list(rule(Story(case.history), POLICY))


def said(finding: Finding) -> tuple[Verdict, str, int]:
    return finding.verdict, finding.why, finding.number


def seen(day: int, month: int = 2, **details: Any) -> Step:
    return did(record_contact, at=on(day, month), occurred_at=on(day, month), **{"work": GOOD, **details})


def arranged(day: int, month: int = 2, **details: Any) -> Step:
    return did(arrange_appointment, starts_at=on(day, month), **details)


# Months with purposeful activity ---------------------------------------------------------------------------------------

MONTHS = "purposeful-months"
NOTHING = (Verdict.NO, "No purposeful contact", 0)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((), NOTHING, id="nothing at all"),
        pytest.param((seen(5),), (Verdict.YES, "Purposeful contact on 5 February 2026", NEXT), id="a purposeful contact"),
        pytest.param((seen(1),), (Verdict.YES, "Purposeful contact on 1 February 2026", NEXT), id="on the first day"),
        pytest.param((seen(28),), (Verdict.YES, "Purposeful contact on 28 February 2026", NEXT), id="on the last day"),
        pytest.param((seen(20), seen(6)), (Verdict.YES, "Purposeful contact on 6 February 2026", NEXT + 1), id="two: the earlier one"),
        pytest.param((seen(31, 1), seen(1, 3)), NOTHING, id="only the day before and the day after"),
        pytest.param((seen(5, kind="CTOB"),), NOTHING, id="an unplanned call"),
        pytest.param((seen(5, kind="CIEA"),), NOTHING, id="word from another agency"),
        pytest.param(
            (seen(5, work=Work()),),
            (Verdict.NOT_EVIDENCED, "None is evidenced; perhaps the contact on 5 February 2026", NEXT),
            id="a contact without purpose or link",
        ),
        pytest.param(
            (seen(5, work=Work()), seen(9)),
            (Verdict.YES, "Purposeful contact on 9 February 2026", NEXT + 1),
            id="one that is not evidenced and one that is purposeful",
        ),
        pytest.param(
            (arranged(5),),
            (Verdict.NOT_EVIDENCED, "None is evidenced; perhaps the appointment on 5 February 2026, whose outcome was not recorded", NEXT),
            id="an appointment without an outcome",
        ),
        pytest.param((arranged(5, kind="C334"),), NOTHING, id="a kiosk report without an outcome"),
        pytest.param((arranged(5), did(cancel_appointment, at=on(4))), NOTHING, id="an appointment that was called off"),
        pytest.param((arranged(5), did(record_outcome, at=on(5), outcome="ATSS")), NOTHING, id="sent home by the service"),
    ],
)
def test_a_month_has_a_purposeful_contact_or_none_or_that_is_not_evidenced(
    steps: tuple[Step, ...], expected: tuple[Verdict, str, int]
) -> None:
    assert said(found(MONTHS, supervised(*steps))[FEBRUARY]) == expected


def test_only_months_that_have_ended_and_in_which_the_person_could_be_seen_on_every_day_count() -> None:
    assert list(found(MONTHS, supervised())) == [FEBRUARY, MARCH, APRIL]
    assert list(found(MONTHS, supervised(), date(2026, 3, 31))) == [FEBRUARY]
    remanded = did(begin_interruption, at=on(10, 3)), did(end_interruption, at=on(12, 3))
    assert list(found(MONTHS, supervised(*remanded))) == [FEBRUARY, APRIL]
    assert list(found(MONTHS, supervised(did(end_sentence, at=on(30, 4), ended_at=on(30, 4))))) == [FEBRUARY, MARCH]
    assert found(MONTHS, given(did(open_case))) == {}


def test_months_without_a_purposeful_contact_go_on_as_one_finding() -> None:
    spans = [(one.since, one.until, one.verdict) for one in lasting(MONTHS, supervised(seen(5)))]
    assert spans == [(FEBRUARY, MARCH, Verdict.YES), (MARCH, None, Verdict.NO)]


# Plan in force ----------------------------------------------------------------------------------------------------------

PLAN = "plan-in-force"
NO_PLAN = (Verdict.NO, "No completed plan of this supervision was in force", 0)


def completed(day: int, month: int) -> Step:
    return did(complete_plan, at=on(day, month))


def test_a_plan_is_in_force_from_the_month_in_which_it_was_completed() -> None:
    months = found(PLAN, supervised(completed(31, 3)))
    in_force = (Verdict.YES, "Completed on 31 March 2026", NEXT)
    assert [said(months[month]) for month in (FEBRUARY, MARCH, APRIL)] == [NO_PLAN, in_force, in_force]
    assert said(found(PLAN, supervised(completed(1, 4)))[MARCH]) == NO_PLAN


def test_a_plan_whose_review_is_overdue_is_still_in_force() -> None:
    reviewed_by = date(2026, 3, 2)
    case = supervised(did(complete_plan, at=on(5), review_due_on=reviewed_by))
    assert said(found(PLAN, case)[APRIL]) == (Verdict.YES, "Completed on 5 February 2026", NEXT)


def test_a_plan_of_an_earlier_time_of_supervision_does_not_count() -> None:
    again = did(end_sentence, at=on(20), ended_at=on(20)), did(start_sentence, at=on(27), started_at=on(27), requirements=())
    months = found(PLAN, supervised(completed(5, 2), *again))
    assert {month: said(finding) for month, finding in months.items()} == {MARCH: NO_PLAN, APRIL: NO_PLAN}


def imported(*steps: Step) -> Given[Case]:
    """A case whose opening and sentence an extract told of, and what was done since."""
    case: Given[Case] = Given(Case(case_id(CRN)))
    source = Imported(source="extract", row=1)
    case.record(CaseOpened(occurred_at=BEGAN, by="import", imported=source, crn=CRN, person_id=PERSON, name="Alex Example"))
    for step in (did(start_sentence, requirements=()), *steps):
        case.then(step.command, at=step.at, **step.details)
    return case


def test_an_imported_case_with_nothing_about_a_plan_is_not_evidenced() -> None:
    why = "Imported with nothing about a plan: only its source says whether there was one"
    assert said(found(PLAN, imported())[MARCH]) == (Verdict.NOT_EVIDENCED, why, 0)


@pytest.mark.parametrize("step", [did(set_objective), did(set_pattern)], ids=["an objective", "a pattern"])
def test_an_imported_case_in_which_planning_has_begun_has_no_plan_in_force(step: Step) -> None:
    assert said(found(PLAN, imported(step))[FEBRUARY]) == NO_PLAN


def test_an_imported_case_whose_plan_was_completed_has_one_in_force() -> None:
    assert found(PLAN, imported(did(set_objective), completed(5, 2)))[MARCH].verdict is Verdict.YES


def test_without_a_plan_all_months_are_one_finding() -> None:
    assert [(one.since, one.until) for one in lasting(PLAN, supervised())] == [(FEBRUARY, None)]
    ended = lasting(PLAN, supervised(completed(5, 3), did(end_sentence, sentence=SENTENCE, at=on(10, 5), ended_at=on(10, 5))))
    assert [(one.since, one.until, one.verdict) for one in ended] == [
        (FEBRUARY, MARCH, Verdict.NO),
        (MARCH, APRIL, Verdict.YES),
        (APRIL, date(2026, 5, 1), Verdict.YES),
    ]
    assert BEGAN.date() < FEBRUARY
