"""Who is signed in: a random token in a cookie, its row in the database, so that signing out and leaving really end it."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

import msgspec
from flask import Request, Response
from psycopg import Connection

from domain.access import Role, Subject
from projections.organisations import PractitionerRow, practitioner
from web.synthetic import DEMO_STAFF

COOKIE = "throughline"
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=10)
"""A working day. Both limits are this service's own; an organisation that has others changes them here."""
SEEN_TO = timedelta(minutes=1)
"""How exactly it is kept when somebody was last here. A page that wrote it down each time would wait for the disk each time."""


class Person(msgspec.Struct, frozen=True):
    """Somebody who uses the service."""

    code: str
    name: str
    role: Role
    team: str = ""
    provider: str = ""

    @property
    def subject(self) -> Subject:
        return Subject(self.code, self.role, self.team, self.provider)


OUTSIDERS = (
    *(Person(p.code, p.name, p.role) for p in DEMO_STAFF if not p.team),
    Person("HMI0002", "Idris Pemberton", Role.INSPECTOR),
    Person("HMI0003", "Gwenllian Ashby", Role.INSPECTOR),
)
"""Demonstration people who are no practitioners."""

SUGGESTED = frozenset(p.code for p in DEMO_STAFF)
"""Whom the sign-in page offers first."""

MANAGER_GRADE = "SPO"


def as_person(row: PractitionerRow) -> Person:
    role = Role.MANAGER if row.grade == MANAGER_GRADE else Role.OFFICER
    return Person(row.code, row.name, role, row.team, row.provider)


def find_person(conn: Connection[Any], code: str) -> Person | None:
    """Who a staff code stands for today: a practitioner who has left every team is nobody here any more."""
    for outsider in OUTSIDERS:
        if outsider.code == code:
            return outsider
    row = practitioner(conn, code)
    return as_person(row) if row is not None and row.team else None


def _digest(token: str) -> bytes:
    """What the database keeps: a copy of it lets nobody in."""
    return hashlib.sha256(token.encode()).digest()


def begin(conn: Connection[Any], response: Response, request: Request, code: str) -> None:
    """Start a session under a new token and put it in the cookie."""
    token = secrets.token_urlsafe(32)
    conn.execute("insert into app.session (id, staff) values (%s, %s)", (_digest(token), code))
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=request.is_secure, max_age=int(LONGEST.total_seconds()))


def current(conn: Connection[Any], request: Request) -> Person | None:
    """Whose session the request belongs to; None when there is none, or it has ended."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    row = conn.execute(
        "select staff, seen_at < clock_timestamp() - %s::interval from app.session where id = %s"
        " and seen_at > clock_timestamp() - %s::interval and created_at > clock_timestamp() - %s::interval",
        (SEEN_TO, _digest(token), IDLE, LONGEST),
    ).fetchone()
    if row is None:
        return None
    staff, long_ago = row
    if long_ago:
        conn.execute("update app.session set seen_at = clock_timestamp() where id = %s", (_digest(token),))
    return find_person(conn, staff)


def end(conn: Connection[Any], response: Response, request: Request) -> None:
    if token := request.cookies.get(COOKIE):
        conn.execute("delete from app.session where id = %s", (_digest(token),))
    response.delete_cookie(COOKIE)
