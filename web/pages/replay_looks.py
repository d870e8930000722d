"""Other looks at a replayed case: two days compared, what was known at each decision, and the case drawn through time."""

from collections.abc import Sequence

import msgspec
from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.event import Recorded
from domain.working_days import local_day
from projections import replay
from projections.decisions import decisions as decisions_of
from projections.differences import Change, Difference, differences
from projections.inspections import InspectionRow
from projections.lanes import lanes
from projections.replay import State
from projections.story import Story
from projections.timeline import Entry, entries
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.lanes_picture import picture
from web.language import gettext
from web.pages.inspection import inspected
from web.pages.replay import Knowledge, at_announcement, at_present, day_in_address, knowledge, known_on, typed_day
from web.service import names, service, story, this_case
from web.shell import here

blueprint = Blueprint("replay_looks", __name__)


class Compared(msgspec.Struct, frozen=True):
    """An entry that stands otherwise: as it was made, as it read at each of the two days (None where it was not known), and why."""

    difference: Difference
    entry: Entry
    before: Entry | None
    after: Entry
    withdrawal: Entry | None


@blueprint.get("/inspections/<reference>/cases/<crn>/replay/differences")
@allow(Action.SEE_CASE)
def two_days(reference: str, crn: str) -> Response:
    """What differs between the end of one day and the end of another: from the announcement to now unless other days are asked for."""
    inspection = inspected(reference, crn)
    form = Form(request.args)
    boxes = (("first", "since", gettext("The first day")), ("second", "until", gettext("The second day")))
    typed = {name: day for box, name, what in boxes if request.args.get(box) and (day := typed_day(form, box, what))}
    if form.ok and any(box in request.args for box, _, _ in boxes):
        asked = {name: typed[name].isoformat() if name in typed else None for _, name, _ in boxes}
        return redirect(here(first=None, second=None, **asked), 303)
    since, until = (day_in_address(form, name, box) for box, name, _ in boxes)
    first = known_on(since) if since else at_announcement(inspection)
    second = known_on(until) if until else at_present()
    if form.ok and second.position < first.position:
        form.wrong("second", gettext("The second day must be after the first day, which is the announcement unless you say another"))
    whole = story(this_case().stream_id)
    return page(
        "replay/differences.html",
        status=422 if form.errors else 200,
        inspection=inspection,
        case=this_case(),
        form=form,
        first=first,
        second=second,
        compared=_compared(whole, first, second) if form.ok else [],
        states=[_state(whole, known) for known in (first, second)],
        changes=list(Change),
        name_of=names(),
    )


def _compared(whole: Story, first: Knowledge, second: Knowledge) -> list[Compared]:
    earlier, later = _history(whole, first), _history(whole, second)
    if not later:
        return []
    told = entries(Story(later, whole), service().policy, names())
    return [
        Compared(
            one,
            told[one.number - 1],
            told[one.read_before - 1] if one.read_before else None,
            told[one.read_after - 1],
            told[one.withdrawn_by - 1] if one.withdrawn_by else None,
        )
        for one in differences(earlier, later, first.until)
    ]


def _state(whole: Story, known: Knowledge) -> State | None:
    return replay.state_known(_history(whole, known), known.until)


def _history(whole: Story, known: Knowledge) -> Sequence[Recorded]:
    """What was known then, nothing when the case was not."""
    part = replay.known_at(whole, known.position)
    return part.history if part else []


@blueprint.get("/inspections/<reference>/cases/<crn>/replay/decisions")
@allow(Action.SEE_CASE)
def decisions(reference: str, crn: str) -> Response:
    """Each decision with what the record knew of the case when it was taken."""
    inspection = inspected(reference, crn)
    form, known, part = _part(inspection)
    told = decisions_of(part, entries(part, service().policy, names())) if part else []
    return page(
        "replay/decisions.html",
        inspection=inspection,
        case=this_case(),
        form=form,
        known=known,
        decisions=told,
        name_of=names(),
        as_known=known.as_known,
        as_known_back=here(as_known=None, at_announcement=None),
    )


@blueprint.get("/inspections/<reference>/cases/<crn>/replay/through-time")
@allow(Action.SEE_CASE)
def through_time(reference: str, crn: str) -> Response:
    """The officer line, the level of risk, contact by mode, purposeful findings and the plan, a lane each."""
    inspection = inspected(reference, crn)
    form, known, part = _part(inspection)
    announced, today = local_day(inspection.announced_at), local_day(known.until)
    return page(
        "replay/through_time.html",
        inspection=inspection,
        case=this_case(),
        form=form,
        known=known,
        picture=picture(lanes(part, service().policy, today), announced, names()) if part else None,
        until=today,
        as_known=known.as_known,
        as_known_back=here(as_known=None, at_announcement=None),
    )


def _part(inspection: InspectionRow) -> tuple[Form, Knowledge, Story | None]:
    """As much of the case as was known on the day that the address asks for; 422 for what is no past day."""
    form = Form(request.args)
    known = knowledge(form, inspection)
    if not form.ok:
        abort(422, next(iter(form.errors.values())))
    return form, known, replay.known_at(story(this_case().stream_id), known.position)
