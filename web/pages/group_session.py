"""Group sessions: arranged for several people at once, and their outcomes recorded at once with the exceptions, all or nothing."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action, Resource, Role, decide
from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case, case_id
from domain.contact import KINDS, Mode, Purpose, Work
from domain.outcome import COMPLIED, OUTCOMES, USUAL
from domain.requirement import RequirementKind
from domain.working_days import local_day
from projections import caseload, diary, organisations
from projections.diary import DiaryRow
from projections.story import Story
from projections.timeline import aims
from store.record import Step, step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.pages.contact import read_note
from web.service import carry_out_all, hidden, me, now, reading, service
from web.words import plural

blueprint = Blueprint("group_session", __name__)

SERVES = {"RARP": RequirementKind.RAR, "APAT": RequirementKind.PROGRAMME}
"""What a session of a kind serves: the running requirement of that sort of each person who has one."""
SESSION_KINDS = [code for code, kind in KINDS.items() if not kind.one_to_one and kind.mode is Mode.GROUP]
MOST = 30
"""People in one session; a room holds no more, and one command writes to every one of their cases."""
FIRST = (COMPLIED, "UAAB", "AFTA", "AAME", "AAEM", "AFTC", "ATSH", "ATSS")


def _choices() -> list[tuple[str, str]]:
    """Who can be invited: the people of my own cases first, then those of my team's others."""
    with reading() as conn:
        team = caseload.cases(conn, now=now(), team=me().team, limit=1000, hidden=hidden())
    mine = [case for case in team if case.practitioner == me().code]
    others = [case for case in team if case.practitioner != me().code]
    told = [(case.crn, f"{case.name}, {case.crn}") for case in mine]
    return told + [(case.crn, f"{case.name}, {case.crn} ({case.officer or gettext('no officer')})") for case in others]


def _staff() -> list[tuple[str, str]]:
    with reading() as conn:
        return [(row.code, row.name) for row in organisations.of_team(conn, me().team)]


# ---- Arranging --------------------------------------------------------------------------------------------------------


@blueprint.get("/sessions/new")
@allow(Action.WRITE_CASE)
def new() -> Response:
    return _ask(Form(minutes="120", practitioner=me().code if me().role is Role.OFFICER else ""))


@blueprint.post("/sessions/new")
@allow(Action.WRITE_CASE)
def arrange() -> Response:
    """One command for everybody chosen: their appointments share a reference, and either all are arranged or none."""
    form = Form(request.form)
    people = form.several("people", [crn for crn, _ in _choices()], gettext("Select people from the list"))
    if not people:
        form.wrong("people", gettext("Select who is invited"))
    if len(people) > MOST:
        form.wrong("people", gettext("Select %(most)s people or fewer", most=MOST))
    details: dict[str, Any] = {
        "starts_at": form.moment("starts_at", gettext("the session"), ahead=True),
        "kind": form.one_of("kind", SESSION_KINDS, gettext("Select the kind of session")),
        "minutes": form.whole("minutes", gettext("Minutes"), 1, 1440, optional=True),
        "place": form.text("place", longest=200),
        "practitioner": form.one_of("practitioner", dict(_staff()), gettext("Select who leads the session")),
    }
    reference = _reference(form.command_id())
    if form.ok:
        steps = [_invitation(crn, group=reference, **details) for crn in sorted(people)]
        if carry_out_all(form, steps, "people"):
            flash(gettext("Group session arranged for %(people)s", people=plural(len(people), "person", "people")))
            return see_other("group_session.show", reference=reference)
    return _ask(form, 422)


def _reference(command_id: UUID | None) -> str:
    """The same form sent twice must mean the same session, so the reference follows from the form's id."""
    return f"G{(command_id or uuid4()).hex[-10:].upper()}"


def _invitation(crn: str, *, kind: str, **details: Any) -> Step:
    stream = case_id(crn)
    running = service().record.state(Case, stream).requirements.items()
    serves = SERVES.get(kind)
    requirements = tuple(number for number, required in running if serves and required.kind == serves and required.ended is None)
    return step(Case, stream, arrange_appointment, now=now(), by=me().code, kind=kind, requirements=requirements, **details)


def _ask(form: Form, status: int = 200) -> Response:
    return page(
        "group_session/new.html",
        status=status,
        form=form,
        people=_choices(),
        kinds=[(code, in_language(KINDS[code].label)) for code in SESSION_KINDS],
        staff=_staff(),
        back=_back(),
    )


def _back() -> str:
    return url_for("my_day.index" if me().role is Role.OFFICER else "team.index")


# ---- How it went ------------------------------------------------------------------------------------------------------


def _rows(reference: str) -> list[DiaryRow]:
    """The people of a session whose cases I may write in; 404 when there is none."""
    with reading() as conn:
        found = [row for row in diary.of_session(conn, session=reference) if row.stream_id not in hidden()]
    return [row for row in found if decide(me().subject, Action.WRITE_CASE, Resource(team=row.team)).allowed] or abort(404)


def _awaiting(rows: list[DiaryRow]) -> list[DiaryRow]:
    return [row for row in rows if not row.outcome and not row.cancelled and row.starts_at <= now()]


@blueprint.get("/sessions/<reference>")
@allow(Action.WRITE_CASE)
def show(reference: str) -> Response:
    """Everybody attended and complied, unless somebody says otherwise."""
    rows = _rows(reference)
    return _page(rows, Form(minutes=str(rows[0].minutes or ""), people=[row.crn for row in _awaiting(rows)]))


@blueprint.post("/sessions/<reference>")
@allow(Action.WRITE_CASE)
def record(reference: str) -> Response:
    """The outcomes of everybody whom the form asked about, also when they have one already: the same form sent twice is one command."""
    rows, form = _rows(reference), Form(request.form)
    by_crn = {row.crn: row for row in rows}
    people = form.several("people", by_crn, gettext("Select people of this session"))
    if not people:
        form.wrong("people", gettext("Nobody's outcome is missing"))
    missing = {crn: gettext("Select the outcome for %(name)s", name=by_crn[crn].name) for crn in people}
    outcomes = {crn: form.one_of(f"outcome-{crn}", OUTCOMES, missing[crn]) for crn in people}
    minutes = form.whole("minutes", gettext("Minutes"), 1, 1440, optional=True)
    purposes = tuple(Purpose(p) for p in form.several("purposes", Purpose, gettext("Select what it was for from the list")))
    note = read_note(form)
    if form.ok:
        steps = [_outcome(by_crn[crn], outcomes[crn], minutes, purposes, note) for crn in sorted(people)]
        if carry_out_all(form, steps, "people"):
            flash(gettext("Outcomes recorded for %(people)s", people=plural(len(people), "person", "people")))
            return see_other("group_session.show", reference=reference)
    return _page(rows, form, 422)


def _outcome(row: DiaryRow, outcome: str, minutes: int | None, purposes: tuple[Purpose, ...], note: str) -> Step:
    """What was done is said of those who were there only."""
    came = OUTCOMES[outcome].attended is True
    work = Work(purposes=purposes, requirements=_served(row)) if came else Work()
    details: dict[str, Any] = {"outcome": outcome, "minutes": minutes if came else None, "work": work, "note": note if came else ""}
    return step(Case, row.stream_id, record_outcome, now=now(), by=me().code, appointment=row.number, **details)


def _served(row: DiaryRow) -> tuple[int, ...]:
    """The requirements that the appointment was arranged for and that still run."""
    story = Story(service().record.history(row.stream_id))
    arranged = next((kept.arranged.requirements for kept in story.diary if kept.number == row.number), ())
    running = aims(story).requirements
    return tuple(number for number in arranged if number in running)


def _page(rows: list[DiaryRow], form: Form, status: int = 200) -> Response:
    rest = [code for code in OUTCOMES if code not in FIRST]
    offered = [
        (code, in_language(OUTCOMES[code].description)) for code in (*FIRST, *sorted(rest, key=lambda code: (code not in USUAL, code)))
    ]
    return page(
        "group_session/show.html",
        status=status,
        form=form,
        rows=rows,
        awaiting=_awaiting(rows),
        outcomes=offered,
        purposes=options(Purpose),
        today=local_day(now()),
        now=now(),
        back=_back(),
    )
