"""Working time: which days and hours appointments fall in, and how long after a contact somebody writes it down."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from domain.working_days import LONDON, add_working_days, is_working_day, local_day
from web.synthetic.draws import some
from web.synthetic.parameters import POPULATION
from web.synthetic.staff import Team

NUMBERS = POPULATION.recording
NEVER_SAME_DAY = timedelta(hours=18, minutes=30)


def instant(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """The instant of a London clock time."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=LONDON).astimezone(UTC)


class Diary:
    """The working days up to and after `until`, with the draws that depend on them."""

    def __init__(self, until: datetime, bank_holidays: frozenset[date]) -> None:
        self.until = until
        self.today = local_day(until)
        self.bank_holidays = bank_holidays

    def works(self, day: date) -> bool:
        return is_working_day(day, self.bank_holidays)

    def on_or_after(self, day: date) -> date:
        return day if self.works(day) else add_working_days(day, 1, self.bank_holidays)

    def before(self, day: date) -> date:
        """The last working day before `day`."""
        return next(d for d in (day - timedelta(days=ago) for ago in range(1, 15)) if self.works(d))

    def later(self, day: date, working_days: int) -> date:
        return add_working_days(day, working_days, self.bank_holidays)

    def slot(self, rng: Random, day: date, *, grid: int = 15) -> datetime:
        """A time for an appointment on the first working day from `day`: nine to half past four, on a grid of minutes."""
        minutes = rng.randrange(9 * 60, 16 * 60 + 31, grid)
        return instant(self.on_or_after(day), *divmod(minutes, 60))

    def office_hour(self, rng: Random, day: date) -> datetime:
        """Some moment of the first working day from `day`, when people ring and write."""
        return instant(self.on_or_after(day), rng.randint(9, 16), rng.randrange(60), rng.randrange(60))

    def written(self, rng: Random, occurred: datetime, team: Team) -> datetime:
        """When something that ended at `occurred` is written down: mostly the same day, nearly all within three, a tail of weeks."""
        if team.piles_up and rng.random() < NUMBERS.piled_up_share and (burst := self._burst(rng, occurred)):
            return burst
        day = local_day(occurred)
        chance = rng.random() + NUMBERS.late_by_neglect * (team.neglect - 1)
        if chance < NUMBERS.same_day:
            soon = occurred + timedelta(seconds=rng.randint(120, 4 * 3600))
            if soon < instant(day, 0) + NEVER_SAME_DAY:
                return soon
        return self.office_hour(rng, self.later(day, _wait(rng, chance - NUMBERS.same_day)))

    def _burst(self, rng: Random, occurred: datetime) -> datetime | None:
        ago = (self.today - local_day(occurred)).days
        begins = max(NUMBERS.written_up_days)
        if not begins < ago <= begins + NUMBERS.piled_up_days:
            return None
        return self.office_hour(rng, self.today - timedelta(days=some(rng, NUMBERS.written_up_days)))

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


def _wait(rng: Random, chance: float) -> int:
    """Working days until an entry is made that is not made on the day."""
    if chance < NUMBERS.day_after:
        return 1
    if chance < NUMBERS.day_after + NUMBERS.two_days:
        return 2
    late = chance >= NUMBERS.day_after + NUMBERS.two_days + NUMBERS.week
    return some(rng, NUMBERS.weeks_days if late else NUMBERS.week_days)
