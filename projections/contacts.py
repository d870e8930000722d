"""A contact of a case as it stands, made from the entries that say what became of it."""

from datetime import date, datetime
from functools import lru_cache

import msgspec

from domain.appointment import AppointmentArranged, OutcomeRecorded
from domain.contact import KINDS, ContactRecorded, Direction, Mode, Purpose, WithWhom, Work
from domain.entry import Standing
from domain.outcome import OUTCOMES, Outcome
from domain.working_days import local_day
from projections.holder import Holder


class Facts(msgspec.Struct, frozen=True, cache_hash=True):
    """All of a contact that says what it was, apart from when and by whom; `None` is a fact that was not recorded. Few contacts differ
    in these, so each combination is made once, and whatever follows from it can be worked out once."""

    attended: bool | None
    delivered: bool | None
    lost_by: str
    direction: Direction
    with_whom: WithWhom
    mode: Mode
    planned: bool
    one_to_one: bool
    linked: bool
    purposes: tuple[Purpose, ...]


class Contact(msgspec.Struct, frozen=True, gc=False):
    """One contact, whether it was arranged or not, as it stands."""

    number: int
    occurred_at: datetime
    day: date
    recorded_at: datetime
    worker: str
    kind: str
    facts: Facts
    work: Work
    minutes: int | None
    corrected: bool
    imported: bool
    holder: Holder | None

    @property
    def attended(self) -> bool | None:
        return self.facts.attended

    @property
    def delivered(self) -> bool | None:
        return self.facts.delivered

    @property
    def direction(self) -> Direction:
        return self.facts.direction

    @property
    def with_whom(self) -> WithWhom:
        return self.facts.with_whom

    @property
    def mode(self) -> Mode:
        return self.facts.mode

    @property
    def planned(self) -> bool:
        return self.facts.planned


# A rebuild makes tens of millions of these: fields go by place, which costs half of what names do.


def unarranged(standing: Standing[ContactRecorded], holder: Holder | None) -> Contact:
    """A contact that nobody had arranged, which took place because it was recorded."""
    reads, work = standing.reads, standing.reads.work
    linked = bool(work.objectives or work.requirements or work.risk_action)
    facts = _unarranged(reads.direction, reads.with_whom, reads.mode, reads.one_to_one, linked, work.purposes)
    return _contact(standing, reads.kind, facts, holder)


def kept(standing: Standing[OutcomeRecorded], arranged: AppointmentArranged, holder: Holder | None) -> Contact:
    """What became of an appointment."""
    reads, work = standing.reads, standing.reads.work
    linked = bool(work.objectives or work.requirements or work.risk_action)
    facts = _kept(reads.outcome, arranged.kind, arranged.mode, arranged.one_to_one, linked, work.purposes)
    return _contact(standing, arranged.kind, facts, holder)


def _contact(standing: Standing[ContactRecorded] | Standing[OutcomeRecorded], kind: str, facts: Facts, holder: Holder | None) -> Contact:
    reads, recorded = standing.reads, standing.recorded
    return Contact(
        recorded.originator_version,
        reads.occurred_at,
        local_day(reads.occurred_at),
        recorded.recorded_at,
        reads.practitioner,
        kind,
        facts,
        reads.work,
        reads.minutes,
        standing.corrected_by > 0,
        reads.imported is not None,
        holder,
    )


@lru_cache(maxsize=65_536)
def _unarranged(
    direction: Direction, with_whom: WithWhom, mode: Mode, one_to_one: bool, linked: bool, purposes: tuple[Purpose, ...]
) -> Facts:
    return Facts(
        attended=True,
        delivered=True,
        lost_by="",
        direction=direction,
        with_whom=with_whom,
        mode=mode,
        planned=False,
        one_to_one=one_to_one,
        linked=linked,
        purposes=purposes,
    )


@lru_cache(maxsize=65_536)
def _kept(outcome: str, kind: str, mode: Mode, one_to_one: bool, linked: bool, purposes: tuple[Purpose, ...]) -> Facts:
    came, usual = OUTCOMES.get(outcome) or _UNKNOWN, KINDS.get(kind) or KINDS["OTHR"]
    return Facts(
        attended=came.attended,
        delivered=came.delivered,
        lost_by=came.lost_by,
        direction=usual.direction,
        with_whom=usual.with_whom,
        mode=mode,
        planned=True,
        one_to_one=one_to_one,
        linked=linked,
        purposes=purposes,
    )


_UNKNOWN = Outcome("", "", None, None, None, None)
"""An outcome code that is not in the list says nothing of what happened."""
