"""The numbers of the invented nation, as `nation.toml` beside this file states them with their sources."""

import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import Any

import msgspec

from web.synthetic.draws import Span


class Worlds(msgspec.Struct, frozen=True):
    share_of_cases: float
    most_cases: int
    least_cases: int
    ordinary: int
    neglect: tuple[float, float]
    staff_moved_days: Span
    staged_share: float


class Teams(msgspec.Struct, frozen=True):
    load: tuple[float, float]
    likeness: float
    recorded_later_seconds: Span
    born_apart_days: Span


class Area(msgspec.Struct, frozen=True):
    """A CRC package area, with its share of the cases of all CRCs and its NPS division; or such a division."""

    code: str
    name: str
    towns: Sequence[str]
    share: float = 0.0
    division: str = ""


class Nation(msgspec.Struct, frozen=True):
    worlds: Worlds
    teams: Teams
    crc: Sequence[Area]
    division: Sequence[Area]


def stated() -> dict[str, Any]:
    """The file as it is written."""
    return tomllib.loads(resources.files("web.synthetic.national").joinpath("nation.toml").read_text("utf-8"))


def _read(raw: dict[str, Any]) -> Nation:
    groups = {name: {key: entry["value"] for key, entry in group.items()} for name, group in raw.items() if isinstance(group, dict)}
    return msgspec.convert({**raw, **groups}, Nation)


NATION = _read(stated())
