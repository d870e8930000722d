"""Assessment of sampled cases: whose turn it is, the prompts and judgements of one case beside its entries, completing and reopening."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import assessment
from domain.access import Action
from domain.assessment import Answer, Assessment, assessment_id
from domain.contact import LONGEST_NOTE
from domain.question_set import Asked
from projections import assessments, inspections
from projections.applying import applying
from projections.assessments import Reading
from projections.inspections import InspectionRow
from projections.story import Story
from projections.timeline import Entry
from store.record import step, together
from web.answering import answered, as_it_stands
from web.assessing import goes_on, in_words, only_while_it_goes_on, own, panel_of, questions_of
from web.forms import Form, options
from web.gate import allow
from web.history import entries as entries_of
from web.htmx import page, see_other
from web.language import gettext
from web.pages.inspection import course_of, found, inspected, inspector, inspects
from web.service import carry_out, carry_out_all, hidden, me, names, now, reading, service, story, this_case

blueprint = Blueprint("assessment", __name__)


@blueprint.get("/inspections/<reference>/assessments")
@allow(Action.INSPECT)
def cases(reference: str) -> Response:
    """The cases of the sample, how far the reader of the page has come with each, and who else reads it. Nobody sees here what others
    found."""
    row = found(reference)
    with reading() as conn:
        sample = inspections.inspected(conn, reference, hidden())
        every = assessments.assessments(conn, reference)
    own_rows = {one.crn: one for one in every if one.reader == me().code}
    others = {case.crn: [one for one in every if one.crn == case.crn and one.reader != me().code] for case in sample}
    return page(
        "assessment/cases.html",
        inspection=row,
        panel=panel_of(row),
        cases=sample,
        inspects=inspects(course_of(row)),
        me=me().code,
        own=own_rows,
        others=others,
        inspector=inspector,
    )


@blueprint.route("/inspections/<reference>/cases/<crn>/assessment", methods=["GET", "POST"])
@allow(Action.SEE_CASE)
def show(reference: str, crn: str) -> Response:
    """One case's key questions, each with what is found so far; begin, and complete."""
    row = inspected(reference, crn)
    questions = questions_of(row)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        only_while_it_goes_on(row)
    if request.method == "POST" and _moved_on(form, row, questions):
        return see_other("assessment.show", reference=reference, crn=crn)
    read = own(row, crn)
    return page(
        "assessment/show.html",
        status=422 if form.errors else 200,
        form=form,
        inspection=row,
        panel=panel_of(row),
        questions=questions,
        read=read,
        next_code=_next(read, questions) if read else "",
        goes_on=goes_on(course_of(row)),
        in_words=in_words,
    )


def _moved_on(form: Form, row: InspectionRow, questions: dict[str, Asked]) -> bool:
    if form.raw("do") == "complete":
        if carry_out(form, Assessment, _stream(row), assessment.complete_assessment, now=now(), by=me().code):
            flash(gettext("The assessment is completed. What you found counts from now on."))
            return True
        return False
    if not questions:
        form.wrong("do", gettext("Choose the questions of this inspection first"))
        return False
    told = story(this_case().stream_id)
    opened = told.opened
    if opened is None:
        abort(404)
    given = step(
        Assessment,
        _stream(row),
        assessment.begin_assessment,
        applying(told, questions),
        told.history[-1].position,
        now=now(),
        by=me().code,
        inspection=row.reference,
        crn=opened.crn,
        person_id=opened.person_id,
    )
    return carry_out_all(form, [given], "do")


def _stream(row: InspectionRow) -> UUID:
    return assessment_id(row.reference, this_case().crn, me().code)


def _next(read: Reading, questions: Sequence[str] | dict[str, Asked], after: str = "") -> str:
    """The code of the first key question that is left to judge, looking on from one; none is an empty text."""
    codes = list(questions)
    at = codes.index(after) + 1 if after in codes else 0
    return next((code for code in codes[at:] + codes[:at] if code in read.questions and code not in read.judged), "")


@blueprint.route("/inspections/<reference>/cases/<crn>/assessment/reopen", methods=["GET", "POST"])
@allow(Action.SEE_CASE)
def reopen(reference: str, crn: str) -> Response:
    row = inspected(reference, crn)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        only_while_it_goes_on(row)
        reason = form.text("reason", longest=LONGEST_NOTE)
        if form.ok and carry_out(form, Assessment, _stream(row), assessment.reopen_assessment, now=now(), by=me().code, reason=reason):
            flash(gettext("The assessment is open again. It does not count until you complete it."))
            return see_other("assessment.show", reference=reference, crn=crn)
    return page("assessment/reopen.html", status=422 if form.errors else 200, form=form, inspection=row)


@blueprint.route("/inspections/<reference>/cases/<crn>/assessment/<code>", methods=["GET", "POST"])
@allow(Action.SEE_CASE)
def question(reference: str, crn: str, code: str) -> Response:
    """One key question: its prompts, each answered and tied to entries, and the judgement, beside the entries of the case."""
    row, asked, read = _asked(reference, crn, code)
    told = story(this_case().stream_id)
    form = Form(request.form) if request.method == "POST" else Form(None, **as_it_stands(asked, read))
    if request.method == "POST":
        only_while_it_goes_on(row)
        steps = answered(form, _stream(row), asked, read, told.history[-1].originator_version)
        if form.ok and (not steps or carry_out_all(form, [together(*steps)], asked.code)):
            flash(gettext("Saved.") if steps else gettext("Nothing was changed."))
            now_read = own(row, crn)
            following = _next(now_read, questions_of(row), code) if now_read and steps else ""
            if following:
                return see_other("assessment.question", reference=reference, crn=crn, code=following)
            return see_other("assessment.show", reference=reference, crn=crn)
    return page(
        "assessment/question.html",
        status=422 if form.errors else 200,
        form=form,
        inspection=row,
        asked=asked,
        read=read,
        goes_on=goes_on(course_of(row)),
        entries=_newest_first(told),
        answers=options(Answer),
        in_words=in_words,
    )


def _asked(reference: str, crn: str, code: str) -> tuple[InspectionRow, Asked, Reading]:
    """The key question of an address and the assessment that the reader of the page has begun; 404 without either."""
    row = inspected(reference, crn)
    asked, read = questions_of(row).get(code), own(row, crn)
    if asked is None or read is None:
        abort(404)
    return row, asked, read


def _newest_first(told: Story) -> list[Entry]:
    return sorted(entries_of(told, service().policy, names()), key=lambda entry: (entry.occurred_at, entry.number), reverse=True)


@blueprint.route("/inspections/<reference>/cases/<crn>/assessment/<code>/applies", methods=["GET", "POST"])
@allow(Action.SEE_CASE)
def applies(reference: str, crn: str, code: str) -> Response:
    """Ask a key question that the facts leave out, or leave out one that they ask."""
    row, asked, read = _asked(reference, crn, code)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        only_while_it_goes_on(row)
        reason = form.text("reason", longest=LONGEST_NOTE)
        wanted = form.one_of("applies", ("yes", "no"), gettext("Select whether the key question applies")) == "yes"
        command = assessment.change_applicability
        if form.ok and carry_out(
            form, Assessment, _stream(row), command, now=now(), by=me().code, question=asked, applies=wanted, reason=reason
        ):
            flash(gettext("The key question is asked.") if wanted else gettext("The key question is left out."))
            return see_other("assessment.show", reference=reference, crn=crn)
    return page(
        "assessment/applies.html",
        status=422 if form.errors else 200,
        form=form,
        inspection=row,
        asked=asked,
        read=read,
        in_words=in_words,
    )
