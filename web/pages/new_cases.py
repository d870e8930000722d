"""New cases: each case of a team that nobody holds with what it needs and whom it would go to, allocated by one press."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from flask import Blueprint, flash, request
from msgspec.structs import replace
from werkzeug.wrappers import Response

from domain import allocation
from domain.access import Action
from domain.allocation import allocation_due
from domain.case import Case
from domain.suggestion import Because, Suggested
from domain.working_days import local_day
from projections import caseload, known
from projections.caseload import CaseRow, ListedCase
from projections.person import details
from projections.sentences import Requirement, requirements
from projections.story import Story
from projections.workload import OfficerLoad
from store.record import Step, step
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other, wants_fragment
from web.language import gettext
from web.pages.allocation import usual_reason
from web.service import carry_out_all, hidden, me, names, now, reading, service, story
from web.sharing import Share, shares_of
from web.suggesting import Effect, effect, officers, suggested, with_a_number
from web.words import plural

blueprint = Blueprint("new_cases", __name__)

AT_ONCE = 20
"""New cases on one page: each is read whole for what the person needs."""


class NewCase(msgspec.Struct, frozen=True):
    """A case that wants an officer, what its person needs, and who is suggested, None where nobody can be."""

    case: ListedCase
    due: date | None
    requirements: Sequence[Requirement]
    needs: str
    suggested: Suggested | None
    effect: Effect | None


@blueprint.get("/teams/<team>/allocation")
@allow(Action.ALLOCATE)
def show(team: str) -> Response:
    """The cases that nobody holds, each with what it needs and a suggestion; one press allocates it."""
    return _page(team, Form())


@blueprint.post("/teams/<team>/allocation")
@allow(Action.ALLOCATE)
def take(team: str) -> Response:
    """Allocate one case, or all that were shown, as suggested: all or nothing."""
    form = Form(request.form)
    shares = shares_of(form, team, taken_in=True)
    for share, case in shares:
        if case.practitioner not in ("", share.taker):
            person, officer = case.name or case.crn, names()(case.practitioner)
            form.wrong("share", gettext("%(person)s is with %(officer)s by now. Look again", person=person, officer=officer))
    if not shares:
        form.wrong("share", gettext("Look at the cases again: one of them can no longer be allocated like this"))
    if form.ok and carry_out_all(form, [_as_suggested(share, case) for share, case in shares], "share"):
        (first, case), more = shares[0], len(shares) - 1
        if more:
            flash(gettext("%(cases)s allocated.", cases=plural(len(shares), "case")))
        else:
            flash(gettext("%(person)s is now with %(officer)s.", person=case.name or case.crn, officer=names()(first.taker)))
        if not wants_fragment():
            return see_other("new_cases.show", team=team)
        form = Form()
    return _page(team, form)


def _page(team: str, form: Form) -> Response:
    with reading() as conn:
        of_team: dict[str, Any] = {"team": team, "practitioner": "", "hidden": hidden()}
        count = caseload.count_cases(conn, **of_team)
        unheld = caseload.cases(conn, now=now(), limit=AT_ONCE, **of_team)
        found = [*unheld, *caseload.unplaced(conn, now=now(), hidden=hidden(), limit=AT_ONCE)]
    shown = _needing(found[:AT_ONCE], officers(team))
    return page(
        "allocation/new_cases.html",
        "new_cases",
        status=200 if form.ok else 422,
        form=form,
        team=team,
        shown=shown,
        more=count - len(unheld) + len(found) - len(shown),
        today=local_day(now()),
        rule=service().policy.workload,
        Because=Because,
        offered=[Share(one.case.crn, one.suggested.practitioner).value for one in shown if one.suggested],
    )


def _needing(cases: Sequence[ListedCase], loads: Sequence[OfficerLoad]) -> list[NewCase]:
    """Each case with its suggestion; they are worked out one after another, so that all can be taken at once."""
    told = {case.stream_id: story(case.stream_id) for case in cases}
    by_code = {load.code: load for load in loads}
    given = suggested(cases, with_a_number(loads), met={stream: known.met(one, now()) for stream, one in told.items()})
    return [_new_case(case, told[case.stream_id], given.get(case.stream_id), by_code) for case in cases]


def _new_case(case: ListedCase, told: Story, given: Suggested | None, loads: Mapping[str, OfficerLoad]) -> NewCase:
    due = allocation_due(case.sentence_started_on, service().policy) if not case.team and case.sentence_started_on else None
    said = details(told)
    running = [requirement for requirement in requirements(told) if requirement.running]
    # The effect is that of this case after those above it, which is what taking them all would come to.
    shown = effect(replace(loads[given.practitioner], points=given.before), case.points, given.known) if given else None
    return NewCase(case, due, running, said.needs if said else "", given, shown)


def _as_suggested(share: Share, case: CaseRow) -> Step:
    return step(
        Case,
        case.stream_id,
        allocation.allocate,
        now=now(),
        by=me().code,
        practitioner=share.taker,
        team=case.team or me().team,
        provider=case.provider or me().provider,
        reason=usual_reason(story(case.stream_id).holders),
    )
