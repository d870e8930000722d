"""Choose which entries of a case's history a page shows: by kind, by officer, by words, or one of the ready-made choices."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from domain.appointment import AppointmentArranged
from domain.contact import KINDS
from domain.policy import Policy
from projections import timeline
from projections.story import Story
from projections.telling import Names
from projections.timeline import CATEGORIES, PRESETS, Entry
from web.language import in_language

PAGE = 50
A_YEAR = timedelta(days=365)


class Choice(msgspec.Struct, frozen=True):
    """What was asked for. Words that mean nothing (a category nobody has) narrow nothing."""

    category: str = ""
    preset: str = "all"
    search: str = ""
    officer: str = ""

    @property
    def narrows(self) -> bool:
        return self != Choice()


def choice(asked: Mapping[str, str]) -> Choice:
    """The choice in the query of an address."""
    category, preset = asked.get("category", ""), asked.get("preset", "")
    return Choice(
        category if category in CATEGORIES else "",
        preset if preset in PRESETS else "all",
        asked.get("search", "").strip()[:200],
        asked.get("officer", "").strip()[:100],
    )


def entries(story: Story, policy: Policy, names: Names) -> list[Entry]:
    """Every entry as the pages of a case tell it: an outcome says what was arranged."""
    return [replace(e, facts=(*_arranged(story, e.refers_to), *e.facts)) for e in timeline.entries(story, policy, names)]


def _arranged(story: Story, number: int) -> tuple[str, ...]:
    arranged = story.history[number - 1].event if 0 < number <= len(story.history) else None
    return (KINDS[arranged.kind].label,) if isinstance(arranged, AppointmentArranged) and arranged.kind in KINDS else ()


def is_late(entry: Entry) -> bool:
    """Whether somebody here entered it late. An import says when it was imported, not when it was first written down."""
    return entry.late and not entry.imported_from


def chosen(entries: Sequence[Entry], asked: Choice, now: datetime) -> list[Entry]:
    """The entries asked for, newest first by when they happened; of one time the one recorded last comes first."""
    preset = _of_preset(entries, asked.preset, now)
    words = asked.search.casefold().split()
    found = [
        e
        for e in preset
        if (not asked.category or e.category == asked.category)
        and (not asked.officer or asked.officer in (e.worker, e.by))
        and all(word in _searched(e) for word in words)
    ]
    return sorted(found, key=lambda e: (e.occurred_at, e.number), reverse=True)


def _searched(entry: Entry) -> str:
    return " ".join((*map(in_language, (entry.title, *entry.facts)), entry.text)).casefold()


_OF_KINDS = {
    "contacts": {"appointments", "contacts"},
    "enforcement": {"enforcement"},
    "risk": {"risk"},
    "officers": {"responsibility"},
    "unpaid-work": {"unpaid-work"},
}
"""Ready-made choices that show whole kinds of entries, with the corrections of them."""


def _of_preset(entries: Sequence[Entry], preset: str, now: datetime) -> Sequence[Entry]:
    if preset in _OF_KINDS:
        return [e for e in entries if _original(e, entries).category in _OF_KINDS[preset]]
    return [e for e in entries if _PRESETS.get(preset, _anything)(e, entries, now)]


def _not_complied(e: Entry, entries: Sequence[Entry], now: datetime) -> bool:
    return e.complied is False and _stands(e, entries) and _original(e, entries).occurred_at > now - A_YEAR


def _anything(e: Entry, entries: Sequence[Entry], now: datetime) -> bool:
    return True


_PRESETS: dict[str, Callable[[Entry, Sequence[Entry], datetime], bool]] = {
    "non-compliance": _not_complied,
    "sensitive": lambda e, *_: e.sensitive,
    "late": lambda e, *_: is_late(e),
    "corrections": lambda e, *_: bool(e.corrects or e.corrected_by or e.withdrawn_by),
}


def _original(entry: Entry, entries: Sequence[Entry]) -> Entry:
    """What a correction corrects; any other entry is its own original."""
    return entries[entry.corrects - 1] if entry.corrects else entry


def _stands(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether this is how the entry reads today: the last correction of an entry does, or else the entry itself."""
    original = _original(entry, entries)
    return not original.withdrawn_by and original.corrected_by in (0 if entry is original else entry.number, entry.number)


def last_note(entries: Sequence[Entry]) -> Entry | None:
    """What was written last about a contact or an appointment, by when it happened and as it reads today."""
    written = [e for e in entries if e.text and _stands(e, entries) and _original(e, entries).category in _OF_KINDS["contacts"]]
    return max(written, key=lambda e: (_original(e, entries).occurred_at, e.number), default=None)


def officers(entries: Sequence[Entry]) -> list[str]:
    """The code of everybody who did or recorded something in the case."""
    return sorted({code for e in entries for code in (e.worker, e.by) if code})
