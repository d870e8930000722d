"""The person: preferred language, interpreter, and what they need in order to take part; letters and pages use what stands."""

from datetime import datetime

from domain.case import Case, must_exist, must_have_happened, remembers
from domain.event import Event, Imported, Personal, Refused
from domain.words import said

LANGUAGES = (said("English"), said("Welsh"))
"""Offered first: in Wales everybody chooses between the two. Any other is typed."""


class PersonDetailsRecorded(Event, frozen=True, tag="person-details-recorded"):
    """What the person says of themselves, whole each time: the latest stands. `interpreter` is the language to interpret, if any.

    `needs` are those of access and of communication: large print, a hearing loop, plain words, a quiet room.
    """

    language: str
    interpreter: str = ""
    needs: Personal = ""
    pronouns: Personal = ""


@remembers(PersonDetailsRecorded)
def _recorded(case: Case, number: int, event: PersonDetailsRecorded) -> None:
    """No rule asks."""


def record_details(
    case: Case,
    *,
    now: datetime,
    by: str,
    language: str,
    interpreter: str = "",
    needs: str = "",
    pronouns: str = "",
    said_at: datetime | None = None,
    imported: Imported | None = None,
) -> list[Event]:
    """Record what the person prefers and needs, also when supervision has ended: letters may still be sent."""
    must_exist(case)
    happened = said_at or now
    must_have_happened(happened, now, "said_at")
    if not language.strip():
        raise Refused(said("Select the language that the person prefers."), "language")
    if interpreter.strip().casefold() == "english":
        raise Refused(said("An interpreter is for a language other than English."), "interpreter")
    return [
        PersonDetailsRecorded(
            occurred_at=happened,
            by=by,
            imported=imported,
            language=language.strip(),
            interpreter=interpreter.strip(),
            needs=needs,
            pronouns=pronouns,
        )
    ]
