"""Working time: which days and hours appointments fall in, and how long after a contact somebody writes it down."""

from collections.abc import Set
from datetime import UTC, date, datetime, timedelta
from random import Random

from domain.working_days import LONDON, add_working_days, is_working_day, local_day

BACK_FILL_TEAM = "C10SWA"
"""One team lets entries pile up and then writes them all within one week."""
BURST = (70, 66)
"""That week, in days before the end of the simulation."""
PILED_UP = 45
NEVER_SAME_DAY = timedelta(hours=18, minutes=30)


def instant(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """The instant of a London clock time."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=LONDON).astimezone(UTC)


class Diary:
    """The working days up to and after `until`, with the draws that depend on them."""

    def __init__(self, until: datetime, bank_holidays: Set[date]) -> None:
        self.until = until
        self.today = local_day(until)
        self.bank_holidays = bank_holidays

    def works(self, day: date) -> bool:
        return is_working_day(day, self.bank_holidays)

    def on_or_after(self, day: date) -> date:
        return day if self.works(day) else add_working_days(day, 1, self.bank_holidays)

    def later(self, day: date, working_days: int) -> date:
        return add_working_days(day, working_days, self.bank_holidays)

    def slot(self, rng: Random, day: date, *, grid: int = 15) -> datetime:
        """A time for an appointment on the first working day from `day`: nine to half past four, on a grid of minutes."""
        minutes = rng.randrange(9 * 60, 16 * 60 + 31, grid)
        return instant(self.on_or_after(day), *divmod(minutes, 60))

    def office_hour(self, rng: Random, day: date) -> datetime:
        """Some moment of the first working day from `day`, when people ring and write."""
        return instant(self.on_or_after(day), rng.randint(9, 16), rng.randrange(60), rng.randrange(60))

    def written(self, rng: Random, occurred: datetime, team: str) -> datetime:
        """When something that ended at `occurred` is written down: mostly the same day, 90 % within three, a tail of weeks."""
        if team == BACK_FILL_TEAM and rng.random() < 0.55 and (burst := self._burst(rng, occurred)):
            return burst
        day = local_day(occurred)
        chance = rng.random()
        if chance < 0.66:
            soon = occurred + timedelta(seconds=rng.randint(120, 4 * 3600))
            if soon < instant(day, 0) + NEVER_SAME_DAY:
                return soon
            chance = 0.7
        if chance < 0.86:
            wait = 1
        elif chance < 0.93:
            wait = 2
        elif chance < 0.97:
            wait = rng.randint(3, 8)
        else:
            wait = rng.randint(10, 28)
        return self.office_hour(rng, self.later(day, wait))

    def _burst(self, rng: Random, occurred: datetime) -> datetime | None:
        ago = (self.today - local_day(occurred)).days
        if not BURST[0] < ago <= BURST[0] + PILED_UP:
            return None
        return self.office_hour(rng, self.today - timedelta(days=rng.randint(BURST[1], BURST[0])))

    def rest_of_today(self, rng: Random, count: int) -> list[datetime]:
        """Times today, as far as the hour allows half of them past and half to come, no two alike.

        Also on a day that is no working day: whoever tries the service on a Sunday should find appointments in the officer's day.
        """
        times = [instant(self.today, *divmod(m, 60)) for m in range(9 * 60, 16 * 60 + 31, 15)]
        rng.shuffle(times)
        past = [t for t in times if t < self.until]
        ahead = [t for t in times if t > self.until]
        mixed = [t for pair in zip(ahead, past, strict=False) for t in pair]
        return [*mixed, *(t for t in times if t not in mixed and t != self.until)][:count]
