"""Policy: every number that policy sets, with its source, its mark and the version it came in.

The files in `policies` hold the values. [V] marks a sourced value, [R] a recalled one that a person must confirm.
"""

from datetime import date
from typing import Any, Literal

import msgspec

from domain.working_days import add_months


class Sourced(msgspec.Struct, frozen=True):
    """One value of the policy with where it comes from. `since` names the later version that it is taken from, if the version says
    nothing of it."""

    value: Any
    source: str
    mark: str
    since: str = ""


class Purposeful(msgspec.Struct, frozen=True, cache_hash=True):
    """What makes a contact purposeful; see the measure of that name for the words."""

    modes: frozenset[str]
    planned_only_modes: frozenset[str]
    never_modes: frozenset[str]
    purposes: frozenset[str]
    recorded_within_working_days: int
    zero_activity_days: int


class Continuity(msgspec.Struct, frozen=True, cache_hash=True):
    """Which contacts count towards continuity of relationship, and how many officers and days are no break in it."""

    modes: frozenset[str]
    coc_from_contacts: int
    officers_window_days: int
    officers_at_most: int
    first_meeting_working_days: int


class Planning(msgspec.Struct, frozen=True):
    """The clocks of the sentence plan, and when an objective counts as worked on."""

    due_working_days: int
    review_months: int
    coverage_days: int


class AllocationLimits(msgspec.Struct, frozen=True):
    """How soon it must be decided who takes a new case, and how often somebody met a person to be known to them."""

    decided_within_working_days: int
    known_from_contacts: int


class TransferLimits(msgspec.Struct, frozen=True):
    """How long a transfer may take, and the check of the new address within it."""

    complete_within_working_days: int
    address_check_within_working_days: int


class CoverLimits(msgspec.Struct, frozen=True):
    """Up to when somebody stands in for an officer before it is a change of officer."""

    longest_days: int


class SnoozeLimits(msgspec.Struct, frozen=True):
    """For how many days something in an officer's day may be put off at a time."""

    longest_days: int


class UnpaidWorkPolicy(msgspec.Struct, frozen=True):
    """How much unpaid work a court may order, by when it is worked and looked at, and what may be credited."""

    hours_least: int
    hours_most: int
    hours_least_after_breach: int
    default_order_hours_least: int
    default_order_hours_most: int
    months_to_work: int
    review_months: tuple[int, int]
    suspension_review_months: int
    assessed_within_working_days: int
    worked_within_working_days: int
    weekly_minutes: int
    travel_minutes_most: int
    ete_share: float
    ete_share_before: float
    ete_share_from: date


class Agenda(msgspec.Struct, frozen=True):
    """How long before, or after, something stands in an officer's day."""

    review_ahead_days: int
    ending_ahead_days: int
    new_days: int
    unseen_days: int


class Reminders(msgspec.Struct, frozen=True):
    """How long before an appointment its reminder is prepared, for which ways of contact, and how long it is kept after it."""

    days_ahead: int
    modes: frozenset[str]
    kept_days: int


class Slipping(msgspec.Struct, frozen=True):
    """When what has no limit of its own elsewhere counts as late, and how many weeks ahead a team looks."""

    officer_within_working_days: int
    pattern_spare_days: int
    appointment_within_days: int
    rosh_within_working_days: int
    ahead_weeks: int


class Recording(msgspec.Struct, frozen=True):
    """Up to when an entry is in time, the days, each the last of its band, by which delays are told apart, and how near in time
    two entries of one kind may be one contact entered twice."""

    within_working_days: int
    delay_bands: tuple[int, ...]
    same_within_minutes: int


class Sampling(msgspec.Struct, frozen=True):
    confidence: float
    margin: float


class Ratings(msgspec.Struct, frozen=True):
    """How shares of sufficient cases become bands, bands of key questions a standard, and standards the rating of a provider.

    `bands` and `overall` give the least that a band begins at, in whole per cent and in points; `half_goes` says where a half of one per
    cent goes when it is made whole, `discretion_points` within how many points below a band a panel may give that band.
    """

    bands: dict[str, int]
    half_goes: Literal["up", "down"]
    discretion_points: int
    scores: dict[str, int]
    standards: int
    overall: dict[str, int]


class Registers(msgspec.Struct, frozen=True):
    """How many months after a registration, by register, it is looked at again."""

    review_months: dict[str, int]


class Risk(msgspec.Struct, frozen=True):
    review_after_event_working_days: int


class RiskReviews(msgspec.Struct, frozen=True):
    """The clock of a CRC's referral to the NPS."""

    refer_working_days: int
    urgent_working_days: int
    decision_working_days: int


class Safeguarding(msgspec.Struct, frozen=True):
    response_working_days: int


class SeriousFurtherOffence(msgspec.Struct, frozen=True):
    notify_working_days: int
    review_months: int
    after_end_working_days: int


class Enforcement(msgspec.Struct, frozen=True):
    """The clocks and the window of enforcement: how long a reason is awaited, and by when a breach is referred and presented."""

    window_months: int
    evidence_days: int
    response_days: int
    follow_up_working_days: int
    crc_referral_working_days: int
    nps_presentation_working_days: int
    nps_referral_working_days: int


class ServiceLevels(msgspec.Struct, frozen=True):
    """The limits of the contracts that no rule of a concept holds already, and which ways of contact they count."""

    first_appointment_working_days: int
    after_release_working_days: int
    first_appointment_modes: frozenset[str]
    face_to_face_modes: frozenset[str]


class ContactLevel(msgspec.Struct, frozen=True):
    """Which ways of contact are a meeting face to face with an officer."""

    face_to_face_modes: frozenset[str]


class Comparison(msgspec.Struct, frozen=True):
    """When a group, a month or a week stands out from the others, and which group is too small to show. Limits and confidence are
    probabilities."""

    smallest_group: int
    interval_confidence: float
    inner_limits: float
    outer_limits: float
    winsorised_share: float
    series_from_points: int
    series_sigma: float
    series_run: int
    burst_weeks_before: int
    burst_significance: float
    burst_from_entries: int
    settled_after_days: int


class Workload(msgspec.Struct, frozen=True):
    """Points of a case by level of risk, in each of three tables; which phase belongs to which table; and what a grade can carry."""

    community: dict[str, int]
    licence: dict[str, int]
    custody: dict[str, int]
    unassessed_as: str
    phases: dict[str, str]
    capacity: dict[str, int]
    full_time_hours: int
    hours_most: int
    excessive_share: float
    intake_days: tuple[int, int]
    recent_days: int
    ending_days: int


class Oversight(msgspec.Struct, frozen=True):
    """Which entries a manager signs: by what they are and the level of RoSH at the time, and those of some grades at any level; by when,
    up to how old, and how many entries of each officer are checked a month."""

    signed_at: dict[str, tuple[str, ...]]
    signed_for_grades: frozenset[str]
    sign_within_working_days: int
    looks_back_days: int
    checks_a_month: int


class Policy(msgspec.Struct, frozen=True):
    version: str
    bank_holidays: frozenset[date]
    rosh_review_months: int
    share_from_contacts: int
    purposeful: Purposeful
    continuity: Continuity
    recording: Recording
    agenda: Agenda
    reminders: Reminders
    slipping: Slipping
    sampling: Sampling
    rating: Ratings
    registers: Registers
    risk: Risk
    risk_review: RiskReviews
    safeguarding: Safeguarding
    serious_further_offence: SeriousFurtherOffence
    plan: Planning
    enforcement: Enforcement
    allocation: AllocationLimits
    transfer: TransferLimits
    cover: CoverLimits
    snooze: SnoozeLimits
    unpaid_work: UnpaidWorkPolicy
    service_levels: ServiceLevels
    contact_level: ContactLevel
    comparison: Comparison
    workload: Workload
    oversight: Oversight
    sources: dict[str, Sourced]

    def rosh_review_due(self, assessed_on: date) -> date:
        return add_months(assessed_on, self.rosh_review_months)
