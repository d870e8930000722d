"""Search: parts of names, CRNs and dates of birth find the cases that somebody may see, and no other."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from domain.allocation import AllocationReason, allocate
from domain.case import case_id, open_case
from domain.limited_access import exclude
from domain.transfer import request_transfer
from projections.search import Term
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup
from web import seeking

TODAY = date(2026, 11, 23)
PEOPLE = (
    ("X000011", "Siân Llŷr", "CF1", "SIAN", "1990-03-03"),
    ("X000012", "Mary Anne O’Neill", "CF1", "OWEN", "1986-03-12"),
    ("X000013", "Łukasz Smith-Jones", "CF1", "", ""),
    ("X000014", "Sian Morris", "NP1", "TOM", "1990-03-03"),
    ("X120386", "Norma Anneal", "CF1", "OWEN", "1971-01-02"),
)


@pytest.fixture
def office(scenario: Scenario) -> Scenario:
    for crn, name, team, officer, born in PEOPLE:
        scenario.do(crn, open_case, crn=crn, person_id=case_id(crn), name=name, born=born, occurred_at=scenario.now)
        scenario.do(crn, allocate, practitioner=officer, team=team, provider="C10", reason=AllocationReason.INITIAL)
    return scenario


def found(browser: Browser, typed: str) -> list[str]:
    page = soup(browser.get("/search", query_string={"q": typed}))
    return [cell.a.get_text() for cell in page.select("tbody th")]


# ---- Reading what was typed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", ()),
        ("Siân", (Term("sian"),)),
        ("  LLŶR,  siân ", (Term("llyr"), Term("sian"))),
        ("O'Neill", (Term("oneill"),)),
        ("O’Neill", (Term("oneill"),)),
        ("Smith-Jones", (Term("smithjones"),)),
        ("X000011", (Term("x000011"),)),
        ("3 3 1990", (Term(born=date(1990, 3, 3)),)),
        ("3/3/90", (Term(born=date(1990, 3, 3)),)),
        ("1990-03-03", (Term(born=date(1990, 3, 3)),)),
        ("3rd of March 1990", (Term(born=date(1990, 3, 3)),)),
        ("3 Mawrth 1990", (Term(born=date(1990, 3, 3)),)),
        ("sian born 3 march 1990", (Term("sian"), Term(born=date(1990, 3, 3)))),
        ("3.3.1990 sian", (Term("sian"), Term(born=date(1990, 3, 3)))),
        ("max born", (Term("max"), Term("born"))),
        ("120386", (Term("120386", date(1986, 3, 12)),)),
        ("000011", (Term("000011"),)),
        ("3 3 30", (Term(born=date(1930, 3, 3)),)),
        ("april may", (Term("april"), Term("may"))),
        ("3 march", (Term("3"), Term("march"))),
        ("%", (Term("%"),)),
        ("yesterday", (Term("yesterday"),)),
    ],
)
def test_what_is_typed_is_names_crns_and_days_of_birth(typed: str, terms: tuple[Term, ...], app: Flask) -> None:
    assert seeking.read(typed, TODAY).terms == terms


def test_what_looks_like_a_date_and_is_none_is_named() -> None:
    sought = seeking.read("sian 31/2/1990", TODAY)
    assert (sought.no_day, sought.terms) == ("31/2/1990", (Term("sian"), Term("31/2/1990")))


# ---- Finding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "people"),
    [
        ("sian", ["Siân Llŷr"]),
        ("SIÂN", ["Siân Llŷr"]),
        ("llyr sian", ["Siân Llŷr"]),
        ("sia lly", ["Siân Llŷr"]),
        ("lŷr", ["Siân Llŷr"]),
        ("oneill", ["Mary Anne O’Neill"]),
        ("O'Neill mary", ["Mary Anne O’Neill"]),
        ("lukasz smith jones", ["Łukasz Smith-Jones"]),
        ("x00001", ["Siân Llŷr", "Mary Anne O’Neill", "Łukasz Smith-Jones"]),
        ("3 March 1990", ["Siân Llŷr"]),
        ("sian 3/3/1990", ["Siân Llŷr"]),
        ("sian 4/3/1990", []),
        ("120386", ["Norma Anneal", "Mary Anne O’Neill"]),
        ("%", []),
        ("_", []),
        ("\0", []),
    ],
)
def test_given_an_officer_when_searching_then_their_teams_cases_are_found(
    typed: str, people: list[str], office: Scenario, enter: Callable[..., Browser]
) -> None:
    assert found(enter("SIAN"), typed) == people


def test_names_that_begin_with_the_word_come_first(office: Scenario, enter: Callable[..., Browser]) -> None:
    # "Anneal" and "Anne" begin with it; in "Siân" … nothing does. Norma's family name sorts before Mary Anne's.
    assert found(enter("SIAN"), "ne") == ["Norma Anneal", "Mary Anne O’Neill", "Łukasz Smith-Jones"]
    assert found(enter("SIAN"), "jones") == ["Łukasz Smith-Jones"]
    assert found(enter("SIAN"), "ma") == ["Mary Anne O’Neill", "Norma Anneal"]


def test_somebody_of_another_team_finds_their_own_cases_only(office: Scenario, enter: Callable[..., Browser]) -> None:
    assert found(enter("TOM"), "sian") == ["Sian Morris"]


def test_a_team_that_is_asked_to_take_a_case_finds_it(office: Scenario, enter: Callable[..., Browser]) -> None:
    office.do("X000011", request_transfer, by="MEERA", reason=AllocationReason.MOVE, to_team="NP1", to_provider="C10")
    page = soup(enter("TOM").get("/search?q=llyr"))
    assert "Your team is asked to take it" in page.select_one("tbody tr").get_text()


def test_a_case_that_is_hidden_from_somebody_is_neither_found_nor_counted(office: Scenario, enter: Callable[..., Browser]) -> None:
    office.do("X000011", exclude, by="MEERA", practitioner="OWEN", reason="Related to the victim.")
    page = soup(enter("OWEN").get("/search?q=x00001"))
    assert page.select_one("#found [role=status]").get_text().strip().startswith("2 cases")
    assert found(enter("OWEN"), "sian") == []
    assert found(enter("SIAN"), "sian") == ["Siân Llŷr"]


def test_an_inspector_finds_nothing_but_their_sample_and_an_administrator_may_not_search(
    office: Scenario, enter: Callable[..., Browser]
) -> None:
    browser = enter("HMI0001")
    assert found(browser, "sian") == []
    assert "your samples drew" in soup(browser.get("/search")).main.get_text()
    assert enter("ADM0001").get("/search?q=sian").status_code == 403


# ---- What the page says ----------------------------------------------------------------------------------------------


def test_the_page_says_how_the_words_were_taken(office: Scenario, enter: Callable[..., Browser]) -> None:
    page = soup(enter("SIAN").get("/search?q=sian+3+march+1990"))
    assert " ".join(page.select_one("#found [role=status]").get_text().split()) == (
        "1 case: “sian” in the name or CRN; born on 3 March 1990"
    )
    assert page.select_one("#q")["value"] == "sian 3 march 1990"


def test_when_nothing_is_found_the_page_says_what_to_try(office: Scenario, enter: Callable[..., Browser]) -> None:
    browser = enter("SIAN")
    assert "use fewer letters of the name" in soup(browser.get("/search?q=zebra")).main.get_text()
    assert "31 2 1990 is no real date" in soup(browser.get("/search?q=31+2+1990")).main.get_text()


def test_the_box_of_every_page_finds_the_first_few(office: Scenario, enter: Callable[..., Browser]) -> None:
    browser = enter("SIAN")
    box = soup(browser.get("/my-day")).select_one("header form[role=search]")
    assert (box["action"], box.input["name"]) == ("/search", "q")
    part = soup(browser.get("/search/first?q=sian"))
    assert [link["href"] for link in part.select("a")] == ["/cases/X000011"]
    assert part.select_one("header") is None
    assert "No case found" in soup(browser.get("/search/first?q=zebra")).get_text()


def test_whoever_may_see_no_case_has_no_box(enter: Callable[..., Browser]) -> None:
    assert soup(enter("ADM0001").get("/health")).select_one("header form[role=search]") is None
