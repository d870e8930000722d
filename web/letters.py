"""Letters and messages to people on probation: from facts to lines, in the language of whoever gets them, for page and PDF alike."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from domain.upw_instruction import LetterLanguage, UpwInstructed
from web.language import speaking
from web.words import clock, full_day, in_london

WORDS = Path(__file__).resolve().parent / "letter_words.toml"


class Line(StrEnum):
    """What a part of a letter is."""

    TITLE = "title"
    TEXT = "text"
    HEADING = "heading"
    FACTS = "facts"
    SIGN = "sign"


class Part(msgspec.Struct, frozen=True):
    """A part of a letter: its text, or names with their values; of a line to sign on, the names of what is written there."""

    line: Line
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class Letter(msgspec.Struct, frozen=True):
    """A letter as its parts, from the top. `code` is that of its language."""

    code: str
    title: str
    parts: tuple[Part, ...]


class From(msgspec.Struct, frozen=True):
    """What stands on every letter: to whom it is, and by whom."""

    crn: str
    name: str
    officer: str
    team: str
    written_on: date | datetime


class Appointment(msgspec.Struct, frozen=True):
    """What somebody is told of an appointment. Its kind is not among it: it could tell others of a sentence."""

    starts_at: datetime
    minutes: int | None
    mode: str
    place: str
    officer: str


@cache
def words() -> dict[str, dict[str, Any]]:
    """The sentences of each language."""
    return tomllib.loads(WORDS.read_text("utf-8"))


def _day(when: date | datetime, language: LetterLanguage, *, after_on: bool = False) -> str:
    """A day with its weekday. In Welsh the weekday softens after “ar”."""
    with speaking(words()[language]["code"]):
        said = full_day(in_london(when).date() if isinstance(when, datetime) else when)
    return f"dd{said[1:]}" if after_on and language is LetterLanguage.WELSH else said


def _time(when: datetime, language: LetterLanguage) -> str:
    """9:30am; in Welsh 09:30, the hour by the day's 24, which both languages read alike."""
    if language is LetterLanguage.WELSH:
        return f"{in_london(when):%H:%M}"
    with speaking("en"):
        return clock(when)


def _when(start: datetime, hours: str, language: LetterLanguage) -> str:
    return f"{_day(start, language)}, {hours}"


def _hours(told: UpwInstructed, language: LetterLanguage) -> str:
    """From when to when the work goes, if it is said when it ends."""
    said, start = words()[language], _time(told.work_at, language)
    if told.ends_at is None:
        return str(said["from"].format(start=start))
    return str(said["until"].format(start=start, end=_time(told.ends_at, language)))


def _letter(sender: From, language: LetterLanguage, title: str, body: Iterable[Part]) -> Letter:
    """The frame of every letter round its body."""
    said = words()[language]
    written = _day(sender.written_on, language)
    parts = (
        Part(Line.TEXT, f"{written}\n{said['reference'].format(crn=sender.crn)}"),
        Part(Line.TITLE, title),
        Part(Line.TEXT, said["dear"].format(name=sender.name)),
        *body,
    )
    return Letter(said["code"], title, parts)


def _facts(*facts: tuple[str, str]) -> Part:
    return Part(Line.FACTS, facts=tuple((name, value) for name, value in facts if value))


def _end(sender: From, language: LetterLanguage) -> tuple[Part, Part]:
    return Part(Line.TEXT, words()[language]["yours"]), Part(Line.TEXT, f"{sender.officer}\n{sender.team}")


def instruction(
    sender: From, told: UpwInstructed, *, hours: int, replaces: datetime | None, language: LetterLanguage = LetterLanguage.ENGLISH
) -> Letter:
    """The letter of an instruction to do unpaid work. `replaces` is when the instruction was given whose place it takes."""
    said = words()[language]
    own = said["instruction"]
    earlier = (Part(Line.TEXT, own["replaces"].format(on_day=_day(replaces, language, after_on=True))),) if replaces else ()
    body = (
        Part(Line.TEXT, own["ordered"].format(hours=hours)),
        _facts(
            (own["where"], told.project),
            (own["when"], _when(told.work_at, _hours(told, language), language)),
            (own["work"], told.work_type),
            (own["travel"], told.transport),
            (own["wear"], told.clothing),
        ),
        *earlier,
        Part(Line.TEXT, own["absence"]),
        *_end(sender, language),
        Part(Line.HEADING, own["received"]),
        Part(Line.SIGN, facts=((said["signed"], ""), (said["dated"], ""))),
    )
    return _letter(sender, language, own["title"], body)


def reminder(sender: From, appointment: Appointment, language: LetterLanguage) -> Letter:
    """The letter that reminds of an appointment. It names no offence and no sentence."""
    said = words()[language]
    own = said["reminder"]
    body = (
        Part(Line.TEXT, own["expected"]),
        _facts(
            (own["when"], _when(appointment.starts_at, said["at"].format(start=_time(appointment.starts_at, language)), language)),
            (own["lasts"], said["minutes"].format(count=appointment.minutes) if appointment.minutes else ""),
            (own["how"], said["modes"].get(appointment.mode, "")),
            (own["where"], appointment.place),
            (own["officer"], appointment.officer),
        ),
        Part(Line.TEXT, own["absence"]),
        *_end(sender, language),
    )
    return _letter(sender, language, own["title"], body)


def message(appointment: Appointment, language: LetterLanguage) -> str:
    """The same as a text: others may see the telephone, so it names neither the person nor what the appointment is about."""
    own = words()[language]["reminder"]
    on_day = _day(appointment.starts_at, language, after_on=True)
    return str(own["message"].format(on_day=on_day, time=_time(appointment.starts_at, language), officer=appointment.officer))
