"""The frame of an inspection: what the inspector asks for, and the frame as it stands at one exact position of the record."""

from datetime import datetime

from domain.event import Event
from domain.inspection import Inspection, Specification, fix_frame
from domain.sentence import SentenceKind
from projections import inspections
from projections.inspections import Frame
from store import tree
from web.forms import Form
from web.language import gettext
from web.service import reading, service

KINDS = [(kind.value, kind.value.capitalize()) for kind in SentenceKind]
TRIES = 20
"""A record in which twenty moments in a row were each overtaken by an append is one that is being imported into."""


def specification(form: Form, provider: str) -> Specification | None:
    """Which cases the form asks for; None with messages in the form when it does not say."""
    began_from = form.day("began_from", gettext("The first day of the window"))
    began_to = form.day("began_to", gettext("The last day of the window"))
    kinds = form.several("kinds", [kind for kind, _ in KINDS], gettext("Select kinds of sentence from the list"))
    if not kinds:
        form.wrong("kinds", gettext("Select at least one kind of sentence"))
    if began_from is None or began_to is None or not kinds:
        return None
    if began_from > began_to:
        form.wrong("began_to", gettext("The last day of the window must be the same as or after the first day"))
        return None
    return Specification(provider=provider, began_from=began_from, began_to=began_to, kinds=kinds)


def taken(asked: Specification) -> tuple[Frame, int, bytes] | None:
    """The frame, the position at which it is exactly that, and the ledger's root there; None when the record never rests."""
    for _ in range(TRIES):
        service().read_side.catch_up()
        with reading() as conn:
            found = inspections.frame_and_position(conn, asked)
            if found is not None:
                return *found, tree.root(conn, found[1])
    return None


def fix_taken(
    inspection: Inspection, frame: Frame, known_at: int, root: bytes, /, *, now: datetime, by: str, specification: Specification
) -> list[Event]:
    """Fix a frame that was taken. Pressed twice it is one command, though the record has moved on in between: what was
    counted is no part of the command's wording, only what was asked for is."""
    return fix_frame(
        inspection,
        now=now,
        by=by,
        specification=specification,
        strata=frame.strata,
        left_out=frame.left_out,
        known_at=known_at,
        ledger_root=root.hex(),
    )
