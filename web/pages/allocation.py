"""Allocation: a manager makes a practitioner of the team responsible for a case, seeing what it does to their load."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import allocation
from domain.access import Action
from domain.allocation import UNALLOCATED, AllocationReason, allocation_due
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.suggestion import Because, Known, Suggested
from domain.working_days import local_day
from projections import known, organisations
from projections.caseload import CaseRow
from projections.holder import Holder
from projections.organisations import Load, TeamRow
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out_all, me, names, now, reading, service, story, this_case
from web.suggesting import Effect, effect, officers, suggested, with_a_number
from web.words import plural, short_day

blueprint = Blueprint("allocation", __name__)

NOBODY = "nobody"
"""Chosen as the practitioner: the case has no officer for now, which every figure shows as a gap."""


@blueprint.route("/cases/<crn>/allocate", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def allocate(crn: str) -> Response:
    """Choose who holds a case, with what it would do to the load of each officer of the team."""
    case = this_case()
    if case.team not in ("", me().team):
        # A team that is asked to take the case may read it, but holds it only once it has accepted.
        abort(403)
    loads = officers(me().team)
    told = story(case.stream_id)
    line = told.holders
    form = Form(request.form) if request.method == "POST" else Form(reason=None if case.practitioner else usual_reason(line).value)
    if request.method == "POST" and _save(form, case, {NOBODY, *(load.code for load in loads)}):
        return see_other("team.caseload", team=me().team)
    knows = known.met(told, now())
    others = [load for load in loads if load.code != case.practitioner]
    given = suggested([case], with_a_number(others), met={case.stream_id: knows}).get(case.stream_id)
    effects = {load.code: effect(load, case.points, knows.get(load.code, Known())) for load in others}
    return page(
        "allocation/allocate.html",
        status=200 if form.ok else 422,
        form=form,
        suggested=given,
        effects=_by_room(effects, given),
        line={held.practitioner: held for held in line if held.practitioner},
        reasons=options(_reasons(line)),
        nobody=NOBODY,
        rule=service().policy.workload,
        Because=Because,
    )


def _by_room(effects: Mapping[str, Effect], given: Suggested | None) -> list[Effect]:
    """Whoever is suggested first, then whom the person knows, then who would carry the smallest share; who has no number last."""
    first = given.practitioner if given else ""

    def rank(one: Effect) -> tuple[object, ...]:
        part = one.share_then
        return (one.load.code != first, -one.known.days, -one.known.met, part is None, part or 0.0, one.load.name)

    return sorted(effects.values(), key=rank)


@blueprint.route("/cases/<crn>/allocate/team", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def to_team(crn: str) -> Response:
    """Give a case that no team has had yet to a team, which then allocates it to one of its practitioners."""
    case = this_case()
    if case.team and case.team != me().team:
        abort(403)
    form = Form(request.form) if request.method == "POST" else Form(team=me().team)
    with reading() as conn:
        groups = organisations.teams_by_provider(conn)
    if request.method == "POST" and _given_to_team(form, case, groups):
        return see_other("team.index")
    return page(
        "allocation/team.html",
        status=200 if form.ok else 422,
        form=form,
        groups=groups,
        due=allocation_due(case.sentence_started_on, service().policy) if case.sentence_started_on else None,
        today=local_day(now()),
        source=service().policy.sources["allocation.decided_within_working_days"],
    )


def _given_to_team(form: Form, case: CaseRow, groups: Sequence[tuple[str, Sequence[TeamRow]]]) -> bool:
    providers = {team.code: team.provider for _, teams in groups for team in teams}
    team = form.one_of("team", providers, gettext("Select the team that takes the case"))
    note = form.text("note", longest=LONGEST_NOTE)
    if not form.ok:
        return False
    given = step(
        Case,
        case.stream_id,
        allocation.allocate_to_team,
        now=now(),
        by=me().code,
        team=team,
        provider=providers[team],
        note=note,
    )
    if not carry_out_all(form, [given], "team"):
        return False
    flash(gettext("%(person)s is now with %(team)s, which allocates the case.", person=case.name or case.crn, team=names()(team)))
    return True


def _save(form: Form, case: CaseRow, offered: set[str]) -> bool:
    chosen = form.one_of("practitioner", offered, gettext("Select who will hold the case"))
    reason = form.choice("reason", AllocationReason, gettext("Select why the case is allocated"))
    if not form.ok or reason is None:
        return False
    practitioner = UNALLOCATED if chosen == NOBODY else chosen
    given = step(
        Case,
        case.stream_id,
        allocation.allocate,
        now=now(),
        by=me().code,
        practitioner=practitioner,
        team=case.team or me().team,
        provider=case.provider or me().provider,
        reason=reason,
        note=form.text("note", longest=LONGEST_NOTE),
        suggested=form.one_of("suggested", offered, gettext("Select who will hold the case"), optional=True),
        because=form.text("because", longest=LONGEST_NOTE),
    )
    if not form.ok or not carry_out_all(form, [given], "practitioner"):
        return False
    person = case.name or case.crn
    if practitioner:
        flash(gettext("%(person)s is now with %(officer)s.", person=person, officer=names()(practitioner)))
    else:
        flash(gettext("Nobody holds the case of %(person)s now.", person=person))
    return True


def _reasons(line: Sequence[Holder]) -> list[AllocationReason]:
    """A case that somebody has held is not allocated for the first time."""
    held = any(holder.practitioner for holder in line)
    return [reason for reason in AllocationReason if not (held and reason is AllocationReason.INITIAL)]


def usual_reason(line: Sequence[Holder]) -> AllocationReason:
    """A case without an officer is allocated for the reason for which it has none: that is a fact and no judgement."""
    return AllocationReason(line[-1].reason) if line else AllocationReason.INITIAL


def officer_choices(loads: Sequence[Load], line: Sequence[Holder], case: CaseRow) -> list[tuple[str, str, str]]:
    """A team's practitioners to choose from, except who holds the case now: each with the load there would be, and when they
    held this case before. Whom the person knows comes first: what is lost with a change of officer is the relationship."""
    before = {held.practitioner: held for held in line if held.practitioner}
    others = sorted((load for load in loads if load.code != case.practitioner), key=lambda load: load.code not in before)
    return [(load.code, f"{load.name} ({load.grade})", _hint(load, before.get(load.code))) for load in others]


def _hint(load: Load, held: Holder | None) -> str:
    would = gettext("Holds %(cases)s, would be %(more)s", cases=plural(load.cases, "case"), more=f"{load.cases + 1:,}")
    if held is None:
        return would
    return f"{would}. {_was(short_day(held.since), short_day(held.until) if held.until else '')}"


def _was(since: str, until: str) -> str:
    if not until:
        return gettext("Was this person’s officer from %(since)s", since=since)
    return gettext("Was this person’s officer from %(since)s to %(until)s", since=since, until=until)
