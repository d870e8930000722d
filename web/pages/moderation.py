"""How readers of the same cases agree, and the final judgement where they do not."""

from uuid import UUID

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.assessment import Verdict
from domain.contact import LONGEST_NOTE
from domain.moderation import JudgementModerated, Moderation, moderate, moderation_id
from projections import inspections, judged
from projections.judged import Final
from web.assessing import finals_of, goes_on, in_words, only_while_it_goes_on, questions_of, reading_of
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.inspection import course_of, found, inspected, inspector, inspects, leads, only_lead
from web.service import carry_out, hidden, me, now, reading, service, story, this_case

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/inspections/<reference>/agreement")
@allow(Action.INSPECT)
def agreement(reference: str) -> Response:
    """Kappa by key question over the cases that two readers completed; for those who take part, each judgement on which they differ."""
    row = found(reference)
    questions, course = questions_of(row), course_of(row)
    every = finals_of(row, course, list(questions))
    differing = [one for one in every if one.differs]
    with reading() as conn:
        withheld = {case.crn for case in inspections.sampled(conn, reference, hidden()) if case.withheld}
    confidence = service().policy.comparison.interval_confidence
    return page(
        "moderation/agreement.html",
        inspection=row,
        questions=questions,
        kappas=judged.agreement(every, confidence),
        confidence=confidence,
        differing=len(differing),
        differences=[one for one in differing if one.crn not in withheld] if inspects(course) else [],
        read_twice=len({one.crn for one in every if len(one.found) > 1}),
        mine=leads(row) and goes_on(course),
        inspector=inspector,
        in_words=in_words,
    )


@blueprint.route("/inspections/<reference>/cases/<crn>/moderation/<code>", methods=["GET", "POST"])
@allow(Action.SEE_CASE)
def decide(reference: str, crn: str, code: str) -> Response:
    """What each reader found and wrote of one key question, and what is to count."""
    row = inspected(reference, crn)
    course, asked = course_of(row), questions_of(row).get(code)
    one = next((one for one in finals_of(row, course, [code]) if one.crn == crn), None)
    if asked is None or one is None or len(one.found) < 2:
        abort(404)
    form = Form(request.form if request.method == "POST" else None)
    if request.method == "POST":
        only_lead(row)
        only_while_it_goes_on(row)
        verdict = form.choice("verdict", Verdict, gettext("Select what counts"))
        reason = form.text("reason", longest=LONGEST_NOTE)
        if verdict and form.ok and _moderated(form, reference, one, verdict, reason):
            flash(gettext("The judgement is moderated."))
            return see_other("moderation.agreement", reference=reference)
    return page(
        "moderation/decide.html",
        status=422 if form.errors else 200,
        form=form,
        inspection=row,
        asked=asked,
        one=one,
        readings=[(reader, verdict, reading_of(row, crn, reader)) for reader, verdict in one.found],
        before=_before(moderation_id(reference, crn), code),
        verdicts=options(Verdict),
        mine=leads(row) and goes_on(course),
        inspector=inspector,
        in_words=in_words,
    )


def _before(stream: UUID, code: str) -> JudgementModerated | None:
    """How the key question was moderated last."""
    history = service().record.history(stream, texts=True)
    said = [r.event for r in history if isinstance(r.event, JudgementModerated) and r.event.question == code]
    return said[-1] if said else None


def _moderated(form: Form, reference: str, one: Final, verdict: Verdict, reason: str) -> bool:
    opened = story(this_case().stream_id).opened
    if opened is None:
        abort(404)
    return carry_out(
        form,
        Moderation,
        moderation_id(reference, one.crn),
        moderate,
        [verdict for _, verdict in one.found],
        now=now(),
        by=me().code,
        inspection=reference,
        crn=one.crn,
        person_id=opened.person_id,
        question=one.question,
        verdict=verdict,
        reason=reason,
    )
