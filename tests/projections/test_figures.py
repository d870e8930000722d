"""Figures: whatever the measure and whoever asks, a figure is the sum of the findings of the cases, and so are its parts."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from math import ceil
from typing import Any

import pytest
from psycopg import Connection

from domain.working_days import add_months, local_day
from projections import cases_behind, counted, figures, paces, recorded, recorded_weeks, totals
from projections.figures import LEVELS, Figure, Scope, in_scope, tally
from projections.finding import Finding, Verdict
from projections.lateness import Week, has_delay, is_late
from projections.measure import Measure
from projections.measures import MEASURES
from projections.pace import Pace, pace
from projections.read_models import ReadSide
from projections.recorded import Made
from projections.recorded_weeks import Part
from projections.statistics.delay import week_of
from projections.story import Story
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER, fresh
from web import synthetic

UNTIL = datetime(2026, 5, 20, 17, tzinfo=UTC)
TODAY = local_day(UNTIL)
THIS_MONTH = TODAY.replace(day=1)
EVERY = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
POLICY = current_policy()


class Population:
    """The made-up population in a record, and every case's history beside it."""

    def __init__(self, record: Record) -> None:
        synthetic.seed(record, cases=40, seed=11, until=UNTIL)
        self.read_side = ReadSide(record, POLICY)
        self.read_side.prepare()
        with self.read_side.reading() as conn:
            self.cases = {crn: stream for crn, stream in conn.execute("select crn, stream_id from caseload order by crn").fetchall()}
        self.stories = {crn: Story(record.history(stream)) for crn, stream in self.cases.items()}
        self.findings = cache(self._findings)

    def _findings(self, measure: str) -> dict[str, list[Finding]]:
        return {crn: MEASURES[measure].findings(story, POLICY, TODAY) for crn, story in self.stories.items()}

    def within(self, measure: Measure, scope: Scope) -> list[Finding]:
        seen = {crn: found for crn, found in self.findings(measure.name).items() if self.cases[crn] not in scope.hidden}
        return [f for found in seen.values() for f in found if in_scope(f, scope)]


@pytest.fixture(scope="module")
def population(server: str, synthetic_template: str) -> Iterator[Population]:
    for dsn in fresh(server, synthetic_template):
        record = Record(as_service(dsn), MASTER, pool_size=8)
        yield Population(record)
        record.close()


@pytest.fixture
def conn(population: Population) -> Iterator[Connection[Any]]:
    with population.read_side.reading() as conn:
        yield conn


def scopes(population: Population, measure: Measure) -> list[Scope]:
    """Everything, each provider, team and officer there is, and months that begin and end within the history."""
    holders = {f.holder for found in population.findings(measure.name).values() for f in found if f.holder}
    months: dict[str, Any] = {"since": add_months(THIS_MONTH, -7), "until": add_months(THIS_MONTH, -2)}
    found = [Scope(TODAY), Scope(TODAY, **months), *(Scope(TODAY, without=level) for level in figures.LEVELS)]
    found += [Scope(TODAY, hidden=tuple([*population.cases.values()][::3]))]
    found += [Scope(TODAY, provider=p) for p in sorted({h.provider for h in holders})]
    found += [Scope(TODAY, team=t, **months) for t in sorted({h.team for h in holders})]
    return found + [Scope(TODAY, practitioner=p) for p in sorted({h.practitioner for h in holders})]


@EVERY
def test_a_figure_is_the_sum_of_the_findings(population: Population, conn: Connection[Any], measure: Measure) -> None:
    for scope in scopes(population, measure):
        assert figures.figure(conn, measure, scope) == tally(population.within(measure, scope)), scope


def test_every_measure_asked_at_once_comes_to_what_each_comes_to_alone(population: Population, conn: Connection[Any]) -> None:
    for scope in {repr(scope): scope for measure in MEASURES.values() for scope in scopes(population, measure)}.values():
        found = figures.every(conn, scope)
        assert found == {name: figures.figure(conn, measure, scope) for name, measure in MEASURES.items()}, scope


@EVERY
def test_its_months_officers_teams_and_cases_add_up_to_it(population: Population, conn: Connection[Any], measure: Measure) -> None:
    scope = Scope(TODAY, since=add_months(THIS_MONTH, -12))
    found = population.within(measure, scope)

    months = figures.by_month(conn, measure, scope)
    assert {row.key: row.figure for row in months} == {
        f"{month}": tally(f for f in found if f.month == month) for month in {f.month for f in found}
    }
    officers = figures.by_practitioner(conn, measure, scope)
    assert {row.key: row.figure for row in officers} == {
        code: tally(f for f in found if _officer(f) == code) for code in {_officer(f) for f in found}
    }
    for rows, whose in ((figures.by_team(conn, measure, scope), _team), (figures.by_provider(conn, measure, scope), _provider)):
        assert {row.key: row.figure for row in rows} == {
            code: tally(f for f in found if whose(f) == code) for code in set(map(whose, found))
        }
    cases = cases_behind.by_case(conn, measure, scope, limit=1000)
    assert {case.crn: (case.yes, case.no, case.not_evidenced, case.left_out) for case in cases} == {
        crn: _counts(tally(mine))
        for crn, every in population.findings(measure.name).items()
        if (mine := [f for f in every if in_scope(f, scope)])
    }
    for verdict in Verdict:
        with_it = [case for case in cases if getattr(case, verdict.replace(" ", "_"))]
        assert cases_behind.count(conn, measure, scope, verdict) == len(with_it)


def _officer(finding: Finding) -> str:
    return finding.holder.practitioner if finding.holder else ""


def _team(finding: Finding) -> str:
    return finding.holder.team if finding.holder else ""


def _provider(finding: Finding) -> str:
    return finding.holder.provider if finding.holder else ""


def _counts(figure: Figure) -> tuple[int, int, int, int]:
    return figure.yes, figure.no, figure.not_evidenced, figure.left_out


@EVERY
def test_every_finding_says_why_and_names_an_entry_of_its_case(population: Population, measure: Measure) -> None:
    for crn, found in population.findings(measure.name).items():
        for finding in found:
            assert finding.why
            assert 0 <= finding.number <= len(population.stories[crn].history)
            assert finding.month.day == 1


@EVERY
def test_every_measure_rests_on_values_of_the_policy_with_their_sources(measure: Measure) -> None:
    for rule in measure.rules:
        assert any(f"{key}.".startswith(f"{rule}.") for key in POLICY.sources), rule
    assert measure.definition.endswith(".")
    assert measure.question.endswith("?")


@EVERY
def test_a_day_later_only_what_ran_out_or_ended_has_changed(population: Population, measure: Measure) -> None:
    """The rows hold no clock: the same rows answer for another day, as the findings do."""
    later = date(2026, 8, 3)
    scope = Scope(later)
    found = [f for story in population.stories.values() for f in measure.findings(story, POLICY, later)]
    with population.read_side.reading() as conn:
        assert figures.figure(conn, measure, scope) == tally(found)


# Totals ----------------------------------------------------------------------------------------------------------------


def test_the_totals_of_teams_are_what_the_rows_of_cases_come_to(population: Population) -> None:
    assert population.read_side.wrong_totals() == []


def test_a_total_that_lost_a_row_is_noticed(population: Population) -> None:
    with population.read_side.reading() as conn, conn.transaction(force_rollback=True):
        conn.execute("delete from contact_total where ctid = (select min(ctid) from contact_total)")
        assert totals.differ(conn, counted.CONTACT_TOTAL, counted.CONTACT_TABLE)
        assert not totals.differ(conn, counted.LASTING_TOTAL, counted.LASTING_TABLE)


def test_weeks_of_recording_are_those_of_the_entries(population: Population, conn: Connection[Any]) -> None:
    since, before = week_of(add_months(THIS_MONTH, -6)), add_months(THIS_MONTH, -12)
    for unseen in ((), sorted(population.cases.values())[::3]):
        seen = [story for crn, story in population.stories.items() if population.cases[crn] not in unseen]
        made = [one for story in seen for one in recorded.made(story) if not one.imported]
        for provider in ("", *{one.provider for one in made if one.provider}):
            mine = [one for one in made if provider in ("", one.provider)]
            asked = (provider, unseen)
            for level in ("provider", "team"):
                found = recorded_weeks.by_part(conn, level, before, since, TODAY, *asked)
                assert {part.code: part for part in found} == _parts_of(mine, level, week_of(before), since)
            for week in recorded_weeks.weeks(conn, since, TODAY, TODAY, POLICY, *asked):
                assert _of_week(week) == _of_entries([one for one in mine if has_delay(one)], week.begins)
    assert any(one.late for one in recorded_weeks.by_part(conn, "provider", before, since, TODAY))


def _parts_of(made: list[Made], level: str, before: date, since: date) -> dict[str, Part]:
    found = {}
    for code in {getattr(one, level) for one in made if before <= one.recorded_on}:
        mine = [one for one in made if getattr(one, level) == code and before <= one.recorded_on]
        shown = [one for one in mine if since <= one.recorded_on]
        late_in = Counter({f"{week_of(one.recorded_on)}": 0 for one in mine})
        late_in.update(f"{week_of(one.recorded_on)}" for one in mine if is_late(one, POLICY))
        standing = Counter(one.standing for one in shown)
        timed, late = sum(map(has_delay, shown)), sum(is_late(one, POLICY) for one in shown)
        found[code] = Part(code, len(shown), timed, late, standing[recorded.CORRECTED], standing[recorded.WITHDRAWN], dict(late_in))
    return found


def _of_week(week: Week) -> tuple[int, ...]:
    return week.happened, week.happened_late, week.recorded, week.recorded_late


def _of_entries(made: list[Made], week: date) -> tuple[int, ...]:
    about = [one for one in made if week_of(one.happened_on) == week]
    within = [one for one in made if week_of(one.recorded_on) == week]
    return len(about), sum(is_late(one, POLICY) for one in about), len(within), sum(is_late(one, POLICY) for one in within)


# The pace of cases ------------------------------------------------------------------------------------------------------


def held_by(population: Population, **held: str) -> dict[str, Pace]:
    """The pace of each case under supervision that somebody holds now, from its history alone."""
    found = {}
    for crn, story in population.stories.items():
        if story.supervised and story.supervised[-1].until is None:
            holder = story.holders[-1] if story.holders else None
            if all(holder and getattr(holder, level) == code for level, code in held.items()):
                told = pace(story, POLICY, TODAY)
                assert told is not None
                found[crn] = told
    return found


def scopes_of_holders(population: Population) -> list[dict[str, str]]:
    now = {story.holders[-1] for story in population.stories.values() if story.holders}
    return [{}, *({level: getattr(holder, level)} for holder in now for level in LEVELS)]


def test_the_pace_of_each_case_in_a_list_is_that_of_its_history(population: Population, conn: Connection[Any]) -> None:
    fields = Pace.__struct_fields__
    for held in scopes_of_holders(population):
        listed = paces.cases(conn, Scope(TODAY, **held), POLICY, limit=None)
        assert {case.crn: [getattr(case, field) for field in fields] for case in listed} == {
            crn: [getattr(one, field) for field in fields] for crn, one in held_by(population, **held).items()
        }
        assert [case.crn for case in listed] == [
            case.crn for n in range(0, len(listed), 3) for case in paces.cases(conn, Scope(TODAY, **held), POLICY, limit=3, offset=n)
        ]


def test_what_paces_come_to_is_the_sum_of_those_of_the_cases(population: Population, conn: Connection[Any]) -> None:
    for held in scopes_of_holders(population):
        found, each = paces.paces(conn, Scope(TODAY, **held), POLICY), list(held_by(population, **held).values())
        assert (found.cases, found.flagged, found.open) == (len(each), sum(p.flagged for p in each), sum(p.open for p in each))
        assert found.purposeful == sum(p.purposeful for p in each)
        assert found.exposed_days == sum(p.exposed_days for p in each)
        gaps = sorted(p.longest_gap for p in each)
        assert found.quartiles == (tuple(gaps[ceil(len(gaps) * q / 4) - 1] for q in (1, 2, 3)) if gaps else None)
        for kind, band, (first, last) in zip(("0", "1", "2", "3"), found.bands, paces.BANDS, strict=True):
            inside = [p for p in each if p.longest_gap >= first and (last is None or p.longest_gap <= last)]
            assert (band.cases, band.open) == (len(inside), sum(p.open for p in inside))
            assert len(paces.cases(conn, Scope(TODAY, **held), POLICY, kind, limit=None)) == band.cases
        assert len(paces.cases(conn, Scope(TODAY, **held), POLICY, "flagged", limit=None)) == found.flagged
    assert any(p.flagged for p in held_by(population).values())


def test_cases_that_do_not_exist_for_the_reader_are_in_no_pace(population: Population, conn: Connection[Any]) -> None:
    some = sorted(held_by(population))[:5]
    scope = Scope(TODAY, hidden=tuple(population.cases[crn] for crn in some))
    assert paces.paces(conn, scope, POLICY).cases == len(held_by(population)) - 5
    assert not {case.crn for case in paces.cases(conn, scope, POLICY, limit=None)} & set(some)
