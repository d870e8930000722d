"""One case's life: an agenda of what is to come, worked off in the order in which it is recorded, through the real commands."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache, partial
from heapq import heappop, heappush
from random import Random
from typing import Concatenate, NamedTuple, ParamSpec
from uuid import UUID

from domain.allocation import UNALLOCATED
from domain.case import Case, case_id
from domain.event import Event, Pending, Recorded, State
from domain.policy import Policy
from domain.sentence import SentenceKind
from domain.working_days import local_day
from web.synthetic.diary import Diary
from web.synthetic.parameters import POPULATION
from web.synthetic.plans import Plan
from web.synthetic.staff import Staff, Team

P = ParamSpec("P")


class Lived(NamedTuple):
    recorded_at: datetime
    pending: Pending


def _nothing(_: int) -> None: ...


class Life:
    """A case, the plan for it and its agenda. Every draw comes from its own stream, so lives do not depend on each other."""

    def __init__(self, plan: Plan, diary: Diary, staff: Staff, policy: Policy, seed: int) -> None:
        self.plan, self.diary, self.staff, self.policy, self.seed = plan, diary, staff, policy, seed
        self.rng = Random(f"{seed}:{plan.crn}:life")
        self.case = Case(case_id(plan.crn))
        self.now = plan.opened_at
        self.level = plan.level
        self.topics: dict[int, str] = {}
        """What each objective of the plan that is worked on is about."""
        self.by_telephone = plan.by_telephone
        self.reliable = self.rng.random() < POPULATION.attendance.reliable
        self.pause: tuple[date, date] | None = None
        """Weeks in which nobody arranged anything."""
        self.closes_at = plan.closes_at
        """When the last sentence ends; a court may move it."""
        self.away_until: date | None = None
        """The day from which somebody who is in custody or cannot be found can be seen again."""
        self.next_appointment: int | None = None
        self.begun: set[int] = set()
        """The requirements whose work is on the agenda."""
        self.kinds: dict[int, SentenceKind] = {}
        """What each sentence is."""
        self.licence_ends_on: dict[int, date] = {}
        self.failed: Callable[[int], None] = _nothing
        """What is done about a failure to attend or comply, by its entry number."""
        self.closed = False
        """Whether a court ended everything before its time."""
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._entered = 0
        self._last = min(self.closes_at, diary.until)
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

    def goes_on_until(self, closes_at: datetime) -> None:
        """A court has the supervision end later."""
        self.closes_at, self._last = closes_at, min(closes_at, self.diary.until)

    def lived(self) -> Iterator[Lived]:
        """Everything recorded in this life, in order of recording."""
        while self._agenda:
            self.now, _, action = heappop(self._agenda)
            if self.closed:
                return
            action()
            yield from self._done
            self._done.clear()

    def do(self, command: Callable[Concatenate[Case, P], Sequence[Event]], /, *args: P.args, **details: P.kwargs) -> int:
        """Carry out a command and remember what came of it; the number of its first event. A rule's refusal is an error here."""
        first = self.case.version + 1
        decide = partial(command, self.case, *args, **details)
        self._done += [Lived(self.now, p) for p in decided(self.case, self.case.id, decide(), self.now)]
        return first

    # -- who holds it ------------------------------------------------------------------------------------------------

    @property
    def officer(self) -> str:
        """The responsible officer, or nobody."""
        return self.case.allocation.practitioner if self.case.allocation else UNALLOCATED

    @property
    def team(self) -> str:
        return self.case.allocation.team if self.case.allocation else self.plan.first.team

    @property
    def unit(self) -> Team:
        """The team and how it is run."""
        return self.staff.teams[self.team]

    @property
    def manager(self) -> str:
        return self.unit.manager

    def worker(self, *, stand_in: float = 0.0) -> str:
        """Who deals with the person: the officer, whoever covers, or a colleague when there is none or with the chance `stand_in`."""
        if covered := self.case.covered_at(self.now):
            return covered.practitioner
        if self.officer and self.rng.random() >= stand_in:
            return self.officer
        return self.colleague()

    def colleague(self) -> str:
        return self.staff.pick(self.rng, self.team, self.now, other_than=self.officer)

    # -- how the case stands, as the rules will ask ------------------------------------------------------------------

    def is_away(self, on: date | None = None) -> bool:
        return self.away_until is not None and (on or local_day(self.now)) < self.away_until

    def running(self) -> list[int]:
        """The sentences that run."""
        return [number for number, ended in self.case.sentences.items() if ended is None]

    def stands(self, requirement: int) -> bool:
        """Whether a requirement is still to be done."""
        found = self.case.requirements[requirement]
        work = self.case.unpaid_work.get(requirement)
        return found.ended is None and self.case.sentences[found.sentence] is None and not (work and work.completed_at)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def neglected(self, share: float) -> bool:
        """The chance that something is left undone, larger in a team that is badly run."""
        return self.rng.random() < share * self.unit.neglect

    # -- how and when ------------------------------------------------------------------------------------------------

    def care(self, officer: str) -> float:
        """How fully an officer records what was done and why; the same wherever that officer works."""
        return _care(self.seed, officer)

    def written(self, happened: datetime) -> datetime:
        """When this is written down, which is before the case closes: nothing is recorded in a closed case."""
        return max(happened, min(self.diary.written(self.rng, happened, self.unit), self.closes_at - timedelta(minutes=5)))

    def in_days(self, days: int, rng: Random | None = None) -> datetime:
        """An office hour so many days from now; `rng` is for those who draw for themselves."""
        return self.diary.office_hour(rng or self.rng, local_day(self.now) + timedelta(days=days))

    def in_working_days(self, days: int) -> datetime:
        """An office hour so many working days from now, later today for none."""
        today = local_day(self.now)
        if days == 0:
            return self.now + timedelta(minutes=self.rng.randint(5, 50))
        return self.diary.office_hour(self.rng, self.diary.later(today, days))

    def age(self) -> int:
        """Days since the sentence began."""
        return (local_day(self.now) - local_day(self.plan.started_at)).days

    def leaves_time_for(self, starts_at: datetime) -> bool:
        """Whether something on that day still falls within the sentence."""
        return starts_at < self.closes_at - timedelta(days=1)


@cache
def _care(seed: int, officer: str) -> float:
    return Random(f"{seed}:{officer}:care").uniform(*POPULATION.recording.care)


def decided(state: State, stream: UUID, events: Sequence[Event], now: datetime) -> list[Pending]:
    """Events as they are about to be recorded in a stream, whose state remembers them."""
    pending = []
    for event in events:
        state.evolve(Recorded(stream, state.version + 1, event, now, 0))
        pending.append(Pending(stream, state.version, event, state.person_id))
    return pending
