"""The hours of a team's unpaid work as they stand on a day: ordered, instructed, offered, credited, remaining, and weeks lost."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.words import said
from projections.at_present import SEEABLE
from projections.case_now import CaseNow
from projections.hidden import given, not_given


class Hours(CaseNow, frozen=True):
    """One requirement under way, in minutes, sessions and weeks."""

    phase: str
    ordered: int
    first_instructed_on: date | None
    offered: int
    credited: int
    lost_by_provider: int
    lost_by_person: int
    suspended_on: date | None
    until_on: date
    weeks_credited: int
    weeks_lost_by_provider: int
    weeks_lost_by_person: int
    weeks_lost_by_neither: int
    weeks_until: date

    @property
    def remaining(self) -> int:
        return max(self.ordered - self.credited, 0)

    def without_an_offer(self, today: date) -> int:
        """Whole weeks since the last in which a session was offered, up to the last day, unless the work cannot be done now."""
        if self.suspended_on is not None or self.phase not in SEEABLE:
            return 0
        return max((min(today, self.until_on) - self.weeks_until).days // 7, 0)


class Stands(msgspec.Struct, frozen=True):
    """A requirement with its weeks as they stand on a day: those without an offer up to that day are lost by the service too."""

    hours: Hours
    weeks_lost_by_provider: int


def of_team(conn: Connection[Any], team: str, today: date, hidden: Sequence[UUID] = ()) -> list[Stands]:
    """Unpaid work under way in the team's open cases, by name. `hidden` are the cases that do not exist for whoever asks."""
    columns = ", ".join(f"{'c' if field in _OF_CASE else 'u'}.{field}" for field in Hours.__struct_fields__)
    query = (
        f"select {columns} from unpaid_work u join caseload c using (stream_id) where u.ended_on is null and c.ended_on is null"
        f" and c.team = %(team)s and {not_given('u.stream_id')} order by c.sort_name, c.crn, u.requirement"
    )
    with conn.cursor(row_factory=class_row(Hours)) as cursor:
        found = cursor.execute(query.encode(), {"team": team, "hidden": given(hidden)}).fetchall()
    return [Stands(one, one.weeks_lost_by_provider + one.without_an_offer(today)) for one in found]


_OF_CASE = frozenset({*CaseNow.__struct_fields__, "phase"})


class Fact(msgspec.Struct, frozen=True):
    """A figure of a team: by a word for addresses, in words, in what it is counted, and what one requirement adds to it."""

    key: str
    words: str
    unit: str
    adds: Callable[[Stands], int]


FACTS = (
    Fact("requirements", said("Requirements under way"), "", lambda of: 1),
    Fact("ordered", said("Ordered"), "hours", lambda of: of.hours.ordered),
    Fact("instructed", said("Instructed at least once"), "", lambda of: int(of.hours.first_instructed_on is not None)),
    Fact("never-instructed", said("Never instructed"), "", lambda of: int(of.hours.first_instructed_on is None)),
    Fact("offered", said("Sessions offered"), "", lambda of: of.hours.offered),
    Fact("credited", said("Credited"), "hours", lambda of: of.hours.credited),
    Fact("remaining", said("Remaining"), "hours", lambda of: of.hours.remaining),
    Fact("sessions-lost-by-service", said("Sessions lost by the service"), "", lambda of: of.hours.lost_by_provider),
    Fact("sessions-lost-by-person", said("Sessions lost by the person"), "", lambda of: of.hours.lost_by_person),
    Fact("weeks-credited", said("Weeks with hours credited"), "", lambda of: of.hours.weeks_credited),
    Fact("weeks-lost-by-service", said("Weeks lost by the service, or with nothing offered"), "", lambda of: of.weeks_lost_by_provider),
    Fact("weeks-lost-by-person", said("Weeks lost by the person"), "", lambda of: of.hours.weeks_lost_by_person),
    Fact("weeks-lost-by-neither", said("Weeks lost for accepted reasons"), "", lambda of: of.hours.weeks_lost_by_neither),
)
"""Hours are kept in minutes; a page says them in hours."""
