"""Through time: a lane a subject, each span to the day before the next, each contact in the lane of its mode with its verdict."""

from datetime import date, timedelta

from domain.allocation import AllocationReason, allocate
from domain.appointment import arrange_appointment, record_outcome
from domain.contact import Mode, Purpose, Work, record_contact
from domain.entry import withdraw_entry
from domain.interruption import InterruptionKind, begin_interruption
from domain.plan import ObjectiveEnd, complete_plan, end_objective
from domain.risk import Rosh, assess_rosh
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lanes import lanes
from projections.story import Story
from tests.rules import BEGAN, NEXT, NOW, OBJECTIVE, POLICY, did, supervised

TODAY = local_day(NOW)
A_DAY = timedelta(days=1)


def test_who_held_the_case_lasts_until_somebody_else_does() -> None:
    case = supervised(did(allocate, practitioner="OWEN", at=BEGAN + 10 * A_DAY, reason=AllocationReason.WORKLOAD))
    line = [(s.of, s.since, s.until) for s in lanes(Story(case.history), POLICY, TODAY).officers]
    assert line == [("SIAN", date(2026, 1, 12), date(2026, 1, 22)), ("OWEN", date(2026, 1, 22), None)]


def test_a_contact_stands_in_the_lane_of_its_mode_with_its_verdict_and_a_missed_one_is_no_contact() -> None:
    linked = Work(purposes=(Purpose.NEEDS,), objectives=(OBJECTIVE,))
    at = BEGAN + 5 * A_DAY
    case = supervised(
        did(record_contact, occurred_at=at, at=at, kind="COUP", work=linked),
        did(arrange_appointment, at=at, starts_at=at + 2 * A_DAY, kind="COPT", mode=Mode.TELEPHONE),
        did(record_outcome, at=at + 2 * A_DAY, appointment=NEXT + 1, outcome="UAAB"),
    )
    found = [(m.on, m.mode, m.missed, m.verdict) for m in lanes(Story(case.history), POLICY, TODAY).contacts]
    assert found == [
        (date(2026, 1, 17), Mode.OFFICE, False, Verdict.YES),
        (date(2026, 1, 19), Mode.TELEPHONE, True, Verdict.NO),
    ]


def test_a_level_of_risk_holds_until_the_next_assessment_and_a_withdrawn_one_is_none() -> None:
    case = supervised(
        did(assess_rosh, at=BEGAN, level=Rosh.MEDIUM),
        did(assess_rosh, at=BEGAN + 20 * A_DAY, level=Rosh.HIGH),
        did(withdraw_entry, at=BEGAN + 30 * A_DAY, entry=NEXT + 1, reason="Another case."),
    )
    assert [(s.of, s.until) for s in lanes(Story(case.history[:-1]), POLICY, TODAY).levels] == [
        ("medium", date(2026, 2, 1)),
        ("high", None),
    ]
    assert [(s.of, s.until) for s in lanes(Story(case.history), POLICY, TODAY).levels] == [("medium", None)]


def test_objectives_last_until_they_end_and_the_days_away_are_those_of_the_interruption() -> None:
    case = supervised(
        did(complete_plan, at=BEGAN + 8 * A_DAY),
        did(end_objective, at=BEGAN + 20 * A_DAY, objective=OBJECTIVE, how=ObjectiveEnd.ACHIEVED),
        did(begin_interruption, at=BEGAN + 30 * A_DAY, kind=InterruptionKind.REMAND),
    )
    found = lanes(Story(case.history), POLICY, TODAY)
    assert [(s.number, s.until) for s in found.objectives] == [(OBJECTIVE, date(2026, 2, 1))]
    assert [(mark.on, mark.reviewed) for mark in found.plan] == [(date(2026, 1, 20), False)]
    assert [(span.since, span.until) for span in found.away] == [(date(2026, 2, 11), None)]
    assert (found.first, found.last) == (date(2026, 1, 12), TODAY)
