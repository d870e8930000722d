"""An inspector replays a sampled case as it happened, as it was recorded, and as it was known on a day or at the announcement."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from msgspec.structs import replace
from werkzeug.test import TestResponse

from domain.access import Role
from domain.appointment import record_outcome
from domain.case import case_id
from domain.contact import ContactRecorded
from domain.entry import correct_entry
from domain.inspection import Inspection, announce_inspection, commit_nonce, draw_sample, fix_frame, inspection_id
from domain.specification import Specification
from domain.working_days import local_day
from store import reads
from store.record import Receipt, Record, step
from tests.conftest import Browser
from tests.inspecting import COMMITMENT, NONCE
from tests.scenario import Scenario
from tests.web.reading import said, soup
from web.session import OUTSIDERS

MINE, OTHER = [person.code for person in OUTSIDERS if person.role is Role.INSPECTOR][:2]
REPLAY = "/inspections/INS-2026-001/cases/X000001/replay"


class DaysAgo:
    """A synthetic record whose clock is some days behind, for a scenario to tell what was recorded then."""

    def __init__(self, record: Record, days: float) -> None:
        self.record, self.days = record, days

    def __getattr__(self, name: str) -> Any:
        return getattr(self.record, name)

    def clock(self) -> datetime:
        return self.record.clock() - timedelta(days=self.days)

    def change(self, kind: Any, stream: Any, command: Any, command_id: Any, /, *args: Any, **details: Any) -> Receipt:
        at = self.clock()
        return self.record.change_all([step(kind, stream, command, *args, **details)], command_id, times=lambda _: at)


def told(record: Record, days: float) -> Scenario:
    return Scenario(DaysAgo(record, days))


def inspect(scenario: Scenario, by: str, reference: str, *crns: str) -> None:
    """An inspection announced, its frame fixed and its sample drawn, all at the scenario's moment."""

    def do(command: Any, **details: Any) -> None:
        scenario.record.change(Inspection, inspection_id(reference), command, uuid4(), now=scenario.now, by=by, **details)

    today = local_day(scenario.now)
    window = Specification(provider="C10", began_from=today - timedelta(days=400), began_to=today)
    do(announce_inspection, reference=reference, provider="C10", title="Autumn")
    do(commit_nonce, commitment=COMMITMENT)
    at = {"known_at": scenario.record.head(), "ledger_root": "ab" * 32}
    do(fix_frame, specification=window, strata={"all": crns}, left_out={}, counted=len(crns), **at)
    do(draw_sample, nonce=NONCE, confidence=0.8, margin=0.05)


def correct_the_visit(scenario: Scenario, reason: str = "Wrong place", **change: object) -> None:
    event = scenario.record.history(case_id("X000001"), texts=True)[6].event
    assert isinstance(event, ContactRecorded)
    reads = replace(event, **{"note": "First meeting, at home.", **change})
    scenario.do("X000001", correct_entry, entry=7, reads=reads, reason=reason)


def forty_days(record: Record) -> Record:
    """40 days ago: entries 1 to 6 by the scenario and a visit (7). 12 days ago: an appointment (8) for two days later. Five days
    ago the inspection is announced. Then come a visit (9) of 29 days ago, a correction (10) of entry 7, and today the
    outcome (11) of the appointment."""
    then = told(record, 40).staff()
    then.case(began_days_ago=20)
    then.case("X000002", "Beti Example", practitioner="OWEN")
    then.visit(days_ago=1, note="First meeting at the office.")
    told(record, 12).appointment(in_hours=48)
    told(record, 5).visit("X000002", days_ago=5, note="Written up just before the announcement.")
    inspect(told(record, 5), MINE, "INS-2026-001", "X000001")
    inspect(told(record, 5), OTHER, "INS-2026-002", "X000002")
    told(record, 3).visit(days_ago=26, note="Written up weeks after.")
    correct_the_visit(told(record, 2))
    Scenario(record).do("X000001", record_outcome, appointment=8, outcome="ATTC", note="Came on time.")
    return record


@pytest.fixture
def record(synthetic_record: Record) -> Record:
    return forty_days(synthetic_record)


@pytest.fixture
def inspector(browser: Browser) -> Browser:
    return browser.sign_in(MINE)


def look(browser: Browser, status: int = 200, **asked: object) -> BeautifulSoup:
    answer: TestResponse = browser.get(REPLAY, query_string=asked)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html5lib")


def titles(page: BeautifulSoup) -> list[str]:
    """The entries of the table, in their order, without marks."""
    heads = page.select(".app-replay__table tbody th")
    return [said(head.a or head) for head in heads]


def current(page: BeautifulSoup) -> str:
    return said(page.select_one(".app-replay__entry"))


def state(page: BeautifulSoup, clock: int = 0) -> dict[str, str]:
    """The case by the first clock (as it happened) or by the second (as known)."""
    return {said(row.th): said(row.select("td")[clock]).removesuffix(" Differs") for row in page.select(".app-replay__state tbody tr")}


def link(page: BeautifulSoup, words: str) -> str:
    return str(page.main.find("a", string=re.compile(words))["href"])


def days_late(record: Record, number: int, about: int) -> int:
    """From the day of what an entry is about to the day on which the entry was recorded; the clocks may have changed in between."""
    history = record.history(case_id("X000001"))
    return (local_day(history[number - 1].recorded_at) - local_day(history[about - 1].event.occurred_at)).days


def day_before(days: float) -> str:
    """The address form of the day some days ago."""
    return (local_day(datetime.now(UTC)) - timedelta(days=days)).isoformat()


def test_a_replay_begins_where_the_case_began_and_steps_both_ways(inspector: Browser) -> None:
    page = look(inspector)
    assert "Step 1 of 11" in said(page.main)
    assert current(page).startswith("Case opened")
    assert page.find(id="step-next").name == "a"
    assert page.find(id="step-previous").name == "span"
    page = BeautifulSoup(inspector.get(page.find(id="step-last")["href"]).text, "html5lib")
    assert "Step 11 of 11" in said(page.main)
    page = BeautifulSoup(inspector.get(page.find(id="step-previous")["href"]).text, "html5lib")
    assert "Step 10 of 11" in said(page.main)
    assert page.title is not None
    assert "Alex" not in page.title.get_text()


def test_an_address_beyond_either_end_is_that_end_and_nonsense_is_the_beginning(inspector: Browser) -> None:
    for asked, step_shown in (({"step": 99999}, 11), ({"step": 0}, 1), ({"step": "x"}, 1), ({"step": "9" * 40}, 1), ({"entry": "x"}, 1)):
        assert f"Step {step_shown} of 11" in said(look(inspector, **asked).main), asked
    assert "Step 1 of 11" in said(look(inspector, order="sideways", entry="99", whole="").main)


def test_as_it_happened_a_late_entry_stands_at_its_time_and_as_recorded_at_the_end(inspector: Browser) -> None:
    happened = titles(look(inspector, whole=1))
    recorded = titles(look(inspector, whole=1, order="recorded"))
    assert recorded[8] == "Unplanned contact from the person"
    assert recorded[-1] == "Attended – complied"
    assert happened[7:9] == [recorded[8], recorded[7]], "the visit of 29 days ago stands before the appointment arranged 12 days ago"
    assert sorted(happened) == sorted(recorded)


def test_an_entry_shows_both_clocks_its_delay_and_that_it_came_after_the_announcement(inspector: Browser, record: Record) -> None:
    words = current(look(inspector, entry=9))
    assert "Happened" in words
    assert "Recorded" in words
    assert f"{days_late(record, 9, 9)} days later" in words
    assert "Recorded late" in words
    assert "After the announcement" in words
    assert "Written up weeks after." in words
    assert "After the announcement" not in current(look(inspector, entry=8))


def test_the_state_beside_an_entry_is_that_of_its_time(inspector: Browser) -> None:
    first, visit = state(look(inspector, step=1)), state(look(inspector, entry=7))
    assert (first["Officer"], first["Contacts so far"]) == ("Nobody", "0")
    assert visit["Officer"].startswith("Siân Rowlands, Cardiff, since")
    awaiting = state(look(inspector, entry=9, order="recorded"), clock=1)
    assert awaiting["Appointments"] == "1 awaiting an outcome, 0 ahead"
    assert awaiting["Risk of serious harm"].startswith("Medium RoSH")
    assert state(look(inspector, entry=11, order="recorded"), clock=1)["Appointments"] == "0 awaiting an outcome, 0 ahead"


def test_both_clocks_stand_side_by_side_and_say_where_they_differ(inspector: Browser) -> None:
    page = look(inspector, entry=9)
    contacts = [state(page, clock)["Contacts so far"].split(",")[0] for clock in (0, 1)]
    assert contacts == ["2", "1"], "the visit was written up weeks later"
    differing = [said(row.th) for row in page.select(".app-replay__state tbody tr") if "Differs" in said(row)]
    assert differing == ["Contacts so far"]
    before = state(look(inspector, entry=2), clock=1)
    assert set(before.values()) == {"Nothing was recorded yet"}


def test_a_correction_stands_beside_the_original_and_the_original_beside_it(inspector: Browser) -> None:
    page = look(inspector, entry=7)
    assert "Corrected" in current(page)
    assert "First meeting at the office." in current(page)
    assert "First meeting, at home." in said(page.main)
    assert "Reason: Wrong place" in said(page.main)
    page = look(inspector, entry=10)
    assert "First meeting at the office." in said(page.main)
    assert "entry=7" in link(page, "entry 7")


def test_what_an_officer_logs_today_is_on_the_replay_and_was_not_known_the_day_before(inspector: Browser) -> None:
    assert "Came on time." in current(look(inspector, entry=11))
    page = look(inspector, as_known=day_before(1), entry=11, whole=1)
    assert "Attended – complied" not in titles(page)
    assert "Came on time." not in page.get_text()
    assert "As known on" in said(page.select_one(".app-as-known"))
    assert "1 entry about that day or earlier was recorded later." in said(page.main)
    assert state(look(inspector, as_known=day_before(1), step=99, order="recorded"))["Appointments"].startswith("1 awaiting")


def test_at_the_announcement_the_late_visit_and_the_correction_do_not_exist_and_can_be_listed(inspector: Browser, record: Record) -> None:
    page = look(inspector, entry=7)
    at = BeautifulSoup(inspector.get(link(page, "Jump to the announcement")).text, "html5lib")
    assert re.search(r"Step \d of 8", said(at.main))
    assert "First meeting at the office." in current(at)
    assert "Corrected" not in current(at)
    assert "at home" not in at.get_text()
    assert "3 entries about the time before the announcement were recorded later." in said(at.main)
    listed = BeautifulSoup(inspector.get(link(at, "Show them")).text, "html5lib").find(id="later")
    cells = [[said(cell) for cell in row.find_all(["th", "td"])] for row in listed.tbody.find_all("tr")]
    assert [(row[0].split(".")[0], int(row[3])) for row in cells] == [
        ("9", days_late(record, 9, 9)),
        ("10", days_late(record, 10, 7)),
        ("11", days_late(record, 11, 11)),
    ]
    assert "Recorded late" in cells[0][0]


def test_before_the_first_entry_nothing_was_known_and_the_page_says_when_that_began(inspector: Browser) -> None:
    page = look(inspector, as_known=day_before(60))
    assert "Nothing of this case had been recorded by then." in said(page.main)
    assert "All that is known now" in said(page.main)


def test_a_day_that_is_typed_goes_into_the_address(inspector: Browser) -> None:
    picked = datetime.now(UTC) - timedelta(days=10)
    typed = {"known": f"{picked.day} {picked:%b %y}", "order": "recorded", "entry": 7}
    answer = inspector.get(REPLAY, query_string=typed)
    assert answer.status_code == 303
    assert f"as_known={picked:%Y-%m-%d}" in answer.headers["Location"]
    assert "&known=" not in answer.headers["Location"]
    page = BeautifulSoup(inspector.get(answer.headers["Location"]).text, "html5lib")
    assert "Step 7 of 8" in said(page.main)
    assert page.find(id="known")["value"] == f"{picked.day} {picked:%B %Y}"


def test_a_day_that_is_none_or_has_not_ended_is_said_beside_the_box(inspector: Browser) -> None:
    bad: list[tuple[dict[str, object], str]] = [
        ({"as_known": "soon"}, "before today"),
        ({"as_known": "2026-02-30"}, "before today"),
        ({"as_known": "0001-01-01"}, "before today"),
        ({"as_known": "9999-12-31"}, "before today"),
        ({"as_known": day_before(0)}, "before today"),
        ({"known": ""}, "Enter the day to go back to"),
        ({"known": "31 2 2026"}, "must be a real date"),
        ({"known": "1 1 2199"}, "must be before today"),
    ]
    for asked, message in bad:
        page = look(inspector, 422, **asked)
        assert message in said(page.select_one(".govuk-error-summary")), asked
        assert message in said(page.select_one(".govuk-error-message")), asked
        assert "Step 1 of 11" in said(page.main)


# -- other looks


def other(browser: Browser, which: str, status: int = 200, **asked: object) -> BeautifulSoup:
    return soup(browser.get(f"{REPLAY}/{which}", query_string=asked), status)


def differing(page: BeautifulSoup) -> dict[str, list[str]]:
    """The numbers of the entries under each heading."""
    tables = page.select(".app-replay__differences")
    return {said(t.caption): [said(a).split(".")[0] for a in t.select("tbody th > a")] for t in tables}


def test_from_the_announcement_to_now_two_entries_were_added_late_and_one_was_corrected(inspector: Browser) -> None:
    page = other(inspector, "differences")
    assert differing(page) == {"Added: 2": ["9", "11"], "Corrected: 1": ["7"]}
    assert "2 of them late" in said(page.main)
    corrected = said(page.select(".app-replay__differences")[1])
    assert corrected.index("First meeting at the office.") < corrected.index("First meeting, at home.")
    assert state(page)["Contacts so far"].startswith("1,")
    assert state(page, clock=1)["Contacts so far"].startswith("3,")
    assert "It does not prove that a contact took place." in said(page.main)


def test_two_days_that_are_typed_go_into_the_address(inspector: Browser) -> None:
    days = [datetime.now(UTC) - timedelta(days=n) for n in (20, 4)]
    typed = {name: f"{day.day} {day.month} {day.year}" for name, day in zip(("first", "second"), days, strict=True)}
    answer = inspector.get(f"{REPLAY}/differences", query_string=typed)
    assert answer.status_code == 303
    page = soup(inspector.get(answer.headers["Location"]))
    assert differing(page) == {"Added: 1": ["8"]}
    assert "0 of them late" in said(page.main)
    assert page.find(id="first")["value"] == f"{days[0].day} {days[0]:%B %Y}"


def test_two_days_the_wrong_way_round_or_none_are_said_beside_the_box(inspector: Browser) -> None:
    bad = [
        ({"until": day_before(20)}, "must be after the first day"),
        ({"since": "soon"}, "before today"),
        ({"first": "31 2 2026"}, "must be a real date"),
    ]
    for asked, message in bad:
        page = other(inspector, "differences", 422, **asked)
        assert message in said(page.select_one(".govuk-error-summary")), asked
        assert message in said(page.select_one(".govuk-error-message")), asked
    assert "Nothing differs" in said(other(inspector, "differences", since=day_before(2), until=day_before(1)).main)


def test_each_decision_stands_with_what_was_known_when_it_was_taken(inspector: Browser) -> None:
    page = other(inspector, "decisions")
    told = [said(item) for item in page.select(".app-replay__decisions > li")]
    assert "Nothing of the case had been recorded by then" in told[0], "an allocation of weeks before"
    assert "Siân Rowlands, Cardiff, since" in told[1]
    assert "Correction of entry 7" in told[1], "recorded weeks after the assessment"
    then = other(inspector, "decisions", at_announcement=1)
    assert len(then.select(".app-replay__decisions > li")) == len(told)
    assert "As known on" in said(then.select_one(".app-as-known"))


def test_through_time_has_a_lane_for_the_officer_the_risk_and_each_mode_and_the_same_in_a_table(inspector: Browser) -> None:
    page = other(inspector, "through-time")
    labels = [said(text) for text in page.select("svg.app-lanes > text") if text.get("x") == "0"]
    assert labels == ["Officer", "Risk of serious harm", "Office", "Objective 1"]
    rows = [[said(cell) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert [row[0] for row in rows].count("Office") == 3
    assert rows[0][:2] == ["Officer", "Siân Rowlands , entry 5"]
    assert "Announced" in said(page.select_one("svg.app-lanes[role=img]"))
    past = other(inspector, "through-time", as_known=day_before(20))
    assert [said(row.th) for row in past.select("tbody tr")].count("Office") == 1


def test_the_other_looks_are_for_the_same_eyes_and_the_same_days(inspector: Browser) -> None:
    for which in ("differences", "decisions", "through-time"):
        assert inspector.get(f"/inspections/INS-2026-002/cases/X000001/replay/{which}").status_code == 404
    assert inspector.get(f"{REPLAY}/decisions?as_known=tomorrow").status_code == 422
    assert "Nothing of the case" in said(other(inspector, "through-time", as_known=day_before(60)).main)
    assert inspector.sign_in("SIAN").get(f"{REPLAY}/decisions").status_code == 403


def test_htmx_gets_the_replay_alone(inspector: Browser) -> None:
    answer = inspector.get(REPLAY, query_string={"step": 3}, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'id="replay"' in answer.text
    assert "Step 3 of 11" in answer.text


def test_only_the_inspector_whose_sample_drew_a_case_can_replay_it(inspector: Browser) -> None:
    assert inspector.get("/inspections/INS-2026-001/cases/X000002/replay").status_code == 403
    assert inspector.get("/inspections/INS-2026-002/cases/X000001/replay").status_code == 404
    for unknown in ("/inspections/INS-2026-001/cases/X999999/replay", "/inspections/INS-2026-099/cases/X000001/replay"):
        assert inspector.get(unknown).status_code == 404
    for staff in ("SIAN", "MEERA", OTHER):
        assert inspector.sign_in(staff).get(REPLAY).status_code == 403, staff


def test_who_inspects_a_case_in_another_inspection_replays_it_there_and_not_in_this_one(
    app: Flask, inspector: Browser, record: Record
) -> None:
    inspect(told(record, 1), OTHER, "INS-2026-003", "X000001")
    app.extensions["throughline"].read_side.catch_up()
    inspector.sign_in(OTHER)
    assert inspector.get("/inspections/INS-2026-003/cases/X000001/replay").status_code == 200
    for look_at in ("", "/differences", "/decisions", "/through-time"):
        assert inspector.get(f"{REPLAY}{look_at}").status_code == 403, look_at


def test_a_note_marked_as_sensitive_later_is_covered_in_every_look_and_who_opens_it_is_written_down(
    inspector: Browser, record: Record
) -> None:
    """Entry 12 marks entry 7 a day ago, and says why."""
    before = look(inspector, at_announcement=1, entry=7)
    assert "First meeting at the office." in before.get_text()
    correct_the_visit(told(record, 1), "It names her sister.", note="Her sister was there.", sensitive=True)
    looks = [
        look(inspector, entry=7),
        look(inspector, entry=10),
        look(inspector, entry=12, order="recorded"),
        look(inspector, at_announcement=1, entry=7, later=1),
        look(inspector, as_known=day_before(20), entry=7, later=1),
        other(inspector, "differences"),
        other(inspector, "differences", since=day_before(60), until=day_before(20)),
        other(inspector, "decisions"),
    ]
    for page in looks:
        for secret in ("First meeting", "sister"):
            assert secret not in page.get_text(), str(page.title)
    with record.pool.connection() as conn:
        assert reads.of_case(conn, case_id("X000001")) == []
        opened = inspector.get(looks[3].select_one(".app-replay__entry a[href$='note=open']")["href"])
        assert "First meeting at the office." in opened.text
        assert [(read.staff, read.what, read.entry) for read in reads.of_case(conn, case_id("X000001"))] == [(MINE, reads.SENSITIVE, 7)]


def test_a_day_of_the_past_on_the_pages_of_a_case_covers_it_too(inspector: Browser, record: Record) -> None:
    history = f"/cases/X000001/history?as_known={day_before(20)}"
    assert "First meeting at the office." in inspector.get(history).text
    correct_the_visit(told(record, 1), "It names her sister.", sensitive=True)
    assert "First meeting" not in inspector.get(history).text


def test_no_nul_in_an_address_breaks_a_look(inspector: Browser) -> None:
    """No text of the record holds one, and the database refuses to be asked about one."""
    for name in ("entry", "step", "order", "whole", "later", "as_known", "known"):
        assert inspector.get(REPLAY, query_string={name: "\0"}).status_code in (200, 422), name
    for name in ("since", "until", "first", "second"):
        assert inspector.get(f"{REPLAY}/differences", query_string={name: "\0"}).status_code in (200, 422), name
    for page in ("since/entries", "since/entries.csv"):
        for name in ("team", "kind", "act", "since", "until", "page"):
            assert inspector.get(f"/inspections/INS-2026-001/{page}", query_string={name: "a\0"}).status_code == 200, name
    for page, name in (("frame", "ready"), ("frame", "kinds"), ("frame", "began_from"), ("sample/replace", "case"), ("agreement", "x")):
        assert inspector.get(f"/inspections/INS-2026-001/{page}", query_string={name: "\0"}).status_code < 500, name
