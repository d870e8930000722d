"""Inspections: announcing one, fixing its frame, drawing its sample, and what of it stands in the record."""

import re
import secrets
from datetime import timedelta

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.inspection import Inspection, announce_inspection, draw_sample, inspection_id
from domain.sampling import draw, frame_digest, largest_remainder, sample_size, seed
from domain.working_days import local_day
from projections import inspections, organisations
from projections.inspections import Course, InspectionRow
from store.record import step
from web import framing
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.language import gettext, in_language
from web.service import carry_out, carry_out_all, hidden, me, names, now, reading, service, story
from web.session import OUTSIDERS

blueprint = Blueprint("inspection", __name__)

REFERENCE = re.compile(r"INS-[0-9]{4}-[0-9]{3,6}")


def inspector(code: str) -> str:
    """The name of whoever announced an inspection; inspectors are on no team's list."""
    return next((person.name for person in OUTSIDERS if person.code == code), names()(code))


def found(reference: str) -> InspectionRow:
    """The inspection of an address; 404 when there is none."""
    row = None
    if REFERENCE.fullmatch(reference):
        with reading() as conn:
            row = inspections.inspection(conn, reference)
    if row is None:
        abort(404)
    return row


def _course(row: InspectionRow) -> Course:
    return inspections.course(story(inspection_id(row.reference)))


def _only_by_announcer(row: InspectionRow) -> None:
    if row.by != me().code:
        abort(403, gettext("Only the inspector who announced an inspection can change it."))


@blueprint.get("/inspections")
@allow(Action.INSPECT)
def index() -> Response:
    with reading() as conn:
        rows = inspections.inspections(conn)
    return page("inspection/index.html", inspections=rows, inspector=inspector)


@blueprint.route("/inspections/new", methods=["GET", "POST"])
@allow(Action.INSPECT)
def announce() -> Response:
    with reading() as conn:
        providers = organisations.providers(conn)
        free = inspections.next_reference(conn, local_day(now()).year)
    form = Form(request.form if request.method == "POST" else None, reference=free)
    if request.method == "POST" and _announced(form, [provider.code for provider in providers], free):
        flash(gettext("The inspection is announced. Everything recorded from now on can be told apart."))
        return see_other("inspection.show", reference=form.raw("reference"))
    return page("inspection/announce.html", status=422 if form.errors else 200, form=form, providers=providers)


def _announced(form: Form, providers: list[str], free: str) -> bool:
    """The reference travels with the form, so that a form sent twice announces one inspection and not two."""
    provider = form.one_of("provider", providers, gettext("Select the provider to inspect"))
    title = form.text("title", gettext("Enter a title for the inspection"), longest=200)
    if not REFERENCE.fullmatch(form.raw("reference")):
        form.values["reference"] = free
    reference = form.raw("reference")
    if not form.ok:
        return False
    done = carry_out(
        form,
        Inspection,
        inspection_id(reference),
        announce_inspection,
        now=now(),
        by=me().code,
        reference=reference,
        provider=provider,
        title=title,
    )
    if "reference" in form.errors:
        form.values["reference"] = free
        taken = {"taken": reference, "free": free}
        form.errors["reference"] = gettext("Another inspection took %(taken)s first. This one is now %(free)s. Announce it again", **taken)
    return done


@blueprint.get("/inspections/<reference>")
@allow(Action.INSPECT)
def show(reference: str) -> Response:
    row = found(reference)
    with reading() as conn:
        cases = inspections.sampled(conn, reference, hidden())
        growth = inspections.growth(conn, reference)
    course, mine = _course(row), row.by == me().code
    return page("inspection/show.html", inspection=row, inspector=inspector, cases=cases, growth=growth, course=course, mine=mine)


@blueprint.route("/inspections/<reference>/frame", methods=["GET", "POST"])
@allow(Action.INSPECT)
def frame(reference: str) -> Response:
    row = found(reference)
    if request.method == "POST":
        return _fix(row)
    course = _course(row)
    if course.frame is not None:
        return page("inspection/frame_fixed.html", inspection=row, fixed=course.frame, fixed_at=course.frame_at)
    return _preview(row, _frame_form(row))


def _frame_form(row: InspectionRow) -> Form:
    """What was asked for, or the policy's window of commencement with every kind of sentence."""
    policy = service().policy.sampling
    announced = local_day(row.announced_at)
    asked = any(name.startswith(("began_", "kinds")) for name in request.args)
    return Form(
        request.args if asked else None,
        began_from=announced - timedelta(weeks=policy.commencement_weeks_from),
        began_to=announced - timedelta(weeks=policy.commencement_weeks_to),
        kinds=None if asked else [kind for kind, _ in framing.KINDS],
    )


def _preview(row: InspectionRow, form: Form) -> Response:
    """The choice of cases, with what it comes to if it can be counted."""
    counted = None
    if (asked := framing.specification(form, row.provider)) is not None:
        with reading() as conn:
            counted = inspections.frame(conn, asked)
    return page(
        "inspection/frame.html",
        "choice",
        status=422 if form.errors else 200,
        inspection=row,
        form=form,
        kinds=[(kind, in_language(words)) for kind, words in framing.KINDS],
        asked=asked,
        counted=counted,
        mine=row.by == me().code,
        sampling=service().policy.sampling,
        source=service().policy.sources["sampling.commencement_weeks_from"],
    )


def _fix(row: InspectionRow) -> Response:
    _only_by_announcer(row)
    form = Form(request.form)
    asked = framing.specification(form, row.provider)
    taken = framing.taken(asked) if asked else None
    if asked and taken is None:
        form.wrong("began_from", gettext("Other people are writing in the record just now. Nothing was fixed. Try again"))
    if asked and taken:
        stream = inspection_id(row.reference)
        command = step(Inspection, stream, framing.fix_taken, *taken, now=now(), by=me().code, specification=asked)
        if carry_out_all(form, [command], "began_from"):
            flash(gettext("The frame is fixed. No case can be added to it or taken out of it."))
            return see_other("inspection.frame", reference=row.reference)
    return _preview(row, form)


@blueprint.route("/inspections/<reference>/sample", methods=["GET", "POST"])
@allow(Action.INSPECT)
def sample(reference: str) -> Response:
    row = found(reference)
    if request.method == "POST":
        _only_by_announcer(row)
    policy = service().policy.sampling
    form = Form(
        request.form if request.method == "POST" else None,
        confidence=f"{policy.confidence * 100:.0f}",
        margin=f"{policy.margin * 100:.0f}",
        nonce=secrets.token_hex(32),
    )
    confidence = form.whole("confidence", gettext("Confidence"), 50, 99)
    margin = form.whole("margin", gettext("Margin"), 1, 25)
    if request.method == "POST" and not form.raw("work_out") and _drawn(row, form, confidence, margin):
        flash(gettext("The sample is drawn."))
        return see_other("inspection.sample", reference=reference)
    course = _course(row)
    if course.sample is not None and request.method == "GET":
        return _drawn_page(row, course)
    return page(
        "inspection/sample.html",
        status=422 if form.errors else 200,
        inspection=row,
        form=form,
        fixed=course.frame,
        plan=_plan(course, confidence, margin),
        mine=row.by == me().code,
        sources=service().policy.sources,
    )


def _drawn(row: InspectionRow, form: Form, confidence: int | None, margin: int | None) -> bool:
    nonce = "".join(form.text("nonce", gettext("Enter the nonce"), longest=200).split()).lower()
    if confidence is None or margin is None or not form.ok:
        return False
    command = step(
        Inspection,
        inspection_id(row.reference),
        draw_sample,
        now=now(),
        by=me().code,
        nonce=nonce,
        confidence=confidence / 100,
        margin=margin / 100,
    )
    return carry_out_all(form, [command], "nonce")


def _plan(course: Course, confidence: int | None, margin: int | None) -> list[tuple[str, int, int]] | None:
    """Each stratum with its size and how many cases of it would be drawn."""
    if course.frame is None or not confidence or not margin:
        return None
    strata = sorted(course.frame.strata.items())
    sizes = [len(references) for _, references in strata]
    n = sample_size(sum(sizes), confidence=confidence / 100, margin=margin / 100)
    return [(name, size, share) for (name, _), size, share in zip(strata, sizes, largest_remainder(sizes, n), strict=True)]


def _drawn_page(row: InspectionRow, course: Course) -> Response:
    """The sample, and whether drawing it again from the frame, the root and the nonce gives the same cases."""
    assert course.sample is not None
    assert course.frame is not None
    with reading() as conn:
        cases = inspections.sampled(conn, row.reference, hidden())
    strata = course.frame.strata
    digest = frame_digest(ref for refs in strata.values() for ref in refs)
    key = seed(bytes.fromhex(course.frame.ledger_root), digest, bytes.fromhex(course.sample.nonce))
    again = {name: tuple(refs) for name, refs in draw(strata, len(cases), key).items()}
    return page(
        "inspection/sample_drawn.html",
        inspection=row,
        fixed=course.frame,
        drawn=course.sample,
        drawn_at=course.sample_at,
        cases=cases,
        same=again == course.sample.drawn and key.hex() == course.sample.seed,
        mine=row.by == me().code,
    )
