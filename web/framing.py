"""The frame of an inspection: what the inspector asks for, and the frame as it stands at one exact position of the record."""

from datetime import datetime

from flask import request

from domain.event import Event
from domain.inspection import Inspection, fix_frame
from domain.sentence import SentenceKind
from domain.specification import Exclusion, Specification, Stratum
from domain.specifications import Ready, ready_made
from domain.working_days import local_day
from projections import frame
from projections.frame import Taken
from projections.inspections import InspectionRow
from store import tree
from web.forms import Form, options
from web.language import gettext
from web.service import now, reading, service

CHOICES = {"kinds": SentenceKind, "exclusions": Exclusion, "strata": Stratum}
"""What is ticked in a specification, by the name of the field."""
TRIES = 20
"""A record in which twenty moments in a row were each overtaken by an append is one that is being imported into."""


def chosen(ready: tuple[Ready, ...]) -> Ready:
    """The ready-made specification that the address or the form names; the first one without."""
    named = (request.form if request.method == "POST" else request.args).get("ready", "")
    return next((one for one in ready if one.name == named), ready[0])


def ready_for(kind: str) -> tuple[Ready, ...]:
    """The ready-made specifications for a kind of provider; all, where it has none."""
    return tuple(one for one in ready_made() if one.of == kind) or ready_made()


def usual(row: InspectionRow, ready: Ready) -> Form:
    """What was asked for, or what the ready-made specification says."""
    if any(name.startswith(("began_", *CHOICES)) for name in request.args):
        return Form(request.args)
    asked = ready.of_provider(row.provider, local_day(row.announced_at))
    ticked = {"kinds": asked.kinds, "exclusions": asked.exclusions, "strata": asked.strata}
    return Form(None, began_from=asked.began_from, began_to=asked.began_to, **ticked)


def choices() -> dict[str, list[tuple[str, str]]]:
    return {name: options(kind) for name, kind in CHOICES.items()}


def specification(form: Form, provider: str, ready: Ready) -> Specification | None:
    """Which cases the form asks for; None with messages in the form when it does not say."""
    began_from = form.day("began_from", gettext("The first day of the window"))
    began_to = form.day("began_to", gettext("The last day of the window"))
    kinds = form.several("kinds", list(SentenceKind), gettext("Select kinds of sentence from the list"))
    if not kinds:
        form.wrong("kinds", gettext("Select at least one kind of sentence"))
    exclusions = form.several("exclusions", list(Exclusion), gettext("Select exclusions from the list"))
    strata = form.several("strata", list(Stratum), gettext("Select from the list what the sample is divided by"))
    if began_from is None or began_to is None or not CHOICES.keys().isdisjoint(form.errors):
        return None
    if began_from > began_to:
        form.wrong("began_to", gettext("The last day of the window must be the same as or after the first day"))
        return None
    return Specification(
        provider=provider,
        began_from=began_from,
        began_to=began_to,
        kinds=kinds,
        exclusions=tuple(map(Exclusion, exclusions)),
        strata=tuple(map(Stratum, strata)),
        ready=ready.name,
        version=ready.version,
    )


def taken(asked: Specification) -> tuple[Taken, bytes] | None:
    """The frame with the position at which it is exactly that, and the ledger's root there; None when the record never rests."""
    for _ in range(TRIES):
        service().read_side.catch_up()
        with reading() as conn:
            found = frame.taken(conn, asked, now())
            if found is not None:
                return found, tree.root(conn, found.known_at)
    return None


def fix_taken(inspection: Inspection, found: Taken, root: bytes, /, *, now: datetime, by: str, specification: Specification) -> list[Event]:
    """Fix a frame that was taken. Pressed twice it is one command, though the record has moved on in between: what was
    counted is no part of the command's wording, only what was asked for is."""
    return fix_frame(
        inspection,
        now=now,
        by=by,
        specification=specification,
        strata=found.frame.strata,
        left_out=found.frame.left_out,
        known_at=found.known_at,
        ledger_root=root.hex(),
        counted=found.counted,
        limited=found.limited,
    )
