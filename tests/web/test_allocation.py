"""Allocation by a manager: who can be chosen, what it does, and what is refused."""

from uuid import uuid4, uuid5

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain import allocation, sentence, transfer
from domain.allocation import AllocationReason
from domain.case import Case, case_id, open_case
from domain.event import NAMESPACE
from domain.working_days import local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup

ADDRESS = "/cases/X000001/allocate"


@pytest.fixture
def scenario(record: Record) -> Scenario:
    told = Scenario(record).staff()
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN")
    return told


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def choices(page: BeautifulSoup) -> dict[str, str]:
    """Everybody who can be chosen, in the order shown, with what is said of them."""
    rows = {row["data-officer"]: " ".join(row.get_text(" ", strip=True).split()) for row in page.select("tr[data-officer]")}
    return rows | {button["value"]: button.get_text() for button in page.select("button[name=practitioner][value=nobody]")}


def test_the_form_offers_the_team_with_the_load_there_would_be(manager: Browser) -> None:
    page = soup(manager.get(ADDRESS))

    offered = choices(page)
    assert set(offered) == {"OWEN", "MEERA", "nobody"}
    # Owen holds one case of medium RoSH in the community (63 points) and would have two: 126 of 2,176 is 5.8%.
    assert "1 63 126 2,176 5.8%" in offered["OWEN"]
    assert "Owen Bradley has the most room of those who can take it. 63 points now, 126 then of 2,176: 5.8%" in " ".join(
        page.get_text().split()
    )
    assert not page.select("input[name=reason][checked]")
    assert "initial allocation" not in [radio["value"] for radio in page.select("input[name=reason]")]


def test_an_officer_whom_the_person_knows_is_marked_and_comes_first(scenario: Scenario, manager: Browser, app: Flask) -> None:
    scenario.do("X000001", allocation.allocate, practitioner="MEERA", team="CF1", provider="C10", reason=AllocationReason.WORKLOAD)
    app.extensions["throughline"].read_side.catch_up()

    offered = choices(soup(manager.get(ADDRESS)))

    assert next(iter(offered)) == "SIAN"
    assert "Suggested: Siân Rowlands was this person’s officer for 60 days" in " ".join(soup(manager.get(ADDRESS)).get_text().split())
    assert "Was this person’s officer from" in offered["SIAN"]


def test_allocating_makes_the_next_page_true(manager: Browser, record: Record) -> None:
    answer = manager.post(ADDRESS, {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "workload"})

    assert answer.status_code == 303
    page = soup(manager.get(answer.headers["Location"]))
    assert "Alex Example is now with Owen Bradley." in page.get_text()
    row = next(r for r in page.select("#caseload tbody tr") if "X000001" in r.get_text())
    assert "Owen Bradley" in row.get_text()
    held = record.state(Case, case_id("X000001")).allocation
    assert held is not None
    assert held.practitioner == "OWEN"


def test_a_case_that_loses_its_officer_is_listed_as_held_by_nobody_and_keeps_the_reason(manager: Browser) -> None:
    manager.post(ADDRESS, {"command_id": str(uuid4()), "practitioner": "nobody", "reason": "officer left or absent"})

    page = soup(manager.get("/teams/CF1/to-allocate"))
    assert page.select_one("a[href='/cases/X000001/allocate']") is not None
    again = soup(manager.get(ADDRESS))
    assert again.select_one("input[name=reason][checked]")["value"] == "officer left or absent"
    assert "nobody" not in choices(again)


def test_the_same_form_sent_twice_writes_once(manager: Browser, record: Record) -> None:
    sent = {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "workload"}
    first, before = manager.post(ADDRESS, sent), record.head()
    second = manager.post(ADDRESS, sent)

    assert (first.status_code, second.status_code) == (303, 303)
    assert record.head() == before


REFUSED: list[tuple[dict[str, object], str, str]] = [
    ({"reason": "workload"}, "practitioner", "Select who will hold the case"),
    ({"practitioner": "TOM", "reason": "workload"}, "practitioner", "Select who will hold the case"),
    ({"practitioner": "\0", "reason": "workload"}, "practitioner", "Select who will hold the case"),
    ({"practitioner": "OWEN"}, "reason", "Select why the case is allocated"),
    ({"practitioner": "OWEN", "reason": "because"}, "reason", "Select why the case is allocated"),
    ({"practitioner": "SIAN", "reason": "workload"}, "practitioner", "This practitioner already holds the case."),
]


def test_what_cannot_be_done_is_said_beside_its_field_and_nothing_is_stored(manager: Browser, record: Record) -> None:
    before = record.head()
    for sent, field, message in REFUSED:
        answer = manager.post(ADDRESS, {"command_id": "spoiled", **sent})

        page = soup(answer)
        assert answer.status_code == 422
        assert page.title.get_text(strip=True).startswith("Error: ")
        assert message in page.select_one(f"#{field}-error").get_text()
        assert page.select_one(f".govuk-error-summary a[href='#{field}']") is not None
        assert page.select_one(f"#{field}") is not None
        if sent.get("reason") == "workload":
            assert page.select_one("input[name=reason][checked]")["value"] == "workload"
    assert record.head() == before


def test_a_case_that_has_ended_is_not_allocated(scenario: Scenario, manager: Browser, app: Flask) -> None:
    scenario.do("X000001", sentence.end_sentence, sentence=2, ended_at=scenario.now, how="completed")
    app.extensions["throughline"].read_side.catch_up()

    answer = manager.post(ADDRESS, {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "workload"})

    assert answer.status_code == 422
    assert "Every sentence in this case has ended" in soup(answer).select_one("#practitioner-error").get_text()


def test_only_the_manager_of_the_team_allocates(manager: Browser, app: Flask) -> None:
    for staff in ("SIAN", "NIA", "HMI0002", "ADM0001"):
        assert Browser(app).sign_in(staff).get(ADDRESS).status_code == 403
    assert manager.get("/cases/NONE/allocate").status_code == 404


def test_a_team_that_is_only_asked_to_take_a_case_cannot_allocate_it(scenario: Scenario, manager: Browser, app: Flask) -> None:
    scenario.do("X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=AllocationReason.MOVE)
    app.extensions["throughline"].read_side.catch_up()
    nia = Browser(app).sign_in("NIA")

    assert nia.get(ADDRESS).status_code == 403
    assert nia.post(ADDRESS, {"practitioner": "SIAN", "reason": "workload"}).status_code == 403


# ---- Cases that no team has had yet ----------------------------------------------------------------------------------

NEW, TO_TEAM = "/cases/X000007/allocate", "/cases/X000007/allocate/team"


@pytest.fixture
def nia(scenario: Scenario, manager: Browser, app: Flask) -> Browser:
    """A manager, while there is a new case that nobody has allocated."""
    began = scenario.in_days(-30)
    scenario.do("X000007", open_case, crn="X000007", person_id=uuid5(NAMESPACE, "X000007"), name="Fay Example", occurred_at=began)
    ends = local_day(scenario.in_days(300))
    kind = sentence.SentenceKind.COMMUNITY_ORDER
    scenario.do("X000007", sentence.start_sentence, kind=kind, started_at=began, expected_end_on=ends)
    app.extensions["throughline"].read_side.catch_up()
    return Browser(app).sign_in("NIA")


def test_a_new_case_is_listed_for_every_manager_with_the_day_by_which_it_must_be_placed(nia: Browser, app: Flask) -> None:
    page = soup(nia.get("/teams/NP1/to-allocate"))
    row = next(r for r in page.select("tbody tr") if "X000007" in r.get_text())
    assert "Overdue" in row.get_text()
    assert {a["href"] for a in row.select("a")} == {"/cases/X000007", NEW, TO_TEAM}
    assert "1 new case that no team has yet" in nia.get("/teams/NP1").text
    assert "X000007" not in Browser(app).sign_in("TOM").get("/teams/NP1/to-allocate").text
    assert Browser(app).sign_in("TOM").get("/cases/X000007").status_code == 403


def test_a_manager_takes_a_new_case_into_the_team(nia: Browser, record: Record, manager: Browser) -> None:
    assert set(choices(soup(nia.get(NEW)))) == {"NIA", "TOM"}
    sent = {"command_id": str(uuid4()), "practitioner": "TOM", "reason": "initial allocation", "note": "Lives in Newport."}
    assert (nia.post(NEW, sent).status_code, nia.post(NEW, sent).status_code) == (303, 303)

    held = record.state(Case, case_id("X000007")).allocation
    assert held is not None
    assert (held.practitioner, held.team, held.provider) == ("TOM", "NP1", "C10")
    assert manager.get(NEW).status_code == 403


def test_a_manager_gives_a_new_case_to_another_team_which_allocates_it(nia: Browser, manager: Browser, record: Record) -> None:
    page = soup(nia.get(TO_TEAM))
    assert "To be decided by" in page.get_text()
    assert "Limit: 2 working days." in page.get_text()
    assert page.select_one("#team option[selected]")["value"] == "NP1"
    before = record.head()
    refused = nia.post(TO_TEAM, {"command_id": str(uuid4()), "team": "XX9", "note": "Lives in Cardiff."})
    assert refused.status_code == 422
    assert "Select the team that takes the case" in soup(refused).select_one("#team-error").get_text()
    assert soup(refused).select_one("#note").get_text().strip() == "Lives in Cardiff."
    assert record.head() == before

    sent = {"command_id": str(uuid4()), "team": "CF1", "note": "Lives in Cardiff."}
    assert nia.post(TO_TEAM, sent).status_code == 303
    assert nia.get(TO_TEAM).status_code == 403
    assert "X000007" in soup(manager.get("/teams/CF1/cases?officer=-")).select_one("#caseload").get_text()
    assert manager.post(TO_TEAM, {"command_id": str(uuid4()), "team": "NP1"}).status_code == 422
    assert manager.post(NEW, {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "initial allocation"}).status_code == 303


def test_a_note_for_the_new_officer_stands_with_the_allocation(manager: Browser, record: Record) -> None:
    sent = {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "workload", "note": "Sees her children on Fridays."}
    assert manager.post(ADDRESS, sent).status_code == 303
    event = record.history(case_id("X000001"), texts=True)[-1].event
    assert isinstance(event, allocation.CaseAllocated)
    assert event.note == "Sees her children on Fridays."


def test_why_somebody_else_was_chosen_than_suggested_stands_in_the_history(manager: Browser, record: Record) -> None:
    sent = {
        "command_id": str(uuid4()),
        "practitioner": "MEERA",
        "reason": "workload",
        "suggested": "OWEN",
        "because": "She knows the family.",
    }
    assert manager.post(ADDRESS, sent).status_code == 303
    event = record.history(case_id("X000001"), texts=True)[-1].event
    assert isinstance(event, allocation.CaseAllocated)
    assert (event.suggested, event.because) == ("OWEN", "She knows the family.")
    assert "Owen Bradley was suggested" in manager.get("/cases/X000001/history").text
    assert manager.post(ADDRESS, {**sent, "command_id": str(uuid4()), "suggested": "TOM"}).status_code == 422
