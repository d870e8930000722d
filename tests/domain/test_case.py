"""A case is opened once; what happens in it has happened already, and nothing happens in it once every sentence has ended."""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import ModuleType
from typing import Any, get_type_hints
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain import (
    allocation,
    appointment,
    case,
    component,
    contact,
    cover,
    entry,
    interruption,
    limited_access,
    person,
    phase,
    plan,
    register,
    requirement,
    risk,
    risk_review,
    safeguarding,
    sentence,
    serious_further_offence,
    transfer,
    unpaid_work,
    upw_completion,
    upw_instruction,
    upw_session,
    upw_suspension,
)
from domain.allocation import AllocationReason, CaseAllocated, allocate, allocate_to_team, open_in_team
from domain.appointment import (
    AppointmentArranged,
    OutcomeRecorded,
    arrange_appointment,
    cancel_appointment,
    rearrange_appointment,
    record_outcome,
)
from domain.case import Case, Sex, case_id, open_case
from domain.component import ComponentMoved, move_component
from domain.contact import ContactRecorded, Direction, Mode, WithWhom, Work, record_contact
from domain.cover import CoverEnded, end_cover, start_cover
from domain.entry import EntryCorrected, EntryWithdrawn, correct_entry, withdraw_entry
from domain.event import Event, Imported
from domain.interruption import InterruptionEnded, begin_interruption, end_interruption
from domain.limited_access import ExclusionEnded, RestrictionEnded, end_exclusion, end_restrictions, exclude, restrict
from domain.person import record_details
from domain.phase import Released, begin_pss, recall, release
from domain.plan import ObjectiveEnd, ObjectiveEnded, PatternSet, complete_plan, end_objective, review_plan, set_objective, set_pattern
from domain.register import Deregistered, MappaLevel, Registered, RegistrationReviewed, deregister, review_registration
from domain.requirement import (
    RarDayCredited,
    RequirementAmended,
    RequirementEnd,
    RequirementEnded,
    RequirementImposed,
    RequirementKind,
    amend_requirement,
    credit_rar_day,
    end_requirement,
    impose_requirement,
)
from domain.risk import Rosh, RoshAssessed, SignificantEvent, SignificantEventNoted, assess_rosh, note_significant_event
from domain.risk_review import ReviewStep, RiskReviewInitiated, RiskReviewMoved, initiate_risk_review, move_risk_review
from domain.safeguarding import CheckResult, SafeguardingResponseReceived, receive_response, request_checks
from domain.sentence import SentenceEnded, SentenceKind, amend_sentence, end_sentence, resentence, start_sentence
from domain.serious_further_offence import SfoMoved, SfoStage, initiate_sfo, move_sfo
from domain.transfer import (
    TransferAccepted,
    TransferCompleted,
    TransferInformed,
    TransferRequested,
    accept_transfer,
    assess_address,
    complete_transfer,
    hold_handover,
    inform_transfer,
    query_transfer,
    reject_transfer,
    request_transfer,
    withdraw_transfer,
)
from domain.unpaid_work import assess_upw, extend_upw, induct_upw, review_upw
from domain.upw_completion import complete_upw
from domain.upw_instruction import acknowledge_instruction, instruct_upw
from domain.upw_session import UpwAttendanceRecorded, record_upw_attendance
from domain.upw_suspension import resume_upw, suspend_upw
from tests.rules import (
    A_SECOND,
    CRN,
    NEXT,
    NOW,
    PERSON,
    SENTENCE,
    TOMORROW,
    YESTERDAY,
    Command,
    Given,
    closed,
    did,
    given,
    in_words,
    opened,
    supervised,
)

IN_THE_PAST = "The date and time must be in the past."
ENDED = "Every sentence in this case has ended, so nothing more can be recorded as happening in it."
NO_CASE = "There is no such case."

ARRANGED = did(arrange_appointment, starts_at=TOMORROW)
ASKED = did(request_transfer)
QUERIED = did(query_transfer)
TAKEN = (ASKED, did(accept_transfer), did(hold_handover, at=NOW))
COVERED = did(start_cover)
INSTRUCTED = did(instruct_upw)
SUSPENDED = did(suspend_upw)
SEEN = did(record_contact, at=NOW)
ON_A_REGISTER = did(register.register, at=YESTERDAY)
REFERRED = did(initiate_risk_review, at=YESTERDAY)
CHECKED = did(request_checks, at=YESTERDAY)
CHARGED = did(initiate_sfo, at=YESTERDAY)
IN_CUSTODY = did(start_sentence, kind=SentenceKind.CUSTODIAL, requirements=())
ON_LICENCE = did(start_sentence, kind=SentenceKind.LICENCE, requirements=())
A_CONTACT = ContactRecorded(
    occurred_at=YESTERDAY,
    by="SIAN",
    practitioner="SIAN",
    kind="COUP",
    mode=Mode.HOME,
    direction=Direction.TWO_WAY,
    with_whom=WithWhom.PERSON,
)

Before = Callable[[], Given[Case]]
HAPPENED: dict[Command, tuple[Before, str, dict[str, Any]]] = {
    open_case: (given, "occurred_at", {}),
    start_sentence: (partial(given, did(open_case)), "started_at", {}),
    end_sentence: (supervised, "ended_at", {}),
    amend_sentence: (supervised, "amended_at", {}),
    resentence: (supervised, "resentenced_at", {}),
    release: (partial(supervised, IN_CUSTODY), "released_at", {}),
    recall: (partial(supervised, ON_LICENCE), "recalled_at", {}),
    begin_pss: (partial(supervised, ON_LICENCE), "began_at", {}),
    begin_interruption: (supervised, "began_at", {}),
    end_interruption: (partial(supervised, did(begin_interruption)), "ended_at", {}),
    impose_requirement: (supervised, "imposed_at", {}),
    amend_requirement: (supervised, "amended_at", {}),
    end_requirement: (supervised, "ended_at", {}),
    credit_rar_day: (supervised, "done_at", {}),
    complete_plan: (supervised, "completed_at", {}),
    review_plan: (partial(supervised, did(complete_plan)), "reviewed_at", {}),
    allocate: (opened, "occurred_at", {}),
    allocate_to_team: (opened, "decided_at", {}),
    record_details: (supervised, "said_at", {}),
    start_cover: (supervised, "started_at", {}),
    end_cover: (partial(supervised, COVERED), "ended_at", {}),
    assess_address: (partial(supervised, ASKED), "assessed_at", {}),
    move_component: (supervised, "moved_at", {}),
    hold_handover: (supervised, "held_at", {}),
    arrange_appointment: (supervised, "arranged_at", {"starts_at": TOMORROW + timedelta(days=7)}),
    record_contact: (supervised, "occurred_at", {}),
    assess_rosh: (supervised, "assessed_at", {}),
    record_upw_attendance: (supervised, "worked_at", {}),
    note_significant_event: (supervised, "happened_at", {}),
    register.register: (supervised, "registered_at", {}),
    review_registration: (partial(supervised, ON_A_REGISTER), "reviewed_at", {}),
    deregister: (partial(supervised, ON_A_REGISTER), "ended_at", {}),
    initiate_risk_review: (supervised, "initiated_at", {}),
    move_risk_review: (partial(supervised, REFERRED), "moved_at", {}),
    request_checks: (supervised, "requested_at", {}),
    receive_response: (partial(supervised, CHECKED), "received_at", {}),
    move_sfo: (partial(supervised, CHARGED), "moved_at", {}),
    assess_upw: (supervised, "assessed_at", {}),
    induct_upw: (supervised, "inducted_at", {}),
    instruct_upw: (supervised, "issued_at", {}),
    acknowledge_instruction: (partial(supervised, INSTRUCTED), "acknowledged_at", {}),
    suspend_upw: (supervised, "suspended_at", {}),
    resume_upw: (partial(supervised, SUSPENDED), "resumed_at", {}),
    review_upw: (supervised, "reviewed_at", {}),
    extend_upw: (supervised, "extended_at", {}),
    complete_upw: (supervised, "completed_at", {}),
}
"""Commands that are told when something happened: a case, the name of that detail, and other details."""

AT_ONCE: dict[Command, tuple[Before, dict[str, Any]]] = {
    open_in_team: (given, {}),
    set_objective: (supervised, {}),
    end_objective: (supervised, {}),
    set_pattern: (supervised, {}),
    request_transfer: (supervised, {}),
    query_transfer: (partial(supervised, ASKED), {}),
    inform_transfer: (partial(supervised, ASKED, QUERIED), {}),
    complete_transfer: (partial(supervised, *TAKEN), {}),
    exclude: (supervised, {}),
    end_exclusion: (partial(supervised, did(exclude)), {}),
    restrict: (supervised, {}),
    end_restrictions: (partial(supervised, did(restrict)), {}),
    accept_transfer: (partial(supervised, ASKED), {}),
    reject_transfer: (partial(supervised, ASKED), {}),
    withdraw_transfer: (partial(supervised, ASKED), {}),
    rearrange_appointment: (partial(supervised, ARRANGED), {}),
    cancel_appointment: (partial(supervised, ARRANGED), {}),
    correct_entry: (partial(supervised, SEEN), {"reads": A_CONTACT}),
    withdraw_entry: (partial(supervised, SEEN), {}),
    initiate_sfo: (supervised, {}),
}
"""Commands that happen when they are given."""

WITH_A_TIME_OF_ITS_OWN = {record_outcome}
WHEN_CLOSED_TOO = {
    open_case,
    open_in_team,
    start_sentence,
    correct_entry,
    withdraw_entry,
    deregister,
    receive_response,
    initiate_sfo,
    move_sfo,
    record_details,
    exclude,
    end_exclusion,
    restrict,
    end_restrictions,
}


def commands_of(*modules: ModuleType) -> set[Command]:
    """Every public function of these modules that is given a case and comes to events."""
    return {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and get_type_hints(function).get("case") is Case and get_type_hints(function)["return"] == list[Event]
    }


ALL = commands_of(
    allocation,
    appointment,
    case,
    contact,
    entry,
    plan,
    register,
    risk,
    risk_review,
    safeguarding,
    sentence,
    serious_further_offence,
    interruption,
    phase,
    requirement,
    component,
    cover,
    limited_access,
    person,
    transfer,
    unpaid_work,
    upw_completion,
    upw_instruction,
    upw_session,
    upw_suspension,
)


def test_every_command_stands_in_one_of_these_tables() -> None:
    assert {*HAPPENED, *AT_ONCE, *WITH_A_TIME_OF_ITS_OWN} == ALL


@pytest.mark.parametrize("command", HAPPENED, ids=in_words)
def test_what_has_happened_is_never_in_the_future(command: Command) -> None:
    before, when, details = HAPPENED[command]
    before().when(command, **{**details, when: NOW + A_SECOND}).refused(IN_THE_PAST, when)


@pytest.mark.parametrize("command", HAPPENED, ids=in_words)
def test_what_has_happened_may_have_happened_this_moment(command: Command) -> None:
    before, when, details = HAPPENED[command]
    assert before().when(command, **{**details, when: NOW}).events[0].occurred_at == NOW


@pytest.mark.parametrize("command", AT_ONCE, ids=in_words)
def test_what_is_told_no_time_happens_when_it_is_said(command: Command) -> None:
    before, details = AT_ONCE[command]
    assert {event.occurred_at for event in before().when(command, **details).events} == {NOW}


@pytest.mark.parametrize("command", sorted(ALL, key=in_words), ids=in_words)
def test_an_event_says_who_did_it(command: Command) -> None:
    details: dict[str, Any] = {}
    if command is record_outcome:
        before: Before = partial(supervised, did(arrange_appointment, starts_at=YESTERDAY))
    elif command in HAPPENED:
        before, _, details = HAPPENED[command]
    else:
        before, details = AT_ONCE[command]
    assert {event.by for event in before().when(command, by="MEERA", **details).events} == {"MEERA"}


@pytest.mark.parametrize("command", sorted(ALL - WHEN_CLOSED_TOO, key=in_words), ids=in_words)
def test_nothing_happens_in_a_case_whose_sentences_have_all_ended(command: Command) -> None:
    closed(ARRANGED).when(command).refused(ENDED)


@pytest.mark.parametrize("command", sorted(ALL - {open_case, open_in_team}, key=in_words), ids=in_words)
def test_nothing_happens_in_a_case_that_was_never_opened(command: Command) -> None:
    details: dict[str, Any] = {"reads": A_CONTACT} if command is correct_entry else {}
    given().when(command, **details).refused(NO_CASE)


def test_a_case_is_opened_with_what_is_known_of_the_person() -> None:
    event = given().when(open_case, born="1990-02-28", sex=Sex.FEMALE, language="Welsh", needs="Interpreter at court.").event
    assert (event.crn, event.person_id, event.name, event.born) == (CRN, PERSON, "Alex Example", "1990-02-28")
    assert (event.sex, event.language, event.needs) == (Sex.FEMALE, "Welsh", "Interpreter at court.")


def test_what_is_not_known_of_a_person_is_said_not_to_be_known() -> None:
    event = given().when(open_case).event
    assert (event.sex, event.born) == (Sex.NOT_KNOWN, "")


def test_a_case_is_opened_once() -> None:
    given(did(open_case)).when(open_case, person_id=uuid4()).refused(f"There is already a case for {CRN}.", "crn")


def test_a_reference_always_finds_the_same_case() -> None:
    assert case_id("X000001") == case_id("X000001") != case_id("X000002")


def test_a_case_is_open_before_its_first_sentence_is_recorded() -> None:
    assert given(did(open_case)).when(record_contact).events


def test_a_case_is_open_while_any_of_its_sentences_runs() -> None:
    second = did(start_sentence, started_at=YESTERDAY, at=YESTERDAY)
    assert supervised(second, did(end_sentence, at=NOW)).when(record_contact).events


def test_a_case_is_closed_once_the_last_of_its_sentences_has_ended() -> None:
    second = did(start_sentence, started_at=YESTERDAY, at=YESTERDAY)
    both = supervised(second, did(end_sentence, at=NOW), did(end_sentence, sentence=NEXT, at=NOW))
    both.when(record_contact).refused(ENDED)


def test_a_new_sentence_opens_a_closed_case_again() -> None:
    assert closed(did(start_sentence, started_at=NOW, at=NOW)).when(record_contact).events


def test_a_case_remembers_which_rows_of_a_source_it_has() -> None:
    row = Imported(source="delius", row=12)
    assert supervised(did(record_contact, at=NOW, imported=row)).state.imported == {("delius", 12)}


LONG_AGO = datetime(2010, 5, 1, 9, tzinfo=UTC)
BY: dict[str, Any] = {"by": "SIAN", "occurred_at": YESTERDAY}
ROSH: dict[str, Any] = {"level": Rosh.LOW, "review_due_on": date(2026, 9, 1)}
OUTCOME = OutcomeRecorded(**BY, appointment=NEXT, outcome="ATTC", practitioner="SIAN")
WOULD_BE_REFUSED_TODAY: dict[str, tuple[Event, ...]] = {
    "a contact in the future": (replace(A_CONTACT, occurred_at=NOW + timedelta(days=900)),),
    "a kind that is offered no more": (replace(A_CONTACT, kind="C999"),),
    "a note longer than allowed": (replace(A_CONTACT, note="n" * 50_000),),
    "minutes below nothing": (replace(A_CONTACT, minutes=-5),),
    "links to entries of no plan": (replace(A_CONTACT, work=Work(objectives=(900,), requirements=(901,))),),
    "an allocation before the present one": (
        CaseAllocated(by="MEERA", occurred_at=LONG_AGO, practitioner="TOM", team="NP1", provider="C10", reason=AllocationReason.MOVE),
    ),
    "two transfers at a time": (
        TransferRequested(**BY, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE),
        TransferRequested(**BY, to_team="NC1", to_provider="N03", reason=AllocationReason.RISK),
    ),
    "answers to a transfer that nobody asked for": (
        TransferInformed(**BY, transfer=900),
        TransferAccepted(**BY, transfer=900, practitioner="TOM", team="NP1", provider="C10", reason=AllocationReason.MOVE),
        TransferCompleted(**BY, transfer=900, file=()),
    ),
    "the end of a cover and of limits that never were": (
        CoverEnded(**BY, cover=900),
        ExclusionEnded(**BY, exclusion=900),
        RestrictionEnded(**BY, restriction=900),
    ),
    "a requirement of no sentence that moved": (ComponentMoved(**BY, requirement=900, team="NP1", provider="C10"),),
    "an appointment in the past with an outcome that is no more": (
        AppointmentArranged(**BY, starts_at=LONG_AGO, practitioner="SIAN", kind="C999", mode=Mode.OFFICE),
        replace(OUTCOME, outcome="XXXX"),
    ),
    "two outcomes of one appointment": (
        AppointmentArranged(**BY, starts_at=LONG_AGO, practitioner="SIAN", kind="COAP", mode=Mode.OFFICE),
        OUTCOME,
        replace(OUTCOME, outcome="UAAB"),
    ),
    "a correction to another kind of entry": (A_CONTACT, EntryCorrected(**BY, entry=NEXT, reads=RoshAssessed(**BY, **ROSH))),
    "a withdrawal of what was withdrawn": (A_CONTACT, EntryWithdrawn(**BY, entry=NEXT), EntryWithdrawn(**BY, entry=NEXT)),
    "a review due long before the assessment": (RoshAssessed(**BY, level=Rosh.LOW, review_due_on=date(1990, 1, 1)),),
    "a significant event that nobody described": (SignificantEventNoted(**BY, kind=SignificantEvent.OTHER),),
    "a register that is no more, with MAPPA's level, twice": (
        Registered(**BY, register="ZZZZ", review_due_on=date(1990, 1, 1), level=MappaLevel.ONE),
        Registered(**BY, register="ZZZZ", review_due_on=date(1990, 1, 1)),
    ),
    "a review and an end of no registration": (
        RegistrationReviewed(**BY, registration=900, review_due_on=date(1990, 1, 1)),
        Deregistered(**BY, registration=900),
    ),
    "a step of no risk review": (RiskReviewMoved(**BY, review=900, step=ReviewStep.DECIDED_HIGH),),
    "two risk reviews at a time, and a step that cannot follow": (
        RiskReviewInitiated(**BY),
        RiskReviewInitiated(**BY),
        RiskReviewMoved(**BY, review=NEXT, step=ReviewStep.RESUMED),
        RiskReviewMoved(**BY, review=NEXT + 1, step=ReviewStep.RESUMED),
    ),
    "an answer to no check": (SafeguardingResponseReceived(**BY, check=900, result=CheckResult.INFORMATION),),
    "a stage of no further offence": (SfoMoved(**BY, sfo=900, stage=SfoStage.TERMINATED),),
    "more minutes credited than offered": (
        UpwAttendanceRecorded(**BY, requirement=900, outcome="UAAB", project="", supervisor="", minutes_offered=0, minutes_credited=60),
    ),
    "a requirement of no sentence": (RequirementImposed(**BY, sentence=900, kind=RequirementKind.CURFEW, amount=-1),),
    "changes of phase of a sentence that is not there": (
        Released(**BY, sentence=900, licence_ends_on=date(1990, 1, 1)),
        SentenceEnded(**BY, sentence=901, how="lost"),
    ),
    "ends of what never was": (
        InterruptionEnded(**BY, interruption=900),
        RequirementEnded(**BY, requirement=900, how=RequirementEnd.EXPIRED),
        RequirementAmended(**BY, requirement=900, amount=-3),
        ObjectiveEnded(**BY, objective=900, how=ObjectiveEnd.ACHIEVED),
    ),
    "a day of rehabilitation activity of no requirement": (RarDayCredited(**BY, requirement=900, activity="", minutes=-1),),
    "a pattern of no days": (PatternSet(**BY, every_days=0, mode=Mode.OTHER, from_on=date(1990, 1, 1)),),
    "a sentence that ended before it started, and a contact after it": (
        SentenceEnded(by="SIAN", occurred_at=LONG_AGO, sentence=SENTENCE, how="revoked"),
        A_CONTACT,
    ),
}


@pytest.mark.parametrize("events", WOULD_BE_REFUSED_TODAY.values(), ids=WOULD_BE_REFUSED_TODAY)
def test_old_history_always_loads_whatever_the_rules_say_today(events: tuple[Event, ...]) -> None:
    before = supervised()
    before.record(*events)
    assert before.state.version == NEXT - 1 + len(events)
