"""Changes of phase: release on licence, recall, post-sentence supervision; and interruptions of supervision."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.interruption import InterruptionKind, begin_interruption, end_interruption
from domain.phase import begin_pss, recall, release
from domain.remembered import Phase
from domain.working_days import local_day
from projections.sentences import Sentence
from projections.supervision import Interrupted
from store.record import step
from web import ordering
from web.forms import Form, options
from web.gate import allow
from web.htmx import page
from web.language import gettext
from web.pages.sentence import done, sentence_of
from web.service import me, now, story, this_case
from web.when import happened

blueprint = Blueprint("phase", __name__)


def _conditions() -> list[ordering.Choice]:
    return ordering.choices(Phase.LICENCE)


# ---- Release ---------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/<int:number>/release")
@allow(Action.WRITE_CASE)
def out(crn: str, number: int) -> Response:
    return _out(sentence_of(number), Form(released_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/<int:number>/release")
@allow(Action.WRITE_CASE)
def save_out(crn: str, number: int) -> Response:
    found, form = sentence_of(number), Form(request.form)
    released_at = happened(form, "released_at", gettext("The date of release"))
    ends_on = form.day("licence_ends_on", gettext("The date the licence ends"), ahead=True)
    prison, conditions = form.text("prison", longest=200), ordering.read(form, _conditions())
    command = step(
        Case,
        this_case().stream_id,
        release,
        now=now(),
        by=me().code,
        sentence=number,
        licence_ends_on=ends_on or local_day(now()),
        released_at=released_at,
        prison=prison,
        conditions=conditions,
    )
    return done(form, command, "released_at", gettext("Release recorded. The licence has begun.")) or _out(found, form, 422)


def _out(found: Sentence, form: Form, status: int = 200) -> Response:
    return page("sentence/release.html", status=status, form=form, sentence=found, conditions=_conditions())


# ---- Recall ----------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/<int:number>/recall")
@allow(Action.WRITE_CASE)
def back(crn: str, number: int) -> Response:
    return _back(sentence_of(number), Form(recalled_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/<int:number>/recall")
@allow(Action.WRITE_CASE)
def save_back(crn: str, number: int) -> Response:
    found, form = sentence_of(number), Form(request.form)
    recalled_at = happened(form, "recalled_at", gettext("The date of the recall"))
    reason = form.text("reason", gettext("Enter why the person was recalled"), longest=LONGEST_NOTE)
    command = step(Case, this_case().stream_id, recall, now=now(), by=me().code, sentence=number, reason=reason, recalled_at=recalled_at)
    return done(form, command, "recalled_at", gettext("Recall recorded.")) or _back(found, form, 422)


def _back(found: Sentence, form: Form, status: int = 200) -> Response:
    return page("sentence/recall.html", status=status, form=form, sentence=found)


# ---- Post-sentence supervision ---------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/<int:number>/pss")
@allow(Action.WRITE_CASE)
def pss(crn: str, number: int) -> Response:
    return _pss(sentence_of(number), Form(began_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/<int:number>/pss")
@allow(Action.WRITE_CASE)
def save_pss(crn: str, number: int) -> Response:
    found, form = sentence_of(number), Form(request.form)
    began_at = happened(form, "began_at", gettext("The date it began"))
    ends_on = form.day("expected_end_on", gettext("The date it is expected to end"), ahead=True)
    command = step(
        Case,
        this_case().stream_id,
        begin_pss,
        now=now(),
        by=me().code,
        sentence=number,
        expected_end_on=ends_on or local_day(now()),
        began_at=began_at,
        requirements=ordering.read(form, _conditions()),
    )
    return done(form, command, "began_at", gettext("Post-sentence supervision has begun.")) or _pss(found, form, 422)


def _pss(found: Sentence, form: Form, status: int = 200) -> Response:
    return page("sentence/pss.html", status=status, form=form, sentence=found, conditions=_conditions())


# ---- Interruptions ---------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/interruptions/new")
@allow(Action.WRITE_CASE)
def interrupt(crn: str) -> Response:
    return _interrupt(Form(began_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/interruptions/new")
@allow(Action.WRITE_CASE)
def save_interrupt(crn: str) -> Response:
    form = Form(request.form)
    kind = form.choice("kind", InterruptionKind, gettext("Select what interrupts supervision"))
    began_at = happened(form, "began_at", gettext("The date it began"))
    command = step(
        Case,
        this_case().stream_id,
        begin_interruption,
        now=now(),
        by=me().code,
        kind=kind or InterruptionKind.REMAND,
        began_at=began_at,
        place=form.text("place", longest=200),
        note=form.text("note", longest=LONGEST_NOTE),
    )
    return done(form, command, "kind", gettext("Interruption recorded. Days of it do not count as days of supervision.")) or _interrupt(
        form, 422
    )


def _interrupt(form: Form, status: int = 200) -> Response:
    return page("sentence/interrupt.html", status=status, form=form, kinds=options(InterruptionKind))


@blueprint.get("/cases/<crn>/sentence/interruptions/<int:number>/end")
@allow(Action.WRITE_CASE)
def resume(crn: str, number: int) -> Response:
    return _resume(_going_on(number), Form(ended_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/interruptions/<int:number>/end")
@allow(Action.WRITE_CASE)
def save_resume(crn: str, number: int) -> Response:
    found, form = _going_on(number), Form(request.form)
    ended_at = happened(form, "ended_at", gettext("The date it ended"))
    note = form.text("note", longest=LONGEST_NOTE)
    command = step(
        Case, this_case().stream_id, end_interruption, now=now(), by=me().code, interruption=number, ended_at=ended_at, note=note
    )
    return done(form, command, "ended_at", gettext("Supervision goes on.")) or _resume(found, form, 422)


def _going_on(number: int) -> Interrupted:
    for found in story(this_case().stream_id).interruptions:
        if found.number == number and not found.ended_by:
            return found
    abort(404)


def _resume(found: Interrupted, form: Form, status: int = 200) -> Response:
    return page("sentence/resume.html", status=status, form=form, interruption=found)
