"""Replay of a sampled case: its history step by step by two clocks, and as known on a day or at the announcement."""

from datetime import date, datetime, timedelta

import msgspec
from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.working_days import local_day
from projections import replay
from projections.inspections import InspectionRow
from projections.replay import Clocks, Order, RecordedLater
from projections.story import Story
from projections.timeline import Entry, entries
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.language import gettext
from web.pages.inspection import inspected
from web.service import names, now, service, story, this_case
from web.shell import here
from web.typed import whole_day
from web.words import day as day_words

blueprint = Blueprint("replay", __name__)


class Knowledge(msgspec.Struct, frozen=True):
    """How much of the record a replay uses: what was recorded up to a position. `until` is the moment that this was."""

    position: int
    until: datetime
    day: date | None = None
    at_announcement: bool = False

    @property
    def is_past(self) -> bool:
        return self.day is not None or self.at_announcement

    @property
    def as_known(self) -> date | datetime | None:
        """What the banner of a page that looks back says; None for the present."""
        return (self.day or self.until) if self.is_past else None


class Replayed(msgspec.Struct, frozen=True):
    """The entry that a replay has come to, what there is to say about it, and where it stands among the others."""

    order: Order
    step: int
    count: int
    entry: Entry
    clocks: Clocks
    original: Entry | None
    """What the entry corrects or withdraws."""
    answers: list[Entry]
    """What corrects or withdraws the entry."""
    around: list[tuple[int, Entry]]


@blueprint.get("/inspections/<reference>/cases/<crn>/replay")
@allow(Action.SEE_CASE)
def step(reference: str, crn: str) -> Response:
    inspection = inspected(reference, crn)
    form = Form(request.args)
    if (picked := typed_day(form, "known", gettext("The day to go back to"))) is not None:
        return redirect(here(known=None, as_known=picked.isoformat(), at_announcement=None), 303)
    known = knowledge(form, inspection)
    whole = story(this_case().stream_id)
    part = replay.known_at(whole, known.position)
    return page(
        "replay/step.html",
        "replay",
        status=422 if form.errors else 200,
        inspection=inspection,
        case=this_case(),
        form=form,
        known=known,
        first_recorded_at=whole.history[0].recorded_at,
        replayed=_replayed(part) if part else None,
        later=_recorded_later(whole, known) if known.is_past else [],
        name_of=names(),
        as_known=known.as_known,
        as_known_back=here(as_known=None, at_announcement=None, later=None),
    )


def typed_day(form: Form, name: str, what: str) -> date | None:
    """The day typed in a box; it then goes into the address in one piece, so that a link to the page says it too."""
    if name not in request.args:
        return None
    day = form.day(name, what)
    if day is not None and day >= local_day(now()):
        form.wrong(name, gettext("%(what)s must be before today", what=what))
    return day if form.ok else None


def day_in_address(form: Form, name: str, beside: str) -> date | None:
    """The past day that the address says, if any; what is none is said beside a box."""
    typed = form.raw(name)
    day = whole_day(typed)
    if typed and (day is None or day >= local_day(now())):
        yesterday = f"{local_day(now()) - timedelta(days=1):%-d %-m %Y}"
        form.wrong(beside, gettext("The day to go back to must be a date before today, like %(day)s", day=yesterday))
    if day is None or not form.ok:
        return None
    form.values[beside] = day_words(day)
    return day


def known_on(day: date) -> Knowledge:
    """What was known at the end of a day."""
    until = replay.end_of(day)
    return Knowledge(service().record.position_at(until), until, day)


def at_announcement(inspection: InspectionRow) -> Knowledge:
    """What was known when the inspection was announced."""
    return Knowledge(inspection.announced_position, inspection.announced_at, at_announcement=True)


def at_present() -> Knowledge:
    """All that is known."""
    return Knowledge(service().record.head(), now())


def knowledge(form: Form, inspection: InspectionRow) -> Knowledge:
    if form.raw("at_announcement"):
        return at_announcement(inspection)
    day = day_in_address(form, "as_known", "known")
    return known_on(day) if day else at_present()


def _recorded_later(whole: Story, known: Knowledge) -> list[RecordedLater]:
    return replay.recorded_later(entries(whole, service().policy, names()), known.position, known.until)


def _replayed(part: Story) -> Replayed:
    """Where the address has come to: at an entry by its number, or at a step; beyond either end is that end."""
    order = Order.RECORDED if request.args.get("order") == Order.RECORDED else Order.HAPPENED
    by_number = {entry.number: entry for entry in entries(part, service().policy, names())}
    ordered = [by_number[standing.number] for standing in replay.in_order(part, order)]
    step = _place(ordered)
    entry = ordered[step - 1]
    shown = range(1, len(ordered) + 1) if request.args.get("whole") else replay.window(len(ordered), step)
    return Replayed(
        order=order,
        step=step,
        count=len(ordered),
        entry=entry,
        clocks=replay.clocks(part, order, step),
        original=by_number.get(entry.corrects),
        answers=[other for other in by_number.values() if other.corrects == entry.number],
        around=[(n, ordered[n - 1]) for n in shown],
    )


def _place(ordered: list[Entry]) -> int:
    wanted = request.args.get("entry", "")
    for place, entry in enumerate(ordered, 1):
        if str(entry.number) == wanted:
            return place
    typed = request.args.get("step", "")
    return min(max(1, int(typed)), len(ordered)) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 1
