"""Ratings of an inspection: shares by key question, standards, ten of them together; and whether the sample is like the whole."""

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain import rating
from domain.access import Action
from domain.panel import Panel, StandardRated, panel_id, rate_standard
from domain.question_set import Standard
from domain.question_set import asked as questions_in
from domain.rating import Band, KeyQuestion
from domain.working_days import add_months, local_day
from projections import inspections, judged, sample_figures
from projections.figures import Scope
from projections.inspections import Course, InspectionRow
from projections.measures import MEASURES
from projections.sample_figures import Compared, Judged
from web.assessing import counting, goes_on, in_words, only_while_it_goes_on, panel_of, ratings_of
from web.forms import Form, options
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext
from web.pages.inspection import course_of, found, leads, only_lead
from web.service import carry_out, hidden, me, now, reading, service

blueprint = Blueprint("rating", __name__)

LONGEST_REASON = 2_000


@blueprint.get("/inspections/<reference>/ratings")
@allow(Action.INSPECT)
def ratings(reference: str) -> Response:
    """Every standard with the shares of its key questions, how sure they are, its band, and what all standards come to."""
    row = found(reference)
    course, panel, rule = course_of(row), panel_of(row), service().policy.rating
    questions = questions_in(panel.sets)
    every = counting(row, course, list(questions))
    shares = judged.shares(every)
    come_to = judged.standards(panel.sets, shares, rule)
    said = ratings_of(row)
    bands = {number: band for number in panel.standards if (band := _band(come_to.get(number), said.get(number), panel.standards[number]))}
    confidence = _confidence(course)
    return page(
        "rating/ratings.html",
        inspection=row,
        panel=panel,
        shares=shares,
        sure={code: judged.sure(share, questions[code], row.frame_size, confidence, rule) for code, share in shares.items()},
        judged={code: rating.judge(share, rule) for code, share in shares.items()},
        come_to=come_to,
        said=said,
        bands=bands,
        overall=rating.overall(list(bands.values()), rule) if len(bands) == rule.standards else None,
        confidence=confidence,
        rule=rule,
        sources=service().policy.sources,
        done=len({one.crn for one in every}),
        open_differences=sum(one.verdict is None for one in every),
        mine=leads(row) and goes_on(course),
        in_words=in_words,
    )


def _confidence(course: Course) -> float:
    """That of the sample, as it was drawn."""
    return course.sample.confidence if course.sample else service().policy.sampling.confidence


def _band(found: rating.Standard | None, said: StandardRated | None, standard: Standard) -> Band | None:
    """What holds: what the panel decided, for as long as the shares allow it, or else what they come to."""
    if not standard.questions:
        return said.band if said else None
    if found is None:
        return None
    return said.band if said and said.band in (found.band, found.may_be) else found.band


@blueprint.route("/inspections/<reference>/ratings/<standard>", methods=["GET", "POST"])
@allow(Action.INSPECT)
def rate(reference: str, standard: str) -> Response:
    """The panel gives a standard its band."""
    row = found(reference)
    panel = panel_of(row)
    if standard not in panel.standards:
        abort(404)
    about, course = panel.standards[standard], course_of(row)
    come_to = _come_to(row, course, panel, about)
    form = Form(request.form) if request.method == "POST" else Form(band=come_to.band.value if come_to else None)
    if request.method == "POST":
        only_lead(row)
        only_while_it_goes_on(row)
        if _rated(form, reference, standard, come_to):
            flash(gettext("Standard %(number)s is rated.", number=standard))
            return see_other("rating.ratings", reference=reference)
    return page(
        "rating/rate.html",
        status=422 if form.errors else 200,
        form=form,
        inspection=row,
        standard=about,
        come_to=come_to,
        bands=[(value, words) for value, words in options(Band) if not come_to or value in (come_to.band, come_to.may_be)],
        rule=service().policy.rating,
        longest=LONGEST_REASON,
        mine=leads(row) and goes_on(course),
        in_words=in_words,
    )


def _rated(form: Form, reference: str, standard: str, come_to: rating.Standard | None) -> bool:
    band = form.choice("band", Band, gettext("Select a band"))
    reason = form.text("reason", longest=LONGEST_REASON)
    if band is None or not form.ok:
        return False
    stream, by = panel_id(reference), me().code
    return carry_out(form, Panel, stream, rate_standard, come_to, now=now(), by=by, standard=standard, band=band, reason=reason)


def _come_to(row: InspectionRow, course: Course, panel: Panel, standard: Standard) -> rating.Standard | None:
    """What the judged cases come to for one standard."""
    codes = [f"{standard.number}.{question.name}" for question in standard.questions]
    shares: dict[str, KeyQuestion] = judged.shares(counting(row, course, codes))
    return judged.standards(panel.sets, shares, service().policy.rating).get(standard.number)


COMPARED = ("purposeful-activity", "continuity")
"""The two questions that the service is about."""


@blueprint.get("/inspections/<reference>/sample-and-measures")
@allow(Action.INSPECT)
def measures(reference: str) -> Response:
    """What was judged beside the figures of the sample, of the frame and of the provider: is the sample like the whole?"""
    row = found(reference)
    course = course_of(row)
    if course.frame is None or course.sample is None:
        return page("rating/measures.html", inspection=row, compared=[])
    questions = questions_in(panel_of(row).sets)
    every, scope = counting(row, course, list(questions)), _before_it_was_known(row, course)
    frame = [crn for crns in course.frame.strata.values() for crn in crns]
    found_so: list[Compared] = []
    judged_so: dict[str, dict[str, Judged]] = {}
    with reading() as conn:
        sample = [case.crn for case in inspections.sampled(conn, reference)]
        for name in COMPARED:
            one, drawn = sample_figures.compared(conn, MEASURES[name], scope, sample=sample, frame=frame, confidence=_confidence(course))
            found_so.append(one)
            judged_so[name] = sample_figures.by_judgement(every, drawn)
    return page(
        "rating/measures.html",
        inspection=row,
        questions=questions,
        compared=found_so,
        judged=judged_so,
        scope=scope,
        sample_size=len(sample),
        confidence=_confidence(course),
        in_words=in_words,
    )


def _before_it_was_known(row: InspectionRow, course: Course) -> Scope:
    """The provider's whole months from the first in which a sentence of the frame could begin to the announcement."""
    assert course.frame is not None
    announced = local_day(row.announced_at).replace(day=1)
    since = course.frame.specification.began_from.replace(day=1)
    until = max(announced, add_months(since, 1))
    return Scope(local_day(now()), provider=row.provider, since=since, until=until, hidden=hidden(row.provider))
