"""What fell due and was not done: counted once on the day after, made up for when nobody counted, and shown to its team."""

from datetime import date, datetime, time, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.case import case_id
from domain.working_days import LONDON, local_day
from projections import fallen_due
from projections.deadline_kinds import Kind
from projections.read_models import ReadSide
from scheduler.jobs import count_fallen_due
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario


@pytest.fixture
def read_side(app: Flask, scenario: Scenario) -> ReadSide:
    found: ReadSide = app.extensions["throughline"].read_side
    found.catch_up()
    with found.reading() as conn:
        conn.execute("delete from deadline")
    return found


def deadline(read_side: ReadSide, kind: Kind, due: date, route: str = "", until: date = date(9999, 1, 1)) -> None:
    """A row of Alex Example's, who is with Cardiff of the CRC."""
    with read_side.reading() as conn:
        conn.execute(
            "insert into deadline (stream_id, kind, number, what, due_on, route, since, until, practitioner, team, provider)"
            " values (%s, %s, 0, '', %s, %s, '1900-01-01', %s, 'SIAN', 'CF1', 'C10')",
            (case_id("X000001"), kind.value, due, route, until),
        )


def counted(read_side: ReadSide) -> list[tuple[date, str, int]]:
    with read_side.reading() as conn:
        return [(row.day, row.kind, row.items) for row in fallen_due.of_team(conn, team="CF1", since=date(2020, 1, 1))]


def test_yesterday_s_late_items_are_counted_by_kind_and_once(read_side: ReadSide, scenario: Scenario) -> None:
    now, today = scenario.now, local_day(scenario.now)
    yesterday = today - timedelta(days=1)
    for kind, due in (
        (Kind.ROSH_REVIEW, yesterday),
        (Kind.PLAN_REVIEW, yesterday),
        (Kind.PLAN_REVIEW, yesterday),
        (Kind.NO_PLAN, today),
        (Kind.NO_PLAN, today - timedelta(days=2)),
    ):
        deadline(read_side, kind, due)
    assert count_fallen_due(read_side, now) == "3 items fell due and were not done; days counted: 1"
    assert counted(read_side) == [(yesterday, "plan review", 2), (yesterday, "RoSH review", 1)]
    with read_side.reading() as conn:
        conn.execute("delete from deadline")
    assert count_fallen_due(read_side, now) == "0 items fell due and were not done; days counted: 0"
    assert counted(read_side) == [(yesterday, "plan review", 2), (yesterday, "RoSH review", 1)]


def test_what_does_not_hold_any_more_or_is_another_kind_of_provider_s_is_not_counted(read_side: ReadSide, scenario: Scenario) -> None:
    today = local_day(scenario.now)
    yesterday = today - timedelta(days=1)
    deadline(read_side, Kind.PRESENT, yesterday, route="NPS")
    deadline(read_side, Kind.REFER, yesterday, route="CRC")
    deadline(read_side, Kind.NO_CONTACT, yesterday, until=today)
    deadline(read_side, Kind.COVER_ENDS, yesterday)
    count_fallen_due(read_side, scenario.now)
    assert counted(read_side) == [(yesterday, "breach not started", 1)]


def test_days_on_which_nobody_counted_are_made_up_for(read_side: ReadSide, scenario: Scenario) -> None:
    today = local_day(scenario.now)
    noon = datetime.combine(today, time(12), LONDON)
    count_fallen_due(read_side, noon)
    for ago in (0, 1, 2):
        deadline(read_side, Kind.ROSH_REVIEW, today + timedelta(days=ago))
    assert count_fallen_due(read_side, noon + timedelta(days=3)) == "3 items fell due and were not done; days counted: 3"
    assert [day for day, _, _ in counted(read_side)] == [today + timedelta(days=ago) for ago in (2, 1, 0)]
    assert count_fallen_due(read_side, noon + timedelta(days=60)).endswith("days counted: 14")


def test_the_team_sees_it_by_day_and_nobody_else_does(read_side: ReadSide, browser: Browser, scenario: Scenario, record: Record) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    page = BeautifulSoup(browser.sign_in("MEERA").get("/teams/CF1/fallen-due").text, "html5lib")
    assert "No day has been counted yet" in page.main.get_text()
    deadline(read_side, Kind.ROSH_REVIEW, yesterday)
    count_fallen_due(read_side, scenario.now)
    page = BeautifulSoup(browser.get("/teams/CF1/fallen-due").text, "html5lib")
    assert [cell.get_text() for cell in page.select("tbody td")] == ["RoSH review", "1"]
    for staff in ("NIA", "HMI0002", "ADM0001"):
        assert browser.sign_in(staff).get("/teams/CF1/fallen-due").status_code == 403
