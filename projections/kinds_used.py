"""Which kinds of contact each practitioner records, and how often: what a form offers first."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from domain.contact import ContactRecorded
from domain.policy import Policy
from projections.story import Story

COLUMNS = {"stream_id": "uuid", "practitioner": "text", "kind": "text", "contacts": "int4"}
"""A case's contacts of one kind by one practitioner, those that were arranged and those that were withdrawn left out."""


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    counts = Counter((s.reads.practitioner, s.reads.kind) for s in story.of(ContactRecorded) if not s.withdrawn_by)
    for (practitioner, kind), contacts in counts.items():
        yield practitioner, kind, contacts


def most_used(conn: Connection[Any], practitioner: str) -> list[str]:
    """The kinds that a practitioner has recorded, by code, the most frequent first."""
    query = "select kind from kind_used where practitioner = %s group by kind order by sum(contacts) desc, kind"
    return [kind for (kind,) in conn.execute(query, (practitioner,)).fetchall()]
