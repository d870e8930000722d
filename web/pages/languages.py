"""Languages of an officer: which they can work in beside English, so that people who prefer one can be given to them."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.practitioner import Practitioner, practitioner_id, record_languages
from domain.words import begun
from projections import organisations
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.service import carry_out, me, now, reading
from web.spoken import language_of

blueprint = Blueprint("languages", __name__)


@blueprint.route("/teams/<team>/workload/<code>/languages", methods=["GET", "POST"])
@allow(Action.ALLOCATE)
def languages(team: str, code: str) -> Response:
    with reading() as conn:
        officer = organisations.practitioner(conn, code)
    if officer is None or officer.team != team:
        abort(404)
    form = (
        Form(request.form)
        if request.method == "POST"
        else Form(languages=", ".join(in_language(known) for known in officer.languages.split("; ")))
    )
    if request.method == "POST" and _saved(form, code):
        return see_other("workload.of_team", team=team)
    return page("workload/languages.html", status=200 if form.ok else 422, form=form, team=team, officer=officer)


def _saved(form: Form, code: str) -> bool:
    typed = [part.strip() for part in form.text("languages", longest=400).replace(";", ",").split(",")]
    named = [begun(language_of(part)) for part in typed if part]
    if not form.ok or not carry_out(form, Practitioner, practitioner_id(code), record_languages, now=now(), by=me().code, languages=named):
        return False
    flash(gettext("Languages saved."))
    return True
