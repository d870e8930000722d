"""What slips in a team: by kind with its rule, each case with its days and one way on, narrowed by address; a provider by team."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain import allocation, risk
from domain.allocation import AllocationReason
from domain.entry import withdraw_entry
from domain.snooze import Item, snooze
from domain.working_days import local_day
from projections.deadline_kinds import SLIPPING, Kind
from tests.conftest import Browser
from tests.scenario import Scenario
from tests.web.reading import soup, text
from web.deadlines import WAYS, kinds_asked, slug
from web.words import short_day

PAGE = "/teams/CF1/slipping"


def told_once(told: Scenario) -> None:
    """Siân holds a case that nobody has seen for 60 days and one in order; nobody has held a third for 20 days; Tom has one in Newport."""
    told.case("X000001", "Alex Example")
    told.case("X000002", "Billie Example", began_days_ago=5)
    told.appointment("X000002", in_hours=48)
    told.case("X000003", "Chris Example", began_days_ago=30)
    told.do(
        "X000003",
        allocation.allocate,
        practitioner="",
        team="CF1",
        provider="C10",
        reason=AllocationReason.STAFF,
        by="MEERA",
        occurred_at=told.in_days(-20),
    )
    told.appointment("X000003", in_hours=48)
    told.case("X000004", "Dana Elsewhere", practitioner="TOM", team="NP1")


@pytest.fixture
def manager(scenario: Scenario, app: Flask, browser: Browser) -> Browser:
    app.extensions["throughline"].read_side.catch_up()
    return browser.sign_in("MEERA")


def rows(page: BeautifulSoup) -> list[tuple[str, str, str]]:
    """Who, what is late and the way on."""
    table = next(t for t in page.select("table") if "case by case" in t.caption.get_text())
    return [(row.th.a.get_text(), text(row.select("td")[1]), row.select("td")[-1].a["href"]) for row in table.select("tbody tr")]


def test_each_case_stands_once_for_each_thing_with_one_way_on(manager: Browser, scenario: Scenario) -> None:
    page = soup(manager.get(PAGE))

    found = rows(page)
    # Since it began: no appointment, not seen for 42 days, and no instruction to unpaid work in 25 working days.
    assert [row for row in found if row[0] == "Alex Example"] == [
        ("Alex Example", "No next appointment", "/cases/X000001/appointments/new"),
        ("Alex Example", "Unpaid work not instructed First instruction", "/cases/X000001/unpaid-work/instruct"),
        ("Alex Example", "Not seen face to face", "/cases/X000001/appointments/new"),
    ]
    assert [row for row in found if row[0] == "Chris Example"] == [("Chris Example", "No officer", "/cases/X000003/allocate")]
    assert not [row for row in found if row[0] in ("Billie Example", "Dana Elsewhere")]
    assert text(page.select_one("#slips [role=status]")) == "4 things"
    # Sixty days after the first day, on which nothing was arranged for later.
    first = page.select_one("#slips tbody tr")
    assert text(first.select("td")[3]) == "60"


def test_the_counts_are_filters_and_a_kind_brings_its_rule_with_the_source(manager: Browser) -> None:
    page = soup(manager.get(PAGE))
    offered = {a.get_text(): a["href"] for a in page.select("#slips nav a")}
    assert offered == {
        "Officer (1)": f"{PAGE}?about=officer",
        "No officer (1)": f"{PAGE}?about=nobody",
        "Contact (2)": f"{PAGE}?about=contact",
        "Not seen face to face (1)": f"{PAGE}?about=unseen",
        "No next appointment (1)": f"{PAGE}?about=no-appointment",
        "Unpaid work (1)": f"{PAGE}?about=unpaid-work",
        "Unpaid work not instructed (1)": f"{PAGE}?about=not-instructed",
    }
    chosen = soup(manager.get(f"{PAGE}?about=unseen"))
    assert [row[0] for row in rows(chosen)] == ["Alex Example"]
    assert "at least once in 42 days" in text(chosen.select_one(".govuk-inset-text"))
    assert "Decided by this service" in text(chosen.select_one(".govuk-inset-text"))
    assert text(chosen.select_one("#slips nav [aria-current=true]")) == "Not seen face to face (1)"
    assert "15 working days of the first appointment" in text(page.select_one("details"))


NARROWED = {
    "officer=SIAN": 3,
    "officer=-": 1,
    "officer=OWEN": 0,
    "about=contact&officer=SIAN": 2,
    "about=contact&officer=-": 0,
    "about=nonsense&officer=ZZZ&sort=odd&dir=up&page=77": 4,
    "page=-1": 4,
}


def test_the_list_is_narrowed_and_ordered_by_its_address(manager: Browser) -> None:
    assert {query: text(soup(manager.get(f"{PAGE}?{query}")).select_one("#slips [role=status]")).split()[0] for query in NARROWED} == {
        query: str(count) for query, count in NARROWED.items()
    }
    by_officer = soup(manager.get(f"{PAGE}?sort=officer&dir=desc"))
    assert [row[0] for row in rows(by_officer)] == ["Alex Example"] * 3 + ["Chris Example"]
    assert by_officer.select_one("th[aria-sort=descending]").get_text(strip=True) == "Officer"
    youngest = [text(row.select("td")[3]) for row in soup(manager.get(f"{PAGE}?sort=age&dir=asc")).select("#slips tbody tr")]
    assert [int(days) for days in youngest] == sorted(int(days) for days in youngest)


def test_what_has_been_done_no_longer_slips(manager: Browser, scenario: Scenario, app: Flask) -> None:
    scenario.appointment("X000001", in_hours=48)
    scenario.visit("X000001", days_ago=0.1)
    app.extensions["throughline"].read_side.catch_up()
    assert [row[1] for row in rows(soup(manager.get(f"{PAGE}?officer=SIAN")))] == ["Unpaid work not instructed First instruction"]


def test_what_an_officer_put_off_stands_here_all_the_same_with_the_reason(manager: Browser, scenario: Scenario, app: Flask) -> None:
    until = local_day(scenario.now) + timedelta(days=7)
    asked = {"policy": scenario.policy, "until": until, "reason": "Abroad for a funeral."}
    scenario.do("X000001", snooze, item=Item.NEXT_APPOINTMENT, **asked)
    scenario.do("X000001", snooze, item=Item.NOT_SEEN, rests_on=local_day(scenario.now) - timedelta(days=1), **asked)
    app.extensions["throughline"].read_side.catch_up()

    found = {row[1] for row in rows(soup(manager.get(f"{PAGE}?about=contact")))}
    # The other snooze rests on a day on which the person was not seen, so it holds nothing back.
    assert found == {
        f"No next appointment Snoozed by Siân Rowlands until {short_day(until)}: Abroad for a funeral.",
        "Not seen face to face",
    }


def test_a_high_level_slips_in_a_crc_and_not_in_the_nps(scenario: Scenario, app: Flask, manager: Browser) -> None:
    for crn, staff, team, provider in (("X000011", "OWEN", "CF1", "C10"), ("X000012", "ALED", "NC1", "N03")):
        scenario.case(crn, "Eve Example", staff, team, provider, began_days_ago=10)
        made = scenario.in_days(-3)
        assessed = {"policy": scenario.policy, "level": risk.Rosh.VERY_HIGH, "rationale": "Threats.", "assessed_at": made}
        # The assessment made with the case, of today, would count before one of three days ago.
        scenario.do(crn, withdraw_entry, entry=scenario.version(crn), reason="Another person's.")
        scenario.do(crn, risk.assess_rosh, **assessed, review_due_on=local_day(scenario.in_days(90)))
    app.extensions["throughline"].read_side.catch_up()

    assert [row[1:] for row in rows(soup(manager.get(f"{PAGE}?about=high-in-crc")))] == [("High RoSH in a CRC", "/cases/X000011/risk")]
    ruth = Browser(app).sign_in("RUTH")
    assert "high RoSH" not in text(soup(ruth.get("/teams/NC1/slipping")).select_one("#slips nav")).lower()


def test_an_officer_sees_the_list_but_no_way_to_allocate(manager: Browser, app: Flask) -> None:
    page = soup(Browser(app).sign_in("SIAN").get(PAGE))
    assert page.select('a[href="/cases/X000001/appointments/new"]')
    assert not page.select('a[href$="/allocate"]')


def test_the_list_as_known_on_a_past_day_has_no_actions(manager: Browser, scenario: Scenario) -> None:
    yesterday = local_day(scenario.now) - timedelta(days=1)
    page = soup(manager.get(f"{PAGE}?as_known={yesterday}"))
    assert "Nothing is late in this team" in text(page)
    assert manager.get(f"{PAGE}?as_known=2199-01-01").status_code == 422


def test_the_list_goes_out_as_files_narrowed_as_the_page_is(manager: Browser) -> None:
    told = manager.get("/api/teams/CF1/slipping?about=contact").get_json()
    assert [(row["case"], row["late"], row["officer name"]) for row in told["slipping"]] == [
        ("X000001", "no next appointment", "Siân Rowlands"),
        ("X000001", "not seen face to face", "Siân Rowlands"),
    ]
    assert told["slipping"][0]["days late"] == 60
    lines = list(csv.DictReader(io.StringIO(manager.get(f"{PAGE}.csv").data.decode("utf-8-sig"))))
    assert len(lines) == 4
    assert lines[0]["rule"].startswith("Somebody under supervision")
    assert manager.get(f"{PAGE}.ods").status_code == 200
    assert manager.get("/teams/NP1/slipping.csv").status_code == 403


# A provider -------------------------------------------------------------------------------------------------------------


def cells(page: BeautifulSoup) -> dict[str, list[str]]:
    return {text(row.th): [cell.find(string=True) for cell in row.select("td")] for row in page.select("table")[0].select("tbody tr")}


def test_a_provider_s_teams_stand_by_name_and_small_numbers_of_others_are_not_told(manager: Browser, app: Flask) -> None:
    found = cells(soup(manager.get("/providers/C10/slipping")))
    # officer, contact, enforcement, risk, plan, unpaid work, sentence: Newport's two and one are too few, and so are the totals over them.
    assert found["Cardiff"] == ["1", "2", "0", "0", "0", "1", "0"]
    assert found["Newport"] == ["0", "Not shown", "0", "0", "0", "Not shown", "0"]
    assert found["All teams"] == ["1", "Not shown", "0", "0", "0", "Not shown", "0"]
    assert list(found) == ["Cardiff", "Newport", "All teams"]

    inspector = cells(soup(Browser(app).sign_in("HMI0002").get("/providers/C10/slipping")))
    assert inspector["Newport"] == ["0", "2", "0", "0", "0", "1", "0", "3"]
    assert inspector["All teams"] == ["1", "4", "0", "0", "0", "2", "0", "7"]


def test_a_provider_s_numbers_go_out_as_a_file(manager: Browser) -> None:
    teams = manager.get("/api/providers/C10/slipping").get_json()["teams"]
    assert [(row["code"], row["contact"], row["late in all"]) for row in teams] == [("CF1", 2, None), ("NP1", None, None)]


# Addresses --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SLIPPING)
def test_every_kind_has_a_name_in_addresses_and_a_way_on(kind: Kind, app: Flask) -> None:
    assert kinds_asked(slug(kind)) == (kind,)
    assert WAYS[kind].endpoint in app.view_functions
