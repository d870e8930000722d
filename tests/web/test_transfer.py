"""Transfers: asked for, answered by the other team, withdrawn, handed over; responsibility moves only on acceptance."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from domain import transfer
from domain.allocation import AllocationReason
from domain.case import Case, case_id
from domain.remembered import Allocation
from domain.transfer import HandoverHeld
from domain.working_days import LONDON
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from tests.web.reading import text

ASK, ANSWER, HANDOVER = (f"/cases/X000001/{part}" for part in ("transfer", "transfer/answer", "handover"))


@pytest.fixture
def meera(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    """The manager of the team that has the case."""
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


@pytest.fixture
def nia(meera: Browser, app: Flask) -> Browser:
    """The manager of another team of the same provider."""
    return Browser(app).sign_in("NIA")


def ask(manager: Browser, **changes: object):
    sent = {"command_id": str(uuid4()), "to_team": "NP1", "reason": "person moved area", "note": "Lives with a sister now."}
    return manager.post(ASK, {**sent, **changes})


def holder(record: Record) -> tuple[str, str]:
    held = record.state(Case, case_id("X000001")).allocation
    assert isinstance(held, Allocation)
    return held.practitioner, held.team


def test_the_form_offers_every_other_team_under_its_provider(meera: Browser) -> None:
    page = soup(meera.get(ASK))

    groups = {group["label"]: [option["value"] for option in group.select("option")] for group in page.select("#to_team optgroup")}
    assert groups == {"Wales CRC": ["NP1"], "NPS Wales": ["NC1"]}


def test_asking_for_a_transfer_moves_nothing_and_tells_both_teams(meera: Browser, nia: Browser, record: Record) -> None:
    answer = ask(meera)

    assert answer.status_code == 303
    assert holder(record) == ("SIAN", "CF1")
    going = soup(meera.get("/transfers"))
    assert "Newport has been asked to take the case. Until it accepts, your team is responsible." in text(going)
    assert "Asked by your team (1)" in text(going)
    assert going.select_one("tbody td:nth-last-child(2)").get_text() == "0"
    coming = soup(nia.get("/transfers"))
    assert "Asked of your team (1)" in text(coming)
    assert coming.select_one(f"a[href='{ANSWER}']") is not None


def test_the_team_that_is_asked_reads_why_and_accepts(meera: Browser, nia: Browser, record: Record) -> None:
    ask(meera)
    page = soup(nia.get(ANSWER))
    assert "Lives with a sister now." in text(page)
    assert "Tom Pugh (PO) Holds 0 cases, would be 1" in text(page)

    answer = nia.post(ANSWER, {"command_id": str(uuid4()), "answer": "accept", "practitioner": "TOM"})

    assert answer.status_code == 303
    assert holder(record) == ("TOM", "NP1")
    assert "The case is now with Tom Pugh." in text(soup(nia.get("/transfers")))
    assert "X000001" in nia.get("/teams/NP1/cases").text
    assert meera.get(ANSWER).status_code == 403


def test_accepting_twice_with_one_form_writes_once(meera: Browser, nia: Browser, record: Record) -> None:
    ask(meera)
    sent = {"command_id": str(uuid4()), "answer": "accept", "practitioner": "TOM"}
    nia.post(ANSWER, sent)
    before = record.head()

    assert nia.post(ANSWER, sent).status_code == 303
    assert record.head() == before


def test_a_rejected_transfer_leaves_the_case_where_it_is(meera: Browser, nia: Browser, record: Record) -> None:
    ask(meera)

    answer = nia.post(ANSWER, {"command_id": str(uuid4()), "answer": "reject", "reason": "The move has not happened yet."})

    assert answer.status_code == 303
    assert "The request was rejected." in text(soup(nia.get("/transfers")))
    assert holder(record) == ("SIAN", "CF1")
    assert nia.get(ANSWER).status_code == 403
    assert "No transfer of this case awaits an answer." in text(soup(meera.get(ANSWER)))


def test_the_asking_team_withdraws_its_request_once(meera: Browser, record: Record) -> None:
    ask(meera)
    sent = {"command_id": str(uuid4()), "answer": "withdraw", "reason": "Moved back."}
    assert meera.post(ANSWER, sent).status_code == 303
    before = record.head()

    assert meera.post(ANSWER, sent).status_code == 303
    assert record.head() == before
    assert "Your team awaits no answer." in text(soup(meera.get("/transfers")))


def test_each_team_gives_only_the_answers_that_are_its_own(meera: Browser, nia: Browser, record: Record, app: Flask) -> None:
    ask(meera)
    before = record.head()

    assert meera.post(ANSWER, {"answer": "accept", "practitioner": "OWEN"}).status_code == 403
    assert meera.post(ANSWER, {"answer": "reject", "reason": "No."}).status_code == 403
    assert nia.post(ANSWER, {"answer": "withdraw", "reason": "No."}).status_code == 403
    assert nia.post(ASK, {"to_team": "NC1", "reason": "workload"}).status_code == 403
    for staff in ("RUTH", "SIAN", "HMI0002", "ADM0001"):
        other = Browser(app).sign_in(staff)
        assert {other.get(ASK).status_code, other.get(ANSWER).status_code} == {403}
    assert Browser(app).sign_in("SIAN").get("/transfers").status_code == 403
    assert {meera.get(f"/cases/NONE/{part}").status_code for part in ("transfer", "transfer/answer", "handover")} == {404}
    assert record.head() == before


def test_an_answer_that_cannot_be_given_is_said_beside_its_field(meera: Browser, nia: Browser, record: Record) -> None:
    ask(meera)
    before = record.head()
    refused = [
        (nia, {"answer": "accept"}, "practitioner", "Select the practitioner who takes the case"),
        (nia, {"answer": "accept", "practitioner": "SIAN"}, "practitioner", "Select the practitioner who takes the case"),
        (nia, {"answer": "reject", "reason": "  "}, "reason", "Enter why the request is rejected"),
        (nia, {"answer": "reject", "reason": "x" * 4001}, "reason", "Must be 4,000 characters or fewer"),
        (nia, {"answer": "shrug"}, "practitioner", "Choose what to do with the request"),
        (meera, {"answer": "withdraw"}, "reason", "Enter why the request is withdrawn"),
        (meera, {}, "reason", "Choose what to do with the request"),
    ]
    for manager, sent, field, message in refused:
        answer = manager.post(ANSWER, sent)

        page = soup(answer)
        assert answer.status_code == 422
        assert message in page.select_one(f"#{field}-error").get_text()
        assert page.select_one(f".govuk-error-summary a[href='#{field}']") is not None
        if "reason" in sent:
            assert page.select_one("#reason").get_text().strip() == sent["reason"].strip()
    assert record.head() == before


def test_without_a_request_there_is_nothing_to_answer(meera: Browser) -> None:
    for sent in ({"answer": "accept", "practitioner": "OWEN"}, {"answer": "withdraw", "reason": "None."}, {}):
        answer = meera.post(ANSWER, sent)

        assert answer.status_code == 422
        assert "No transfer of this case awaits an answer." in text(soup(answer))


def test_a_request_that_cannot_be_made_keeps_what_was_typed(meera: Browser, record: Record) -> None:
    before = record.head()
    refused = [
        ({"to_team": ""}, "to_team", "Select the team that you ask to take the case"),
        ({"to_team": "CF1"}, "to_team", "Select the team that you ask to take the case"),
        ({"reason": "initial"}, "reason", "Select why the case should move"),
        ({"note": "x" * 4001}, "note", "Must be 4,000 characters or fewer"),
    ]
    for changes, field, message in refused:
        answer = ask(meera, **changes)

        page = soup(answer)
        assert answer.status_code == 422
        assert message in page.select_one(f"#{field}-error").get_text()
        assert page.select_one("#note").get_text().strip() == changes.get("note", "Lives with a sister now.")
    assert record.head() == before


def test_a_second_request_is_refused_and_shown_with_what_was_typed(meera: Browser) -> None:
    ask(meera)

    answer = ask(meera, to_team="NC1")

    page = soup(answer)
    assert answer.status_code == 422
    assert "has been requested already" in page.select_one("#to_team-error").get_text()
    assert page.select_one("#note").get_text().strip() == "Lives with a sister now."
    assert "has not answered" in text(soup(meera.get(ASK)))


def test_empty_lists_say_why(meera: Browser) -> None:
    page = soup(meera.get("/transfers"))

    assert "No other team asks yours to take a case." in text(page)
    assert "Your team awaits no answer." in text(page)


# ---- More information, the address, and the whole file ----------------------------------------------------------------

ADDRESS, COMPLETE = "/cases/X000001/transfer/address", "/cases/X000001/transfer/complete"


def say(manager: Browser, answer: str, **details: object):
    return manager.post(ANSWER, {"command_id": str(uuid4()), "answer": answer, **details})


def test_the_teams_talk_it_over_before_it_is_answered(meera: Browser, nia: Browser, record: Record) -> None:
    ask(meera)
    assert say(nia, "query", question="Where will they live?").status_code == 303
    assert "Your team has asked for more information" in text(soup(nia.get(ANSWER)))
    going = soup(meera.get("/transfers"))
    assert "More information asked for" in text(going)
    assert "Give information" in text(going)
    assert "Where will they live?" in text(soup(meera.get(ANSWER)))

    assert say(meera, "inform", information="With a sister.").status_code == 303
    said = text(soup(nia.get(ANSWER)))
    assert "Question Where will they live? Nia Griffith" in said
    assert "Answer With a sister. Meera Anand" in said
    assert holder(record) == ("SIAN", "CF1")
    assert say(nia, "accept", practitioner="TOM").status_code == 303


def test_a_question_and_an_answer_that_cannot_be_are_said_beside_their_field(meera: Browser, nia: Browser, record: Record) -> None:
    ask(meera)
    before = record.head()
    for manager, answer, details, field, message in (
        (nia, "query", {}, "question", "Enter what your team needs to know"),
        (nia, "query", {"question": "x" * 4001}, "question", "Must be 4,000 characters or fewer"),
    ):
        given = say(manager, answer, **details)
        assert given.status_code == 422
        assert message in soup(given).select_one(f"#{field}-error").get_text()
    assert say(meera, "inform", information="Nobody asked.").status_code == 422
    assert say(meera, "query", question="Ours to ask?").status_code == 403
    assert say(nia, "inform", information="Ours to say?").status_code == 403
    assert record.head() == before

    say(nia, "query", question="Where?")
    given = say(meera, "inform")
    assert "Enter what the other team asked for" in soup(given).select_one("#information-error").get_text()
    again = say(nia, "query", question="And when?")
    assert again.status_code == 422
    assert soup(again).select_one("#question").get_text().strip() == "And when?"


def test_the_request_says_its_clocks_and_where_they_come_from(meera: Browser, nia: Browser) -> None:
    ask(meera)
    said = text(soup(nia.get(ANSWER)))
    assert "Kind of move To another team of the same provider" in said
    assert "Limit: 20 working days. The 2022 case transfer process" in said
    assert "Limit: 10 working days." in said
    assert "[V]" in said


def checked(scenario: Scenario, **changes: object) -> dict[str, object]:
    day = scenario.now.astimezone(LONDON)
    when = {"assessed_at": f"{day.day} {day.month} {day.year}"}
    return {"command_id": str(uuid4()), "suitable": "yes", "note": "The sister agrees.", **when, **changes}


def test_the_team_that_is_asked_records_the_address_check(scenario: Scenario, meera: Browser, nia: Browser, record: Record) -> None:
    ask(meera)
    assert "Address check due" in text(soup(nia.get("/transfers")))
    before = record.head()
    for changes, field, message in (
        ({"suitable": ""}, "suitable", "Select whether the address is suitable"),
        ({"note": ""}, "note", "Enter what was found at the address"),
        ({"assessed_at": "1 1 2190"}, "assessed_at", "today or in the past"),
    ):
        answer = nia.post(ADDRESS, checked(scenario, **changes))
        assert answer.status_code == 422
        assert message in soup(answer).select_one(f"#{field}-error").get_text()
    assert "Only the team that is asked" in text(soup(meera.post(ADDRESS, checked(scenario))))
    assert record.head() == before

    sent = checked(scenario)
    assert (nia.post(ADDRESS, sent).status_code, nia.post(ADDRESS, sent).status_code) == (303, 303)
    assert "Suitable: The sister agrees." in text(soup(nia.get(ANSWER)))
    assert "Address check due" not in text(soup(nia.get("/transfers")))


def test_a_transfer_is_completed_when_the_officers_have_met_and_the_file_is_whole(
    scenario: Scenario, meera: Browser, nia: Browser, record: Record
) -> None:
    ask(meera)
    say(nia, "accept", practitioner="TOM")
    assert "Accepted by your team, to be completed (1)" in text(soup(nia.get("/transfers")))
    assert "Taken by other teams, not complete yet (1)" in text(soup(meera.get("/transfers")))
    assert "Complete the transfer" in text(soup(nia.get(ANSWER)))
    page = soup(nia.get(COMPLETE))
    assert "No handover meeting has been recorded since the request." in text(page)
    items = [box["value"] for box in page.select("input[name=file]")]
    early = nia.post(COMPLETE, {"command_id": str(uuid4()), "file": items})
    assert early.status_code == 422
    assert "Record it first." in soup(early).select_one("#file-error").get_text()
    scenario.do("X000001", transfer.hold_handover, held_at=scenario.now, from_practitioner="SIAN", to_practitioner="TOM", three_way=True)
    before = record.head()
    for file in ([], items[1:], ["a cake"]):
        answer = nia.post(COMPLETE, {"command_id": str(uuid4()), "file": file, "note": "Two parts."})
        assert answer.status_code == 422
        assert soup(answer).select_one("#file-error") is not None
        assert soup(answer).select_one("#note").get_text().strip() == "Two parts."
    assert record.head() == before

    sent = {"command_id": str(uuid4()), "file": items}
    assert (nia.post(COMPLETE, sent).status_code, nia.post(COMPLETE, sent).status_code) == (303, 303)
    assert "Every transfer that your team accepted is complete." in text(soup(nia.get("/transfers")))
    assert "No transfer of this case awaits completion." in text(soup(nia.get(COMPLETE)))
    assert meera.get(COMPLETE).status_code == 403


# ---- Handover --------------------------------------------------------------------------------------------------------


def held(scenario: Scenario, hours_ago: float = 2, **changes: object) -> dict[str, object]:
    at = (scenario.now - timedelta(hours=hours_ago)).astimezone(LONDON)
    when = {"held_at": f"{at.day} {at.month} {at.year}", "held_at-time": f"{at:%H:%M}"}
    who = {"from_practitioner": "SIAN", "to_practitioner": "TOM", "three_way": "yes", "note": "Promised a call on Friday."}
    return {"command_id": str(uuid4()), **when, **who, **changes}


def test_an_officer_records_a_handover_and_the_case_stays_put(scenario: Scenario, meera: Browser, record: Record, app: Flask) -> None:
    ask(meera)
    sian = Browser(app).sign_in("SIAN")
    page = soup(sian.get(HANDOVER))
    assert [option["value"] for option in page.select("#to_practitioner option")] == ["", "MEERA", "NIA", "OWEN", "SIAN", "TOM"]
    assert page.select_one("#from_practitioner option[selected]")["value"] == "SIAN"
    sent = held(scenario)

    first, second = sian.post(HANDOVER, sent), sian.post(HANDOVER, sent)

    assert (first.status_code, second.status_code) == (303, 303)
    events = [recorded.event for recorded in record.history(case_id("X000001"), texts=True)]
    (meeting,) = [event for event in events if isinstance(event, HandoverHeld)]
    assert (meeting.from_practitioner, meeting.to_practitioner, meeting.three_way) == ("SIAN", "TOM", True)
    assert meeting.note == "Promised a call on Friday."
    assert holder(record) == ("SIAN", "CF1")


def test_after_a_change_the_handover_is_from_the_last_officer_to_the_present_one(scenario: Scenario, meera: Browser, nia: Browser) -> None:
    ask(meera)
    nia.post(ANSWER, {"command_id": str(uuid4()), "answer": "accept", "practitioner": "TOM"})

    page = soup(nia.get(HANDOVER))

    assert page.select_one("#from_practitioner option[selected]")["value"] == "SIAN"
    assert page.select_one("#to_practitioner option[selected]")["value"] == "TOM"


def test_a_handover_that_cannot_be_is_said_beside_its_field(scenario: Scenario, meera: Browser, record: Record) -> None:
    before = record.head()
    refused = [
        ({"held_at": "31 2 2026"}, "held_at", "must be a real date"),
        ({"held_at-time": "teatime"}, "held_at-time", "must be a time"),
        ({"to_practitioner": ""}, "to_practitioner", "Select who takes the case over"),
        ({"to_practitioner": "TOM"}, "to_practitioner", "Select who takes the case over"),
        ({"to_practitioner": "SIAN"}, "to_practitioner", "A handover is between two practitioners."),
        ({"from_practitioner": "RUTH"}, "from_practitioner", "Select who hands the case over"),
        ({"three_way": "perhaps"}, "three_way", "Select whether the person met both officers together"),
        ({"note": "x" * 4001}, "note", "Must be 4,000 characters or fewer"),
    ]
    for changes, field, message in refused:
        answer = meera.post(HANDOVER, held(scenario, **{"to_practitioner": "OWEN", **changes}))

        page = soup(answer)
        assert answer.status_code == 422, changes
        assert message in page.select_one(f"#{field}-error").get_text()
        assert page.select_one("#note").get_text().strip() == changes.get("note", "Promised a call on Friday.")
    answer = meera.post(HANDOVER, held(scenario, hours_ago=-5, to_practitioner="OWEN"))
    assert answer.status_code == 422
    assert "The date and time must be in the past." in text(soup(answer))
    assert record.head() == before


def test_a_team_that_is_only_asked_reads_the_case_and_does_not_write_in_it(scenario: Scenario, meera: Browser, app: Flask) -> None:
    scenario.do("X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    app.extensions["throughline"].read_side.catch_up()

    assert Browser(app).sign_in("NIA").get(HANDOVER).status_code == 403
