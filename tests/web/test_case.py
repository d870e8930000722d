"""A case's pages: who the person is, what is due, what happened, and what every figure of the case is made of."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from msgspec.structs import replace
from psycopg.errors import InsufficientPrivilege

from domain import allocation, appointment, contact, entry, limited_access, plan, risk, sentence, transfer, upw_session
from domain.case import case_id
from domain.contact import Purpose, Work
from store import reads
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import rows, said, soup

CASE = "/cases/X000001"
Look = Callable[..., BeautifulSoup]


@pytest.fixture
def look(app: Flask, browser: Browser, scenario: Scenario) -> Look:
    """Opens a page of the case as somebody, once the pages are true."""

    def opened(path: str = "", staff: str = "SIAN", **kwargs: object) -> BeautifulSoup:
        app.extensions["throughline"].read_side.catch_up()
        return soup(browser.sign_in(staff).get(CASE + path, **kwargs))

    return opened


def fact(page: BeautifulSoup, name: str) -> str:
    key = next(k for k in page.select(".govuk-summary-list__key") if said(k) == name)
    return said(key.find_next("dd"))


def figure(page: BeautifulSoup, label: str) -> str:
    return next(said(f) for f in page.select(".app-figure") if said(f.select_one(".app-figure__label")) == label)


def titles(page: BeautifulSoup) -> list[str]:
    return [said(title) for title in page.select(".moj-timeline__title")]


def item(page: BeautifulSoup, number: int) -> BeautifulSoup:
    found = page.find(id=f"entry-{number}")
    assert isinstance(found, type(page.div))
    return found


# ---- The frame -------------------------------------------------------------------------------------------------------


def test_every_page_of_a_case_says_who_it_is_how_great_the_risk_is_and_who_holds_it(look: Look) -> None:
    page = look()
    assert "Case X000001" in said(page.main)
    assert said(page.h1) == "Alex Example Medium RoSH"
    assert "Officer: Siân Rowlands , Cardiff, since" in said(page.main)


def test_the_window_title_names_nobody(look: Look) -> None:
    page = look()
    assert page.title is not None
    assert page.title.string == "Case overview - Throughline"


def test_the_sub_navigation_marks_the_page_one_is_on(look: Look) -> None:
    for path, part in (("", "Overview"), ("/history", "History")):
        assert [said(a) for a in look(path).select(".moj-sub-navigation [aria-current=page]")] == [part]


@pytest.mark.parametrize(("level", "colour"), [("low", "green"), ("medium", "purple"), ("high", "red"), ("very high", "red")])
def test_the_level_of_risk_is_a_word_with_its_colour(look: Look, scenario: Scenario, level: str, colour: str) -> None:
    scenario.do("X000001", risk.assess_rosh, policy=scenario.policy, level=risk.Rosh(level), rationale="New facts.")
    badge = look().h1.find(class_="moj-badge")
    assert said(badge) == f"{level.capitalize()} RoSH"
    assert f"moj-badge--{colour}" in badge["class"]


def test_a_case_that_nobody_holds_says_so(look: Look, scenario: Scenario) -> None:
    scenario.do("X000001", allocation.allocate, practitioner="", team="CF1", provider="C10", reason=allocation.AllocationReason.STAFF)
    assert "Nobody holds this case in Cardiff" in said(look().main)


# ---- Overview --------------------------------------------------------------------------------------------------------


def test_the_overview_says_what_is_due(look: Look, scenario: Scenario) -> None:
    scenario.appointment(in_hours=-30)
    scenario.appointment(in_hours=50)
    page = look()
    assert "planned office visit, with Siân Rowlands Record the outcome" in fact(page, "Outcomes to record")
    assert "planned office visit, with Siân Rowlands" in fact(page, "Next appointment")
    assert "Overdue" not in fact(page, "RoSH review")
    assert fact(page, "Supervision ends").endswith(")")


def test_a_review_that_has_passed_is_overdue(look: Look, scenario: Scenario) -> None:
    long_ago = scenario.in_days(-250)
    scenario.do("X000001", entry.withdraw_entry, entry=6, reason="Wrong person")
    scenario.do("X000001", risk.assess_rosh, policy=scenario.policy, level=risk.Rosh.HIGH, rationale="Then.", assessed_at=long_ago)
    assert "Overdue by" in fact(look(), "RoSH review")


def test_without_an_appointment_the_overview_offers_to_arrange_one(look: Look) -> None:
    page = look()
    assert fact(page, "Next appointment") == "None. Arrange one"
    assert page.find("a", string="Arrange one")["href"] == CASE + "/appointments/new"


def test_a_requested_transfer_is_told_and_its_team_may_read_but_not_write(look: Look, scenario: Scenario) -> None:
    scenario.do(
        "X000001", transfer.request_transfer, to_team="NP1", to_provider="C10", reason=allocation.AllocationReason.MOVE, note="Moved."
    )
    page = look(staff="TOM")
    assert "To Newport, asked for on" in fact(page, "Transfer")
    assert not page.select(".app-case-actions")


def test_the_officer_line_runs_through_time_the_present_officer_first(look: Look, scenario: Scenario) -> None:
    scenario.do(
        "X000001", allocation.allocate, practitioner="OWEN", team="CF1", provider="C10", reason=allocation.AllocationReason.WORKLOAD
    )
    first, second = rows(look(), "Who was responsible")
    assert (first[0], first[1], first[3], first[5]) == ("Owen Bradley", "Cardiff", "Now", "Workload")
    assert (second[0], second[5]) == ("Siân Rowlands", "Initial allocation")


def test_what_is_due_about_unpaid_work_stands_among_what_is_due(look: Look) -> None:
    assert fact(look(), "Unpaid work").startswith("First instruction")


def test_unpaid_work_credited_stands_beside_what_was_ordered(look: Look, scenario: Scenario) -> None:
    scenario.do(
        "X000001",
        upw_session.record_upw_attendance,
        requirement=3,
        worked_at=scenario.in_days(-2),
        outcome="ATTC",
        project="Riverside",
        supervisor="OWEN",
        minutes_offered=420,
        minutes_credited=390,
    )
    assert "Unpaid work : 6 hours 30 minutes credited of 80 hours ordered" in fact(look(), "Requirements")


def test_an_objective_counts_the_contacts_that_served_it(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=3)
    scenario.do("X000001", plan.set_objective, topic="Work", aim="Find a course")
    accommodation, work = rows(look(), "Objectives")
    assert accommodation[:2] == ["Settled accommodation", "1"]
    assert work == ["Work Find a course", "0", "Not yet"]


def test_the_latest_assessment_stands_with_its_reasons(look: Look) -> None:
    assert "Previous violence." in said(look().main)


def test_figures_show_numerator_and_denominator_and_lead_to_their_findings(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=5)
    scenario.visit(days_ago=4, worker="OWEN", purposeful=False)
    page = look()
    assert "50%" in figure(page, "Continuity of relationship")
    assert "1 of 2 contacts with their own officer" in figure(page, "Continuity of relationship")
    assert "1 of 2 contacts purposeful" in figure(page, "Purposeful activity")
    assert "0 of 1" in figure(page, "Same officer as last time")
    assert page.select_one(f'.app-figure a[href="{CASE}/measures/continuity"]')


def test_figures_without_contacts_are_none_and_never_nought_per_cent(look: Look) -> None:
    page = look()
    assert "None yet" in figure(page, "Continuity of relationship")
    assert "0%" not in said(page.main)


def test_an_officer_is_offered_what_officers_do(look: Look) -> None:
    assert [said(a) for a in look().select(".app-case-actions a")] == [
        "Log a contact",
        "Phone call",
        "Arrange an appointment",
        "Assess RoSH",
    ]


def test_a_manager_is_offered_to_allocate_and_to_transfer_as_well(look: Look) -> None:
    links = {said(a): a["href"] for a in look(staff="MEERA").select(".app-case-actions a")}
    assert links["Allocate"] == CASE + "/allocate"
    assert links["Request a transfer"] == CASE + "/transfer"


def test_once_every_sentence_has_ended_nothing_is_offered_that_would_be_refused(look: Look, scenario: Scenario) -> None:
    scenario.do("X000001", sentence.end_sentence, sentence=2, ended_at=scenario.now, how="completed")
    page = look(staff="MEERA")
    assert "Supervision ended on" in said(page.main)
    assert not page.select(".app-case-actions a")
    assert fact(page, "Next appointment") == "None. Supervision has ended."


# ---- History ---------------------------------------------------------------------------------------------------------


def test_the_history_is_newest_first_by_when_it_happened(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=2)
    scenario.visit(days_ago=9)
    page = look("/history")
    numbers = [int(i["id"].removeprefix("entry-")) for i in page.select(".moj-timeline__item")]
    assert numbers.index(7) < numbers.index(8)
    assert said(page.find(role="status")) == "8 entries"


def test_an_entry_made_later_says_how_much_later_and_is_marked(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=20)
    late = item(look("/history"), 7)
    assert "recorded 20 days later" in said(late)
    assert "Recorded late" in said(late)


def test_a_long_note_is_begun_and_opens_in_place(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=1, note="Start. " + "word " * 100 + "End.")
    page = look("/history")
    assert "End." not in said(item(page, 7))
    link = item(page, 7).select_one("#note-7 a")
    assert link is not None
    assert link["href"] == link["hx-get"] == CASE + "/entries/7"
    part = look("/entries/7", headers={"HX-Request": "true"})
    assert said(part.body).endswith("End.")
    assert part.main is None


def test_a_sensitive_note_is_covered_until_asked_for(look: Look, scenario: Scenario) -> None:
    scenario.do(
        "X000001",
        contact.record_contact,
        occurred_at=scenario.in_days(-1),
        practitioner="SIAN",
        kind="CTOB",
        sensitive=True,
        note="A secret.",
    )
    covered = item(look("/history"), 7)
    assert "A secret." not in said(covered)
    assert "Show sensitive note" in said(covered)
    assert "A secret." not in said(look("/entries/7").main)
    assert "A secret." in said(look("/entries/7?note=open").main)
    assert "A secret." in said(look("/entries/7", headers={"HX-Request": "true"}))


def test_who_opens_a_sensitive_note_is_written_down_with_the_rule_that_let_them(look: Look, scenario: Scenario) -> None:
    scenario.do(
        "X000001", contact.record_contact, occurred_at=scenario.now, practitioner="SIAN", kind="CTOB", sensitive=True, note="A secret."
    )
    look("/history")
    look("/entries/7")
    assert opened(scenario) == []
    look("/entries/7?note=open", staff="OWEN")
    look("/entries/7/correct")
    assert opened(scenario) == [
        ("SIAN", "sensitive note", 7, "the case is with their team"),
        ("OWEN", "sensitive note", 7, "the case is with their team"),
    ]
    assert "Owen Bradley, sensitive note, entry 7" in said(look("/person", staff="MEERA").main)
    assert "sensitive note, entry 7" not in said(look("/person").main)


def test_what_was_read_can_be_neither_changed_nor_removed(look: Look, scenario: Scenario) -> None:
    look("/print?part=person")
    with scenario.record.pool.connection() as conn:
        for change in ("update record.read set staff = 'OWEN'", "delete from record.read", "truncate record.read"):
            with pytest.raises(InsufficientPrivilege), conn.transaction():
                conn.execute(change.encode())
    assert opened(scenario) == [("SIAN", "print", 0, "the case is with their team")]


def opened(scenario: Scenario) -> list[tuple[str, str, int, str]]:
    with scenario.record.pool.connection() as conn:
        return [(read.staff, read.what, read.entry, read.because) for read in reads.of_case(conn, case_id("X000001"))]


# ---- On paper --------------------------------------------------------------------------------------------------------


def test_nothing_is_printed_and_nothing_written_down_before_parts_are_chosen(look: Look, scenario: Scenario) -> None:
    page = look("/print")
    assert page.select_one("article") is None
    assert len(page.select("input[name=part]")) == 9
    assert opened(scenario) == []


def test_the_chosen_parts_are_printed_marked_with_who_and_when(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=1, note="Seen at the office.")
    scenario.visit(days_ago=400, note="Long ago.")
    paper = said(look("/print?part=sentence&part=recent").article)
    assert paper.startswith("OFFICIAL-SENSITIVE Printed by Siân Rowlands on ")
    assert "Unpaid work: 0 hours credited of 80 hours" in paper
    assert "Seen at the office." in paper
    assert "Long ago." not in paper
    assert "Previous violence." not in said(look("/print?part=sentence").article)
    assert "Long ago." in said(look("/print?part=history").article)
    assert "Previous violence." in said(look("/print?part=risk").article)


def test_sensitive_notes_are_printed_only_when_they_are_ticked(look: Look, scenario: Scenario) -> None:
    scenario.do(
        "X000001", contact.record_contact, occurred_at=scenario.now, practitioner="SIAN", kind="CTOB", sensitive=True, note="A secret."
    )
    assert "The note is sensitive and is not printed." in said(look("/print?part=history").article)
    assert "A secret." in said(look("/print?part=history&part=sensitive").article)
    assert [what for _, what, _, _ in opened(scenario)] == ["print, with sensitive notes", "print"]


# ---- Who this person is to me ----------------------------------------------------------------------------------------


def test_the_last_note_stands_on_the_overview_as_it_reads_now(look: Look, scenario: Scenario) -> None:
    assert "Nothing has been written about a contact yet." in said(look().main)
    scenario.visit(days_ago=3, note="The older one.")
    number = scenario.visit(days_ago=2, note="The newer one.")
    assert last_note(look()) == "The newer one."
    reads = scenario.record.history(case_id("X000001"), texts=True)[number - 1].event
    assert isinstance(reads, contact.ContactRecorded)
    scenario.do("X000001", entry.correct_entry, entry=number, reads=replace(reads, note="As corrected."), reason="A slip")
    assert last_note(look()) == "As corrected."
    scenario.do("X000001", entry.withdraw_entry, entry=number, reason="Another person")
    assert last_note(look()) == "The older one."


def last_note(page: BeautifulSoup) -> str:
    return said(page.find(id="last-note").find_next(class_="app-note"))


def test_the_officer_line_shows_what_was_written_for_whoever_took_over(look: Look, scenario: Scenario) -> None:
    details = {"team": "CF1", "provider": "C10", "reason": allocation.AllocationReason.WORKLOAD}
    scenario.do("X000001", allocation.allocate, by="MEERA", practitioner="OWEN", note="Ring before you visit.", **details)
    meeting = {"held_at": scenario.now, "from_practitioner": "SIAN", "to_practitioner": "OWEN", "three_way": True}
    scenario.do("X000001", transfer.hold_handover, by="OWEN", note="All three met.", **meeting)
    told = rows(look(), "Who was responsible")
    assert told[0][0] == "Owen Bradley"
    assert "Ring before you visit." in told[0][5]
    assert "All three met. Entry 8" in told[0][5]
    assert "met" not in told[1][5]


def test_a_case_to_which_access_is_limited_says_so_to_those_who_see_it(look: Look, scenario: Scenario) -> None:
    assert "Limited access" not in said(look().main)
    scenario.do("X000001", limited_access.exclude, by="MEERA", practitioner="OWEN", reason="A relative.")
    assert "Limited access" in said(look().main)


def test_a_note_marked_as_sensitive_by_a_correction_is_covered_in_the_original_too_and_so_is_why(look: Look, scenario: Scenario) -> None:
    number = scenario.visit(days_ago=1, note="A secret.")
    reads = scenario.record.history(case_id("X000001"), texts=True)[number - 1].event
    assert isinstance(reads, contact.ContactRecorded)
    scenario.do("X000001", entry.correct_entry, entry=number, reads=replace(reads, sensitive=True), reason="It is sensitive")
    page = look("/history")
    assert "A secret." not in said(page.main)
    assert "It is sensitive" not in said(page.main)


def test_corrections_and_originals_stand_side_by_side(look: Look, scenario: Scenario) -> None:
    number = scenario.visit(days_ago=1)
    reads = contact.ContactRecorded(
        occurred_at=scenario.in_days(-1),
        by="SIAN",
        practitioner="SIAN",
        kind="CTOB",
        mode=contact.Mode.TELEPHONE,
        direction=contact.Direction.TWO_WAY,
        with_whom=contact.WithWhom.PERSON,
        work=Work(purposes=(Purpose.RISK,)),
        note="It was a call.",
    )
    scenario.do("X000001", entry.correct_entry, entry=number, reads=reads, reason="Wrong kind")
    page = look("/history")
    assert "Corrected by entry 8" in said(item(page, 7))
    assert "Seen at the office." in said(item(page, 7))
    assert "Reason: Wrong kind" in said(item(page, 8))
    assert "About entry 7 , which stays as it was made." in said(item(page, 8))


def test_a_withdrawn_entry_can_still_be_read_and_is_no_longer_offered_for_correction(look: Look, scenario: Scenario) -> None:
    number = scenario.visit(days_ago=1)
    scenario.do("X000001", entry.withdraw_entry, entry=number, reason="Another person")
    page = look("/history")
    assert "Withdrawn by entry 8" in said(item(page, 7))
    assert "Seen at the office." in said(item(page, 7))
    assert "Reason: Another person" in said(item(page, 8))
    assert not item(page, 7).select(".app-actions a")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?category=risk", ["Risk of serious harm: medium"]),
        ("?search=OFFICE+seen", ["Unplanned contact from the person"]),
        ("?category=contacts&officer=SIAN", ["Unplanned contact from the person"]),
        ("?officer=OWEN", []),
        ("?preset=contacts", ["Unplanned contact from the person"]),
        ("?preset=risk", ["Risk of serious harm: medium"]),
        ("?preset=officers", ["Case allocated to Siân Rowlands"]),
        ("?preset=enforcement", []),
        ("?preset=unpaid-work", []),
        ("?preset=sensitive", []),
        ("?preset=corrections", []),
        ("?preset=non-compliance", []),
    ],
)
def test_filters_narrow_the_history(look: Look, scenario: Scenario, query: str, expected: list[str]) -> None:
    scenario.visit(days_ago=1)
    page = look("/history" + query)
    assert titles(page) == expected
    assert said(page.find(role="status")) == f"{len(expected)} of 7 entries"


def test_words_that_mean_nothing_narrow_nothing(look: Look) -> None:
    page = look("/history?category=nope&preset=nope&page=-4&page=x")
    assert said(page.find(role="status")) == "6 entries"


def test_an_empty_result_says_what_to_do(look: Look) -> None:
    assert "No entry matches. Use fewer words" in said(look("/history?search=zzzz").main)


def test_not_complied_counts_what_stands_and_not_what_was_corrected_away(look: Look, scenario: Scenario) -> None:
    first, second = scenario.appointment(in_hours=-50), scenario.appointment(in_hours=-26)
    for number in (first, second):
        scenario.do("X000001", appointment.record_outcome, appointment=number, outcome="UAAB")
    missed = scenario.record.history(case_id("X000001"))[8].event
    assert isinstance(missed, appointment.OutcomeRecorded)
    scenario.do("X000001", entry.correct_entry, entry=9, reads=replace(missed, outcome="AAME"), reason="Sick note seen")
    assert titles(look("/history?preset=non-compliance")) == ["Unacceptable absence"]


def test_an_outcome_says_what_was_arranged(look: Look, scenario: Scenario) -> None:
    scenario.do("X000001", appointment.record_outcome, appointment=scenario.appointment(in_hours=-26), outcome="ATTC")
    assert "Planned office visit. Appointment 7" in said(item(look("/history"), 8))


def test_htmx_gets_the_timeline_alone_and_everybody_else_the_page(look: Look) -> None:
    part = look("/history?category=risk", headers={"HX-Request": "true"})
    assert part.find(id="timeline")
    assert part.find(id="main-content") is None
    assert look("/history?category=risk").find(id="main-content")


def test_a_long_history_comes_in_pages_of_fifty(look: Look, scenario: Scenario) -> None:
    for i in range(50):
        scenario.visit(days_ago=1 + i / 10)
    assert len(titles(look("/history"))) == 50
    page = look("/history?page=2")
    assert len(titles(page)) == 6
    assert said(page.find(role="status")) == "56 entries, page 2 of 2"
    assert len(titles(look("/history?page=99"))) == 6


# ---- What a figure is made of ----------------------------------------------------------------------------------------


def test_a_measure_lists_every_finding_with_its_reason(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=5)
    scenario.visit(days_ago=4, worker="OWEN")
    page = look("/measures/continuity")
    assert [row[2:] for row in rows(page, "2 findings")] == [
        ["With somebody else", "Held by somebody other than the officer allocated at the time"],
        ["With their own officer", "Held by the officer allocated at the time"],
    ]
    assert page.select_one(f'a[href="{CASE}/entries/8"]')


def test_purposeful_activity_shows_each_condition_met_or_not(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=5, purposeful=False)
    conditions = [said(li) for li in look("/measures/purposeful-activity").select("table ol li")]
    assert len(conditions) == 6
    assert conditions[0].startswith("Met: it happened")
    assert any(c.startswith("Not met: for a purpose that counts (reporting only)") for c in conditions)


def test_indices_below_the_number_of_contacts_asked_for_have_no_value(look: Look, scenario: Scenario) -> None:
    scenario.visit(days_ago=5)
    scenario.visit(days_ago=4)
    indices = {row[0]: row[1] for row in rows(look("/measures/continuity"), "Indices")}
    assert indices == {"UPC": "1.00", "SECON": "1.00", "COC": "Too few contacts", "K": "1.00", "MMCI": "1.00", "HHI": "1.00"}


def test_a_case_without_contacts_says_when_the_figure_begins(look: Look) -> None:
    assert "The figure begins with the first contact." in said(look("/measures/continuity").main)


# ---- Who may, and what is not there ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/history", "/measures/continuity"])
@pytest.mark.parametrize("staff", ["TOM", "RUTH", "HMI0002", "ADM0001"])
def test_people_outside_the_team_see_nothing_of_a_case(app: Flask, browser: Browser, scenario: Scenario, path: str, staff: str) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert browser.sign_in(staff).get(CASE + path).status_code == 403


@pytest.mark.parametrize("address", ["/cases/X999999", "/cases/X999999/history", CASE + "/measures/nope", "/cases/%00", "/teams/%00"])
def test_what_is_not_there_is_not_found(app: Flask, browser: Browser, scenario: Scenario, address: str) -> None:
    app.extensions["throughline"].read_side.catch_up()
    assert browser.sign_in("SIAN").get(address).status_code == 404
