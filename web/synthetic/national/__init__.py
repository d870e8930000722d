"""The invented nation: as many cases as there are, stamped from a few thousand lives, and written at once instead of by commands.

Its own numbers stand in `nation.toml` and are read by `numbers`. Then read: `worlds` (what is lived), `patterns` (a life with places
left open), `units` (the teams of the nation), `stamping` (a case of a team, made from a pattern) and `writing` (the log).
"""

from datetime import datetime

from store.policy import current_policy
from store.record import Record
from web.synthetic.diary import Diary
from web.synthetic.national.stamping import stamp, stamped_offices
from web.synthetic.national.units import organisation, units
from web.synthetic.national.worlds import Told, untold, worlds
from web.synthetic.national.writing import write
from web.synthetic.offices import offices
from web.synthetic.population import SeedReport, must_take

__all__ = ["seed_nation"]


def seed_nation(
    record: Record, owner: str, *, cases: int, seed: int, until: datetime, living: Told = untold, writing: Told = untold
) -> SeedReport:
    """Fill an empty synthetic record with `cases` cases up to `until`, as the `owner` of its database.

    The same arguments give the same history, but for the keys of people and what is sealed under them. `living` is told how many
    lives of how many are lived, `writing` how many events are written. Raises CannotSeed.
    """
    must_take(record, cases, until)
    lived = worlds(cases, seed, until, living)
    teams = units(lived, cases, seed)
    people = stamp(teams, lived, cases, seed)
    staff = stamped_offices(offices(organisation(teams), Diary(until, current_policy().bank_holidays)))
    return write(record, owner, [*staff, *people], until, writing)
