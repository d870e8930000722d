"""Appointments: arranging one, moving or cancelling it; how it went is logged in `outcome`."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action, Role
from domain.appointment import AskedBy, arrange_appointment, cancel_appointment, rearrange_appointment
from domain.case import Case
from domain.event import Event
from projections import organisations
from projections.diary import row_of
from projections.story import Diarised, Story
from projections.timeline import aims
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import go_to, page
from web.kinds import kind_choices, kind_values, read_kind
from web.language import gettext
from web.pages.contact import case_address, told_so_far
from web.quick_dates import last_kept, quick, weeks_asked
from web.service import carry_out_all, me, now, reading, this_case

blueprint = Blueprint("appointment", __name__)

FREQUENT = ("COAP", "CHVS", "COPT", "COVC", "COAI", "C084")
"""The kinds of appointment offered as one click; the others stand in a list."""
THREE_WAY = "C084"


def find(story: Story, number: int) -> Diarised:
    """The appointment that the address names; 404 when this case has no such appointment."""
    return next((kept for kept in story.diary if kept.number == number), None) or abort(404)


def staff_of(*codes: str) -> list[tuple[str, str]]:
    """Who can be chosen: the practitioners of the team that holds the case, and whoever is named already."""
    with reading() as conn:
        found = {row.code: row.name for row in organisations.of_team(conn, this_case().team)}
        for code in codes:
            row = organisations.practitioner(conn, code) if code and code not in found else None
            found |= {row.code: row.name} if row else {}
    return sorted(found.items(), key=lambda item: item[1])


def give(form: Form, otherwise: str, command: Callable[..., Sequence[Event]], **details: Any) -> bool:
    """Give a command on this case; a refusal that names no field of the form stands beside `otherwise`."""
    return carry_out_all(form, [step(Case, this_case().stream_id, command, now=now(), by=me().code, **details)], otherwise)


def settled(kept: Diarised) -> Response:
    """The page of an appointment that wants nothing (any more), in words that say why."""
    return page("appointment/settled.html", case=this_case(), row=row_of(this_case(), kept), now=now(), back=case_address())


# ---- Arranging --------------------------------------------------------------------------------------------------------


def _ask_when(story: Story, form: Form, status: int = 200) -> Response:
    ahead = [kept for kept in story.diary if kept.starts_at > now() and not kept.cancelled]
    next_one = min(ahead, key=lambda kept: kept.starts_at, default=None)
    return page(
        "appointment/arrange.html",
        status=status,
        form=form,
        case=this_case(),
        back=case_address(),
        kinds=kind_choices(FREQUENT),
        staff=staff_of(me().code),
        others=list(_others(story).items()),
        quick=quick(last_kept(story), "appointment.arrange"),
        requirements=aims(story).requirements,
        next_one=row_of(this_case(), next_one) if next_one else None,
    )


@blueprint.get("/cases/<crn>/appointments/new")
@allow(Action.WRITE_CASE)
def arrange(crn: str) -> Response:
    """The form filled in like the last appointment, without a date unless a quick choice was taken."""
    story = told_so_far()
    last = last_kept(story)
    holder = this_case().practitioner
    usual: dict[str, Any] = {"minutes": "30", "practitioner": me().code if me().role is Role.OFFICER or not holder else holder}
    if last:
        usual |= kind_values(last.arranged.kind, FREQUENT)
        usual |= {"minutes": str(last.arranged.minutes or ""), "place": last.arranged.place}
    if asked := request.args.get("kind"):
        usual |= kind_values(asked, FREQUENT)
    return _ask_when(story, Form(**usual, **weeks_asked(last)))


@blueprint.post("/cases/<crn>/appointments/new")
@allow(Action.WRITE_CASE)
def save_arranged(crn: str) -> Response:
    story, form = told_so_far(), Form(request.form)
    starts_at = form.moment("starts_at", gettext("the appointment"), ahead=True)
    details: dict[str, Any] = {
        "kind": read_kind(form, gettext("Select the kind of appointment")),
        "minutes": form.whole("minutes", gettext("Minutes"), 1, 1440, optional=True),
        "place": form.text("place", longest=200),
        "practitioner": form.one_of("practitioner", dict(staff_of(me().code)), gettext("Select who the appointment is with")),
        "requirements": form.numbers("requirements", aims(story).requirements, gettext("Select requirements that are still running")),
        "second_practitioner": _second(story, form),
    }
    if form.ok and give(form, "kind", arrange_appointment, starts_at=starts_at, **details):
        flash(gettext("Appointment arranged"))
        return go_to(case_address())
    return _ask_when(story, form, 422)


def _second(story: Story, form: Form) -> str:
    """The other practitioner of a three-way meeting; of another kind of appointment there is none, whatever was left in the field."""
    if form.raw("kind") != THREE_WAY:
        return ""
    return form.one_of("second_practitioner", _others(story), gettext("Select the other practitioner"), optional=True)


def _others(story: Story) -> dict[str, str]:
    """Who may be the other one, by code and in the order of names: the officer who hands over or takes over may be of any team of the
    providers that the case is, was or may soon be with, and of the reader's own. A whole nation would be a list of thousands."""
    case = this_case()
    with reading() as conn:
        asked = organisations.team(conn, case.offered_to_team) if case.offered_to_team else None
        providers = {case.provider, me().provider, *(holder.provider for holder in story.holders), asked.provider if asked else ""}
        people = [row for provider in providers - {""} for row in organisations.of_provider(conn, provider)]
    return {row.code: row.name for row in sorted(people, key=lambda row: (row.name, row.code))}


def _ask_change(change: str, kept: Diarised, form: Form, status: int = 200) -> Response:
    dates = quick(kept, "appointment.rearrange", number=kept.number)
    shown: dict[str, Any] = {"case": this_case(), "row": row_of(this_case(), kept), "back": case_address(), "asked_by": options(AskedBy)}
    return page(f"appointment/{change}.html", status=status, form=form, quick=dates, **shown)


@blueprint.get("/cases/<crn>/appointments/<int:number>/rearrange")
@allow(Action.WRITE_CASE)
def rearrange(crn: str, number: int) -> Response:
    kept = find(told_so_far(), number)
    if kept.outcome or kept.cancelled or kept.starts_at <= now():
        return settled(kept)
    return _ask_change("rearrange", kept, Form(**(weeks_asked(kept) or {"starts_at": kept.starts_at})))


@blueprint.post("/cases/<crn>/appointments/<int:number>/rearrange")
@allow(Action.WRITE_CASE)
def save_rearranged(crn: str, number: int) -> Response:
    kept, form = find(told_so_far(), number), Form(request.form)
    starts_at = form.moment("starts_at", gettext("the appointment"), ahead=True)
    asked_by = form.choice("asked_by", AskedBy, gettext("Select who asked for the change"))
    reason = form.text("reason", longest=2000)
    if form.ok and give(
        form, "starts_at", rearrange_appointment, appointment=number, starts_at=starts_at, asked_by=asked_by, reason=reason
    ):
        flash(gettext("Appointment rearranged"))
        return go_to(case_address())
    return _ask_change("rearrange", kept, form, 422)


@blueprint.get("/cases/<crn>/appointments/<int:number>/cancel")
@allow(Action.WRITE_CASE)
def cancel(crn: str, number: int) -> Response:
    kept = find(told_so_far(), number)
    if kept.outcome or kept.cancelled or kept.starts_at <= now():
        return settled(kept)
    return _ask_change("cancel", kept, Form())


@blueprint.post("/cases/<crn>/appointments/<int:number>/cancel")
@allow(Action.WRITE_CASE)
def save_cancelled(crn: str, number: int) -> Response:
    kept, form = find(told_so_far(), number), Form(request.form)
    asked_by = form.choice("asked_by", AskedBy, gettext("Select who asked to cancel"))
    reason = form.text("reason", gettext("Enter why the appointment is cancelled"), longest=2000)
    if form.ok and give(form, "reason", cancel_appointment, appointment=number, asked_by=asked_by, reason=reason):
        flash(gettext("Appointment cancelled"))
        return go_to(case_address())
    return _ask_change("cancel", kept, form, 422)
