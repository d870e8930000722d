"""Compliance: how enforcement stands in a case by its history, and the clocks that an officer is to keep."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.appointment import OutcomeRecorded
from domain.breach import BreachConcluded, BreachPresented, BreachReferred, BreachReturned, BreachWithdrawn, Route
from domain.enforcement import EnforcementActionTaken
from domain.entry import EntryCorrected, Standing
from domain.event import Event
from domain.evidence import ENFORCEABLE, UNDECIDED, EvidenceAwaited, EvidenceDecided, outcome_of
from domain.ladder import Enforced, Step, enforced
from domain.organisation import ProviderKind
from domain.policy import Policy
from domain.recall import RecallDecided, RecallRequested
from domain.remembered import Phase
from domain.upw_session import UpwAttendanceRecorded
from domain.working_days import add_months, local_day
from projections.hidden import asking, spared
from projections.story import Story

STEPS: tuple[type[Event], ...] = (
    EvidenceAwaited,
    EvidenceDecided,
    EnforcementActionTaken,
    BreachReferred,
    BreachReturned,
    BreachPresented,
    BreachWithdrawn,
    BreachConcluded,
    RecallRequested,
    RecallDecided,
)
"""The entries that enforcement rests on beside the failures."""

COLUMNS = {"stream_id": "uuid", "number": "int4", "step": "text", "due_on": "date", "due_nps_on": "date"}
"""One row a step that is due. Which of the two days holds depends on who has the case; that is known to the query, not to the history."""


def entries(story: Story) -> list[tuple[int, Event]]:
    """What enforcement rests on, as it stands, in the order of recording. Of what became of appointments and sessions that is the
    failures, which are few."""
    found: list[tuple[int, Event]] = [(s.number, s.reads) for s in story.once(_failures) if not s.withdrawn_by]
    found += [(s.number, s.reads) for kind in STEPS for s in story.of(kind) if not s.withdrawn_by]
    return sorted(found, key=itemgetter(0))


def _failures(story: Story) -> list[Standing[OutcomeRecorded | UpwAttendanceRecorded]]:
    """The outcomes that can be enforced, withdrawn ones too."""
    kept: list[Standing[OutcomeRecorded | UpwAttendanceRecorded]] = [*story.of(OutcomeRecorded), *story.of(UpwAttendanceRecorded)]
    return [s for s in kept if s.reads.outcome in ENFORCEABLE]


def corrected_on(story: Story) -> dict[int, date]:
    """When each outcome that left the reason open was first corrected to one that does not; a later correction changes no clock."""
    found: dict[int, date] = {}
    for correction in story.of(EntryCorrected):
        number, event = correction.reads.entry, correction.reads
        left_open = outcome_of(story.history[number - 1].event) == UNDECIDED
        if left_open and outcome_of(event.reads) != UNDECIDED:
            found.setdefault(number, local_day(event.occurred_at))
    return found


def phases(story: Story) -> dict[int, Phase]:
    """The phase that each sentence is in."""
    return {number: line[-1].phase for number, line in story.stages.items()}


def standing(story: Story, policy: Policy, route: Route) -> Enforced:
    """How enforcement stands, for whoever holds the case."""
    running = {phase for phase in phases(story).values() if phase is not Phase.ENDED}
    licence = bool(running) and running.isdisjoint({Phase.COMMUNITY, Phase.PSS})
    return enforced(story.once(entries), policy, route=route, licence=licence, corrected_on=corrected_on(story))


class StepDue(NamedTuple):
    """A step that is due by a rule, about an entry: by when in a CRC and by when in the NPS."""

    number: int
    step: Step
    in_crc: date
    in_nps: date

    def due_on(self, route: Route) -> date:
        return self.in_crc if route is Route.CRC else self.in_nps


def dues(story: Story, policy: Policy) -> list[StepDue]:
    """The steps that are due by a rule. A case without a failure has none, and is not looked at twice."""
    if not story.once(_failures):
        return []
    in_crc = {(finding.step, finding.about): finding.due_on for finding in standing(story, policy, Route.CRC).findings}
    if not any(in_crc.values()):
        return []
    in_nps = {(finding.step, finding.about): finding.due_on for finding in standing(story, policy, Route.NPS).findings}
    both = ((step, about, due, in_nps[step, about]) for (step, about), due in in_crc.items())
    return [StepDue(about[0], step, due, nps) for step, about, due, nps in both if due is not None and nps is not None]


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for due in story.once(dues, policy):
        yield due.number, due.step.value, due.in_crc, due.in_nps


def route_of(kind: str) -> Route:
    """How a breach goes to court from a provider of this kind."""
    return Route.NPS if kind == ProviderKind.NPS else Route.CRC


class Clock(msgspec.Struct, frozen=True):
    """One step that is due in a case, about an entry of it."""

    stream_id: UUID
    crn: str
    name: str
    rosh: str
    number: int
    step: str
    due_on: date


WATCHED = (Step.REFER, Step.REFER_AGAIN, Step.PRESENT, Step.DECIDE)
"""The steps that an officer is reminded of; the others stand on the case's own page."""


def clocks(
    conn: Connection[Any],
    *,
    practitioner: str | None,
    today: date,
    policy: Policy,
    covered: Sequence[UUID] = (),
    hidden: Sequence[UUID] = (),
) -> Sequence[Clock]:
    """The enforcement clocks of a practitioner's open cases, and of those they stand in for, that run out soon or have run out in the
    last 12 months, of each step in a case the first, soonest first. What is hidden from them is left out."""
    query = f"""
        select * from (
          select distinct on (c.crn, e.step) c.stream_id, c.crn, c.name, c.rosh, e.number, e.step,
            case when p.kind = %(nps)s then e.due_nps_on else e.due_on end as due_on
          from caseload c join enforcement e using (stream_id) left join provider p on p.code = c.provider
          where (c.practitioner = %(practitioner)s or c.stream_id = any(%(covered)s)) and {spared(hidden, "c.stream_id")}
            and c.ended_on is null and e.step = any(%(steps)s)
            and e.due_on > %(since)s
          order by c.crn, e.step, e.due_on, e.number
        ) found where due_on <= %(until)s order by due_on, crn, number
    """
    asked = {
        "nps": ProviderKind.NPS.value,
        "practitioner": practitioner,
        "steps": [step.value for step in WATCHED],
        "since": add_months(today, -policy.enforcement.window_months),
        "until": today + timedelta(days=policy.agenda.review_ahead_days),
        "covered": list(covered),
        **asking(hidden),
    }
    with conn.cursor(row_factory=class_row(Clock)) as cursor:
        return cursor.execute(query.encode(), asked).fetchall()
