"""One entry of a case: all that was recorded, both its times, and the forms that correct or withdraw it without erasing it."""

from typing import cast, get_args

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.entry import Correctable, EntryCorrected, Standing, correct_entry, withdraw_entry
from domain.event import Event, Recorded
from projections import oversight as overseen
from projections import telling, timeline
from projections.story import Story
from store import proofs
from store.reads import SENSITIVE
from web import correcting
from web.forms import Form
from web.gate import allow
from web.history import entries as entries_of
from web.history import is_late
from web.htmx import page, see_other, wants_fragment
from web.language import gettext
from web.service import carry_out, me, names, noted, now, reading, service, story, this_case

blueprint = Blueprint("entry", __name__)
CORRECTABLE = get_args(Correctable)


@blueprint.get("/cases/<crn>/entries/<int:number>")
@allow(Action.SEE_CASE)
def show(crn: str, number: int) -> Response:
    """One entry; htmx asks for its note alone, to open it in the history. A sensitive note is shown on asking, and who asked is kept."""
    told = story(this_case().stream_id)
    standing = _entry_of(told, number)
    entries = entries_of(told, service().policy, names())
    entry = entries[number - 1]
    reads = telling.told(standing.reads, names()) if standing.corrected_by else None
    covered = entry.sensitive and not wants_fragment() and request.args.get("note") != "open"
    if entry.sensitive and entry.text and not covered:
        noted(SENSITIVE, number)
    return page(
        "entry/show.html",
        "note",
        entry=entry,
        reads=reads,
        covered=covered,
        last=len(entries),
        late=is_late(entry),
        oversight=overseen.about(told, number),
    )


@blueprint.get("/cases/<crn>/entries/<int:number>/proof")
@allow(Action.SEE_CASE)
def proof(crn: str, number: int) -> Response:
    """What shows that this entry stands in the ledger, to keep and to check elsewhere. Personal text is in it as it was sealed."""
    entry = _entry_of(story(this_case().stream_id), number)
    with reading() as conn:
        found = proofs.proof(conn, entry.recorded.position)
    if found is None:
        flash(gettext("This entry waits for the next checkpoint, which is made within a minute. Ask for its proof then."), "important")
        return see_other("entry.show", crn=crn, number=number)
    named = f'attachment; filename="{this_case().crn}-{number}.tlog-proof"'
    return Response(found, mimetype="text/plain", headers={"Content-Disposition": named})


@blueprint.get("/cases/<crn>/entries/<int:number>/correct")
@allow(Action.WRITE_CASE)
def correct(crn: str, number: int) -> Response:
    told = story(this_case().stream_id)
    standing = _correctable(told, number)
    if standing.withdrawn_by:
        return _back_to_withdrawn(crn, number)
    reads = cast(Correctable, standing.reads)
    if _told(told, number).sensitive:
        noted(SENSITIVE, number)
    return _correct_page(told, standing, correcting.shown(reads, standing.corrected_by or number))


@blueprint.post("/cases/<crn>/entries/<int:number>/correct")
@allow(Action.WRITE_CASE)
def save_correction(crn: str, number: int) -> Response:
    """Add an entry that says how this one should read."""
    told = story(this_case().stream_id)
    standing = _correctable(told, number)
    form = Form(request.form)
    was = _as_it_stood(told, number, form.raw("stood"))
    reads = correcting.read(form, was, correcting.choices(told))
    reason = form.text("reason", gettext("Enter why the entry is corrected"))
    _must_differ(form, told, standing, was, reads)
    stream, by = this_case().stream_id, me().code
    if form.ok and carry_out(form, Case, stream, correct_entry, now=now(), by=by, entry=number, reads=reads, reason=reason):
        flash(gettext("Entry %(number)s corrected. The first version is kept.", number=number))
        return see_other("entry.show", crn=crn, number=number)
    return _correct_page(told, standing, form, 422)


@blueprint.get("/cases/<crn>/entries/<int:number>/withdraw")
@allow(Action.WRITE_CASE)
def withdraw(crn: str, number: int) -> Response:
    told = story(this_case().stream_id)
    if _correctable(told, number).withdrawn_by:
        return _back_to_withdrawn(crn, number)
    return page("entry/withdraw.html", entry=_told(told, number), form=Form())


@blueprint.post("/cases/<crn>/entries/<int:number>/withdraw")
@allow(Action.WRITE_CASE)
def save_withdrawal(crn: str, number: int) -> Response:
    """Add an entry that takes this one back."""
    told = story(this_case().stream_id)
    _correctable(told, number)
    form = Form(request.form)
    reason = form.text("reason", gettext("Enter why the entry is withdrawn"))
    if form.ok and carry_out(form, Case, this_case().stream_id, withdraw_entry, now=now(), by=me().code, entry=number, reason=reason):
        flash(gettext("Entry %(number)s withdrawn. It can still be read.", number=number))
        return see_other("entry.show", crn=crn, number=number)
    return page("entry/withdraw.html", entry=_told(told, number), form=form, status=422)


def _entry_of(told: Story, number: int) -> Standing[Event]:
    if not 1 <= number <= len(told.standing):
        abort(404)
    return told.standing[number - 1]


def _correctable(told: Story, number: int) -> Standing[Event]:
    """The entry, if it is of a kind that may be corrected, even one withdrawn since."""
    standing = _entry_of(told, number)
    if not isinstance(standing.recorded.event, CORRECTABLE):
        abort(404)
    return standing


def _told(told: Story, number: int) -> timeline.Entry:
    return entries_of(told, service().policy, names())[number - 1]


def _back_to_withdrawn(crn: str, number: int) -> Response:
    flash(gettext("This entry was withdrawn, so it can no longer be changed. Record another one instead."), "important")
    return see_other("entry.show", crn=crn, number=number)


def _as_it_stood(told: Story, number: int, stood: str) -> Correctable:
    """How the entry read when the form was opened: the same form sent twice must mean the same correction."""
    said_by = int(stood) if stood.isascii() and stood.isdigit() and len(stood) < 10 else 0
    recorded = told.history[said_by - 1] if 1 <= said_by <= len(told.history) else None
    if recorded is not None and isinstance(recorded.event, EntryCorrected) and recorded.event.entry == number:
        return recorded.event.reads
    return cast(Correctable, told.history[number - 1].event)


def _must_differ(form: Form, told: Story, standing: Standing[Event], was: Correctable, reads: Correctable) -> None:
    """Refuse a correction that changes nothing, or that somebody else's newer one would be lost under."""
    if form.ok and reads == was:
        form.wrong("entry", gettext("Change what is wrong in the entry. Nothing in it was changed"))
    newest = _newer(told, standing, form.raw("stood"))
    if newest is not None and newest.event.by != me().code:
        said = gettext(
            "%(name)s corrected this entry while you were writing. Check how it reads now, then save again", name=names()(newest.event.by)
        )
        form.wrong("entry", said)
        form.values["stood"] = str(standing.corrected_by)


def _newer(told: Story, standing: Standing[Event], stood: str) -> Recorded | None:
    """The correction that was made after the form was opened."""
    if not standing.corrected_by or stood == str(standing.corrected_by):
        return None
    return told.history[standing.corrected_by - 1]


def _correct_page(told: Story, standing: Standing[Event], form: Form, status: int = 200) -> Response:
    kind = type(standing.recorded.event).__name__
    return page(
        "entry/correct.html",
        status=status,
        form=form,
        entry=_told(told, standing.number),
        reads=telling.told(standing.reads, names()),
        kind=kind,
        offered=correcting.choices(told),
        minutes_offered=getattr(standing.reads, "minutes_offered", 0),
    )
