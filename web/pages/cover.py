"""Cover: a practitioner of the team stands in for the officer of a case, or for an absent officer's whole caseload."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.case import Case
from domain.cover import CoverReason, end_cover, start_cover
from projections import organisations
from projections.caseload import CaseRow
from projections.cover import Cover, covers
from projections.organisations import Load
from projections.workload import OfficerLoad
from store.record import Step, step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out_all, hidden, me, names, now, reading, service, story, this_case
from web.words import plural

blueprint = Blueprint("cover", __name__)


class Asked(NamedTuple):
    """What a form about cover asks for."""

    practitioner: str
    reason: CoverReason
    until: date


@blueprint.route("/cases/<crn>/cover", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def cover(crn: str) -> Response:
    """Start cover, or end the one that runs."""
    case = this_case()
    if case.team != me().team:
        abort(403)
    form = Form(request.form if request.method == "POST" else None)
    with reading() as conn:
        loads = [load for load in organisations.loads(conn, case.team, hidden()) if load.code != case.practitioner]
    if request.method == "POST" and (_ended(form, case) if form.raw("end") else _started(form, case, loads)):
        return see_other("person.show", crn=crn)
    return page(
        "cover/cover.html",
        status=200 if form.ok else 422,
        form=form,
        running=_running(case),
        choices=choices(loads),
        reasons=options(CoverReason),
        longest=service().policy.sources["cover.longest_days"],
    )


def _running(case: CaseRow) -> Cover | None:
    return next((one for one in covers(story(case.stream_id)) if one.holds_at(now())), None)


def choices(loads: Sequence[Load | OfficerLoad]) -> list[tuple[str, str, str]]:
    return [(load.code, f"{load.name} ({load.grade})", gettext("Holds %(cases)s", cases=plural(load.cases, "case"))) for load in loads]


def asked(form: Form, loads: Sequence[Load | OfficerLoad]) -> Asked | None:
    """What was chosen, None with messages in the form where something is missing."""
    practitioner = form.one_of("practitioner", [load.code for load in loads], gettext("Select who covers the case"))
    reason = form.choice("reason", CoverReason, gettext("Select why cover is needed"))
    until = form.day("until", gettext("The last day of cover"), ahead=True)
    return Asked(practitioner, reason, until) if form.ok and reason is not None and until is not None else None


def steps(cases: Sequence[CaseRow], wanted: Asked) -> list[Step]:
    """The same cover in each of these cases."""
    return [
        step(
            Case,
            case.stream_id,
            start_cover,
            now=now(),
            by=me().code,
            policy=service().policy,
            practitioner=wanted.practitioner,
            team=me().team,
            until=wanted.until,
            reason=wanted.reason,
        )
        for case in cases
    ]


def _started(form: Form, case: CaseRow, loads: Sequence[Load | OfficerLoad]) -> bool:
    wanted = asked(form, loads)
    if wanted is None or not carry_out_all(form, steps([case], wanted), "practitioner"):
        return False
    cover, officer = names()(wanted.practitioner), names()(case.practitioner)
    flash(gettext("%(cover)s covers the case. %(officer)s stays responsible.", cover=cover, officer=officer))
    return True


def _ended(form: Form, case: CaseRow) -> bool:
    if not carry_out_all(form, [step(Case, case.stream_id, end_cover, now=now(), by=me().code)], "practitioner"):
        return False
    flash(gettext("The cover has ended."))
    return True
