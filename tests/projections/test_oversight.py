"""Rows of oversight: what waits for a signature, at which level of RoSH, and what is back with its officer."""

from domain.contact import record_contact
from domain.entry import correct_entry
from domain.oversight import Quality, answer_return, check_quality, countersign, send_back
from domain.plan import complete_plan
from domain.risk import Rosh, assess_rosh
from projections.oversight import BACK, CHECKED, SIGN, about, came_back, rows
from projections.story import Story
from tests.rules import NEXT, NOW, POLICY, Given, did, supervised

HIGH = did(assess_rosh, level=Rosh.HIGH)


def waits(case: Given) -> list[tuple[object, ...]]:
    """State, the entry, what it is, the level and who wrote it."""
    return [(row[0], row[2], row[3], row[4], row[5]) for row in rows(Story(case.history), POLICY)]


def test_given_a_high_assessment_then_it_and_what_follows_wait_at_that_level() -> None:
    case = supervised(HIGH, did(complete_plan, by="OWEN"))
    assert waits(case) == [
        (SIGN, NEXT, "RoSH assessment", "high", "SIAN"),
        (SIGN, NEXT + 1, "sentence plan", "high", "OWEN"),
    ]


def test_given_a_later_assessment_then_the_earlier_one_wants_no_signature_any_more() -> None:
    assert waits(supervised(HIGH, did(assess_rosh))) == [(SIGN, NEXT + 1, "RoSH assessment", "medium", "SIAN")]


def test_given_no_assessment_then_the_level_is_empty() -> None:
    assert waits(supervised(did(complete_plan))) == [(SIGN, NEXT, "sentence plan", "", "SIAN")]


def test_given_it_is_countersigned_then_nothing_waits_until_it_is_corrected() -> None:
    case = supervised(HIGH, did(countersign, by="MEERA"))
    assert waits(case) == []
    case.then(correct_entry, reads=case.state.entries[NEXT])
    assert waits(case) == [(SIGN, NEXT, "RoSH assessment", "high", "SIAN")]
    # The row says where the entry now reads: in the correction, two entries later.
    assert [row[1] for row in rows(Story(case.history), POLICY)] == [NEXT + 2]


def test_given_it_is_sent_back_then_it_is_with_its_officer_until_it_is_answered() -> None:
    case = supervised(HIGH, did(send_back, by="MEERA"))
    assert waits(case) == [(BACK, NEXT, "RoSH assessment", "", "SIAN")]
    assert [(one.number, one.about) for one in came_back(Story(case.history))] == [(NEXT + 1, NEXT)]
    case.then(answer_return)
    assert waits(case) == [(SIGN, NEXT, "RoSH assessment", "high", "SIAN")]


def test_given_a_contact_is_to_be_improved_then_it_is_back_with_who_held_it_and_counts_as_checked() -> None:
    case = supervised(did(record_contact, at=NOW, practitioner="OWEN"), did(check_quality, at=NOW, by="MEERA"))
    assert waits(case) == [(BACK, NEXT, "", "", "OWEN"), (CHECKED, NEXT, "", "", "OWEN")]
    good = supervised(did(record_contact, at=NOW), did(check_quality, at=NOW, by="MEERA", quality=Quality.GOOD))
    assert waits(good) == [(CHECKED, NEXT, "", "", "SIAN")]


def test_what_stands_about_an_entry_is_who_wrote_it_and_what_was_done_about_it() -> None:
    case = supervised(HIGH, did(send_back, by="MEERA"))
    stands = about(Story(case.history), NEXT)
    assert (stands.signable, stands.signed, stands.back, stands.written_by) == (True, 0, NEXT + 1, {"SIAN"})
    case.then(correct_entry, by="OWEN", reads=case.state.entries[NEXT])
    case.then(countersign, by="MEERA")
    stands = about(Story(case.history), NEXT)
    assert (stands.signed, stands.back, stands.written_by) == (NEXT + 3, 0, {"SIAN", "OWEN"})


def test_a_case_without_anything_to_oversee_has_no_row() -> None:
    assert waits(supervised()) == []
