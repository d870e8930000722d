"""Limits on who may see a case: who is excluded, who alone may see it, from when to when, and why."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import limited_access
from domain.access import Action, LimitKind
from domain.case import Case
from domain.contact import LONGEST_NOTE
from domain.words import said
from projections import organisations
from projections.limited_access import Entry, limits
from store.record import Step, step
from web.forms import Form, day_bounds
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out_all, me, names, now, reading, story, this_case

blueprint = Blueprint("limited_access", __name__)

CHANGES = {
    "exclude": said("Exclude somebody from this case"),
    "restrict": said("Restrict this case to named people"),
    "end": said("End a limit on who may see this case"),
}


@blueprint.route("/cases/<crn>/access/<change>", methods=["GET", "POST"])
@allow(Action.LIMIT_ACCESS)
def change(crn: str, change: str) -> Response:
    """Exclude somebody, restrict the case to a few, or end a limit."""
    if change not in CHANGES:
        abort(404)
    standing = [entry for entry in limits(story(this_case().stream_id)) if _is_standing(entry)]
    people = _people(change)
    form = Form(request.form) if request.method == "POST" else _usual(standing)
    if request.method == "POST" and _changed(form, change, {code for code, _ in people}):
        return see_other("person.show", crn=crn)
    shown: dict[str, Any] = {"standing": standing, "people": people}
    return page("person/access.html", status=200 if form.ok else 422, form=form, change=change, heading=CHANGES[change], **shown)


def _usual(standing: list[Entry]) -> Form:
    """The officer and whoever asks are ticked: a restriction without them would be refused. So is a limit chosen on the page before."""
    chosen = request.args.get("limit", "")
    mine = list(dict.fromkeys(code for code in (this_case().practitioner, me().code) if code))
    return Form(practitioners=mine, limit=[chosen] if chosen in {str(entry.number) for entry in standing} else [])


def _is_standing(entry: Entry) -> bool:
    return entry.limit.until is None or entry.limit.until > now()


def _people(change: str) -> list[tuple[str, str]]:
    """Who can be named, by name: those of the team for a restriction, anybody of the provider for an exclusion."""
    case = this_case()
    with reading() as conn:
        found = organisations.of_team(conn, case.team) if change == "restrict" else organisations.of_provider(conn, case.provider)
    return [(row.code, f"{row.name} ({names()(row.team)})") for row in found]


def _changed(form: Form, change: str, people: set[str]) -> bool:
    if change == "exclude":
        given, done = _exclude(form, people), gettext("This practitioner can no longer see the case.")
    elif change == "restrict":
        given, done = _restrict(form, people), gettext("Only those who are named can see the case.")
    else:
        given, done = _end(form), gettext("The limit has ended.")
    if not form.ok or given is None or not carry_out_all(form, [given], "reason"):
        return False
    flash(done)
    return True


def _exclude(form: Form, people: set[str]) -> Step | None:
    practitioner = form.one_of("practitioner", people, gettext("Select who may not see the case"))
    return _given(form, limited_access.exclude, practitioner=practitioner, until=_until(form), message=_message(form))


def _restrict(form: Form, people: set[str]) -> Step | None:
    named = form.several("practitioners", people, gettext("Select who alone may see the case"))
    return _given(form, limited_access.restrict, practitioners=named, until=_until(form), message=_message(form))


def _end(form: Form) -> Step | None:
    # Those that were ended too: a form that was sent twice is recognised by the record.
    standing = {entry.number: entry for entry in limits(story(this_case().stream_id))}
    numbers = form.numbers("limit", standing, gettext("Select which limits end"))
    kinds = {standing[number].limit.kind for number in numbers}
    if len(kinds) != 1:
        form.wrong("limit", gettext("Select which limits end, exclusions or restrictions"))
        return None
    if kinds == {LimitKind.RESTRICTION}:
        return _given(form, limited_access.end_restrictions, restrictions=numbers)
    if len(numbers) > 1:
        form.wrong("limit", gettext("End one exclusion at a time"))
        return None
    return _given(form, limited_access.end_exclusion, exclusion=numbers[0])


def _given(form: Form, command: Any, **details: Any) -> Step:
    reason = form.text("reason", gettext("Enter the reason"), longest=LONGEST_NOTE)
    return step(Case, this_case().stream_id, command, now=now(), by=me().code, reason=reason, **details)


def _message(form: Form) -> str:
    return form.text("message", longest=LONGEST_NOTE)


def _until(form: Form) -> datetime | None:
    """The end of the last day, if one was given."""
    day = form.day("until", gettext("The last day"), optional=True, ahead=True)
    return day_bounds(day)[1] if day else None
