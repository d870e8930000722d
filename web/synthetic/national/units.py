"""The teams of the nation: each is run like one of a world's, has people and places of its own, and belongs to a provider."""

from bisect import bisect
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, cycle, islice
from random import Random
from typing import NamedTuple

import msgspec

from domain.case import Sex
from domain.organisation import ProviderKind
from web.synthetic import reasons
from web.synthetic.national.numbers import NATION, Area
from web.synthetic.national.patterns import OF_TEAM
from web.synthetic.national.worlds import World
from web.synthetic.people import full_name
from web.synthetic.staff import PROVIDERS, Officer, Organisation, Provider, Team

NUMBERS = NATION.teams
CRCS = {area.code: area for area in NATION.crc}
DIVISIONS = {area.code: area for area in NATION.division}
WALES = "N03"
"""The division in which the demonstration takes place, and people speak Welsh."""


class Card(NamedTuple):
    """A team to be: like which team of which world; one that is `home` keeps the code, the people and the places of that team."""

    world: int
    like: Team
    home: bool


@dataclass(slots=True)
class Unit:
    """A team of the nation."""

    card: Card
    team: Team
    officers: Sequence[Officer]
    words: dict[str, bytes]
    """Its own codes and places, as they stand in a clear body, by those of the team that it is like."""
    load: float
    """Cases as a multiple of those that the team it is like has."""
    others: dict[str, Sequence["Unit"]] = field(default_factory=dict)
    """To which teams its cases may go, by the team of the world that those are like."""

    @property
    def division(self) -> str:
        area = CRCS.get(self.team.provider)
        return area.division if area else self.team.provider


def units(worlds: Sequence[World], cases: int, seed: int, *, areas: int = 0, crcs: Collection[str] = ()) -> list[Unit]:
    """As many teams as the cases need, dealt to providers so that teams run alike tend to come under one.

    A smaller nation is told by how many times the teams of a world are in it (`areas`) and by the codes of its CRCs, the demonstration's
    among them; 0 and none stand for what `nation.toml` says.
    """
    rng = Random(f"{seed}:nation")
    cards = list(_cards(worlds, areas or round(cases / max(1, len(worlds[0].patterns)))))
    found = []
    for provider, theirs in _dealt(rng, cards, crcs or CRCS):
        for number, card in enumerate(theirs, 1):
            found.append(_unit(rng, worlds[card.world].officers, card, provider, number))
    for unit in found:
        unit.others = {team.code: _others(unit, team, found) for team in worlds[unit.card.world].teams}
    return found


def organisation(found: Sequence[Unit]) -> Organisation:
    """Providers with their kind, teams and staff; inspections are announced where letters were sent in a burst beforehand."""
    codes = dict.fromkeys(unit.team.provider for unit in found)
    known = {provider.code: provider for provider in (*map(_provider, (*CRCS.values(), *DIVISIONS.values())), *PROVIDERS)}
    inspected = dict.fromkeys(unit.team.provider for unit in found if unit.card.like.instructs_monthly)
    return Organisation(
        providers=[known[code] for code in sorted(codes)],
        teams=[unit.team for unit in found],
        officers=[officer for unit in found for officer in unit.officers],
        inspected=[known[code] for code in inspected],
    )


def _provider(area: Area) -> Provider:
    return Provider(area.code, area.name, ProviderKind.CRC if area.code in CRCS else ProviderKind.NPS)


def _cards(worlds: Sequence[World], areas: int) -> Iterator[Card]:
    """Every world at least once. Of the staged one, which comes first, there are few, and the very first is at home."""
    areas = max(len(worlds), areas)
    staged = max(1, round(areas * NATION.worlds.staged_share))
    ordinary = islice(cycle(range(1, len(worlds))), areas - staged)
    for number, world in enumerate([0] * staged + list(ordinary)):
        yield from (Card(world, team, number == 0) for team in worlds[world].teams)


def _dealt(rng: Random, cards: Sequence[Card], crcs: Collection[str]) -> Iterator[tuple[str, list[Card]]]:
    """The cards of each provider, by its share; those at home where the demonstration has them."""
    areas = [area for code, area in CRCS.items() if code in crcs]
    shares = {area.code: area.share for area in areas}
    of_divisions = {code: share for code in DIVISIONS if (share := sum(area.share for area in areas if area.division == code))}
    home: dict[str, list[Card]] = {}
    for card in cards:
        if card.home:
            home.setdefault(card.like.provider, []).append(card)
    for of_crcs, weights in ((True, shares), (False, of_divisions)):
        deck = sorted((card for card in cards if card.like.is_crc is of_crcs and not card.home), key=lambda card: _badly_run(rng, card))
        codes = rng.sample(sorted(weights), len(weights))
        bounds = list(accumulate(weights[code] for code in codes))
        hands: dict[str, list[Card]] = {code: home.get(code, []) for code in codes}
        for number, card in enumerate(deck):
            hands[codes[bisect(bounds, bounds[-1] * (number + 0.5) / len(deck))]].append(card)
        yield from ((code, hand) for code, hand in sorted(hands.items()) if hand)


def _badly_run(rng: Random, card: Card) -> float:
    team = card.like
    return NUMBERS.likeness * (team.neglect + team.piles_up + team.instructs_monthly) + rng.random()


def _unit(rng: Random, everybody: Sequence[Officer], card: Card, provider: str, number: int) -> Unit:
    like, theirs = card.like, [officer for officer in everybody if officer.team == card.like.code]
    towns = (CRCS.get(provider) or DIVISIONS[provider]).towns
    round_, town = (number - 1) // len(towns) + 1, towns[(number - 1) % len(towns)]
    if card.home:
        team, officers, load = like, theirs, 1.0
    else:
        code = f"{provider}T{number:02}"
        name = town if round_ == 1 else f"{town} {round_}"
        changes = {"code": code, "name": name, "provider": provider, "manager": f"{code}M", "manager_name": _name(rng)}
        team = msgspec.structs.replace(like, **changes, office=f"{name} office")
        officers = [
            msgspec.structs.replace(officer, code=f"{code}{i:02}", name=_name(rng), team=code, signs_in=False)
            for i, officer in enumerate(theirs, 1)
        ]
        load = rng.uniform(*NUMBERS.load)
    words = {old.code: new.code for old, new in zip(theirs, officers, strict=True)}
    words |= {like.code: team.code, like.code + OF_TEAM: provider, like.manager: team.manager, like.office: team.office}
    words |= {court: _court(town, court) for court in reasons.COURTS}
    return Unit(card, team, officers, {old: msgspec.json.encode(new)[1:-1] for old, new in words.items()}, load)


def _name(rng: Random) -> str:
    return full_name(rng, rng.choice((Sex.FEMALE, Sex.MALE)))


def _court(town: str, like: str) -> str:
    return f"{town} {' '.join(like.split()[-2:])}"


def _others(unit: Unit, team: Team, found: Sequence[Unit]) -> Sequence[Unit]:
    """Teams of the same world that are like `team`: of the same provider, else of the same division, else anywhere."""
    alike = [other for other in found if other.card.world == unit.card.world and other.card.like.code == team.code]
    near = [other for other in alike if other.team.provider == unit.team.provider]
    return near or [other for other in alike if other.division == unit.division] or alike
