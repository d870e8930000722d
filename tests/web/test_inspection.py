"""An inspector announces an inspection, fixes its frame and draws its sample; each can be done once and checked by anybody."""

import re
from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from domain import phase, sentence, transfer
from domain.access import Role
from domain.allocation import AllocationReason
from domain.inspection import inspection_id
from domain.limited_access import restrict
from domain.sampling import draw, frame_digest, seed
from domain.specification import USUAL_STRATA, Specification
from domain.specifications import ready_made
from domain.working_days import local_day
from projections import frame
from store.record import Record
from tests.conftest import Browser
from tests.inspecting import COMMITMENT, NONCE
from tests.scenario import Scenario
from tests.web.reading import rows, said, soup
from web.session import OUTSIDERS

Window = dict[str, object]
MINE, OTHER = [person.code for person in OUTSIDERS if person.role is Role.INSPECTOR][:2]
NEW = "/inspections/new"
FRAME, SAMPLE, NONCES = "/inspections/{}/frame", "/inspections/{}/sample", "/inspections/{}/nonce"
KINDS = [kind.value for kind in sentence.SentenceKind]


def error_beside(page: BeautifulSoup, field: str) -> str:
    """The message at a field; a summary at the top must lead to it."""
    assert page.title is not None
    assert page.title.get_text().strip().startswith("Error: ")
    links = {link["href"]: said(link) for link in page.select(".govuk-error-summary a")}
    assert f"#{field}" in links, links
    target = page.find(id=field)
    assert isinstance(target, Tag)
    group = target.find_parent(class_="govuk-form-group")
    while group is not None and not group.select_one(".govuk-error-message"):
        group = group.find_parent(class_="govuk-form-group")
    assert group is not None
    return said(group.select_one(".govuk-error-message")).removeprefix("Error: ")


def boxes(name: str, day: date) -> dict[str, object]:
    return {name: f"{day.day} {day.month} {day.year}"}


def told_once(scenario: Scenario) -> None:
    """Five eligible cases of one provider, three of it for other reasons not, and one of another provider."""
    for n in range(1, 6):
        scenario.case(f"X00000{n}", f"Alex Example {n}", began_days_ago=200)
    scenario.case("X000006", began_days_ago=60)
    scenario.case("X000007", began_days_ago=400)
    scenario.case("X000008", began_days_ago=200)
    scenario.do("X000008", sentence.end_sentence, sentence=2, ended_at=scenario.now, how="completed")
    scenario.case("X000009", practitioner="ALED", team="NC1", provider="N03", began_days_ago=200)


@pytest.fixture
def window(scenario: Scenario) -> dict[str, object]:
    today = local_day(scenario.now)
    days = {**boxes("began_from", today - timedelta(days=230)), **boxes("began_to", today - timedelta(days=170))}
    return {**days, "kinds": KINDS, "strata": [stratum.value for stratum in USUAL_STRATA]}


@pytest.fixture
def inspector(app: Flask, browser: Browser, scenario: Scenario) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in(MINE)


def announced(browser: Browser, reference: str = "INS-2026-001") -> str:
    answer = browser.post(NEW, {"provider": "C10", "title": "Wales CRC, autumn", "reference": reference, "command_id": str(uuid4())})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rsplit("/", 1)[1]


def committed(browser: Browser) -> str:
    reference = announced(browser)
    sent = {"commitment": COMMITMENT, "command_id": str(uuid4())}
    assert browser.post(NONCES.format(reference), sent).status_code == 303
    return reference


def framed(browser: Browser, window: dict[str, object]) -> str:
    reference = committed(browser)
    assert browser.post(FRAME.format(reference), {**window, "command_id": str(uuid4())}).status_code == 303
    return reference


def drawn(browser: Browser, window: dict[str, object]) -> str:
    reference = framed(browser, window)
    sent = {"confidence": 80, "margin": 5, "nonce": NONCE, "command_id": str(uuid4())}
    assert browser.post(SAMPLE.format(reference), sent).status_code == 303
    return reference


def events(record: Record, reference: str) -> list[str]:
    return [type(recorded.event).__name__ for recorded in record.history(inspection_id(reference))]


# -- Announcing


def test_without_inspections_the_list_says_so_and_offers_to_announce_one(inspector: Browser) -> None:
    page = soup(inspector.get("/inspections"))
    assert "No inspection has been announced" in said(page.main)
    assert page.main.find("a", href=NEW)


def test_an_announced_inspection_is_in_the_list_with_its_provider_and_inspector(inspector: Browser) -> None:
    reference = announced(inspector)
    row = rows(soup(inspector.get("/inspections")), "Announced")[0]
    assert reference in row[0]
    assert (row[1], row[4], row[5], row[6]) == ("Wales CRC", "Announced", "Not fixed", "Not drawn")
    assert row[3] == next(person.name for person in OUTSIDERS if person.code == MINE)


def test_the_page_offers_the_next_free_reference_and_says_what_an_announcement_is(inspector: Browser) -> None:
    first = soup(inspector.get(NEW)).find("input", {"name": "reference"})["value"]
    assert re.fullmatch(r"INS-\d{4}-001", first)
    announced(inspector, first)
    page = soup(inspector.get(NEW))
    assert page.find("input", {"name": "reference"})["value"] == first.replace("-001", "-002")
    assert "becomes an entry of the record" in said(page.main)


BAD_ANNOUNCEMENTS: list[tuple[dict[str, str], str, str]] = [
    ({"title": "Autumn"}, "provider", "Select the provider to inspect"),
    ({"provider": "ZZZ", "title": "Autumn"}, "provider", "Select the provider to inspect"),
    ({"provider": "C10", "title": " \0 "}, "title", "Enter a title for the inspection"),
    ({"provider": "C10", "title": "x" * 201}, "title", "Must be 200 characters or fewer"),
]


def test_an_announcement_that_cannot_be_made_keeps_what_was_typed(inspector: Browser, record: Record) -> None:
    before = record.head()
    for sent, field, message in BAD_ANNOUNCEMENTS:
        page = soup(inspector.post(NEW, {**sent, "reference": "rubbish"}), 422)
        assert error_beside(page, field) == message
        assert page.find("input", {"name": "title"}).get("value", "") == sent["title"].replace("\0", "")
    assert record.head() == before


def test_the_same_announcement_sent_twice_is_one(inspector: Browser, record: Record) -> None:
    sent = {"provider": "C10", "title": "Autumn", "reference": "INS-2026-001", "command_id": str(uuid4())}
    answers = [inspector.post(NEW, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert events(record, "INS-2026-001") == ["InspectionAnnounced"]


def test_a_reference_that_another_inspector_took_first_gives_way_to_the_next(inspector: Browser) -> None:
    announced(inspector, "INS-2026-001")
    page = soup(inspector.post(NEW, {"provider": "N03", "title": "Mine", "reference": "INS-2026-001", "command_id": str(uuid4())}), 422)
    assert "Another inspection took INS-2026-001 first" in said(page.select_one(".govuk-error-summary"))
    assert page.find("input", {"name": "title"})["value"] == "Mine"
    assert re.fullmatch(r"INS-\d{4}-\d{3}", page.find("input", {"name": "reference"})["value"])
    assert page.find("input", {"name": "reference"})["value"] != "INS-2026-001"


def test_nobody_but_inspectors_sees_inspections(inspector: Browser) -> None:
    announced(inspector)
    for staff in ("SIAN", "MEERA"):
        inspector.sign_in(staff)
        for path in ("/inspections", NEW, "/inspections/INS-2026-001"):
            assert inspector.get(path).status_code == 403, (staff, path)


def test_an_unknown_inspection_is_not_found(inspector: Browser) -> None:
    announced(inspector)
    for reference in ("INS-2026-999", "nonsense", "%00", "INS-2026-001%00", "ins-2026-001"):
        assert inspector.get(f"/inspections/{reference}").status_code == 404, reference
        for page in ("frame", "sample", "nonce", "inspectors", "end", "widen"):
            assert inspector.get(f"/inspections/{reference}/{page}").status_code == 404, reference
            assert inspector.post(f"/inspections/{reference}/{page}").status_code == 404, reference
        for file in ("frame.json", "draw.json", "sample/replace?case=X000001"):
            assert inspector.get(f"/inspections/{reference}/{file}").status_code == 404, reference


# -- The frame


def test_the_first_ready_made_specification_of_the_kind_of_provider_is_offered_with_its_sources(
    inspector: Browser, scenario: Scenario
) -> None:
    page = soup(inspector.get(FRAME.format(announced(inspector))))
    crc = ready_made()[0]
    first = local_day(scenario.now) - timedelta(weeks=crc.weeks_from)
    assert page.find(id="began_from")["value"] == f"{first.day} {first:%B %Y}"
    ticked = {box["value"] for box in page.find_all("input", type="checkbox", checked=True)}
    assert ticked == {*crc.kinds, *crc.exclusions, *crc.strata}
    assert "recalled [R]" in said(page.main)
    assert [said(link) for link in page.select("a[href*='ready=']")] == ["Unpaid work", "Through the gate"]


def test_another_ready_made_specification_fills_the_form_and_is_named_in_the_frame(
    inspector: Browser, record: Record, window: dict[str, object]
) -> None:
    reference = committed(inspector)
    page = soup(inspector.get(FRAME.format(reference) + "?ready=unpaid-work"))
    ticked = {box["value"] for box in page.find_all("input", type="checkbox", checked=True)}
    assert {"No unpaid work was ordered", "sex", "supervision default order"} <= ticked
    assert "licence" not in ticked
    asked = {**window, "ready": "unpaid-work", "exclusions": "Unpaid work is the only requirement", "kinds": KINDS[:2]}
    # Everybody in the scenario has unpaid work alone.
    out = rows(soup(inspector.get(FRAME.format(reference), query_string=asked)), "left out")
    assert out[-2] == ["Unpaid work is the only requirement", "5"]
    inspector.post(FRAME.format(reference), {**window, "ready": "unpaid-work", "command_id": str(uuid4())})
    fixed = record.history(inspection_id(reference))[-1].event
    assert (fixed.specification.ready, fixed.specification.version) == ("unpaid-work", "2026-11-1")
    assert "Unpaid work, version 2026-11-1" in said(soup(inspector.get(FRAME.format(reference))).main)


def test_every_case_of_the_provider_is_eligible_or_left_out_for_one_reason(inspector: Browser, window: dict[str, object]) -> None:
    page = soup(inspector.get(FRAME.format(announced(inspector)), query_string=window))
    assert "8 cases of Wales CRC, now or before: 5 eligible and 3 left out." in said(page.main)
    assert rows(page, "Eligible") == [["Not known, community, RoSH medium", "5"], ["All", "5"]]
    assert rows(page, "left out") == [
        ["Supervision had ended", "1"],
        ["The sentence began after the window", "1"],
        ["The sentence began before the window", "1"],
        ["All", "3"],
    ]


def test_a_case_after_custody_commences_with_the_release(
    app: Flask, inspector: Browser, scenario: Scenario, window: dict[str, object]
) -> None:
    ago, kind = scenario.in_days(-260), sentence.SentenceKind.CUSTODIAL
    end = local_day(scenario.in_days(100))
    for crn in ("X000004", "X000005"):
        scenario.do(crn, sentence.start_sentence, kind=kind, started_at=ago, expected_end_on=end)
    number, out = scenario.version("X000005"), scenario.in_days(-200)
    scenario.do("X000005", phase.release, sentence=number, released_at=out, licence_ends_on=end)
    app.extensions["throughline"].read_side.catch_up()
    page = soup(inspector.get(FRAME.format(announced(inspector)), query_string=window))
    assert rows(page, "Eligible")[:2] == [["Not known, community, RoSH medium", "3"], ["Not known, post-custody, RoSH medium", "1"]]
    assert ["Not released from custody yet", "1"] in rows(page, "left out")


def test_a_case_that_went_to_another_provider_is_counted_as_gone(
    app: Flask, inspector: Browser, scenario: Scenario, record: Record, window: dict[str, object]
) -> None:
    scenario.do("X000005", transfer.request_transfer, to_team="NC1", to_provider="N03", reason=AllocationReason.MOVE)
    scenario.do("X000005", transfer.accept_transfer, by="RUTH", team="NC1", practitioner="ALED")
    app.extensions["throughline"].read_side.catch_up()
    reference = framed(inspector, window)
    page = soup(inspector.get(FRAME.format(reference)))
    assert ["Now with another provider", "1"] in rows(page, "left out")
    assert "have 8 cases that Wales CRC was ever given" in said(page.main)
    fixed = record.history(inspection_id(reference))[-1].event
    assert fixed.counted == 8 == sum(fixed.left_out.values()) + 4


def test_a_case_to_which_access_is_limited_is_in_the_frame_and_counted_without_being_told(
    app: Flask, inspector: Browser, scenario: Scenario, window: dict[str, object]
) -> None:
    scenario.do("X000003", restrict, practitioners=("SIAN",), reason="A former colleague.")
    app.extensions["throughline"].read_side.catch_up()
    page = said(soup(inspector.get(FRAME.format(framed(inspector, window)))).main)
    assert "Access was limited to 1 eligible case." in page
    assert "5 eligible and 3 left out" in page
    assert "X000003" in page


def test_a_frame_needs_a_nonce_and_the_page_leads_there(inspector: Browser, record: Record, window: dict[str, object]) -> None:
    reference = announced(inspector)
    page = soup(inspector.get(FRAME.format(reference), query_string=window))
    assert page.main.find("a", href=NONCES.format(reference))
    assert not page.find("form", method="post")
    refused = soup(inspector.post(FRAME.format(reference), window), 422)
    assert "Commit to a nonce before you fix the frame." in said(refused.select_one(".govuk-error-summary"))
    assert events(record, reference) == ["InspectionAnnounced"]


def test_a_nonce_is_made_by_chance_shown_and_not_kept(inspector: Browser, record: Record) -> None:
    reference = announced(inspector)
    first, second = (soup(inspector.get(NONCES.format(reference))) for _ in range(2))
    nonces = [page.find("input", {"name": "nonce"})["value"] for page in (first, second)]
    assert nonces[0] != nonces[1]
    shown = first.find(id="commitment")["value"]
    assert sha256(bytes.fromhex(nonces[0])).hexdigest() == shown
    sent = {"nonce": nonces[0], "commitment": shown, "command_id": str(uuid4())}
    assert inspector.post(NONCES.format(reference), sent).status_code == 303
    event = record.history(inspection_id(reference))[-1].event
    assert event.commitment == shown
    with record.pool.connection() as conn:
        assert conn.execute("select count(*) from record.event where position(%s in state) > 0", (nonces[0].encode(),)).fetchone() == (0,)


def test_a_commitment_that_is_none_keeps_what_was_typed_and_the_nonce_that_was_shown(inspector: Browser, record: Record) -> None:
    reference = announced(inspector)
    for typed, message in (("", "Enter the SHA-256 of the nonce"), ("zz", "The commitment must be 64 hexadecimal digits.")):
        page = soup(inspector.post(NONCES.format(reference), {"nonce": NONCE, "commitment": typed}), 422)
        assert error_beside(page, "commitment") == message
        assert page.find(id="commitment").get("value", "") == typed
        assert NONCE in said(page.main)
    assert events(record, reference) == ["InspectionAnnounced"]


def test_htmx_gets_the_choice_alone(inspector: Browser, window: dict[str, object]) -> None:
    answer = inspector.get(FRAME.format(announced(inspector)), query_string=window, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'id="choice"' in answer.text
    assert "5 eligible" in answer.text


def test_kinds_that_nobody_has_leave_an_empty_frame_with_a_way_on(inspector: Browser, window: dict[str, object]) -> None:
    page = soup(inspector.get(FRAME.format(announced(inspector)), query_string={**window, "kinds": "licence"}))
    assert "No case meets this specification. Widen the window" in said(page.main)
    assert not page.find("button", string=re.compile("Fix this frame"))


BAD_FRAMES: list[tuple[dict[str, object], str, str]] = [
    ({"began_from": "31 2"}, "began_from", "The first day of the window must be a real date, like 27 3 2026"),
    ({"began_to": "2026"}, "began_to", "The last day of the window must include a day and a month, like 27 3 2026"),
    ({"began_to": "1 1 2001"}, "began_to", "The last day of the window must be the same as or after the first day"),
    ({"kinds": []}, "kinds", "Select at least one kind of sentence"),
    ({"kinds": "treason"}, "kinds", "Select kinds of sentence from the list"),
]


def test_a_specification_that_cannot_be_read_is_said_beside_the_field(
    inspector: Browser, record: Record, window: dict[str, object]
) -> None:
    address = FRAME.format(announced(inspector))
    for change, field, message in BAD_FRAMES:
        asked = {**window, **change}
        for answer in (inspector.get(address, query_string=asked), inspector.post(address, asked)):
            page = soup(answer, 422)
            assert error_beside(page, field) == message
            assert page.find("input", {"name": "began_from", "type": "text"})["value"] == asked["began_from"]
    assert events(record, "INS-2026-001") == ["InspectionAnnounced"]


def test_a_frame_of_nobody_cannot_be_fixed_and_still_shows_why(inspector: Browser, window: dict[str, object]) -> None:
    page = soup(inspector.post(FRAME.format(committed(inspector)), {**window, "kinds": "licence"}), 422)
    assert error_beside(page, "began_from").startswith("No case meets this specification.")
    assert rows(page, "left out")[0] == ["Another kind of sentence", "5"]


def test_a_fixed_frame_shows_its_digest_and_every_reference(inspector: Browser, record: Record, window: dict[str, object]) -> None:
    page = soup(inspector.get(FRAME.format(framed(inspector, window))))
    references = [f"X00000{n}" for n in range(1, 6)]
    assert frame_digest(references) in said(page.main)
    assert " ".join(references) in said(page.main)
    assert "8 cases of Wales CRC, now or before: 5 eligible and 3 left out." in said(page.main)
    assert f"entry {record.head() - 1} of the record" in said(page.main)


def test_the_same_frame_sent_twice_is_fixed_once_though_the_record_has_moved_on(
    inspector: Browser, record: Record, scenario: Scenario, window: dict[str, object]
) -> None:
    reference = committed(inspector)
    sent = {**window, "command_id": str(uuid4())}
    assert inspector.post(FRAME.format(reference), sent).status_code == 303
    scenario.visit("X000001")
    assert inspector.post(FRAME.format(reference), sent).status_code == 303
    assert events(record, reference) == ["InspectionAnnounced", "NonceCommitted", "FrameFixed"]


def test_a_second_frame_is_refused(inspector: Browser, window: dict[str, object]) -> None:
    page = soup(inspector.post(FRAME.format(framed(inspector, window)), {**window, "command_id": str(uuid4())}), 422)
    assert error_beside(page, "began_from") == "The frame of this inspection is fixed already."


def test_the_frame_waits_for_the_rows_of_what_was_just_recorded(app: Flask, inspector: Browser, scenario: Scenario) -> None:
    at = app.extensions["throughline"]
    asked = Specification(provider="C10", began_from=date(2000, 1, 1), began_to=local_day(scenario.now))
    scenario.case("X000010", began_days_ago=200)
    with at.read_side.reading() as conn:
        assert frame.taken(conn, asked, scenario.now) is None
    at.read_side.catch_up()
    with at.read_side.reading() as conn:
        taken = frame.taken(conn, asked, scenario.now) or pytest.fail("not folded")
    assert taken.known_at == at.record.head()
    assert "X000010" in [ref for refs in taken.frame.strata.values() for ref in refs]


def test_cases_ever_given_to_a_provider_are_counted_by_an_index_and_not_by_the_whole_log(app: Flask, scenario: Scenario) -> None:
    """In a log as small as this the server would rather read all of it, so here it may not."""
    with app.extensions["throughline"].read_side.reading() as conn, conn.transaction():
        assert frame.counted_in_record(conn, "C10") == (8, 0)
        conn.execute("set local enable_seqscan = off")
        plan = "\n".join(line for (line,) in conn.execute(b"explain " + frame.COUNT, ("C10",)))
    assert "event_gives_a_case" in plan
    assert "Seq Scan on event" not in plan


def test_another_inspector_reads_and_cannot_change(inspector: Browser, record: Record, window: dict[str, object]) -> None:
    reference = announced(inspector)
    inspector.sign_in(OTHER)
    page = soup(inspector.get(FRAME.format(reference), query_string=window))
    assert "5 eligible" in said(page.main)
    assert not page.find("form", method="post")
    assert inspector.post(FRAME.format(reference), window).status_code == 403
    assert inspector.post(SAMPLE.format(reference), {"nonce": NONCE}).status_code == 403
    assert events(record, reference) == ["InspectionAnnounced"]


# -- The sample


def test_before_the_frame_is_fixed_no_sample_can_be_drawn(inspector: Browser, record: Record) -> None:
    reference = announced(inspector)
    page = soup(inspector.get(SAMPLE.format(reference)))
    assert page.main.find("a", href=FRAME.format(reference))
    answer = inspector.post(SAMPLE.format(reference), {"confidence": 80, "margin": 5, "nonce": NONCE})
    assert "Fix the frame before drawing the sample." in said(soup(answer, 422).select_one(".govuk-error-summary"))
    assert events(record, reference) == ["InspectionAnnounced"]


def test_the_policys_precision_is_offered_with_its_source_and_the_nonce_is_asked_for(inspector: Browser, window: dict[str, object]) -> None:
    page = soup(inspector.get(SAMPLE.format(framed(inspector, window))))
    assert (page.find(id="confidence")["value"], page.find(id="margin")["value"]) == ("80", "5")
    assert "recalled [R]" in said(page.main)
    assert "5 cases of 5" in said(page.main)
    assert page.find(id="nonce").get("value", "") == ""


def test_working_out_the_size_draws_nothing_and_keeps_the_nonce(inspector: Browser, record: Record, window: dict[str, object]) -> None:
    reference = framed(inspector, window)
    sent = {"confidence": "60", "margin": "25", "nonce": "mine, half typed", "work_out": "yes"}
    page = soup(inspector.post(SAMPLE.format(reference), sent))
    assert "At 60% confidence and a margin of 25 points: 3 cases of 5" in said(page.main)
    assert rows(page, "Cases to draw") == [["Not known, community, RoSH medium", "5", "3"]]
    assert page.find(id="nonce")["value"] == "mine, half typed"
    assert events(record, reference) == ["InspectionAnnounced", "NonceCommitted", "FrameFixed"]


BAD_DRAWS = [
    ({"confidence": ""}, "confidence", "Confidence must be a whole number, like 45"),
    ({"confidence": "100"}, "confidence", "Confidence must be between 50 and 99"),
    ({"margin": "0"}, "margin", "Margin must be between 1 and 25"),
    ({"margin": "five"}, "margin", "Margin must be a whole number, like 45"),
    ({"nonce": ""}, "nonce", "Enter the nonce"),
    ({"nonce": "abc"}, "nonce", "The nonce must be 64 hexadecimal digits."),
    ({"nonce": "é" * 64}, "nonce", "The nonce must be 64 hexadecimal digits."),
]


def test_a_draw_that_cannot_be_made_keeps_what_was_typed(inspector: Browser, record: Record, window: dict[str, object]) -> None:
    reference = framed(inspector, window)
    for change, field, message in BAD_DRAWS:
        sent = {"confidence": "80", "margin": "5", "nonce": NONCE, **change}
        page = soup(inspector.post(SAMPLE.format(reference), sent), 422)
        assert error_beside(page, field) == message
        assert {name: page.find(id=name).get("value", "") for name in sent} == sent
    assert events(record, reference) == ["InspectionAnnounced", "NonceCommitted", "FrameFixed"]


def test_the_drawn_sample_can_be_drawn_again_from_what_the_page_says(inspector: Browser, window: dict[str, object]) -> None:
    page = soup(inspector.get(SAMPLE.format(drawn(inspector, window))))
    facts = {said(key): said(key.find_next("dd")) for key in page.select(".govuk-summary-list__key")}
    assert facts["Nonce"] == NONCE
    key = seed(bytes.fromhex(facts["Root of the ledger"]), facts["Digest of the frame"], bytes.fromhex(NONCE))
    assert facts["Seed"] == key.hex()
    again = draw({"all": [f"X00000{n}" for n in range(1, 6)]}, 5, key)["all"]
    assert [row[1].split()[-1] for row in rows(page, "Not known, community, RoSH medium: 5 of 5 cases")] == again
    assert "found the same cases" in said(page.main)


def test_a_nonce_in_groups_and_capitals_is_the_same_nonce(inspector: Browser, window: dict[str, object]) -> None:
    reference = framed(inspector, window)
    typed = " ".join(["0F0F"] * 16)
    sent = {"confidence": 80, "margin": 5, "nonce": typed, "command_id": str(uuid4())}
    assert inspector.post(SAMPLE.format(reference), sent).status_code == 303
    assert NONCE in said(soup(inspector.get(SAMPLE.format(reference))).main)


def test_the_same_draw_sent_twice_is_one_and_another_is_refused(inspector: Browser, record: Record, window: dict[str, object]) -> None:
    reference = framed(inspector, window)
    sent = {"confidence": 80, "margin": 5, "nonce": NONCE, "command_id": str(uuid4())}
    assert [inspector.post(SAMPLE.format(reference), sent).status_code for _ in range(2)] == [303, 303]
    other = soup(inspector.post(SAMPLE.format(reference), {**sent, "nonce": "ab" * 32, "command_id": str(uuid4())}), 422)
    assert "The sample of this inspection is drawn already." in said(other.select_one(".govuk-error-summary"))
    assert events(record, reference) == ["InspectionAnnounced", "NonceCommitted", "FrameFixed", "SampleDrawn"]


def test_a_sampled_case_that_is_hidden_from_the_inspector_is_withheld_and_stays_in_the_sample(
    app: Flask, inspector: Browser, scenario: Scenario, window: dict[str, object]
) -> None:
    reference = drawn(inspector, window)
    scenario.do("X000003", restrict, practitioners=("SIAN",), reason="A former colleague.")
    app.extensions["throughline"].read_side.catch_up()
    for address in (f"/inspections/{reference}", SAMPLE.format(reference)):
        page = soup(inspector.get(address))
        row = next(row for row in page.select("tbody tr") if "X000003" in row.get_text())
        assert "Withheld: access is limited" in row.get_text()
        assert {link["href"].split("?")[0] for link in row.select("a")} <= {f"/inspections/{reference}/sample/replace"}
        assert "Alex Example 3" not in page.get_text()
        assert "Alex Example 4" in page.get_text()
    assert inspector.get("/cases/X000003").status_code == 404


# -- The inspection


def test_the_inspection_lists_what_is_done_and_what_comes_next(inspector: Browser, window: dict[str, object]) -> None:
    def statuses(reference: str) -> tuple[str, list[str]]:
        page = soup(inspector.get(f"/inspections/{reference}"))
        return said(page.main.select_one("a.govuk-button")), [said(status) for status in page.select(".govuk-task-list__status")]

    done, to_do, not_yet = "Completed", "To do", "Cannot start yet"
    reference = announced(inspector)
    assert statuses(reference) == ("Next: commit to a nonce", [done, "1 inspector", to_do, *[not_yet] * 5, to_do])
    inspector.post(NONCES.format(reference), {"commitment": COMMITMENT, "command_id": str(uuid4())})
    assert statuses(reference) == ("Next: fix the frame", [done, "1 inspector", done, to_do, *[not_yet] * 4, to_do])
    inspector.post(FRAME.format(reference), {**window, "command_id": str(uuid4())})
    assert statuses(reference) == ("Next: draw the sample", [done, "1 inspector", done, done, to_do, *[not_yet] * 3, to_do])
    inspector.post(SAMPLE.format(reference), {"confidence": 80, "margin": 5, "nonce": NONCE, "command_id": str(uuid4())})
    assert statuses(reference) == ("Next: share the cases", [done, "1 inspector", *[done] * 3, to_do, "5 cases", to_do, to_do])
    inspector.post(f"/inspections/{reference}/inspectors/share", {"command_id": str(uuid4())})
    shared = [done, "1 inspector", *[done] * 4, "5 cases", to_do, to_do]
    assert statuses(reference) == ("Next: choose the questions", shared)
    inspector.post(f"/inspections/{reference}/questions", {"sets": ["unpaid-work 2018-1"], "command_id": str(uuid4())})
    assert statuses(reference) == ("Next: assess the cases", shared)
    inspector.post(f"/inspections/{reference}/end", {"publish": "yes", "command_id": str(uuid4())})
    assert statuses(reference) == ("Next: publish or close", [*shared[:-2], done, to_do])


def test_each_sampled_case_says_how_much_was_recorded_since_the_announcement(
    app: Flask, inspector: Browser, scenario: Scenario, window: dict[str, object]
) -> None:
    reference = drawn(inspector, window)
    scenario.visit("X000002", days_ago=100)
    app.extensions["throughline"].read_side.catch_up()
    found = {row[0].split()[-1]: (int(row[5]), int(row[6])) for row in rows(soup(inspector.get(f"/inspections/{reference}")), "Inspected")}
    assert found["X000001"][1] == 0
    assert found["X000002"] == (found["X000001"][0] + 1, 1)


def test_another_inspector_sees_no_names_and_no_way_into_the_cases(inspector: Browser, window: dict[str, object]) -> None:
    reference = drawn(inspector, window)
    inspector.sign_in(OTHER)
    for address in (f"/inspections/{reference}", SAMPLE.format(reference)):
        page = soup(inspector.get(address))
        assert "X000001" in said(page.main)
        assert "Alex Example" not in said(page.main)
        assert not page.main.find("a", href=re.compile("replay"))
