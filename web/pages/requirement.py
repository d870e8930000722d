"""Requirements and licence conditions: add one, amend it, end it, and credit a day of rehabilitation activity."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.requirement import (
    RequirementEnd,
    RequirementKind,
    amend_requirement,
    credit_rar_day,
    end_requirement,
    impose_requirement,
)
from domain.working_days import local_day
from projections.sentences import Requirement, Sentence, requirements
from store.record import step
from web import ordering
from web.forms import Form, options
from web.gate import allow
from web.htmx import page
from web.language import gettext
from web.pages.sentence import done, sentence_of
from web.service import me, now, story, this_case
from web.when import happened

blueprint = Blueprint("requirement", __name__)

LONGEST_DAY = 24 * 60


def _requirement_of(number: int) -> Requirement:
    for found in requirements(story(this_case().stream_id)):
        if found.number == number and found.running:
            return found
    abort(404)


# ---- Add -------------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/sentence/<int:number>/requirement")
@allow(Action.WRITE_CASE)
def new(crn: str, number: int) -> Response:
    return _new(sentence_of(number), Form(imposed_at=local_day(now())))


@blueprint.post("/cases/<crn>/sentence/<int:number>/requirement")
@allow(Action.WRITE_CASE)
def add(crn: str, number: int) -> Response:
    found, form = sentence_of(number), Form(request.form)
    offered = {choice.value: choice for choice in ordering.choices(found.phase)}
    kind = form.one_of("kind", offered, gettext("Select what is required"))
    imposed_at = happened(form, "imposed_at", gettext("The date it begins"))
    amount = ordering.amount(form, offered[kind]) if kind else 0
    command = step(
        Case,
        this_case().stream_id,
        impose_requirement,
        now=now(),
        by=me().code,
        sentence=number,
        kind=RequirementKind(kind or RequirementKind.OTHER),
        amount=amount,
        imposed_at=imposed_at,
    )
    answer = done(form, command, "kind", gettext("Requirement added."))
    if answer is None and "amount" in form.errors:  # each kind has an amount of its own on this form
        form.errors[offered[kind].field] = form.errors.pop("amount")
    return answer or _new(found, form, 422)


def _new(found: Sentence, form: Form, status: int = 200) -> Response:
    offered = ordering.choices(found.phase)
    return page("sentence/requirement.html", status=status, form=form, sentence=found, kinds=offered)


# ---- Amend and end ---------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/requirements/<int:number>/amend")
@allow(Action.WRITE_CASE)
def amend(crn: str, number: int) -> Response:
    return _amend(_requirement_of(number), Form(amended_at=local_day(now())))


@blueprint.post("/cases/<crn>/requirements/<int:number>/amend")
@allow(Action.WRITE_CASE)
def save_amend(crn: str, number: int) -> Response:
    found, form = _requirement_of(number), Form(request.form)
    amount = form.whole("amount", found.unit.capitalize(), 1, ordering.MOST)
    amended_at = happened(form, "amended_at", gettext("The date of the change"))
    command = step(
        Case,
        this_case().stream_id,
        amend_requirement,
        now=now(),
        by=me().code,
        requirement=number,
        amount=amount or 0,
        court=form.text("court", longest=200),
        amended_at=amended_at,
    )
    return done(form, command, "amount", gettext("Requirement amended.")) or _amend(found, form, 422)


def _amend(found: Requirement, form: Form, status: int = 200) -> Response:
    return page("sentence/amend.html", status=status, form=form, requirement=found)


@blueprint.get("/cases/<crn>/requirements/<int:number>/end")
@allow(Action.WRITE_CASE)
def end(crn: str, number: int) -> Response:
    return _end(_requirement_of(number), Form(ended_at=local_day(now())))


@blueprint.post("/cases/<crn>/requirements/<int:number>/end")
@allow(Action.WRITE_CASE)
def save_end(crn: str, number: int) -> Response:
    found, form = _requirement_of(number), Form(request.form)
    how = form.choice("how", RequirementEnd, gettext("Select how it ended"))
    ended_at = happened(form, "ended_at", gettext("The date it ended"))
    command = step(
        Case,
        this_case().stream_id,
        end_requirement,
        now=now(),
        by=me().code,
        requirement=number,
        how=how or RequirementEnd.COMPLETED,
        ended_at=ended_at,
    )
    return done(form, command, "how", gettext("Requirement ended.")) or _end(found, form, 422)


def _end(found: Requirement, form: Form, status: int = 200) -> Response:
    return page("sentence/requirement_end.html", status=status, form=form, requirement=found, ends=options(RequirementEnd))


# ---- Days of rehabilitation activity ---------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/requirements/<int:number>/day")
@allow(Action.WRITE_CASE)
def day(crn: str, number: int) -> Response:
    return _day(_rar(number), Form(done_at=local_day(now())))


@blueprint.post("/cases/<crn>/requirements/<int:number>/day")
@allow(Action.WRITE_CASE)
def save_day(crn: str, number: int) -> Response:
    found, form = _rar(number), Form(request.form)
    done_at = happened(form, "done_at", gettext("The date of the day"))
    activity = form.text("activity", gettext("Enter what was done"), longest=200)
    minutes = form.whole("minutes", gettext("Minutes"), 1, LONGEST_DAY)
    command = step(
        Case,
        this_case().stream_id,
        credit_rar_day,
        now=now(),
        by=me().code,
        requirement=number,
        activity=activity,
        minutes=minutes or 0,
        done_at=done_at,
        note=form.text("note", longest=LONGEST_NOTE),
    )
    return done(form, command, "done_at", gettext("Day credited.")) or _day(found, form, 422)


def _rar(number: int) -> Requirement:
    found = _requirement_of(number)
    return found if found.kind is RequirementKind.RAR else abort(404)


def _day(found: Requirement, form: Form, status: int = 200) -> Response:
    return page("sentence/rar_day.html", status=status, form=form, requirement=found)
