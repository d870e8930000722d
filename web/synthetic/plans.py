"""What will happen to a case, drawn before it begins: the person, the sentences and their requirements, who holds it, when it ends."""

from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.allocation import AllocationReason
from domain.event import NAMESPACE
from domain.policy import add_months
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.sentence import SentenceKind
from domain.working_days import local_day
from web.synthetic.diary import Diary, instant
from web.synthetic.moves import Move, draw_moves
from web.synthetic.people import Person, person
from web.synthetic.staff import CRC_SHARE, DEMO_OFFICERS, TEAMS, Staff

MONTHS = 14
"""Sentences start over the months before the end of the simulation."""
ANCHORS = 2 * len(DEMO_OFFICERS)
"""The first cases stay with the people one signs in as, so that their day is alive however few cases there are."""

Requirements = tuple[tuple[RequirementKind, int], ...]


class Sentence(NamedTuple):
    kind: SentenceKind
    ends_on: date
    requirements: Requirements = ()


class Plan(msgspec.Struct, frozen=True):
    crn: str
    person: Person
    person_id: UUID
    started_at: datetime
    opened_at: datetime
    sentence: Sentence
    after_licence: Sentence | None
    """Post-sentence supervision that follows a short licence."""
    level: Rosh
    first: Move
    moves: tuple[Move, ...]
    closes_at: datetime
    how_it_closes: str
    today: datetime | None = None
    """The time of the appointment that this case has on the day the simulation ends."""

    def officer_at_the_end(self) -> str:
        accepted = [m for m in self.moves if m.answer == "accepted" and m.at <= self.closes_at]
        return (accepted or [self.first])[-1].practitioner

    def last_move(self) -> datetime:
        return max(m.at for m in (self.first, *self.moves))


def draw_plan(index: int, seed: int, diary: Diary, staff: Staff) -> Plan:
    """The plan of the `index`-th case; the same for the same seed, whatever the other cases are."""
    crn = f"X{index + 1:06}"
    rng = Random(f"{seed}:{crn}")
    anchor = DEMO_OFFICERS[index % len(DEMO_OFFICERS)] if index < ANCHORS else ""
    ago = rng.randint(100, 240) if anchor else rng.randint(1, int(MONTHS * 30.4))
    day = diary.on_or_after(diary.today - timedelta(days=ago))
    if day >= diary.today:
        day = diary.today - timedelta(days=1)
    crc = anchor.startswith("C") if anchor else rng.random() < CRC_SHARE
    sentence, after = (_long_order(rng, day), None) if anchor else _sentence(rng, day, crc=crc)
    opened_at = instant(day, rng.randint(13, 17), rng.randrange(60), rng.randrange(60))
    first = _first(rng, diary, staff, opened_at, anchor, crc=crc)
    ends = after.ends_on if after else sentence.ends_on
    closes_at, how = instant(ends, 17, rng.randrange(30)), rng.choice(("completed", "completed", "expired"))
    if not anchor and rng.random() < 0.05:
        revoked = instant(diary.on_or_after(day + timedelta(days=rng.randint(80, 300))), 15, rng.randrange(60))
        closes_at, how = min((closes_at, how), (revoked, "revoked"))
    return Plan(
        crn=crn,
        person=person(rng, diary.today),
        person_id=uuid5(NAMESPACE, f"synthetic-person:{seed}:{crn}"),
        started_at=instant(day, rng.randint(10, 12), rng.randrange(0, 60, 5)),
        opened_at=opened_at,
        sentence=sentence,
        after_licence=after,
        level=_level(rng, crc=crc),
        first=first,
        moves=() if anchor else draw_moves(rng, diary, staff, first),
        closes_at=closes_at,
        how_it_closes=how,
    )


def _first(rng: Random, diary: Diary, staff: Staff, opened_at: datetime, anchor: str, *, crc: bool) -> Move:
    """The first allocation: the next working day in most cases, two weeks in some."""
    if anchor:
        at = diary.office_hour(rng, diary.later(local_day(opened_at), 1))
        return Move(at, anchor, staff.officers[anchor].team, AllocationReason.INITIAL)
    team = rng.choices([t.code for t in TEAMS if t.is_crc], (4, 3, 3))[0] if crc else TEAMS[3].code
    wait = rng.choices((1, 2, 3, rng.randint(4, 10)), (62, 20, 10, 8))[0]
    at = diary.office_hour(rng, diary.later(local_day(opened_at), wait))
    return Move(at, staff.pick(rng, team, at), team, AllocationReason.INITIAL)


def _level(rng: Random, *, crc: bool) -> Rosh:
    levels = (Rosh.LOW, Rosh.MEDIUM, Rosh.HIGH, Rosh.VERY_HIGH)
    return rng.choices(levels, (38, 62, 0, 0) if crc else (3, 46, 48, 3))[0]


def _long_order(rng: Random, day: date) -> Sentence:
    return Sentence(SentenceKind.COMMUNITY_ORDER, add_months(day, 24), _requirements(rng))


def _sentence(rng: Random, day: date, *, crc: bool) -> tuple[Sentence, Sentence | None]:
    """A sentence of the recalled mix; a short licence is followed by post-sentence supervision up to a year."""
    kinds = (
        SentenceKind.COMMUNITY_ORDER,
        SentenceKind.SUSPENDED_SENTENCE_ORDER,
        SentenceKind.LICENCE,
        SentenceKind.POST_SENTENCE_SUPERVISION,
    )
    kind = rng.choices(kinds, (42, 24, 28, 6) if crc else (24, 20, 52, 4))[0]
    if kind is SentenceKind.COMMUNITY_ORDER or kind is SentenceKind.SUSPENDED_SENTENCE_ORDER:
        months = rng.choice((9, 12, 12, 12, 18, 18, 24, 24))
        return Sentence(kind, add_months(day, months), _requirements(rng)), None
    supervision: Requirements = ((RequirementKind.SUPERVISION, 0),)
    if kind is SentenceKind.POST_SENTENCE_SUPERVISION:
        return Sentence(kind, add_months(day, rng.randint(8, 11)), supervision), None
    if rng.random() < (0.7 if crc else 0.25):
        licence = Sentence(kind, day + timedelta(days=rng.randint(45, 180)))
        return licence, Sentence(SentenceKind.POST_SENTENCE_SUPERVISION, add_months(day, 12), supervision)
    programme: Requirements = ((RequirementKind.PROGRAMME, 0),) if rng.random() < 0.15 else ()
    return Sentence(kind, add_months(day, rng.choice((12, 15, 18, 24, 36))), programme), None


def _requirements(rng: Random) -> Requirements:
    """What an order requires: of all requirements about a third unpaid work, two fifths rehabilitation activity."""
    found: list[tuple[RequirementKind, int]] = []
    if rng.random() < 0.45:
        hours = rng.choices((40, 60, 80, 100, 120, 150, 180, 200, 240, 300), (6, 12, 16, 18, 14, 12, 8, 7, 4, 3))[0]
        found.append((RequirementKind.UNPAID_WORK, hours))
    if rng.random() < 0.52 or not found:
        found.append((RequirementKind.RAR, rng.choice((10, 10, 15, 15, 20, 20, 25, 30, 40))))
    for kind, share in (
        (RequirementKind.PROGRAMME, 0.12),
        (RequirementKind.CURFEW, 0.12),
        (RequirementKind.TREATMENT, 0.07),
        (RequirementKind.RESIDENCE, 0.02),
    ):
        if rng.random() < share:
            found.append((kind, 0 if kind is RequirementKind.PROGRAMME else rng.choice((3, 4, 6))))
    return tuple(found)
