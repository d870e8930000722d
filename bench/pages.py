"""The pages that people open most: My day, a team's caseload and a measure, against the bare SQL that they need."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import psycopg
from flask import Flask
from werkzeug.routing import BuildError

from bench.data import MANAGER, OFFICER
from bench.results import Line, compared, latency, skipped, timed
from bench.stage import Stage
from bench.visitor import Missing, Visitor
from projections import engine
from projections.read_models import MODELS

BAR_MS, BAR_TIMES = 60.0, 3.0
_CASES = (
    "select c.*, p.name, n.next_at from caseload c left join practitioner p on p.code = c.practitioner left join lateral ("
    "select min(d.starts_at) as next_at from diary d where d.stream_id = c.stream_id and d.starts_at > %(now)s and d.outcome = ''"
    " and not d.cancelled) n on true where c.ended_on is null"
)
_DIARY = (
    "select d.*, c.crn, c.name, c.rosh from diary d join caseload c using (stream_id)"
    " where d.practitioner = %(officer)s and d.starts_at >= %(since)s and d.starts_at < %(until)s and not d.cancelled order by d.starts_at"
)
_LATE = (
    "select d.*, c.crn, c.name from diary d join caseload c using (stream_id)"
    " where d.practitioner = %(officer)s and d.starts_at < %(now)s and d.outcome = '' and not d.cancelled"
)
_TEAM_LOADS = (
    "select p.code, p.name, count(c.stream_id) from practitioner p left join caseload c on c.practitioner = p.code and c.ended_on is null"
    " where p.team = %(team)s group by 1, 2"
)
_CONTINUITY = "sum(m.continuity_yes), sum(m.continuity_no), sum(m.continuity_not_evidenced), sum(m.continuity_left_out)"
_MEASURE = f"select m.practitioner, {_CONTINUITY} from contact_month m where m.team = %(team)s and m.month >= %(from)s group by 1"
_MEASURE_MONTHS = f"select m.month, {_CONTINUITY} from contact_month m where m.team = %(team)s and m.month >= %(from)s group by 1"


class Page(NamedTuple):
    """A page, whose home it is, where it may be found, and the questions that it cannot do without."""

    what: str
    staff: str
    endpoints: tuple[str, ...]
    sql: tuple[str, ...]


PAGES = (
    Page("My day", "officer", ("my_day.index",), (_DIARY, _LATE, f"{_CASES} and c.practitioner = %(officer)s")),
    Page(
        "team caseload",
        "manager",
        ("team.index", "team.cases", "team.caseload"),
        (f"{_CASES} and c.team = %(team)s order by c.sort_name limit 50", _TEAM_LOADS),
    ),
    Page("a measure of a team", "manager", ("measure.index", "measure.show", "measures.show", "measure.team"), (_MEASURE, _MEASURE_MONTHS)),
)


def run(stage: Stage) -> list[Line]:
    app = stage.live
    until = stage.loaded.until
    known = {
        "officer": OFFICER.code,
        "team": MANAGER.team,
        "now": until,
        "since": until.replace(hour=0, minute=0),
        "until": until.replace(hour=0, minute=0) + timedelta(days=1),
        "from": until.date().replace(day=1) - timedelta(days=366),
    }
    staff = {"officer": OFFICER.code, "manager": MANAGER.code}
    return [_page(stage, app, page, staff[page.staff], known) for page in PAGES]


def _page(stage: Stage, app: Flask, page: Page, staff: str, known: dict[str, Any]) -> Line:
    times = 50 if stage.quick else 200
    try:
        address = _address(app, page, known["team"])
        visitor = Visitor(app, staff)
        address, size = visitor.end_of(address)
        ours = timed(lambda: visitor.get(address), times)
    except Missing as e:
        return skipped("pages", page.what, str(e))
    with psycopg.connect(stage.loaded.dsn, autocommit=True) as conn:
        conn.execute(f"set search_path to {engine.live(MODELS)}".encode())
        bare = timed(_questions(conn, page, known), times)
    note = f"{address}, {size / 1024:.0f} kB; peer: its {len(page.sql)} questions in bare SQL"
    return compared("pages", page.what, latency(ours), latency(bare), bar_ms=BAR_MS, bar_times=BAR_TIMES, note=note)


def _questions(conn: psycopg.Connection[Any], page: Page, known: dict[str, Any]) -> Callable[[], object]:
    return lambda: [conn.execute(question.encode(), known, prepare=True).fetchall() for question in page.sql]


def _address(app: Flask, page: Page, team: str) -> str:
    """Where the page is found: the first of its endpoints that the service has."""
    adapter = app.url_map.bind("")
    for endpoint in page.endpoints:
        for values in ({}, {"team": team}, {"name": "continuity"}, {"measure": "continuity"}, {"name": "continuity", "team": team}):
            try:
                if endpoint in app.view_functions:
                    return adapter.build(endpoint, values)
            except BuildError:
                continue
    raise Missing(f"there is no page {' or '.join(page.endpoints)} yet")
