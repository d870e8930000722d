"""The peer: the event-sourcing library as it comes, with an aggregate and a projection written as its documentation does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, DomainEventProtocol, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL

NOTE = "Attended on time. We went through the exercise on triggers and agreed what to try before next time."
SOME_WORK = {"purposes": ["work on needs and strengths"], "objectives": [4]}


class Supervised(Aggregate):
    """A case, with what a caseload shows of it."""

    @event("Opened")
    def __init__(self, crn: str, name: str, by: str, occurred_at: datetime) -> None:
        self.crn = crn
        self.name = name
        self.contacts = 0
        self.last_contact_at: datetime | None = None

    @event("ContactRecorded")
    def record_contact(
        self,
        occurred_at: datetime,
        by: str,
        practitioner: str,
        kind: str,
        mode: str,
        direction: str,
        with_whom: str,
        minutes: int,
        work: dict[str, Any],
        note: str,
    ) -> None:
        self.contacts += 1
        self.last_contact_at = occurred_at


class Supervision(Application[UUID]):
    """The library's application, unchanged."""


def environment(dsn: str, *, create: bool = False) -> dict[str, str]:
    """The library's settings as it comes. Tables are made once, beforehand: several processes that make them at once crash."""
    info = conninfo_to_dict(dsn)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(info["dbname"]),
        "POSTGRES_HOST": str(info.get("host") or ""),
        "POSTGRES_PORT": str(info.get("port") or "5432"),
        "POSTGRES_USER": str(info.get("user") or ""),
        "POSTGRES_PASSWORD": str(info.get("password") or ""),
        "CREATE_TABLE": "y" if create else "n",
    }


@contextmanager
def application(dsn: str, *, create: bool = False) -> Iterator[Supervision]:
    app = Supervision(environment(dsn, create=create))
    try:
        yield app
    finally:
        app.close()


def opened(number: int) -> Supervised:
    return Supervised(crn=f"X{number:06d}", name="Alex Example", by="SIAN", occurred_at=datetime.now(UTC))


def contact(case: Supervised) -> None:
    """One contact like those that our own side of a comparison records."""
    case.record_contact(
        occurred_at=datetime.now(UTC),
        by="SIAN",
        practitioner="SIAN",
        kind="COAP",
        mode="office",
        direction="two-way",
        with_whom="the person",
        minutes=30,
        work=SOME_WORK,
        note=NOTE,
    )


class CaseloadView(PostgresTrackingRecorder):
    """The peer's read model: one row a case."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(
            SQL(
                "create table if not exists caseload"
                " (id uuid primary key, crn text, name text, contacts int not null, last_contact_at timestamptz)"
            ).format()
        )

    def open(self, case: UUID, crn: str, name: str, tracking: Tracking) -> None:
        self._apply("insert into caseload values (%s, %s, %s, 0) on conflict do nothing", (case, crn, name), tracking)

    def contact(self, case: UUID, occurred_at: datetime, tracking: Tracking) -> None:
        statement = "update caseload set contacts = contacts + 1, last_contact_at = greatest(last_contact_at, %s) where id = %s"
        self._apply(statement, (occurred_at, case), tracking)

    def _apply(self, statement: str, params: tuple[object, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as curs:
            curs.execute(statement.encode(), params, prepare=True)
            self._insert_tracking(curs, tracking)


class Caseload(Projection[CaseloadView]):
    """The peer's projection: one statement an event, with its tracking record in the same transaction."""

    name = "caseload"
    topics = ()

    @singledispatchmethod
    def process_event(self, domain_event: DomainEventProtocol[UUID], tracking: Tracking) -> None:
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, domain_event: Supervised.Opened, tracking: Tracking) -> None:  # type: ignore[name-defined]  # made by the library's decorator
        self.view.open(domain_event.originator_id, domain_event.crn, domain_event.name, tracking)

    @process_event.register
    def _(self, domain_event: Supervised.ContactRecorded, tracking: Tracking) -> None:  # type: ignore[name-defined]  # as above
        self.view.contact(domain_event.originator_id, domain_event.occurred_at, tracking)
