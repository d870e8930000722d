"""An officer's day: whom to see and what to do, each person once and in order, with what was put off and the days ahead."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint
from psycopg import Connection
from werkzeug.wrappers import Response

from domain.access import Action, Resource, decide
from domain.contact import KINDS
from domain.outcome import OUTCOMES
from domain.snooze import ItemSnoozed
from domain.working_days import add_working_days, local_day
from projections import compliance, cover, diary, oversight, snoozed, transfers
from projections.diary import DiaryRow
from projections.due import due as due_in
from projections.snoozed import Snoozed
from web.agenda import Agenda, Found, agenda
from web.forms import day_bounds
from web.gate import allow
from web.htmx import page
from web.language import in_language
from web.pages.oversight import told_of
from web.service import hidden, me, now, reading, service
from web.things import short
from web.words import clock

blueprint = Blueprint("my_day", __name__)

DAYS_AHEAD = 5
"""Working days that come next; what is due after them can wait."""
SHOWN = 10
"""People of one part that stand on the page; the others are one click away."""


@blueprint.app_template_filter()
def kind_words(code: str) -> str:
    """The words of a kind of contact; a code that is not ours stands for itself."""
    return in_language(KINDS[code].label) if code in KINDS else code


@blueprint.app_template_filter()
def outcome_words(code: str) -> str:
    return in_language(OUTCOMES[code].description) if code in OUTCOMES else code


@blueprint.app_template_filter()
def near_day(day: date | datetime) -> str:
    """22 Oct; with its year when that is another year than this."""
    return short(local_day(day) if isinstance(day, datetime) else day, local_day(now()))


@blueprint.app_template_filter()
def near_moment(at: datetime) -> str:
    """10am for a time today, 22 Oct, 10am for another one."""
    return clock(at) if local_day(at) == local_day(now()) else f"{near_day(at)}, {clock(at)}"


def mine(rows: Sequence[DiaryRow]) -> list[DiaryRow]:
    """The appointments that I may still write about: a case that went to another team took its appointments with it."""
    return [row for row in rows if decide(me().subject, Action.WRITE_CASE, Resource(team=row.team)).allowed]


def to_log() -> list[DiaryRow]:
    """My appointments that want an outcome, the oldest first."""
    with reading() as conn:
        return mine(diary.outcomes_to_log(conn, practitioner=me().code, now=now(), hidden=hidden()))


def soon() -> date:
    """The last day of what comes next."""
    return add_working_days(local_day(now()), DAYS_AHEAD, service().policy.bank_holidays)


def found_in(conn: Connection[Any], *, practitioner: str | None, covered: Sequence[UUID]) -> Found:
    """What the cases that a practitioner holds, and these besides, want done; their appointments are not looked at."""
    whose: dict[str, Any] = {"practitioner": practitioner, "covered": covered, "hidden": hidden()}
    policy, today = service().policy, local_day(now())
    return Found(
        due=due_in(conn, now=now(), agenda=policy.agenda, **whose),
        clocks=compliance.clocks(conn, today=today, policy=policy, **whose),
        transfers=transfers.of_practitioner(conn, **whose),
        snoozed=snoozed.of_practitioner(conn, today=today, **whose),
    )


def reasons(snoozes: Iterable[Snoozed]) -> dict[tuple[UUID, int], str]:
    """Why each was put off, by case and entry; nothing where the text is no longer held."""
    told = service().record.entries([(one.stream_id, one.number) for one in snoozes])
    return {place: recorded.event.reason for place, recorded in told.items() if isinstance(recorded.event, ItemSnoozed)}


def put_together(found: Found) -> Agenda:
    return agenda(found, reader=me().code, now=now(), soon=soon())


@blueprint.get("/my-day")
@allow(Action.SEE_DAY)
def index() -> Response:
    start, end = day_bounds(local_day(now()))
    until = day_bounds(soon())[1]
    waiting = to_log()
    with reading() as conn:
        covered = cover.covered_by(conn, practitioner=me().code, now=now(), hidden=hidden())
        ahead = mine(diary.between(conn, practitioner=me().code, now=now(), since=start, until=until, hidden=hidden()))
        found = found_in(conn, practitioner=me().code, covered=[case.stream_id for case in covered])
        back = oversight.back_with(conn, practitioner=me().code, hidden=hidden())
    of_today = [row for row in ahead if row.starts_at < end and not _in(waiting, row)]
    asked = put_together(Found(found.due, found.clocks, found.transfers, found.snoozed, covered, [*waiting, *of_today]))
    return page(
        "my_day/index.html",
        today=local_day(now()),
        now=now(),
        agenda=asked,
        reasons=reasons(one.snooze for one in asked.put_off),
        shown=SHOWN,
        waiting=waiting,
        of_today=len([row for row in ahead if row.starts_at < end]),
        covered=covered,
        came_back=back,
        came_back_says=told_of(back),
        coming=_by_day([row for row in ahead if row.starts_at >= end]),
    )


def _in(rows: Sequence[DiaryRow], row: DiaryRow) -> bool:
    return any((row.stream_id, row.number) == (other.stream_id, other.number) for other in rows)


def _by_day(rows: Sequence[DiaryRow]) -> list[tuple[date, list[list[DiaryRow]]]]:
    """The days ahead, and in each what begins at one time together: everybody of a group session is one line."""
    return [
        (day, [list(together) for _, together in groupby(of_day, key=_session)])
        for day, of_day in groupby(rows, key=lambda row: local_day(row.starts_at))
    ]


def _session(row: DiaryRow) -> tuple[datetime, str]:
    return row.starts_at, row.session or f"{row.crn}-{row.number}"
