"""As known is what was shown: a population lives on, pages and rows are kept at random instants, and each is asked for again in the end.

The clock of the pages is put to each instant while the population is seeded up to it; afterwards it is at the end of the seeding.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.access import Role
from domain.case import Case, CaseOpened
from domain.working_days import local_day
from projections.engine import LIVE
from projections.measures import MEASURES
from projections.read_models import PAST, ReadSide
from store.record import Record
from tests.conftest import Browser
from web import gate
from web.forms import day_bounds
from web.session import OUTSIDERS
from web.synthetic import DEMO_STAFF
from web.synthetic.life import Lived
from web.synthetic.population import history

pytestmark = pytest.mark.xdist_group("shown")

UNTIL = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
CASES, DAYS, A_DAY, TEAM_PAGES_A_DAY = 24, 20, 10, 1
"""Twenty days and ten cases on each are 200 pairs; every kind of page of a case comes in turn."""
OF_A_CASE = ("", "/history", "/sentence", "/plan", "/compliance", "/risk", "/unpaid-work", "/service-levels")
PAGES_OF_A_CASE = (*OF_A_CASE, *(f"/measures/{name}" for name in MEASURES))
PAGES_OF_A_TEAM = (
    "",
    "/cases",
    "/slipping",
    "/ahead",
    *(f"/measures/{name}{part}" for name in MEASURES for part in ("", "/entries")),
)
INSPECTOR = next(person.code for person in OUTSIDERS if person.role is Role.INSPECTOR)
MANAGER = next(person for person in DEMO_STAFF if person.role == Role.MANAGER)
TEAM = f"/teams/{MANAGER.team}"

Rows = dict[str, Counter[tuple[object, ...]]]


class Shown(NamedTuple):
    """What stood on a page, or in the rows of a case, at the end of a day."""

    day: date
    who: str
    address: str
    said: list[str]


def rows_of(read_side: ReadSide, schema: str, stream: UUID) -> Rows:
    with read_side.reading(schema) as conn:
        tables = [model.table for model in PAST if model.kind is Case]
        return {t: Counter(conn.execute(f'select * from "{t}" where stream_id = %s'.encode(), (stream,)).fetchall()) for t in tables}


WHEN = re.compile(r"Counted (at|from what was known) .*? of the record\.")


def said(answer) -> list[str]:
    """Every word of the page that is about the record: without forms, what leads to them, and the words that say when it was counted.

    A case without unpaid work has no such page, then and now. What can be done is offered today only.
    """
    if answer.status_code == 404 and "/unpaid-work" in answer.request.path:
        return ["no such page"]
    assert answer.status_code == 200, f"{answer.request.url}: {answer.status_code}"
    main = BeautifulSoup(answer.text, "html.parser").main
    for aside in main.select("form, script, .app-actions, .app-no-print"):
        aside.decompose()
    return WHEN.sub("", main.get_text(" ", strip=True)).split()


class Seeding:
    """The made-up population, lived through up to one instant after another."""

    def __init__(self, record: Record, read_side: ReadSide) -> None:
        self.record, self.read_side = record, read_side
        self.lived: list[Lived] = list(history(cases=CASES, seed=7, until=UNTIL))
        self.done = 0
        self.crns: dict[UUID, str] = {}

    def up_to(self, instant: datetime) -> None:
        batch = [one for one in self.lived[self.done :] if one.recorded_at <= instant]
        self.done += len(batch)
        if batch:
            self.record.save(*(one.pending for one in batch), times=[one.recorded_at for one in batch])
        for one in batch:
            if isinstance(event := one.pending.event, CaseOpened):
                self.crns[one.pending.originator_id] = event.crn
        self.read_side.fold(dict.fromkeys(one.pending.originator_id for one in batch))


def end_of(day: date) -> datetime:
    return day_bounds(day)[1] - timedelta(microseconds=1)


@pytest.fixture
def record(synthetic_record: Record) -> Record:
    return synthetic_record


@pytest.fixture
def everything_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may see which case is decided as of now, also of a past day, and is tested elsewhere: here every case is in a sample."""
    monkeypatch.setattr(gate.inspectors, "may_see", lambda *args: True)
    monkeypatch.setattr(gate.limited_access, "of_case", lambda *args, **named: [])
    monkeypatch.setattr("web.service.hidden_from", lambda *args, **named: [])


def days_drawn(seeding: Seeding, rng: Random) -> Sequence[date]:
    """Days on which there were enough cases to draw from."""
    opened = [one.recorded_at for one in seeding.lived if isinstance(one.pending.event, CaseOpened)]
    first, last = local_day(sorted(opened)[A_DAY]), local_day(UNTIL)
    return sorted(first + timedelta(days=n) for n in rng.sample(range((last - first).days), DAYS))


def test_as_known_on_a_day_is_what_was_shown_at_the_end_of_it(
    record: Record, app: Flask, everything_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_side: ReadSide = app.extensions["throughline"].read_side
    seeding, rng = Seeding(record, read_side), Random(11)
    showed: list[Shown] = []
    rows: list[tuple[date, UUID, Rows]] = []
    browsers: dict[str, Browser] = {}

    def see(who: str, address: str, **asked: object) -> list[str]:
        if who not in browsers:
            browsers[who] = Browser(app).sign_in(who)
        return said(browsers[who].get(address, query_string=asked))

    for day in days_drawn(seeding, rng):
        seeding.up_to(end_of(day))
        monkeypatch.setattr(record, "clock", lambda day=day: end_of(day))
        for stream in rng.sample(list(seeding.crns), A_DAY):
            rows.append((day, stream, rows_of(read_side, LIVE, stream)))
            address = f"/cases/{seeding.crns[stream]}{PAGES_OF_A_CASE[len(rows) % len(PAGES_OF_A_CASE)]}"
            showed.append(Shown(day, INSPECTOR, address, see(INSPECTOR, address)))
        for page in rng.sample(PAGES_OF_A_TEAM, TEAM_PAGES_A_DAY):
            address = f"{TEAM}{page}"
            showed.append(Shown(day, MANAGER.code, address, see(MANAGER.code, address)))
    seeding.up_to(UNTIL)
    monkeypatch.setattr(record, "clock", lambda: UNTIL)

    assert len(rows) == 200
    for day, stream, then in rows:
        assert rows_of(read_side, read_side.as_known(end_of(day)), stream) == then, f"rows of {stream} on {day}"
    different = [s for s in showed if see(s.who, s.address, as_known=s.day) != s.said]
    assert [f"{s.address} on {s.day}" for s in different] == []
