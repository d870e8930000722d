"""Who inspects which case: what lets an inspector see a case, from the draw to the close, or to a last day."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from psycopg import Connection

from domain.policy import Policy
from projections.inspections import state_of
from projections.story import Story

COLUMNS = {"stream_id": "uuid", "inspector": "text", "place": "int4", "last_day": "date"}
"""Those who take part while an inspection is open; one that is closed has no rows."""


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    inspection = story.once(state_of)
    if not inspection.closed:
        for place, (inspector, last_day) in enumerate(inspection.inspectors.items()):
            yield inspector, place, last_day


MAY_SEE = (
    "select s.crn from inspected s join inspector n using (stream_id)"
    " where n.inspector = %(code)s and (n.last_day is null or n.last_day >= (%(now)s at time zone 'Europe/London')::date)"
)
"""The references of the cases that an inspector may see through an inspection on the day of `now`, whoever reads them in it."""


def may_see(conn: Connection[Any], crn: str, inspector: str, now: datetime) -> bool:
    """Whether the case is inspected, now, in an inspection that this inspector takes part in."""
    query = f"{MAY_SEE} and s.crn = %(crn)s limit 1"
    return conn.execute(query.encode(), {"code": inspector, "now": now, "crn": crn}).fetchone() is not None


def all_seen(conn: Connection[Any], inspector: str, now: datetime) -> frozenset[str]:
    """The references of all cases that this inspector may see now."""
    return frozenset(crn for (crn,) in conn.execute(MAY_SEE.encode(), {"code": inspector, "now": now}))
