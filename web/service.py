"""What every page has at hand: the record, the read side, the policy, and the way a form becomes a command."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

import msgspec
from flask import abort, current_app, g, request
from psycopg import Connection

from domain.event import Event, Refused, State
from domain.policy import Policy
from projections import replay
from projections.caseload import CaseRow
from projections.limited_access import hidden_from
from projections.organisations import named
from projections.read_models import ReadSide
from projections.story import Story
from store import reads
from store.record import AskedDifferently, Busy, Record, Step, step
from web.clock import now as now
from web.forms import Form
from web.language import gettext
from web.session import Person

S = TypeVar("S", bound=State)
P = ParamSpec("P")


class Service(msgspec.Struct, frozen=True):
    record: Record
    read_side: ReadSide
    policy: Policy


def service() -> Service:
    return cast(Service, current_app.extensions["throughline"])


def me() -> Person:
    return cast(Person, g.person)


def this_case() -> CaseRow:
    """The case that the address names; the gate has let the person in to it."""
    return cast(CaseRow, g.case)


@contextmanager
def reading() -> Iterator[Connection[Any]]:
    """The live read models."""
    with service().read_side.reading() as conn:
        yield conn


def hidden(provider: str = "", team: str = "") -> Sequence[UUID]:
    """The cases that do not exist for the person signed in; every list and every count leaves them out. Figures of one provider or
    team need only those that were ever with it."""
    known = g.setdefault("hidden", {})
    if (provider, team) not in known:
        rows = service().record.rows
        known[provider, team] = hidden_from(reading, practitioner=me().code, now=now(), rows=rows, provider=provider, team=team)
    return cast(Sequence[UUID], known[provider, team])


def names() -> Callable[[str], str]:
    """The name of a practitioner or team by code; an unknown code stands for itself."""
    if "names" not in g:
        g.names = named(reading, {who.team for who in (g.get("person"), g.get("case")) if who is not None})
    return cast(Callable[[str], str], g.names)


def story(crn_stream: UUID, up_to: int | None = None) -> Story:
    """A case's history with its texts, read once; 404 when it was not known at that position.

    A page that looks back at a day has the history end there.
    """
    cut = g.get("up_to") if up_to is None else up_to
    whole = Story(service().record.history(crn_stream, texts=True))
    known = replay.known_at(whole, cut) if cut is not None else whole
    if known is None or not known.history:
        abort(404)
    return known


def noted(what: str, entry: int = 0) -> None:
    """Write down that the person signed in opens this of the case of the address, and why they may."""
    with reading() as conn:
        reads.note(conn, stream_id=this_case().stream_id, staff=me().code, what=what, because=g.because, entry=entry)


def carry_out(
    form: Form,
    kind: type[S],
    stream: UUID,
    command: Callable[Concatenate[S, P], Sequence[Event]],
    /,
    *args: P.args,
    **details: P.kwargs,
) -> bool:
    """Give a command and make the next page true. False with a message in the form when a rule says no or somebody was first."""
    return carry_out_all(form, [step(kind, stream, command, *args, **details)])


UNSEEN = frozenset({"csrf_token", "command_id", "stood", "reference", "entry", "from", "all_the_same"})
"""Fields that a person does not see: no message can stand beside them."""


def carry_out_all(form: Form, steps: Sequence[Step], field: str = "") -> bool:
    """The same for a command on several streams, all or nothing."""
    at = service()
    try:
        receipt = at.record.change_all(steps, form.command_id())
    except Refused as refusal:
        form.refuse(refusal, field or next((name for name in request.form if name not in UNSEEN), ""))
        return False
    except AskedDifferently:
        form.wrong(
            field or "command_id",
            gettext(
                "This form was saved once already, with other content. What was saved then stands: look at the case before you save again."
            ),
        )
        form.values.pop("command_id", None)
        return False
    except Busy:
        form.wrong(field or "command_id", gettext("Other people are writing in this case just now. Nothing was saved. Try again."))
        return False
    at.read_side.fold(receipt.streams)
    return True
