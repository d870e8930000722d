"""What stands out in the invented population, by the rule that pages use: the team that writes up a backlog once it knows of the
inspection and the one that sends its letters again, and not the busiest team, which does neither."""

from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache
from uuid import UUID

import pytest

from domain.case import CaseOpened
from domain.event import Recorded
from domain.inspection import InspectionAnnounced
from domain.working_days import local_day
from projections import recorded, unusual_weeks
from projections.recorded import INSTRUCTION
from projections.revised import ENTERED
from projections.since_announced import Inspected, Put, lines
from projections.story import Story
from store.policy import current_policy
from tests.web.test_population import CASES
from tests.web.test_synthetic import WEDNESDAY, lived

pytestmark = pytest.mark.xdist_group("population")

BACK_FILLED, LETTERS, BUSIEST = "C10SWA", "C10NPT", "C10CDF"
POLICY, TODAY = current_policy(), local_day(WEDNESDAY)


@cache
def announced() -> Inspected:
    """The inspection of the population, with its place among the entries."""
    place, one = next((n, one) for n, one in enumerate(lived(CASES), 1) if isinstance(one.pending.event, InspectionAnnounced))
    return Inspected(one.pending.event.provider, place, one.recorded_at)


@cache
def put() -> tuple[Put, ...]:
    """What was entered in cases of the inspected provider, as the record's rows would have it."""
    of, histories = announced(), defaultdict[UUID, list[Recorded]](list)
    for position, (at, pending) in enumerate(lived(CASES), 1):
        histories[pending.originator_id].append(Recorded(pending.originator_id, pending.originator_version, pending.event, at, position))
    counts = Counter[tuple[object, ...]]()
    for history in histories.values():
        if not isinstance(history[0].event, CaseOpened):
            continue
        for one in recorded.made(Story(history)):
            if one.provider == of.provider:
                since = history[one.number - 1].position > of.position
                counts[one.kind, one.standing, one.imported, one.happened_on, one.recorded_on, one.team, since] += 1
    return tuple(Put(*key[:5], many, key[5], ENTERED, key[6]) for key, many in counts.items())


def test_the_back_filled_team_stands_out_after_the_announcement_and_no_other_does() -> None:
    told = lines(put(), lambda one: one.team, announced(), TODAY, POLICY.comparison)
    assert {team for team, line in told.items() if line.standing_out()} == {BACK_FILLED}
    back_filled = told[BACK_FILLED]
    usual = back_filled.usual(ENTERED)
    assert usual is not None
    assert back_filled.entries(ENTERED) > 3 * usual
    assert told[BUSIEST].entries(ENTERED) > 0


def test_the_letters_sent_again_stand_out_and_the_busiest_team_never_does() -> None:
    of, teams = announced(), defaultdict[str, list[Put]](list)
    for one in put():
        teams[one.team].append(one)
    since = of.day - timedelta(weeks=POLICY.comparison.burst_weeks_before)
    flagged, looked_at = unusual_weeks.of_teams(teams, since, TODAY + timedelta(days=1), TODAY, POLICY)
    assert looked_at > 200
    letters = [f.week for team, f in flagged if team == LETTERS and f.stream.kind == INSTRUCTION]
    assert any(of.day - timedelta(days=14) < week + timedelta(days=6) < of.day + timedelta(days=7) for week in letters)
    assert BACK_FILLED in {team for team, f in flagged if f.stream is unusual_weeks.LATE and f.week >= of.day - timedelta(days=7)}
    assert BUSIEST not in {team for team, _ in flagged}
