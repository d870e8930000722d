"""One case's life: an agenda of what is to come, worked off in the order in which it is recorded, through the real commands."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random
from typing import Concatenate, NamedTuple, ParamSpec
from uuid import UUID

from domain.allocation import UNALLOCATED
from domain.case import Case, case_id
from domain.event import Event, Pending, Recorded, State
from domain.policy import Policy
from domain.working_days import local_day
from web.synthetic.diary import Diary
from web.synthetic.plans import Plan
from web.synthetic.staff import Staff

P = ParamSpec("P")


class Lived(NamedTuple):
    recorded_at: datetime
    pending: Pending


class Life:
    """A case, the plan for it and its agenda. Every draw comes from its own stream, so lives do not depend on each other."""

    def __init__(self, plan: Plan, diary: Diary, staff: Staff, policy: Policy, seed: int) -> None:
        self.plan, self.diary, self.staff, self.policy, self.seed = plan, diary, staff, policy, seed
        self.rng = Random(f"{seed}:{plan.crn}:life")
        self.case = Case(case_id(plan.crn))
        self.now = plan.opened_at
        self.level = plan.level
        self.sentence = 0
        self.topics: dict[int, str] = {}
        """What each objective of the plan is about."""
        self.by_telephone = False
        self.pause: tuple[date, date] | None = None
        """Weeks in which nobody arranged anything."""
        self.away: tuple[date, date] | None = None
        """Days on recall or remand, from the first to the day of the return."""
        self.next_appointment: int | None = None
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._entered = 0
        self._last = min(plan.closes_at, diary.until)
        self._done: list[Lived] = []

    # -- the agenda --------------------------------------------------------------------------------------------------

    def at(self, when: datetime, action: Callable[[], None]) -> None:
        """Put something on the agenda; what would come after the end of the case or of the simulation never happens."""
        if when <= self._last:
            self._entered += 1
            heappush(self._agenda, (max(when, self.now), self._entered, action))

    def at_the_end(self, when: datetime, action: Callable[[], None]) -> None:
        """The one thing that may be recorded after the last sentence has ended: that it has."""
        if when <= self.diary.until:
            self._entered += 1
            heappush(self._agenda, (when, self._entered, action))

    def lived(self) -> Iterator[Lived]:
        """Everything recorded in this life, in order of recording."""
        while self._agenda:
            self.now, _, action = heappop(self._agenda)
            action()
            yield from self._done
            self._done.clear()

    def do(self, command: Callable[Concatenate[Case, P], Sequence[Event]], /, *args: P.args, **details: P.kwargs) -> int:
        """Carry out a command and remember what came of it; the number of its first event. A rule's refusal is an error here."""
        first = self.case.version + 1
        decide = partial(command, self.case, *args, **details)
        self._done += [Lived(self.now, p) for p in decided(self.case, self.case.id, decide(), self.now)]
        return first

    # -- who and when ------------------------------------------------------------------------------------------------

    @property
    def officer(self) -> str:
        """The responsible officer, or nobody."""
        return self.case.allocation.practitioner if self.case.allocation else UNALLOCATED

    @property
    def team(self) -> str:
        return self.case.allocation.team if self.case.allocation else self.plan.first.team

    @property
    def provider(self) -> str:
        return self.staff.teams[self.team].provider

    @property
    def manager(self) -> str:
        return self.staff.teams[self.team].manager

    def worker(self, *, stand_in: float = 0.0) -> str:
        """Who deals with the person: the officer, or a colleague when there is none or with the chance `stand_in`."""
        if self.officer and self.rng.random() >= stand_in:
            return self.officer
        return self.staff.pick(self.rng, self.team, self.now, other_than=self.officer)

    def care(self, officer: str) -> float:
        """How fully an officer records what was done and why, between 0.55 and 0.97; the same wherever that officer works."""
        return Random(f"{self.seed}:{officer}:care").uniform(0.55, 0.97)

    def written(self, happened: datetime) -> datetime:
        """When this is written down, which is before the case closes: nothing is recorded in a closed case."""
        return max(happened, min(self.diary.written(self.rng, happened, self.team), self.plan.closes_at - timedelta(minutes=5)))

    def age(self) -> int:
        """Days since the sentence began."""
        return (local_day(self.now) - local_day(self.plan.started_at)).days

    def day_back(self, day: date) -> date:
        """The same day, or the day of the return when the person is away on it."""
        return self.away[1] if self.away and self.away[0] <= day < self.away[1] else day

    def is_away(self, at: datetime) -> bool:
        return self.day_back(local_day(at)) != local_day(at)

    def leaves_time_for(self, starts_at: datetime) -> bool:
        """Whether something on that day still falls within the sentence."""
        return starts_at < self.plan.closes_at - timedelta(days=1)


def decided(state: State, stream: UUID, events: Sequence[Event], now: datetime) -> list[Pending]:
    """Events as they are about to be recorded in a stream, whose state remembers them."""
    pending = []
    for event in events:
        state.evolve(Recorded(stream, state.version + 1, event, now, 0))
        pending.append(Pending(stream, state.version, event, state.person_id))
    return pending
