"""Continuity: the indices are the published ones and do not drift, and a contact is judged by who held the case at the time."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product
from math import factorial, prod
from typing import Any

import pytest
from msgspec.structs import replace

from domain.allocation import UNALLOCATED, AllocationReason, allocate
from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case
from domain.contact import Direction, Mode, WithWhom, record_contact
from domain.entry import correct_entry, withdraw_entry
from domain.transfer import accept_transfer, request_transfer
from projections.finding import Finding, Verdict
from projections.measures.continuity import case_rows, coc, findings, hhi, holder_rows, known, mmci, secon, upc, workers
from projections.one_to_one import every_entry
from projections.story import Story
from tests.rules import ALLOCATION, BEGAN, NEXT, NOW, POLICY, Given, Step, contact_months, did, opened, supervised
from tests.vectors import document, table

THEIRS, SOMEBODY_ELSE = "Held by the officer allocated at the time", "Held by somebody other than the officer allocated at the time"
NOBODY = "Nobody held the case at the time"


# The indices ---------------------------------------------------------------------------------------------------------

WRITTEN: list[tuple[str, float, float | None, float | None]] = [
    ("A", 1, None, None),
    ("AA", 1, 1, 1),
    ("AB", 0.5, 0, 0),
    ("AAB", 0.666667, 0.333333, 0.5),
    ("AABB", 0.5, 0.333333, 0.666667),
    ("ABAB", 0.5, 0.333333, 0),
    ("AAAAABBBBB", 0.5, 0.444444, 0.888889),
    ("ABCDE", 0.2, 0, 0),
]
"""Sequence of officers, UPC, COC, SECON."""


def published() -> list[dict[str, Any]]:
    return document("continuity_bjgp2023_table2.json").get("cases") or [
        {"sequence": "AAB", "list_holder": "A", "exact_UPC": "2/3", "exact_COC": "1/3", "contacts_with_list_holder": 2, "contacts": 3},
        {"sequence": "ACC", "list_holder": "B", "exact_UPC": "2/3", "exact_COC": "1/3", "contacts_with_list_holder": 0, "contacts": 3},
    ]


OF_OFFICERS: list[tuple[str, float, float | None, float | None]] = [
    ("A", 1, None, 1),
    ("AB", 0.090909, 0, 0.5),
    ("AAB", 0.52381, 0.5, 0.555556),
    ("AABB", 0.677419, 0.666667, 0.5),
    ("ABCDE", 0.02439, 0, 0.2),
    ("AAAAAAAAAB", 0.89011, 0.888889, 0.82),
]
"""Sequence of officers, MMCI, K, HHI."""

COMPUTED_OF_OFFICERS = [
    (row["sequence"], float(row["MMCI"]), float(row["K_index"]), float(row["HHI"])) for row in table("continuity_computed.csv")
]
COMPUTED = [(row["sequence"], float(row["UPC"]), float(row["COC"]), float(row["SECON"])) for row in table("continuity_computed.csv")]
MEANS = ("E_UPC", "E_COC", "E_SECON", "E_HHI", "E_K")
EXPECTED = [
    (int(row["officers_k_equal_prob"]), int(row["contacts_N"]), [float(row[mean]) for mean in MEANS])
    for row in table("continuity_expectation.csv")
] or [(2, 2, [0.75, 0.5, 0.5, 0.75, 0.5]), (2, 3, [0.75, 0.5, 0.5, 0.666667, 0.625])]


@pytest.mark.parametrize(("sequence", "of_usual", "of_care", "sequential"), [*dict.fromkeys(WRITTEN + COMPUTED)])
def test_the_indices_are_the_computed_ones(sequence: str, of_usual: float, of_care: float | None, sequential: float | None) -> None:
    found = [index(sequence) for index in (upc, coc, secon)]
    assert [value if value is None else round(float(value), 6) for value in found] == [of_usual, of_care, sequential]


@pytest.mark.parametrize(("sequence", "modified", "met_before", "concentration"), [*dict.fromkeys(OF_OFFICERS + COMPUTED_OF_OFFICERS)])
def test_the_indices_of_how_many_officers_there_were_are_the_computed_ones(
    sequence: str, modified: float, met_before: float | None, concentration: float
) -> None:
    found = [index(sequence) for index in (mmci, known, hhi)]
    assert [value if value is None else round(float(value), 6) for value in found] == [modified, met_before, concentration]


@pytest.mark.parametrize("row", table("continuity_computed.csv") or [{"sequence": "ABBA", "KNOWN_excl_first": "0.666667"}])
def test_k_is_the_share_of_contacts_after_the_first_with_somebody_met_before(row: dict[str, str]) -> None:
    sequence = row["sequence"]
    met = [officer in sequence[:at] for at, officer in enumerate(sequence)][1:]
    assert known(sequence) == Fraction(sum(met), len(met))
    assert round(sum(met) / len(met), 6) == float(row["KNOWN_excl_first"])


@pytest.mark.parametrize("case", published(), ids=lambda case: f"{case['sequence']}, {case['list_holder']}'s")
def test_the_indices_are_the_published_ones(case: dict[str, Any]) -> None:
    """One contact has no index by the published rule; the share with the usual officer is then trivially whole."""
    sequence = case["sequence"]
    assert upc(sequence) == Fraction(case["exact_UPC"] or 1)
    assert coc(sequence) == (Fraction(case["exact_COC"]) if case["exact_COC"] else None)


@pytest.mark.parametrize("index", [upc, coc, secon, known, mmci, hhi])
def test_without_contacts_there_is_no_index(index: Any) -> None:
    assert index("") is None


def patterns(length: int, officers: int) -> Iterator[tuple[list[int], int]]:
    """Each pattern of sameness among `length` contacts with at most so many officers, and how many sequences share it."""

    def grow(so_far: list[int], used: int) -> Iterator[tuple[list[int], int]]:
        if len(so_far) == length:
            yield so_far, factorial(officers) // factorial(officers - used)
            return
        for officer in range(min(used + 1, officers)):
            yield from grow([*so_far, officer], max(used, officer + 1))

    return grow([], 0)


@pytest.mark.parametrize(("officers", "contacts", "means"), EXPECTED)
def test_the_mean_over_all_sequences_of_equally_likely_officers_is_the_enumerated_one(
    officers: int, contacts: int, means: list[float]
) -> None:
    ways = list(patterns(contacts, officers))
    assert sum(many for _, many in ways) == officers**contacts
    for index, mean in zip((upc, coc, secon, hhi, known), means, strict=True):
        total = sum((many * (index([str(o) for o in way]) or Fraction(0)) for way, many in ways), Fraction(0))
        assert round(float(total / officers**contacts), 6) == mean


@pytest.mark.parametrize("contacts", range(2, 9))
@pytest.mark.parametrize("index", [coc, secon])
def test_with_two_officers_as_likely_as_each_other_the_mean_is_a_half_at_any_number_of_contacts(index: Any, contacts: int) -> None:
    sequences = list(product("AB", repeat=contacts))
    assert sum((index(sequence) for sequence in sequences), Fraction(0)) / len(sequences) == Fraction(1, 2)


@pytest.mark.parametrize("contacts", range(2, 7))
@pytest.mark.parametrize("index", [coc, secon])
def test_with_officers_of_unequal_likelihood_the_mean_is_the_chance_that_two_contacts_share_one(index: Any, contacts: int) -> None:
    chance = {"A": Fraction(1, 2), "B": Fraction(1, 3), "C": Fraction(1, 6)}
    mean = sum((prod(chance[o] for o in way) * index(way) for way in product("ABC", repeat=contacts)), Fraction(0))
    assert mean == sum(p * p for p in chance.values()) == Fraction(7, 18)


def test_the_share_with_the_usual_officer_does_drift_which_is_why_it_stands_beside_and_not_alone() -> None:
    means = [sum((upc(way) or Fraction(0) for way in product("AB", repeat=n)), Fraction(0)) / 2**n for n in (2, 4, 8)]
    assert means == sorted(means, reverse=True)
    assert means[0] > means[-1] > Fraction(1, 2)


# The findings --------------------------------------------------------------------------------------------------------


def after(days: float) -> datetime:
    return BEGAN + timedelta(days=days)


def seen(day: float, by: str = "SIAN", *, learnt: datetime = NOW, **details: Any) -> Step:
    """An office visit some days into the case."""
    return did(record_contact, at=learnt, occurred_at=after(day), practitioner=by, **details)


def held_from(day: float, practitioner: str, *, learnt: datetime = NOW) -> Step:
    return did(allocate, at=learnt, occurred_at=after(day), practitioner=practitioner, reason=AllocationReason.STAFF)


def found(case: Given[Case], **rule: Any) -> list[Finding]:
    return findings(Story(case.history), POLICY, **rule)


def verdicts(case: Given[Case]) -> list[tuple[Verdict, str]]:
    return [(finding.verdict, finding.why) for finding in found(case)]


@pytest.mark.parametrize(
    ("by", "verdict", "why"),
    [
        pytest.param("SIAN", Verdict.YES, THEIRS, id="own officer"),
        pytest.param("OWEN", Verdict.NO, SOMEBODY_ELSE, id="another officer"),
        pytest.param("", Verdict.NOT_EVIDENCED, "Who held the contact was not recorded", id="nobody was recorded"),
    ],
)
def test_a_contact_is_with_the_own_officer_with_somebody_else_or_not_evidenced(by: str, verdict: Verdict, why: str) -> None:
    assert verdicts(supervised(seen(5, by))) == [(verdict, why)]


def test_a_kept_appointment_counts_for_whoever_kept_it_and_not_for_whom_it_was_arranged_with() -> None:
    arranged = did(arrange_appointment, starts_at=after(20), practitioner="SIAN")
    assert verdicts(supervised(arranged, did(record_outcome, at=NOW, practitioner="OWEN"))) == [(Verdict.NO, SOMEBODY_ELSE)]


def test_before_the_first_allocation_nobody_holds_the_case() -> None:
    early = opened(seen(1), held_from(5, "SIAN"), seen(6))
    assert verdicts(early) == [(Verdict.NO, NOBODY), (Verdict.YES, THEIRS)]


def test_a_time_when_nobody_holds_the_case_is_a_gap_and_never_an_officer() -> None:
    gap = supervised(held_from(10, UNALLOCATED), held_from(20, "OWEN"), seen(5), seen(15), seen(15.5, ""), seen(25, "OWEN"))
    assert [verdict for verdict, _ in verdicts(gap)] == [Verdict.YES, Verdict.NO, Verdict.NOT_EVIDENCED, Verdict.YES]
    assert verdicts(gap)[1] == (Verdict.NO, NOBODY)


@pytest.mark.parametrize(
    ("details", "why"),
    [
        pytest.param({"kind": "APAT"}, "Not one to one", id="a programme session"),
        pytest.param({"kind": "RARP"}, "Not one to one", id="a rehabilitation activity day"),
        pytest.param({"kind": "CUPA"}, "Not one to one", id="unpaid work"),
        pytest.param({"kind": "C334"}, "Kiosk is not supervision one to one", id="kiosk"),
        pytest.param({"kind": "CMOA"}, "A message or letter, not a meeting", id="a text from the person"),
        pytest.param({"kind": "CLOB"}, "A message or letter, not a meeting", id="a letter to the person"),
        pytest.param({"mode": Mode.LETTER}, "Letter is not supervision one to one", id="a letter both ways"),
        pytest.param({"mode": Mode.OTHER}, "Other is not supervision one to one", id="in no known way"),
        pytest.param({"kind": "CT3B"}, "With another agency, not with the person", id="another agency"),
        pytest.param({"with_whom": WithWhom.FAMILY}, "With family or carer, not with the person", id="family"),
        pytest.param({"with_whom": WithWhom.STAFF}, "With other staff, not with the person", id="staff"),
    ],
)
def test_what_is_no_one_to_one_supervision_is_left_out(details: dict[str, Any], why: str) -> None:
    assert verdicts(supervised(seen(5, **details))) == [(Verdict.LEFT_OUT, why)]


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        pytest.param("UAAB", "It did not take place", id="absent"),
        pytest.param("AASD", "It did not take place", id="stood down"),
        pytest.param("CO22", "The outcome does not say whether it took place", id="an outcome that does not say"),
    ],
)
def test_an_appointment_that_did_not_or_may_not_have_taken_place_is_left_out(outcome: str, why: str) -> None:
    case = supervised(did(arrange_appointment, starts_at=after(20)), did(record_outcome, at=NOW, outcome=outcome))
    assert verdicts(case) == [(Verdict.LEFT_OUT, why)]


@pytest.mark.parametrize("details", [{"direction": Direction.NOT_KNOWN}, {"with_whom": WithWhom.NOT_KNOWN}], ids=["direction", "with whom"])
def test_a_meeting_of_which_direction_or_company_was_not_recorded_is_not_taken_for_a_message(details: dict[str, Any]) -> None:
    assert verdicts(supervised(seen(5, **details))) == [(Verdict.YES, THEIRS)]


def test_where_an_import_says_so_every_entry_counts() -> None:
    log = supervised(seen(5, kind="CLOB"), seen(6, "OWEN", kind="OTHR"))
    assert [finding.verdict for finding in found(log, rule=every_entry)] == [Verdict.YES, Verdict.NO]


def test_a_contact_recorded_after_the_officer_changed_is_judged_by_who_held_the_case_at_the_time() -> None:
    assert verdicts(supervised(held_from(10, "OWEN"), seen(5, "SIAN", learnt=after(30)))) == [(Verdict.YES, THEIRS)]


def test_an_allocation_that_is_recorded_late_counts_from_when_it_began() -> None:
    late = supervised(seen(5, "OWEN", learnt=after(5)), seen(6, "SIAN", learnt=after(6)), held_from(3, "OWEN", learnt=after(30)))
    assert verdicts(late) == [(Verdict.YES, THEIRS), (Verdict.NO, SOMEBODY_ELSE)]


def test_a_contact_at_the_moment_of_a_change_is_the_new_officer_s() -> None:
    assert verdicts(supervised(held_from(5, "OWEN"), seen(5, "OWEN"))) == [(Verdict.YES, THEIRS)]


def test_a_transfer_changes_the_officer_when_it_is_accepted_and_not_when_it_is_asked_for() -> None:
    moved = supervised(did(request_transfer, at=after(5)), did(accept_transfer, at=after(10)), seen(7, "TOM"), seen(8), seen(12, "TOM"))
    assert [verdict for verdict, _ in verdicts(moved)] == [Verdict.NO, Verdict.YES, Verdict.YES]


def test_a_correction_of_who_held_the_contact_changes_the_finding() -> None:
    case = supervised(seen(5, "SIAN"))
    case.then(correct_entry, reads=replace(case.history[-1].event, practitioner="OWEN"))
    assert verdicts(case) == [(Verdict.NO, SOMEBODY_ELSE)]
    assert [finding.number for finding in found(case)] == [NEXT]


def test_a_correction_of_the_time_is_judged_by_who_held_the_case_then() -> None:
    case = supervised(held_from(10, "OWEN"), seen(12, "SIAN"))
    case.then(correct_entry, entry=NEXT + 1, reads=replace(case.history[-1].event, occurred_at=after(5)))
    assert verdicts(case) == [(Verdict.YES, THEIRS)]


def test_a_withdrawn_contact_is_gone_from_the_figure() -> None:
    assert verdicts(supervised(seen(5), seen(6, "OWEN"), did(withdraw_entry, entry=NEXT + 1, at=NOW))) == [(Verdict.YES, THEIRS)]


def test_findings_come_in_the_order_in_which_contacts_happened_whenever_they_were_recorded() -> None:
    assert [finding.number for finding in found(supervised(seen(9), seen(3), seen(6)))] == [NEXT + 1, NEXT + 2, NEXT]


@pytest.mark.parametrize("case", published(), ids=lambda case: f"{case['sequence']}, {case['list_holder']}'s")
def test_the_share_with_the_named_officer_is_the_published_one(case: dict[str, Any]) -> None:
    history = opened(held_from(0, case["list_holder"]), *(seen(day, by) for day, by in enumerate(case["sequence"], 1)))
    found_here = found(history)
    assert sum(finding.verdict is Verdict.YES for finding in found_here) == case["contacts_with_list_holder"]
    assert len(found_here) == case["contacts"]
    assert workers(found_here) == list(case["sequence"])


# The rows ------------------------------------------------------------------------------------------------------------


def row(case: Given[Case]) -> Sequence[object]:
    (only,) = case_rows(Story(case.history), POLICY)
    return only


def test_a_case_s_row_is_its_contacts_those_with_the_own_officer_and_the_indices() -> None:
    case = supervised(*(seen(day, by) for day, by in enumerate(("SIAN", "SIAN", "OWEN", "OWEN"), 1)), seen(9, kind="APAT"))
    assert row(case) == (4, 2, 0.5, pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_coc_stays_empty_below_the_number_of_contacts_that_the_policy_asks_for() -> None:
    assert row(supervised(seen(1), seen(2), seen(3))) == (3, 3, 1.0, None, 1.0)


def test_a_case_without_contacts_has_no_indices() -> None:
    assert row(supervised()) == (0, 0, None, None, None)


def test_a_contact_held_by_nobody_in_particular_has_no_place_in_the_sequence() -> None:
    assert row(supervised(seen(1), seen(2, ""), seen(3))) == (2, 2, 1.0, None, 1.0)


def test_months_are_counted_by_who_held_the_case_at_the_time_and_add_up_to_the_findings() -> None:
    case = supervised(held_from(10, "OWEN"), seen(5), seen(12), seen(13, "OWEN"), seen(14, ""), seen(40, "OWEN"), seen(41, kind="APAT"))
    rows = contact_months(case, "continuity")
    assert rows == [
        ("2026-01-01", "OWEN", "CF1", "C10", 1, 1, 1, 0),
        ("2026-01-01", "SIAN", "CF1", "C10", 1, 0, 0, 0),
        ("2026-02-01", "OWEN", "CF1", "C10", 1, 0, 0, 1),
    ]
    assert sum(sum(counts[4:]) for counts in rows) == len(found(case))


def test_the_officer_line_says_who_held_the_case_from_when_to_when_and_why() -> None:
    moved = supervised(held_from(10, UNALLOCATED), did(request_transfer, at=after(11)), did(accept_transfer, at=after(12)))
    assert list(holder_rows(Story(moved.history), POLICY)) == [
        (ALLOCATION, "SIAN", "CF1", "C10", BEGAN, after(10), "initial allocation"),
        (NEXT, "", "CF1", "C10", after(10), after(12), "officer left or absent"),
        (NEXT + 2, "TOM", "NP1", "C10", after(12), None, "person moved area"),
    ]
