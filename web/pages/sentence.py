"""Sentences: where each is served now, what it requires and what is done; starting one, ending it, and dealing with it again."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.phase import CHANGES, PssBegan, Recalled, Released
from domain.remembered import Phase
from domain.sentence import BEGINS, SentenceEnd, SentenceKind, amend_sentence, end_sentence, resentence, start_sentence
from domain.working_days import local_day
from projections.pace import pace
from projections.sentences import Sentence, sentences
from projections.supervision import days
from store.record import Step, step
from web import ordering
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out_all, me, now, service, story, this_case
from web.when import happened

blueprint = Blueprint("sentence", __name__)

ENDS = tuple(end for end in SentenceEnd if end is not SentenceEnd.RESENTENCED)
_CHANGES = ((Released, "release"), (Recalled, "recall"), (PssBegan, "pss"))


def sentence_of(number: int, *, running: bool = True) -> Sentence:
    """The sentence that the address names; 404 when there is none, or when it has ended."""
    for found in sentences(story(this_case().stream_id)):
        if found.number == number and (found.ended_on is None or not running):
            return found
    abort(404)


def done(form: Form, command: Step, field: str, message: str) -> Response | None:
    """Give the command; then go on to the sentences, or stay with what is wrong in the form."""
    if form.ok and carry_out_all(form, [command], field):
        flash(message)
        return see_other("sentence.index", crn=this_case().crn)
    return None


def _everything() -> list[ordering.Choice]:
    """Whatever a court or a licence may require."""
    return ordering.choices(Phase.COMMUNITY, Phase.LICENCE)


def what_may_follow(sentence: Sentence) -> list[str]:
    """The changes of phase that are lawful now."""
    return [name for event, name in _CHANGES if (sentence.phase, event) in CHANGES]


@blueprint.get("/cases/<crn>/sentence")
@allow(Action.SEE_CASE, past=True)
def index(crn: str) -> Response:
    told, policy, today = story(this_case().stream_id), service().policy, local_day(now())
    found = sentences(told)
    return page(
        "sentence/index.html",
        sentences=[*reversed(found)],
        follows={s.number: what_may_follow(s) for s in found},
        interruptions=[*reversed(told.interruptions)],
        pace=pace(told, policy, today),
        supervised=days(told.supervised, told.supervised[0].since, today) if told.supervised else 0,
        zero_activity=policy.sources["purposeful.zero_activity_days"],
        today=today,
        community=Phase.COMMUNITY,
    )


# ---- Start -----------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/start")
@allow(Action.WRITE_CASE)
def start(crn: str) -> Response:
    return _start(Form(started_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/start")
@allow(Action.WRITE_CASE)
def save_start(crn: str) -> Response:
    form = Form(request.form)
    kind = form.choice("kind", SentenceKind, gettext("Select the kind of sentence"))
    started_at = happened(form, "started_at", gettext("The date it started"))
    end = form.day("expected_end_on", gettext("The date it is expected to end"), ahead=True)
    court, requirements = form.text("court", longest=200), ordering.read(form, _everything())
    command = step(
        Case,
        this_case().stream_id,
        start_sentence,
        now=now(),
        by=me().code,
        kind=kind or SentenceKind.COMMUNITY_ORDER,
        started_at=started_at,
        expected_end_on=end or local_day(now()),
        court=court,
        requirements=requirements,
    )
    return done(form, command, "kind", gettext("Sentence started.")) or _start(form, 422)


def _start(form: Form, status: int = 200) -> Response:
    return page("sentence/start.html", status=status, form=form, kinds=options(SentenceKind), requirements=_everything())


# ---- Revoke and resentence -------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/<int:number>/resentence")
@allow(Action.WRITE_CASE)
def again(crn: str, number: int) -> Response:
    return _again(sentence_of(number), Form(resentenced_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/<int:number>/resentence")
@allow(Action.WRITE_CASE)
def save_again(crn: str, number: int) -> Response:
    found, form = sentence_of(number), Form(request.form)
    kind = form.choice("kind", SentenceKind, gettext("Select the kind of the new sentence"))
    resentenced_at = happened(form, "resentenced_at", gettext("The date of the resentence"))
    end = form.day("expected_end_on", gettext("The date it is expected to end"), ahead=True)
    court, requirements = form.text("court", longest=200), ordering.read(form, _everything())
    command = step(
        Case,
        this_case().stream_id,
        resentence,
        now=now(),
        by=me().code,
        sentence=number,
        kind=kind or SentenceKind.COMMUNITY_ORDER,
        resentenced_at=resentenced_at,
        expected_end_on=end or local_day(now()),
        court=court,
        requirements=requirements,
    )
    return done(form, command, "kind", gettext("The old sentence has ended and the new one has started.")) or _again(found, form, 422)


def _again(found: Sentence, form: Form, status: int = 200) -> Response:
    kinds = options(kind for kind in SentenceKind if BEGINS[kind] in (Phase.COMMUNITY, Phase.CUSTODY))
    return page("sentence/resentence.html", status=status, form=form, sentence=found, kinds=kinds, requirements=_everything())


# ---- Amend -----------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/<int:number>/amend")
@allow(Action.WRITE_CASE)
def amend(crn: str, number: int) -> Response:
    return _amend(sentence_of(number), Form(amended_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/<int:number>/amend")
@allow(Action.WRITE_CASE)
def save_amend(crn: str, number: int) -> Response:
    found, form = sentence_of(number), Form(request.form)
    amended_at = happened(form, "amended_at", gettext("The date of the change"))
    end = form.day("expected_end_on", gettext("The date it is expected to end now"), ahead=True)
    command = step(
        Case,
        this_case().stream_id,
        amend_sentence,
        now=now(),
        by=me().code,
        sentence=number,
        expected_end_on=end or local_day(now()),
        court=form.text("court", longest=200),
        amended_at=amended_at,
    )
    return done(form, command, "expected_end_on", gettext("Length amended.")) or _amend(found, form, 422)


def _amend(found: Sentence, form: Form, status: int = 200) -> Response:
    return page("sentence/amend_length.html", status=status, form=form, sentence=found)


# ---- End -------------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/<int:number>/end")
@allow(Action.WRITE_CASE)
def end(crn: str, number: int) -> Response:
    return _end(sentence_of(number), Form(ended_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/<int:number>/end")
@allow(Action.WRITE_CASE)
def save_end(crn: str, number: int) -> Response:
    found, form = sentence_of(number), Form(request.form)
    how = form.one_of("how", ENDS, gettext("Select how it ended"))
    ended_at = happened(form, "ended_at", gettext("The date it ended"))
    command = step(Case, this_case().stream_id, end_sentence, now=now(), by=me().code, sentence=number, ended_at=ended_at, how=how)
    return done(form, command, "how", gettext("Sentence ended.")) or _end(found, form, 422)


def _end(found: Sentence, form: Form, status: int = 200) -> Response:
    return page("sentence/end.html", status=status, form=form, sentence=found, ends=options(ENDS))
