"""Risk: the picture in one case, an assessment of the risk of serious harm (RoSH) and a significant event."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.organisation import ProviderKind
from domain.policy import Sourced
from domain.register import MAPPA
from domain.risk import Rosh, SignificantEvent, assess_rosh, note_significant_event
from domain.risk_review import NEXT as NEXT_STEPS
from domain.risk_review import ReviewState
from domain.serious_further_offence import NEXT as NEXT_STAGES
from domain.words import said
from domain.working_days import local_day
from projections import organisations
from projections.overview import latest_rosh
from projections.risk import Picture, picture
from projections.risk_due import Due, dues
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out, me, now, reading, service, story, this_case
from web.when import happened

blueprint = Blueprint("risk", __name__)

MARKS = {"[V]": said("sourced"), "[R]": said("recalled, to be confirmed"), "[D]": said("set by this service")}


def seen() -> Picture:
    """The risk in the case of the address, with what was written."""
    return picture(story(this_case().stream_id), service().policy)


def held_by() -> ProviderKind | None:
    """What kind of provider holds the case; None when nobody does."""
    with reading() as conn:
        kinds = {provider.code: provider.kind for provider in organisations.providers(conn)}
    kind = kinds.get(this_case().provider)
    return ProviderKind(kind) if kind else None


@blueprint.get("/cases/<crn>/risk")
@allow(Action.SEE_CASE, past=True)
def index(crn: str) -> Response:
    """What stands, what is due or late and by which rule, and what can be done about it."""
    risk, holder, case = seen(), held_by(), this_case()
    due = _due(risk, ended=case.ended_on is not None)
    in_crc = holder is ProviderKind.CRC and case.ended_on is None
    review = risk.reviews[-1] if risk.reviews else None
    return page(
        "risk/index.html",
        risk=risk,
        due=[(item, _rule(item.rule)) for item in due],
        today=local_day(now()),
        review=review,
        ended_registrations=[r for r in risk.registrations if r.ended_on],
        high_in_crc=risk.high_since if in_crc else None,
        mappa_in_crc=in_crc and any(r.register == MAPPA for r in risk.standing),
        may_refer=in_crc and not (review and review.open),
        found_high=bool(in_crc and review and review.state is ReviewState.HIGH),
        next_steps=NEXT_STEPS,
        next_stages=NEXT_STAGES,
        marks=MARKS,
    )


def _due(risk: Picture, *, ended: bool) -> Sequence[Due]:
    """With the review of the level itself, which lists of cases tell apart."""
    level = risk.assessments[-1] if risk.assessments and not ended else None
    policy = service().policy
    limit = said("{months} months after the assessment, or sooner", months=policy.rosh_review_months)
    review = [Due(level.review_due_on, said("Review of RoSH"), level.number, "general.rosh_review_months", limit)] if level else []
    return sorted([*review, *dues(risk, policy, ended=ended)], key=lambda due: (due.due_on, due.number))


def _rule(name: str) -> Sourced:
    return service().policy.sources[name]


@blueprint.get("/teams/<team>/risk")
@allow(Action.SEE_TEAM)
def of_team(team: str) -> Response:
    """What is late about risk in a team stands among all that slips there."""
    return redirect(url_for("slipping.of_team", team=team, about="risk", as_known=request.args.get("as_known")), 303)


# ---- Risk of serious harm --------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/rosh")
@allow(Action.WRITE_CASE)
def assess(crn: str) -> Response:
    """The level is never filled in: it is a judgement."""
    return _assessment(Form(assessed_at=local_day(now())))


@blueprint.post("/cases/<crn>/rosh")
@allow(Action.WRITE_CASE)
def save(crn: str) -> Response:
    form = Form(request.form)
    level = form.choice("level", Rosh, gettext("Select the level of risk"))
    rationale = form.text("rationale", gettext("Enter the reasons for the level"), longest=LONGEST_NOTE)
    assessed_at = happened(form, "assessed_at", gettext("The date of the assessment"))
    due = form.day("review_due_on", gettext("The date of the review"), optional=True, ahead=True)
    if form.ok and carry_out(
        form,
        Case,
        this_case().stream_id,
        assess_rosh,
        now=now(),
        by=me().code,
        policy=service().policy,
        level=level or Rosh.LOW,
        rationale=rationale,
        assessed_at=assessed_at,
        review_due_on=due,
        held_by=held_by(),
    ):
        flash(gettext("RoSH assessment saved."))
        return see_other("case.overview", crn=crn)
    return _assessment(form, 422)


def _assessment(form: Form, status: int = 200) -> Response:
    policy = service().policy
    return page(
        "risk/assess.html",
        status=status,
        form=form,
        latest=latest_rosh(story(this_case().stream_id)),
        levels=options(Rosh),
        months=policy.rosh_review_months,
        usual_due=policy.rosh_review_due(local_day(now())),
    )


# ---- Significant events ----------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/risk/events/new")
@allow(Action.WRITE_CASE)
def note(crn: str) -> Response:
    return _event(Form(happened_at=local_day(now())))


@blueprint.post("/cases/<crn>/risk/events/new")
@allow(Action.WRITE_CASE)
def save_event(crn: str) -> Response:
    form = Form(request.form)
    kind = form.choice("kind", SignificantEvent, gettext("Select what happened"))
    text = form.text("note", gettext("Enter what happened"), longest=LONGEST_NOTE)
    happened_at = happened(form, "happened_at", gettext("The date of the event"))
    if form.ok and carry_out(
        form,
        Case,
        this_case().stream_id,
        note_significant_event,
        now=now(),
        by=me().code,
        kind=kind or SignificantEvent.OTHER,
        note=text,
        happened_at=happened_at,
    ):
        flash(gettext("Significant event saved. The risk is now due to be assessed again."))
        return see_other("risk.index", crn=crn)
    return _event(form, 422)


def _event(form: Form, status: int = 200) -> Response:
    kinds = options(SignificantEvent)
    return page("risk/event.html", status=status, form=form, kinds=kinds, days=service().policy.risk.review_after_event_working_days)
