"""Patterns: a life with places left open for who and where, from which any number of cases can be stamped."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from domain.case import CaseOpened, Sex
from domain.event import Event
from store.codec import plain
from web.synthetic import reasons
from web.synthetic.life import Lived
from web.synthetic.plans import Plan
from web.synthetic.staff import Organisation

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
CRN, PERSON = "@crn", UUID(int=0)
"""In the place of the case's own."""
OF_TEAM = "@"
"""After a team's code: its provider. In a pattern a provider is always that of a team, because like teams may have another."""


class Places(msgspec.Struct, frozen=True):
    """What in a clear body says who and where: `team_of` gives the team of a code or an office."""

    team_of: dict[str, str]
    wanted: re.Pattern[bytes]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """`form` is the clear body with a %b for each of `places`, which count the words of the pattern."""

    topic: str
    form: bytes
    places: tuple[int, ...]
    texts: dict[str, str]

    def body(self, words: Sequence[bytes]) -> bytes:
        return self.form % tuple([words[place] for place in self.places])


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """A life from which cases are stamped. `moments` are the times of recording in microseconds since 1970."""

    entries: Sequence[Entry]
    moments: Sequence[int]
    words: Sequence[tuple[str, str]] = ()
    """What a case puts its own in the place of, each with the team whose it is, if it is a team's."""
    team: str = ""
    """The team that has it first."""
    sex: Sex = Sex.NOT_KNOWN
    language: str = ""


def places_of(organisation: Organisation) -> Places:
    """Codes, offices and courts, where a value of the clear body is or begins with one. Personal texts are not in the clear body."""
    team_of = {officer.code: officer.team for officer in organisation.officers}
    team_of |= {word: team.code for team in organisation.teams for word in (team.code, team.code + OF_TEAM, team.manager, team.office)}
    longest_first = sorted({*team_of, *reasons.COURTS, CRN, str(PERSON)}, key=lambda word: (-len(word), word))
    any_of = b"|".join(re.escape(word.encode()) for word in longest_first)
    return Places(team_of, re.compile(b'(?<=")(?:' + any_of + b')(?=[" ])'))


def pattern(plan: Plan, life: Iterable[Lived], places: Places) -> Pattern:
    """Live a life and leave open what will differ from case to case: the person, the staff, their teams, offices and courts."""
    words: dict[str, int] = {}
    entries, moments = [], []
    for recorded_at, pending in life:
        topic, state, texts = plain(_nobodys(pending.event))
        form, left_open = _left_open(places.wanted, state, words)
        entries.append(Entry(topic, form, left_open, texts))
        moments.append(moment(recorded_at))
    return Pattern(
        entries=entries,
        moments=moments,
        words=[(word, places.team_of.get(word, "")) for word in words],
        team=plan.first.team,
        sex=plan.person.sex,
        language=plan.person.language,
    )


def as_it_is(lived: Sequence[Lived]) -> Pattern:
    """A stream in which nothing is left open."""
    told = [plain(one.pending.event) for one in lived]
    entries = [Entry(topic, state.replace(b"%", b"%%"), (), texts) for topic, state, texts in told]
    return Pattern(entries=entries, moments=[moment(one.recorded_at) for one in lived])


def moment(instant: datetime) -> int:
    """Microseconds since 1970."""
    return (instant - EPOCH) // _MICROSECOND


def _nobodys(event: Event) -> Event:
    """The event as that of no case in particular, with each provider named as that of the team beside it."""
    if isinstance(event, CaseOpened):
        return msgspec.structs.replace(event, crn=CRN, person_id=PERSON)
    changes: dict[str, Any] = {}
    for team, provider in (("team", "provider"), ("to_team", "to_provider")):
        if getattr(event, provider, ""):
            changes[provider] = getattr(event, team) + OF_TEAM
    return msgspec.structs.replace(event, **changes) if changes else event


def _left_open(wanted: re.Pattern[bytes], state: bytes, words: dict[str, int]) -> tuple[bytes, tuple[int, ...]]:
    found: list[int] = []

    def leave_open(match: re.Match[bytes]) -> bytes:
        found.append(words.setdefault(match.group().decode(), len(words)))
        return b"%b"

    return wanted.sub(leave_open, state.replace(b"%", b"%%")), tuple(found)
