"""Registers: put a case on one, look at a registration again, and take the case off."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.register import (
    MAPPA,
    REGISTERS,
    MappaCategory,
    MappaLevel,
    RegisterGroup,
    deregister,
    latest_review,
    register,
    review_registration,
)
from domain.words import begun
from domain.working_days import local_day
from projections.risk import Registration
from store.record import Step, step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.pages.risk import seen
from web.service import carry_out_all, me, now, service, this_case
from web.when import happened

blueprint = Blueprint("register", __name__)


def _mappa(form: Form) -> tuple[MappaLevel | None, MappaCategory | None]:
    """The level and the category where they were chosen; that MAPPA needs them, and nothing else has them, is a rule."""
    level, category = form.raw("level"), form.raw("category")
    return (
        form.choice("level", MappaLevel, gettext("Select the MAPPA level from the list")) if level else None,
        form.choice("category", MappaCategory, gettext("Select the MAPPA category from the list")) if category else None,
    )


def _done(form: Form, crn: str, command: Step, field: str, message: str) -> Response | None:
    if form.ok and carry_out_all(form, [command], field):
        flash(message)
        return see_other("risk.index", crn=crn)
    return None


# ---- On a register ---------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/risk/registers/new")
@allow(Action.WRITE_CASE)
def new(crn: str) -> Response:
    return _new(Form(registered_at=local_day(now())))


@blueprint.post("/cases/<crn>/risk/registers/new")
@allow(Action.WRITE_CASE)
def add(crn: str) -> Response:
    form = Form(request.form)
    code = form.one_of("register", REGISTERS, gettext("Select the register"))
    level, category = _mappa(form)
    note = form.text("note", longest=LONGEST_NOTE)
    registered_at = happened(form, "registered_at", gettext("The date of registration"))
    due = form.day("review_due_on", gettext("The date of the review"), optional=True, ahead=True)
    command = step(
        Case,
        this_case().stream_id,
        register,
        now=now(),
        by=me().code,
        policy=service().policy,
        register=code,
        level=level,
        category=category,
        note=note,
        registered_at=registered_at,
        review_due_on=due,
    )
    return _done(form, crn, command, "register", gettext("The case is on the register.")) or _new(form, 422)


def _new(form: Form, status: int = 200) -> Response:
    groups = [(begun(in_language(group)), [row for row in REGISTERS.values() if row.group is group]) for group in RegisterGroup]
    return page(
        "risk/register.html", status=status, form=form, groups=groups, levels=options(MappaLevel), categories=options(MappaCategory)
    )


# ---- Looked at again, or ended ---------------------------------------------------------------------------------------


def _standing(number: int) -> Registration:
    """404 for an entry that is no registration or has ended."""
    found = next((r for r in seen().standing if r.number == number), None)
    if found is None:
        abort(404)
    return found


@blueprint.get("/cases/<crn>/risk/registers/<int:number>/review")
@allow(Action.WRITE_CASE)
def ask_review(crn: str, number: int) -> Response:
    """What stands is filled in for MAPPA; why it stands is not."""
    of = _standing(number)
    return _review(Form(reviewed_at=local_day(now()), level=of.level and of.level.value, category=of.category and of.category.value), of)


@blueprint.post("/cases/<crn>/risk/registers/<int:number>/review")
@allow(Action.WRITE_CASE)
def review(crn: str, number: int) -> Response:
    form, of = Form(request.form), _standing(number)
    level, category = _mappa(form)
    note = form.text("note", gettext("Enter why the registration stands"), longest=LONGEST_NOTE)
    reviewed_at = happened(form, "reviewed_at", gettext("The date of the review"))
    command = step(
        Case,
        this_case().stream_id,
        review_registration,
        now=now(),
        by=me().code,
        policy=service().policy,
        registration=number,
        level=level,
        category=category,
        note=note,
        reviewed_at=reviewed_at,
        review_due_on=form.day("review_due_on", gettext("The date of the next review"), optional=True, ahead=True),
    )
    message = gettext("Registration reviewed: %(register)s.", register=in_language(of.name))
    return _done(form, crn, command, "note", message) or _review(form, of, 422)


def _review(form: Form, of: Registration, status: int = 200) -> Response:
    usual = latest_review(service().policy, of.register, local_day(now())) if of.register in REGISTERS else None
    return page(
        "risk/register_review.html",
        status=status,
        form=form,
        of=of,
        levels=options(MappaLevel),
        categories=options(MappaCategory),
        is_mappa=of.register == MAPPA,
        usual_due=usual,
    )


@blueprint.get("/cases/<crn>/risk/registers/<int:number>/end")
@allow(Action.WRITE_CASE)
def ask_end(crn: str, number: int) -> Response:
    return page("risk/register_end.html", form=Form(ended_at=local_day(now())), of=_standing(number))


@blueprint.post("/cases/<crn>/risk/registers/<int:number>/end")
@allow(Action.WRITE_CASE)
def end(crn: str, number: int) -> Response:
    form, of = Form(request.form), _standing(number)
    reason = form.text("reason", gettext("Enter why the registration ends"), longest=LONGEST_NOTE)
    ended_at = happened(form, "ended_at", gettext("The date of the end"))
    command = step(Case, this_case().stream_id, deregister, now=now(), by=me().code, registration=number, reason=reason, ended_at=ended_at)
    done = _done(form, crn, command, "reason", gettext("Registration ended: %(register)s.", register=in_language(of.name)))
    return done or page("risk/register_end.html", status=422, form=form, of=of)
