"""A nation of a few providers, told in two parts: up to the day on which its worst is announced an inspection, and what came after."""

from bisect import bisect
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from domain.event import Event, Pending, put_texts
from store.bulk import filling
from store.codec import decode_event
from store.policy import current_policy
from store.record import Receipt, Record, Step
from web.synthetic.diary import Diary
from web.synthetic.national.stamping import Stamped, stamp, stamped_offices
from web.synthetic.national.units import Unit, organisation, units
from web.synthetic.national.worlds import worlds
from web.synthetic.national.writing import fill, in_order
from web.synthetic.offices import offices
from web.synthetic.parameters import POPULATION

END = datetime(2026, 11, 18, 13, 20, tzinfo=UTC)
"""A Wednesday, on which the nation ends."""
ANNOUNCED = END - timedelta(days=POPULATION.inspection.announced_days)
"""The staged teams are run as if an inspection was announced then."""
CASES, AREAS, SEED = 900, 4, 7
"""Enough for teams in which a burst can be told from chance, and no more: they are made in seconds."""
CRCS = ("C06", "C10", "C15", "C18")
BATCH = 500
"""Events appended together."""


class InItsTime(Record):
    """A synthetic record in which it is a day of the past: what is entered then is recorded then. `moment` is the time it is."""

    moment = ANNOUNCED

    def clock(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def change_all(self, steps: Sequence[Step], command_id: UUID | None, *, times: Callable[[Event], datetime] | None = None) -> Receipt:
        return super().change_all(steps, command_id, times=times or (lambda _: self.clock()))


class Nation(NamedTuple):
    """What was written up to the announcement, the teams it is of, and what is still to come."""

    teams: list[Unit]
    to_come: list[tuple[datetime, Stamped]]

    def goes_on(self, record: InItsTime) -> None:
        """The weeks after the announcement."""
        for i in range(0, len(self.to_come), BATCH):
            some = self.to_come[i : i + BATCH]
            record.append([_pending(one) for _, one in some], None, None, [at for at, _ in some])
        record.moment = END


def _pending(one: Stamped) -> Pending:
    _, body, texts = one.enter()
    return Pending(one.stream, one.version, put_texts(decode_event(body), texts), one.person_id)


def begun(record: InItsTime, owner: str) -> Nation:
    """Write the nation up to the announcement into an empty record, as the owner of its database. No inspection is announced in it."""
    lived = worlds(CASES, SEED, END)
    teams = units(lived, CASES, SEED, areas=AREAS, crcs=CRCS)
    staff = offices(organisation(teams)._replace(inspected=[]), Diary(END, current_policy().bank_holidays))
    streams = [*stamped_offices(staff), *stamp(teams, lived, CASES, SEED)]
    record.keyring.make_many([one.person_id for one in streams if one.person_id is not None])
    entries = list(in_order(streams, END))
    first = bisect(entries, ANNOUNCED, key=lambda entry: entry[0])
    with filling(owner, record.keyring) as log:
        for _ in fill(log, entries[:first]):
            pass
    return Nation(teams, entries[first:])
