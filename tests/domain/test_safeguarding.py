"""Safeguarding checks: each agency is asked once at a time, and an answer belongs to a question."""

from datetime import date, timedelta

import pytest

from domain.safeguarding import (
    Agency,
    CheckResult,
    SafeguardingCheckRequested,
    SafeguardingResponseReceived,
    receive_response,
    request_checks,
    response_due,
)
from tests.rules import NEXT, NOW, POLICY, YESTERDAY, closed, did, supervised

ASKED = did(request_checks, at=YESTERDAY)


@pytest.mark.parametrize("agency", Agency)
def test_an_agency_is_asked_what_it_knows(agency: Agency) -> None:
    event = supervised().when(request_checks, agencies=(agency,), note="Two children at the address.").event
    assert isinstance(event, SafeguardingCheckRequested)
    assert (event.agency, event.note) == (agency, "Two children at the address.")


def test_several_agencies_are_asked_in_one_go_and_each_once() -> None:
    events = supervised().when(request_checks, agencies=(Agency.POLICE, Agency.CHILDREN, Agency.POLICE)).events
    assert [event.agency for event in events] == [Agency.POLICE, Agency.CHILDREN]
    supervised().when(request_checks, agencies=()).refused("Select whom you have asked.", "agencies")
    supervised(ASKED).when(request_checks, agencies=(Agency.CHILDREN, Agency.POLICE)).refused(
        "An answer from police is awaited already.", "agencies"
    )


@pytest.mark.parametrize("agency", Agency)
def test_one_question_to_each_agency_awaits_an_answer_at_a_time(agency: Agency) -> None:
    answer = supervised(ASKED).when(request_checks, agencies=(agency,))
    if agency is Agency.POLICE:
        answer.refused("An answer from police is awaited already.", "agencies")
    else:
        assert answer.events


def test_an_agency_that_has_answered_can_be_asked_again() -> None:
    assert supervised(ASKED, did(receive_response, at=NOW)).when(request_checks).events


@pytest.mark.parametrize("result", CheckResult)
def test_an_answer_says_what_came_back(result: CheckResult) -> None:
    event = supervised(ASKED).when(receive_response, result=result, note="A call-out in January.").event
    assert isinstance(event, SafeguardingResponseReceived)
    assert (event.check, event.result, event.note) == (NEXT, result, "A call-out in January.")


def test_information_is_written_down_and_nothing_known_needs_no_words() -> None:
    supervised(ASKED).when(receive_response, result=CheckResult.INFORMATION).refused("Enter what the agency said.", "note")
    assert supervised(ASKED).when(receive_response, result=CheckResult.NOTHING_KNOWN).events


def test_what_was_not_asked_is_not_answered_and_nothing_is_answered_twice() -> None:
    none = "There is no such check that awaits an answer."
    supervised().when(receive_response).refused(none)
    supervised(ASKED, did(receive_response, at=NOW)).when(receive_response).refused(none)


def test_an_answer_is_not_before_its_question() -> None:
    supervised(ASKED).when(receive_response, received_at=YESTERDAY - timedelta(days=1)).refused(
        "The answer cannot be before the question.", "received_at"
    )


def test_an_answer_may_come_after_supervision_has_ended() -> None:
    assert closed(ASKED).when(receive_response).events


def test_an_answer_is_expected_after_the_policy_s_working_days() -> None:
    assert response_due(POLICY, NOW) == date(2026, 3, 26)
