"""Oversight: what waits for a manager of the team, a signature or a sending back by one press, and notes of decisions and advice."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain import oversight
from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.entry import EntryCorrected
from domain.event import Event
from domain.oversight import OversightKind
from domain.working_days import add_working_days, local_day
from projections import oversight as overseen
from projections import telling
from projections.oversight import Item
from projections.telling import Told
from web.forms import Form, day_bounds
from web.gate import allow
from web.htmx import page, see_other, wants_fragment
from web.language import gettext
from web.service import carry_out, hidden, me, names, now, reading, service, this_case
from web.suggesting import officers, with_a_number

blueprint = Blueprint("oversight", __name__)

LIST = "list"
"""Where a form was sent from: the list of what waits, which is then shown again."""


class Waiting(NamedTuple):
    """An entry that waits for a signature, as it is told, and by when it should have it."""

    item: Item
    told: Told | None
    due: date


class Checks(NamedTuple):
    """How many entries of an officer were checked this month."""

    code: str
    name: str
    done: int


def told_of(items: Sequence[Item]) -> dict[Item, Told]:
    """How each entry reads; nothing of one whose texts are no longer held."""
    found = service().record.entries([(item.stream_id, item.number) for item in items])
    return {item: telling.told(_reads(recorded.event), names()) for item in items if (recorded := found.get((item.stream_id, item.number)))}


def _reads(event: Event) -> Event:
    return event.reads if isinstance(event, EntryCorrected) else event


def first_of_month() -> datetime:
    return day_bounds(local_day(now()).replace(day=1))[0]


@blueprint.get("/teams/<team>/oversight")
@allow(Action.OVERSEE)
def of_team(team: str) -> Response:
    return _list(team, Form())


def _list(team: str, form: Form) -> Response:
    policy = service().policy
    since = now() - timedelta(days=policy.oversight.looks_back_days)
    with reading() as conn:
        items = overseen.to_sign(conn, team=team, rule=policy.oversight, since=since, hidden=hidden())
        done = overseen.checked_since(conn, team=team, since=first_of_month())
    told = told_of(items)
    within = policy.oversight.sign_within_working_days
    return page(
        "oversight/list.html",
        "waiting",
        status=200 if form.ok else 422,
        form=form,
        team=team,
        waiting=[Waiting(one, told.get(one), add_working_days(local_day(one.at), within, policy.bank_holidays)) for one in items],
        checks=[Checks(load.code, load.name, done.get(load.code, 0)) for load in with_a_number(officers(team))],
        a_month=policy.oversight.checks_a_month,
        sources=policy.sources,
        today=local_day(now()),
        back=LIST,
    )


@blueprint.post("/cases/<crn>/entries/<int:number>/countersign")
@allow(Action.OVERSEE)
def countersign(crn: str, number: int) -> Response:
    """One press, in the list or on the entry's page."""
    form, case = Form(request.form), this_case()
    if carry_out(form, Case, case.stream_id, oversight.countersign, now=now(), by=me().code, entry=number):
        flash(gettext("Countersigned: %(person)s, entry %(number)s.", person=case.name or case.crn, number=number))
        if not (form.raw("from") == LIST and wants_fragment()):
            return _back(form, crn, number)
        form = Form()
    elif form.raw("from") != LIST:
        flash(" ".join(form.errors.values()), "important")
        return see_other("entry.show", crn=crn, number=number)
    return _list(case.team, form)


@blueprint.route("/cases/<crn>/entries/<int:number>/send-back", methods=["GET", "POST"])
@allow(Action.OVERSEE)
def send_back(crn: str, number: int) -> Response:
    """Do not sign it: say what is missing."""
    form = Form(request.form if request.method == "POST" else request.args)
    if request.method == "POST":
        reason = form.text("reason", gettext("Enter what is missing"), longest=LONGEST_NOTE)
        stream = this_case().stream_id
        if form.ok and carry_out(form, Case, stream, oversight.send_back, now=now(), by=me().code, entry=number, reason=reason):
            flash(gettext("Sent back. Its officer sees it on My day."))
            return _back(form, crn, number)
    return page("oversight/send_back.html", status=200 if form.ok else 422, form=form, number=number)


def _back(form: Form, crn: str, number: int) -> Response:
    """To the list, if the form was opened from there; otherwise to the entry."""
    if form.raw("from") == LIST:
        return see_other("oversight.of_team", team=this_case().team)
    return see_other("entry.show", crn=crn, number=number)


@blueprint.route("/cases/<crn>/oversight", methods=["GET", "POST"])
@allow(Action.OVERSEE)
def note(crn: str) -> Response:
    """What a manager decides or advises in a case."""
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        kind = form.choice("kind", OversightKind, gettext("Select whether this is a decision or advice"))
        text = form.text("note", gettext("Enter the decision or the advice"), longest=LONGEST_NOTE)
        stream = this_case().stream_id
        if form.ok and kind and carry_out(form, Case, stream, oversight.note_oversight, now=now(), by=me().code, kind=kind, note=text):
            flash(gettext("Oversight recorded."))
            return see_other("case.history", crn=crn, category="oversight")
    return page("oversight/note.html", status=200 if form.ok else 422, form=form)
