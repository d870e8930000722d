"""Question sets: which there are, importing one, and choosing those that an inspection asks."""

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.event import Refused
from domain.panel import Panel, choose_questions, panel_id
from domain.question_set import LONGEST_FILE, ImportedSet, QuestionSet, import_question_set, question_set_id, read_question_set
from domain.question_sets import shipped, texts
from projections import assessments, organisations
from projections.inspections import InspectionRow
from store.record import step
from web.assessing import goes_on, in_words, only_while_it_goes_on, panel_of, question_sets
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.inspection import course_of, found, leads, only_lead
from web.service import carry_out_all, me, now, reading

blueprint = Blueprint("question_set", __name__)


@blueprint.route("/question-sets", methods=["GET", "POST"])
@allow(Action.KEEP_QUESTIONS)
def index() -> Response:
    """The sets that there are, and a form for another one."""
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST" and (added := _imported(form)):
        flash(gettext("Question set %(key)s is imported. Inspections can ask its questions.", key=added.key))
        return see_other("question_set.index")
    with reading() as conn:
        imported = {row.key: row for row in assessments.imported_sets(conn)}
    return page(
        "question_set/index.html",
        status=422 if form.errors else 200,
        form=form,
        sets=question_sets(),
        imported=imported,
        in_words=in_words,
        example=next(iter(texts().values())),
    )


def _imported(form: Form) -> QuestionSet | None:
    """The set that was sent as a file or as text; None with a message that names the line."""
    if (file := request.files.get("file")) and file.filename:
        try:
            form.values["text"] = file.stream.read(4 * LONGEST_FILE).decode("utf-8-sig").replace("\0", "")
        except UnicodeDecodeError:
            form.wrong("text", gettext("The file must be a text in UTF-8"))
            return None
    text = str(form.values.get("text", "")).replace("\r\n", "\n")  # as sent: a line that is wrong is told by its number
    if not text.strip():
        form.wrong("text", gettext("Select a file, or enter the question set"))
        return None
    try:
        read = read_question_set(text)
    except Refused as refusal:
        form.refuse(refusal, "text")
        return None
    keys = [one.key for one in shipped()]
    given = step(ImportedSet, question_set_id(read.key), import_question_set, now=now(), by=me().code, question_set=read, shipped=keys)
    return read if carry_out_all(form, [given], "text") else None


@blueprint.route("/inspections/<reference>/questions", methods=["GET", "POST"])
@allow(Action.INSPECT)
def choose(reference: str) -> Response:
    """Which question sets the inspection asks: those made for its kind of provider are offered as chosen."""
    row = found(reference)
    panel = panel_of(row)
    with reading() as conn:
        kind = organisations.kinds(conn).get(row.provider)
    sets = {one.key: one for one in question_sets()}
    usual = [one.key for one in shipped() if kind in one.providers]
    form = Form(request.form) if request.method == "POST" else Form(sets=usual)
    if request.method == "POST":
        only_lead(row)
        only_while_it_goes_on(row)
        if _chosen(form, row, sets):
            flash(gettext("The questions are chosen. Cases can be assessed."))
            return see_other("assessment.cases", reference=reference)
    choices = [(one.key, f"{in_words(one)}, {one.version}", _standards(one)) for one in sets.values()]
    return page(
        "question_set/choose.html",
        status=422 if form.errors else 200,
        form=form,
        inspection=row,
        panel=panel,
        choices=choices,
        in_words=in_words,
        mine=leads(row) and goes_on(course_of(row)),
    )


def _standards(one: QuestionSet) -> str:
    return ", ".join(f"{standard.number} {in_words(standard)}" for standard in one.standards)


def _chosen(form: Form, row: InspectionRow, sets: dict[str, QuestionSet]) -> bool:
    keys = form.several("sets", sets, gettext("Select question sets from the list"))
    if not keys:
        form.wrong("sets", gettext("Select at least one question set"))
        return False
    stream = panel_id(row.reference)
    chosen = [sets[key] for key in keys]
    given = step(Panel, stream, choose_questions, now=now(), by=me().code, inspection=row.reference, sets=chosen)
    return carry_out_all(form, [given], "sets")
