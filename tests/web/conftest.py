"""What most tests of pages begin with: the usual people, one case, and a browser that somebody signs in with."""

from collections.abc import Callable

import pytest
from flask import Flask

from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario


@pytest.fixture
def scenario(record: Record, request: pytest.FixtureRequest) -> Scenario:
    """What `told_once` of the module tells; where it has none, one case in Cardiff, held by Siân. A page's database begins with it."""
    scenario = Scenario(record)
    if not record.head():
        getattr(request.module, "told_once", Scenario.case)(scenario.staff())
    return scenario


@pytest.fixture
def enter(app: Flask, browser: Browser, scenario: Scenario) -> Callable[..., Browser]:
    """A browser signed in, once the pages are true."""

    def signed_in(staff: str = "SIAN") -> Browser:
        app.extensions["throughline"].read_side.catch_up()
        return browser.sign_in(staff)

    return signed_in
