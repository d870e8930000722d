"""Pages by which a team is managed, and those of unpaid work, in Welsh: headings, what was done, and what is refused."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask

from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup, text
from tests.web.test_unpaid_work import errors, parts
from tests.web.test_upw_team import ALEX, TEAM, sheet

CASE = f"/cases/{ALEX}"


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in("MEERA")
    browser.get("/language/cy?next=/")
    return browser


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/teams/CF1/cases", "Achosion"),
        ("/teams/CF1/allocation", "Achosion newydd"),
        ("/teams/CF1/oversight", "Trosolwg y rheolwr"),
        ("/teams/CF1/leaver/SIAN", "Trosglwyddo achosion Siân Rowlands"),
        ("/teams/CF1/away/SIAN", "Cyflenwi yn achosion Siân Rowlands"),
        ("/transfers", "Trosglwyddiadau"),
        ("/sessions/new", "Trefnu sesiwn grŵp"),
        (TEAM, "Gwaith di-dâl"),
        (f"{TEAM}/session", "Taflen sesiwn"),
        (f"{TEAM}/projects", "Prosiectau gwaith di-dâl"),
        (f"{CASE}/allocate", "Dyrannu’r achos hwn"),
        (f"{CASE}/cover", "Cyflenwi yn yr achos hwn"),
        (f"{CASE}/transfer", "Gofyn am drosglwyddiad"),
        (f"{CASE}/handover", "Cofnodi cyfarfod trosglwyddo’r awenau"),
        (f"{CASE}/oversight", "Cofnodi trosolwg y rheolwr"),
        (f"{CASE}/unpaid-work", "80 awr o waith di-dâl"),
        (f"{CASE}/unpaid-work/suspend", "Atal y gwaith"),
    ],
)
def test_given_welsh_was_chosen_when_a_page_is_read_then_its_heading_is_welsh(manager: Browser, address: str, heading: str) -> None:
    page = soup(manager.get(address))
    found = [text(part) for part in page.main.select("h1, h2, h3")]
    assert any(words.startswith(heading) for words in found), found


def test_given_welsh_was_chosen_when_a_case_is_allocated_then_it_says_so_in_welsh(manager: Browser) -> None:
    sent = {"command_id": str(uuid4()), "practitioner": "OWEN", "reason": "workload"}
    assert manager.post(f"{CASE}/allocate", sent).status_code == 303
    assert "Mae achos Alex Example gyda Owen Bradley yn awr." in soup(manager.get("/teams/CF1/cases")).get_text()


def test_given_welsh_was_chosen_when_an_answer_lacks_its_words_then_the_form_asks_for_them_in_welsh(manager: Browser) -> None:
    page = soup(manager.post(f"{CASE}/transfer", {"command_id": str(uuid4())}), 422)
    assert errors(page) == {
        "to_team": "Dewiswch y tîm yr ydych yn gofyn iddo gymryd yr achos",
        "reason": "Dewiswch pam y dylai’r achos symud",
    }


def test_given_welsh_was_chosen_when_a_rule_says_no_to_one_of_many_then_it_says_to_whom_in_welsh(
    manager: Browser, scenario: Scenario
) -> None:
    page = soup(manager.post(f"{TEAM}/session", sheet(scenario, ALEX, **parts("worked_at", date(2199, 1, 1)))), 422)
    assert errors(page) == {"worked_at": "Alex Example: Rhaid i’r dyddiad a’r amser fod yn y gorffennol."}


@pytest.mark.parametrize("address", ["/teams/CF1/oversight", f"{CASE}/cover", f"{CASE}/unpaid-work"])
def test_given_welsh_was_chosen_when_a_rule_of_the_policy_is_shown_then_what_it_rests_on_is_welsh(manager: Browser, address: str) -> None:
    words = soup(manager.get(address)).main.get_text()
    assert "[D]" in words or "[V]" in words
    assert not [english for english in ("Default of this service", "as recalled", "worked within") if english in words]
