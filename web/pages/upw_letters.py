"""Letters of instructions to do unpaid work, in each person's language: one to look at, and those of a batch or a day to print together."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action
from domain.working_days import local_day
from projections import organisations
from projections.unpaid_work import IssuedInstruction, issued
from projections.upw_state import works
from web import letters
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.letters import Letter
from web.pdf import as_file
from web.reach import may_open
from web.service import hidden, names, now, reading, story, this_case
from web.upw import language_of

blueprint = Blueprint("upw_letters", __name__)

MOST = 200
"""How many letters are printed together: each is read from its own history."""


class Addressed(Protocol):
    """Whose letter it is; a row of the caseload says it."""

    @property
    def stream_id(self) -> UUID: ...
    @property
    def crn(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def language(self) -> str: ...


def _letter(to: Addressed, number: int) -> Letter:
    """The letter of an instruction, in the language in which the person was instructed; 404 when there is no such instruction."""
    state = next((state for state in works(story(to.stream_id)) if number in state.instructions), None) or abort(404)
    told = state.instructions[number].told
    earlier = state.instructions.get(told.supersedes)
    return letters.instruction(
        letters.From(to.crn, to.name, names()(told.by), names()(to.team), told.occurred_at),
        told,
        hours=state.hours,
        replaces=earlier.told.occurred_at if earlier else None,
        language=told.language or language_of(to.language),
    )


@blueprint.get("/cases/<crn>/unpaid-work/instructions/<int:number>/letter")
@allow(Action.SEE_CASE)
def show(crn: str, number: int) -> Response:
    return page(
        "letters/letter.html",
        letter=_letter(this_case(), number),
        back=url_for("unpaid_work.show", crn=crn),
        file=url_for("upw_letters.print_one", crn=crn, number=number),
    )


@blueprint.get("/cases/<crn>/unpaid-work/instructions/<int:number>/letter.pdf")
@allow(Action.SEE_CASE)
def print_one(crn: str, number: int) -> Response:
    return as_file([_letter(this_case(), number)], f"instruction-{crn}-{number}")


# ---- Those of a batch or a day ------------------------------------------------------------------------------------------


def _issued(team: str) -> tuple[date, str, Sequence[IssuedInstruction], int]:
    """The day and the batch asked for, its instructions that the reader may open, and how many more there are."""
    form = Form(request.args)
    batch = form.text("batch", longest=100)
    try:
        day = date.fromisoformat(form.raw("day")) if form.raw("day") else local_day(now())
    except ValueError:
        abort(404)
    with reading() as conn:
        found = issued(conn, team=team, since=day, until=day, batch=batch, hidden=hidden())
    mine = [one for one in found if may_open(one)]
    return day, batch, mine, len(found) - len(mine)


@blueprint.get("/teams/<team>/unpaid-work/letters")
@allow(Action.SEE_TEAM)
def of_team(team: str) -> Response:
    """Who was instructed on a day or in a batch, each with the letter, and all letters as one file."""
    with reading() as conn:
        shown = organisations.team(conn, team) or abort(404)
    day, batch, mine, elsewhere = _issued(team)
    context: dict[str, Any] = {"team": shown, "day": day, "batch": batch, "issued": mine, "elsewhere": elsewhere, "most": MOST}
    return page("unpaid_work/letters.html", language_of=language_of, **context)


@blueprint.get("/teams/<team>/unpaid-work/letters.pdf")
@allow(Action.SEE_TEAM)
def print_all(team: str) -> Response:
    day, _, mine, _ = _issued(team)
    if not mine:
        abort(404)
    return as_file([_letter(one, one.number) for one in mine[:MOST]], f"instructions-{team}-{day}")
