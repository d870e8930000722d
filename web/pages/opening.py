"""Opening a case: a manager records a person whom the court or a prison has sent, and the team has the case at once."""

import re
from datetime import date
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.allocation import open_in_team
from domain.case import Case, Sex, case_id
from domain.event import NAMESPACE
from domain.person import LANGUAGES
from domain.working_days import local_day
from projections import organisations
from store.record import step
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.service import carry_out_all, me, now, reading
from web.spoken import language_of

blueprint = Blueprint("opening", __name__)

CRN = re.compile(r"[A-Z][0-9]{6}")
"""A case reference number as NDelius gives it: a letter and six digits."""


@blueprint.get("/teams/<team>/cases/new")
@allow(Action.ALLOCATE)
def new(team: str) -> Response:
    return _page(team, Form(sex="", language=in_language(LANGUAGES[0])))


@blueprint.post("/teams/<team>/cases/new")
@allow(Action.ALLOCATE)
def save(team: str) -> Response:
    form = Form(request.form)
    crn = form.text("crn", gettext("Enter the case reference number (CRN)"), longest=20).upper().replace(" ", "")
    if crn and not CRN.fullmatch(crn):
        form.wrong("crn", gettext("The CRN must be a letter and six digits, like X123456"))
    name = form.text("name", gettext("Enter the person’s name"), longest=200)
    born = _born(form)
    sex = form.choice("sex", Sex, gettext("Select the person’s sex"))
    with reading() as conn:
        found = organisations.team(conn, team)
    if found is None:
        abort(404)
    opened = step(
        Case,
        case_id(crn),
        open_in_team,
        now=now(),
        by=me().code,
        crn=crn,
        person_id=_person(form.command_id()),
        name=name,
        born=born.isoformat() if born else "",
        sex=sex or Sex.NOT_KNOWN,
        language=language_of(form.text("language", longest=50)) or LANGUAGES[0],
        needs=form.text("needs", longest=1_000),
        team=team,
        provider=found.provider,
    )
    if form.ok and carry_out_all(form, [opened], "crn"):
        flash(gettext("Case opened. Start the sentence, then allocate the case to an officer."))
        return see_other("sentence.start", crn=crn)
    return _page(team, form, 422)


def _born(form: Form) -> date | None:
    born = form.day("born", gettext("The date of birth"), optional=True)
    if born is not None and born >= local_day(now()):
        form.wrong("born", gettext("The date of birth must be in the past"))
    return born


def _person(command_id: UUID | None) -> UUID:
    """The new key's name. It follows from the form, so that the same form sent twice is the same command."""
    return uuid5(NAMESPACE, f"person:{command_id}") if command_id else uuid4()


def _page(team: str, form: Form, status: int = 200) -> Response:
    return page("opening/new.html", status=status, form=form, team=team, sexes=options(Sex))
