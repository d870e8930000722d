"""The items of an activity log in our words: kinds, outcomes, officers and times."""

import re
import unicodedata
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from domain.contact import KINDS, LONGEST_NOTE
from domain.outcome import OUTCOMES
from store.imports.delius_log import Activity, Officer, Page, Person
from store.imports.mapping import ImportProblem, ProviderMapping, Words, load_settings, wrong_time_zone
from store.imports.report import RefusedRow, Tally
from store.imports.rows import case_reference, must_be_text
from store.imports.times import NotATime, read_time


class DeliusOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A settings file for activity logs; `store/imports/delius.toml` explains every setting."""

    source: Words
    provider: ProviderMapping
    case_prefix: str = ""
    time_zone: str = "Europe/London"
    strict: bool = False
    team: str = ""
    allocated_to: str = ""
    types: dict[str, str] = {}
    outcomes: dict[str, str] = {}


class Item(msgspec.Struct, frozen=True):
    """An item in our words."""

    row: int
    key: int
    starts_at: datetime
    minutes: int | None
    recorded: datetime | None
    kind: str
    outcome: str
    is_appointment: bool
    sensitive: bool
    officer: str
    officer_name: str
    note: str
    truncated: bool
    known_type: bool


class Log(msgspec.Struct):
    """All that a file says of one person, oldest first."""

    person: Person
    first_row: int
    raw: dict[int, Any] = {}
    items: list[Item] = []
    repeated: int = 0
    bad: list[RefusedRow] = []

    @property
    def rows(self) -> int:
        return len(self.items) + len(self.bad) + self.repeated


def read_delius_options(path: Path | str) -> DeliusOptions:
    """A settings file, or the shipped one of that name ("delius"), checked. Raises ImportProblem."""
    options = load_settings(path, DeliusOptions)
    wrong = wrong_time_zone(options.time_zone)
    wrong = wrong or next((f"“{k}” is not a kind of ours." for k in options.types.values() if k not in KINDS), "")
    wrong = wrong or next((f"“{o}” is not an outcome of ours." for o in options.outcomes.values() if o not in OUTCOMES), "")
    if wrong:
        raise ImportProblem(f"The mapping file {path} is not right: {wrong}")
    return options


class Translator:
    """Turns items into our words."""

    def __init__(self, options: DeliusOptions, now: datetime) -> None:
        self._options = options
        self._now = now
        self._zone = ZoneInfo(options.time_zone)
        self._types = {plain(kind.label): code for code, kind in KINDS.items()} | _plain_keys(options.types)
        self._outcomes = {plain(o.description): code for code, o in OUTCOMES.items()} | _plain_keys(options.outcomes)

    def item(self, row: int, raw: Any) -> Item:
        """Raises ValueError with the reason why it cannot be imported."""
        try:
            activity = msgspec.convert(raw, Activity)
        except msgspec.ValidationError as e:
            raise ValueError(f"The item cannot be read: {e}.") from e
        starts_at = self._time(activity.start_date_time)
        kind = self._kind(activity)
        if kind is None and self._options.strict:
            raise ValueError(f"The type “{activity.type[:40]}” is not in the mapping.")
        note = _note(activity, known=kind is not None)
        must_be_text([note])
        if len(note) > LONGEST_NOTE:
            raise ValueError(f"The notes have {len(note):,} characters; {LONGEST_NOTE:,} is the most.")
        officer = activity.officer or Officer()
        return Item(
            row=row,
            key=activity.id,
            starts_at=starts_at,
            minutes=self._minutes(starts_at, activity.end_date_time),
            recorded=self._claim(activity.last_updated),
            kind=kind or "OTHR",
            outcome=self._outcome(activity),
            is_appointment=_is_appointment(activity),
            sensitive=bool(activity.is_sensitive),
            officer=officer_code(officer),
            officer_name=officer.name.full,
            note=note,
            truncated=any(note.has_note_been_truncated for note in activity.appointment_notes),
            known_type=kind is not None,
        )

    def _time(self, text: str) -> datetime:
        try:
            return read_time(re.sub(r"\[[^]]*\]$", "", text.strip()), self._zone).at
        except NotATime as e:
            raise ValueError(f"The time: {e}.") from None

    def _minutes(self, starts_at: datetime, end: str | None) -> int | None:
        if not end or not end.strip():
            return None
        minutes = round((self._time(end) - starts_at) / timedelta(minutes=1))
        return minutes if 0 < minutes <= 24 * 60 else None

    def _claim(self, text: str | None) -> datetime | None:
        """When the source says it was last written to; a day alone means by the end of that day."""
        if not text or not text.strip():
            return None
        try:
            day = datetime.combine(date.fromisoformat(text.strip()), time(23, 59, 59), self._zone)
            claim = min(day, self._now) if day - self._now < timedelta(days=1) else day
        except ValueError:
            claim = self._time(text)
        if claim > self._now:
            raise ValueError(f"The time of recording: “{text[:40]}” is in the future.")
        return claim

    def _kind(self, activity: Activity) -> str | None:
        if activity.is_phone_call_from_pop:
            return "CTOA"
        if activity.is_phone_call_to_pop:
            return "CTOB"
        if activity.is_email_or_text_from_pop:
            return "CMOA"
        if activity.is_email_or_text_to_pop:
            return "CMOB"
        return self._types.get(plain(activity.type))

    def _outcome(self, activity: Activity) -> str:
        """The outcome's code: by its description where that is one of NDelius's, else by the flags; "" where neither says."""
        if described := self._outcomes.get(plain(activity.outcome or "")):
            return described
        complied = activity.did_they_comply if activity.did_they_comply is not None else activity.complied
        said = (
            # Who asked is not said; this is the code that lays it at nobody's door.
            (activity.rescheduled is True, "RSOF"),
            (activity.absent_waiting_evidence is True, "AFTA"),
            (activity.acceptable_absence is True, "AAAA"),
            (activity.acceptable_absence is False, "UAAB"),
            (complied is True, "ATTC"),
            (complied is False, "AFTC"),
            (activity.was_absent is True, "AFTA"),
        )
        return next((code for holds, code in said if holds), "")


def _is_appointment(activity: Activity) -> bool:
    if activity.is_appointment is not None:
        return activity.is_appointment
    return bool(activity.has_outcome) or any(
        flag is not None for flag in (activity.was_absent, activity.did_they_comply, activity.complied)
    )


def _note(activity: Activity, *, known: bool) -> str:
    """Everything that the item says in words, since an entry has one note. The type's name where it has no kind of ours."""
    words = (
        None if known else activity.type,
        activity.description,
        activity.outcome,
        activity.acceptable_absence_reason,
        activity.non_compliance_reason,
        activity.rearrange_or_cancel_reason,
        activity.action,
        *(note.note for note in activity.appointment_notes),
    )
    return "\n\n".join(dict.fromkeys(text.strip() for text in words if text and text.strip()))


def officer_code(officer: Officer) -> str:
    """Their code, else one that follows from their name; "" for a place holder that is nobody."""
    name = officer.name.full
    if "unallocated" in name.lower():
        return ""
    if officer.code and officer.code.strip():
        return officer.code.strip()
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[A-Z0-9]+", ascii_name.upper().replace("'", "")))[:64] or name[:64]


def plain(description: str) -> str:
    """A description as it is compared: small letters and digits, without "(NS)" and its like."""
    text = re.sub(r"\((non[ -]?)?ns\)", " ", description.lower())
    return " ".join(re.findall(r"[a-z0-9]+", text))


def _plain_keys(names: Lookup[str, str]) -> dict[str, str]:
    return {plain(name): code for name, code in names.items()}


def read_logs(pages: Sequence[Page], options: DeliusOptions, now: datetime, tally: Tally) -> list[Log]:
    """The items of each person. A page whose person cannot be told is refused item by item."""
    translator = Translator(options, now)
    logs: dict[str, Log] = {}
    for page in pages:
        try:
            person = msgspec.convert(page.person_summary, Person)
            crn = case_reference(person.crn, prefix=options.case_prefix)
        except (msgspec.ValidationError, ValueError) as e:
            words = "The page does not say whose log it is (access may be limited)"
            for _ in page.activities:
                tally.rows_read += 1
                tally.refuse(RefusedRow(tally.rows_read, f"{words}: {e}"))
            continue
        log = logs.setdefault(crn, Log(msgspec.structs.replace(person, crn=crn), tally.rows_read + 1))
        for raw in page.activities:
            tally.rows_read += 1
            _read_item(log, tally.rows_read, raw, translator)
    for log in logs.values():
        log.items.sort(key=lambda item: item.starts_at)
    return list(logs.values())


def _read_item(log: Log, row: int, raw: Any, translator: Translator) -> None:
    try:
        item = translator.item(row, raw)
        if item.key in log.raw and log.raw[item.key] != raw:
            raise ValueError(f"Item {item.key} stands in the file more than once, and not the same.")
    except ValueError as e:
        log.bad.append(RefusedRow(row, str(e), log.person.crn))
        return
    if item.key in log.raw:
        log.repeated += 1
    else:
        log.raw[item.key] = raw
        log.items.append(item)
