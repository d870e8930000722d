"""Inspections: announcing one, fixing its frame, drawing its sample, and what of it stands in the record."""

import re
import secrets
from datetime import datetime, timedelta

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from domain.access import Action
from domain.inspection import Inspection, Specification, announce_inspection, draw_sample, fix_frame, inspection_id
from domain.event import Event
from domain.sampling import draw, largest_remainder, sample_size
from domain.sentence import SentenceKind
from domain.working_days import local_day
from projections import inspections, organisations
from projections.inspections import Course, Frame, InspectionRow
from store import ledger
from store.record import step
from web.forms import Form
from web.gate import allow
from web.htmx import page, see_other
from web.service import carry_out, carry_out_all, me, names, now, reading, service, story
from web.session import OUTSIDERS

blueprint = Blueprint("inspection", __name__)

REFERENCE = re.compile(r"INS-[0-9]{4}-[0-9]{3,6}")
KINDS = [(kind.value, kind.value.capitalize()) for kind in SentenceKind]
TRIES = 20


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
        abort(403, "Only the inspector who announced an inspection can change it.")


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
        flash("The inspection is announced. Everything recorded from now on can be told apart.")
        return see_other("inspection.show", reference=form.raw("reference"))
    return page("inspection/announce.html", status=422 if form.errors else 200, form=form, providers=providers)


def _announced(form: Form, providers: list[str], free: str) -> bool:
    """The reference travels with the form, so that a form sent twice announces one inspection and not two."""
    provider = form.one_of("provider", providers, "Select the provider to inspect")
    title = form.text("title", "Enter a title for the inspection", longest=200)
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
        form.errors["reference"] = f"Another inspection took {reference} first. This one is now {free}. Announce it again"
    return done


@blueprint.get("/inspections/<reference>")
@allow(Action.INSPECT)
def show(reference: str) -> Response:
    row = found(reference)
    with reading() as conn:
        cases = inspections.sampled(conn, reference)
        growth = inspections.growth(conn, reference)
    return page(
        "inspection/show.html", inspection=row, inspector=inspector, cases=cases, growth=growth, course=_course(row), mine=row.by == me().code
    )


# -- The frame -----------------------------------------------------------------------------------------------------------


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
        kinds=None if asked else [kind for kind, _ in KINDS],
    )


def _specification(row: InspectionRow, form: Form) -> Specification | None:
    began_from = form.day("began_from", "The first day of the window")
    began_to = form.day("began_to", "The last day of the window")
    kinds = form.several("kinds", [kind for kind, _ in KINDS], "Select kinds of sentence from the list")
    if not kinds:
        form.wrong("kinds", "Select at least one kind of sentence")
    if began_from is None or began_to is None or not form.ok:
        return None
    if began_from > began_to:
        form.wrong("began_to", "The last day of the window must be the same as or after the first day")
        return None
    return Specification(provider=row.provider, began_from=began_from, began_to=began_to, kinds=kinds)


def _preview(row: InspectionRow, form: Form) -> Response:
    """The choice of cases, with what it comes to when it can be counted."""
    counted = None
    # A form that came back with a message keeps it: what it says is read again only to count.
    specification = _specification(row, Form(None)) if False else _specification(row, form)
    if specification is not None:
        with reading() as conn:
            counted = inspections.frame(conn, specification)
    return page(
        "inspection/frame.html",
        "choice",
        status=422 if form.errors else 200,
        inspection=row,
        form=form,
        kinds=KINDS,
        counted=counted,
        mine=row.by == me().code,
        sampling=service().policy.sampling,
        source=service().policy.sources["sampling.commencement_weeks_from"],
    )


def _fix(row: InspectionRow) -> Response:
    _only_by_announcer(row)
    form = Form(request.form)
    specification = _specification(row, form)
    taken = _taken(specification) if specification else None
    if specification and taken is None:
        form.wrong("began_from", "Other people are writing in the record just now. Nothing was fixed. Try again")
    if specification and taken:
        command = step(
            Inspection, inspection_id(row.reference), _fix_taken, *taken, now=now(), by=me().code, specification=specification
        )
        if carry_out_all(form, [command], "began_from"):
            flash("The frame is fixed. No case can be added to it or taken out of it.")
            return see_other("inspection.frame", reference=row.reference)
    return _preview(row, form)


def _fix_taken(
    inspection: Inspection, taken: Frame, known_at: int, root: bytes, *, now: datetime, by: str, specification: Specification
) -> list[Event]:
    """The command as the form means it: pressed twice it is the same command, though the record has moved on in between."""
    return fix_frame(
        inspection,
        now=now,
        by=by,
        specification=specification,
        strata=taken.strata,
        left_out=taken.left_out,
        known_at=known_at,
        ledger_root=root.hex(),
    )


def _taken(specification: Specification) -> tuple[Frame, int, bytes] | None:
    """The frame, the position at which it is exactly that, and the ledger's root there; None when the record never rests."""
    for _ in range(TRIES):
        service().read_side.catch_up()
        with reading() as conn:
            taken = inspections.frame_and_position(conn, specification)
            if taken is not None:
                return *taken, ledger.root(conn, taken[1])
    return None


# -- The sample ----------------------------------------------------------------------------------------------------------


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
    confidence = form.whole("confidence", "Confidence", 50, 99)
    margin = form.whole("margin", "Margin", 1, 25)
    if request.method == "POST" and not form.raw("work_out") and _drawn(row, form, confidence, margin):
        flash("The sample is drawn.")
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
    nonce = "".join(form.text("nonce", "Enter the nonce", longest=200).split()).lower()
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
    """The sample, and whether drawing it again from the frame and the seed gives the same cases."""
    assert course.sample is not None and course.frame is not None
    with reading() as conn:
        cases = inspections.sampled(conn, row.reference)
    n = len(cases)
    again = {name: tuple(refs) for name, refs in draw(course.frame.strata, n, bytes.fromhex(course.sample.seed)).items()}
    return page(
        "inspection/sample_drawn.html",
        inspection=row,
        fixed=course.frame,
        drawn=course.sample,
        drawn_at=course.sample_at,
        cases=cases,
        same=again == course.sample.drawn,
        mine=row.by == me().code,
    )
