"""What will happen to a case, drawn before it begins: the person, the sentence, who holds it, when it ends."""

from datetime import datetime, timedelta
from random import Random
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from domain.allocation import AllocationReason
from domain.event import NAMESPACE
from domain.risk import Rosh
from domain.working_days import local_day
from web.synthetic.diary import Diary, instant
from web.synthetic.draws import one_of
from web.synthetic.moves import Move, draw_moves
from web.synthetic.parameters import POPULATION
from web.synthetic.people import Person, person
from web.synthetic.sentences import Sentence, draw_sentence, long_order
from web.synthetic.staff import CRC_TEAMS, DEMO_OFFICERS, NPS_TEAM, Staff

NUMBERS = POPULATION.sentences
ANCHORS = 2 * len(DEMO_OFFICERS)
"""The first cases stay with the people one signs in as, so that their day is alive however few cases there are."""

Part = Literal["", "anchor", "further offence", "exclusion", "restriction"]
"""What a case is kept for. These stay with one officer and run on, so that it can happen."""


class Plan(msgspec.Struct, frozen=True):
    crn: str
    person: Person
    person_id: UUID
    part: Part
    started_at: datetime
    opened_at: datetime
    sentence: Sentence
    level: Rosh
    by_telephone: bool
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

    @property
    def released_at(self) -> datetime | None:
        """When a person whose record begins in custody is released."""
        return instant(self.sentence.released_on, 10) if self.sentence.released_on else None


def draw_plan(index: int, seed: int, diary: Diary, staff: Staff) -> Plan:
    """The plan of the `index`-th case; the same for the same seed, whatever the other cases are."""
    crn = f"X{index + 1:06}"
    rng = Random(f"{seed}:{crn}")
    part = _part(index)
    anchor = DEMO_OFFICERS[index % len(DEMO_OFFICERS)] if part == "anchor" else ""
    ago = rng.randint(100, 240) if part else rng.randint(1, int(NUMBERS.started_within_months * 30.4))
    day = diary.on_or_after(diary.today - timedelta(days=ago))
    if day >= diary.today:
        day = diary.before(diary.today)
    crc = anchor.startswith("C") if anchor else rng.random() < NUMBERS.crc_share
    sentence = long_order(rng, day) if part else draw_sentence(rng, day, crc=crc)
    opened_at = instant(day, rng.randint(13, 17), rng.randrange(60), rng.randrange(60))
    first = _first(rng, diary, staff, opened_at, anchor, crc=crc)
    level = Rosh(one_of(rng, POPULATION.risk.crc_levels if crc else POPULATION.risk.nps_levels))
    closes_at, how = instant(sentence.closes_on, 17, rng.randrange(30)), one_of(rng, NUMBERS.ends)
    if not part and rng.random() < NUMBERS.closes_early:
        revoked = instant(diary.on_or_after(day + timedelta(days=rng.randint(80, 300))), 15, rng.randrange(60))
        closes_at, how = min((closes_at, how), (revoked, "revoked"))
    provider = staff.teams[first.team].runs_by
    return Plan(
        crn=crn,
        person=person(rng, diary.today, in_wales=provider.welsh),
        person_id=uuid5(NAMESPACE, f"synthetic-person:{seed}:{crn}"),
        part=part,
        started_at=instant(day, rng.randint(10, 12), rng.randrange(0, 60, 5)),
        opened_at=opened_at,
        sentence=sentence,
        level=level,
        by_telephone=rng.random() < _telephone(level, provider.telephone),
        first=first,
        moves=() if part else draw_moves(rng, diary, staff, first),
        closes_at=closes_at,
        how_it_closes=how,
    )


def _part(index: int) -> Part:
    if index < ANCHORS:
        return "anchor"
    if index >= POPULATION.risk.sfo_first and (index - POPULATION.risk.sfo_first) % POPULATION.risk.sfo_every == 0:
        return "further offence"
    limited, rest = divmod(index - POPULATION.allocation.limited_first, POPULATION.allocation.limited_every)
    if rest or limited < 0:
        return ""
    return "restriction" if limited % 2 else "exclusion"


def _telephone(level: Rosh, share: float) -> float:
    """The chance of supervision by telephone where the provider does it to `share` of its cases: those of low risk come first."""
    levels = POPULATION.risk.crc_levels
    low, medium = levels[Rosh.LOW] / sum(levels.values()), levels[Rosh.MEDIUM] / sum(levels.values())
    if level is Rosh.LOW:
        return share / low
    return max(share - low, 0) / medium if level is Rosh.MEDIUM else 0


def _first(rng: Random, diary: Diary, staff: Staff, opened_at: datetime, anchor: str, *, crc: bool) -> Move:
    """The first allocation: within days in most cases, two weeks in some."""
    if anchor:
        at = diary.office_hour(rng, diary.later(local_day(opened_at), 1))
        return Move(at, anchor, staff.officers[anchor].team, AllocationReason.INITIAL)
    team = rng.choices([t.code for t in CRC_TEAMS], [t.share for t in CRC_TEAMS])[0] if crc else NPS_TEAM.code
    at = diary.office_hour(rng, diary.later(local_day(opened_at), POPULATION.allocation.officer_days.days(rng)))
    return Move(at, staff.pick(rng, team, at), team, AllocationReason.INITIAL)
