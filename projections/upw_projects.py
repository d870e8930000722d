"""Unpaid work projects of a provider, as lists and choices need them."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.organisation import PROJECT_TYPES, UpwProjectEnded, UpwProjectRegistered
from domain.policy import Policy
from projections.story import Story

COLUMNS = {
    "stream_id": "uuid",
    "provider": "text",
    "code": "text",
    "name": "text",
    "kind": "text",
    "place": "text",
    "ended": "bool",
}


class Project(msgspec.Struct, frozen=True):
    provider: str
    code: str
    name: str
    kind: str
    place: str
    ended: bool

    @property
    def ete(self) -> bool:
        """Whether what is worked there is education, training or employment."""
        return self.kind in PROJECT_TYPES and PROJECT_TYPES[self.kind].ete

    @property
    def kind_in_words(self) -> str:
        return PROJECT_TYPES[self.kind].label if self.kind in PROJECT_TYPES else self.kind


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    ended = {r.event.code for r in story.history if isinstance(r.event, UpwProjectEnded)}
    for recorded in story.history:
        if isinstance(event := recorded.event, UpwProjectRegistered):
            yield event.provider, event.code, event.name, event.kind, event.place, event.code in ended


def of_provider(conn: Connection[Any], provider: str) -> Sequence[Project]:
    """A provider's projects by name, those that have ended last."""
    query = "select provider, code, name, kind, place, ended from upw_project where provider = %s order by ended, name"
    with conn.cursor(row_factory=class_row(Project)) as cursor:
        return cursor.execute(query, (provider,)).fetchall()
