"""A contact in one line: what is understood, that nothing of the line is lost, and that what is shown is what is saved."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from domain.case import case_id
from domain.contact import KINDS, ContactRecorded, Purpose
from domain.cover import CoverReason, start_cover
from domain.limited_access import exclude
from domain.working_days import LONDON, local_day
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from web.kinds import abbreviations, find_kinds
from web.one_line import Line, Vocabulary, understand
from web.words import clock, full_day, plain

THURSDAY = date(2026, 11, 19)
PEOPLE = {"X000041": ("alex", "example"), "X000042": ("sian", "example"), "X000043": ("mair", "ohanlon")}
WORDS = Vocabulary(abbreviations().kinds, {p.value: ways for p, ways in abbreviations().purposes.items()}, PEOPLE)
LINE = "/cases/X000001/contacts/line"

UNDERSTOOD = {
    "ph 10:15 20m job centre forms": Line(
        kind="CTOB", at=time(10, 15), minutes=20, purposes=("practical help", "filling in forms"), note="job centre forms"
    ),
    "ph X000041 3pm": Line(kind="CTOB", who=("X000041",), at=time(15)),
    "Alex, ph": Line(kind="CTOB", who=("X000041",)),
    "ph example no answer": Line(kind="CTOB", who=("X000041", "X000042"), note="no answer"),
    "hv Siân Example last tue 2.30pm 1h30": Line(kind="CHVS", who=("X000042",), day=date(2026, 11, 17), at=time(14, 30), minutes=90),
    "call in 1015 45 mins  Talked of  his plan.": Line(kind="CTOA", at=time(10, 15), minutes=45, note="Talked of  his plan."),
    "txt 27 Mar appt at 3pm": Line(kind="CMOB", day=date(2026, 3, 27), purposes=("booking an appointment",), note="appt at 3pm"),
    "ffon ddoe 9yb": Line(kind="CTOB", day=date(2026, 11, 18), at=time(9)),
    "ph 10 missed calls": Line(kind="CTOB", purposes=("compliance and motivation",), note="10 missed calls"),
    "ph ph": Line(kind="CTOB", note="ph"),
    "saw him 10:15": Line(note="saw him 10:15"),
    "ph 10:15 10:30": Line(kind="CTOB", at=time(10, 15), note="10:30"),
    "homework": Line(note="homework"),
    "": Line(),
}


@pytest.mark.parametrize(("typed", "meant"), UNDERSTOOD.items())
def test_a_line_is_read_as_it_is_meant(typed: str, meant: Line) -> None:
    found = understand(typed, WORDS, THURSDAY)
    assert (found.kind, found.who, found.day, found.at, found.minutes) == (meant.kind, meant.who, meant.day, meant.at, meant.minutes)
    assert (found.purposes, found.note) == (meant.purposes, meant.note)


PIECES = st.sampled_from(
    [*UNDERSTOOD, "ph", "x000041", "fri", "10.15", "20m", "yesterday", "a\u0301", "\u2003", "job centre", "’", "in 2 weeks"]
)


@given(st.text() | st.lists(PIECES | st.text(max_size=6), max_size=8).map(" ".join), st.dates(date(2001, 1, 1), date(2099, 1, 1)))
@example("\0", THURSDAY)
@example("ph\u2028note\u2028more", THURSDAY)
def test_a_line_never_fails_and_every_word_of_it_is_understood_or_in_the_note(typed: str, today: date) -> None:
    found = understand(typed, WORDS, today)
    read = [word for _, words in found.read for word in words.split(" ")]
    assert [*read, *found.note.split()] == typed.split()
    assert typed.rstrip().endswith(found.note)
    assert len({part for part, _ in found.read}) == len(found.read)
    assert set(found.purposes) <= {p.value for p in Purpose}


def test_every_abbreviation_means_one_kind_that_there_is_and_can_be_typed() -> None:
    told = abbreviations()
    ways = [way for all_ways in told.kinds.values() for way in all_ways]
    assert len(set(ways)) == len(ways)
    assert set(told.kinds) <= set(KINDS)
    assert all(plain(way) == way and len(way.split()) <= 3 for way in ways)
    assert all(find_kinds(way) == [code] for code, of_code in told.kinds.items() for way in of_code)


def shown(page: BeautifulSoup) -> dict[str, str]:
    return {row.dt.text.strip(): row.dd.text.strip() for row in page.select("#log-contact .govuk-summary-list__row")}


def hidden_fields(page: BeautifulSoup) -> dict[str, object]:
    sent: dict[str, object] = {}
    for field in page.select("#log-contact form input[type=hidden]"):
        sent[field["name"]] = [*sent.get(field["name"], []), field["value"]]
    sent.pop("csrf_token")
    return sent


@pytest.mark.parametrize(
    "typed", ["ph 00:01 20m job centre forms <b>", "ov yesterday 2.30pm 1h30 review\u00a0done", "hv 3 days ago midday", "kiosk 0001"]
)
def test_what_is_shown_is_what_is_saved(enter: Callable[..., Browser], scenario: Scenario, record: Record, typed: str) -> None:
    browser = enter()
    page = soup(browser.get(LINE, query_string={"line": typed}))
    said = shown(page)
    assert browser.post("/cases/X000001/contacts/new", hidden_fields(page)).status_code == 303
    event = record.history(case_id("X000001"), texts=True)[-1].event
    assert isinstance(event, ContactRecorded)
    local = event.occurred_at.astimezone(LONDON)
    assert said == {
        "With": "Alex Example, X000001",
        "Kind": KINDS[event.kind].label,
        "When": f"{full_day(local.date())}, {clock(event.occurred_at)}",
        "Minutes": str(event.minutes or "Not recorded"),
        "What it was for": ", ".join(p.capitalize() for p in event.work.purposes) or "Not recorded",
        "Note": event.note or "None",
    }


def test_a_line_without_a_time_is_about_now(enter: Callable[..., Browser], scenario: Scenario) -> None:
    now = scenario.now
    assert shown(soup(enter().get(LINE, query_string={"line": "ph no answer"})))["When"].startswith(full_day(local_day(now)))


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ("10:15 no answer", "kind", "Select the kind of contact"),
        ("ph yesterday", "occurred_at-time", "Enter the time of the contact"),
        ("ph X000099 10:15", "note", "The line names X000099, and this is the case of X000001. Log it there"),
    ],
)
def test_what_a_line_leaves_open_is_asked_for_in_the_form(enter: Callable[..., Browser], typed: str, field: str, message: str) -> None:
    page = soup(enter().get(LINE, query_string={"line": typed}))
    assert {a["href"]: a.text for a in page.select(".govuk-error-summary a")} == {f"#{field}": message}
    assert page.select_one(f"#{field}")


# ---- From My day -----------------------------------------------------------------------------------------------------


def test_a_line_with_a_name_of_ones_own_cases_leads_to_that_case(enter: Callable[..., Browser], scenario: Scenario) -> None:
    scenario.case("X000002", "Alex Other")
    scenario.case("X000003", "Chris Elsewhere", practitioner="TOM", team="NP1")
    browser = enter()
    for typed, crn in (("ph example 10:15 hello", "X000001"), ("x000002 ph", "X000002"), ("ph alex other", "X000002")):
        sent = {"line": typed, "from": "my-day"}
        posted, asked = browser.post("/contacts/line", sent), browser.get("/contacts/line", query_string=sent)
        assert (posted.status_code, asked.status_code) == (307, 307), "the browser sends again, there, what it sent here"
        for page in (soup(browser.post(posted.location, sent)), soup(browser.get(asked.location))):
            assert crn in shown(page)["With"]
            assert page.select_one("#log-contact input[name=from]")["value"] == "my-day"


def test_a_whole_note_is_taken_along_and_stands_in_no_address(enter: Callable[..., Browser], scenario: Scenario) -> None:
    scenario.case("X000002", "Alex Other")
    browser, told = enter(), "He came. " * 1_300
    for typed in (f"ph example {told}", f"ph alex {told}"):
        page = soup(browser.get("/my-day"))
        form = page.select_one("form[action='/contacts/line']")
        assert form["method"] == "post"
        answer = browser.post("/contacts/line", {"line": typed})
        if answer.status_code == 200:
            chosen = soup(answer).select_one("#log-contact button")["formaction"]
            answer = browser.post(chosen, {f["name"]: f["value"] for f in soup(answer).select("#log-contact input")})
        else:
            assert "He" not in answer.location
            answer = browser.post(answer.location, {"line": typed})
        assert shown(soup(answer))["Note"].strip() == told.strip()


@pytest.mark.parametrize(
    ("typed", "offered", "words"),
    [
        ("ph alex hello", {"X000001", "X000002"}, "With whom was it?"),
        ("ph hello", {"X000001", "X000002", "X000004"}, "With whom was it?"),
        ("ph X000003 hello", {"X000001", "X000002", "X000004"}, "No case of yours or of your team has the CRN X000003"),
        ("ph X999999 hello", {"X000001", "X000002", "X000004"}, "No case of yours or of your team has the CRN X999999"),
    ],
)
def test_where_a_line_does_not_say_whose_it_is_the_officer_chooses(
    enter: Callable[..., Browser], scenario: Scenario, typed: str, offered: set[str], words: str
) -> None:
    scenario.case("X000002", "Alex Other")
    scenario.case("X000003", "Chris Elsewhere", practitioner="TOM", team="NP1")
    scenario.case("X000004", "Sam Third")
    browser = enter()
    page = soup(browser.get("/contacts/line", query_string={"line": typed}))
    assert words in page.main.text
    ways = [button["formaction"] for button in page.select("#log-contact button")]
    assert {way.split("/")[2] for way in ways} == offered
    taken = {field["name"]: field["value"] for field in page.select("#log-contact input")}
    assert shown(soup(browser.post(ways[0], taken)))["Note"] == "hello"


def test_a_case_that_is_excluded_for_me_is_as_unknown_as_one_that_is_none(enter: Callable[..., Browser], scenario: Scenario) -> None:
    scenario.case("X000005", "Kim Hidden", practitioner="OWEN")
    scenario.do("X000005", exclude, practitioner="SIAN", reason="A cousin.", by="MEERA")
    page = soup(enter().get("/contacts/line", query_string={"line": "ph X000005 hello"}))
    assert "No case of yours or of your team has the CRN X000005" in page.main.text
    assert not soup(enter().get("/contacts/new?q=kim")).select("#people a")


# ---- Choosing whose --------------------------------------------------------------------------------------------------


def test_ones_own_cases_come_first_and_typing_leaves_fewer(enter: Callable[..., Browser], scenario: Scenario) -> None:
    scenario.case("X000002", "Bryn Other", practitioner="OWEN")
    scenario.case("X000003", "Siân Third")
    browser = enter()

    def offered(**asked: str) -> list[str]:
        page = soup(browser.get("/contacts/new", query_string=asked))
        return [a["href"].split("/")[2] for a in page.select("#people a")]

    assert offered() == ["X000001", "X000003"]
    assert offered(q="sian") == ["X000003"]
    assert offered(q="bryn") == ["X000002"]
    assert offered(q="x00000") == ["X000001", "X000003", "X000002"]
    assert offered(q="nobody") == []


def test_a_case_that_is_covered_is_among_ones_own(enter: Callable[..., Browser], scenario: Scenario) -> None:
    scenario.case("X000002", "Bryn Other", practitioner="OWEN")
    until = local_day(scenario.now) + timedelta(days=5)
    scenario.do("X000002", start_cover, practitioner="SIAN", team="CF1", until=until, reason=CoverReason.LEAVE, policy=scenario.policy)
    page = soup(enter().get("/contacts/new"))
    assert [a["href"].split("/")[2] for a in page.select("#people a")] == ["X000001", "X000002"]


def test_whoever_has_no_day_of_their_own_is_refused(enter: Callable[..., Browser]) -> None:
    browser = enter("HMI0002")
    assert [browser.get(address).status_code for address in ("/contacts/new", "/contacts/line?line=ph", LINE)] == [403, 403, 403]
