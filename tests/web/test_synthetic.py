"""The invented population: the same seed gives the same history, every rule accepted it, and nobody's times are out of order."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import ProgrammingError

from domain.access import Role
from domain.appointment import AppointmentArranged, OutcomeRecorded
from domain.breach import BreachConcluded, BreachPresented, BreachReferred
from domain.case import Case, CaseOpened
from domain.contact import ContactRecorded
from domain.enforcement import EnforcementActionTaken
from domain.event import Recorded, take_texts
from domain.evidence import EvidenceDecided
from domain.interruption import InterruptionBegan, InterruptionEnded
from domain.outcome import OUTCOMES
from domain.phase import PssBegan, Recalled, Released
from domain.plan import ObjectiveEnded, PatternSet, PlanCompleted, PlanReviewed
from domain.practitioner import PractitionerRegistered
from domain.requirement import RarDayCredited
from domain.risk import Rosh, RoshAssessed
from domain.sentence import SentenceEnded
from domain.transfer import TransferAccepted
from domain.upw_session import UpwAttendanceRecorded
from domain.working_days import LONDON, local_day
from store import ledger
from store.codec import tag
from store.policy import current_policy
from store.record import Record
from web.synthetic import DEMO_STAFF, CannotSeed, seed
from web.synthetic.diary import Diary
from web.synthetic.life import Lived
from web.synthetic.parameters import POPULATION
from web.synthetic.population import history
from web.synthetic.staff import TEAMS

pytestmark = pytest.mark.xdist_group("population")  # what they all look at takes seconds to make

WEDNESDAY = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)
AFTER_CHRISTMAS = datetime(2025, 12, 29, 21, 0, tzinfo=UTC)
MOMENTS = (WEDNESDAY, SUNDAY_NIGHT, AFTER_CHRISTMAS)


@cache
def lived(cases: int = 20, number: int = 7, until: datetime = WEDNESDAY) -> tuple[Lived, ...]:
    return tuple(history(cases=cases, seed=number, until=until))


def digest(events: tuple[Lived, ...]) -> str:
    """Of everything that does not depend on the nonces of sealing: place, topic, clear state, texts and time of recording."""
    made = hashlib.sha256()
    for moment, pending in events:
        bare, texts = take_texts(pending.event)
        where = (str(pending.originator_id), pending.originator_version, tag(pending.event), moment.isoformat())
        made.update(msgspec.json.encode([where, bare, texts]))
    return made.hexdigest()


def cases_of(events: tuple[Lived, ...]) -> dict[UUID, Case]:
    found: dict[UUID, Case] = {}
    for moment, pending in events:
        if isinstance(pending.event, CaseOpened):
            found[pending.originator_id] = Case(pending.originator_id)
        if case := found.get(pending.originator_id):
            case.evolve(Recorded(case.id, pending.originator_version, pending.event, moment, 0))
    return found


def test_the_same_seed_gives_the_same_history() -> None:
    again = tuple(history(cases=20, seed=7, until=WEDNESDAY))
    assert digest(again) == digest(lived())


def test_another_seed_gives_another_history() -> None:
    assert digest(lived(number=8)) != digest(lived())


@pytest.mark.parametrize("until", MOMENTS)
@pytest.mark.parametrize("number", range(4))
def test_times_of_recording_never_run_backwards_nor_past_the_end(number: int, until: datetime) -> None:
    # That the history exists at all means that no command was refused: a refusal is not caught anywhere.
    moments = [event.recorded_at for event in lived(24, number, until)]
    assert moments == sorted(moments)
    assert moments[-1] <= until


def test_nothing_is_recorded_before_it_happened() -> None:
    assert all(pending.event.occurred_at <= moment for moment, pending in lived())


def test_appointments_fall_in_office_hours_on_working_days_except_on_the_last_day() -> None:
    diary = Diary(SUNDAY_NIGHT, current_policy().bank_holidays)
    for _, pending in lived(until=SUNDAY_NIGHT):
        if isinstance(pending.event, AppointmentArranged):
            at = pending.event.starts_at.astimezone(LONDON)
            assert 9 <= at.hour < 17
            assert at.minute % 5 == 0
            assert diary.works(at.date()) or at.date() == diary.today


@pytest.mark.parametrize("until", MOMENTS)
@pytest.mark.parametrize("number", range(4))
def test_each_officer_to_sign_in_as_has_an_appointment_on_the_last_day(number: int, until: datetime) -> None:
    today = {
        appointment.practitioner
        for case in cases_of(lived(24, number, until)).values()
        for appointment in case.appointments.values()
        if not appointment.cancelled and local_day(appointment.starts_at) == local_day(until)
    }
    assert {staff.code for staff in DEMO_STAFF if staff.role is Role.OFFICER} <= today


def test_the_day_holds_what_awaits_an_outcome_and_what_is_still_to_come() -> None:
    appointments = [a for case in cases_of(lived(60)).values() for a in case.appointments.values() if not a.cancelled]
    today = [a for a in appointments if local_day(a.starts_at) == local_day(WEDNESDAY)]
    assert any(a.starts_at < WEDNESDAY and a.outcome is None for a in today)
    assert any(a.starts_at > WEDNESDAY for a in today)


def test_staff_to_sign_in_as_are_the_staff_of_the_record() -> None:
    registered = {p.event.code: p.event.name for _, p in lived() if isinstance(p.event, PractitionerRegistered)}
    for staff in DEMO_STAFF:
        if staff.role in (Role.OFFICER, Role.MANAGER):
            assert registered[staff.code] == staff.name
        else:
            assert staff.code not in registered
    assert {staff.role for staff in DEMO_STAFF} == set(Role)
    assert {staff.provider for staff in DEMO_STAFF if staff.role is Role.MANAGER} == {"C10", "N03"}


def test_a_larger_population_holds_everything_that_pages_show() -> None:
    events = lived(60)
    seen = {type(pending.event) for _, pending in events}
    assert {RoshAssessed, UpwAttendanceRecorded, SentenceEnded, TransferAccepted, ContactRecorded} <= seen
    assert {PatternSet, PlanCompleted, PlanReviewed, ObjectiveEnded, RarDayCredited} <= seen
    assert {PssBegan, InterruptionBegan, InterruptionEnded} <= seen
    assert {EnforcementActionTaken, EvidenceDecided, BreachReferred, BreachPresented, BreachConcluded} <= seen
    assessed = [p.event for _, p in events if isinstance(p.event, RoshAssessed)]
    assert {Rosh.LOW, Rosh.MEDIUM, Rosh.HIGH} <= {event.level for event in assessed}
    assert all(event.rationale for event in assessed)
    outcomes = [p.event for _, p in events if isinstance(p.event, OutcomeRecorded)]
    assert 0.6 < sum(event.outcome == "ATTC" for event in outcomes) / len(outcomes) < 0.8
    noted = [event.note for event in outcomes if event.note]
    assert 0.4 < len(noted) / len(outcomes) < 0.6
    assert len(set(noted)) > len(noted) / 4
    assert not any("{" in note for note in noted)


def test_on_licence_some_are_recalled_and_released_again_and_no_appointment_is_kept_meanwhile() -> None:
    events = lived(120, 3)
    recalled: dict[UUID, datetime] = {}
    back: dict[UUID, datetime] = {}
    for _, pending in events:
        if isinstance(pending.event, Recalled):
            recalled[pending.originator_id] = pending.event.occurred_at
        elif isinstance(pending.event, Released) and pending.originator_id in recalled:
            back[pending.originator_id] = pending.event.occurred_at
    kept = [
        (pending.originator_id, pending.event.occurred_at)
        for _, pending in events
        if isinstance(pending.event, OutcomeRecorded) and OUTCOMES[pending.event.outcome].attended
    ]
    assert back
    assert not [at for stream, at in kept if stream in back and recalled[stream] < at < back[stream]]


def test_one_team_writes_up_a_backlog_in_the_week_after_the_inspection_is_announced() -> None:
    def written_in(first: date, days: int) -> int:
        week = {first + timedelta(days=n) for n in range(days)}
        return sum(
            isinstance(p.event, OutcomeRecorded | ContactRecorded) and p.event.by[:4] == "C10D" and local_day(moment) in week
            for moment, p in lived(100)
        )

    assert [team.code for team in TEAMS if team.piles_up] == ["C10SWA"]
    burst = local_day(WEDNESDAY) - timedelta(days=max(POPULATION.recording.written_up_days))
    assert max(POPULATION.recording.written_up_days) < POPULATION.inspection.announced_days
    assert written_in(burst, 7) > 1.5 * written_in(burst - timedelta(days=21), 7)


# -- in a database ---------------------------------------------------------------------------------------------------


def test_seeding_stores_the_history_as_it_was_lived(synthetic_record: Record) -> None:
    told: list[int] = []
    streams: list[UUID] = []
    report = seed(synthetic_record, cases=20, seed=7, until=WEDNESDAY, progress=told.append, touched=streams.extend)
    assert report.events == synthetic_record.head() == told[-1] == len(lived())
    assert report.by_topic["case-opened"] == report.cases == 20
    assert (report.first_recorded_at, report.last_recorded_at) == (lived()[0].recorded_at, lived()[-1].recorded_at)
    assert len(streams) == len(set(streams))
    assert set(streams) == {pending.originator_id for _, pending in lived()}
    stored = [
        Lived(recorded.recorded_at.astimezone(UTC), pending)
        for stream in streams
        for recorded in synthetic_record.history(stream, texts=True)
        for pending in [msgspec.structs.replace(lived()[recorded.position - 1].pending, event=recorded.event)]
    ]
    assert sorted(map(repr, stored)) == sorted(map(repr, lived()))
    with synthetic_record.pool.connection() as conn:
        assert [found for found in ledger.verify(conn) if isinstance(found, ledger.Fault)] == []


def test_a_record_that_holds_events_is_not_seeded_again(synthetic_record: Record) -> None:
    seed(synthetic_record, cases=1, seed=1, until=WEDNESDAY)
    with pytest.raises(CannotSeed, match="not empty"):
        seed(synthetic_record, cases=1, seed=1, until=WEDNESDAY)


def test_a_real_record_takes_no_made_up_people_and_no_made_up_times(record: Record) -> None:
    with pytest.raises(CannotSeed, match="real record"):
        seed(record, cases=1, seed=1, until=WEDNESDAY)
    moment, pending = lived()[0]
    with pytest.raises(ProgrammingError, match="database's own") as refused:  # the library's wrapping of the database's error
        record.save(pending, times=[moment])
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert record.head() == 0


def test_what_cannot_be_simulated_is_refused(synthetic_record: Record) -> None:
    with pytest.raises(CannotSeed, match="one or more"):
        seed(synthetic_record, cases=0, seed=1, until=WEDNESDAY)
    with pytest.raises(CannotSeed, match="time zone"):
        seed(synthetic_record, cases=1, seed=1, until=WEDNESDAY.replace(tzinfo=None))
