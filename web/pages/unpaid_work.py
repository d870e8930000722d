"""Unpaid work of a case: how far it has come, what is due, and the short forms for what happens to it."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.event import Event
from domain.unpaid_work import Intensive, UpwReview, assess_upw, extend_upw, induct_upw, review_upw
from domain.upw_completion import CompletedBy, complete_upw
from domain.upw_suspension import SuspendedBecause, resume_upw, suspend_upw
from domain.words import said
from domain.working_days import local_day
from projections.upw_due import due, expected_minutes
from projections.upw_state import UpwState
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.service import now, service
from web.upw import choices, chosen, give, running, states
from web.when import happened

blueprint = Blueprint("unpaid_work", __name__)


@blueprint.get("/cases/<crn>/unpaid-work")
@allow(Action.SEE_CASE, past=True)
def show(crn: str) -> Response:
    """Each requirement with its progress, what is due, its instructions and its sessions, the newest first."""
    policy, today = service().policy, local_day(now())
    found = states()
    return page(
        "unpaid_work/show.html",
        works=[(state, due(state, policy), _behind(state)) for state in reversed(found)],
        today=today,
        sources=policy.sources,
        limits=policy.unpaid_work,
    )


def _behind(state: UpwState) -> int:
    """Minutes short of an even course to the last day."""
    return max(expected_minutes(state.ordered_minutes, state.ordered_on, state.until, local_day(now())) - state.credited, 0)


# ---- What happens to it, each as a short form --------------------------------------------------------------------------


class Change(NamedTuple):
    """Something that can happen to unpaid work: its words, its command, and how its form is read."""

    title: str
    button: str
    saved: str
    command: Callable[..., Sequence[Event]]
    when: str
    """The name of the field that says when."""
    day: str
    """What that day is called in a message."""
    label: str
    """What it is called beside its field."""
    otherwise: str
    """The field beside which a refusal stands that names none."""
    read: Callable[[Form], dict[str, Any]]


def _note(form: Form, missing: str = "") -> str:
    return form.text("note", missing)


def _assessment(form: Form) -> dict[str, Any]:
    return {"intensive": form.choice("intensive", Intensive, gettext("Select whether the person works intensively")), "note": _note(form)}


def _induction(form: Form) -> dict[str, Any]:
    in_group = form.one_of("in_group", ("yes", "no"), gettext("Select how the induction was held"))
    return {"in_group": in_group == "yes", "note": _note(form)}


def _suspension(form: Form) -> dict[str, Any]:
    return {"because": form.choice("because", SuspendedBecause, gettext("Select why the work is suspended")), "note": _note(form)}


def _review(form: Form) -> dict[str, Any]:
    return {
        "kind": form.choice("kind", UpwReview, gettext("Select the review")),
        "note": _note(form, gettext("Enter what the review found")),
    }


def _extension(form: Form) -> dict[str, Any]:
    return {
        "until": form.day("until", gettext("The new last day"), ahead=True),
        "court": form.text("court", gettext("Enter the court that gave more time"), longest=200),
    }


def _end(form: Form) -> dict[str, Any]:
    return {"how": form.choice("how", CompletedBy, gettext("Select how the unpaid work ended")), "note": _note(form)}


CHANGES: dict[str, Change] = {
    "assessment": Change(
        said("Record the assessment"),
        said("Save assessment"),
        said("Assessment saved."),
        assess_upw,
        "assessed_at",
        said("The date of the assessment"),
        said("Date of the assessment"),
        "intensive",
        _assessment,
    ),
    "induction": Change(
        said("Record the induction"),
        said("Save induction"),
        said("Induction saved."),
        induct_upw,
        "inducted_at",
        said("The date of the induction"),
        said("Date of the induction"),
        "in_group",
        _induction,
    ),
    "suspend": Change(
        said("Suspend the work"),
        said("Suspend"),
        said("The work is suspended."),
        suspend_upw,
        "suspended_at",
        said("The date of the suspension"),
        said("Date of the suspension"),
        "because",
        _suspension,
    ),
    "resume": Change(
        said("Lift the suspension"),
        said("Lift suspension"),
        said("The suspension is lifted."),
        resume_upw,
        "resumed_at",
        said("The date on which the suspension is lifted"),
        said("Date on which the suspension is lifted"),
        "note",
        lambda form: {"note": _note(form)},
    ),
    "review": Change(
        said("Record a review"),
        said("Save review"),
        said("Review saved."),
        review_upw,
        "reviewed_at",
        said("The date of the review"),
        said("Date of the review"),
        "kind",
        _review,
    ),
    "extension": Change(
        said("More time from the court"),
        said("Save more time"),
        said("More time saved."),
        extend_upw,
        "extended_at",
        said("The date of the hearing"),
        said("Date of the hearing"),
        "until",
        _extension,
    ),
    "completion": Change(
        said("End of the unpaid work"),
        said("Save the end"),
        said("The end of the unpaid work is saved."),
        complete_upw,
        "completed_at",
        said("The date on which it ended"),
        said("Date on which it ended"),
        "how",
        _end,
    ),
}
OFFERED: dict[str, type[StrEnum]] = {"intensive": Intensive, "because": SuspendedBecause, "kind": UpwReview, "how": CompletedBy}


def _ask(what: str, change: Change, form: Form, status: int = 200) -> Response:
    found = running(states())
    return page(
        "unpaid_work/change.html",
        status=status,
        what=what,
        change=change,
        form=form,
        requirements=choices(found),
        state=found[-1] if found else None,
        offered={name: options(values) for name, values in OFFERED.items()},
    )


@blueprint.get("/cases/<crn>/unpaid-work/<what>")
@allow(Action.WRITE_CASE)
def change(crn: str, what: str) -> Response:
    change = CHANGES.get(what) or abort(404)
    if not running(states()):
        return _over(crn)
    usual: dict[str, Any] = {change.when: now()}
    if kind := request.args.get("kind"):
        usual["kind"] = kind
    return _ask(what, change, Form(**usual))


@blueprint.post("/cases/<crn>/unpaid-work/<what>")
@allow(Action.WRITE_CASE)
def save_change(crn: str, what: str) -> Response:
    change = CHANGES.get(what) or abort(404)
    found = running(states())
    if not found:
        return _over(crn)
    form = Form(request.form)
    state = chosen(form, found)
    details = change.read(form) | {change.when: happened(form, change.when, in_language(change.day))}
    if form.ok and state and give(form, change.otherwise, change.command, requirement=state.number, **details):
        flash(in_language(change.saved))
        return see_other("unpaid_work.show", crn=crn)
    return _ask(what, change, form, 422)


def _over(crn: str) -> Response:
    flash(gettext("The unpaid work has ended, so nothing more can be recorded about it."), "important")
    return see_other("unpaid_work.show", crn=crn)


@blueprint.app_template_filter()
def mark_of(rule: str) -> str:
    """A rule's source and mark, as pages show them beside what is due."""
    sourced = service().policy.sources[f"unpaid_work.{rule}"]
    return f"{in_language(sourced.source)} {sourced.mark}"
