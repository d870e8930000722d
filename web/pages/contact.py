"""Recording a contact that was not arranged: one short page, filled in as far as the service can know."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import KINDS, LONGEST_NOTE, Privacy, Purpose, Work, record_contact
from projections.story import Story
from projections.timeline import Aims, aims
from store.record import step
from web.forms import Form
from web.gate import allow
from web.htmx import go_to, page
from web.service import carry_out_all, me, now, service, this_case

blueprint = Blueprint("contact", __name__)

FREQUENT = ("CTOB", "CTOA", "COUP", "CHVS", "CMOB", "CMOA", "CLOB")
"""The kinds of contact offered as one click; the others stand in a list."""
OTHER = "other"
PURPOSES = [(purpose.value, purpose.value.capitalize()) for purpose in Purpose]
PRIVACIES = [(privacy.value, privacy.capitalize()) for privacy in Privacy if privacy is not Privacy.NOT_KNOWN]
NOTE_TOO_LONG = f"The note must be {LONGEST_NOTE:,} characters or fewer"


@blueprint.app_template_filter()
def numbered(words: Mapping[int, str]) -> list[tuple[str, str]]:
    """Entries by number as choices of a field."""
    return [(str(number), text) for number, text in words.items()]


def case_address() -> str:
    return f"/cases/{this_case().crn}"


def told_so_far() -> Story:
    """The history of the case in the address without its texts, which a form does not need."""
    return Story(service().record.history(this_case().stream_id))


def kind_choices(frequent: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Kinds of contact by code: those used daily, and the rest in the order of their words."""
    shown = list(frequent)
    rest = sorted((kind.label, code) for code, kind in KINDS.items() if code not in shown)
    return {"frequent": [(code, KINDS[code].label) for code in shown], "rest": [(code, label) for label, code in rest]}


def kind_values(code: str, frequent: Iterable[str]) -> dict[str, str]:
    """The two fields of a kind, filled in for one code; none for a code that is not known."""
    if code not in KINDS:
        return {}
    return {"kind": code} if code in frequent else {"kind": OTHER, "other_kind": code}


def read_kind(form: Form, message: str) -> str:
    """The kind chosen, from the radios or from the list under "Another kind"."""
    return form.one_of("other_kind" if form.raw("kind") == OTHER else "kind", KINDS, message)


def read_work(form: Form, offered: Aims) -> Work:
    """What was done and what it served, as ticked."""
    return Work(
        purposes=tuple(Purpose(p) for p in form.several("purposes", Purpose, "Select what it was for from the list")),
        objectives=form.numbers("objectives", offered.objectives, "Select objectives of this case's plan"),
        requirements=form.numbers("requirements", offered.requirements, "Select requirements that are still running"),
        risk_action=bool(form.raw("risk_action")),
    )


def read_note(form: Form) -> str:
    note = form.text("note", longest=10 * LONGEST_NOTE)
    if len(note) > LONGEST_NOTE:
        form.wrong("note", NOTE_TOO_LONG)
    return note


def read_privacy(form: Form) -> Privacy:
    """Where people could talk; not known unless it was said."""
    offered = [privacy.value for privacy in Privacy]
    return Privacy(form.one_of("privacy", offered, "Select where you could talk from the list", optional=True) or Privacy.NOT_KNOWN)


def _ask(form: Form, offered: Aims, status: int = 200) -> Response:
    kinds = kind_choices(FREQUENT)
    shown: dict[str, Any] = {"kinds": kinds, "aims": offered, "purposes": PURPOSES, "privacies": PRIVACIES}
    return page("contact/record.html", status=status, form=form, case=this_case(), back=case_address(), **shown)


@blueprint.get("/cases/<crn>/contacts/new")
@allow(Action.WRITE_CASE)
def new(crn: str) -> Response:
    """The form with what is most likely: now, and the kind that the link named."""
    likely = kind_values(request.args.get("kind", ""), FREQUENT)
    return _ask(Form(None, occurred_at=now(), **likely), aims(told_so_far()))


@blueprint.post("/cases/<crn>/contacts/new")
@allow(Action.WRITE_CASE)
def record(crn: str) -> Response:
    form, offered = Form(request.form), aims(told_so_far())
    kind = read_kind(form, "Select the kind of contact")
    occurred_at = form.moment("occurred_at", "the contact")
    minutes = form.whole("minutes", "Minutes", 1, 1440, optional=True)
    work, note, privacy = read_work(form, offered), read_note(form), read_privacy(form)
    if form.ok and occurred_at is not None:
        command = step(
            Case,
            this_case().stream_id,
            record_contact,
            now=now(),
            by=me().code,
            occurred_at=occurred_at,
            practitioner=me().code,
            kind=kind,
            minutes=minutes,
            work=work,
            team=me().team,
            sensitive=bool(form.raw("sensitive")),
            note=note,
            privacy=privacy,
        )
        if carry_out_all(form, [command], "kind"):
            flash("Contact recorded")
            return go_to(case_address())
    return _ask(form, offered, 422)
