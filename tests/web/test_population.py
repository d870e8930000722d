"""The invented population lives every event of the domain, and its shares are those that its file of numbers states."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import get_args
from uuid import UUID

import pytest

from domain.appointment import AppointmentArranged, OutcomeRecorded
from domain.breach import BreachReferred
from domain.case import CaseOpened
from domain.catalogue import CaseEvent
from domain.contact import Privacy
from domain.event import Event
from domain.inspection import InspectionAnnounced
from domain.person import PersonDetailsRecorded
from domain.sentence import SentenceStarted
from domain.upw_instruction import InstructionKind, LetterLanguage, UpwInstructed
from domain.working_days import local_day
from store.codec import tag
from store.policy import current_policy
from tests.web.test_synthetic import WEDNESDAY, lived
from web.synthetic.diary import Diary
from web.synthetic.draws import Mix
from web.synthetic.life import Lived
from web.synthetic.parameters import POPULATION, stated
from web.synthetic.plans import Plan, draw_plan
from web.synthetic.sentences import ORDERS
from web.synthetic.staff import DEMO_OFFICERS, PROVIDERS, TEAMS, Provider, Staff

pytestmark = pytest.mark.xdist_group("population")  # what they all look at takes seconds to make

CASES = 500
TODAY = local_day(WEDNESDAY)


@cache
def plans(cases: int = 2000) -> tuple[Plan, ...]:
    diary = Diary(WEDNESDAY, current_policy().bank_holidays)
    staff = Staff(cases, Random("7:staff"), diary.today)
    return tuple(draw_plan(index, 7, diary, staff) for index in range(cases))


def told(kind: type[Event]) -> Iterator[Lived]:
    return (one for one in lived(CASES) if isinstance(one.pending.event, kind))


def share(mix: Mix, *codes: str) -> float:
    return sum(mix[code] for code in codes) / sum(mix.values())


# -- all of the domain -------------------------------------------------------------------------------------------------


def test_every_event_that_can_happen_in_a_case_happens_to_somebody() -> None:
    # Two populations, because some things happen to one person in hundreds.
    seen = {tag(one.pending.event) for seed in (7, 8) for one in lived(CASES, seed)}
    assert {kind.__struct_config__.tag for kind in get_args(CaseEvent)} - seen == set()


def test_every_number_has_a_source_and_a_mark() -> None:
    numbers = {
        f"{group}.{name}": entry for group, entries in stated().items() if isinstance(entries, dict) for name, entry in entries.items()
    }
    assert len(numbers) > 150
    for name, entry in numbers.items():
        assert set(entry) == {"value", "source", "mark"}, name
        assert entry["mark"] in ("[V]", "[R]", "[D]"), name
        assert len(entry["source"]) > 2, name


# -- shares ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "codes",
    [("ATTC",), ("UAAB", "AFTA", "AFTC", "ATSH"), ("AAME", "AAEM", "AAFC", "AAAA", "AACL"), ("RSOF", "RSSR")],
    ids=["attended and complied", "failed", "acceptable absence", "rescheduled"],
)
def test_attendance_is_as_stated(codes: tuple[str, ...]) -> None:
    outcomes = Counter(one.pending.event.outcome for one in told(OutcomeRecorded))
    found = sum(outcomes[code] for code in codes) / outcomes.total()
    assert found == pytest.approx(share(POPULATION.attendance.outcomes, *codes), abs=0.025)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.code)
def test_the_share_supervised_by_telephone_is_that_of_the_provider(provider: Provider) -> None:
    teams = {team.code for team in TEAMS if team.provider == provider.code}
    theirs = [plan.by_telephone for plan in plans() if plan.first.team in teams]
    assert len(theirs) > 100
    assert sum(theirs) / len(theirs) == pytest.approx(provider.telephone, abs=0.07)


def test_who_is_supervised_by_telephone_is_rung_up_every_six_weeks_and_hardly_seen() -> None:
    planned = {plan.crn for plan in plans() if plan.by_telephone and not plan.moves}
    found = {one.pending.originator_id for one in told(CaseOpened) if one.pending.event.crn in planned}
    opened = {one.pending.originator_id: one.recorded_at for one in told(CaseOpened)}
    kinds = Counter(
        one.pending.event.kind
        for one in told(AppointmentArranged)
        if one.pending.originator_id in found
        and one.pending.event.one_to_one
        and one.recorded_at > opened[one.pending.originator_id] + timedelta(days=POPULATION.contact.telephone_from_age + 1)
    )
    assert kinds["COPT"] / kinds.total() > 0.9


def test_between_a_fifth_and_a_third_of_orders_that_have_run_for_a_while_were_breached() -> None:
    breached = {(one.pending.originator_id, s) for one in told(BreachReferred) for s in one.pending.event.sentences}
    orders = [
        (one.pending.originator_id, one.pending.originator_version)
        for one in told(SentenceStarted)
        if one.pending.event.kind in ORDERS and one.pending.event.occurred_at < WEDNESDAY - timedelta(days=250)
    ]
    assert len(orders) > 80
    assert 0.2 < sum(order in breached for order in orders) / len(orders) < 0.36


def test_officers_hold_the_caseloads_that_are_stated() -> None:
    diary = Diary(WEDNESDAY, current_policy().bank_holidays)
    staff = Staff(2000, Random("7:staff"), diary.today)
    in_post = sum(len(staff.in_post(team.code, TODAY)) for team in TEAMS)
    assert 2000 / in_post == pytest.approx(POPULATION.allocation.cases_an_officer, rel=0.25)


def test_open_booths_stand_in_a_few_offices() -> None:
    said: dict[str, Counter[Privacy]] = defaultdict(Counter)
    for one in told(OutcomeRecorded):
        said[one.pending.event.by[:4]][one.pending.event.privacy] += 1
    with_booths = {by for by, found in said.items() if found[Privacy.BOOTH] > found[Privacy.PRIVATE]}
    assert with_booths == {"C15A"} | ({"C10D"} & with_booths)
    assert said["C10A"][Privacy.BOOTH] < 0.05 * said["C10A"][Privacy.PRIVATE]


# -- what stands out ---------------------------------------------------------------------------------------------------


def test_one_team_sends_its_instructions_again_in_the_week_before_the_inspection_is_announced() -> None:
    announced = next(told(InspectionAnnounced)).recorded_at
    again = Counter(
        local_day(one.recorded_at)
        for one in told(UpwInstructed)
        if one.pending.event.kind is InstructionKind.AGAIN and "check of files" in one.pending.event.reason
    )
    first, last = min(again), max(again)
    assert again.total() > 5
    assert local_day(announced) - timedelta(days=14) < first <= last < local_day(announced)
    assert _usual_week(first) < again.total()


def _usual_week(before: date) -> int:
    weeks = Counter(
        (before - local_day(one.recorded_at)).days // 7
        for one in told(UpwInstructed)
        if one.pending.event.by.startswith("C10B") and local_day(one.recorded_at) < before
    )
    return sorted(weeks.values())[len(weeks) // 2]


def test_letters_are_in_welsh_for_those_who_prefer_it_and_welsh_is_spoken_in_wales() -> None:
    welsh = {one.pending.originator_id for one in told(CaseOpened) if one.pending.event.language == "Welsh"}
    letters: dict[bool, set[LetterLanguage]] = defaultdict(set)
    for one in told(UpwInstructed):
        letters[one.pending.originator_id in welsh].add(one.pending.event.language)
    assert letters == {True: {LetterLanguage.WELSH}, False: {LetterLanguage.ENGLISH}}
    assert not any(plan.person.language == "Welsh" for plan in plans() if plan.first.team == "C15BRI")
    assert any(True for _ in told(PersonDetailsRecorded))


def test_who_signs_in_keeps_the_first_cases_to_the_end() -> None:
    kept: set[UUID] = set()
    for plan in plans()[: 2 * len(DEMO_OFFICERS)]:
        assert plan.first.practitioner in DEMO_OFFICERS
        assert plan.moves == ()
        assert plan.closes_at > WEDNESDAY + timedelta(days=30)
        kept.add(plan.person_id)
    assert len(kept) == 2 * len(DEMO_OFFICERS)
