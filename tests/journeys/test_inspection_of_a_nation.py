"""Three inspectors inspect the provider of a nation that stands out, from its announcement to a published rating and a checked bundle."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from domain.inspection import Inspection, inspection_id
from domain.question_set import asked
from domain.question_sets import shipped
from store import checkpoints, notes, verify
from store.database import as_service
from tests.bundles import LOG, WITNESS
from tests.conftest import MASTER, Browser, fresh
from tests.inspecting import LEAD, OTHER, THIRD
from tests.journeys.conftest import Open
from tests.nation import ANNOUNCED, InItsTime, Nation, begun
from tests.web.reading import said, soup

READERS = (LEAD, OTHER, THIRD)
ASKED = asked(shipped())
CHART = 30_000
"""The first chart loads the libraries of statistics and of drawing."""


@pytest.fixture
def database(server: str, synthetic_template: str) -> Iterator[str]:
    yield from fresh(server, synthetic_template)


@pytest.fixture
def record(database: str) -> Iterator[InItsTime]:
    record = InItsTime(as_service(database), MASTER)
    yield record
    record.close()


@pytest.fixture
def nation(record: InItsTime, database: str) -> Nation:
    return begun(record, database)


@pytest.fixture
def app(nation: Nation, record: InItsTime, applications) -> Flask:
    return applications(record)


# -- The measures, and what came after the announcement ------------------------------------------------------------------


def below(page: Page, measure: str) -> list[str]:
    """The providers that the page of a measure shows below the limits of chance."""
    page.goto("/measures")
    page.get_by_role("link", name=measure, exact=True).click()
    chart = page.locator("figure[aria-labelledby=parts-title]")
    expect(chart).to_be_visible(timeout=CHART)
    return [words.partition(":")[0] for words in chart.locator("svg a").all_text_contents() if ", below the " in words]


def rows(page: Page, region: str) -> list[str]:
    return page.get_by_role("region", name=region).locator("tbody tr").all_inner_texts()


def names(nation: Nation, provider: str, staged: str = "") -> set[str]:
    """Of the teams of a provider those that the nation itself stages in this way; without one those that it does not stage."""
    teams = [unit.team for unit in nation.teams if unit.team.provider == provider]
    return {team.name for team in teams if (getattr(team, staged) if staged else not (team.piles_up or team.instructs_monthly))}


def busiest(page: Page, honest: set[str]) -> tuple[str, str]:
    """Of these teams the one with the most entries on the page of recording, and its weeks that stand out."""
    found = {
        row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").all_inner_texts()
        for row in page.locator("tbody").first.get_by_role("row").all()
    }
    name = max(honest, key=lambda team: int(found[team][0].replace(",", "")))
    return name, found[name][-1]


# -- Assessing -----------------------------------------------------------------------------------------------------------


def finds(reader: str, code: str) -> bool:
    """Whether a reader finds the work sufficient: the third never finds it so for the safety of others in a supervised case."""
    return not (reader == THIRD and code.startswith("2.") and code.endswith(".safety"))


def press(page: Page, words: str) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name=words, exact=True).first.click()


def begin(page: Page, here: str, crn: str) -> None:
    page.goto(f"{here}/assessments")
    page.get_by_role("link", name=re.compile(f"^{crn}.*assess the case$")).click()
    press(page, "Begin your assessment")
    page.get_by_role("link", name="Go on with the next key question").click()


def judge(page: Page, sufficient: bool) -> None:
    """The key question that is open: its prompts, one of them with the entry that shows it, and the judgement."""
    page.get_by_role("radio", name="No", exact=True).evaluate_all("all => all.forEach(one => one.click())")
    first = page.locator(".app-item").first
    first.get_by_label("Yes", exact=True).check()
    first.get_by_label("Entries that it rests on").fill("2")
    page.get_by_role("group", name="Is the work sufficient?").get_by_label(
        "Sufficient" if sufficient else "Not sufficient", exact=True
    ).check()
    press(page, "Save and go on")


def side_by_side(readings: dict[str, Page], differs: str = "") -> None:
    """Each of the readers judges a key question in turn, until all have completed their case. `differs` is not found sufficient."""
    left = dict(readings)
    while left:
        for reader, page in list(left.items()):
            code = page.url.rpartition("/")[2]
            if page.get_by_role("button", name="Save and go on").count():
                judge(page, finds(reader, code) and code != differs)
            else:
                press(page, "Complete the assessment")
                expect(page.get_by_text("The assessment is completed.")).to_be_visible()
                del left[reader]


def by_form(app: Flask, reader: str, here: str, crn: str, *, everything: bool) -> None:
    """The same with the forms alone; `everything` asks what the facts leave out too, so that every standard is judged on some case."""
    browser, case = Browser(app).sign_in(reader), f"{here}/cases/{crn}/assessment"
    assert browser.post(case, {"do": "begin"}).status_code == 303
    if everything:
        for link in soup(browser.get(case)).select('a[href$="/applies"]'):
            if said(link).startswith("Ask it all the same"):
                assert browser.post(link["href"], {"applies": "yes", "reason": "The panel wants to know."}).status_code == 303
    for link in soup(browser.get(case)).select("a.govuk-task-list__link"):
        code = link["href"].rpartition("/")[2]
        prompts = {f"{code}.{prompt.name}" for prompt in ASKED[code].question.prompts}
        answers = {prompt: "no" for prompt in prompts}
        assert browser.post(link["href"], {**answers, "sufficient": "yes" if finds(reader, code) else "no"}).status_code == 303
    assert browser.post(case, {"do": "complete"}).status_code == 303


# -- The proof -----------------------------------------------------------------------------------------------------------


def sign(database: str, record: InItsTime) -> None:
    """The scheduler's minute: a checkpoint, and the signature of a witness under it at the time it is."""
    with psycopg.connect(as_service(database), autocommit=True) as conn:
        made = checkpoints.make(conn, LOG)
        assert made is not None
        line = WITNESS.cosign(notes.read_note(made.note)[0], int(record.clock().timestamp())).line
        conn.execute("select record.keep_cosignature(%s, %s, %s)", (made.number, WITNESS.verifier.vkey, line))


def checked(page: Page, link: str, kept: Path) -> subprocess.CompletedProcess[str]:
    """A bundle as it is downloaded, checked with keys from outside."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).click()
    coming.value.save_as(kept)
    keys = ["--log-key", LOG.verifier.vkey, "--witness-key", WITNESS.verifier.vkey]
    return subprocess.run([sys.executable, "-I", "-S", verify.__file__, kept, *keys], capture_output=True, text=True, check=False)


def test_three_inspectors_inspect_the_provider_that_stands_out(
    nation: Nation, record: InItsTime, database: str, app: Flask, open_as: Open, tmp_path: Path
) -> None:
    # given the provider that the measures of the nation show below all others
    lead, other, third = open_as(LEAD), open_as(OTHER), open_as(THIRD, javascript=False)
    found = Counter(name for measure in ("Purposeful activity", "Continuity of relationship") for name in below(lead, measure))
    ((worst, _),) = found.most_common(1)

    # when an inspection of it is announced to it, with two more inspectors and a nonce
    lead.get_by_role("link", name="Inspections").click()
    lead.get_by_role("button", name="Announce an inspection").click()
    lead.get_by_label(worst).check()
    lead.get_by_label("Title").fill(f"{worst}, autumn")
    press(lead, "Announce the inspection")
    reference = lead.locator(".govuk-caption-l").inner_text()
    here, provider = f"/inspections/{reference}", record.state(Inspection, inspection_id(reference)).provider
    sign(database, record)
    lead.goto(f"{here}/inspectors")
    for name in ("Idris Pemberton", "Gwenllian Ashby"):
        lead.get_by_label(name, exact=True).check()
        press(lead, "Name this inspector")
    lead.goto(here)
    press(lead, "Next: commit to a nonce")
    nonce = lead.locator("input[name=nonce]").input_value()
    press(lead, "Commit to this nonce")

    # and three weeks go by, in which one team writes up its backlog
    nation.goes_on(record)
    app.extensions["throughline"].read_side.rebuild()

    # then exactly that team stands out since the announcement
    lead.goto(here)
    lead.get_by_role("link", name="What was recorded since the announcement about the time before").click()
    (back_filled,), (letters,) = names(nation, provider, "piles_up"), names(nation, provider, "instructs_monthly")
    expect(lead.get_by_text(f"Stands out since the announcement: {back_filled}.")).to_be_visible()
    after = rows(lead, "Entries about earlier days that stand out")
    assert {words.partition("\n")[0] for words in after} == {back_filled}

    # and just before it exactly the one that sent its instructions again
    weeks = rows(lead, "Weeks of late entries, instructions and letters that stand out")
    (burst,) = (words for words in weeks if ": instructions to unpaid work" in words)
    assert f"{letters}: instructions to unpaid work, before the announcement" in burst
    assert f"{back_filled}: late entries" in weeks[0]

    # and none of the honest teams since then; the busiest of them has no week that stands out at all
    honest = names(nation, provider)
    assert not [words for words in weeks if "before the announcement" not in words and any(f"{name}:" in words for name in honest)]
    lead.goto(f"/providers/{provider}/recording")
    busy, stands_out = busiest(lead, honest)
    assert stands_out == "None"
    assert not [words for words in weeks if f"{busy}:" in words]

    # when the frame is fixed, the sample drawn and the cases shared
    lead.goto(here)
    press(lead, "Next: fix the frame")
    lead.get_by_role("button", name="Count the frame").click()
    expect(lead).to_have_url(re.compile("began_from="))
    press(lead, "Fix this frame")
    lead.goto(here)
    press(lead, "Next: draw the sample")
    lead.get_by_label("Confidence").fill("80")
    lead.get_by_label("Margin of error").fill("25")
    lead.get_by_label("Nonce").fill(nonce)
    press(lead, "Draw the sample")
    expect(lead.get_by_text("found the same cases")).to_be_visible()
    lead.goto(here)
    press(lead, "Next: share the cases")
    press(lead, "Share the cases evenly")
    state = record.state(Inspection, inspection_id(reference))
    cases = {reader: [crn for crn, one in state.readers.items() if one == reader] for reader in READERS}
    assert [len(theirs) for theirs in cases.values()] == [2, 2, 2]

    # and the three assess a case each at the same time, and the second then reads the first one's case
    lead.goto(here)
    press(lead, "Next: choose the questions")
    press(lead, "Ask these questions")
    pages = dict(zip(READERS, (lead, other, third), strict=True))
    for reader, page in pages.items():
        begin(page, here, cases[reader][0])
    side_by_side(pages)
    begin(other, here, cases[LEAD][0])
    side_by_side({OTHER: other}, differs="2.1.engagement")
    for reader in READERS:
        by_form(app, reader, here, cases[reader][1], everything=reader == LEAD)

    # and the lead decides where the two differ
    lead.goto(f"{here}/agreement")
    lead.get_by_role("link", name=f"Moderate {cases[LEAD][0]}, 2.1.engagement").click()
    lead.get_by_role("group", name="What counts?").get_by_label("Sufficient", exact=True).check()
    lead.get_by_label("Why?").fill("Entry 2 shows it.")
    press(lead, "Save")

    # then every key question counts, the four of safety in 4 of 6 cases (67%: good) and all others in every one (outstanding)
    for standard in ("1.1 Leadership", "1.2 Staff", "1.3 Services", "1.4 Information and facilities"):
        lead.goto(f"{here}/ratings")
        lead.get_by_role("link", name=re.compile(f"^Rate it.*{standard}$")).click()
        lead.get_by_label("Good", exact=True).check()
        lead.get_by_label("Reason").fill("The panel heard the leaders.")
        press(lead, "Save")
    for standard, band in (("2.1 Assessment", "good"), ("2.4 Reviewing", "good"), ("4.1 Unpaid work", "outstanding")):
        expect(lead.get_by_role("heading", name=f"{standard}: {band}")).to_be_visible()
    # 1.1 to 2.4 are eight times 2 points, 4.1 and 4.2 twice 3
    expect(lead.get_by_text("22 of 30 points")).to_be_visible()
    lead.goto(here)
    press(lead, "Next: publish or close")
    press(lead, "Record the publication")
    expect(lead.get_by_text("The inspection is published.")).to_be_visible()

    # and what was found is taken away and holds, with the texts while the inspection is open and without them after it
    lead.goto(f"{here}/bundle")
    press(lead, "State it")
    sign(database, record)
    lead.get_by_role("link", name="Look again").click()
    with_texts = checked(lead, "Download the bundle with what was written", tmp_path / "with.zip")
    assert with_texts.returncode == 0, with_texts.stdout
    assert f"recorded on {ANNOUNCED:%Y-%m-%d}" in with_texts.stdout
    lead.goto(f"{here}/end")
    press(lead, "Close the inspection")
    lead.goto(f"{here}/bundle")
    without = checked(lead, "Download the bundle without texts", tmp_path / "without.zip")
    assert without.returncode == 0, without.stdout
    assert other.goto(f"/cases/{cases[OTHER][0]}").status == 403
