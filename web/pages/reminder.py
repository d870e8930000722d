"""The outbox: reminders of appointments to look at, to print, and to mark as sent or discard, each with who did it and when."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Response, abort, flash, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Resource, Role, decide
from projections import organisations, reminders
from projections.reminders import Draft, SentBy
from web import letters
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.letters import Letter
from web.outbox import Message, NotSent, by_hand, carrier
from web.pdf import as_file, pdf
from web.service import hidden, me, names, now, reading, this_case
from web.upw import language_of

blueprint = Blueprint("reminder", __name__)

SETTLED_FOR = timedelta(days=14)
MOST = 200
"""How many letters are printed together."""


def _ways() -> list[tuple[str, str]]:
    return [(SentBy.TEXT.value, gettext("By text")), (SentBy.POST.value, gettext("By post")), (SentBy.HAND.value, gettext("By hand"))]


def _appointment(draft: Draft) -> letters.Appointment:
    return letters.Appointment(draft.starts_at, draft.minutes, draft.mode, draft.place, names()(draft.practitioner))


def _letter(draft: Draft) -> Letter:
    sender = letters.From(draft.crn, draft.name, names()(draft.practitioner), names()(draft.team), now())
    return letters.reminder(sender, _appointment(draft), language_of(draft.language))


def _text(draft: Draft) -> str:
    return letters.message(_appointment(draft), language_of(draft.language))


def _drafts(team: str, whose: str) -> Sequence[Draft]:
    """Those of a team, or of them the reader's own."""
    practitioner = me().code if whose == "mine" else ""
    with reading() as conn:
        return reminders.drafts(conn, now=now(), team=team, practitioner=practitioner, hidden=hidden())


def _whose() -> str:
    return "mine" if request.values.get("whose") == "mine" else ""


# ---- All of a team or of one's own --------------------------------------------------------------------------------------


@blueprint.get("/reminders")
@allow(Action.SEE_TEAM)
def mine() -> AnyResponse:
    """To one's own reminders; a manager goes to those of the team."""
    return see_other("reminder.of_team", team=me().team, whose="mine" if me().role is Role.OFFICER else None)


def _list(team: str, form: Form, status: int = 200) -> AnyResponse:
    whose = _whose()
    with reading() as conn:
        shown = organisations.team(conn, team) or abort(404)
        settled = reminders.settled(conn, team=team, since=now() - SETTLED_FOR, hidden=hidden())
    return page(
        "reminder/list.html",
        status=status,
        form=form,
        team=shown,
        whose=whose,
        drafts=[(draft, _text(draft), language_of(draft.language)) for draft in _drafts(team, whose)],
        settled=[one for one in settled if not whose or one.settled_by == me().code],
        days=SETTLED_FOR.days,
        ways=_ways(),
        most=MOST,
        carried=carrier() is not by_hand,
        writes=decide(me().subject, Action.WRITE_CASE, Resource(team=team)).allowed,
        sees_day=decide(me().subject, Action.SEE_DAY).allowed,
    )


@blueprint.get("/teams/<team>/reminders")
@allow(Action.SEE_TEAM)
def of_team(team: str) -> AnyResponse:
    return _list(team, Form())


@blueprint.get("/teams/<team>/reminders/letters.pdf")
@allow(Action.SEE_TEAM)
def print_all(team: str) -> Response:
    found = _drafts(team, _whose()) or abort(404)
    return as_file([_letter(draft) for draft in found[:MOST]], f"reminders-{team}-{now():%Y-%m-%d}")


@blueprint.post("/teams/<team>/reminders")
@allow(Action.WRITE_CASE)
def settle_all(team: str) -> AnyResponse:
    """Mark those ticked as sent, or discard them."""
    form = Form(request.form)
    ticked = set(request.form.getlist("who"))
    chosen = [draft for draft in _drafts(team, _whose()) if draft.key in ticked]
    if not ticked:
        form.wrong("who", gettext("Select at least one reminder"))
    elif len(chosen) < len(ticked):
        form.wrong("who", gettext("Some of what you selected has changed or was settled meanwhile. Look at the list and select again"))
    if _settle(form, chosen):
        return see_other("reminder.of_team", team=team, whose=_whose() or None)
    return _list(team, form, 422)


def _settle(form: Form, chosen: Sequence[Draft]) -> bool:
    """As the button says. What the carrier does not take stays a draft, and those before it are sent."""
    way = None if form.raw("do") == "discard" else form.choice("sent_by", SentBy, gettext("Select how they were sent"))
    if not form.ok:
        return False
    for draft in chosen:
        try:
            _settle_one(draft, way)
        except NotSent as why:
            form.wrong("who", f"{draft.name or draft.crn}: {why}")
            return False
    flash(gettext("Marked as sent.") if way else gettext("Discarded."))
    return True


def _settle_one(draft: Draft, way: SentBy | None) -> None:
    with reading() as conn, conn.transaction():
        first = reminders.settle(conn, draft, by=me().code, now=now(), sent_by=way)
        if first and way:
            letter = _letter(draft)
            carrier()(Message(draft.crn, way.value, letter.code, _text(draft), pdf([letter])))


# ---- One ----------------------------------------------------------------------------------------------------------------


def _draft(number: int) -> Draft:
    """The draft for the appointment that the address names; 404 when there is none to look at."""
    with reading() as conn:
        found = reminders.drafts(conn, now=now(), stream_id=this_case().stream_id, hidden=hidden())
    return next((draft for draft in found if draft.number == number), None) or abort(404)


@blueprint.get("/cases/<crn>/reminders/<int:number>")
@allow(Action.SEE_CASE)
def show(crn: str, number: int) -> AnyResponse:
    """The letter of one reminder."""
    draft = _draft(number)
    back = url_for("reminder.of_team", team=draft.team, whose=_whose() or None)
    return page("letters/letter.html", letter=_letter(draft), back=back, file=url_for("reminder.print_one", crn=crn, number=number))


@blueprint.get("/cases/<crn>/reminders/<int:number>/letter.pdf")
@allow(Action.SEE_CASE)
def print_one(crn: str, number: int) -> Response:
    return as_file([_letter(_draft(number))], f"reminder-{crn}-{number}")
