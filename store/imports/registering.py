"""Who and where an import speaks of: its provider, teams and practitioners are registered before its cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.event import Event, Imported, Pending
from domain.organisation import Provider, provider_id, register_provider, register_team
from domain.practitioner import Practitioner, practitioner_id, register_practitioner
from store.imports.appending import Touched, load_many, save_all
from store.imports.mapping import ProviderMapping
from store.imports.report import Tally
from store.record import Record

AT_ONCE = 500


class Met(msgspec.Struct, frozen=True):
    """A team or a practitioner that the source speaks of, since when, and (a practitioner) in which team they did most."""

    code: str
    since: datetime
    team: str = ""
    name: str = ""


def register(
    record: Record,
    provider: ProviderMapping,
    teams: Sequence[Met],
    practitioners: Sequence[Met],
    *,
    tally: Tally,
    now: datetime,
    touched: Touched | None = None,
) -> dict[str, str]:
    """Register what is not registered yet, as known since the source first speaks of it; in a dry run, only count.

    Gives the team of each practitioner: the record's, where it knows one already.
    """
    by = f"import:{tally.source}"
    _register_provider(record, provider, teams, tally, min([now, *(team.since for team in teams)]), by, touched)
    team_of: dict[str, str] = {}
    for start in range(0, len(practitioners), AT_ONCE):
        some = practitioners[start : start + AT_ONCE]
        team_of |= _register_practitioners(record, provider.code, some, tally, by, touched)
    return team_of


def _register_provider(
    record: Record, mapped: ProviderMapping, teams: Sequence[Met], tally: Tally, since: datetime, by: str, touched: Touched | None
) -> None:
    stream = provider_id(mapped.code)

    def decide() -> tuple[list[Pending], Any]:
        provider = load_many(record, Provider, [stream])[stream]
        before, events = provider.version, list[Event]()
        if not before:
            events += register_provider(provider, now=since, by=by, code=mapped.code, name=mapped.name, kind=mapped.registered_as)
            provider.version, provider.code = 1, mapped.code
        new = [team for team in teams if team.code not in provider.teams]
        for team in new:
            events += register_team(provider, now=team.since, by=by, code=team.code, name=team.name or team.code)
        return _pending(stream, before, events, tally), (len(events), len(new))

    events, new_teams = save_all(record, decide)
    tally.events_added += events
    tally.teams_registered += new_teams
    if events and touched is not None and not tally.dry_run:
        touched([stream])


def _register_practitioners(
    record: Record, provider: str, met: Sequence[Met], tally: Tally, by: str, touched: Touched | None
) -> dict[str, str]:
    def decide() -> tuple[list[Pending], Any]:
        known = load_many(record, Practitioner, [practitioner_id(each.code) for each in met])
        pending, team_of, streams, events_added = list[Pending](), dict[str, str](), list[UUID](), 0
        for each in met:
            stream = practitioner_id(each.code)
            practitioner = known[stream]
            if practitioner.version:
                team_of[each.code] = practitioner.team
                continue
            events = register_practitioner(
                practitioner,
                now=each.since,
                by=by,
                code=each.code,
                name=each.name or each.code,
                team=each.team,
                provider=provider,
            )
            pending += _pending(stream, 0, events, tally)
            team_of[each.code] = each.team
            streams.append(stream)
            events_added += len(events)
        return pending, (team_of, streams, events_added)

    team_of, streams, events_added = save_all(record, decide)
    tally.practitioners_registered += len(streams)
    tally.events_added += events_added
    if streams and touched is not None and not tally.dry_run:
        touched(streams)
    found: dict[str, str] = team_of
    return found


def _pending(stream: UUID, before: int, events: Sequence[Event], tally: Tally) -> list[Pending]:
    """The events in their places, marked as imported (as row 0: they stand in no row of their own); none in a dry run."""
    if tally.dry_run:
        return []
    mark = Imported(source=tally.source, row=0)
    return [Pending(stream, before + i, msgspec.structs.replace(e, imported=mark)) for i, e in enumerate(events, 1)]
