"""The page that lists every event says nothing that the code does not, and leaves nothing out."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple, get_args

import pytest
from flask import Flask

import domain
from domain.access import Role
from domain.catalogue import AnyEvent

PAGE = Path(__file__).resolve().parents[1] / "docs" / "domain.md"


class Line(NamedTuple):
    event: str
    who: str
    rule: str
    source: str
    page: str


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


LINES = [
    Line(quoted(cells[0])[0], *cells[1:])
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| `")
    for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
]
COMMANDS = {
    name
    for module in iter_modules(domain.__path__)
    for name, function in inspect.getmembers(import_module(f"domain.{module.name}"), inspect.isfunction)
    if {"now", "by"} <= set(inspect.signature(function).parameters)
}


def in_words(line: Line) -> str:
    return line.event


def test_every_event_has_its_line_and_no_line_is_of_an_event_that_there_is_not() -> None:
    assert sorted(line.event for line in LINES) == sorted(str(kind.__struct_config__.tag) for kind in get_args(AnyEvent))


@pytest.mark.parametrize("line", LINES, ids=in_words)
def test_a_line_names_commands_that_there_are_and_roles_and_a_source_with_its_mark(line: Line) -> None:
    commands = re.findall(r"`(\w+)`:", line.rule)
    assert commands
    assert set(commands) <= COMMANDS
    assert line.who == "the service" or set(line.who.split(", ")) <= set(Role)
    assert re.search(r"\[[VRD][^\]]*\]", line.source)


def test_every_page_that_is_named_is_there(app: Flask) -> None:
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    named = {address for line in LINES for address in quoted(line.page) if address.startswith("/")}
    assert named
    assert named <= addresses
