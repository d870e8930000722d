"""The ten jobs in every way of working: what each costs, as written in the documents, and that each is done by every way."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Page

from store.record import Record
from tests.journeys.conftest import Open
from tests.journeys.counting import Cost
from tests.journeys.hands import Keys, Mouse
from tests.journeys.in_welsh import english_left, in_welsh
from tests.journeys.jobs import JOBS, tell
from tests.journeys.looking import scrolls_sideways

TABLE = Path(__file__).parents[2] / "docs" / "clicks.md"
COST = re.compile(r"(\d+) clicks?, (\d+) keys?, (\d+) loads?")


class Promised(NamedTuple):
    """A line of the table; a target that names no keys or no loads sets none."""

    target: str
    with_scripts: Cost
    without: Cost


def promised() -> dict[str, Promised]:
    """What the documents say of each job."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.read_text("utf-8").splitlines() if COST.search(line)]
    return {job: Promised(target, _cost(ours), _cost(plain)) for job, _, target, ours, plain, _ in cells}


def _cost(cell: str) -> Cost:
    found = COST.fullmatch(cell)
    assert found, cell
    return Cost(*map(int, found.groups()))


@pytest.fixture
def told(app: Flask, record: Record) -> Record:
    tell(record)
    app.extensions["throughline"].read_side.catch_up()
    return record


def work(
    told: Record, open_as: Open, hand_of: Callable[[Page], Mouse], at_end: Callable[[Mouse], None] = lambda hand: None, **how: object
) -> dict[str, Cost]:
    """Every job, by one kind of hand; what each cost."""
    hands, costs = dict[str, Mouse](), dict[str, Cost]()
    for name, job in JOBS.items():
        if job.staff not in hands:
            hands[job.staff] = hand_of(open_as(job.staff, **how))
        hand = hands[job.staff]
        hand.start(job.start)
        job.do(hand)
        costs[name] = hand.cost
        assert job.done(told), name
        at_end(hand)
    return costs


def test_each_job_costs_what_the_table_says(told: Record, open_as: Open) -> None:
    assert work(told, open_as, Mouse) == {job: line.with_scripts for job, line in promised().items()}


def test_without_javascript_and_on_a_telephone_each_job_costs_what_the_table_says(told: Record, open_as: Open) -> None:
    found = work(told, open_as, lambda page: Mouse(page, scripts=False), _fits, javascript=False, width=375)
    assert found == {job: line.without for job, line in promised().items()}


@pytest.mark.parametrize("job", JOBS)
def test_no_job_costs_more_than_its_target(job: str) -> None:
    line = promised()[job]
    for most, what in re.findall(r"(\d+) (click|key|load)", line.target):
        assert getattr(line.with_scripts, f"{what}s") <= int(most), what


def test_by_keyboard_alone_each_job_is_done_and_the_focus_is_seen(told: Record, open_as: Open) -> None:
    assert all(cost.clicks == 0 < cost.keys for cost in work(told, open_as, Keys).values())


def test_in_welsh_and_on_a_telephone_each_job_is_done(told: Record, open_as: Open) -> None:
    def fits_and_is_welsh(hand: Mouse) -> None:
        _fits(hand)
        assert english_left(hand.page) == [], hand.page.url

    work(told, open_as, lambda page: Mouse(page, say=in_welsh), fits_and_is_welsh, language="cy", width=375)


def _fits(hand: Mouse) -> None:
    assert not scrolls_sideways(hand.page), hand.page.url
