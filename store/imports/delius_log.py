"""An activity log in the shape that NDelius-facing services exchange, as it stands in the file."""

from pathlib import Path
from typing import Any

import msgspec

from store.imports.mapping import ImportProblem

LARGEST = 100 * 2**20


class Name(msgspec.Struct, frozen=True):
    forename: str = ""
    surname: str = ""

    @property
    def full(self) -> str:
        return f"{self.forename} {self.surname}".strip()


class Officer(msgspec.Struct, frozen=True):
    name: Name = Name()
    code: str | None = None


class Note(msgspec.Struct, frozen=True, rename="camel"):
    note: str | None = None
    has_note_been_truncated: bool = False


class Activity(msgspec.Struct, frozen=True, rename="camel"):
    """One item as the log has it. None: the log does not say."""

    id: int
    type: str
    start_date_time: str
    end_date_time: str | None = None
    description: str | None = None
    outcome: str | None = None
    action: str | None = None
    is_sensitive: bool | None = None
    has_outcome: bool | None = None
    was_absent: bool | None = None
    is_appointment: bool | None = None
    did_they_comply: bool | None = None
    complied: bool | None = None
    acceptable_absence: bool | None = None
    absent_waiting_evidence: bool | None = None
    rescheduled: bool | None = None
    acceptable_absence_reason: str | None = None
    non_compliance_reason: str | None = None
    rearrange_or_cancel_reason: str | None = None
    is_phone_call_from_pop: bool | None = None
    is_phone_call_to_pop: bool | None = None
    is_email_or_text_from_pop: bool | None = None
    is_email_or_text_to_pop: bool | None = None
    appointment_notes: list[Note] = []
    officer: Officer | None = None
    last_updated: str | None = None


class Person(msgspec.Struct, frozen=True, rename="camel"):
    crn: str
    name: Name = Name()
    date_of_birth: str | None = None


class Page(msgspec.Struct, frozen=True, rename="camel"):
    """One page of one person's log; its items are read one by one, so that a bad one has a name."""

    activities: list[Any]
    person_summary: Any = None
    page: int = 0


def read_pages(file: Path) -> list[Page]:
    """The pages of a log: bare, a list of them, or what a mock server answers when nobody filters. Raises ImportProblem."""
    try:
        if file.stat().st_size > LARGEST:
            raise ImportProblem(f"{file.name} is larger than {LARGEST // 2**20} MB. Import it in parts.")
        document = msgspec.json.decode(file.read_bytes())
    except OSError as e:
        raise ImportProblem(f"{file} cannot be read: {e}.") from e
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise ImportProblem(f"{file.name} is not JSON: {e}.") from e
    try:
        pages = [msgspec.convert(body, Page) for body in _bodies(document)]
    except msgspec.ValidationError as e:
        raise ImportProblem(f"{file.name} is not an activity log: {e}.") from e
    if not pages:
        raise ImportProblem(f"{file.name} holds no activity log: nothing in it has “activities”.")
    return pages


def _bodies(document: Any) -> list[Any]:
    if isinstance(document, list):
        return [body for each in document for body in _bodies(each)]
    if not isinstance(document, dict):
        return []
    if isinstance(document.get("mappings"), list):
        return _answers(document["mappings"])
    return [document] if "activities" in document else []


def _answers(mappings: list[Any]) -> list[Any]:
    """The first answer for each page of each person that is not an answer to a filter: the others repeat parts of it, changed."""
    found: dict[str, Any] = {}
    for mapping in mappings:
        request, response = (mapping.get(part) if isinstance(mapping, dict) else None for part in ("request", "response"))
        body = response.get("jsonBody") if isinstance(response, dict) else None
        if isinstance(body, dict) and "activities" in body and isinstance(request, dict) and "bodyPatterns" not in request:
            person = body.get("personSummary")
            found.setdefault(f"{person.get('crn') if isinstance(person, dict) else None}/{body.get('page')}", body)
    return list(found.values())
