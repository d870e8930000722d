"""A case in brief, as My day opens it in place: the last note, everything that is to be done, and snooze for what can wait."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain.access import Action, Role, decide
from domain.case import Case
from domain.snooze import Item, end_snooze, snooze
from domain.working_days import local_day
from web.agenda import Line, PutOff
from web.forms import Form
from web.gate import allow, resource_of
from web.history import entries, last_note
from web.htmx import page, see_other, wants_fragment
from web.language import gettext, in_language
from web.pages.my_day import found_in, put_together, reasons
from web.service import carry_out, me, names, now, reading, service, story, this_case
from web.things import Thing
from web.words import day

blueprint = Blueprint("in_brief", __name__)

WAITS = (1, 3, 7, 14)
"""Days offered for a snooze; those that the policy does not allow are left out."""
USUAL_WAIT = 7
LONGEST = 2000


def of_this_case() -> tuple[Line | None, list[PutOff]]:
    """Everything that is to be done in the case of the address, and what of it is put off."""
    with reading() as conn:
        found = found_in(conn, practitioner=None, covered=[this_case().stream_id])
    agenda = put_together(found)
    return next(iter(agenda), None), agenda.put_off


@blueprint.get("/cases/<crn>/in-brief")
@allow(Action.SEE_CASE)
def show(crn: str) -> Response:
    return _show(Form(until=str(USUAL_WAIT), item=request.args.get("item", "")))


def _show(form: Form, status: int = 200) -> Response:
    line, put_off = of_this_case()
    things = line.things if line else []
    may_write = decide(me().subject, Action.WRITE_CASE, resource_of(this_case())).allowed
    can_wait = {thing.item.value: thing for thing in things if thing.item}
    if len(can_wait) == 1 or form.raw("item") not in can_wait:
        form.values["item"] = next(iter(can_wait), "")
    return page(
        "my_day/in_brief.html",
        "brief",
        status=status,
        form=form,
        note=last_note(entries(story(this_case().stream_id), service().policy, names())),
        things=things,
        put_off=put_off,
        reasons=reasons(one.snooze for one in put_off),
        can_wait=can_wait if may_write and me().role is Role.OFFICER else {},
        may_write=may_write,
        waits=_waits(),
        longest=service().policy.snooze.longest_days,
    )


def _waits() -> list[tuple[str, date]]:
    today, longest = local_day(now()), service().policy.snooze.longest_days
    return [(str(days), today + timedelta(days=days)) for days in WAITS if days <= longest]


@blueprint.post("/cases/<crn>/snooze")
@allow(Action.WRITE_CASE)
def save(crn: str) -> Response:
    """Put something off. The day it rests on is that of now, whatever the form was opened on."""
    form = Form(request.form)
    days = dict(_waits())
    wait = form.one_of("until", days, gettext("Select until when it can wait"))
    item = form.choice("item", Item, gettext("Select what can wait"))
    reason = form.text("reason", gettext("Enter why this can wait"), longest=LONGEST)
    thing = _thing(item)
    if form.ok and thing is None:
        form.wrong("item", gettext("This is not due any more, so there is nothing to snooze"))
    if form.ok and item and thing:
        details: dict[str, Any] = {"item": item, "until": days[wait], "rests_on": thing.rests_on, "reason": reason}
        given = carry_out(form, Case, this_case().stream_id, snooze, now=now(), by=me().code, policy=service().policy, **details)
        if given:
            return _saved(gettext("Snoozed until %(day)s: %(item)s", day=day(days[wait]), item=in_language(item)))
    return _show(form, 422)


def _thing(item: Item | None) -> Thing | None:
    """The thing to be snoozed as it is due now; sent twice, it is the one put off by the first."""
    line, put_off = of_this_case()
    due = [*(line.things if line else []), *(one.thing for one in put_off)]
    return next((thing for thing in due if item is not None and thing.item is item), None)


def _saved(said: str) -> Response:
    flash(said)
    if wants_fragment():
        return _show(Form(until=str(USUAL_WAIT)))
    return see_other("my_day.index") if me().role is Role.OFFICER else see_other("in_brief.show", crn=this_case().crn)


@blueprint.post("/cases/<crn>/snoozes/<int:number>/end")
@allow(Action.WRITE_CASE)
def end(crn: str, number: int) -> Response:
    """Bring something back before its day."""
    form = Form(request.form)
    if carry_out(form, Case, this_case().stream_id, end_snooze, now=now(), by=me().code, snooze=number):
        return _saved(gettext("Brought back to My day"))
    flash(next(iter(form.errors.values())), "important")
    return _show(form, 422) if wants_fragment() else see_other("in_brief.show", crn=crn)
