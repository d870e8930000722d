"""Sessions of unpaid work: credit within what was offered and ordered, to those who were there, and never for the provider's failures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.case import open_case
from domain.entry import correct_entry, withdraw_entry
from domain.outcome import OUTCOMES
from domain.requirement import RequirementKind
from domain.sentence import end_sentence, start_sentence
from domain.upw_completion import complete_upw
from domain.upw_instruction import instruct_upw
from domain.upw_session import UpwAttendanceRecorded, Worked, record_upw_attendance, worked
from domain.upw_suspension import resume_upw, suspend_upw
from tests.rules import BEGAN, NEXT, NOW, RAR, UNPAID_WORK, YESTERDAY, Command, did, given, in_words, supervised

CREDITED = "minutes_credited"
A_DAY = {"minutes_offered": 1440, "minutes_credited": 1440}
THREE_DAYS = [did(record_upw_attendance, at=NOW, **A_DAY)] * 3
"""72 of the 80 hours ordered."""


@pytest.mark.parametrize("requirement", [RAR, 99], ids=["rehabilitation activity", "no requirement"])
@pytest.mark.parametrize("command", [instruct_upw, record_upw_attendance], ids=in_words)
def test_unpaid_work_is_done_for_an_unpaid_work_requirement(command: Command, requirement: int) -> None:
    supervised().when(command, requirement=requirement).refused("Select the unpaid work requirement.", "requirement")


def test_a_session_is_recorded_with_the_minutes_offered_and_credited() -> None:
    event = supervised().when(record_upw_attendance, note="Worked well.", session="CF1 11 March").event
    assert isinstance(event, UpwAttendanceRecorded)
    assert (event.requirement, event.outcome, event.project, event.supervisor) == (UNPAID_WORK, "ATTC", "Bute Park", "GWYN")
    assert (event.minutes_offered, event.minutes_credited, event.note, event.session) == (420, 390, "Worked well.", "CF1 11 March")
    assert (event.penalty_minutes, event.travel_minutes, event.ete) == (0, 0, False)
    assert event.occurred_at == YESTERDAY


def test_a_session_needs_no_instruction_to_be_recorded() -> None:
    assert supervised().when(record_upw_attendance).events


def test_a_session_before_the_sentence_ended_can_be_recorded_after_it() -> None:
    case = supervised(did(end_sentence, at=NOW))
    assert case.when(record_upw_attendance, worked_at=YESTERDAY - timedelta(days=2)).events


def test_no_work_is_done_before_the_day_it_was_ordered() -> None:
    early = BEGAN - timedelta(days=1)
    supervised().when(record_upw_attendance, worked_at=early).refused(
        "The work was ordered on 12 January 2026. Enter a day from then on.", "worked_at"
    )
    assert supervised().when(record_upw_attendance, worked_at=BEGAN.replace(hour=8)).events


def test_the_outcome_of_a_session_must_be_one_there_is() -> None:
    supervised().when(record_upw_attendance, outcome="XXXX").refused("Select the outcome.", "outcome")


@pytest.mark.parametrize("offered", [0, -60, 1441])
def test_between_a_minute_and_a_day_is_offered(offered: int) -> None:
    supervised().when(record_upw_attendance, minutes_offered=offered).refused(
        "Minutes offered must be between 1 and 1,440.", "minutes_offered"
    )


# Penalty and travel ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("credited", [-1, 421])
def test_no_more_minutes_are_credited_than_were_offered(credited: int) -> None:
    supervised().when(record_upw_attendance, minutes_credited=credited).refused(
        "Minutes credited must be between 0 and the minutes offered.", CREDITED
    )


@pytest.mark.parametrize(
    ("penalty", "travel", "most"),
    [(0, 0, 420), (30, 0, 390), (0, 45, 465), (30, 45, 435), (420, 0, 0), (420, 180, 180)],
)
def test_credit_is_at_most_what_was_offered_less_the_penalty_plus_travel(penalty: int, travel: int, most: int) -> None:
    extras = {"penalty_minutes": penalty, "travel_minutes": travel}
    assert supervised().when(record_upw_attendance, minutes_credited=most, **extras).event.minutes_credited == most
    told = f"{most}, those offered less the penalty plus travel" if penalty or travel else "the minutes offered"
    supervised().when(record_upw_attendance, minutes_credited=most + 1, **extras).refused(
        f"Minutes credited must be between 0 and {told}.", CREDITED
    )


@pytest.mark.parametrize("penalty", [-1, 421])
def test_a_penalty_is_part_of_what_was_offered(penalty: int) -> None:
    supervised().when(record_upw_attendance, penalty_minutes=penalty, minutes_credited=0).refused(
        "Penalty minutes must be between 0 and the minutes offered.", "penalty_minutes"
    )


@pytest.mark.parametrize(("travel", "lawful"), [(0, True), (180, True), (181, False), (-1, False)])
def test_travel_time_has_a_limit(travel: int, lawful: bool) -> None:
    answer = supervised().when(record_upw_attendance, travel_minutes=travel)
    if lawful:
        assert answer.events
    else:
        answer.refused("Travel minutes must be between 0 and 180.", "travel_minutes")


@pytest.mark.parametrize("outcome", [code for code, outcome in OUTCOMES.items() if outcome.lost_by == "provider"])
def test_what_the_provider_lost_is_never_a_penalty_for_the_person(outcome: str) -> None:
    supervised().when(record_upw_attendance, outcome=outcome, minutes_credited=0, penalty_minutes=30).refused(
        "The provider lost this session, so the person gets no penalty for it.", "penalty_minutes"
    )
    assert supervised().when(record_upw_attendance, outcome=outcome, minutes_credited=0).events


def test_stood_down_and_sent_home_for_service_reasons_are_the_provider_s_failures() -> None:
    assert {OUTCOMES[code].lost_by for code in ("AASD", "ATSS", "RSSR")} == {"provider"}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_minutes_are_credited_only_to_a_person_who_was_there(outcome: str) -> None:
    answer = supervised().when(record_upw_attendance, outcome=outcome, minutes_credited=1)
    if OUTCOMES[outcome].attended:
        assert answer.events
    else:
        answer.refused("No minutes can be credited to a person who did not attend.", CREDITED)
        assert supervised().when(record_upw_attendance, outcome=outcome, minutes_credited=0).events


# Never more than was ordered ------------------------------------------------------------------------------------------


def test_the_last_hours_may_be_credited_and_no_more() -> None:
    assert supervised(*THREE_DAYS).when(record_upw_attendance, minutes_offered=600, minutes_credited=480).events
    supervised(*THREE_DAYS).when(record_upw_attendance, minutes_offered=600, minutes_credited=481).refused(
        "Only 480 minutes of the 80 hours ordered are left to credit.", CREDITED
    )


def test_a_session_without_credit_can_be_recorded_when_all_is_worked() -> None:
    full = [*THREE_DAYS, did(record_upw_attendance, at=NOW, minutes_offered=480, minutes_credited=480)]
    assert supervised(*full).when(record_upw_attendance, minutes_credited=0).events
    supervised(*full).when(record_upw_attendance, minutes_credited=1).refused(
        "Only 0 minutes of the 80 hours ordered are left to credit.", CREDITED
    )


def test_a_withdrawn_session_makes_room_again() -> None:
    case = supervised(*THREE_DAYS)
    case.then(withdraw_entry, entry=NEXT)
    assert worked(case.state, UNPAID_WORK) == Worked(2880, 0)
    assert case.when(record_upw_attendance, **A_DAY).events


def test_each_requirement_is_credited_by_itself() -> None:
    second = did(start_sentence, at=NOW, started_at=YESTERDAY, requirements=((RequirementKind.UNPAID_WORK, 40),))
    case = supervised(*THREE_DAYS, second)
    assert case.when(record_upw_attendance, requirement=NEXT + 4, worked_at=NOW, **A_DAY).events


def test_a_correction_counts_instead_of_what_it_corrects() -> None:
    case = supervised(*THREE_DAYS, did(record_upw_attendance, at=NOW, minutes_offered=600, minutes_credited=400))
    reads = case.history[NEXT + 2].event
    assert case.when(correct_entry, entry=NEXT + 3, reads=replace(reads, minutes_credited=480)).events
    case.when(correct_entry, entry=NEXT + 3, reads=replace(reads, minutes_credited=481)).refused(
        "Only 480 minutes of the 80 hours ordered are left to credit.", CREDITED
    )


@pytest.mark.parametrize(
    ("ordered_on", "most"),
    [
        pytest.param(datetime(2021, 6, 25, 10, tzinfo=UTC), 960, id="20% in the time of the companies"),
        pytest.param(datetime(2021, 6, 26, 10, tzinfo=UTC), 1440, id="30% since the unified service"),
    ],
)
def test_only_a_share_of_the_hours_may_be_education_training_and_employment(ordered_on: datetime, most: int) -> None:
    ordered = did(start_sentence, started_at=ordered_on, expected_end_on=datetime(2027, 1, 1, tzinfo=UTC).date())
    case = given(did(open_case), ordered)
    study = {"requirement": 3, "ete": True, "minutes_offered": 1440, "worked_at": ordered_on + timedelta(days=9)}
    half, rest = most // 2, most - most // 2
    case.then(record_upw_attendance, minutes_credited=half, **study)
    assert case.when(record_upw_attendance, minutes_credited=rest, **study).events
    case.when(record_upw_attendance, minutes_credited=rest + 1, **study).refused(
        f"Only {rest:,} minutes of education, training and employment are left to credit.", CREDITED
    )
    assert case.when(record_upw_attendance, minutes_credited=rest + 1, **{**study, "ete": False}).events


# When the work is suspended or over -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worked_at", "lawful"),
    [
        pytest.param(YESTERDAY - timedelta(days=8), True, id="before the suspension"),
        pytest.param(YESTERDAY - timedelta(days=7), False, id="as it began"),
        pytest.param(YESTERDAY - timedelta(days=2), False, id="during it"),
        pytest.param(YESTERDAY, True, id="when it was lifted"),
    ],
)
def test_nothing_is_credited_for_a_time_of_suspension(worked_at: Any, lawful: bool) -> None:
    suspended = did(suspend_upw, at=NOW, suspended_at=YESTERDAY - timedelta(days=7))
    case = supervised(suspended, did(resume_upw, at=NOW, resumed_at=YESTERDAY))
    answer = case.when(record_upw_attendance, worked_at=worked_at)
    if lawful:
        assert answer.events
    else:
        answer.refused("The work was suspended then, so no minutes can be credited.", CREDITED)
    assert case.when(record_upw_attendance, worked_at=worked_at, outcome="CO40", minutes_credited=0).events


def test_nothing_is_credited_while_the_work_is_suspended() -> None:
    supervised(did(suspend_upw)).when(record_upw_attendance).refused(
        "The work was suspended then, so no minutes can be credited.", CREDITED
    )


def test_nothing_is_credited_after_the_work_has_ended() -> None:
    case = supervised(did(complete_upw, at=NOW, completed_at=YESTERDAY))
    case.when(record_upw_attendance, worked_at=NOW).refused(
        "The unpaid work ended on 11 March 2026. No minutes can be credited after that.", CREDITED
    )
    assert case.when(record_upw_attendance, worked_at=NOW, minutes_credited=0).events


def test_what_was_worked_before_the_end_can_still_be_credited() -> None:
    case = supervised(did(complete_upw, at=NOW, completed_at=YESTERDAY))
    assert case.when(record_upw_attendance, worked_at=YESTERDAY - timedelta(days=1)).events
