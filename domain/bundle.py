"""A bundle to take away: how far each sampled case had come is stated in the record first, so that what a bundle leaves out is missed."""

from datetime import datetime

import msgspec

from domain.event import Event, Refused
from domain.inspection import Inspection
from domain.words import said


class Reached(msgspec.Struct, frozen=True, gc=False):
    """How far a stream has come: its last entry, and in hexadecimal the hash that chains all its entries up to that one."""

    version: int
    hash: str


class HeadsStated(Event, frozen=True, tag="heads-stated"):
    """How far each case of the sample had come, by its reference, when somebody asked for a bundle; and other `streams` of the inspection,
    by what their ids follow from ("assessment:INS-2026-001:X000041:HMI0001").

    A hash chain alone does not show that its newest entries are missing. This entry does, to everybody who holds a checkpoint after it.
    """

    heads: dict[str, Reached]
    streams: dict[str, Reached] = msgspec.field(default_factory=dict)


def state_heads(
    inspection: Inspection, heads: dict[str, Reached], streams: dict[str, Reached], /, *, now: datetime, by: str
) -> list[Event]:
    """State how far the cases of a drawn sample have come. Pressed twice it is one command, though the cases have gone on in between."""
    if not inspection.sample:
        raise Refused(said("Draw the sample before you take a bundle away."))
    if missing := set(inspection.cases) - set(heads):
        raise Refused(said("Case {crn} has no entries.", crn=min(missing)))
    return [HeadsStated(occurred_at=now, by=by, heads=heads, streams=streams)]
