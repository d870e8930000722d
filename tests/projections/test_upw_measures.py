"""Measures of unpaid work: sessions by whose doing they came to nothing, the start, the straight line to the last day, and reviews."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.case import Case, open_case
from domain.entry import correct_entry, withdraw_entry
from domain.interruption import begin_interruption
from domain.outcome import OUTCOMES
from domain.requirement import RequirementEnd, amend_requirement, end_requirement
from domain.sentence import end_sentence, start_sentence
from domain.unpaid_work import UpwReview, assess_upw, extend_upw, induct_upw, review_upw
from domain.upw_completion import complete_upw
from domain.upw_instruction import instruct_upw
from domain.upw_session import UpwAttendanceRecorded, record_upw_attendance
from domain.upw_suspension import resume_upw, suspend_upw
from projections.finding import Finding, Verdict
from projections.lasting import in_words
from projections.measures import MEASURES
from projections.measures.upw_sessions import judged
from projections.story import Story
from projections.upw_state import Session
from tests.rules import BEGAN, NEXT, POLICY, UNPAID_WORK, Given, Step, did, given, supervised

TODAY = date(2027, 6, 1)
YES, NO, LEFT_OUT, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.LEFT_OUT, Verdict.NOT_EVIDENCED


def on(day: int, month: int = 1, year: int = 2026, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def found(case: Given[Case], measure: str, today: date = TODAY) -> list[Finding]:
    return MEASURES[measure].findings(Story(case.history), POLICY, today)


def said(case: Given[Case], measure: str, today: date = TODAY) -> list[tuple[Verdict, str]]:
    return [(f.verdict, f.why) for f in found(case, measure, today)]


def worked(at: datetime, credited: int = 420, outcome: str = "ATTC", **details: Any) -> Step:
    return did(record_upw_attendance, at=at, worked_at=at, outcome=outcome, minutes_credited=credited, **details)


MEASURED = [name for name, measure in MEASURES.items() if measure.theme == "Unpaid work"]


@pytest.mark.parametrize("measure", MEASURED)
def test_a_case_without_unpaid_work_has_no_findings(measure: str) -> None:
    assert found(given(did(open_case), did(start_sentence, requirements=())), measure) == []


# Credited sessions -----------------------------------------------------------------------------------------------------


def session(outcome: str, **details: int) -> Session:
    told = {"minutes_offered": 420, "minutes_credited": 0, **details}
    reads = UpwAttendanceRecorded(
        occurred_at=BEGAN, by="GWYN", requirement=UNPAID_WORK, outcome=outcome, project="Bute Park", supervisor="GWYN", **told
    )
    return Session(NEXT, reads, instructed=True)


NOTHING_CREDITED = {
    **dict.fromkeys(("ATSS", "AASD", "RSSR", "ATTC", "AFTC", "ATCH", "AFDA"), NO),
    **dict.fromkeys(("ATSH", "AFTA", "UAAB", "AAAA", "AACL", "AAEM", "AAFC", "AAHO", "AAME", "AARC", "AARE"), LEFT_OUT),
    **dict.fromkeys(("CO05", "CO24", "CO39", "CO40", "RSOF"), LEFT_OUT),
    **dict.fromkeys(("ATFI", "CO10", "CO22", "CO38", "AAM11"), UNKNOWN),
}
"""Every outcome there is, when nothing was credited."""


def test_the_table_of_outcomes_is_whole() -> None:
    assert NOTHING_CREDITED.keys() == OUTCOMES.keys()


@pytest.mark.parametrize(("outcome", "verdict"), NOTHING_CREDITED.items())
def test_a_session_that_came_to_nothing_is_the_service_s_the_person_s_or_cannot_be_told(outcome: str, verdict: Verdict) -> None:
    assert judged(session(outcome))[0] is verdict


@pytest.mark.parametrize(
    ("offered", "verdict", "why"),
    [
        (session("ATTC", minutes_credited=390), YES, "390 of 420 minutes credited"),
        (session("AFTC", minutes_credited=1), YES, "1 of 420 minutes credited"),
        (session("ATSS", minutes_credited=60), YES, "60 of 420 minutes credited"),
        (session("AASD"), NO, "Lost because of the service: Acceptable absence – stood down (unpaid work)"),
        (session("UAAB"), LEFT_OUT, "Not the service’s doing: Unacceptable absence"),
        (session("AAME"), LEFT_OUT, "Not the service’s doing: Acceptable absence – medical"),
        (session("CO22"), UNKNOWN, "The outcome does not say whether the person came: No action required"),
        (session("XXXX"), UNKNOWN, "The outcome is not one of those there are"),
        (session("AFTC", penalty_minutes=420), LEFT_OUT, "All the minutes were taken off for conduct"),
        (session("AFTC", penalty_minutes=419), NO, "The person came, and nothing was credited"),
    ],
)
def test_a_session_says_why_it_counts_as_it_does(offered: Session, verdict: Verdict, why: str) -> None:
    found, told = judged(offered)
    assert (found, in_words(told)) == (verdict, why)


def test_each_session_counts_in_its_month_with_whoever_held_the_case() -> None:
    case = supervised(worked(on(31)), worked(on(2, 2), 0, "AASD"))
    first, second = found(case, "upw-sessions")
    assert (first.month, first.on, first.number) == (date(2026, 1, 1), date(2026, 1, 31), NEXT)
    assert (second.month, second.verdict) == (date(2026, 2, 1), NO)
    assert first.holder is not None
    assert first.holder.practitioner == "SIAN"


def test_a_corrected_session_counts_as_it_reads_now_and_a_withdrawn_one_not_at_all() -> None:
    case = supervised(worked(on(20)), worked(on(21)))
    case.then(correct_entry, entry=NEXT, reads=replace(case.history[NEXT - 1].event, minutes_credited=0, outcome="AASD"))
    case.then(withdraw_entry, entry=NEXT + 1)
    assert [f.verdict for f in found(case, "upw-sessions")] == [NO]


# The start -------------------------------------------------------------------------------------------------------------
# Ordered on Monday 12 January 2026: assessed and inducted within 10 working days, by 26 January; worked within 15 more, by 16 February.


def assessed(at: datetime) -> Step:
    return did(assess_upw, at=at)


def inducted(at: datetime) -> Step:
    return did(induct_upw, at=at)


def told(at: datetime) -> Step:
    return did(instruct_upw, at=at, work_at=at + timedelta(days=7), reason="Another project.")


@pytest.mark.parametrize(
    ("measure", "steps", "verdict", "why", "number"),
    [
        ("upw-assessed", [assessed(on(19)), inducted(on(26))], YES, "Assessed and inducted on 26 January 2026", NEXT + 1),
        ("upw-assessed", [inducted(on(19)), assessed(on(26))], YES, "Assessed and inducted on 26 January 2026", NEXT + 1),
        (
            "upw-assessed",
            [assessed(on(19)), inducted(on(27))],
            NO,
            "Assessed and inducted on 27 January 2026, 1 working day after the limit",
            NEXT + 1,
        ),
        ("upw-assessed", [assessed(on(19))], NO, "Not done; the limit ran out on 26 January 2026", UNPAID_WORK),
        ("upw-instructed", [told(on(16, 2)), told(on(17, 2))], YES, "First instructed on 16 February 2026", NEXT),
        ("upw-instructed", [told(on(17, 2))], NO, "First instructed on 17 February 2026, 1 working day after the limit", NEXT),
        ("upw-instructed", [], NO, "Not done; the limit ran out on 16 February 2026", UNPAID_WORK),
        ("upw-first-session", [worked(on(9, 2), 0, "UAAB"), worked(on(16, 2))], YES, "First worked on 16 February 2026", NEXT + 1),
        ("upw-first-session", [worked(on(18, 2))], NO, "First worked on 18 February 2026, 2 working days after the limit", NEXT),
        ("upw-first-session", [worked(on(9, 2), 0, "AASD")], NO, "Not done; the limit ran out on 16 February 2026", UNPAID_WORK),
    ],
)
def test_the_start_is_in_time_or_late(measure: str, steps: list[Step], verdict: Verdict, why: str, number: int) -> None:
    (finding,) = found(supervised(*steps), measure)
    assert (finding.verdict, finding.why, finding.number) == (verdict, why, number)


START = ["upw-assessed", "upw-instructed", "upw-first-session"]
STOPPED: dict[str, tuple[Step, str]] = {
    "ended": (did(complete_upw, at=on(20)), "The work ended before the limit"),
    "revoked": (
        did(end_requirement, at=on(20), requirement=UNPAID_WORK, how=RequirementEnd.REVOKED),
        "The work ended before the limit",
    ),
    "suspended": (did(suspend_upw, at=on(20)), "The work was suspended before the limit"),
    "away": (did(begin_interruption, at=on(20)), "The person could not be seen on every day of the limit"),
}


@pytest.mark.parametrize("measure", START)
@pytest.mark.parametrize(("step", "why"), STOPPED.values(), ids=STOPPED)
def test_a_start_that_was_stopped_before_its_limit_is_left_out(measure: str, step: Step, why: str) -> None:
    assert said(supervised(step), measure) == [(LEFT_OUT, why)]


@pytest.mark.parametrize(("measure", "last"), [*zip(START, [date(2026, 1, 26), date(2026, 2, 16), date(2026, 2, 16)], strict=True)])
def test_until_its_limit_a_start_is_left_out(measure: str, last: date) -> None:
    assert said(supervised(), measure, last) == [(LEFT_OUT, f"The limit has not run out: {last:%-d %B %Y}")]
    assert said(supervised(), measure, last + timedelta(days=1))[0][0] is NO


def test_a_start_in_time_counts_though_the_work_was_suspended_afterwards() -> None:
    assert said(supervised(told(on(14)), did(suspend_upw, at=on(20))), "upw-instructed")[0][0] is YES


# On course -------------------------------------------------------------------------------------------------------------
# 80 hours, 4,800 minutes, from 12 January 2026 to 12 January 2027: 365 days. At the end of February 47 days have passed, at the end of
# March 78, of April 108: 4800 * 47 // 365 = 618, 4800 * 78 // 365 = 1025, 4800 * 108 // 365 = 1420.


def course(case: Given[Case], today: date = date(2026, 5, 1)) -> dict[str, tuple[Verdict, str]]:
    return {f"{f.month:%B %Y}": (f.verdict, f.why) for f in found(case, "upw-on-course", today)}


def test_a_month_is_on_course_when_as_much_is_credited_as_on_the_straight_line() -> None:
    case = supervised(worked(on(20), 300), worked(on(3, 2), 318), worked(on(3, 3), 406))
    assert course(case) == {
        "February 2026": (YES, "618 minutes credited of 4,800; 618 by the straight line to 12 January 2027"),
        "March 2026": (NO, "1,024 minutes credited of 4,800; 1,025 by the straight line to 12 January 2027"),
        "April 2026": (NO, "1,024 minutes credited of 4,800; 1,420 by the straight line to 12 January 2027"),
    }


def test_what_is_worked_later_does_not_count_for_the_month_before_and_a_month_rests_on_its_last_session() -> None:
    case = supervised(worked(on(28, 2), 300), worked(on(1, 3), 420))
    assert course(case)["February 2026"][1].startswith("300 minutes")
    numbers = {f"{f.month:%B}": f.number for f in found(case, "upw-on-course", date(2026, 4, 1))}
    assert numbers == {"February": NEXT, "March": NEXT + 1}


def test_without_a_session_a_month_rests_on_the_order() -> None:
    (first,) = found(supervised(), "upw-on-course", date(2026, 3, 1))
    assert (first.verdict, first.number) == (NO, UNPAID_WORK)


def test_a_case_that_is_ahead_falls_behind_in_its_time_with_no_entry_and_stays_behind_after_the_last_day() -> None:
    """1,025 minutes are the line at the end of March, 1,420 at the end of April; 4,800 from 12 January 2027 on."""
    case = supervised(worked(on(20), 420), worked(on(21), 420), worked(on(22), 420))
    judged_later = course(case, date(2027, 4, 1))
    assert [verdict for month, (verdict, _) in judged_later.items() if month in ("March 2026", "April 2026")] == [YES, NO]
    assert judged_later["March 2027"] == (NO, "1,260 minutes credited of 4,800; 4,800 by the straight line to 12 January 2027")


def test_months_in_which_the_work_was_suspended_on_any_day_do_not_count_and_the_line_starts_later_by_those_days() -> None:
    """Suspended from 10 February to 10 March, 28 days: by the end of April 108 - 28 = 80 of 365 - 28 = 337 days have passed."""
    case = supervised(did(suspend_upw, at=on(10, 2)), did(resume_upw, at=on(10, 3)), worked(on(20, 3), 420))
    assert course(case) == {"April 2026": (NO, "420 minutes credited of 4,800; 1,139 by the straight line to 12 January 2027")}


def test_a_suspension_lifted_on_its_day_takes_no_month_away() -> None:
    case = supervised(did(suspend_upw, at=on(10, 2, hour=9)), did(resume_upw, at=on(10, 2, hour=15)))
    assert list(course(case)) == ["February 2026", "March 2026", "April 2026"]


@pytest.mark.parametrize(
    "step",
    [did(complete_upw, at=on(10, 4)), did(end_sentence, at=on(10, 4), ended_at=on(10, 4)), did(suspend_upw, at=on(10, 4))],
    ids=["completed", "sentence ended", "suspended for good"],
)
def test_after_its_end_no_month_counts(step: Step) -> None:
    assert list(course(supervised(step), date(2026, 9, 1))) == ["February 2026", "March 2026"]


def test_months_away_do_not_count() -> None:
    assert list(course(supervised(did(begin_interruption, at=on(10, 3))), date(2026, 9, 1))) == ["February 2026"]


def test_more_time_from_the_court_makes_the_line_less_steep() -> None:
    """To 12 July 2027 it is 546 days: 4800 * 47 // 546 = 413."""
    case = supervised(worked(on(20), 413), did(extend_upw, at=on(1, 4)))
    assert course(case)["February 2026"] == (YES, "413 minutes credited of 4,800; 413 by the straight line to 12 July 2027")


def test_hours_changed_by_the_court_change_the_line() -> None:
    """60 hours: 3600 * 47 // 365 = 463."""
    case = supervised(did(amend_requirement, at=on(1, 4), requirement=UNPAID_WORK, amount=60))
    assert course(case)["February 2026"][1].endswith("of 3,600; 463 by the straight line to 12 January 2027")


# Reviews ---------------------------------------------------------------------------------------------------------------


def held(at: datetime, kind: UpwReview = UpwReview.SIX_MONTHS) -> Step:
    return did(review_upw, at=at, kind=kind)


def reviews(*steps: Step, today: date = TODAY) -> list[tuple[Verdict, str]]:
    return said(supervised(*steps), "upw-reviewed", today)


def test_reviews_are_due_six_and_nine_months_after_the_order() -> None:
    assert reviews(held(on(12, 7)), held(on(13, 10), UpwReview.NINE_MONTHS)) == [
        (YES, "Six-month review held on 12 July 2026"),
        (NO, "Nine-month review held on 13 October 2026, 1 working day after the limit"),
    ]
    months = [f.month for f in found(supervised(), "upw-reviewed")]
    assert months == [date(2026, 7, 1), date(2026, 10, 1)]


def test_a_review_waits_for_its_day_and_is_late_after_it() -> None:
    assert reviews(today=date(2026, 7, 12))[0] == (LEFT_OUT, "The limit has not run out: 12 July 2026")
    assert reviews(today=date(2026, 7, 13))[0] == (NO, "Not done; the limit ran out on 12 July 2026")


def test_once_the_work_or_supervision_has_ended_no_review_is_due() -> None:
    nine = "The work ended before the nine-month review was due"
    assert reviews(held(on(1, 7)), did(complete_upw, at=on(1, 8))) == [(YES, "Six-month review held on 1 July 2026"), (LEFT_OUT, nine)]
    assert reviews(did(complete_upw, at=on(12, 7)))[0] == (LEFT_OUT, "The work ended before the six-month review was due")
    assert reviews(did(end_sentence, at=on(1, 8), ended_at=on(1, 8)))[1] == (LEFT_OUT, nine)


def test_a_review_is_due_while_the_work_is_suspended() -> None:
    assert reviews(did(suspend_upw, at=on(1, 3)))[0][0] is NO
