"""The timeline: every event is told in the service's words, nothing is lost or overwritten, and lateness is in plain sight."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from domain.appointment import AppointmentArranged, arrange_appointment, record_outcome
from domain.catalogue import CaseEvent
from domain.contact import ContactRecorded, Direction, Mode, Purpose, WithWhom, Work, record_contact
from domain.entry import correct_entry, withdraw_entry
from domain.event import Event, Imported
from domain.plan import end_objective
from domain.requirement import RequirementKind, end_requirement
from domain.sentence import end_sentence, start_sentence
from domain.transfer import request_transfer
from domain.upw_session import UpwAttendanceRecorded, record_upw_attendance
from projections.story import Story
from projections.telling import moment, told
from projections.timeline import CATEGORIES, Entry, aims, entries
from tests.rules import BEGAN, NEXT, NOW, OBJECTIVE, POLICY, RAR, SENTENCE, UNPAID_WORK, YESTERDAY, Given, did, supervised
from tests.samples import Sample, samples

NAMES = {"SIAN": "Siân Rowlands", "OWEN": "Owen Bradley", "TOM": "Tom Pugh", "CF1": "Cardiff", "NP1": "Newport"}
CASE_TOPICS = {str(kind.__struct_config__.tag) for kind in get_args(CaseEvent)}
CASE_SAMPLES = [sample for sample in samples() if sample.topic in CASE_TOPICS]


def names(code: str) -> str:
    return NAMES.get(code, code)


def tell(case: Given[Any]) -> list[Entry]:
    return list(entries(Story(case.history), POLICY, names))


def last(case: Given[Any]) -> Entry:
    return tell(case)[-1]


def in_words(sample: Sample) -> str:
    return f"{sample.topic}, {sample.sample}"


# Every event is told -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", get_args(CaseEvent), ids=lambda kind: kind.__name__)
def test_every_event_of_a_case_is_told(kind: type[Event]) -> None:
    events = [sample.event for sample in CASE_SAMPLES if type(sample.event) is kind]
    assert events
    for event in events:
        category, title, facts, _ = told(event, names)
        assert category in CATEGORIES
        assert title
        assert all(facts)


@pytest.mark.parametrize("sample", CASE_SAMPLES, ids=in_words)
def test_what_was_written_about_a_person_stands_only_in_the_text(sample: Sample) -> None:
    _, title, facts, _ = told(sample.event, names)
    assert not [text for text in sample.texts.values() for line in (title, *facts) if text in line]


WRITTEN = [sample for sample in CASE_SAMPLES if sample.texts and sample.topic not in ("case-opened", "entry-withdrawn")]
"""Who the person is stands at the head of every page, and why an entry was withdrawn stands beside it."""


@pytest.mark.parametrize("sample", WRITTEN, ids=in_words)
def test_what_was_written_is_told_in_full(sample: Sample) -> None:
    _, _, _, text = told(sample.event, names)
    assert text in sample.texts.values() or all(written in text for written in sample.texts.values())


def test_every_category_has_something_to_tell() -> None:
    assert {told(sample.event, names)[0] for sample in CASE_SAMPLES} == set(CATEGORIES)


@pytest.mark.parametrize(
    ("topic", "title", "facts"),
    [
        ("case-allocated", "Case allocated to Siân Rowlands", ("Cardiff", "Administrative move")),
        ("transfer-requested", "Transfer requested to Newport", ("Person moved area",)),
        ("transfer-accepted", "Transfer accepted: now with Tom Pugh", ("Newport", "Person moved area")),
        ("handover-held", "Handover meeting with the person and both officers", ("Siân Rowlands to Tom Pugh",)),
        ("requirement-imposed", "Requirement: rehabilitation activity", ("20 days",)),
        (
            "appointment-arranged",
            "Appointment arranged: planned office visit",
            ("For 4 March 2026 at 9:30am", "With Siân Rowlands", "Room 4"),
        ),
        ("appointment-rearranged", "Appointment rearranged", ("Now 4 March 2026 at 9:30am", "Asked for by the person")),
        ("rosh-assessed", "Risk of serious harm: very high", ("Review due 27 August 2026",)),
        ("upw-attendance-recorded", "Unpaid work: attended – complied", ("Bute Park", "390 of 420 minutes credited")),
        ("released", "Released on licence", ("Licence ends 27 August 2026", "From HMP Cardiff")),
        ("pss-began", "Licence ended, post-sentence supervision began", ("Expected to end 26 February 2027",)),
        ("recalled", "Recalled to custody", ()),
        ("interruption-began", "Supervision interrupted: remanded in custody", ("HMP Cardiff",)),
        ("requirement-ended", "Requirement revoked by the court", ("Requirement of entry 4",)),
        ("rar-day-credited", "Rehabilitation activity day credited", ("Thinking skills", "120 minutes")),
        ("objective-ended", "Objective partly achieved", ("Objective of entry 5",)),
        ("pattern-set", "Planned contact: every 14 days", ("Office", "From 2 March 2026")),
        ("plan-completed", "Plan completed", ("Review due 27 February 2027",)),
        ("plan-reviewed", "Plan reviewed: after a significant event", ("With the person", "Next review due 27 August 2026")),
        ("sentence-started", "Sentence started: suspended sentence order", ("Expected to end 26 February 2027", "Cardiff Crown Court")),
    ],
)
def test_an_event_is_told_in_the_service_s_words_with_names_and_not_codes(topic: str, title: str, facts: tuple[str, ...]) -> None:
    (event,) = [sample.event for sample in samples() if sample.topic == topic and sample.sample == "every field"]
    assert told(event, names)[1:3] == (title, facts)


def test_a_contact_says_how_it_took_place_only_where_that_was_not_usual_for_its_kind() -> None:
    purposes = Work(purposes=(Purpose.NEEDS, Purpose.RISK))
    usual = last(supervised(did(record_contact, at=NOW, minutes=30, work=purposes)))
    assert (usual.title, usual.facts) == (
        "Unplanned contact from the person",
        ("30 minutes", "Work on needs and strengths, risk or safeguarding"),
    )
    assert last(supervised(did(record_contact, at=NOW, mode=Mode.DOORSTEP))).facts == ("Doorstep",)


def test_one_of_a_thing_is_told_as_one() -> None:
    assert last(supervised(did(record_contact, at=NOW, minutes=1))).facts == ("1 minute",)
    assert last(supervised(did(start_sentence, requirements=((RequirementKind.RAR, 1),)))).facts == ("1 day",)


@pytest.mark.parametrize(
    "event",
    [
        ContactRecorded(
            occurred_at=YESTERDAY,
            by="SIAN",
            practitioner="SIAN",
            kind="C999",
            mode=Mode.OFFICE,
            direction=Direction.TWO_WAY,
            with_whom=WithWhom.PERSON,
        ),
        AppointmentArranged(occurred_at=YESTERDAY, by="SIAN", starts_at=NOW, practitioner="SIAN", kind="C999", mode=Mode.OFFICE),
        UpwAttendanceRecorded(
            occurred_at=YESTERDAY,
            by="SIAN",
            requirement=UNPAID_WORK,
            outcome="Z999",
            project="Bute Park",
            supervisor="GWYN",
            minutes_offered=60,
            minutes_credited=0,
        ),
    ],
    ids=["contact", "appointment", "session"],
)
def test_a_code_that_is_offered_no_more_is_told_as_it_was_recorded(event: Event) -> None:
    assert "999" in told(event, names)[1]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param(datetime(2026, 11, 22, 15, 5, tzinfo=UTC), "22 November 2026 at 3:05pm", id="afternoon"),
        pytest.param(datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "22 November 2026 at 9am", id="on the hour"),
        pytest.param(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), "22 November 2026 at 12pm", id="noon"),
        pytest.param(datetime(2026, 11, 22, 0, 30, tzinfo=UTC), "22 November 2026 at 12:30am", id="after midnight"),
        pytest.param(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026 at 12:30am", id="summer time"),
    ],
)
def test_a_moment_is_told_as_the_clock_on_the_wall_shows_it(at: datetime, words: str) -> None:
    assert moment(at) == words


# Nothing is lost or overwritten --------------------------------------------------------------------------------------


def busy() -> Given[Any]:
    """A case with a corrected contact, a withdrawn one and a kept appointment."""
    case = supervised(did(record_contact, at=NOW, note="Seen."), did(record_contact, at=NOW, practitioner="OWEN"))
    case.then(correct_entry, entry=NEXT, reads=replace(case.history[NEXT - 1].event, minutes=20, note="Seen at home."))
    case.then(withdraw_entry, entry=NEXT + 1)
    case.then(arrange_appointment, starts_at=NOW + timedelta(hours=1))
    case.then(record_outcome, at=NOW + timedelta(hours=2), appointment=NEXT + 4, outcome="ATSS")
    return case


def test_no_entry_is_lost_and_none_changes_its_place() -> None:
    case = busy()
    told_so_far = tell(case)
    assert [entry.number for entry in told_so_far] == [recorded.version for recorded in case.history] == list(range(1, NEXT + 6))
    assert [entry.position for entry in told_so_far] == [recorded.position for recorded in case.history]


def test_an_original_stands_as_it_was_beside_its_correction() -> None:
    original, correction = (tell(busy())[number - 1] for number in (NEXT, NEXT + 2))
    assert (original.text, original.facts, original.corrected_by, original.corrects) == ("Seen.", (), NEXT + 2, 0)
    assert (correction.text, correction.corrects, correction.category) == ("Seen at home.", NEXT, "corrections")
    assert correction.title == f"Correction of entry {NEXT}: unplanned contact from the person"
    assert correction.facts == ("20 minutes", "Reason: It was the other way about.")


def test_a_withdrawn_entry_stands_with_the_entry_that_withdrew_it() -> None:
    withdrawn, withdrawal = (tell(busy())[number - 1] for number in (NEXT + 1, NEXT + 3))
    assert (withdrawn.withdrawn_by, withdrawn.title) == (NEXT + 3, "Unplanned contact from the person")
    assert (withdrawal.corrects, withdrawal.title) == (NEXT + 1, f"Entry {NEXT + 1} withdrawn")
    assert withdrawal.facts == ("Reason: Written in the wrong case.",)


def test_only_contacts_outcomes_assessments_and_sessions_that_stand_can_be_corrected() -> None:
    assert [entry.number for entry in tell(busy()) if entry.correctable] == [NEXT, NEXT + 5]


def test_a_later_correction_is_the_one_an_entry_points_to() -> None:
    case = busy()
    again = case.then(correct_entry, entry=NEXT, reads=replace(case.history[NEXT - 1].event, minutes=25))
    assert tell(case)[NEXT - 1].corrected_by == again


def test_an_outcome_points_to_its_appointment_and_says_attendance_and_compliance_apart() -> None:
    outcome = last(busy())
    assert (outcome.refers_to, outcome.worker, outcome.title) == (NEXT + 4, "SIAN", "Attended – sent home (service issues)")
    assert (outcome.attended, outcome.complied) == (True, True)


def test_a_session_of_unpaid_work_says_who_supervised_it() -> None:
    session = last(supervised(did(record_upw_attendance, at=NOW, outcome="UAAB", minutes_credited=0)))
    assert (session.worker, session.attended, session.complied) == ("GWYN", False, False)


def test_who_recorded_an_entry_stands_beside_who_did_it() -> None:
    entry = last(supervised(did(record_contact, at=NOW, by="MEERA", practitioner="OWEN", sensitive=True)))
    assert (entry.by, entry.worker, entry.sensitive) == ("MEERA", "OWEN", True)


@pytest.mark.parametrize(("sensitive", "in_sight"), [(True, False), (False, True)])
def test_why_a_sensitive_entry_was_withdrawn_is_shown_only_on_asking(sensitive: bool, in_sight: bool) -> None:
    case = supervised(did(record_contact, at=NOW, sensitive=sensitive))
    case.then(withdraw_entry, entry=NEXT, reason="It names her sister.")
    entry = last(case)
    assert (entry.sensitive, "Reason: It names her sister." in entry.facts) == (sensitive, in_sight)
    assert ("sister" in entry.text) is not in_sight


def test_an_entry_marked_as_sensitive_later_is_so_in_every_version_and_at_an_earlier_time_too() -> None:
    case = supervised(did(record_contact, at=NOW, note="A secret."))
    then = list(case.history)
    event = then[-1].event
    assert isinstance(event, ContactRecorded)
    assert not last(case).sensitive
    case.then(correct_entry, entry=NEXT, reads=replace(event, sensitive=True), reason="It names her sister.")
    original, correction = tell(case)[-2:]
    assert (original.sensitive, correction.sensitive) == (True, True)
    assert "sister" not in " ".join(correction.facts)
    assert "sister" in correction.text
    assert entries(Story(then, Story(case.history)), POLICY, names)[-1].sensitive


def test_what_was_imported_says_so() -> None:
    imported = supervised(did(record_contact, at=NOW, imported=Imported(source="delius", row=1)), did(request_transfer))
    assert [entry.imported_from for entry in tell(imported)[NEXT - 1 :]] == ["delius", ""]


# Lateness ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("occurred_at", "recorded_at", "late", "days"),
    [
        pytest.param(datetime(2026, 3, 5, 10, tzinfo=UTC), datetime(2026, 3, 5, 10, 5, tzinfo=UTC), False, 0, id="at once"),
        pytest.param(datetime(2026, 3, 5, 10, tzinfo=UTC), datetime(2026, 3, 12, 23, 59, tzinfo=UTC), False, 7, id="fifth working day"),
        pytest.param(datetime(2026, 3, 5, 10, tzinfo=UTC), datetime(2026, 3, 13, 0, 0, tzinfo=UTC), True, 8, id="sixth working day"),
        pytest.param(datetime(2026, 4, 2, 10, tzinfo=UTC), datetime(2026, 4, 13, 10, tzinfo=UTC), False, 11, id="over Easter"),
        pytest.param(datetime(2026, 4, 2, 10, tzinfo=UTC), datetime(2026, 4, 14, 10, tzinfo=UTC), True, 12, id="late after Easter"),
        pytest.param(datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 6, 30, 23, 30, tzinfo=UTC), False, 1, id="over midnight"),
    ],
)
def test_an_entry_is_late_after_the_policy_s_working_days(occurred_at: datetime, recorded_at: datetime, late: bool, days: int) -> None:
    entry = last(supervised(did(record_contact, at=recorded_at, occurred_at=occurred_at)))
    assert (entry.late, entry.delay_days) == (late, days)
    assert (entry.occurred_at, entry.recorded_at) == (occurred_at, recorded_at)


def test_a_correction_is_as_timely_as_it_is_given_and_leaves_the_original_as_late_as_it_was() -> None:
    case = supervised(did(record_contact, at=NOW, occurred_at=BEGAN))
    case.then(correct_entry, reads=replace(case.history[-1].event, occurred_at=YESTERDAY))
    assert [entry.late for entry in tell(case)[-2:]] == [True, False]


# What a contact can be tied to ---------------------------------------------------------------------------------------


def test_a_contact_can_be_tied_to_objectives_and_to_requirements_that_still_run() -> None:
    found = aims(Story(supervised().history))
    assert found.objectives == {OBJECTIVE: "Settled accommodation"}
    assert found.requirements == {UNPAID_WORK: "Unpaid work, 80 hours", RAR: "Rehabilitation activity, 20 days"}


def test_a_contact_is_not_tied_to_requirements_of_a_sentence_that_has_ended() -> None:
    second = did(start_sentence, started_at=YESTERDAY, at=YESTERDAY, requirements=((RequirementKind.CURFEW, 0),))
    found = aims(Story(supervised(second, did(end_sentence, sentence=SENTENCE, at=NOW)).history))
    assert found.requirements == {NEXT + 1: "Curfew"}


def test_a_contact_is_not_tied_to_an_objective_or_a_requirement_that_has_ended() -> None:
    found = aims(Story(supervised(did(end_objective, at=NOW), did(end_requirement, at=NOW)).history))
    assert found.objectives == {}
    assert found.requirements == {UNPAID_WORK: "Unpaid work, 80 hours"}
