"""Deadlines: what has to be done by when in a case, each day worked out by hand, while it holds and for whom."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.allocation import AllocationReason, allocate
from domain.appointment import arrange_appointment, cancel_appointment, record_outcome
from domain.case import Case, open_case
from domain.contact import Mode, record_contact
from domain.cover import start_cover
from domain.interruption import begin_interruption
from domain.organisation import Provider, register_provider
from domain.plan import complete_plan, set_pattern
from domain.register import register
from domain.risk import Rosh, assess_rosh, note_significant_event
from domain.safeguarding import request_checks
from domain.sentence import SentenceKind, start_sentence
from domain.upw_instruction import instruct_upw
from projections.deadline_kinds import AHEAD, RULES, SLIPPING, About, Kind, coming, of_about
from projections.deadlines import ALWAYS, COLUMNS, NEVER, Deadline, deadlines, rows
from projections.story import Story
from tests.rules import BEGAN, NOW, POLICY, SENTENCE, UNPAID_WORK, Given, Step, closed, did, given, opened, supervised


def on(day: int, month: int = 1, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def of(case: Given[Case], *kinds: Kind) -> list[Deadline]:
    """The deadlines of some kinds, soonest first."""
    return sorted((one for one in deadlines(Story(case.history), POLICY) if one.kind in kinds), key=lambda one: (one.due_on, one.number))


def days(case: Given[Case], *kinds: Kind) -> list[date]:
    return [one.due_on for one in of(case, *kinds)]


def seen(day: datetime, kind: str = "COUP") -> Step:
    return did(record_contact, at=day, occurred_at=day, practitioner="SIAN", kind=kind)


# Whose they are ---------------------------------------------------------------------------------------------------------


def test_a_row_says_what_by_when_and_who_holds_the_case() -> None:
    found = [dict(zip([*COLUMNS][1:], row, strict=True)) for row in rows(Story(supervised().history), POLICY)]
    (ends,) = (row for row in found if row["kind"] == "supervision ends")
    assert (ends["due_on"], ends["number"], ends["practitioner"], ends["team"], ends["provider"]) == (
        date(2027, 1, 11),
        SENTENCE,
        "SIAN",
        "CF1",
        "C10",
    )
    assert (ends["since"], ends["until"], ends["route"]) == (ALWAYS, NEVER, "")


def test_a_case_that_is_closed_or_not_yet_sentenced_has_none() -> None:
    assert list(deadlines(Story(closed().history), POLICY)) == []
    assert list(deadlines(Story(given(did(open_case)).history), POLICY)) == []
    assert list(rows(Story(given(did(register_provider), of=Provider).history), POLICY)) == []


def test_a_case_left_with_nobody_is_to_have_an_officer_by_the_end_of_the_second_working_day() -> None:
    # Friday 6 March 2026; the second working day after it is Tuesday the 10th.
    left = supervised(did(allocate, at=on(6, 3), practitioner="", reason=AllocationReason.STAFF))
    assert days(left, Kind.NOBODY) == [date(2026, 3, 10)]
    assert days(supervised(), Kind.NOBODY) == []


def test_cover_ends_on_its_last_day() -> None:
    covered = supervised(did(start_cover, at=on(9, 3), until=date(2026, 3, 20)))
    assert [(one.due_on, one.what) for one in of(covered, Kind.COVER_ENDS)] == [(date(2026, 3, 20), "sickness")]


# Contact ----------------------------------------------------------------------------------------------------------------


def test_contact_is_due_as_often_as_the_pattern_says() -> None:
    every_two_weeks = supervised(did(set_pattern, at=BEGAN, every_days=14), seen(on(20)))
    assert [(one.due_on, one.what) for one in of(every_two_weeks, Kind.NO_CONTACT)] == [(date(2026, 2, 3), "Every 14 days")]
    # Before any contact it counts from the day on which the pattern begins.
    assert days(supervised(did(set_pattern, at=BEGAN, every_days=14)), Kind.NO_CONTACT) == [date(2026, 1, 26)]
    assert days(supervised(seen(on(20))), Kind.NO_CONTACT) == [], "no pattern, no day"


def test_a_pattern_that_is_to_follow_counts_from_its_own_first_day() -> None:
    case = supervised(
        did(set_pattern, at=BEGAN, every_days=28),
        seen(on(20)),
        did(set_pattern, at=on(21), every_days=7, mode=Mode.OFFICE, from_on=date(2026, 2, 2)),
    )
    # 28 days from 20 January would be 17 February; the pattern of 7 days takes its place on the 2nd and so is due on the 9th.
    assert [(one.due_on, one.until) for one in of(case, Kind.NO_CONTACT)] == [(date(2026, 2, 9), NEVER)]
    slow = supervised(
        did(set_pattern, at=BEGAN, every_days=7),
        seen(on(20)),
        did(set_pattern, at=on(21), every_days=28, mode=Mode.OFFICE, from_on=date(2026, 2, 2)),
    )
    # Due on 27 January under the first until it is replaced; then anew.
    assert [(one.due_on, one.until) for one in of(slow, Kind.NO_CONTACT)] == [
        (date(2026, 1, 27), date(2026, 2, 2)),
        (date(2026, 3, 2), NEVER),
    ]


def test_somebody_is_seen_face_to_face_within_six_weeks() -> None:
    assert days(supervised(), Kind.UNSEEN) == [date(2026, 2, 23)], "42 days from the start on 12 January"
    assert days(supervised(seen(on(20)), seen(on(22), "COPT")), Kind.UNSEEN) == [date(2026, 3, 3)], "a call is not that"


def test_another_appointment_is_arranged_by_the_day_of_the_last() -> None:
    assert days(supervised(), Kind.NO_APPOINTMENT) == [BEGAN.date()]
    arranged = supervised(did(arrange_appointment, at=on(12), starts_at=on(19)), did(arrange_appointment, at=on(12), starts_at=on(26)))
    assert days(arranged, Kind.NO_APPOINTMENT) == [date(2026, 1, 26)]
    number = arranged.state.version
    arranged.then(cancel_appointment, at=on(13), appointment=number)
    assert days(arranged, Kind.NO_APPOINTMENT) == [date(2026, 1, 19)]


def test_nothing_of_contact_is_asked_while_the_person_cannot_be_seen() -> None:
    away = supervised(did(set_pattern, at=BEGAN, every_days=7), did(begin_interruption, at=on(20)))
    assert of(away, Kind.NO_CONTACT, Kind.UNSEEN, Kind.NO_APPOINTMENT) == []


def test_an_outcome_is_recorded_within_five_working_days() -> None:
    case = supervised(did(arrange_appointment, at=on(12), starts_at=on(19)))
    number = case.state.version
    # Monday 19 January; five working days later is Monday the 26th.
    assert [(one.due_on, one.number) for one in of(case, Kind.OUTCOME)] == [(date(2026, 1, 26), number)]
    assert [(one.due_on, one.number) for one in of(case, Kind.FIRST_APPOINTMENT)] == [(date(2026, 1, 19), number)]
    case.then(record_outcome, at=on(19, hour=11), appointment=number, outcome="ATTC")
    assert of(case, Kind.OUTCOME, Kind.FIRST_APPOINTMENT) == []


# Enforcement ------------------------------------------------------------------------------------------------------------


def failed(day: datetime) -> list[Step]:
    return [did(arrange_appointment, at=day - timedelta(days=3), starts_at=day)]


def test_a_reason_is_decided_by_the_day_until_which_it_is_awaited_for_both_kinds_of_provider() -> None:
    case = supervised(*failed(on(19)))
    case.then(record_outcome, at=on(19, hour=11), appointment=case.state.version, outcome="AFTA")
    number = case.state.version
    found = of(case, Kind.DECIDE)
    # Seven days from Monday 19 January; it drops out of the window twelve months later.
    assert [(one.route, one.due_on, one.number, one.since, one.until) for one in found] == [
        (route, date(2026, 1, 26), number, ALWAYS, date(2027, 1, 26)) for route in ("CRC", "NPS")
    ]


def test_of_two_failures_the_second_s_clock_is_told_once_the_first_has_left_the_window() -> None:
    case = supervised(*failed(on(19)))
    case.then(record_outcome, at=on(19, hour=11), appointment=case.state.version, outcome="AFTA")
    case.then(arrange_appointment, at=on(20), starts_at=on(2, 2))
    case.then(record_outcome, at=on(2, 2, 11), appointment=case.state.version, outcome="AFTA")
    found = [one for one in of(case, Kind.DECIDE) if one.route == "CRC"]
    assert [(one.due_on, one.since, one.until) for one in found] == [
        (date(2026, 1, 26), ALWAYS, date(2027, 1, 26)),
        (date(2026, 2, 9), date(2027, 1, 26), date(2027, 2, 9)),
    ]


# Risk and the plan ------------------------------------------------------------------------------------------------------


def test_rosh_is_assessed_with_the_plan_and_looked_at_again_after_six_months() -> None:
    # Fifteen working days after Monday 12 January is Monday 2 February.
    assert days(supervised(), Kind.NOT_ASSESSED) == [date(2026, 2, 2)]
    assessed = supervised(did(assess_rosh, at=on(15), policy=POLICY, level=Rosh.MEDIUM, rationale="Earlier violence."))
    assert days(assessed, Kind.NOT_ASSESSED) == []
    assert days(assessed, Kind.ROSH_REVIEW) == [date(2026, 7, 15)]
    assert of(assessed, Kind.HIGH_IN_CRC) == []


def test_a_high_level_is_late_each_day_that_a_crc_holds_it_and_never_in_the_nps() -> None:
    high = supervised(did(assess_rosh, at=on(15), policy=POLICY, level=Rosh.HIGH, rationale="Threats."))
    assert [(one.due_on, one.route) for one in of(high, Kind.HIGH_IN_CRC)] == [(date(2026, 1, 15), "CRC")]


def test_registrations_events_and_checks_have_their_own_days() -> None:
    case = supervised(
        did(register, at=on(12), policy=POLICY, register="RRR"),
        did(note_significant_event, at=on(13)),
        did(request_checks, at=on(14)),
    )
    assert days(case, Kind.REGISTRATION) == [date(2026, 4, 12)], "three months"
    assert days(case, Kind.AFTER_EVENT) == [date(2026, 1, 20)], "five working days after Tuesday the 13th"
    assert set(days(case, Kind.CHECK)) == {date(2026, 1, 28)}, "ten working days after Wednesday the 14th"


def test_a_plan_is_due_after_the_first_appointment_kept_and_then_its_review() -> None:
    case = supervised(did(arrange_appointment, at=on(12), starts_at=on(19)))
    assert of(case, Kind.NO_PLAN) == []
    case.then(record_outcome, at=on(19, hour=11), appointment=case.state.version, outcome="ATTC")
    # Fifteen working days after Monday 19 January.
    assert days(case, Kind.NO_PLAN) == [date(2026, 2, 9)]
    case.then(complete_plan, at=on(2, 2))
    assert days(case, Kind.NO_PLAN) == []
    assert days(case, Kind.PLAN_REVIEW) == [date(2027, 2, 2)]


# Unpaid work and the sentence -------------------------------------------------------------------------------------------


def test_unpaid_work_is_instructed_then_worked_then_reviewed_then_done() -> None:
    # Ten working days from 12 January are the 26th; fifteen more are 16 February.
    assert [(one.due_on, one.number) for one in of(supervised(), Kind.NOT_INSTRUCTED)] == [(date(2026, 2, 16), UNPAID_WORK)]
    told = supervised(did(instruct_upw, at=on(13), work_at=on(19)))
    assert (days(told, Kind.NOT_INSTRUCTED), days(told, Kind.FIRST_SESSION)) == ([], [date(2026, 2, 16)])
    assert days(supervised(), Kind.UPW_REVIEW)[0] == date(2026, 7, 12)
    assert days(supervised(), Kind.HOURS) == [date(2027, 1, 12)]


def test_custody_has_an_end_of_its_own_name() -> None:
    inside = opened(did(start_sentence, at=BEGAN, kind=SentenceKind.CUSTODIAL, expected_end_on=date(2026, 9, 1), requirements=()))
    assert [one.due_on for one in of(inside, Kind.CUSTODY_ENDS)] == [date(2026, 9, 1)]


# The words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*Kind])
def test_every_kind_has_a_rule_whose_words_say_the_values_that_it_rests_on(kind: Kind) -> None:
    rule = RULES[kind]
    said = rule.said(POLICY)
    assert "{" not in said
    assert said.endswith(".")
    assert all(source.source for source in rule.sources(POLICY))
    assert coming(kind)


def test_what_slips_and_what_lies_ahead_are_all_of_the_kinds_there_are() -> None:
    assert {kind for about in About for kind in of_about(about)} == set(SLIPPING)
    ahead = [kind for kinds in AHEAD.values() for kind in kinds]
    assert len(ahead) == len(set(ahead))
    from_one_contact_to_the_next = {Kind.NOBODY, Kind.NO_CONTACT, Kind.UNSEEN, Kind.NO_APPOINTMENT, Kind.OUTCOME, Kind.HIGH_IN_CRC}
    assert set(Kind) - set(ahead) == from_one_contact_to_the_next


def test_the_days_of_the_usual_case_are_those_that_its_row_in_lists_has() -> None:
    assert (NOW - BEGAN).days == 59
    assert sorted({one.kind for one in deadlines(Story(supervised().history), POLICY)}) == sorted(
        [Kind.UNSEEN, Kind.NO_APPOINTMENT, Kind.NOT_ASSESSED, Kind.NOT_INSTRUCTED, Kind.UPW_REVIEW, Kind.HOURS, Kind.ENDS]
    )
