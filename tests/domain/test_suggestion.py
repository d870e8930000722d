"""Suggestion: who is known first, then groups, then language, then room; never beyond an excessive workload."""

from collections.abc import Mapping, Sequence

from domain.policies import in_force
from domain.suggestion import Because, Candidate, Known, Rule, Suggested, Wanted, suggest

POLICY = in_force()
CARRIES = 1000
"""What each of them can carry, in points."""


def officers(**points: int) -> list[Candidate]:
    return [Candidate(code, held, CARRIES) for code, held in points.items()]


def asked(
    cases: Sequence[Wanted[str]], of: Sequence[Candidate], rules: Sequence[Rule] = tuple(Rule), barred: Sequence[tuple[str, str]] = ()
) -> dict[str, Suggested]:
    return suggest(cases, of, allocation=POLICY.allocation, workload=POLICY.workload, rules=rules, barred=set(barred))


def who(given: Mapping[str, Suggested]) -> dict[str, tuple[str, Because]]:
    return {case: (one.practitioner, one.because) for case, one in given.items()}


def test_given_nobody_knows_the_person_then_whoever_would_carry_the_smallest_share_is_suggested() -> None:
    half_time = Candidate("TOM", 300, 500)
    given = asked([Wanted("A", 100)], [*officers(OWEN=600, SIAN=500), half_time])
    # Tom would be at 400 of 500, Siân at 600 of 1,000, Owen at 700 of 1,000.
    assert given == {"A": Suggested("SIAN", Because.ROOM, Known(), 500, 600)}


def test_given_two_held_the_case_before_then_whoever_held_it_longer_is_suggested() -> None:
    knows = {"OWEN": Known(days=30), "SIAN": Known(days=200, met=1)}
    assert who(asked([Wanted("A", 100, known=knows)], officers(MEERA=0, OWEN=0, SIAN=900))) == {"A": ("SIAN", Because.HELD)}


def test_given_somebody_met_the_person_then_twice_counts_and_once_does_not() -> None:
    people = officers(OWEN=0, SIAN=500)
    assert who(asked([Wanted("A", 100, known={"SIAN": Known(met=2)})], people)) == {"A": ("SIAN", Because.MET)}
    assert who(asked([Wanted("A", 100, known={"SIAN": Known(met=1)})], people)) == {"A": ("OWEN", Because.ROOM)}


def test_given_who_is_known_would_have_too_much_then_room_decides() -> None:
    # 1,100 of 1,000 is excessive only above that: 110%.
    knows = {"SIAN": Known(days=200)}
    assert who(asked([Wanted("A", 100, known=knows)], officers(OWEN=0, SIAN=1000))) == {"A": ("SIAN", Because.HELD)}
    assert who(asked([Wanted("A", 101, known=knows)], officers(OWEN=0, SIAN=1000))) == {"A": ("OWEN", Because.ROOM)}


def test_given_everybody_has_too_much_then_whoever_has_least_is_suggested_for_room_alone() -> None:
    knows = {"SIAN": Known(days=200)}
    assert who(asked([Wanted("A", 100, known=knows)], officers(OWEN=1200, SIAN=1300))) == {"A": ("OWEN", Because.ROOM)}


def test_given_the_person_prefers_a_language_then_who_speaks_it_comes_before_room() -> None:
    welsh = Candidate("SIAN", 800, CARRIES, frozenset({"Welsh"}))
    assert who(asked([Wanted("A", 100, "Welsh")], [*officers(OWEN=0), welsh])) == {"A": ("SIAN", Because.LANGUAGE)}
    assert who(asked([Wanted("A", 100, "Polish")], [*officers(OWEN=0), welsh])) == {"A": ("OWEN", Because.ROOM)}


def test_given_several_cases_then_each_weighs_when_the_next_is_given() -> None:
    given = asked([Wanted(case, 100) for case in "ABCD"], officers(MEERA=100, OWEN=0))
    # Owen to 100; level, so Meera (by code) to 200; Owen to 200; level again, Meera to 300.
    assert [given[case].practitioner for case in "ABCD"] == ["OWEN", "MEERA", "OWEN", "MEERA"]
    assert (given["D"].before, given["D"].after) == (200, 300)


def test_given_one_of_several_people_knows_somebody_then_others_do_not_take_up_the_room() -> None:
    cases = [Wanted("A", 100), Wanted("B", 100, known={"SIAN": Known(days=9)})]
    assert who(asked(cases, [*officers(OWEN=950), Candidate("SIAN", 900, CARRIES)]))["B"] == ("SIAN", Because.HELD)


def test_given_people_of_one_group_then_they_go_to_one_officer() -> None:
    cases = [Wanted(case, 100, groups=frozenset({"g1"})) for case in "ABC"]
    assert {one.practitioner for one in asked(cases, officers(MEERA=0, OWEN=0)).values()} == {"MEERA"}
    assert {one.practitioner for one in asked(cases, officers(MEERA=0, OWEN=0), rules=()).values()} == {"MEERA", "OWEN"}


def test_given_a_case_is_hidden_from_somebody_then_they_are_not_suggested() -> None:
    people = officers(MEERA=500, OWEN=0)
    assert who(asked([Wanted("A", 100)], people, barred=[("A", "OWEN")])) == {"A": ("MEERA", Because.ROOM)}
    assert asked([Wanted("A", 100)], people, barred=[("A", "OWEN"), ("A", "MEERA")]) == {}


def test_given_a_grade_has_no_number_then_they_are_weighed_as_a_full_officer() -> None:
    senior = Candidate("MEERA", 0, None)
    assert who(asked([Wanted("A", 100)], [senior, *officers(OWEN=0)])) == {"A": ("MEERA", Because.ROOM)}
