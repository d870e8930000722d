"""Inspectors choose questions, assess cases each for themselves, moderate where they differ, and rate what comes of it."""

from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from flask import Flask

from domain import fieldwork
from domain.assessment import (
    Answer,
    Assessment,
    GivenAnswer,
    answer_prompts,
    assessment_id,
    begin_assessment,
    complete_assessment,
    judge_question,
)
from domain.event import NAMESPACE
from domain.inspection import Inspection, inspection_id
from domain.limited_access import restrict
from domain.moderation import moderation_id
from domain.panel import Panel, choose_questions, panel_id
from domain.question_set import QuestionSet
from domain.question_sets import shipped, texts
from projections import assessments
from store.record import Record
from tests.assessing import ASKED, DELIVERY, SUPERVISION
from tests.conftest import Browser
from tests.inspecting import LEAD, OTHER, THIRD
from tests.scenario import Scenario
from tests.web.reading import rows, said, soup
from tests.web.test_replay import inspect
from web.assessing import in_words
from web.language import speaking

INSPECTION = "/inspections/INS-2026-001"
OF_CASE = f"{INSPECTION}/cases/X000001/assessment"
QUESTION = f"{OF_CASE}/2.1.engagement"
INTERVIEW, READINESS = "2.1.engagement.interview", "2.1.engagement.readiness"


@pytest.fixture
def scenario(app: Flask, record: Record) -> Scenario:
    """Three cases, all drawn for an inspection by two inspectors; purposeful contact in the first of them only."""
    scenario = Scenario(record).staff()
    for crn in ("X000001", "X000002", "X000003"):
        scenario.case(crn, f"Alex Example {crn[-1]}", began_days_ago=200)
    scenario.visit("X000001", days_ago=100)
    scenario.visit("X000001", days_ago=90)
    scenario.visit("X000002", days_ago=100, purposeful=False)
    scenario.inspect(app.extensions["throughline"].read_side, lead=LEAD, others=[OTHER])
    return scenario


def choose(scenario: Scenario, *sets: QuestionSet) -> None:
    stream = panel_id("INS-2026-001")
    scenario.record.change(Panel, stream, choose_questions, uuid4(), now=scenario.now, by=LEAD, inspection="INS-2026-001", sets=sets)


@pytest.fixture
def asking(scenario: Scenario) -> Scenario:
    choose(scenario, DELIVERY, SUPERVISION)
    return scenario


@pytest.fixture
def inspector(app: Flask, browser: Browser, asking: Scenario) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in(LEAD)


def read_as(scenario: Scenario, reader: str, crn: str, found: dict[str, bool], note: str = "") -> None:
    """A reader judges a case, key question by key question, and completes it."""
    record, stream = scenario.record, assessment_id("INS-2026-001", crn, reader)

    def do(command: Any, **details: Any) -> None:
        record.change(Assessment, stream, command, uuid4(), now=scenario.now, by=reader, **details)

    do(begin_assessment, inspection="INS-2026-001", crn=crn, person_id=uuid5(NAMESPACE, crn), questions=list(found), known_at=record.head())
    for code, sufficient in found.items():
        question = ASKED[code]
        answers = [GivenAnswer(f"{code}.{prompt.name}", Answer.YES, (3,)) for prompt in question.question.prompts]
        do(answer_prompts, question=question, answers=answers, last_entry=9)
        do(judge_question, question=question, sufficient=sufficient, note=note)
    do(complete_assessment)


def answers(**change: Any) -> dict[str, Any]:
    usual = {
        INTERVIEW: "yes",
        f"{INTERVIEW}-entries": "3, 5-6",
        f"{INTERVIEW}-note": "Her own words.",
        READINESS: "no",
        "sufficient": "yes",
        "note": "Seen twice.",
    }
    return {**usual, **change, "command_id": str(uuid4())}


# -- Questions


def test_questions_made_for_the_kind_of_provider_are_ticked_and_chosen_once_by_the_lead(
    app: Flask, browser: Browser, scenario: Scenario
) -> None:
    page = soup(browser.sign_in(LEAD).get(f"{INSPECTION}/questions"))
    ticked = [box["value"] for box in page.select("input[name=sets][checked]")]
    assert ticked == ["organisational-delivery 2018-1", "case-supervision 2018-1", "unpaid-work 2018-1", "through-the-gate 2018-1"]
    assert "Select at least one question set" in said(soup(browser.post(f"{INSPECTION}/questions", {}), 422).main)
    assert browser.post(f"{INSPECTION}/questions", {"sets": ticked, "command_id": str(uuid4())}).status_code == 303
    again = soup(browser.post(f"{INSPECTION}/questions", {"sets": ticked, "command_id": str(uuid4())}), 422)
    assert "The questions of this inspection are chosen already." in said(again.main)
    browser.sign_in(OTHER)
    assert browser.post(f"{INSPECTION}/questions", {"sets": ticked}).status_code == 403
    assert "4.2 Through the gate" in said(soup(browser.get(f"{INSPECTION}/questions")).main)


def test_a_question_set_is_imported_and_one_with_a_mistake_is_refused_with_its_line_and_kept(browser: Browser, scenario: Scenario) -> None:
    text = texts()["unpaid-work-2018-1.toml"]
    browser.sign_in("ADM0001")
    wrong = text.replace('title = "Unpaid work"', 'titel = "Unpaid work"', 1)
    page = soup(browser.post("/question-sets", {"text": wrong, "command_id": str(uuid4())}), 422)
    assert "Line 7: “titel” is not known here." in said(page.select_one(".govuk-error-summary"))
    assert 'titel = "Unpaid work"' in page.find(id="text").get_text()
    page = soup(browser.post("/question-sets", {"text": text, "command_id": str(uuid4())}), 422)
    assert "There is a question set unpaid-work 2018-1 already" in said(page.main)
    newer = {"text": text.replace('version = "2018-1"', 'version = "2019-1"'), "command_id": str(uuid4())}
    assert browser.post("/question-sets", newer).status_code == 303
    assert "Unpaid work, 2019-1" in said(soup(browser.get("/question-sets")).main)
    assert browser.sign_in("SIAN").get("/question-sets").status_code == 403


# -- Assessing


def test_cases_stand_by_who_reads_them_and_say_how_far_everybody_is_and_not_what_they_found(
    app: Flask, browser: Browser, asking: Scenario
) -> None:
    read_as(asking, OTHER, "X000001", {"2.1.engagement": False}, note="Nobody asked her.")
    app.extensions["throughline"].read_side.catch_up()
    page = soup(browser.sign_in(LEAD).get(f"{INSPECTION}/assessments"))
    read = rows(page, "Cases that you read") + rows(page, "Cases that others read")
    assert len(read) == 3
    assert [row[3:] for row in read if "X000001" in row[0]] == [["Not begun", "Idris Pemberton: completed"]]
    assert "sufficient" not in said(page.main)


def test_a_case_is_begun_with_the_key_questions_that_its_record_asks_for(inspector: Browser) -> None:
    assert inspector.post(OF_CASE, {"do": "begin", "command_id": str(uuid4())}).status_code == 303
    page = soup(inspector.get(OF_CASE))
    assert [said(link) for link in page.select(".govuk-task-list__link")] == [
        "Is engagement sufficient?",
        "Is safety sufficient?",
        "Is safe sufficient?",
    ]
    refused = soup(inspector.post(OF_CASE, {"do": "complete", "command_id": str(uuid4())}), 422)
    assert "3 key questions left to judge." in said(refused.main)


def test_answers_are_kept_tied_to_entries_and_what_is_written_is_sealed(inspector: Browser, record: Record) -> None:
    inspector.post(OF_CASE, {"do": "begin", "command_id": str(uuid4())})
    answer = inspector.post(QUESTION, answers())
    assert answer.headers["Location"].endswith("/2.1.safety")
    page = soup(inspector.get(QUESTION))
    assert page.find(id=f"{INTERVIEW}-entries")["value"] == "3, 5-6"
    assert page.find(id=f"{INTERVIEW}-note").get_text() == "Her own words."
    assert page.find("input", {"name": "sufficient", "checked": True})["value"] == "yes"
    with record.pool.connection() as conn:
        kept = conn.execute(
            "select topic, convert_from(state, 'UTF8'), sealed from record.event where topic = 'prompt-answered'"
        ).fetchall()
    assert len(kept) == 2
    assert not any("Her own words" in state for _, state, _ in kept)
    assert kept[0][2] is not None


def test_answering_again_without_a_change_writes_nothing(inspector: Browser, record: Record) -> None:
    inspector.post(OF_CASE, {"do": "begin", "command_id": str(uuid4())})
    inspector.post(QUESTION, answers())
    before = record.head()
    assert inspector.post(QUESTION, answers()).status_code == 303
    assert record.head() == before
    inspector.post(QUESTION, answers(**{READINESS: "not applicable"}))
    assert record.head() == before + 1


BAD: list[tuple[dict[str, str], str, str]] = [
    ({f"{INTERVIEW}-entries": ""}, f"{INTERVIEW}-entries", "Enter the entries that show it."),
    ({f"{INTERVIEW}-entries": "3, some"}, f"{INTERVIEW}-entries", "Enter numbers of entries, like 3, 7 or 12-15"),
    ({f"{INTERVIEW}-entries": "3-99"}, f"{INTERVIEW}-entries", "The case has the entries 1 to 8."),
    ({INTERVIEW: "perhaps"}, INTERVIEW, "Select yes, no or not applicable"),
    ({READINESS: ""}, READINESS, "Answer every prompt before you judge."),
    ({"sufficient": ""}, "sufficient", "Select whether the work was sufficient"),
    ({"note": "x" * 12_001}, "note", "Must be 12,000 characters or fewer"),
]


def test_what_cannot_stand_is_refused_beside_the_field_and_nothing_typed_is_lost(inspector: Browser, record: Record) -> None:
    inspector.post(OF_CASE, {"do": "begin", "command_id": str(uuid4())})
    before = record.head()
    for change, field, message in BAD:
        page = soup(inspector.post(QUESTION, answers(**change)), 422)
        links = {link["href"]: said(link) for link in page.select(".govuk-error-summary a")}
        assert links == {f"#{field}": message}
        assert page.find(id=field) is not None
        assert page.find(id=f"{INTERVIEW}-note").get_text() == "Her own words."
    assert record.head() == before


def test_a_key_question_is_left_out_with_a_reason(inspector: Browser) -> None:
    inspector.post(OF_CASE, {"do": "begin", "command_id": str(uuid4())})
    address = f"{OF_CASE}/4.1.safe/applies"
    assert "Enter the reason." in said(soup(inspector.post(address, {"applies": "no", "reason": ""}), 422).main)
    sent = {"applies": "no", "reason": "She worked one hour.", "command_id": str(uuid4())}
    assert inspector.post(address, sent).status_code == 303
    page = soup(inspector.get(OF_CASE))
    assert "She worked one hour. Ask it all the same" in said(page.main)
    assert [said(tag) for tag in page.select(".govuk-task-list__status")] == ["To do", "To do", "Does not apply"]


def test_who_may_not_and_what_there_is_not(app: Flask, browser: Browser, asking: Scenario) -> None:
    app.extensions["throughline"].read_side.catch_up()
    asking.case("X000009", began_days_ago=30)
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in(LEAD)
    assert browser.get(f"{INSPECTION}/cases/X000009/assessment").status_code == 403
    assert browser.get(QUESTION).status_code == 404
    assert browser.get(f"{INSPECTION}/ratings/9.9").status_code == 404
    assert browser.get("/inspections/INS-2026-999/ratings").status_code == 404
    for address in (OF_CASE, f"{INSPECTION}/assessments", f"{INSPECTION}/ratings", f"{INSPECTION}/agreement"):
        assert browser.sign_in("SIAN").get(address).status_code == 403


def test_nothing_is_found_any_more_once_an_inspection_is_published(app: Flask, browser: Browser, asking: Scenario) -> None:
    asking.record.change(Inspection, inspection_id("INS-2026-001"), fieldwork.publish, uuid4(), now=asking.now, by=LEAD)
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in(LEAD)
    assert browser.post(OF_CASE, {"do": "begin", "command_id": str(uuid4())}).status_code == 403
    assert browser.post(f"{INSPECTION}/ratings/1.1", {"band": "good", "reason": "So."}).status_code == 403


# -- Second reading, moderation, ratings


def test_a_second_reader_sees_nothing_of_the_first_until_both_have_completed(app: Flask, browser: Browser, asking: Scenario) -> None:
    read_as(asking, OTHER, "X000001", {"2.1.engagement": False}, note="Nobody asked her.")
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in(LEAD).post(OF_CASE, {"do": "begin", "command_id": str(uuid4())})
    assert "Nobody asked her" not in browser.get(QUESTION).text
    moderation = f"{INSPECTION}/cases/X000001/moderation/2.1.engagement"
    assert browser.get(moderation).status_code == 404
    assert "No case has two completed assessments yet" in said(soup(browser.get(f"{INSPECTION}/agreement")).main)


def test_readers_who_differ_are_moderated_with_a_reason_and_then_it_counts(app: Flask, browser: Browser, asking: Scenario) -> None:
    for reader, found in ((LEAD, True), (OTHER, False)):
        read_as(asking, reader, "X000001", {"2.1.engagement": found, "2.1.safety": True}, note=f"As {reader} sees it.")
        read_as(asking, reader, "X000002", {"2.1.engagement": True, "2.1.safety": True})
        read_as(asking, reader, "X000003", {"2.1.engagement": False, "2.1.safety": True})
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in(LEAD)
    page = soup(browser.get(f"{INSPECTION}/agreement"))
    # 2 of 3 agree; chance gives (2 x 1 + 1 x 2) / 9 = 4/9, so kappa is (6/9 - 4/9) / (5/9).
    assert rows(page, "Agreement by key question")[0][1:3] == ["2 of 3", "0.40"]
    assert rows(page, "Where readers differ")[0][3].startswith("Open")
    moderation = f"{INSPECTION}/cases/X000001/moderation/2.1.engagement"
    assert "As HMI0002 sees it." in said(soup(browser.get(moderation)).main)
    refused = soup(browser.post(moderation, {"verdict": "sufficient", "reason": ""}), 422)
    assert "Enter the reason." in said(refused.main)
    assert refused.find("input", {"value": "sufficient", "checked": True})
    sent = {"verdict": "sufficient", "reason": "Entry 3 shows it.", "command_id": str(uuid4())}
    assert browser.post(moderation, sent).status_code == 303
    with asking.record.pool.connection() as conn:
        streams = set(assessments.streams(conn, "INS-2026-001"))
    read = {assessment_id("INS-2026-001", crn, reader) for crn in ("X000001", "X000002", "X000003") for reader in (LEAD, OTHER)}
    assert streams == {panel_id("INS-2026-001"), moderation_id("INS-2026-001", "X000001"), *read}
    shown = rows(soup(browser.get(f"{INSPECTION}/ratings")), "2.1 Assessment")
    # The frame of three was judged whole, so the share is exact: 2 of 3 is 67%.
    assert shown[0][1:] == ["2 of 3", "Good", "67% to 67%", "Good"]
    assert browser.sign_in(OTHER).post(moderation, {"verdict": "not sufficient", "reason": "No."}).status_code == 403


def test_the_panel_rates_as_the_shares_allow(app: Flask, browser: Browser, asking: Scenario) -> None:
    for n, crn in enumerate(("X000001", "X000002", "X000003")):
        read_as(asking, LEAD, crn, {"2.1.engagement": n < 2, "2.1.safety": True})
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in(LEAD)
    offered = [box["value"] for box in soup(browser.get(f"{INSPECTION}/ratings/2.1")).select("input[name=band]")]
    assert offered == ["good"]
    refused = soup(browser.post(f"{INSPECTION}/ratings/2.1", {"band": "outstanding", "reason": "It feels right."}), 422)
    assert "The shares do not allow this band." in said(refused.main)
    assert "Enter the reason." in said(soup(browser.post(f"{INSPECTION}/ratings/1.1", {"band": "good", "reason": ""}), 422).main)
    sent = {"band": "good", "reason": "Leaders know their cases.", "command_id": str(uuid4())}
    assert browser.post(f"{INSPECTION}/ratings/1.1", sent).status_code == 303
    words = said(soup(browser.get(f"{INSPECTION}/ratings")).main)
    assert "1.1 Leadership: good" in words
    assert "The panel decided: good. Leaders know their cases." in words
    assert "2 of 10 standards have a band" in words


def test_the_sample_stands_beside_the_frame_and_the_provider(app: Flask, browser: Browser, asking: Scenario) -> None:
    read_as(asking, LEAD, "X000001", {"2.1.engagement": True})
    read_as(asking, LEAD, "X000002", {"2.1.engagement": False})
    app.extensions["throughline"].read_side.catch_up()
    page = soup(browser.sign_in(LEAD).get(f"{INSPECTION}/sample-and-measures"))
    purposeful = rows(page, "Sample, frame and provider")[0]
    # Every case was drawn: two purposeful contacts of three, and the sample is the frame.
    assert purposeful[1:5] == ["66.7% (2 of 3)", "66.7% to 66.7%", "66.7% (2 of 3)", "66.7% (2 of 3)"]
    assert purposeful[5] == "Within the interval"
    assert rows(page, "Purposeful activity by what was judged")[0][1:] == ["100% (2 of 2) in 1 case", "0% (0 of 1) in 1 case"]


def test_the_welsh_of_a_set_is_shown_where_it_has_one() -> None:
    supervision = shipped()[1].standards[0].questions[0]
    with speaking("cy"):
        assert in_words(supervision) == "A yw’r asesiad yn cynnwys y person?"
        assert in_words(SUPERVISION) == "Supervision"
    assert in_words(supervision) == "Does assessment draw the person in?"


# -- What nobody learns by the way


def test_who_takes_no_part_in_an_inspection_does_not_assess_in_it_though_another_one_has_the_case(
    app: Flask, browser: Browser, asking: Scenario
) -> None:
    for reader, found in ((LEAD, True), (OTHER, False)):
        read_as(asking, reader, "X000001", {"2.1.engagement": found})
    inspect(asking, THIRD, "INS-2026-002", "X000001")
    app.extensions["throughline"].read_side.catch_up()
    before = asking.record.head()
    browser.sign_in(THIRD)
    assert browser.get("/cases/X000001").status_code == 200
    for address in (OF_CASE, QUESTION, f"{OF_CASE}/reopen", f"{INSPECTION}/cases/X000001/moderation/2.1.engagement"):
        assert browser.get(address).status_code == 403, address
        assert browser.post(address, {"do": "begin", "command_id": str(uuid4())}).status_code == 403, address
    assert asking.record.head() == before


def share(browser: Browser) -> str:
    """Of how many cases the work was sufficient in the first key question, on the page of ratings."""
    return rows(soup(browser.get(f"{INSPECTION}/ratings")), "2.1 Assessment")[0][1]


def judged_beside(browser: Browser) -> list[list[str]]:
    page = soup(browser.get(f"{INSPECTION}/sample-and-measures"))
    return rows(page, "Purposeful activity by what was judged") if "by what was judged" in said(page.main) else []


def test_a_case_counts_for_nobody_while_a_second_reader_is_at_it(app: Flask, browser: Browser, asking: Scenario) -> None:
    """The case is begun by the inspector to whom it does not fall, after the one to whom it falls has completed it."""
    crn = "X000001"
    first = asking.record.state(Inspection, inspection_id("INS-2026-001")).readers[crn]
    second = LEAD if first == OTHER else OTHER
    catch_up = app.extensions["throughline"].read_side.catch_up
    read_as(asking, first, crn, {"2.1.engagement": True, "2.1.safety": True})
    catch_up()
    assert share(browser.sign_in(THIRD)) == "1 of 1"
    browser.sign_in(second)
    assert share(browser) == "1 of 1"
    assert judged_beside(browser) != []
    browser.post(f"{INSPECTION}/cases/{crn}/assessment", {"do": "begin", "command_id": str(uuid4())})
    for reader in (second, first, THIRD):
        assert share(browser.sign_in(reader)) == "No case judged yet", reader
        assert judged_beside(browser) == []
    assert "counts when every reader has completed it" in said(soup(browser.get(f"{INSPECTION}/ratings")).main)
    asking.record.change(Inspection, inspection_id("INS-2026-001"), fieldwork.publish, uuid4(), now=asking.now, by=LEAD)
    catch_up()
    assert share(browser.sign_in(second)) == "1 of 1"


def test_a_case_that_falls_to_a_reader_counts_for_them_once_they_have_completed_it(app: Flask, browser: Browser, asking: Scenario) -> None:
    readers = asking.record.state(Inspection, inspection_id("INS-2026-001")).readers
    mine = [crn for crn, reader in readers.items() if reader == LEAD]
    assert 0 < len(mine) < 3
    for crn in readers:
        read_as(asking, OTHER, crn, {"2.1.engagement": False, "2.1.safety": True})
    app.extensions["throughline"].read_side.catch_up()
    assert share(browser.sign_in(OTHER)) == "0 of 3"
    assert share(browser.sign_in(LEAD)) == f"0 of {3 - len(mine)}"
    for crn in mine:
        read_as(asking, LEAD, crn, {"2.1.engagement": False, "2.1.safety": True})
    app.extensions["throughline"].read_side.catch_up()
    assert share(browser) == "0 of 3"


def test_where_readers_differ_is_listed_for_those_who_take_part_and_may_see_the_case(
    app: Flask, browser: Browser, asking: Scenario
) -> None:
    for reader, found in ((LEAD, True), (OTHER, False)):
        read_as(asking, reader, "X000001", {"2.1.engagement": found})
        read_as(asking, reader, "X000002", {"2.1.engagement": found})
    asking.do("X000002", restrict, practitioners=("SIAN",), reason="A former colleague.")
    app.extensions["throughline"].read_side.catch_up()
    page = soup(browser.sign_in(LEAD).get(f"{INSPECTION}/agreement"))
    assert [row[0] for row in rows(page, "Where readers differ")] == ["X000001"]
    assert "X000002" not in said(page.main)
    assert "Differences not listed here: 1." in said(page.main)
    page = soup(browser.sign_in(THIRD).get(f"{INSPECTION}/agreement"))
    assert rows(page, "Agreement by key question")[0][1] == "0 of 2"
    assert "Differences not listed here: 2." in said(page.main)
    for seen in ("X000001", "X000002", "Idris Pemberton"):
        assert seen not in said(page.main)


# -- Pressed twice


def events(record: Record, stream: UUID) -> list[str]:
    return [type(recorded.event).__name__ for recorded in record.history(stream)]


def test_an_assessment_begun_twice_is_begun_once_though_an_entry_came_in_between(
    inspector: Browser, record: Record, asking: Scenario
) -> None:
    sent = {"do": "begin", "command_id": str(uuid4())}
    assert inspector.post(OF_CASE, sent).status_code == 303
    asking.visit("X000001", days_ago=1)
    assert inspector.post(OF_CASE, sent).status_code == 303
    assert events(record, assessment_id("INS-2026-001", "X000001", LEAD)) == ["AssessmentBegan"]


def test_a_rating_and_a_moderation_sent_twice_are_saved_once_though_somebody_completed_a_case_in_between(
    app: Flask, browser: Browser, asking: Scenario
) -> None:
    for reader, found in ((LEAD, True), (OTHER, False)):
        read_as(asking, reader, "X000001", {"2.1.engagement": found, "2.1.safety": True})
        read_as(asking, reader, "X000002", {"2.1.engagement": True, "2.1.safety": True})
    read_side = app.extensions["throughline"].read_side
    read_side.catch_up()
    browser.sign_in(LEAD)
    rating = {"band": "outstanding", "reason": "As the shares are.", "command_id": str(uuid4())}
    moderated = {"verdict": "sufficient", "reason": "Entry 3 shows it.", "command_id": str(uuid4())}
    sent = ((f"{INSPECTION}/ratings/2.1", rating), (f"{INSPECTION}/cases/X000001/moderation/2.1.engagement", moderated))
    for address, form in sent:
        assert browser.post(address, form).status_code == 303
    read_as(asking, THIRD, "X000001", {"2.1.engagement": True, "2.1.safety": True})
    read_side.catch_up()
    for address, form in sent:
        assert browser.post(address, form).status_code == 303
    assert events(asking.record, panel_id("INS-2026-001")).count("StandardRated") == 1
    assert events(asking.record, moderation_id("INS-2026-001", "X000001")) == ["JudgementModerated"]


def test_a_reason_longer_than_there_is_room_for_rates_nothing(inspector: Browser, record: Record) -> None:
    before = record.head()
    page = soup(inspector.post(f"{INSPECTION}/ratings/1.1", {"band": "good", "reason": "x" * 2_001, "command_id": str(uuid4())}), 422)
    assert "Must be 2,000 characters or fewer" in said(page.select_one(".govuk-error-summary"))
    assert page.find(id="reason").get_text() == "x" * 2_001
    assert record.head() == before
