"""Whose figures: each sees those they answer for, small groups of others are withheld, and programs are told no in their own way."""

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.organisation import Provider, provider_id, register_team
from domain.working_days import local_day
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import parsed as soup
from web import past
from web.exports import Table, download

NAME = "/measures/continuity"
TEAM, PROVIDER, OFFICER = f"/teams/CF1{NAME}", f"/providers/C10{NAME}", f"/practitioners/OWEN{NAME}"
NATION = NAME


def told_once(told: Scenario) -> None:
    """Twelve contacts in Cardiff (eleven of Siân's, one of Owen's), two in Newport, ten in the NPS."""
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", practitioner="OWEN")
    told.case("X000003", "Chris Example", practitioner="TOM", team="NP1")
    told.case("X000004", "Daryl Example", practitioner="ALED", team="NC1", provider="N03")
    for crn, worker, times in (("X000001", "SIAN", 11), ("X000002", "OWEN", 1), ("X000003", "TOM", 2), ("X000004", "ALED", 10)):
        for day in range(times):
            told.visit(crn, days_ago=day + 0.5, worker=worker)


def parts(page: BeautifulSoup) -> dict[str, list[str]]:
    """The cells of each row of the second table: by provider, team or officer."""
    return {
        row.th.get_text(): [(td.a or td).find(string=True, recursive=False) or "" for td in row.select("td")]
        for row in page.select("table")[1].select("tbody tr")
    }


@pytest.mark.parametrize("address", [NAME, f"{NAME}/entries", f"{NAME}/charts", f"{NAME}.csv", f"{NAME}.ods", f"{NAME}/entries.csv"])
@pytest.mark.parametrize("staff", ["SIAN", "MEERA", "HMI0002", "ADM0001"])
def test_everybody_sees_the_figures_they_answer_for_and_no_others(enter, staff: str, address: str) -> None:
    """An officer their own; a manager the team's and its officers', and the provider's without entries; an inspector everything."""
    entries = "entries" in address
    allowed = {
        "SIAN": {"/practitioners/SIAN"},
        "MEERA": {"/teams/CF1", "/practitioners/SIAN", "/practitioners/OWEN", *([] if entries else ["/providers/C10"])},
        "HMI0002": {"", "/providers/C10", "/providers/N03", "/teams/CF1", "/teams/NP1", "/practitioners/SIAN", "/practitioners/OWEN",
                    "/practitioners/TOM"},
        "ADM0001": set[str](),
    }  # fmt: skip
    browser = enter(staff)
    got = {before: browser.get(f"{before}{address}").status_code for before in allowed["HMI0002"]}
    assert got == {before: 200 if before in allowed[staff] else 403 for before in got}


def test_who_there_is_not_has_no_figures(enter) -> None:
    inspector = enter("HMI0002")
    for before in ("/providers/C99", "/teams/ZZ9", "/practitioners/NOBODY", "/api/providers/C99"):
        assert inspector.get(f"{before}{NAME}").status_code == 404
        assert inspector.get(f"{before}/measures").status_code == 404


def test_each_level_is_made_up_of_the_one_below_and_leads_to_it(enter) -> None:
    inspector = enter("HMI0002")
    nation, provider, team = (soup(inspector.get(address)) for address in (NATION, PROVIDER, TEAM))

    assert {name: cells[:4] for name, cells in parts(nation).items()} == {
        "NPS Wales": ["10", "0", "0", "10"],
        "Wales CRC": ["14", "0", "0", "14"],
    }
    assert {name: cells[0] for name, cells in parts(provider).items()} == {"Cardiff": "12", "Newport": "2"}
    assert {name: cells[0] for name, cells in parts(team).items()} == {"Owen Bradley": "1", "Siân Rowlands": "11"}
    links = [page.select("table")[1].select_one("tbody th a")["href"] for page in (nation, provider, team)]
    assert links == [f"/providers/N03{NAME}", TEAM, OFFICER]
    assert len(soup(inspector.get(OFFICER)).select("table")) == 2, "by month, and what the policy sets"
    for page, above in ((team, PROVIDER), (provider, NATION)):
        assert above in {a["href"] for a in page.select("main a")}


def test_a_share_stands_with_its_interval(enter) -> None:
    """Wilson for 12 of 12 at 95%: from 12 / (12 + 1.96 squared), which is 12 / 15.8415."""
    assert parts(soup(enter("HMI0002").get(PROVIDER)))["Cardiff"] == ["12", "0", "0", "12", "100%", "75.8% to 100%", "0"]


def test_a_manager_is_not_told_the_counts_of_another_teams_few_contacts_anywhere(enter) -> None:
    manager = enter("MEERA")
    page = soup(manager.get(PROVIDER))

    assert parts(page)["Newport"] == ["Fewer than 10"]
    assert parts(page)["Cardiff"][0] == "12"
    row = next(row for row in manager.get(f"/api{PROVIDER}").json["figures"] if row["code"] == "NP1")
    assert (row["yes"], row["counted in all"], row["share"], row["not shown"]) == (None, None, None, "Fewer than 10")
    assert ",NP1,Newport,,,,,,,,,Fewer than 10" in manager.get(f"{PROVIDER}.csv").text


def test_a_manager_opens_their_own_teams_figures_from_the_providers_page_and_nobody_elses(enter) -> None:
    manager = enter("MEERA")
    page = soup(manager.get(PROVIDER))
    opened = {a["href"].partition("?")[0] for a in page.select("main a") if "/entries" in a["href"]}
    assert opened == {f"{TEAM}/entries"}
    assert not page.select(".app-figure a")
    assert "The entries behind the figures of other teams are not open to you" in page.get_text()
    assert manager.get(f"{PROVIDER}/entries?part=CF1").status_code == 403


def test_no_team_is_shown_that_would_tell_of_a_small_one(scenario: Scenario, enter) -> None:
    """Of three other teams one is small: the next smallest is held back with it, or the total less the others would tell."""
    for crn, team, name, times in (("X000011", "SW1", "Swansea", 11), ("X000012", "BA1", "Barry", 12)):
        registered = {"now": scenario.now, "by": "admin", "code": team, "name": name}
        scenario.record.change(Provider, provider_id("C10"), register_team, uuid4(), **registered)
        scenario.case(crn, "Evan Example", practitioner="TOM", team=team)
        for day in range(times):
            scenario.visit(crn, days_ago=day + 0.5, worker="TOM")
    shown = {name: cells[0] for name, cells in parts(soup(enter("MEERA").get(PROVIDER))).items()}
    assert shown == {"Barry": "12", "Cardiff": "12", "Newport": "Fewer than 10", "Swansea": "Not shown, or a small one could be worked out"}


def test_a_manager_is_told_of_an_officers_work_in_the_team_and_the_officer_of_all(scenario: Scenario, enter) -> None:
    scenario.case("X000005", "Ellis Example", practitioner="OWEN", team="NP1")
    scenario.visit("X000005", days_ago=0.5, worker="OWEN")
    (seen, own) = (enter(staff).get(f"/api{OFFICER}").json for staff in ("MEERA", "OWEN"))
    assert (seen["about"]["only in team"], seen["figures"][0]["yes"]) == ("CF1", 1)
    assert (own["about"]["only in team"], own["figures"][0]["yes"]) == ("", 2)


def test_the_entries_of_a_part_say_whose_they_are(enter) -> None:
    inspector = enter("HMI0002")
    for address, caption in {
        f"{NATION}/entries?part=C10": "England and Wales, Wales CRC",
        f"{PROVIDER}/entries?part=CF1": "Wales CRC, Cardiff",
        f"{TEAM}/entries?part=OWEN": "Cardiff, cases of Owen Bradley",
        f"{TEAM}/entries?part=-": "Cardiff, while nobody held the case",
        f"{NATION}/entries?part=-": "England and Wales, with no provider",
    }.items():
        assert soup(inspector.get(address)).select_one("main .govuk-caption-l").get_text() == caption


def test_findings_name_the_person_for_those_who_may_open_the_case(enter) -> None:
    for staff, named in (("MEERA", {"Alex Example", "Billie Example"}), ("HMI0002", {""})):
        found = enter(staff).get(f"/api{TEAM}/entries").json["findings"]
        assert {row["person"] for row in found} == named
        assert {row["case"] for row in found} == {"X000001", "X000002"}
        assert len(found) == 12
    assert (found[0]["verdict"], found[0]["officer"], found[0]["team"], found[0]["provider"]) == ("yes", "SIAN", "CF1", "C10")
    assert found[0]["why"] == "Held by the officer allocated at the time"


def test_a_file_says_what_it_is_about(enter, scenario: Scenario) -> None:
    about = enter("HMI0002").get(f"/api{PROVIDER}?from=2026-01&to=2026-03").json["about"]
    assert (about["measure"], about["whose"], about["whose code"], about["whose name"]) == ("continuity", "provider", "C10", "Wales CRC")
    assert (about["first month"], about["last month"], about["policy"]) == ("2026-01", "2026-03", scenario.policy.version)
    assert about["entries of the record"] == scenario.record.head()
    assert about["definition"].startswith("Of the one-to-one contacts")
    assert about["as known on"] is None


def test_a_file_is_as_known_on_a_day_like_the_page(enter, scenario: Scenario) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    told = enter("HMI0002").get(f"/api{NATION}?as_known={yesterday}").json
    assert (told["about"]["as known on"], told["about"]["entries of the record"]) == (yesterday.isoformat(), 0)
    assert [row["yes"] for row in told["figures"] if row["by"] == "whole"] == [0]


def test_an_answer_is_written_as_it_is_read(enter, app: Flask) -> None:
    read = []

    def rows():
        for number in range(100_000):
            read.append(number)
            yield (number,)

    with app.test_request_context():
        for kind in ("csv", "ods", "json"):
            read.clear()
            written = iter(download(Table("figures", {}, ("number",), rows()), kind, "x").response)
            next(written)
            assert len(read) < 50_000, kind
            written.close()
    assert enter("HMI0002").get(f"{TEAM}/entries.csv").is_streamed


def test_a_program_is_told_no_in_a_way_that_it_can_read(enter, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = {
        401: Browser(app).get(f"/api{TEAM}"),
        403: enter("SIAN").get(f"/api{TEAM}"),
        404: (inspector := enter("HMI0002")).get("/api/teams/CF1/measures/league-table"),
        400: inspector.get(f"/api{TEAM}?from=2026-13"),
    }
    for status, answer in refusals.items():
        assert (answer.status_code, answer.mimetype, answer.json["status"]) == (status, "application/problem+json", status)
    assert refusals[400].json["detail"] == "Select the first month"
    monkeypatch.setattr(past, "AT_ONCE", -1)
    wait = inspector.get(f"/api{TEAM}?policy=2026-11-1")
    assert (wait.status_code, wait.json["title"], wait.headers["Retry-After"]) == (202, "Being put together", "5")


def test_all_measures_come_as_one_file_with_their_definitions(enter) -> None:
    told = enter("HMI0002").get("/api/providers/C10/measures").json
    row = next(row for row in told["figures"] if row["measure"] == "continuity")
    assert (row["yes"], row["counted in all"], row["yes means"]) == (14, 14, "with their own officer")
    assert "officer" in row["definition"]
    assert "measure" not in told["about"]


def test_charts_compare_teams_within_limits_and_say_what_that_cannot_say(enter) -> None:
    page = soup(enter("HMI0002").get(f"{NATION}/charts"))
    chart = page.select_one("figure[aria-labelledby=parts-title]")
    rows = {row.th.get_text(): row.th.a["href"] for row in chart.select("tbody tr")}
    assert rows == {"NPS Wales": f"/providers/N03{NAME}", "Wales CRC": PROVIDER}
    assert chart.select_one("svg a")["href"] in rows.values()
    assert "It cannot say why, nor whose work is better" in page.get_text()
    assert "Look first for an innocent cause" in page.get_text()


def test_the_page_of_a_measure_fetches_its_charts_and_leads_to_them_without_a_script(enter) -> None:
    inspector = enter("HMI0002")
    place = soup(inspector.get(PROVIDER)).select_one("[hx-trigger=load]")
    assert place["hx-get"] == place.a["href"] == f"{PROVIDER}/charts"
    part = inspector.get(place["hx-get"], headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "There are not two teams with enough contacts to compare" in part.text
