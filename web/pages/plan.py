"""The plan: what the work is for and whether it is done, how often people meet, and when the plan is looked at again."""

from datetime import date

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE, Mode
from domain.plan import ObjectiveEnd, ReviewKind, complete_plan, end_objective, review_plan, set_objective, set_pattern
from domain.working_days import add_months, local_day
from projections.plans import Kept, Objective, clock, coverage, objectives, patterns, periods, reviews
from projections.purposeful import verdicts
from store.record import Step, step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out_all, me, now, service, story, this_case
from web.when import happened

blueprint = Blueprint("plan", __name__)

TURNS = 12
"""How many turns of the pattern the page lists, the latest first."""
MODES = tuple(mode for mode in Mode if mode not in (Mode.TEXT, Mode.LETTER, Mode.WORK, Mode.OTHER))


def done(form: Form, command: Step, field: str, message: str) -> Response | None:
    if form.ok and carry_out_all(form, [command], field):
        flash(message)
        return see_other("plan.index", crn=this_case().crn)
    return None


@blueprint.get("/cases/<crn>/plan")
@allow(Action.SEE_CASE, past=True)
def index(crn: str) -> Response:
    told, policy, today = story(this_case().stream_id), service().policy, local_day(now())
    found = objectives(told, told.once(verdicts, policy))
    turns = periods(told, today)
    holding = [pattern for pattern in patterns(told) if pattern.from_on <= today]
    return page(
        "plan/index.html",
        clock=clock(told, policy),
        objectives=found,
        coverage=coverage(found, policy, today),
        pattern=holding[-1] if holding else None,
        coming=[pattern for pattern in patterns(told) if pattern.from_on > today],
        turns=[*reversed(turns)][:TURNS],
        over=[turn for turn in turns if turn.until <= today and turn.kept is not Kept.AWAY],
        as_planned=Kept.AS_PLANNED,
        reviews=[*reversed(reviews(told))],
        sources=policy.sources,
        rule=policy.plan,
        today=today,
    )


# ---- Objectives ------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/plan/objectives/new")
@allow(Action.WRITE_CASE)
def new(crn: str) -> Response:
    return page("plan/objective.html", form=Form())


@blueprint.post("/cases/<crn>/plan/objectives/new")
@allow(Action.WRITE_CASE)
def add(crn: str) -> Response:
    form = Form(request.form)
    topic = form.text("topic", gettext("Enter what the objective is about"), longest=200)
    aim = form.text("aim", longest=LONGEST_NOTE)
    command = step(Case, this_case().stream_id, set_objective, now=now(), by=me().code, topic=topic, aim=aim)
    return done(form, command, "topic", gettext("Objective set.")) or page("plan/objective.html", status=422, form=form)


@blueprint.get("/cases/<crn>/plan/objectives/<int:number>/end")
@allow(Action.WRITE_CASE)
def end(crn: str, number: int) -> Response:
    return _end(_worked_on(number), Form())


@blueprint.post("/cases/<crn>/plan/objectives/<int:number>/end")
@allow(Action.WRITE_CASE)
def save_end(crn: str, number: int) -> Response:
    found, form = _worked_on(number), Form(request.form)
    how = form.choice("how", ObjectiveEnd, gettext("Select what came of it"))
    note = form.text("note", longest=LONGEST_NOTE)
    command = step(
        Case,
        this_case().stream_id,
        end_objective,
        now=now(),
        by=me().code,
        objective=number,
        how=how or ObjectiveEnd.ACHIEVED,
        note=note,
    )
    return done(form, command, "how", gettext("Objective ended.")) or _end(found, form, 422)


def _worked_on(number: int) -> Objective:
    for found in objectives(story(this_case().stream_id)):
        if found.number == number and found.running:
            return found
    abort(404)


def _end(found: Objective, form: Form, status: int = 200) -> Response:
    return page("plan/objective_end.html", status=status, form=form, objective=found, ends=options(ObjectiveEnd))


# ---- The pattern of contact ------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/plan/pattern")
@allow(Action.WRITE_CASE)
def pattern(crn: str) -> Response:
    return _pattern(Form(from_on=local_day(now())))


@blueprint.post("/cases/<crn>/plan/pattern")
@allow(Action.WRITE_CASE)
def save_pattern(crn: str) -> Response:
    form = Form(request.form)
    every = form.whole("every_days", gettext("Number of days"), 1, 366)
    mode = form.one_of("mode", MODES, gettext("Select how contact takes place"))
    why = form.text("why", gettext("Enter why this pattern is right for this person"), longest=LONGEST_NOTE)
    from_on = form.day("from_on", gettext("The date it holds from"))
    command = step(
        Case,
        this_case().stream_id,
        set_pattern,
        now=now(),
        by=me().code,
        every_days=every or 0,
        mode=Mode(mode or Mode.OFFICE),
        why=why,
        from_on=from_on,
    )
    return done(form, command, "every_days", gettext("Planned contact saved.")) or _pattern(form, 422)


def _pattern(form: Form, status: int = 200) -> Response:
    return page("plan/pattern.html", status=status, form=form, modes=options(MODES))


# ---- Complete and review ---------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/plan/complete")
@allow(Action.WRITE_CASE)
def complete(crn: str) -> Response:
    return _complete(Form(completed_at=local_day(now())))


@blueprint.post("/cases/<crn>/plan/complete")
@allow(Action.WRITE_CASE)
def save_complete(crn: str) -> Response:
    form = Form(request.form)
    completed_at = happened(form, "completed_at", gettext("The date it was completed"))
    due = form.day("review_due_on", gettext("The date of the review"), optional=True, ahead=True)
    command = step(
        Case,
        this_case().stream_id,
        complete_plan,
        now=now(),
        by=me().code,
        policy=service().policy,
        completed_at=completed_at,
        review_due_on=due,
    )
    return done(form, command, "completed_at", gettext("The plan is complete.")) or _complete(form, 422)


def _complete(form: Form, status: int = 200) -> Response:
    return page("plan/complete.html", status=status, form=form, months=service().policy.plan.review_months, usual_due=_usual_due())


@blueprint.get("/cases/<crn>/plan/review")
@allow(Action.WRITE_CASE)
def review(crn: str) -> Response:
    return _review(Form(reviewed_at=local_day(now())))


@blueprint.post("/cases/<crn>/plan/review")
@allow(Action.WRITE_CASE)
def save_review(crn: str) -> Response:
    form = Form(request.form)
    kind = form.choice("kind", ReviewKind, gettext("Select the kind of review"))
    text = form.text("review", gettext("Enter the review"), longest=LONGEST_NOTE)
    reviewed_at = happened(form, "reviewed_at", gettext("The date of the review"))
    due = form.day("review_due_on", gettext("The date of the next review"), optional=True, ahead=True)
    command = step(
        Case,
        this_case().stream_id,
        review_plan,
        now=now(),
        by=me().code,
        policy=service().policy,
        kind=kind or ReviewKind.ROUTINE,
        review=text,
        with_person=form.raw("with_person") == "yes",
        reviewed_at=reviewed_at,
        review_due_on=due,
    )
    return done(form, command, "reviewed_at", gettext("Review saved.")) or _review(form, 422)


def _review(form: Form, status: int = 200) -> Response:
    return page(
        "plan/review.html",
        status=status,
        form=form,
        kinds=options(ReviewKind),
        months=service().policy.plan.review_months,
        usual_due=_usual_due(),
    )


def _usual_due() -> date:
    """When a plan or a review of today is looked at again unless a sooner day is said."""
    return add_months(local_day(now()), service().policy.plan.review_months)
