"""The list of read models, and the read side that keeps them: one object for pages, jobs and commands to ask."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from domain.assessment import Assessment
from domain.case import Case
from domain.inspection import Inspection
from domain.moderation import Moderation
from domain.organisation import Provider
from domain.policy import Policy
from domain.practitioner import Practitioner
from domain.question_set import ImportedSet
from projections import (
    as_known,
    assessments,
    building,
    caseload_row,
    compliance,
    counted,
    cover,
    deadlines,
    diary,
    engine,
    following,
    inspections,
    inspectors,
    kinds_used,
    limited_access,
    organisations,
    oversight,
    pace,
    rebuilding,
    recorded,
    recorded_weeks,
    revised,
    snoozed,
    totals,
    transfers,
    unpaid_work,
    upw_projects,
)
from projections.as_known import Snapshot, Wanted
from projections.building import Underway
from projections.engine import LIVE, ReadModel
from projections.following import Health
from projections.measures import continuity
from store.policy import policy_of
from store.record import Record

_PERIOD = ("(team, month)", "(provider, month)", "(practitioner, month)")

MODELS: tuple[ReadModel, ...] = (
    ReadModel(
        "caseload",
        Case,
        caseload_row.COLUMNS,
        caseload_row.rows,
        caseload_row.INDEXES,
    ),
    ReadModel(
        "diary",
        Case,
        diary.COLUMNS,
        diary.rows,
        ("(practitioner, starts_at)", "(session) where session <> ''", "(second_practitioner) where second_practitioner <> ''"),
    ),
    ReadModel("enforcement", Case, compliance.COLUMNS, compliance.rows),
    ReadModel(deadlines.TABLE, Case, deadlines.COLUMNS, deadlines.rows, deadlines.INDEXES),
    ReadModel("transfer", Case, transfers.COLUMNS, transfers.rows, ("(to_team)", "(from_team)")),
    ReadModel("cover", Case, cover.COLUMNS, cover.rows, ("(practitioner, until)", "(instead_of, until)")),
    ReadModel("snoozed", Case, snoozed.COLUMNS, snoozed.rows, ("(practitioner)", "(team)")),
    ReadModel("limited_access", Case, limited_access.COLUMNS, limited_access.rows, present_only=True),
    ReadModel("kind_used", Case, kinds_used.COLUMNS, kinds_used.rows, ("(practitioner)",), present_only=True),
    ReadModel("holder", Case, continuity.HOLDER_COLUMNS, continuity.holder_rows, ("(team, stream_id)", "(provider, stream_id)")),
    ReadModel(counted.CONTACT_TABLE, Case, counted.CONTACT_COLUMNS, counted.contact_rows, _PERIOD, total=counted.CONTACT_TOTAL),
    ReadModel(
        counted.LASTING_TABLE,
        Case,
        counted.LASTING_COLUMNS,
        counted.lasting_rows,
        ("(team, measure)", "(provider, measure)", "(practitioner, measure)"),
        total=counted.LASTING_TOTAL,
    ),
    ReadModel("continuity_case", Case, continuity.CASE_COLUMNS, continuity.case_rows),
    ReadModel(pace.CASE_TABLE, Case, pace.CASE_COLUMNS, pace.case_rows, ("(team)", "(provider)", "(practitioner)")),
    ReadModel("unpaid_work", Case, unpaid_work.COLUMNS, unpaid_work.rows, ("(ordered_on) where first_instructed_on is null",)),
    ReadModel(
        "upw_instruction",
        Case,
        unpaid_work.INSTRUCTION_COLUMNS,
        unpaid_work.instruction_rows,
        ("(team, issued_on)", "(provider, issued_on)"),
    ),
    ReadModel("recorded", Case, recorded.COLUMNS, recorded.rows, ("(team)", "(provider)")),
    ReadModel(recorded_weeks.TABLE, Case, recorded_weeks.COLUMNS, recorded_weeks.rows, total=recorded_weeks.TOTAL),
    ReadModel(revised.TABLE, Case, revised.COLUMNS, revised.rows, ("(provider)",)),
    ReadModel(
        "oversight",
        Case,
        oversight.COLUMNS,
        oversight.rows,
        ("(team, state)", f"(author) where state = '{oversight.BACK}'"),
    ),
    ReadModel("upw_project", Provider, upw_projects.COLUMNS, upw_projects.rows, ("(provider)",)),
    ReadModel("provider", Provider, organisations.PROVIDER_COLUMNS, organisations.provider_rows, ("(code)",)),
    ReadModel("team", Provider, organisations.TEAM_COLUMNS, organisations.team_rows, ("(code)",)),
    ReadModel("practitioner", Practitioner, organisations.PRACTITIONER_COLUMNS, organisations.practitioner_rows, ("(code)", "(team)")),
    ReadModel("inspection", Inspection, inspections.COLUMNS, inspections.rows, ("(reference)",)),
    ReadModel("inspected", Inspection, inspections.INSPECTED_COLUMNS, inspections.inspected_rows, ("(crn)",)),
    ReadModel("inspector", Inspection, inspectors.COLUMNS, inspectors.rows, ("(inspector)",)),
    ReadModel("assessment", Assessment, assessments.COLUMNS, assessments.rows, ("(inspection)",)),
    ReadModel("judgement", Assessment, assessments.JUDGED_COLUMNS, assessments.judged_rows, ("(inspection)",)),
    ReadModel("moderated", Moderation, assessments.MODERATED_COLUMNS, assessments.moderated_rows, ("(inspection)",)),
    ReadModel("question_set", ImportedSet, assessments.SET_COLUMNS, assessments.set_rows),
)


PAST = tuple(model for model in MODELS if not model.present_only)
"""What a day of the past holds."""


class ReadSide:
    """The read models of one record under one policy."""

    def __init__(self, record: Record, policy: Policy) -> None:
        self.record = record
        self.policy = policy
        record.look_at(engine.live(MODELS))

    def is_ready(self) -> bool:
        """Whether there are rows that pages can be shown from, perhaps by older rules than this release's."""
        return bool(self._rules())

    def is_current(self) -> bool:
        """Whether the rows were folded by the code and the policy that run now."""
        return self._rules() == engine.digest(MODELS, self.policy)

    def _rules(self) -> str:
        with self.record.pool.connection() as conn:
            return rebuilding.rules_of(conn, engine.live(MODELS))

    def prepare(self, progress: building.Progress | None = None) -> bool:
        """Rebuild when there are no rows yet or they are older than the code; returns whether it did."""
        return not self.is_current() and rebuilding.rebuild(self.record, MODELS, self.policy, progress, unless_current=True) is not None

    def drop_left(self, before: datetime) -> int:
        """Drop the rows of releases whose tables were of another shape and that stopped following the log before then."""
        return rebuilding.drop_left(self.record, MODELS, before)

    def fold(self, streams: Iterable[UUID]) -> None:
        """Make the rows of these streams true, now."""
        engine.fold_live(self.record, MODELS, self.policy, streams)

    def catch_up(self) -> int:
        return following.catch_up(self.record, MODELS, self.policy)

    def rebuild(self, progress: building.Progress | None = None) -> int:
        position = rebuilding.rebuild(self.record, MODELS, self.policy, progress)
        assert position is not None
        return position

    def underway(self) -> Underway | None:
        """How far a rebuild for this code and policy has come, if there is one."""
        return rebuilding.underway(self.record, MODELS, self.policy)

    def as_known_at(self, position: int, progress: building.Progress | None = None) -> str:
        """The schema that holds everything as known at a position, of everybody's cases; it is built here if it is not there yet."""
        return self.build(Wanted(position, self.policy, self.record.clock()), progress).name

    def as_known(self, instant: datetime, progress: building.Progress | None = None) -> str:
        """The schema that holds what was known at an instant."""
        return self.as_known_at(self.record.position_at(instant), progress)

    def ask(self, wanted: Wanted) -> Snapshot:
        """What answers this, built or still to be built in the background."""
        return as_known.ask(self.record, MODELS, wanted)

    def latest(self, wanted: Wanted, since: datetime) -> Snapshot | None:
        """The newest snapshot that answers this at any position, if it stands for a moment since then."""
        return as_known.latest(self.record, MODELS, wanted, since)

    def snapshot(self, name: str) -> Snapshot | None:
        return as_known.named(self.record, name)

    def build(self, wanted: Wanted, progress: building.Progress | None = None) -> Snapshot:
        """What answers this, built here and now if it is not there yet."""
        return as_known.build(self.record, MODELS, wanted, progress)

    def build_next(self, progress: building.Progress | None = None) -> str:
        """Build what was asked for the longest ago; returns its name, empty if there is nothing to build."""
        return as_known.build_next(self.record, MODELS, policy_of, progress)

    def drop_stale(self, before: datetime) -> int:
        """Drop the days of the past that nobody has asked for since."""
        return as_known.drop_stale(self.record, before)

    def put_totals_together(self) -> int:
        """Make one row of the totals that commands added to one by one; returns how many there were."""
        with self.reading() as conn:
            return sum(totals.put_together(conn, model.total) for model in MODELS if model.total)

    def wrong_totals(self) -> list[str]:
        """The tables of totals that are others than the cases' rows come to: none, unless something is broken."""
        with self.reading() as conn, conn.transaction():
            conn.execute("set transaction isolation level repeatable read")
            return [model.total.table for model in MODELS if model.total and totals.differ(conn, model.total, model.table)]

    def health(self, *, sample: int | None = 200) -> Health:
        return following.health(self.record, MODELS, self.policy, sample=sample)

    @contextmanager
    def reading(self, schema: str = LIVE) -> Iterator[Connection[Any]]:
        """A connection whose unqualified tables are those of `schema`."""
        with self.record.pool.connection() as conn:
            if schema == LIVE:
                yield conn
                return
            with conn.transaction():
                conn.execute(sql.SQL("set local search_path to {}").format(sql.Identifier(schema)))
                yield conn
