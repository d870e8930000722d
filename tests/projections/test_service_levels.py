"""Service levels: each clock begins, runs out and is met as the contract says, and what nobody can tell is neither yes nor no."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.allocation import AllocationReason, allocate
from domain.appointment import AskedBy, arrange_appointment, cancel_appointment, rearrange_appointment, record_outcome
from domain.breach import BreachPresented, BreachReferred, BreachReturned, BreachWithdrawn, Route
from domain.case import Case
from domain.contact import Mode, record_contact
from domain.cover import end_cover, start_cover
from domain.enforcement import EnforcementActionTaken
from domain.event import Event
from domain.evidence import EvidenceAwaited
from domain.interruption import begin_interruption
from domain.phase import release
from domain.plan import complete_plan
from domain.sentence import SentenceKind, end_sentence, start_sentence
from projections.counted import lasting_rows
from projections.finding import Finding, Verdict
from projections.lasting import Lasting
from projections.measures import MEASURES
from projections.measures.service_levels import MEASURES as LEVELS
from projections.story import Story
from tests.rules import ALLOCATION, BEGAN, NEXT, POLICY, SENTENCE, Given, Step, did, opened, supervised

LATER = date(2026, 8, 3)
"""A day on which every limit of these cases has run out."""


def on(day: int, month: int = 1, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def found(case: Given[Case], level: str, today: date = LATER) -> list[Finding]:
    return MEASURES[level].findings(Story(case.history), POLICY, today)


def limits(case: Given[Case], level: str) -> list[Lasting]:
    lasting = MEASURES[level].lasting
    assert lasting is not None
    return list(lasting(Story(case.history), POLICY))


def one(case: Given[Case], level: str, today: date = LATER) -> Finding:
    (judged,) = found(case, level, today)
    return judged


def said(case: Given[Case], level: str, today: date = LATER) -> tuple[Verdict, str]:
    judged = one(case, level, today)
    return judged.verdict, judged.why


def arranged(starts_at: datetime, **details: Any) -> Step:
    return did(arrange_appointment, at=min(BEGAN, starts_at - timedelta(minutes=1)), starts_at=starts_at, **details)


def kept(starts_at: datetime, number: int = NEXT, outcome: str = "ATTC", **details: Any) -> tuple[Step, Step]:
    return arranged(starts_at, **details), did(record_outcome, at=starts_at, appointment=number, outcome=outcome)


# The table -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
def test_every_level_has_its_words_and_rests_on_a_value_of_the_policy(level: Any) -> None:
    (rule,) = level.rules
    assert POLICY.sources[rule].mark == "[V]"
    assert level.definition.endswith(".")


def sentenced(at: datetime, kind: SentenceKind = SentenceKind.COMMUNITY_ORDER) -> Step:
    return did(start_sentence, at=at, started_at=at, kind=kind, requirements=(), expected_end_on=date(2027, 1, 11))


@pytest.mark.parametrize(
    ("step", "level", "due"),
    [
        (sentenced(on(2, 4), SentenceKind.LICENCE), "after-release", date(2026, 4, 7)),
        (sentenced(on(2, 4)), "first-appointment", date(2026, 4, 13)),
        (sentenced(datetime(2026, 12, 24, 23, 30, tzinfo=UTC)), "first-appointment", date(2027, 1, 5)),
    ],
    ids=["over Easter", "over Easter and a week", "from half past eleven on Christmas Eve"],
)
def test_limits_run_in_working_days(step: Step, level: str, due: date) -> None:
    last = limits(supervised(step), level)[-1]
    assert last.turns_on == due + timedelta(days=1)


# Allocation ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "verdict", "why"),
    [
        (on(12), Verdict.YES, "Allocated to a team on 12 January 2026"),
        (on(14, hour=23), Verdict.YES, "Allocated to a team on 14 January 2026"),
        (on(15, hour=0), Verdict.NO, "Allocated to a team on 15 January 2026, 1 working day after the limit"),
        (on(19), Verdict.NO, "Allocated to a team on 19 January 2026, 3 working days after the limit"),
    ],
)
def test_a_case_is_allocated_by_the_end_of_the_second_full_working_day(at: datetime, verdict: Verdict, why: str) -> None:
    case = opened(did(allocate, at=at))
    assert said(case, "allocation") == (verdict, why)
    assert one(case, "allocation").number == ALLOCATION


def test_an_allocation_that_is_still_to_come_is_late_only_after_its_limit() -> None:
    assert said(opened(), "allocation", date(2026, 1, 14)) == (Verdict.LEFT_OUT, "The limit has not run out: 14 January 2026")
    assert said(opened(), "allocation", date(2026, 1, 15)) == (Verdict.NO, "Not done; the limit ran out on 14 January 2026")


def test_a_second_sentence_in_a_case_that_is_held_wants_no_allocation() -> None:
    second = supervised(sentenced(on(9, 2)))
    assert [j.why for j in found(second, "allocation")][1:] == ["The case was allocated before this sentence"]


# The first appointment -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "verdict", "why"),
    [
        pytest.param((arranged(on(19)),), Verdict.YES, "Appointment arranged on 19 January 2026", id="on the last day"),
        pytest.param((arranged(on(20)),), Verdict.NO, "Appointment arranged on 20 January 2026, 1 working day after the limit", id="late"),
        pytest.param(kept(on(19), outcome="UAAB"), Verdict.YES, "Appointment arranged on 19 January 2026", id="not kept"),
        pytest.param((arranged(on(14), kind="COVC"),), Verdict.YES, "Appointment arranged on 14 January 2026", id="by video"),
        pytest.param((arranged(on(14), kind="COPT"),), Verdict.NO, "Not done; the limit ran out on 19 January 2026", id="by telephone"),
        pytest.param((arranged(on(14), kind="C334"),), Verdict.NO, "Not done; the limit ran out on 19 January 2026", id="at a kiosk"),
        pytest.param((), Verdict.NO, "Not done; the limit ran out on 19 January 2026", id="none"),
        pytest.param(
            (arranged(on(14)), did(cancel_appointment, at=on(13), asked_by=AskedBy.SERVICE)),
            Verdict.NO,
            "Not done; the limit ran out on 19 January 2026",
            id="called off by the service",
        ),
        pytest.param(
            (arranged(on(14)), did(cancel_appointment, at=on(13), asked_by=AskedBy.PERSON)),
            Verdict.YES,
            "Appointment arranged on 14 January 2026",
            id="called off by the person",
        ),
        pytest.param(
            (arranged(on(14)), did(rearrange_appointment, at=on(13), starts_at=on(26), asked_by=AskedBy.PERSON)),
            Verdict.YES,
            "Appointment arranged on 14 January 2026",
            id="moved by the person",
        ),
        pytest.param(
            (arranged(on(14)), did(rearrange_appointment, at=on(13), starts_at=on(26), asked_by=AskedBy.SERVICE)),
            Verdict.NO,
            "Appointment arranged on 26 January 2026, 5 working days after the limit",
            id="moved by the service",
        ),
        pytest.param(
            kept(on(14), outcome="RSSR"), Verdict.NO, "Not done; the limit ran out on 19 January 2026", id="put off by the service"
        ),
    ],
)
def test_a_first_appointment_is_arranged_within_five_working_days(steps: tuple[Step, ...], verdict: Verdict, why: str) -> None:
    assert said(supervised(*steps), "first-appointment") == (verdict, why)


def test_the_clock_begins_with_the_allocation_and_not_with_the_sentence() -> None:
    case = opened(did(allocate, at=on(16)), arranged(on(23)))
    assert (one(case, "first-appointment").on, one(case, "first-appointment").verdict) == (date(2026, 1, 16), Verdict.YES)
    assert found(opened(), "first-appointment") == []


def test_an_order_that_ended_before_the_limit_is_left_out() -> None:
    ended = supervised(did(end_sentence, at=on(15), ended_at=on(15)))
    assert said(ended, "first-appointment") == (Verdict.LEFT_OUT, "The sentence ended before the limit")


def test_only_orders_in_the_community_have_this_clock() -> None:
    assert len(found(supervised(sentenced(on(9, 2), SentenceKind.LICENCE)), "first-appointment")) == 1


# Release ---------------------------------------------------------------------------------------------------------------

CUSTODY = sentenced(on(1, 2), SentenceKind.CUSTODIAL)


@pytest.mark.parametrize(("day", "verdict"), [(16, Verdict.YES), (17, Verdict.NO)], ids=["the next working day", "a day too late"])
def test_after_a_release_an_appointment_is_arranged_for_the_next_working_day(day: int, verdict: Verdict) -> None:
    released = did(release, at=on(13, 3), sentence=NEXT)
    case = supervised(CUSTODY, released, arranged(on(day, 3)))
    judged = one(case, "after-release")
    assert (judged.verdict, judged.on) == (verdict, date(2026, 3, 13))


def test_a_licence_that_begins_the_record_is_a_release() -> None:
    case = supervised(sentenced(on(13, 3), SentenceKind.LICENCE), arranged(on(16, 3)))
    assert one(case, "after-release").verdict is Verdict.YES


# The plan --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("completed", "verdict", "why"),
    [
        (on(5, 2), Verdict.YES, "Plan completed on 5 February 2026"),
        (on(6, 2), Verdict.NO, "Plan completed on 6 February 2026, 1 working day after the limit"),
        (None, Verdict.NO, "Not done; the limit ran out on 5 February 2026"),
    ],
)
def test_a_plan_is_complete_within_fifteen_working_days_of_the_first_appointment_kept(
    completed: datetime | None, verdict: Verdict, why: str
) -> None:
    steps = (did(complete_plan, at=completed),) if completed else ()
    case = supervised(*kept(on(15)), *steps)
    assert said(case, "plan") == (verdict, why)
    assert limits(case, "plan")[0].on == one(case, "plan").on


def test_without_an_appointment_kept_the_plan_has_no_clock() -> None:
    assert found(supervised(*kept(on(15), outcome="UAAB")), "plan") == []


def test_a_plan_of_supervision_that_ended_first_is_left_out() -> None:
    ended = supervised(*kept(on(15)), did(end_sentence, at=on(20), ended_at=on(20)))
    assert said(ended, "plan") == (Verdict.LEFT_OUT, "Supervision ended before the limit")


# Breach ----------------------------------------------------------------------------------------------------------------


def referred(at: datetime, aware: date, route: Route = Route.CRC, again: int = 0) -> BreachReferred:
    return BreachReferred(occurred_at=at, by="SIAN", sentences=(SENTENCE,), failures=(), became_aware_on=aware, route=route, again=again)


def breached(*events: Event) -> Given[Case]:
    case = supervised()
    case.record(*events)
    return case


AWARE = date(2026, 3, 12)
PRESENTED = BreachPresented(occurred_at=on(26, 3), by="SIAN", breach=NEXT)


@pytest.mark.parametrize(("day", "verdict"), [(24, Verdict.YES), (25, Verdict.NO)])
def test_a_crc_refers_a_breach_within_eight_working_days_of_becoming_aware(day: int, verdict: Verdict) -> None:
    assert one(breached(referred(on(day, 3), AWARE)), "breach-referred").verdict is verdict


@pytest.mark.parametrize(("day", "verdict"), [(24, Verdict.YES), (23, Verdict.NO)])
def test_the_nps_presents_a_crc_s_breach_within_two_working_days_of_the_referral(day: int, verdict: Verdict) -> None:
    case = breached(referred(on(day, 3), AWARE), PRESENTED)
    assert (one(case, "breach-presented-for-crc").verdict, found(case, "breach-presented")) == (verdict, [])


def test_a_returned_breach_waits_for_its_second_referral() -> None:
    returned = BreachReturned(occurred_at=on(17, 3), by="ALED", breach=NEXT)
    case = breached(referred(on(16, 3), AWARE), returned)
    assert said(case, "breach-presented-for-crc") == (Verdict.LEFT_OUT, "The NPS returned the referral")
    case.record(referred(on(24, 3), AWARE, again=NEXT), PRESENTED)
    assert one(case, "breach-presented-for-crc").verdict is Verdict.YES
    assert one(case, "breach-referred").why == "Referred to the NPS on 16 March 2026"


@pytest.mark.parametrize(("aware", "verdict"), [(date(2026, 3, 12), Verdict.YES), (date(2026, 3, 11), Verdict.NO)])
def test_the_nps_presents_its_own_breach_within_ten_working_days(aware: date, verdict: Verdict) -> None:
    case = breached(referred(on(13, 3), aware, Route.NPS), PRESENTED)
    assert (one(case, "breach-presented").verdict, found(case, "breach-referred")) == (verdict, [])


def test_a_breach_withdrawn_before_court_is_left_out() -> None:
    withdrawn = BreachWithdrawn(occurred_at=on(17, 3), by="SIAN", breach=NEXT)
    case = breached(referred(on(16, 3), AWARE), withdrawn)
    assert said(case, "breach-presented-for-crc") == (Verdict.LEFT_OUT, "It was withdrawn before it was presented")
    assert one(case, "breach-referred").verdict is Verdict.YES


# Monthly contact -------------------------------------------------------------------------------------------------------


def month(case: Given[Case], today: date = date(2026, 3, 20)) -> Finding:
    """What is said of February."""
    return next(j for j in found(case, "monthly-contact", today) if j.month == date(2026, 2, 1))


MISSED = kept(on(12, 2), outcome="UAAB")


@pytest.mark.parametrize(
    ("steps", "verdict", "why"),
    [
        pytest.param((), Verdict.NO, "No face-to-face appointment was offered", id="nothing"),
        pytest.param(kept(on(12, 2)), Verdict.YES, "One was attended on 12 February 2026", id="attended"),
        pytest.param(kept(on(12, 2), kind="COPT"), Verdict.NO, "No face-to-face appointment was offered", id="by telephone"),
        pytest.param(kept(on(12, 2), kind="COVC"), Verdict.NO, "No face-to-face appointment was offered", id="by video"),
        pytest.param(kept(on(12, 2), kind="RARP"), Verdict.NO, "No face-to-face appointment was offered", id="in a group"),
        pytest.param(MISSED, Verdict.NO, "Missed, and not followed up in time", id="missed"),
        pytest.param(
            (*MISSED, did(arrange_appointment, at=on(19, 2), starts_at=on(2, 3))),
            Verdict.YES,
            "Missed, and followed up in time on 19 February 2026",
            id="another arranged on the fifth day",
        ),
        pytest.param(
            (*MISSED, did(arrange_appointment, at=on(20, 2), starts_at=on(2, 3))),
            Verdict.NO,
            "Missed, and not followed up in time",
            id="another arranged on the sixth day",
        ),
        pytest.param(
            (*MISSED, did(record_contact, at=on(13, 2), occurred_at=on(13, 2), kind="CTOB")),
            Verdict.YES,
            "Missed, and followed up in time on 13 February 2026",
            id="called",
        ),
        pytest.param(
            (*MISSED, did(record_contact, at=on(13, 2), occurred_at=on(13, 2), kind="CLOA")),
            Verdict.NO,
            "Missed, and not followed up in time",
            id="a letter from the person is no follow-up",
        ),
        pytest.param(
            (arranged(on(12, 2)),), Verdict.NOT_EVIDENCED, "Whether it was attended was not recorded", id="an outcome that is missing"
        ),
        pytest.param(
            kept(on(12, 2), practitioner="OWEN"),
            Verdict.NOT_EVIDENCED,
            "Offered only with another officer, and whether they were designated is not recorded",
            id="with another officer",
        ),
        pytest.param(
            (arranged(on(12, 2)), did(cancel_appointment, at=on(11, 2), asked_by=AskedBy.SERVICE)),
            Verdict.NO,
            "No face-to-face appointment was offered",
            id="called off by the service",
        ),
    ],
)
def test_a_month_is_met_by_an_offer_that_was_kept_or_followed_up(steps: tuple[Step, ...], verdict: Verdict, why: str) -> None:
    judged = month(supervised(*steps))
    assert (judged.verdict, judged.why) == (verdict, why)


def test_an_enforcement_action_is_a_follow_up() -> None:
    case = supervised(*MISSED)
    case.record(EnforcementActionTaken(occurred_at=on(16, 2), by="SIAN", action="EA02", failures=(NEXT + 1,)))
    assert month(case).verdict is Verdict.YES


def test_asking_for_the_reason_is_a_follow_up() -> None:
    case = supervised(*MISSED)
    case.record(EvidenceAwaited(occurred_at=on(13, 2), by="SIAN", failure=NEXT + 1, due_on=date(2026, 2, 20)))
    assert month(case).verdict is Verdict.YES


def test_whoever_stood_in_is_a_designated_officer_while_they_did() -> None:
    covered = did(start_cover, at=on(9, 2), until=date(2026, 2, 20))
    seen = kept(on(12, 2), NEXT + 1, practitioner="OWEN")
    assert month(supervised(covered, *seen)).verdict is Verdict.YES
    ended = did(end_cover, at=on(10, 2))
    assert month(supervised(covered, ended, *kept(on(12, 2), NEXT + 2, practitioner="OWEN"))).verdict is Verdict.NOT_EVIDENCED


def test_a_follow_up_may_still_come_after_the_end_of_the_month() -> None:
    missed = supervised(*kept(on(27, 2), outcome="UAAB"))
    assert month(missed, date(2026, 3, 6)).why == "The limit to follow it up has not run out: 6 March 2026"
    assert month(missed, date(2026, 3, 9)).verdict is Verdict.NO


@pytest.mark.parametrize("outcome", ["ATTC", "UAAB"])
def test_a_month_is_not_counted_before_it_has_ended(outcome: str) -> None:
    assert found(supervised(*kept(on(12, 2), outcome=outcome)), "monthly-contact", date(2026, 2, 28)) == []
    assert month(supervised(*kept(on(12, 2), outcome=outcome)), date(2026, 3, 1)).verdict in (Verdict.YES, Verdict.NO)


def test_only_whole_months_in_which_the_person_could_be_seen_count() -> None:
    days = [j.month for j in found(supervised(), "monthly-contact", date(2026, 4, 30))]
    assert days == [date(2026, 2, 1), date(2026, 3, 1)]
    remanded = supervised(did(begin_interruption, at=on(15, 2)))
    assert found(remanded, "monthly-contact", date(2026, 4, 30)) == []


def test_a_month_stands_with_whoever_held_the_case_when_it_ended() -> None:
    moved = supervised(did(allocate, at=on(10, 2), practitioner="OWEN", reason=AllocationReason.STAFF))
    holder = month(moved).holder
    assert holder is not None
    assert holder.practitioner == "OWEN"


# What lasts ------------------------------------------------------------------------------------------------------------


def test_months_that_nothing_changes_are_one_finding_that_goes_on() -> None:
    said = limits(supervised(*kept(on(12, 3))), "monthly-contact")
    assert [(one.since, one.until, one.verdict) for one in said] == [
        (date(2026, 2, 1), date(2026, 3, 1), Verdict.NO),
        (date(2026, 3, 1), date(2026, 4, 1), Verdict.YES),
        (date(2026, 4, 1), None, Verdict.NO),
    ]


def test_a_month_that_waits_is_not_joined_with_one_that_does_not() -> None:
    """February had no offer; what was missed on 27 March may be followed up until 7 April, over Easter."""
    case = supervised(*kept(on(27, 3), outcome="UAAB"))
    rows = [row[1:5] for row in lasting_rows(Story(case.history), POLICY) if row[0] == "monthly-contact"]
    assert rows[:2] == [
        (date(2026, 2, 1), date(2026, 3, 1), True, None),
        (date(2026, 3, 1), date(2026, 4, 1), True, date(2026, 4, 8)),
    ]


def test_a_limit_stands_on_the_entry_that_met_it_or_else_on_the_one_that_began_it() -> None:
    assert one(supervised(*kept(on(14), mode=Mode.HOME)), "first-appointment").number == NEXT
    assert one(supervised(), "first-appointment").number == SENTENCE


def test_what_had_not_begun_has_no_finding() -> None:
    told = Story(supervised(*kept(on(12, 2))).history)
    begun = {level.name for level in LEVELS if level.findings(told, POLICY, date(2026, 1, 20))}
    assert begun == {"allocation", "first-appointment", "plan"}
