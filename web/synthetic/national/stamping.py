"""Stamping cases out of patterns: each has a person, a CRN and a key of its own, and the staff of the teams that it falls to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from domain.case import case_id
from domain.event import NAMESPACE
from store.ledger import NO_PRIOR
from web.synthetic.draws import some
from web.synthetic.life import Lived
from web.synthetic.national.numbers import NATION
from web.synthetic.national.patterns import CRN, PERSON, Pattern, as_it_is
from web.synthetic.national.units import WALES, Unit
from web.synthetic.national.worlds import World
from web.synthetic.people import full_name

NUMBERS = NATION.teams


@dataclass(slots=True)
class Stamped:
    """A stream that is being written. Texts that are the person's own are drawn when they are."""

    stream: UUID
    pattern: Pattern
    words: Sequence[bytes] = ()
    person_id: UUID | None = None
    later: int = 0
    """Microseconds by which everything in it is recorded later than in the life it was made from."""
    seed: str = ""
    version: int = 0
    prior: bytes = NO_PRIOR

    def enter(self) -> tuple[str, bytes, dict[str, str]]:
        """The next entry, which is then the newest: its topic, its clear body and its personal texts."""
        entry = self.pattern.entries[self.version]
        self.version += 1
        return entry.topic, entry.body(self.words), self._texts()

    def _texts(self) -> dict[str, str]:
        """The personal texts of the newest entry: all those of a life, but with another name and another day of birth."""
        texts = self.pattern.entries[self.version - 1].texts
        if self.version > 1 or not self.seed:
            return texts
        rng = Random(self.seed)
        born = date.fromisoformat(texts["born"]) + timedelta(days=some(rng, NUMBERS.born_apart_days))
        return {**texts, "name": full_name(rng, self.pattern.sex), "born": born.isoformat()}


def stamped_offices(lived: Iterator[Lived]) -> list[Stamped]:
    """The streams of the providers, of the staff and of inspections, as they are."""
    streams: dict[UUID, list[Lived]] = {}
    for one in lived:
        streams.setdefault(one.pending.originator_id, []).append(one)
    return [Stamped(stream, as_it_is(theirs)) for stream, theirs in streams.items()]


def stamp(units: Sequence[Unit], worlds: Sequence[World], cases: int, seed: int) -> list[Stamped]:
    """So many cases, shared out among the teams by their size, each drawn from the lives that such a team had."""
    rng = Random(f"{seed}:cases")
    drawn = [(unit, pattern) for unit, number in _shared(units, worlds, cases) for pattern in rng.choices(_pool(unit, worlds), k=number)]
    rng.shuffle(drawn)
    return [_stamped(rng, f"X{number:06}", seed, *one) for number, one in enumerate(drawn, 1)]


def _pool(unit: Unit, worlds: Sequence[World]) -> list[Pattern]:
    """The lives of such a team; outside Wales nobody speaks Welsh."""
    in_wales = unit.division == WALES
    patterns = worlds[unit.card.world].patterns
    return [one for one in patterns if one.team == unit.card.like.code and (in_wales or one.language != "Welsh")]


def _shared(units: Sequence[Unit], worlds: Sequence[World], cases: int) -> Iterator[tuple[Unit, int]]:
    sizes = [len(_pool(unit, worlds)) * unit.load for unit in units]
    given, so_far = 0, 0.0
    for unit, size in zip(units, sizes, strict=True):
        so_far += size
        upto = round(cases * so_far / sum(sizes))
        if upto > given:
            yield unit, upto - given
        given = upto


def _stamped(rng: Random, crn: str, seed: int, unit: Unit, pattern: Pattern) -> Stamped:
    person_id = uuid5(NAMESPACE, f"synthetic-person:{seed}:{crn}")
    chosen = {unit.card.like.code: unit, "": unit}
    own = {CRN: crn.encode(), str(PERSON): str(person_id).encode()}
    words = []
    for word, team in pattern.words:
        if team not in chosen:
            chosen[team] = rng.choice(unit.others[team])
        words.append(own[word] if word in own else chosen[team].words[word])
    later = 1_000_000 * some(rng, NUMBERS.recorded_later_seconds) + rng.randrange(1_000_000)
    return Stamped(case_id(crn), pattern, words, person_id, later, f"{seed}:{crn}:person")
