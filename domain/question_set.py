"""Question sets: what an inspector asks of a case, by standard and key question, each with its prompts, its source and its mark.

A set is a file of TOML. The shipped ones stand in `question_sets`; others are imported, and every one passes the same checks.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import msgspec

from domain.event import Event, Recorded, Refused, stream_id
from domain.organisation import ProviderKind
from domain.words import said

LONGEST_FILE = 100_000
LONGEST_TEXT = 400
Mark = Literal["[V]", "[R]", "[D]"]
Path = tuple[str | int, ...]


class Applies(StrEnum):
    """Which cases a key question is asked of, by what is recorded of them."""

    ALWAYS = said("every case")
    UNPAID_WORK = said("cases with unpaid work")
    CUSTODY = said("cases with a sentence of custody")
    VICTIM_CONTACT = said("cases with victim contact")
    CHOSEN = said("cases in which an inspector says that it applies")


class Prompt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What to look for. `cy` is the Welsh, here and in what holds it."""

    name: str
    text: str
    cy: str = ""


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A key question: one judgement, sufficient or not, after its prompts."""

    name: str
    text: str
    source: str
    mark: Mark
    prompts: tuple[Prompt, ...]
    cy: str = ""
    applies: Applies = Applies.ALWAYS


class Standard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is rated. Without key questions the panel rates it, on evidence other than cases."""

    number: str
    title: str
    source: str
    mark: Mark
    questions: tuple[Question, ...] = ()
    cy: str = ""


class QuestionSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`providers` are the kinds of provider that it is made for."""

    name: str
    version: str
    title: str
    providers: tuple[ProviderKind, ...]
    standards: tuple[Standard, ...]
    cy: str = ""

    @property
    def key(self) -> str:
        return f"{self.name} {self.version}"


class Asked(msgspec.Struct, frozen=True):
    """A key question where it stands. Its code, like 2.1.engagement, names it in an inspection; a prompt adds its own name."""

    standard: Standard
    question: Question

    @property
    def code(self) -> str:
        return f"{self.standard.number}.{self.question.name}"


def asked(sets: Sequence[QuestionSet]) -> dict[str, Asked]:
    """Every key question of some sets by its code, in the order of the sets."""
    every = (Asked(standard, question) for one in sets for standard in one.standards for question in standard.questions)
    return {found.code: found for found in every}


# Reading a file ------------------------------------------------------------------------------------------------------

_MISSING = re.compile(r"missing required field `(\w+)`")
_UNKNOWN = re.compile(r"contains unknown field `([^`]+)`")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_NAME, _PROMPT, _NUMBER, _VERSION = "[a-z][a-z-]{0,39}", "[a-z0-9][a-z0-9-]{0,39}", "[1-9][.][1-9]", "[0-9]{4}-[0-9]{1,3}"


def read_question_set(text: str) -> QuestionSet:
    """The question set in a file. Raises Refused with the line of the first thing that is wrong."""
    if len(text) > LONGEST_FILE:
        raise Refused(said("The file must be {longest} characters or fewer.", longest=f"{LONGEST_FILE:,}"), "text")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        found = re.search(r"at line (\d+)", str(e))
        raise _wrong(int(found[1]) if found else text.count("\n") + 1, said("this is not TOML")) from e
    try:
        read = msgspec.convert(raw, QuestionSet)
    except msgspec.ValidationError as e:
        words, _, where = str(e).partition(" - at `$")
        path: Path = tuple(int(index) if index else name for name, index in _STEP.findall(where))
        unknown = _UNKNOWN.search(words)
        raise _wrong(_line(text, (*path, unknown[1]) if unknown else path), _in_words(words, path)) from e
    for path, fault in _faults(read):
        raise _wrong(_line(text, path), fault)
    return read


def _wrong(line: int, fault: str) -> Refused:
    return Refused(said("Line {line}: {fault}.", line=line, fault=fault), "text")


def _in_words(words: str, path: Path) -> str:
    if missing := _MISSING.search(words):
        return said("“{field}” is missing", field=missing[1])
    if unknown := _UNKNOWN.search(words):
        return said("“{field}” is not known here", field=unknown[1])
    named = [step for step in path if isinstance(step, str)]
    return said("“{field}” has a value of the wrong kind", field=named[-1] if named else "")


def _line(text: str, path: Path) -> int:
    """The line in which something begins: the first one after which the file, read so far, has it."""
    lines = text.splitlines(keepends=True)

    def has(count: int) -> bool:
        for upto in range(count, len(lines) + 1):  # a text over several lines can be read only from its end on
            try:
                return _holds(tomllib.loads("".join(lines[:upto])), path)
            except tomllib.TOMLDecodeError:
                continue
        return True

    return max(1, bisect_left(range(len(lines) + 1), True, key=has)) if path else 1


def _holds(found: Any, path: Path) -> bool:
    for step in path:
        try:
            found = found[step]
        except (LookupError, TypeError):
            return False
    return True


def _faults(read: QuestionSet) -> Iterator[tuple[Path, str]]:
    """What no type says: names that are names, texts that are there, and nothing twice."""
    yield from _named((), "name", read.name, _NAME)
    yield from _named((), "version", read.version, _VERSION)
    yield from _texts((), read)
    if not read.providers:
        yield ("providers",), said("name a kind of provider")
    if not read.standards:
        yield ("standards",), said("a question set has standards")
    yield from _twice(("standards",), [standard.number for standard in read.standards])
    for i, standard in enumerate(read.standards):
        yield from _of_standard(("standards", i), standard)


def _of_standard(path: Path, standard: Standard) -> Iterator[tuple[Path, str]]:
    yield from _named(path, "number", standard.number, _NUMBER)
    yield from _texts(path, standard)
    yield from _twice((*path, "questions"), [question.name for question in standard.questions])
    for i, question in enumerate(standard.questions):
        at = (*path, "questions", i)
        yield from _named(at, "name", question.name, _NAME)
        yield from _texts(at, question)
        if not question.prompts:
            yield at, said("a key question has prompts")
        yield from _twice((*at, "prompts"), [prompt.name for prompt in question.prompts])
        for j, prompt in enumerate(question.prompts):
            yield from _named((*at, "prompts", j), "name", prompt.name, _PROMPT)
            yield from _texts((*at, "prompts", j), prompt)


def _named(path: Path, field: str, value: str, pattern: str) -> Iterator[tuple[Path, str]]:
    if not re.fullmatch(pattern, value):
        yield (*path, field), said("“{value}” cannot be a {field}", value=value[:60], field=field)


def _texts(path: Path, part: msgspec.Struct) -> Iterator[tuple[Path, str]]:
    for field in ("title", "text", "source", "cy"):
        value = getattr(part, field, None)
        if value is not None and len(value) > LONGEST_TEXT:
            yield (*path, field), said("“{field}” must be {longest} characters or fewer", field=field, longest=LONGEST_TEXT)
        if value is not None and field != "cy" and not value.strip():
            yield (*path, field), said("“{field}” is empty", field=field)


def _twice(path: Path, names: Sequence[str]) -> Iterator[tuple[Path, str]]:
    for i, name in enumerate(names):
        if name in names[:i]:
            yield (*path, i), said("“{value}” stands here twice", value=name[:60])


# Importing one -------------------------------------------------------------------------------------------------------


class QuestionSetImported(Event, frozen=True, tag="question-set-imported"):
    """From now on an inspection can ask these questions."""

    question_set: QuestionSet


@dataclass(slots=True)
class ImportedSet:
    id: UUID
    version: int = 0
    person_id: None = None

    def evolve(self, recorded: Recorded) -> None:
        self.version = recorded.originator_version


def question_set_id(key: str) -> UUID:
    return stream_id("question-set", key)


def import_question_set(imported: ImportedSet, *, now: datetime, by: str, question_set: QuestionSet, shipped: Sequence[str]) -> list[Event]:
    """Add a question set under a name and a version that no other has; `shipped` are the keys of those that came with the service."""
    if imported.version or question_set.key in shipped:
        raise Refused(said("There is a question set {key} already. Give the file another version.", key=question_set.key), "text")
    return [QuestionSetImported(occurred_at=now, by=by, question_set=question_set)]
