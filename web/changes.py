"""What is new in the service, read from the file in which it is written down in both languages."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from web.language import language

FILE = Path(__file__).with_name("changes.toml")


class Wording(msgspec.Struct, frozen=True):
    title: str
    text: str


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change that people notice, and the day on which it came."""

    on: date
    en: Wording
    cy: Wording

    @property
    def words(self) -> Wording:
        """What it says to whoever reads it now."""
        return self.cy if language() == "cy" else self.en


class _Changes(msgspec.Struct, frozen=True):
    changes: tuple[Change, ...]


@cache
def changes() -> Sequence[Change]:
    """Every change, the newest first."""
    return msgspec.toml.decode(FILE.read_bytes(), type=_Changes).changes
