"""The versions of the policy: a file each, the newest in force, the released ones unchanged for good.

`SHA256SUMS` lists the versions that have been released: such a file never changes again, because figures were given under it. The newest
may still be in the making, until its sum stands there too; after that a change is a new file.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from domain.policy import Policy, Sourced


@cache
def versions() -> tuple[str, ...]:
    """Every version there is, the oldest first; the last one is in force."""
    names = (file.name for file in resources.files("domain.policies").iterdir())
    return tuple(sorted((name.removesuffix(".toml") for name in names if name.endswith(".toml")), key=_age))


def _age(version: str) -> list[int]:
    return [int(part) for part in version.split("-")]


@cache
def policy_text(version: str = "") -> str:
    """The file of a version; of the one in force, when none is named."""
    return resources.files("domain.policies").joinpath(f"{version or versions()[-1]}.toml").read_text("utf-8")


def read_policy(text: str, bank_holidays: Iterable[date], *, later: Iterable[str] = ()) -> Policy:
    """The policy in `text` (TOML).

    What it says nothing of is taken from the first of the `later` texts that does, and its `since` names that version: a rule
    that was not yet made is counted by its first making. Raises msgspec.ValidationError or KeyError when a value is missing or
    of another kind.
    """
    raw = tomllib.loads(text)
    sources: dict[str, Sourced] = {}
    for said in (raw, *map(tomllib.loads, later)):
        for name, entry in _entries(said):
            if name not in sources:
                sources[name] = msgspec.convert({**entry, "since": "" if said is raw else said["version"]}, Sourced)
    groups: dict[str, dict[str, Any]] = {}
    for name, sourced in sources.items():
        group, _, value = name.partition(".")
        groups.setdefault(group, {})[value] = sourced.value
    general = groups.pop("general")
    stated = {"version": raw["version"], "bank_holidays": list(bank_holidays), "sources": sources}
    return msgspec.convert({**stated, **general, **groups}, Policy)


def _entries(raw: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for group, entries in raw.items():
        if isinstance(entries, dict):
            for name, entry in entries.items():
                yield f"{group}.{name}", entry


def read_version(version: str, bank_holidays: Iterable[date]) -> Policy:
    """A version by its name. Raises KeyError for one that there is not."""
    if version not in versions():
        raise KeyError(version)
    newer = versions()[versions().index(version) + 1 :]
    return read_policy(policy_text(version), bank_holidays, later=map(policy_text, newer))


@cache
def in_force() -> Policy:
    """The policy of this release without bank holidays, for rules that count no working days."""
    return read_policy(policy_text(), ())
