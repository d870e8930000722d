"""The pages that people open most, and measures of the largest provider and the nation, against the bare SQL that they need."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import psycopg
from flask import Flask

from bench.data import INSPECTOR, MANAGER, OFFICER, largest_provider
from bench.results import Line, compared, latency, skipped, timed
from bench.stage import Stage
from bench.visitor import Missing, Visitor
from projections import engine
from projections.read_models import MODELS

BAR_MS, BAR_TIMES = 60.0, 3.0
_ALL_CASES = (
    "select c.*, p.name, n.next_at from caseload c left join practitioner p on p.code = c.practitioner left join lateral ("
    "select min(d.starts_at) as next_at from diary d where d.stream_id = c.stream_id and d.starts_at > %(now)s and d.outcome = ''"
    " and not d.cancelled) n on true"
)
_CASES = f"{_ALL_CASES} where c.ended_on is null"
_DIARY = (
    "select d.*, c.crn, c.name, c.rosh from diary d join caseload c using (stream_id)"
    " where d.practitioner = %(officer)s and d.starts_at >= %(since)s and d.starts_at < %(until)s and not d.cancelled order by d.starts_at"
)
_LATE = (
    "select d.*, c.crn, c.name from diary d join caseload c using (stream_id)"
    " where d.practitioner = %(officer)s and d.starts_at < %(now)s and d.outcome = '' and not d.cancelled"
)
_STEPS = (
    "select c.crn, c.name, e.step, e.due_on from caseload c join enforcement e using (stream_id)"
    " where c.practitioner = %(officer)s and c.ended_on is null"
)
_SNOOZED = "select s.*, c.crn, c.name from snoozed s join caseload c using (stream_id) where s.practitioner = %(officer)s"
_TEAM_LOADS = (
    "select p.code, p.name, count(c.stream_id) from practitioner p left join caseload c on c.practitioner = p.code and c.ended_on is null"
    " where p.team = %(team)s group by 1, 2"
)
_SUMS = ", ".join(f"sum(continuity_{answer})" for answer in ("yes", "no", "not_evidenced", "left_out"))
_MEASURE = f"select practitioner, {_SUMS} from contact_month where team = %(team)s and month >= %(from)s group by 1"
_MEASURE_MONTHS = f"select month, {_SUMS} from contact_month where team = %(team)s and month >= %(from)s group by 1"
_MEASURE_BY_OFFICER = f"select practitioner, month, {_SUMS} from contact_month where team = %(team)s and month >= %(from)s group by 1, 2"
_LATE_BY_OFFICER = "select practitioner, kind, count(*) from deadline where team = %(team)s and due_on < %(now)s::date group by 1, 2"
_LATE_LIST = (
    "select d.*, c.crn, c.name, c.rosh, p.name from deadline d join caseload c using (stream_id) left join practitioner p"
    " on p.code = c.practitioner where d.team = %(team)s and d.due_on < %(now)s::date order by d.due_on limit 50"
)
_AHEAD = (
    "select practitioner, kind, date_trunc('week', due_on), count(*) from deadline where team = %(team)s"
    " and due_on >= %(now)s::date and due_on < %(now)s::date + 56 group by 1, 2, 3"
)
_LATE_OF_PROVIDER = "select team, kind, count(*) from deadline where provider = %(provider)s and due_on < %(now)s::date group by 1, 2"
_OF_PROVIDER = f"from (select month, team, {_SUMS} from contact_total where provider = %(provider)s and month >= %(from)s group by 1, 2) t"
_OF_NATION = f"from (select month, provider, {_SUMS} from contact_total where month >= %(from)s group by 1, 2) t"
_RECORDED = "select team, week, sum(made), sum(timed), sum(late) from recorded_total where week >= %(from)s"
_OF_ONE, _BY_WEEK = "and provider = %(provider)s", "group by 1, 2"
_SEARCH = (
    "select crn, name from caseload where ended_on is null and practitioner = %(officer)s and (crn ilike '%%mor%%' or name ilike '%%mor%%')"
    " order by sort_name limit 50"
)
_SEARCH_ALL = (
    f"{_ALL_CASES} where (c.team = %(team)s or c.practitioner = %(officer)s)"
    " and (c.sort_name like '%%mor%%' or lower(c.crn) like '%%mor%%') order by c.sort_name limit 50"
)
_CASE = f"{_ALL_CASES} where c.crn = %(crn)s"
_ENTRIES = "select state, sealed, recorded_at from record.event where originator_id = %(stream)s order by originator_version"
_DIARY_OF_CASE = "select * from diary where stream_id = %(stream)s order by starts_at"
_NEW_CASES = f"{_CASES} and c.team = %(team)s and c.practitioner = ''"
_WORK = "select u.*, c.crn, c.name from unpaid_work u join caseload c using (stream_id) where c.team = %(team)s and c.ended_on is null"
_OFFICERS = "select * from practitioner where team = %(team)s"
_LEAVES = f"{_CASES} and c.practitioner = %(officer)s"


class Page(NamedTuple):
    """A page, who looks at it, its address, and the questions that it cannot do without."""

    what: str
    staff: str
    address: str
    sql: tuple[str, ...]


PAGES = (
    Page("My day", "officer", "/my-day", (_DIARY, _LATE, f"{_CASES} and c.practitioner = %(officer)s", _STEPS, _SNOOZED)),
    Page("a team's officers", "manager", "/teams/{team}", (_TEAM_LOADS, _LATE_BY_OFFICER, _MEASURE_BY_OFFICER)),
    Page("team caseload", "manager", "/teams/{team}/cases", (f"{_CASES} and c.team = %(team)s order by c.sort_name limit 50", _TEAM_LOADS)),
    Page("what slips in a team", "manager", "/teams/{team}/slipping", (_LATE_BY_OFFICER, _LATE_LIST)),
    Page("what lies ahead of a team", "manager", "/teams/{team}/ahead", (_AHEAD,)),
    Page("what slips in a provider", "inspector", "/providers/{provider}/slipping", (_LATE_OF_PROVIDER,)),
    Page("search in one's cases", "officer", "/cases?q=mor", (_SEARCH,)),
    Page("search in all that one may see", "officer", "/search?q=mor", (_SEARCH_ALL,)),
    Page("search while typing", "manager", "/search/first?q=ev+1990-03-03", (_SEARCH_ALL,)),
    Page("a case", "officer", "/cases/{crn}", (_CASE, _ENTRIES, _DIARY_OF_CASE)),
    Page("a case's history, non-compliance", "officer", "/cases/{crn}/history?preset=non-compliance", (_CASE, _ENTRIES)),
    Page("the form of a contact", "officer", "/cases/{crn}/contacts/new", (_CASE, _ENTRIES)),
    Page("new cases of a team", "manager", "/teams/{team}/to-allocate", (_NEW_CASES, _TEAM_LOADS)),
    Page("allocating a case", "manager", "/cases/{crn}/allocate", (_CASE, _ENTRIES, _TEAM_LOADS)),
    Page("a leaver's cases", "manager", "/teams/{team}/leaver/{officer}", (_LEAVES, _TEAM_LOADS)),
    Page("unpaid work of a team", "manager", "/teams/{team}/unpaid-work", (_WORK,)),
    Page("the sheet of a UPW session", "manager", "/teams/{team}/unpaid-work/session", (_WORK, _OFFICERS)),
    Page("a measure of a team", "manager", "/teams/{team}/measures/continuity", (_MEASURE, _MEASURE_MONTHS)),
    Page("a measure of a provider", "inspector", "/providers/{provider}/measures/continuity", (f"select * {_OF_PROVIDER}",)),
    Page("a measure of the nation", "inspector", "/measures/continuity", (f"select * {_OF_NATION}",)),
    Page("every measure of a provider", "inspector", "/providers/{provider}/measures", (f"select * {_OF_PROVIDER}",)),
    Page("recording of a provider", "inspector", "/providers/{provider}/recording", (f"{_RECORDED} {_OF_ONE} {_BY_WEEK}",)),
    Page("recording of the nation", "inspector", "/recording", (f"{_RECORDED} {_BY_WEEK}",)),
)


def run(stage: Stage) -> list[Line]:
    app = stage.live
    until = stage.loaded.until
    with stage.loaded.read_side.reading() as conn:
        provider, open_cases = largest_provider(conn)
        of_officer = (
            "select c.crn, c.stream_id from caseload c join folded f using (stream_id) where c.practitioner = %s and c.ended_on is null"
            " order by f.version desc limit 1"
        )
        longest = conn.execute(of_officer, (OFFICER.code,)).fetchone()
    assert longest is not None
    known = {
        "crn": longest[0],
        "stream": longest[1],
        "officer": OFFICER.code,
        "team": MANAGER.team,
        "provider": provider,
        "now": until,
        "since": until.replace(hour=0, minute=0),
        "until": until.replace(hour=0, minute=0) + timedelta(days=1),
        "from": until.date().replace(day=1) - timedelta(days=366),
    }
    stage.say(f"{provider}, the largest provider, has {open_cases:,} open cases")
    staff = {"officer": OFFICER.code, "manager": MANAGER.code, "inspector": INSPECTOR.code}
    return [_page(stage, app, page, staff[page.staff], known) for page in PAGES]


def _page(stage: Stage, app: Flask, page: Page, staff: str, known: dict[str, Any]) -> Line:
    times = 50 if stage.quick else 200
    try:
        visitor = Visitor(app, staff)
        address, size = visitor.end_of(page.address.format_map(known))
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
