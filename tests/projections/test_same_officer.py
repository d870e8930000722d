"""Same officer as last time: each contact is compared with the one before it, and of one case the share is the index SECON."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from msgspec.structs import replace

from domain.case import Case
from domain.contact import record_contact
from domain.entry import correct_entry, withdraw_entry
from projections.figures import tally
from projections.finding import Finding, Verdict
from projections.measures.continuity import secon
from projections.measures.same_officer import findings, verdicts
from projections.story import Story
from tests.rules import BEGAN, NEXT, NOW, POLICY, Given, Step, did, supervised

FIRST = "The first contact: there is none before it"
SAME, OTHER = "Held by the officer of the contact before", "Held by another officer than the contact before"
NOT_RECORDED = "Who held the contact was not recorded"


def after(days: float) -> datetime:
    return BEGAN + timedelta(days=days)


def seen(day: float, by: str, **details: object) -> Step:
    return did(record_contact, at=NOW, occurred_at=after(day), practitioner=by, **details)


def found(case: Given[Case]) -> list[Finding]:
    return findings(Story(case.history), POLICY)


def said(case: Given[Case]) -> list[tuple[Verdict, str]]:
    return [(finding.verdict, finding.why) for finding in found(case)]


def test_the_first_contact_is_left_out_and_each_later_one_is_compared_with_the_one_before() -> None:
    case = supervised(seen(1, "SIAN"), seen(2, "SIAN"), seen(3, "OWEN"), seen(4, "SIAN"))
    assert said(case) == [(Verdict.LEFT_OUT, FIRST), (Verdict.YES, SAME), (Verdict.NO, OTHER), (Verdict.NO, OTHER)]


def test_it_asks_who_the_person_met_and_not_whose_case_it_is() -> None:
    assert said(supervised(seen(1, "OWEN"), seen(2, "OWEN")))[1] == (Verdict.YES, SAME)


def test_a_contact_with_nobody_recorded_is_not_evidenced_and_the_next_is_compared_with_the_last_that_is_known() -> None:
    case = supervised(seen(1, "SIAN"), seen(2, ""), seen(3, "SIAN"), seen(4, ""), seen(5, "OWEN"))
    assert said(case)[1:] == [
        (Verdict.NOT_EVIDENCED, NOT_RECORDED),
        (Verdict.YES, SAME),
        (Verdict.NOT_EVIDENCED, NOT_RECORDED),
        (Verdict.NO, OTHER),
    ]


def test_a_contact_with_nobody_recorded_before_all_others_leaves_the_next_the_first() -> None:
    case = supervised(seen(1, ""), seen(2, "SIAN"), seen(3, "SIAN"))
    assert said(case) == [(Verdict.NOT_EVIDENCED, NOT_RECORDED), (Verdict.LEFT_OUT, FIRST), (Verdict.YES, SAME)]


def test_what_is_no_one_to_one_supervision_is_left_out_and_breaks_no_sequence() -> None:
    case = supervised(seen(1, "SIAN"), seen(2, "OWEN", kind="APAT"), seen(3, "SIAN"))
    assert said(case)[1:] == [(Verdict.LEFT_OUT, "Not one to one"), (Verdict.YES, SAME)]


def test_contacts_are_compared_in_the_order_in_which_they_happened() -> None:
    case = supervised(seen(9, "OWEN"), seen(3, "SIAN"), seen(6, "SIAN"))
    assert [f.number for f in found(case)] == [NEXT + 1, NEXT + 2, NEXT]
    assert [f.verdict for f in found(case)] == [Verdict.LEFT_OUT, Verdict.YES, Verdict.NO]


def test_a_withdrawn_contact_stands_between_no_two_others() -> None:
    case = supervised(seen(1, "SIAN"), seen(2, "OWEN"), seen(3, "SIAN"), did(withdraw_entry, at=NOW, entry=NEXT + 1))
    assert [f.verdict for f in found(case)] == [Verdict.LEFT_OUT, Verdict.YES]


def test_a_contact_corrected_to_another_officer_is_judged_by_that_officer() -> None:
    case = supervised(seen(1, "SIAN"), seen(2, "OWEN"))
    case.then(correct_entry, entry=NEXT + 1, reads=replace(case.history[-1].event, practitioner="SIAN"))
    assert [f.verdict for f in found(case)] == [Verdict.LEFT_OUT, Verdict.YES]


@pytest.mark.parametrize("sequence", ["A", "AA", "AB", "AAB", "AABB", "ABAB", "AAAAABBBBB", "AAAAAAAB", "AABBCCDD", "ABCDEFGH", "AAAABBBB"])
def test_the_share_of_one_case_is_its_index_secon(sequence: str) -> None:
    case = supervised(*(seen(day, by) for day, by in enumerate(sequence, 1)))
    figure = tally(found(case))
    assert figure.denominator == len(sequence) - 1
    assert (Fraction(figure.yes, figure.denominator) if figure.denominator else None) == secon(sequence)


def test_what_the_rows_count_are_the_verdicts_of_the_findings() -> None:
    case = supervised(seen(1, "SIAN"), seen(2, ""), seen(3, "OWEN", kind="APAT"), seen(4, "OWEN"), seen(5, "OWEN"))
    assert verdicts(Story(case.history), POLICY) == [f.verdict for f in found(case)]
