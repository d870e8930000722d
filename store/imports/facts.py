"""What a source says of a case beside its contacts: sentence, requirements, risk, registers and language, each cell checked."""

from collections.abc import Callable
from collections.abc import Mapping as Lookup
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from domain.contact import Privacy
from domain.evidence import Evidence, is_failure
from domain.outcome import OUTCOMES
from domain.requirement import RequirementKind, Requirements
from domain.risk import Rosh
from domain.sentence import SentenceKind
from domain.working_days import LONDON
from store.imports.mapping import Mapping
from store.imports.on_register import OnRegister, on_register
from store.imports.report import Remarks
from store.imports.times import NotATime, read_time

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
OF_CASE = ("sentence", "sentence_start", "sentence_end", "requirements", "rosh", "rosh_on", "registers", "language", "interpreter")
OF_CONTACT = ("privacy", "outcome", "second", "requirement", "evidence", "evidence_accepted")
SHORT = {"UPW": RequirementKind.UNPAID_WORK, "RAR": RequirementKind.RAR}
"""The two that practitioners never write out."""
LONGEST_LANGUAGE = 60


class Sentenced(msgspec.Struct, frozen=True, array_like=True):
    kind: SentenceKind
    started_on: date
    ends_on: date


class CaseFacts(msgspec.Struct, frozen=True, array_like=True):
    """What a row says of its case; None or "" where it says nothing."""

    sentence: Sentenced | None = None
    requirements: Requirements = ()
    rosh: Rosh | None = None
    rosh_on: date | None = None
    registers: tuple[OnRegister, ...] | None = None
    language: str = ""
    interpreter: str = ""


class ContactFacts(msgspec.Struct, frozen=True, array_like=True):
    """What a row says of its contact beside time, worker, kind and mode; one with an outcome was an appointment."""

    privacy: Privacy = Privacy.NOT_KNOWN
    outcome: str = ""
    second: str = ""
    requirement: RequirementKind | None = None
    evidence: Evidence | None = None
    accepted: bool = False


NO_CASE_FACTS = CaseFacts()
NO_CONTACT_FACTS = ContactFacts()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


class FactReader:
    """Reads the cells that the mapping says hold facts. Each way to read one raises ValueError with the reason."""

    def __init__(self, where: Lookup[str, int], mapping: Mapping, now: datetime, person: Callable[[str], str], remarks: Remarks) -> None:
        self._where = {name: where[name] for name in (*OF_CASE, *OF_CONTACT) if name in where}
        self._mapping = mapping
        self._today = now.astimezone(LONDON).date()
        self._person = person
        self._remarks = remarks
        self._zone = ZoneInfo(mapping.time_zone)
        self.of_case = any(name in where for name in OF_CASE)
        self.of_contact = any(name in where for name in OF_CONTACT)
        self._requirements = _by_value(RequirementKind) | SHORT | mapping.requirements
        self._rosh = _by_value(Rosh) | mapping.rosh
        self._sentences = _by_value(SentenceKind) | mapping.sentences
        self._privacies = _by_value(Privacy) | mapping.privacies
        self._evidence = _by_value(Evidence) | mapping.evidence
        self._outcomes = {code: code for code in OUTCOMES} | mapping.outcomes

    def case(self, cells: list[str]) -> CaseFacts:
        if not self.of_case:
            return NO_CASE_FACTS
        said = {name: cells[at].strip() for name, at in self._where.items()}
        rosh, rosh_on = said.get("rosh", ""), said.get("rosh_on", "")
        if rosh_on and not rosh:
            raise ValueError("The day of the RoSH assessment is given without its level.")
        languages = self._mapping.languages
        return CaseFacts(
            sentence=self._sentence(said),
            requirements=self._ordered(said.get("requirements", "")),
            rosh=_one_of(rosh, self._rosh, "RoSH level"),
            rosh_on=self._past_day(rosh_on, "The day of the RoSH assessment") if rosh_on else None,
            registers=self._registers(said.get("registers", "")),
            language=_language(said.get("language", ""), languages),
            interpreter=_language(said.get("interpreter", ""), languages),
        )

    def contact(self, cells: list[str]) -> ContactFacts:
        if not self.of_contact:
            return NO_CONTACT_FACTS
        said = {name: cells[at].strip() for name, at in self._where.items()}
        outcome = _one_of(said.get("outcome", ""), self._outcomes, "outcome") or ""
        second = self._person(said.get("second", ""))
        if second and not outcome:
            raise ValueError("A second practitioner is given, and no outcome: only an appointment has one.")
        evidence = self._or_default(said.get("evidence", ""), self._evidence, Evidence.OTHER, "evidence")
        if evidence and outcome and not is_failure(outcome):
            raise ValueError(f"Evidence is given for the outcome “{said['outcome'][:40]}”, which is no failure.")
        return ContactFacts(
            privacy=self._or_default(said.get("privacy", ""), self._privacies, Privacy.NOT_KNOWN, "privacy") or Privacy.NOT_KNOWN,
            outcome=outcome,
            second=second,
            requirement=_one_of(said.get("requirement", ""), self._requirements, "requirement"),
            evidence=evidence,
            accepted=self._yes(said.get("evidence_accepted", "")),
        )

    def _or_default(self, text: str, values: Lookup[str, T], default: T, what: str) -> T | None:
        """None where nothing is said; the default for what the mapping does not know, unless it is strict."""
        if text and text not in values and not self._mapping.strict:
            self._remarks.values_not_mapped += 1
            return default
        return _one_of(text, values, what)

    def _yes(self, text: str) -> bool:
        if not text or text in self._mapping.no:
            return False
        if text in self._mapping.yes:
            return True
        raise ValueError(f"Whether the evidence was accepted: “{text[:40]}” is neither yes nor no in the mapping.")

    def _sentence(self, said: Lookup[str, str]) -> Sentenced | None:
        kind, start, end = (said.get(name, "") for name in ("sentence", "sentence_start", "sentence_end"))
        if not (kind or start or end):
            return None
        if not (kind and start and end):
            raise ValueError("A sentence needs its kind, its start and its expected end.")
        found = _one_of(kind, self._sentences, "sentence")
        assert found is not None
        started = self._past_day(start, "The start of the sentence")
        ends = self._day(end, "The expected end of the sentence")
        if ends <= started:
            raise ValueError(f"The expected end of the sentence: “{end[:40]}” is not after its start.")
        return Sentenced(found, started, ends)

    def _ordered(self, text: str) -> Requirements:
        ordered: dict[RequirementKind, int] = {}
        for part in filter(None, (each.strip() for each in text.split(";"))):
            name, _, amount = (each.strip() for each in part.partition(":"))
            kind = _one_of(name, self._requirements, "requirement")
            if kind is None:
                raise ValueError(f"The requirement “{part[:40]}” has no kind.")
            if amount and not (amount.isascii() and amount.isdigit() and len(amount) <= 5):
                raise ValueError(f"The requirement “{part[:40]}”: its amount is not a whole number.")
            if kind in ordered:
                raise ValueError(f"The requirement “{name[:40]}” stands twice in the list.")
            ordered[kind] = int(amount or 0)
        return tuple(ordered.items())

    def _registers(self, text: str) -> tuple[OnRegister, ...] | None:
        """None where nothing is said: an empty cell does not say that the case is on no register."""
        if not text:
            return None
        if text in self._mapping.no:
            return ()
        found: dict[str, OnRegister] = {}
        for part in filter(None, (each.strip() for each in text.split(";"))):
            each = on_register(self._mapping.registers.get(part, part))
            if each.register in found:
                raise ValueError(f"The register “{part[:40]}” stands twice in the list.")
            found[each.register] = each
        return tuple(found.values())

    def _past_day(self, text: str, what: str) -> date:
        day = self._day(text, what)
        if day > self._today:
            raise ValueError(f"{what}: “{text[:40]}” is in the future.")
        return day

    def _day(self, text: str, what: str) -> date:
        try:
            return read_time(text, self._zone, self._mapping.time_formats).at.astimezone(self._zone).date()
        except NotATime as e:
            raise ValueError(f"{what}: {e}.") from None


def _by_value(kinds: type[E]) -> dict[str, E]:
    return {each.value: each for each in kinds}


def _one_of(text: str, values: Lookup[str, T], what: str) -> T | None:
    if text and text not in values:
        raise ValueError(f"The {what} “{text[:40]}” is not in the mapping.")
    return values[text] if text else None


def _language(text: str, languages: Lookup[str, str]) -> str:
    language = languages.get(text, text)
    if len(language) > LONGEST_LANGUAGE or not language.isprintable():
        raise ValueError(f"A language is longer than {LONGEST_LANGUAGE} characters or holds a line break.")
    return language
