"""Quality checks: an entry that chance picks, found good enough or to improve; and the officer's answer to what came back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import oversight
from domain.access import Action, Role
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.oversight import Improve, Quality, QualityChecked
from domain.working_days import add_months, local_day
from projections import caseload, organisations
from projections import oversight as overseen
from projections.contacts import Contact
from projections.story import Story
from projections.timeline import Entry
from store.reads import SENSITIVE
from store.record import step
from web.forms import Form, day_bounds, options
from web.gate import allow
from web.history import entries as entries_of
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out, carry_out_all, hidden, me, names, noted, now, reading, service, story, this_case

blueprint = Blueprint("quality", __name__)


@blueprint.get("/teams/<team>/oversight/check/<code>")
@allow(Action.OVERSEE)
def draw(team: str, code: str) -> Response:
    """The next contact of an officer to be checked, drawn from this month's and the last one's: whoever asks again gets the same."""
    with reading() as conn:
        officer = organisations.practitioner(conn, code)
    if officer is None or officer.team != team:
        abort(404)
    today = local_day(now())
    since = day_bounds(add_months(today.replace(day=1), -1))[0]
    seed = f"{today:%Y-%m}:{code}"
    with reading() as conn:
        streams = overseen.drawn_cases(conn, team=team, practitioner=code, since=since, seed=seed, hidden=hidden())
        cases = [caseload.case_of_stream(conn, stream) for stream in streams]
    for case in filter(None, cases):
        if found := _drawn(story(case.stream_id), code, since, seed):
            return see_other("quality.check", crn=case.crn, number=found.number)
    flash(gettext("There is no contact of %(name)s left to check.", name=officer.name), "important")
    return see_other("oversight.of_team", team=team)


def _drawn(told: Story, officer: str, since: datetime, seed: str) -> Contact | None:
    """The contact whose number, stirred with the seed, comes first; nothing in a case of which one was checked in that time."""
    if any(check.recorded.recorded_at >= since for check in told.of(QualityChecked)):
        return None
    theirs: Iterable[Contact] = (c for c in told.contacts if c.worker == officer and c.recorded_at >= since and not c.imported)
    return min(theirs, key=lambda c: sha256(f"{seed}:{told.opened.crn if told.opened else ''}:{c.number}".encode()).digest(), default=None)


@blueprint.route("/cases/<crn>/entries/<int:number>/check", methods=["GET", "POST"])
@allow(Action.OVERSEE)
def check(crn: str, number: int) -> Response:
    """Say how good an entry is: good enough is one press, otherwise what it wants."""
    told = story(this_case().stream_id)
    entry = _entry(told, number)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "GET" and entry.sensitive and entry.text:
        noted(SENSITIVE, number)
    if request.method == "POST":
        quality = form.choice("quality", Quality, gettext("Select whether the entry is good enough"))
        wants = tuple(Improve(one) for one in form.several("improve", list(Improve), gettext("Select what the entry wants")))
        note = form.text("note", longest=LONGEST_NOTE)
        if quality and form.ok and _checked(form, number, quality, wants, note):
            seen = quality is Quality.IMPROVE
            flash(gettext("Quality check recorded. Its officer sees it on My day.") if seen else gettext("Quality check recorded."))
            return see_other("oversight.of_team", team=this_case().team)
    return page(
        "oversight/check.html",
        status=200 if form.ok else 422,
        form=form,
        entry=entry,
        improve=options(Improve),
        Quality=Quality,
    )


def _checked(form: Form, number: int, quality: Quality, wants: Sequence[Improve], note: str) -> bool:
    given = step(
        Case,
        this_case().stream_id,
        oversight.check_quality,
        now=now(),
        by=me().code,
        entry=number,
        quality=quality,
        improve=wants,
        note=note,
    )
    return carry_out_all(form, [given], "improve")


@blueprint.route("/cases/<crn>/entries/<int:number>/answer", methods=["GET", "POST"])
@allow(Action.WRITE_CASE)
def answer(crn: str, number: int) -> Response:
    """What came back, and that it has been dealt with; correcting the entry says the same."""
    told = story(this_case().stream_id)
    said = _entry(told, number)
    back = next((one for one in overseen.came_back(told) if one.number == number), None)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        note = form.text("note", longest=LONGEST_NOTE)
        stream = this_case().stream_id
        if form.ok and carry_out(form, Case, stream, oversight.answer_return, now=now(), by=me().code, returned=number, note=note):
            flash(gettext("Dealt with. Your manager sees it."))
            return see_other("my_day.index") if me().role is Role.OFFICER else see_other("entry.show", crn=crn, number=number)
    about = _entry(told, back.about) if back else None
    status = 200 if form.ok else 422
    return page("oversight/answer.html", status=status, form=form, said=said, about=about)


def _entry(told: Story, number: int) -> Entry:
    entries = entries_of(told, service().policy, names())
    return entries[number - 1] if 1 <= number <= len(entries) else abort(404)
