"""Logging a contact that was not arranged: one short form, filled in as far as the service can know."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import KINDS, LONGEST_NOTE, Privacy, Purpose, Work, record_contact
from domain.words import said
from projections import kinds_used
from projections.alike import alike
from projections.story import Story
from projections.timeline import Aims, Entry, aims
from store.record import step, together
from web import next_appointment
from web.forms import Form, options
from web.gate import allow
from web.history import entries
from web.htmx import back_to, page
from web.kinds import frequent, kind_choices, kind_values, read_kind
from web.language import gettext, in_language
from web.service import carry_out_all, me, names, now, reading, service, story, this_case
from web.words import moment

blueprint = Blueprint("contact", __name__)

HEADINGS = (said("Check in"), said("Review"), said("Intervention"), said("Summarise"), said("Set task"))
"""The parts of a supervision meeting, in their order, as headings for its note [R]."""
MY_DAY = "my-day"


@blueprint.app_template_filter()
def numbered(words: Mapping[int, str]) -> list[tuple[str, str]]:
    """Entries by number as choices of a field."""
    return [(str(number), in_language(text)) for number, text in words.items()]


def privacies() -> list[tuple[str, str]]:
    """Where people could talk; that it is not known is said by choosing none."""
    return options(privacy for privacy in Privacy if privacy is not Privacy.NOT_KNOWN)


def case_address() -> str:
    return f"/cases/{this_case().crn}"


def told_so_far() -> Story:
    """The history of the case in the address without its texts, which a form does not need."""
    return Story(service().record.history(this_case().stream_id))


def read_work(form: Form, offered: Aims) -> Work:
    """What was done and what it served, as ticked."""
    return Work(
        purposes=tuple(Purpose(p) for p in form.several("purposes", Purpose, gettext("Select what it was for from the list"))),
        objectives=form.numbers("objectives", offered.objectives, gettext("Select objectives of this case's plan")),
        requirements=form.numbers("requirements", offered.requirements, gettext("Select requirements that are still running")),
        risk_action=bool(form.raw("risk_action")),
    )


def read_note(form: Form) -> str:
    note = form.text("note", longest=10 * LONGEST_NOTE)
    if len(note) > LONGEST_NOTE:
        form.wrong("note", gettext("The note must be %(longest)s characters or fewer", longest=f"{LONGEST_NOTE:,}"))
    return note


def read_privacy(form: Form) -> Privacy:
    """Where people could talk; not known unless it was said."""
    offered = [privacy.value for privacy in Privacy]
    chosen = form.one_of("privacy", offered, gettext("Select where you could talk from the list"), optional=True)
    return Privacy(chosen or Privacy.NOT_KNOWN)


def kinds_of_mine() -> list[str]:
    """The kinds that I am offered as one click."""
    with reading() as conn:
        return frequent(kinds_used.most_used(conn, me().code))


def ask(form: Form, told: Story, status: int = 200, others: tuple[Entry, ...] = ()) -> Response:
    """The form as a page, or as a part to be put where it was asked for."""
    shown: dict[str, Any] = {
        "kinds": kind_choices(kinds_of_mine()),
        "aims": aims(told),
        "purposes": options(Purpose),
        "privacies": privacies(),
        "headings": HEADINGS,
        "coming": next_appointment.coming(told),
        "planned": next_appointment.pattern(told),
        "next_kinds": next_appointment.kinds_offered(),
        "others": others,
    }
    return page("contact/record.html", "form", status=status, form=form, case=this_case(), back=case_address(), **shown)


@blueprint.get("/cases/<crn>/contacts/new")
@allow(Action.WRITE_CASE)
def new(crn: str) -> Response:
    """The form with what is most likely: now, or the same time yesterday, and the kind that the link named."""
    told = told_so_far()
    likely = kind_values(request.args.get("kind", ""), kinds_of_mine())
    happened = now() - timedelta(days=1) if request.args.get("day") == "yesterday" else now()
    fields: dict[str, Any] = {**likely, **next_appointment.likely(told), "occurred_at": happened, "from": request.args.get("from")}
    return ask(Form(None, **fields), told)


@blueprint.post("/cases/<crn>/contacts/new")
@allow(Action.WRITE_CASE)
def record(crn: str) -> Response:
    """Save the contact and, if it is ticked, the next appointment: both or neither."""
    form, told = Form(request.form), told_so_far()
    details = _read(form, aims(told))
    arranged = next_appointment.read(form)
    others = _entered_already(form, told, details)
    if form.ok:
        logged = step(
            Case, this_case().stream_id, record_contact, now=now(), by=me().code, practitioner=me().code, team=me().team, **details
        )
        if carry_out_all(form, [together(logged, arranged) if arranged else logged], "kind"):
            flash(_saved(details["kind"], details["occurred_at"], form.understood.get("next_at", "")))
            return back_to("/my-day" if form.raw("from") == MY_DAY else case_address())
    return ask(form, told, 422, others)


def _read(form: Form, offered: Aims) -> dict[str, Any]:
    """The details of the contact, with messages in the form for what is not clear."""
    return {
        "kind": read_kind(form, gettext("Select the kind of contact")),
        "occurred_at": form.moment("occurred_at", gettext("the contact")),
        "minutes": form.whole("minutes", gettext("Minutes"), 1, 1440, optional=True),
        "work": read_work(form, offered),
        "note": read_note(form),
        "privacy": read_privacy(form),
        "sensitive": bool(form.raw("sensitive")),
    }


def _entered_already(form: Form, told: Story, details: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The entries that this contact may be a second entry of, unless the person has seen them, or it is this very form again."""
    if not form.ok or form.raw("all_the_same") or service().record.knows(form.command_id()):
        return ()
    near = alike(told, details["kind"], details["occurred_at"], service().policy.recording.same_within_minutes)
    if not near:
        return ()
    form.wrong("alike", gettext("This contact may be in the record already"))
    every = entries(story(this_case().stream_id), service().policy, names())
    return tuple(every[contact.number - 1] for contact in near)


def _saved(kind: str, occurred_at: datetime, next_on: str) -> str:
    """What was saved, as it was understood."""
    what, when = in_language(KINDS[kind].label), moment(occurred_at)
    if not next_on:
        return gettext("Contact recorded: %(kind)s, %(when)s", kind=what, when=when)
    return gettext("Contact recorded: %(kind)s, %(when)s. Next appointment arranged for %(next)s", kind=what, when=when, next=next_on)
