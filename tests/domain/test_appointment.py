"""An appointment is arranged ahead, may be moved or cancelled until its time, and has one outcome once its time has come."""

from datetime import timedelta
from typing import Any

import pytest

from domain.appointment import (
    AppointmentArranged,
    AskedBy,
    OutcomeRecorded,
    arrange_appointment,
    cancel_appointment,
    rearrange_appointment,
    record_outcome,
)
from domain.case import Case
from domain.contact import KINDS, LONGEST_NOTE, Mode, Privacy, Purpose, Work, record_contact
from domain.entry import correct_entry, withdraw_entry
from domain.event import Imported
from domain.outcome import OUTCOMES
from domain.sentence import end_sentence
from tests.rules import (
    A_SECOND,
    BEGAN,
    NEXT,
    NOW,
    OBJECTIVE,
    RAR,
    TOMORROW,
    UNPAID_WORK,
    YESTERDAY,
    Command,
    Given,
    Step,
    did,
    in_words,
    supervised,
)

TO_COME = did(arrange_appointment, starts_at=TOMORROW)
PASSED = did(arrange_appointment, starts_at=YESTERDAY)
NONE_SUCH = "There is no such appointment in this case."
HAS_OUTCOME = "An outcome has been recorded for this appointment already. Correct that entry instead."
OF_AN_APPOINTMENT = (rearrange_appointment, cancel_appointment, record_outcome)
ROW = Imported(source="delius", row=3)


def kept(*steps: Step) -> Given[Case]:
    """An appointment of yesterday at which the person attended and complied, then these steps."""
    return supervised(PASSED, did(record_outcome, at=NOW), *steps)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_said_of_an_appointment_follows_from_its_kind(kind: str) -> None:
    event = supervised().when(arrange_appointment, kind=kind).event
    assert isinstance(event, AppointmentArranged)
    assert (event.kind, event.mode, event.one_to_one) == (kind, KINDS[kind].mode, KINDS[kind].one_to_one)


def test_an_appointment_is_arranged_as_it_is_said() -> None:
    said: dict[str, Any] = {"mode": Mode.DOORSTEP, "minutes": 45, "place": "At home", "requirements": (RAR,), "practitioner": "OWEN"}
    event = supervised().when(arrange_appointment, **said).event
    assert {field: getattr(event, field) for field in said} == said
    assert (event.starts_at, event.occurred_at) == (TOMORROW, NOW)


def test_an_appointment_must_be_of_a_kind_that_is_offered() -> None:
    supervised().when(arrange_appointment, kind="C999").refused("Select the kind of appointment.", "kind")


@pytest.mark.parametrize("starts_at", [YESTERDAY, NOW], ids=["yesterday", "this moment"])
def test_an_appointment_is_arranged_ahead(starts_at: Any) -> None:
    supervised().when(arrange_appointment, starts_at=starts_at).refused(
        "The appointment must be in the future. Record what has happened already as a contact.", "starts_at"
    )


def test_an_import_may_bring_an_appointment_whose_time_has_passed() -> None:
    event = supervised().when(arrange_appointment, starts_at=YESTERDAY, arranged_at=BEGAN, imported=ROW).event
    assert (event.starts_at, event.occurred_at, event.imported) == (YESTERDAY, BEGAN, ROW)


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_an_appointment_lasts_between_a_minute_and_a_day(minutes: int) -> None:
    supervised().when(arrange_appointment, minutes=minutes).refused("Minutes must be between 1 and 1,440.", "minutes")


def test_an_appointment_serves_requirements_of_the_case() -> None:
    supervised().when(arrange_appointment, requirements=(RAR, OBJECTIVE)).refused(
        "Select requirements of this case's sentences.", "requirements"
    )


def test_an_appointment_is_moved_to_another_time_by_somebody() -> None:
    event = supervised(TO_COME).when(rearrange_appointment, reason="Works late that day.").event
    assert (event.appointment, event.starts_at, event.asked_by) == (NEXT, TOMORROW + timedelta(days=7), AskedBy.PERSON)
    assert event.reason == "Works late that day."


@pytest.mark.parametrize("starts_at", [YESTERDAY, NOW], ids=["yesterday", "this moment"])
def test_an_appointment_is_moved_to_a_time_to_come(starts_at: Any) -> None:
    supervised(TO_COME).when(rearrange_appointment, starts_at=starts_at).refused("The new time must be in the future.", "starts_at")


@pytest.mark.parametrize("now", [TOMORROW, TOMORROW + A_SECOND], ids=["as it begins", "after it began"])
def test_an_appointment_whose_time_has_come_is_not_moved_away_from_its_outcome(now: Any) -> None:
    supervised(TO_COME).when(rearrange_appointment, now=now).refused(
        "The appointment's time has passed. Record its outcome instead.", "appointment"
    )


@pytest.mark.parametrize("outcome", ["RSOF", "RSSR"])
def test_an_appointment_that_was_rescheduled_on_the_day_has_an_outcome_that_says_by_whom(outcome: str) -> None:
    assert supervised(PASSED).when(record_outcome, outcome=outcome).event.outcome == outcome


def test_the_outcome_of_a_session_belongs_to_the_group_and_names_the_second_practitioner() -> None:
    met = supervised(did(arrange_appointment, starts_at=YESTERDAY, kind="C084", group="G1", second_practitioner="OWEN"))
    event = met.when(record_outcome, privacy=Privacy.BOOTH).event
    assert (event.group, event.second_practitioner, event.privacy) == ("G1", "OWEN", Privacy.BOOTH)


def test_the_second_practitioner_is_somebody_else() -> None:
    supervised().when(arrange_appointment, second_practitioner="SIAN").refused(
        "The second practitioner must be somebody else.", "second_practitioner"
    )


def test_where_people_could_talk_is_not_known_unless_it_is_said() -> None:
    assert supervised(PASSED).when(record_outcome).event.privacy is Privacy.NOT_KNOWN
    assert supervised().when(record_contact).event.privacy is Privacy.NOT_KNOWN
    assert supervised().when(record_contact, privacy=Privacy.HOME).event.privacy is Privacy.HOME


def test_an_appointment_is_moved_to_a_time_other_than_its_own() -> None:
    supervised(TO_COME).when(rearrange_appointment, starts_at=TOMORROW).refused("Enter a time other than the present one.", "starts_at")


def test_an_appointment_can_be_moved_back_again() -> None:
    assert supervised(TO_COME, did(rearrange_appointment, at=YESTERDAY)).when(rearrange_appointment, starts_at=TOMORROW).events


def test_an_appointment_that_has_not_begun_can_be_cancelled() -> None:
    event = supervised(TO_COME).when(cancel_appointment).event
    assert (event.appointment, event.asked_by, event.reason) == (NEXT, AskedBy.SERVICE, "The officer is ill.")


@pytest.mark.parametrize("now", [TOMORROW, TOMORROW + A_SECOND], ids=["as it begins", "after it began"])
def test_an_appointment_whose_time_has_come_needs_an_outcome_instead(now: Any) -> None:
    supervised(TO_COME).when(cancel_appointment, now=now).refused(
        "The appointment's time has passed. Record its outcome instead.", "appointment"
    )


def test_a_cancellation_says_why() -> None:
    supervised(TO_COME).when(cancel_appointment, reason=" ").refused("Enter why the appointment is cancelled.", "reason")


@pytest.mark.parametrize("command", OF_AN_APPOINTMENT, ids=in_words)
def test_what_is_no_appointment_is_neither_moved_nor_cancelled_nor_kept(command: Command) -> None:
    supervised(TO_COME).when(command, appointment=OBJECTIVE).refused(NONE_SUCH, "appointment")


@pytest.mark.parametrize("command", OF_AN_APPOINTMENT, ids=in_words)
def test_a_cancelled_appointment_is_neither_moved_nor_cancelled_nor_kept(command: Command) -> None:
    cancelled = supervised(TO_COME, did(cancel_appointment))
    cancelled.when(command).refused("This appointment was cancelled.", "appointment")


@pytest.mark.parametrize("command", OF_AN_APPOINTMENT, ids=in_words)
def test_an_appointment_with_an_outcome_is_neither_moved_nor_cancelled_nor_given_another(command: Command) -> None:
    kept().when(command).refused(HAS_OUTCOME, "outcome")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_any_outcome_there_is_can_be_recorded(outcome: str) -> None:
    event = supervised(PASSED).when(record_outcome, outcome=outcome).event
    assert isinstance(event, OutcomeRecorded)
    assert (event.appointment, event.outcome) == (NEXT, outcome)


def test_an_outcome_must_be_one_there_is() -> None:
    supervised(PASSED).when(record_outcome, outcome="XXXX").refused("Select the outcome.", "outcome")


def test_an_outcome_happened_at_the_time_of_the_appointment() -> None:
    assert supervised(PASSED).when(record_outcome).event.occurred_at == YESTERDAY


def test_an_outcome_of_a_moved_appointment_happened_at_the_new_time() -> None:
    moved = supervised(TO_COME, did(rearrange_appointment, at=NOW))
    new_time = TOMORROW + timedelta(days=7)
    assert moved.when(record_outcome, now=new_time).event.occurred_at == new_time


def test_an_appointment_has_no_outcome_before_its_time_has_come() -> None:
    supervised(TO_COME).when(record_outcome, now=TOMORROW - A_SECOND).refused("The date and time must be in the past.", "outcome")
    assert supervised(TO_COME).when(record_outcome, now=TOMORROW).events


def test_an_appointment_was_kept_by_whom_it_was_arranged_with_unless_somebody_else_is_named() -> None:
    passed = supervised(did(arrange_appointment, starts_at=YESTERDAY, practitioner="OWEN"))
    assert passed.when(record_outcome).event.practitioner == "OWEN"
    assert passed.when(record_outcome, practitioner="MEERA").event.practitioner == "MEERA"


def test_an_outcome_says_what_was_done() -> None:
    work = Work(purposes=(Purpose.NEEDS,), objectives=(OBJECTIVE,), requirements=(UNPAID_WORK,), risk_action=True)
    event = supervised(PASSED).when(record_outcome, work=work, minutes=40, note="Talked about work.", sensitive=True, imported=ROW).event
    assert (event.work, event.minutes, event.note, event.sensitive, event.imported) == (work, 40, "Talked about work.", True, ROW)


@pytest.mark.parametrize("minutes", [0, 1441])
def test_a_kept_appointment_lasted_between_a_minute_and_a_day(minutes: int) -> None:
    supervised(PASSED).when(record_outcome, minutes=minutes).refused("Minutes must be between 1 and 1,440.", "minutes")


def test_a_note_on_an_outcome_has_room_for_twelve_thousand_characters() -> None:
    assert supervised(PASSED).when(record_outcome, note="n" * LONGEST_NOTE).events
    supervised(PASSED).when(record_outcome, note="n" * (LONGEST_NOTE + 1)).refused("The note must be 12,000 characters or fewer.", "note")


@pytest.mark.parametrize(
    ("work", "words", "field"),
    [
        pytest.param(Work(objectives=(RAR,)), "Select objectives of this case's plan.", "objectives", id="objectives"),
        pytest.param(Work(requirements=(OBJECTIVE,)), "Select requirements of this case's sentences.", "requirements", id="requirements"),
    ],
)
def test_an_outcome_is_linked_to_what_is_the_case_s_own(work: Work, words: str, field: str) -> None:
    supervised(PASSED).when(record_outcome, work=work).refused(words, field)


def test_a_withdrawn_outcome_lets_another_be_recorded() -> None:
    assert kept(did(withdraw_entry, entry=NEXT + 1, at=NOW)).when(record_outcome, outcome="UAAB").event.outcome == "UAAB"


def test_a_corrected_outcome_that_is_then_withdrawn_lets_another_be_recorded() -> None:
    reads = supervised(PASSED).when(record_outcome, outcome="UAAB").event
    corrected = kept(did(correct_entry, entry=NEXT + 1, reads=reads, at=NOW), did(withdraw_entry, entry=NEXT + 1, at=NOW))
    assert corrected.when(record_outcome).events


def test_a_corrected_outcome_still_stands() -> None:
    reads = supervised(PASSED).when(record_outcome, outcome="UAAB").event
    kept(did(correct_entry, entry=NEXT + 1, reads=reads, at=NOW)).when(record_outcome).refused(HAS_OUTCOME, "outcome")


ENDED = "Every sentence in this case has ended, so nothing more can be recorded as happening in it."


def test_an_appointment_kept_before_supervision_ended_can_still_have_its_outcome() -> None:
    case = supervised(PASSED, did(end_sentence, at=NOW, ended_at=NOW))
    assert case.when(record_outcome).events
    case.when(rearrange_appointment).refused(ENDED)


def test_an_appointment_after_supervision_ended_has_no_outcome() -> None:
    case = supervised(PASSED, did(end_sentence, at=NOW, ended_at=YESTERDAY - timedelta(days=3)))
    case.when(record_outcome).refused(ENDED)
