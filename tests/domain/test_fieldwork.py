"""Who inspects which cases, from when to when, and how an inspection ends."""

from collections import Counter
from datetime import date, timedelta

from domain.fieldwork import (
    CasesShared,
    ClosingReason,
    close,
    hand_over,
    name_inspector,
    publish,
    release_inspector,
    share_cases,
    takes_part,
)
from domain.inspection import Stage, announce_inspection, commit_nonce
from tests.inspecting import COMMITMENT, LEAD, NOW, OTHER, THIRD, Inspected, announced, drawn, refused

CASES = tuple(f"X{n:06d}" for n in range(1, 12))
TODAY = NOW.date()


def eleven() -> Inspected:
    """Eleven cases, all drawn, and three inspectors."""
    inspected = drawn({"male": CASES[:7], "female": CASES[7:]})
    inspected.do(name_inspector, inspector=OTHER)
    inspected.do(name_inspector, inspector=THIRD, last_day=TODAY + timedelta(days=5))
    return inspected


def shared() -> Inspected:
    inspected = eleven()
    inspected.do(share_cases)
    return inspected


def read_by(inspected: Inspected, inspector: str) -> str:
    return next(ref for ref, reader in inspected.state.readers.items() if reader == inspector)


def test_cases_are_shared_evenly_and_so_is_each_stratum_in_the_order_of_drawing() -> None:
    inspected = eleven()
    (event,) = inspected.do(share_cases)
    assert isinstance(event, CasesShared)
    order = list(inspected.state.sample)
    assert event.shares == {LEAD: tuple(order[0::3]), OTHER: tuple(order[1::3]), THIRD: tuple(order[2::3])}
    for stratum in ("male", "female"):
        counts = Counter(inspected.state.readers[ref] for ref, its in inspected.state.sample.items() if its == stratum)
        assert max(counts.values()) - min(counts.values()) <= 1
    assert inspected.state.stage is Stage.FIELDWORK
    refused(inspected, share_cases, "shared already")


def test_somebody_named_later_gets_no_case_until_cases_wait_again() -> None:
    inspected = drawn({"male": CASES[:7], "female": CASES[7:]})
    inspected.do(name_inspector, inspector=OTHER)
    inspected.do(share_cases)
    inspected.do(name_inspector, inspector=THIRD)
    inspected.do(release_inspector, inspector=OTHER)
    assert sum(ref not in inspected.state.readers for ref in CASES) == 5
    inspected.do(share_cases)
    # The lead had six, so all five go to whoever had none.
    assert Counter(inspected.state.readers.values()) == {LEAD: 6, THIRD: 5}


def test_an_inspector_takes_part_to_the_end_of_the_last_day() -> None:
    inspected = eleven()
    days = [takes_part(inspected.state, THIRD, TODAY + timedelta(days=n)) for n in (0, 5, 6)]
    assert days == [True, True, False]
    inspected.do(share_cases, now=NOW + timedelta(days=6))
    assert set(inspected.state.readers.values()) == {LEAD, OTHER}


def test_naming_again_moves_the_last_day() -> None:
    inspected = eleven()
    assert refused(inspected, name_inspector, "takes part already", inspector=OTHER) == "inspector"
    assert refused(inspected, name_inspector, "today or later", inspector=OTHER, last_day=TODAY - timedelta(days=1)) == "last_day"
    inspected.do(name_inspector, inspector=OTHER, last_day=date(2026, 12, 1))
    assert inspected.state.inspectors[OTHER] == date(2026, 12, 1)


def test_whoever_announced_it_takes_part_until_it_is_closed_and_nobody_else_names_or_releases() -> None:
    inspected = eleven()
    refused(inspected, release_inspector, "until it is closed", inspector=LEAD)
    refused(inspected, name_inspector, "until it is closed", inspector=LEAD, last_day=TODAY)
    refused(inspected, name_inspector, "Only the inspector who announced", by=OTHER, inspector="HMI0009")
    refused(inspected, release_inspector, "does not take part", inspector="HMI0009")
    assert takes_part(inspected.state, LEAD, date(2030, 1, 1))


def test_a_case_is_handed_over_by_whoever_reads_it_or_announced_the_inspection() -> None:
    inspected = shared()
    mine, theirs = read_by(inspected, OTHER), read_by(inspected, LEAD)
    assert refused(inspected, hand_over, "Only whoever reads a case", by=OTHER, crn=theirs, to=OTHER) == "crn"
    inspected.do(hand_over, by=OTHER, crn=mine, to=THIRD)
    inspected.do(hand_over, by=LEAD, crn=mine, to=OTHER)
    assert inspected.state.readers[mine] == OTHER
    assert refused(inspected, hand_over, "reads the case already", crn=mine, to=OTHER) == "to"
    assert refused(inspected, hand_over, "not inspected", crn="X999999", to=OTHER) == "crn"
    assert refused(inspected, hand_over, "who takes part", crn=mine, to="HMI0009") == "to"
    later = NOW + timedelta(days=6)
    assert refused(inspected, hand_over, "who takes part", crn=mine, to=THIRD, now=later) == "to"
    refused(inspected, hand_over, "Only an inspector who takes part", by=THIRD, crn=read_by(inspected, THIRD), to=OTHER, now=later)


def test_a_case_that_nobody_reads_is_taken_by_any_inspector() -> None:
    inspected = shared()
    left = read_by(inspected, OTHER)
    inspected.do(release_inspector, inspector=OTHER)
    inspected.do(hand_over, by=THIRD, crn=left, to=THIRD)
    assert inspected.state.readers[left] == THIRD


def test_an_inspection_is_published_once_and_only_with_a_sample() -> None:
    refused(announced(), publish, "Draw the sample first")
    inspected = shared()
    inspected.do(publish)
    assert inspected.state.stage is Stage.PUBLISHED
    refused(inspected, publish, "published already")


def test_an_inspection_that_ends_without_a_publication_says_why() -> None:
    inspected = shared()
    assert refused(inspected, close, "without a publication") == "reason"
    inspected.do(close, reason=ClosingReason.CALLED_OFF)
    assert inspected.state.stage is Stage.CLOSED
    published = shared()
    published.do(publish)
    published.do(close, reason=ClosingReason.CALLED_OFF)
    assert published.events[-1].reason is None


def test_nothing_more_happens_in_a_closed_inspection_and_nobody_takes_part_in_it() -> None:
    inspected = announced()
    inspected.do(close, reason=ClosingReason.IN_ERROR)
    assert not takes_part(inspected.state, LEAD, TODAY)
    refused(inspected, close, "is closed", reason=ClosingReason.IN_ERROR)
    refused(inspected, commit_nonce, "is closed", commitment=COMMITMENT)
    refused(inspected, name_inspector, "is closed", inspector=OTHER)
    assert refused(inspected, announce_inspection, "announced already", reference="INS-2026-001", provider="C10", title="A") == "reference"
