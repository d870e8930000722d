"""The numbers of the invented population, as `population.toml` beside this file states them with their sources."""

import tomllib
from importlib import resources
from typing import Any

import msgspec

from web.synthetic.draws import Mix, Span, Wait


class People(msgspec.Struct, frozen=True):
    welsh_speakers: float
    other_languages: float
    women: float
    ages: tuple[tuple[int, int, int], ...]
    with_needs: float
    needs_said_later: float
    sex_not_known: float


class Sentences(msgspec.Struct, frozen=True):
    started_within_months: int
    crc_share: float
    crc_kinds: Mix
    nps_kinds: Mix
    order_months: Mix
    short_licence: Span
    crc_short_licences: float
    nps_short_licences: float
    licence_months: Mix
    record_begins_in_custody: float
    custody_days: Span
    pss_months: Span
    second_sentence: float
    closes_early: float
    ends: Mix
    interrupted: float
    interruptions: Mix
    interrupted_days: Span
    forgotten_weeks: float
    forgotten_days: Span


class Requirements(msgspec.Struct, frozen=True):
    shares: Mix
    upw_hours: Mix
    rar_days: Mix
    months: Span
    programme_on_licence: float
    never_begun: float
    begins_after_days: Span
    rar_every_days: int
    programme_every_days: int
    programme_sessions: Span
    rar_most_sessions: int
    group_minutes: int
    rar_credited: float
    amended: float


class Attendance(msgspec.Struct, frozen=True):
    outcomes: Mix
    telephone_outcomes: Mix
    reliable: float
    reliable_failures: float
    other_failures: float
    stand_in: float
    without_next: float
    forgotten: float
    forgotten_for_good: float
    not_yet_today: float
    moved: float
    chased: float
    today_each: int


class Contact(msgspec.Struct, frozen=True):
    first_days: Wait
    after_release_days: Wait
    first_at_home: float
    intervals: dict[str, tuple[tuple[int, int], ...]]
    telephone_every_days: int
    telephone_from_age: int
    kinds: Mix
    high_risk_kinds: Mix
    unarranged_every_days: int
    unarranged: Mix
    kiosk: int
    prison_visit: float
    stand_in: float
    noted: float
    private_room: float
    sensitive: float
    privacy_said: float


class Work(msgspec.Struct, frozen=True):
    purposes: Mix
    reporting: Mix
    reporting_only: float
    reporting_only_by_careless: float
    reporting_only_by_telephone: float
    left_out_by_careless: float
    not_linked_by_careless: float
    group_said: float
    risk_action: float
    unarranged: Mix
    unarranged_left_out: float
    turned_up: Mix


class Risk(msgspec.Struct, frozen=True):
    crc_levels: Mix
    nps_levels: Mix
    assessed_days: Wait
    review_days: Wait
    lowered: float
    raised: float
    events_a_year: float
    events: Mix
    reviewed_after_event: float
    registers: Mix
    mappa_of_high: float
    mappa_levels: Mix
    mappa_categories: Mix
    registration_reviewed: Wait
    deregistered: float
    checks_asked: float
    check_answered_days: Wait
    check_never_answered: float
    check_information: float
    checks_when_opened: Mix
    referral: float
    referral_ends: Mix
    referral_resumed: float
    information_asked: float
    urgent: float
    sfo_first: int
    sfo_every: int
    sfo_stages: Mix


class Plan(msgspec.Struct, frozen=True):
    planned_days: Wait
    none: float
    objectives: Mix
    another_objective: float
    another_after_days: Span
    pattern_said: float
    completed: float
    review_due_days: int
    review_days: Wait
    with_person: float
    review_after_change: float
    objective_ended: float
    objective_ends: Mix
    final_review: float


class Enforcement(msgspec.Struct, frozen=True):
    answered_days: Wait
    unanswered: float
    evidence_asked: float
    evidence_days: Wait
    evidence_undecided: float
    evidence_accepted: float
    changed_mind: float
    warned: float
    breached: float
    referred_days: Wait
    presented_days: Wait
    nps_presented_days: Wait
    returned: float
    withdrawn: float
    hearing_days: Span
    outcomes: Mix
    lengthened: float
    lengthened_months: Span
    resentenced: Mix
    resentence_custody_days: Span
    default_order_hours: Span
    recalled: float
    recall_decisions: Mix
    fixed_term_days: Span
    standard_recall_days: Span


class Allocation(msgspec.Struct, frozen=True):
    team_decided: float
    officer_days: Wait
    cases_an_officer: int
    mean_days_between_changes: int
    usual_reasons: Mix
    unallocated_when_left: float
    unallocated_days: Span
    mass_moves: Span
    moved_in_mass: float
    handover: float
    handover_in_mass: float
    handover_of_transfer: float
    three_way: float
    sick_officers: float
    sick_days: Span
    covered: float
    cover_ends_early: float
    cover_reasons: Mix
    looked_at_days: Span
    snoozed: float
    snoozed_days: Span
    brought_back: float
    limited_first: int
    limited_every: int


class Transfer(msgspec.Struct, frozen=True):
    waiting: float
    risk: float
    move: float
    risk_answered_days: Span
    move_answered_days: Span
    queried: float
    address_assessed: float
    rejected: float
    withdrawn: float
    completed: float
    component_stays: float


class UnpaidWork(msgspec.Struct, frozen=True):
    assessed_days: Wait
    inducted_in_group: float
    instructed_days: Wait
    intensive: Mix
    session_minutes: int
    weekly: float
    weekdays: Mix
    outcomes: Mix
    methods: Mix
    acknowledged: float
    penalties: float
    penalty_minutes: Span
    travels: float
    travel_minutes: Span
    ete: float
    keeps_going: float
    suspended: float
    suspended_because: Mix
    suspended_days: Span
    reviewed: float
    extended: float
    extended_months: Span
    burst_days: Span
    burst_share: float


class Recording(msgspec.Struct, frozen=True):
    same_day: float
    day_after: float
    two_days: float
    week: float
    week_days: Span
    weeks_days: Span
    piled_up_share: float
    piled_up_days: int
    written_up_days: Span
    late_by_neglect: float
    corrected: float
    withdrawn: float
    care: tuple[float, float]


class Inspection(msgspec.Struct, frozen=True):
    announced_days: int


class Oversight(msgspec.Struct, frozen=True):
    looked_at_days: Span
    signed: float
    sent_back: float
    answered_days: Span
    checked: float
    to_improve: float
    noted: float
    welsh_officers: float


class Population(msgspec.Struct, frozen=True):
    people: People
    sentences: Sentences
    requirements: Requirements
    attendance: Attendance
    contact: Contact
    work: Work
    risk: Risk
    plan: Plan
    enforcement: Enforcement
    allocation: Allocation
    transfer: Transfer
    unpaid_work: UnpaidWork
    recording: Recording
    inspection: Inspection
    oversight: Oversight


def stated() -> dict[str, Any]:
    """The file as it is written: groups of values with source and mark, and the lists of who supervises."""
    return tomllib.loads(resources.files("web.synthetic").joinpath("population.toml").read_text("utf-8"))


def read(raw: dict[str, Any]) -> Population:
    groups = {name: group for name, group in raw.items() if isinstance(group, dict)}
    values = {name: {key: entry["value"] for key, entry in group.items()} for name, group in groups.items()}
    return msgspec.convert(values, Population)


POPULATION = read(stated())
