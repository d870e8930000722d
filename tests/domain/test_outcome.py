"""Outcomes: attendance, acceptability and delivery are three things, and none follows from another."""

import pytest

from domain.outcome import OUTCOMES, USUAL, Outcome

ALL = [pytest.param(outcome, id=f"{outcome.code} {outcome.description}") for outcome in OUTCOMES.values()]


def test_each_outcome_is_found_by_its_own_code() -> None:
    assert len(OUTCOMES) == 28
    assert all(code == outcome.code for code, outcome in OUTCOMES.items())


def test_no_two_outcomes_read_alike() -> None:
    assert len({outcome.description for outcome in OUTCOMES.values()}) == len(OUTCOMES)


@pytest.mark.parametrize("outcome", ALL)
def test_nothing_is_delivered_to_a_person_who_was_not_there(outcome: Outcome) -> None:
    assert not (outcome.attended is False and outcome.delivered)


@pytest.mark.parametrize("outcome", ALL)
def test_what_was_lost_was_not_delivered(outcome: Outcome) -> None:
    assert not outcome.lost_by or outcome.delivered is False


@pytest.mark.parametrize("outcome", ALL)
def test_what_was_acceptable_is_not_enforced(outcome: Outcome) -> None:
    assert not (outcome.acceptable and outcome.enforceable)


@pytest.mark.parametrize("outcome", ALL)
def test_the_words_agree_with_the_flags(outcome: Outcome) -> None:
    if outcome.description.startswith("Attended"):
        assert outcome.attended is True
    if outcome.description.startswith("Acceptable absence"):
        assert (outcome.attended, outcome.acceptable) == (False, True)
    if outcome.description.startswith(("Unacceptable", "Failed to attend")):
        assert (outcome.attended, outcome.acceptable, outcome.enforceable) == (False, False, True)


@pytest.mark.parametrize(
    ("code", "attended", "acceptable", "delivered", "lost_by"),
    [
        pytest.param("ATTC", True, True, True, "", id="complied"),
        pytest.param("AFTC", True, False, True, "", id="there, and failed to comply"),
        pytest.param("ATSH", True, False, False, "person", id="sent home for behaviour"),
        pytest.param("ATSS", True, True, False, "provider", id="sent home for service reasons"),
        pytest.param("AASD", False, True, False, "provider", id="stood down"),
        pytest.param("RSSR", False, True, False, "provider", id="rescheduled by the service"),
        pytest.param("RSOF", False, True, False, "", id="rescheduled at the person's request"),
        pytest.param("UAAB", False, False, False, "person", id="absent without an acceptable reason"),
        pytest.param("AAME", False, True, False, "", id="ill"),
        pytest.param("CO22", None, None, None, "", id="no action required says nothing of what happened"),
    ],
)
def test_complying_is_not_having_been_given_anything(
    code: str, attended: bool | None, acceptable: bool | None, delivered: bool | None, lost_by: str
) -> None:
    outcome = OUTCOMES[code]
    assert (outcome.attended, outcome.acceptable, outcome.delivered, outcome.lost_by) == (attended, acceptable, delivered, lost_by)


def test_the_outcomes_offered_first_are_outcomes_each_once() -> None:
    assert len(USUAL) == len(set(USUAL))
    assert set(USUAL) <= set(OUTCOMES)
    assert USUAL[0] == "ATTC"
