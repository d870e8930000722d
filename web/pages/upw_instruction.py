"""Instructions to work: give one, and record that it was acknowledged."""

from typing import Any

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.upw_instruction import AcknowledgedBy, InstructedAgain, InstructionMethod, acknowledge_instruction, instruct_upw
from domain.working_days import local_day
from projections.upw_state import Instructed, UpwState
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import now, this_case
from web.upw import choices, chosen, give, language_of, projects, read_instruction, running, states
from web.when import happened

blueprint = Blueprint("upw_instruction", __name__)


def _ask(found: list[UpwState], form: Form, status: int = 200) -> Response:
    known = [(project.name, project.name) for project in projects(this_case().provider)]
    return page(
        "unpaid_work/instruct.html",
        status=status,
        form=form,
        requirements=choices(found),
        standing=found[-1].standing,
        projects=known,
        methods=options(InstructionMethod),
        why=options(InstructedAgain) if any(state.instructions for state in found) else [],
        language=language_of(this_case().language),
    )


@blueprint.get("/cases/<crn>/unpaid-work/instruct")
@allow(Action.WRITE_CASE)
def instruct(crn: str) -> Response:
    """The form filled in like the last instruction, without a day: the day is what is new."""
    found = running(states()) or abort(404)
    usual: dict[str, Any] = {"issued_at": local_day(now())}
    if last := found[-1].standing:
        told = last.told
        usual |= {"project": told.project, "work_type": told.work_type, "transport": told.transport, "clothing": told.clothing}
        usual |= {"supersedes": str(last.number), "method": told.method.value}
        if told.project not in {project.name for project in projects(this_case().provider)}:
            usual["other_project"] = told.project
    return _ask(found, Form(**usual))


@blueprint.post("/cases/<crn>/unpaid-work/instruct")
@allow(Action.WRITE_CASE)
def save(crn: str) -> Response:
    found = running(states()) or abort(404)
    form = Form(request.form)
    state = chosen(form, found)
    details = read_instruction(form)
    details["issued_at"] = happened(form, "issued_at", gettext("The date of the instruction"))
    earlier = [str(n) for n in state.instructions] if state else []
    details["supersedes"] = int(form.one_of("supersedes", earlier, gettext("Select an instruction that still stands"), optional=True) or 0)
    language = language_of(this_case().language)
    if form.ok and state and give(form, "project", instruct_upw, requirement=state.number, language=language, **details):
        flash(gettext("Instruction saved. Its letter can be printed from the list."))
        return see_other("unpaid_work.show", crn=crn)
    return _ask(found, form, 422)


def _instruction(number: int) -> tuple[UpwState, Instructed]:
    """The instruction that the address names; 404 when this case has no such instruction."""
    found = next((state for state in states() if number in state.instructions), None) or abort(404)
    return found, found.instructions[number]


@blueprint.get("/cases/<crn>/unpaid-work/instructions/<int:number>/acknowledge")
@allow(Action.WRITE_CASE)
def acknowledge(crn: str, number: int) -> Response:
    _, instruction = _instruction(number)
    return page(
        "unpaid_work/acknowledge.html", form=Form(acknowledged_at=local_day(now())), instruction=instruction, how=options(AcknowledgedBy)
    )


@blueprint.post("/cases/<crn>/unpaid-work/instructions/<int:number>/acknowledge")
@allow(Action.WRITE_CASE)
def save_acknowledged(crn: str, number: int) -> Response:
    _, instruction = _instruction(number)
    form = Form(request.form)
    details = {
        "how": form.choice("how", AcknowledgedBy, gettext("Select how it was acknowledged")),
        "acknowledged_at": happened(form, "acknowledged_at", gettext("The date of the acknowledgement")),
    }
    if form.ok and give(form, "how", acknowledge_instruction, instruction=number, **details):
        flash(gettext("Acknowledgement saved."))
        return see_other("unpaid_work.show", crn=crn)
    return page("unpaid_work/acknowledge.html", status=422, form=form, instruction=instruction, how=options(AcknowledgedBy))
