"""What the forms about unpaid work share: which requirement, which project, when, and how an instruction is read from a form."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import abort

from domain.case import Case
from domain.event import Event
from domain.upw_instruction import InstructedAgain, InstructionMethod, LetterLanguage
from domain.working_days import LONDON, local_day
from projections.unpaid_work import ListedWork
from projections.upw_projects import Project, of_provider
from projections.upw_state import UpwState, works
from store.record import step
from web.forms import Form
from web.language import gettext
from web.service import carry_out_all, me, now, reading, story, this_case
from web.words import day

INSTRUCTION_FIELDS = frozenset({"project", "work_at", "ends_at", "method", "why", "reason", "supersedes", "issued_at"})
"""What a rule about an instruction may name and the form shows."""


def states() -> list[UpwState]:
    """The unpaid work of the case in the address; 404 when it has none."""
    return works(story(this_case().stream_id)) or abort(404)


def running(found: Sequence[UpwState]) -> list[UpwState]:
    return [state for state in found if state.ended is None]


def choices(found: Sequence[UpwState]) -> list[tuple[str, str]]:
    """Requirements to choose from, as (value, words)."""
    return [(str(s.number), gettext("%(hours)s hours ordered on %(day)s", hours=s.hours, day=day(s.ordered_on))) for s in found]


def chosen(form: Form, found: Sequence[UpwState]) -> UpwState | None:
    """The requirement that a form is about: the only one, or the one selected. None with a message when it is not said."""
    if len(found) == 1:
        return found[0]
    number = form.one_of("requirement", [str(s.number) for s in found], gettext("Select the unpaid work requirement"))
    return next((s for s in found if str(s.number) == number), None)


def give(form: Form, otherwise: str, command: Callable[..., Sequence[Event]], **details: Any) -> bool:
    """Give a command on this case; a refusal that names no field of the form stands beside `otherwise`."""
    return carry_out_all(form, [step(Case, this_case().stream_id, command, now=now(), by=me().code, **details)], otherwise)


def projects(provider: str) -> list[Project]:
    """The projects at which a provider offers work now."""
    with reading() as conn:
        return [project for project in of_provider(conn, provider) if not project.ended]


def read_project(form: Form) -> str:
    """The project selected, or another one typed: not every place of work is registered."""
    other = form.text("other_project", longest=100)
    if not (other or form.raw("project")):
        form.wrong("project", gettext("Select or enter the project"))
    return other or form.text("project", longest=100)


def read_instruction(form: Form) -> dict[str, Any]:
    """What an instruction says: where and when, what work, how to get there, what to wear, and why it is given again."""
    work_at = form.moment("work_at", gettext("the work"), ahead=True)
    found: dict[str, Any] = {
        "project": read_project(form),
        "work_at": work_at,
        "ends_at": _finish(form, work_at),
        "work_type": form.text("work_type", longest=200),
        "transport": form.text("transport", longest=500),
        "clothing": form.text("clothing", longest=500),
        "method": form.choice("method", InstructionMethod, gettext("Select how the instruction is given")),
    }
    if form.raw("again"):
        found["why"] = form.choice("why", InstructedAgain, gettext("Select why the person is instructed again"))
        found["reason"] = form.text("reason", longest=2000)
    return found


def _finish(form: Form, work_at: datetime | None) -> datetime | None:
    """The time of finishing, on the day of the work."""
    if not form.raw("ends_at"):
        return None
    at = form.time("ends_at", gettext("The time of finishing"))
    return datetime.combine(local_day(work_at), at, LONDON) if at and work_at else None


def key_of(work: ListedWork) -> str:
    """Names one person's work in an address and in the fields of a form."""
    return f"{work.crn}-{work.requirement}"


def language_of(language: str) -> LetterLanguage:
    """The language of letters to a person: Welsh for those whose language it is."""
    return LetterLanguage.WELSH if language.strip().casefold() in ("welsh", "cymraeg") else LetterLanguage.ENGLISH
