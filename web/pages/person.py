"""The person: what they prefer and need, who held and covered the case, who delivers what, and who may see it."""

from collections.abc import Sequence

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain.access import Action, decide
from domain.case import Case, Sex
from domain.component import ComponentMoved
from domain.contact import LONGEST_NOTE
from domain.person import LANGUAGES, record_details
from projections.cover import covers
from projections.limited_access import limits
from projections.person import details
from projections.sentences import requirements
from store import reads
from store.reads import Read
from store.record import step
from web.forms import Form
from web.gate import allow, resource_of
from web.htmx import page, see_other
from web.language import gettext
from web.service import carry_out_all, me, now, reading, story, this_case
from web.spoken import language_of

blueprint = Blueprint("person", __name__)

OTHER = "other"
"""Chosen as the language: one that is typed."""


@blueprint.get("/cases/<crn>/person")
@allow(Action.SEE_CASE)
def show(crn: str) -> Response:
    told = story(this_case().stream_id)
    required = {r.number: r for r in requirements(told)}
    return page(
        "person/show.html",
        person=details(told),
        sex=told.opened.sex if told.opened else Sex.NOT_KNOWN,
        born=told.opened.born if told.opened else "",
        holders=[*reversed(told.holders)],
        covers=[*reversed(covers(told))],
        moved=[(s, required[s.reads.requirement]) for s in told.of(ComponentMoved) if s.reads.requirement in required],
        limits=limits(told),
        opened=_opened(),
        now=now(),
    )


def _opened() -> Sequence[Read]:
    """Who opened sensitive notes or printed the case, for those who limit who may see it."""
    if not decide(me().subject, Action.LIMIT_ACCESS, resource_of(this_case())).allowed:
        return []
    with reading() as conn:
        return reads.of_case(conn, this_case().stream_id)


@blueprint.route("/cases/<crn>/person/details", methods=["GET", "POST"])
@allow(Action.WRITE_CASE)
def record(crn: str) -> Response:
    """The form holds what stands, because what is saved replaces it whole."""
    form = Form(request.form) if request.method == "POST" else _as_it_stands()
    if request.method == "POST" and _saved(form):
        return see_other("person.show", crn=crn)
    return page("person/details.html", status=200 if form.ok else 422, form=form, languages=LANGUAGES, other=OTHER)


def _as_it_stands() -> Form:
    stands = details(story(this_case().stream_id))
    if stands is None:
        return Form()
    usual = stands.language in LANGUAGES
    return Form(
        language=stands.language if usual else OTHER,
        other_language="" if usual else stands.language,
        interpreter=stands.interpreter,
        needs=stands.needs,
        pronouns=stands.pronouns,
    )


def _saved(form: Form) -> bool:
    language = form.one_of("language", (*LANGUAGES, OTHER), gettext("Select the language that the person prefers"))
    if language == OTHER:
        language = language_of(form.text("other_language", gettext("Enter the language that the person prefers"), longest=60))
    given = step(
        Case,
        this_case().stream_id,
        record_details,
        now=now(),
        by=me().code,
        language=language,
        interpreter=language_of(form.text("interpreter", longest=60)),
        needs=form.text("needs", longest=LONGEST_NOTE),
        pronouns=form.text("pronouns", longest=60),
    )
    if not form.ok or not carry_out_all(form, [given], "language"):
        return False
    flash(gettext("Language and needs saved."))
    return True
