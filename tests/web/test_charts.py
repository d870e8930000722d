"""Charts: every point is a link with its words, the table says the same, nothing in it can run, and a lost picture loses no figure."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string

from projections.statistics.funnel import Funnel, Group, funnel
from projections.statistics.xmr import xmr
from tests.rules import POLICY
from web import charts, drawing
from web.charts import Bar, Chart, Point
from web.drawing import HERE, Draughtsman, NotDrawn, draw

RULE = POLICY.comparison
ROOT = Path(__file__).resolve().parents[2]
ARITHMETIC = sorted(file.stem for file in (ROOT / "projections" / "statistics").glob("*.py") if file.stem != "__init__")
EVEN = ("Barry", "Bangor", "Conwy", "Flint", "Neath", "Newport", "Rhyl", "Swansea")
MONTHS = [f"{month} {year}" for year in (2025, 2026, 2027) for month in ("Jan", "Mar", "May", "Jul", "Sep", "Oct", "Nov", "Dec")]


def teams(*others: Group) -> Funnel:
    """Eight teams at 60%, and others."""
    return funnel([*(Group(name.lower(), name, 60, 100) for name in EVEN), *others], RULE, smallest=10)


def of_teams(found: Funnel) -> Chart:
    return charts.funnel(
        found, name="teams", subject="Contacts by team", group="Team", href=lambda key: f"/teams/{key}?from=2026-01&to=2026-10"
    )


def links(chart: Chart) -> dict[str, str]:
    """The words of each link in the picture, in order, and its address."""
    return {str(a.title.text): str(a["href"]) for a in BeautifulSoup(chart.picture, "html5lib").select("svg a")}


def words(chart: Chart) -> list[str]:
    return [text.text for text in BeautifulSoup(chart.picture, "html5lib").select("svg text")]


def months(values: list[float | None]) -> Chart:
    points = [
        Point(label, value, f"/months/{i}", "" if value is None else f"{value:.0%} of 100")
        for i, (label, value) in enumerate(zip(MONTHS, values, strict=False))
    ]
    return charts.series(points, xmr(values, RULE, least=0, most=1), name="months", subject="Share by month")


DELAYS = charts.distribution(
    [Bar("Same day", 80, "/delays/0"), Bar("1 to 5 days", 15, "/delays/1"), Bar("Over 5 days", 5)],
    name="delays",
    subject="Entries by delay",
    title="Most were made the same day",
    axis="Delay",
)


def test_a_funnel_has_a_link_for_each_group_by_name_with_its_figures_and_where_it_stands() -> None:
    chart = of_teams(teams(Group("wrexham", "Wrexham", 95, 100)))
    assert list(links(chart)) == [
        "Bangor: 60%, 60 of 100, inside the limits",
        "Barry: 60%, 60 of 100, inside the limits",
        *(f"{name}: 60%, 60 of 100, inside the limits" for name in EVEN[2:]),
        "Wrexham: 95%, 95 of 100, above the 99.8% limits",
    ]
    assert links(chart)["Wrexham: 95%, 95 of 100, above the 99.8% limits"] == "/teams/wrexham?from=2026-01&to=2026-10"


def test_a_funnel_says_what_it_shows_and_names_only_who_stands_out() -> None:
    chart = of_teams(teams(Group("wrexham", "Wrexham", 95, 100), Group("tenby", "Tenby", 20, 100)))
    assert chart.title == "Wrexham is above the 99.8% limits; Tenby is below the 99.8% limits"
    assert "everybody together, 59.5%" in chart.reading
    assert "about 1 in 20 lies outside the first (a diamond) and 1 in 500 outside the second (a square)" in chart.reading
    assert {"Wrexham", "Tenby", "All 59.5%", "95%", "99.8%"} <= set(words(chart))
    assert not {*EVEN} & {*words(chart)}


def test_as_many_weeks_are_named_as_find_room_beside_one_another() -> None:
    weeks = [f"{day} {month} 2026" for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug") for day in (10, 17, 24)]
    points = [Point(week, 0.5, "/weeks") for week in weeks]
    chart = charts.series(points, xmr([0.5] * len(weeks), RULE, least=0, most=1), name="weeks", subject="Share by week", period="Week")
    # "10 Jan" and a space are 7 letters of 8 units in a picture of 560: 10 find room, so of 24 every third
    assert [text for text in words(chart) if re.fullmatch(r"\d\d [A-Z][a-z]{2}(2026)?", text)] == [
        "10 Jan2026",
        "10 Feb",
        "10 Mar",
        "10 Apr",
        "10 May",
        "10 Jun",
        "10 Jul",
        "10 Aug",
    ]


def test_a_funnel_where_nobody_stands_out_says_so() -> None:
    assert of_teams(teams()).title == "No team stands out from the others"
    assert "The groups vary no more than chance makes them." in of_teams(teams()).reading


def test_several_that_stand_alike_are_said_together() -> None:
    groups = [Group(name, name, yes, 100) for name, yes in (("Abergele", 90), ("Tenby", 50), ("Wrexham", 90), ("Rhyl", 90))]
    chart = of_teams(funnel([*(Group(f"{i}", f"Team {i}", 50, 100) for i in range(40)), *groups], RULE, smallest=10, target=0.5))
    assert chart.title == "Abergele, Rhyl and Wrexham are above the 99.8% limits"


def test_where_many_stand_out_the_title_says_how_many_and_names_have_room_or_are_left_to_links_and_table() -> None:
    groups = [Group(f"{i}", f"Delivery unit {i}", 300 if i < 4 else 500, 1000) for i in range(9)] + [
        Group("9", "Delivery unit 9", 900, 1000)
    ]
    above = [Group(f"b{i}", f"B {i}", 700, 1000) for i in range(3)]
    chart = of_teams(funnel([*(Group(f"a{i}", f"A {i}", 500, 1000) for i in range(40)), *groups, *above], RULE, smallest=10, target=0.5))
    assert chart.title == "4 teams are above the 99.8% limits; 4 teams are below the 99.8% limits"
    # Four marks of one size and share lie on one another: a name has room on their left only, and once.
    assert sum(text.startswith("Delivery unit") for text in words(chart)) == 2
    assert sum(words.startswith("Delivery unit") for words in links(chart)) == 10


def test_small_groups_are_in_the_table_as_too_few_and_nowhere_in_the_picture() -> None:
    chart = of_teams(teams(Group("tiny", "Tiny", 1, 3)))
    too_few = [row for row in chart.rows if row.cells[0] == "Too few to show"]
    assert [(row.label, row.href) for row in too_few] == [("Bangor", ""), ("Tiny", "")]
    assert not any(name in chart.picture for name in ("Tiny", "Bangor"))
    assert "nor is a group from which a small one could be worked out" in chart.reading


def test_the_table_has_what_the_picture_has() -> None:
    chart = of_teams(teams())
    assert [column.head for column in chart.columns] == ["Team", "Share", "Counted", "95% limits", "99.8% limits", "Where it stands"]
    assert [row.href for row in chart.rows] == list(links(chart).values())
    assert chart.rows[0].label == "Bangor"
    assert chart.rows[0].cells == ("60%", "60 of 100", "49.8% to 69%", "44.1% to 74.3%", "Inside the limits")


def test_where_every_group_is_small_there_is_a_table_and_no_picture() -> None:
    chart = of_teams(funnel([Group("a", "A", 1, 2)], RULE, smallest=10))
    assert chart.picture == ""
    assert chart.title == "Every team is too small to show"
    assert [row.cells[0] for row in chart.rows] == ["Too few to show"]


def test_a_series_has_a_link_for_each_month_that_has_a_value_and_says_what_is_out_of_the_ordinary() -> None:
    chart = months([0.5, 0.54] * 6 + [None, 0.9])
    assert chart.title == "Oct 2026 is above the upper limit"
    assert len(links(chart)) == 13
    assert links(chart)["Oct 2026: 90%, 90% of 100, above the upper limit"] == "/months/13"
    # Mean 52, movement 4: 52 - and + 3 x 4 / 1.128.
    assert {"Mean 52%", "Upper 62.6%", "Lower 41.4%"} <= set(words(chart))
    assert "worked out from how much the first 12 months moved" in chart.reading
    assert chart.rows[12].cells == ("None", "", "No")
    assert chart.rows[13].cells == ("90%", "90% of 100", "Above the upper limit")


def test_a_run_is_said_from_its_first_month_to_its_last() -> None:
    """The twelfth value is above the mean and so are the seven after it."""
    assert months([0.5, 0.54] * 6 + [0.53] * 6).title == "No month is out of the ordinary"
    assert months([0.5, 0.54] * 6 + [0.53] * 7).title == "Jul 2026 to May 2027 are part of a run above the mean"


def test_a_series_too_short_for_limits_has_none_and_says_so() -> None:
    chart = months([0.5, 0.54, 0.5])
    assert chart.title == "Too few months to say what is ordinary"
    assert chart.reading == "With so few months there are no limits yet."
    assert not any(text.startswith(("Mean", "Upper", "Lower")) for text in words(chart))


def test_a_series_of_counts_begins_at_nothing_and_is_written_as_numbers() -> None:
    chart = charts.series([Point(m, 1000 + i / 3) for i, m in enumerate(MONTHS)], None, name="n", subject="Entries", share=False)
    assert [row.cells[0] for row in chart.rows[:3]] == ["1,000", "1,000.3", "1,000.7"]
    assert "0" in words(chart)


def test_a_series_without_any_value_has_no_picture() -> None:
    assert months([None, None]).picture == ""


def test_a_distribution_has_a_bar_for_each_class_with_its_number() -> None:
    assert links(DELAYS) == {"Same day: 80": "/delays/0", "1 to 5 days: 15": "/delays/1"}
    assert {"80", "15", "5"} <= set(words(DELAYS))
    assert [row.cells for row in DELAYS.rows] == [("80", "80%"), ("15", "15%"), ("5", "5%")]
    assert DELAYS.reading == "Each bar is as long as its number of entries; 100 in all."


def test_of_many_classes_some_are_named_and_none_has_its_number_on_it() -> None:
    bars = [Bar(f"{i} days", 100 + i) for i in range(28)]
    chart = charts.distribution(bars, name="many", subject="Entries", title="Many", axis="Delay")
    assert [text for text in words(chart) if text.endswith("days")] == [f"{i}days" for i in range(0, 28, 2)]
    assert "127" not in words(chart)
    assert len(chart.rows) == 28


def test_a_scale_never_says_the_same_twice() -> None:
    scale = [text for text in words(months([0.5, 0.502] * 7)) if text.endswith("%") and " " not in text]
    assert len(scale) == len(set(scale)) > 3


@pytest.mark.parametrize("chart", [of_teams(teams()), months([0.5, 0.6] * 7), DELAYS], ids=["funnel", "series", "distribution"])
def test_the_picture_is_named_and_described_by_the_words_round_it_and_nothing_in_it_can_run_or_style(chart: Chart) -> None:
    picture = ElementTree.fromstring(chart.picture)
    assert (picture.get("role"), picture.get("aria-labelledby"), picture.get("aria-describedby")) == (
        "group",
        f"{chart.name}-title",
        f"{chart.name}-reading",
    )
    assert {name for element in picture.iter() for name in element.attrib if name == "style" or name.startswith("on")} == set()
    assert {element.tag for element in picture.iter()} <= {"svg", "g", "path", "line", "text", "tspan", "a", "title"}
    assert {element.get("aria-hidden") for element in picture.iter("text")} == {"true"}
    assert "http" not in chart.picture


def test_a_picture_without_links_is_an_image() -> None:
    chart = charts.distribution([Bar("A", 3), Bar("B", 4)], name="d", subject="Entries", title="Few", axis="Class")
    assert 'role="img"' in chart.picture


def test_a_name_that_looks_like_markup_stays_a_name() -> None:
    chart = of_teams(teams(Group("x", '<script>alert("1")</script>\\u0022', 95, 100)))
    assert "<script" not in chart.picture
    assert any(name.startswith('<script>alert("1")</script>\\u0022: 95%') for name in links(chart))
    bars = charts.distribution([Bar('"])+alert(1)+(["', 3)], name="d", subject="Entries", title="One", axis="Class")
    assert '"])+alert(1)+(["' in "".join(words(bars))


SPECIFICATION = {"data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {"x": {"field": "x", "type": "quantitative"}}}


def drawn(**changes: object) -> str:
    return draw({**SPECIFICATION, **changes}, labelled_by="a", described_by="b")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://elsewhere.example/", f"{HERE}javascript:alert(1)", f"{HERE}.example/"])
def test_a_link_that_leads_away_from_the_service_is_not_drawn(address: str) -> None:
    with pytest.raises(NotDrawn):
        drawn(encoding={"href": {"value": address}})


def test_a_specification_that_makes_no_sense_is_not_drawn_and_the_next_one_is() -> None:
    with pytest.raises(NotDrawn):
        drawn(mark={"type": "no such mark"})
    assert "<path" in drawn(width=111)


def test_data_are_never_fetched_from_an_address() -> None:
    with pytest.raises(NotDrawn, match="not allowed"):
        drawn(data={"url": f"{HERE}/data.json"})


def test_the_same_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def count(self: Draughtsman, specification: str) -> str:
        asked.append(specification)
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'

    monkeypatch.setattr(Draughtsman, "draw", count)
    assert drawn(width=113) == drawn(width=113)
    drawn(width=114)
    assert len(asked) == 2


def test_a_drawing_process_that_has_gone_is_started_again() -> None:
    drawn(width=115)
    process = drawing._DRAUGHTSMAN._process
    assert process is not None
    process.kill()
    process.wait()
    assert "<path" in drawn(width=116)


@pytest.mark.parametrize(
    "program", ["pass", "import time; time.sleep(600)", "input(); print('no answer')"], ids=["ends", "hangs", "babbles"]
)
def test_a_drawing_process_that_does_not_answer_is_given_up(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PATIENCE", 0.3)
    draughtsman = Draughtsman(sys.executable, "-c", program)
    with pytest.raises(NotDrawn):
        draughtsman.draw("{}")
    assert draughtsman._process is None


def test_no_start_of_the_service_waits_for_the_libraries_of_statistics_and_drawing() -> None:
    """Their loading takes seconds and a hundred megabytes, which only the first comparison is worth."""
    modules = "web, web.charts, web.serving, projections.read_models, " + ", ".join(f"projections.statistics.{m}" for m in ARITHMETIC)
    program = f"import sys, {modules}; print({{'scipy', 'numpy', 'vl_convert'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def shown(app: Flask, chart: Chart) -> BeautifulSoup:
    with app.test_request_context():
        return BeautifulSoup(render_template_string('{% from "chart.html" import chart %}{{ chart(it) }}', it=chart), "html5lib")


def test_a_chart_stands_on_a_page_with_its_finding_and_its_table_behind_a_click(app: Flask) -> None:
    page = shown(app, DELAYS)
    assert page.select_one("figure h3#delays-title").text == "Most were made the same day"
    assert page.select_one("figure #delays-reading").text == DELAYS.reading
    assert page.select_one("details[open]") is None
    assert page.select_one("summary").text.startswith("Show figures as a table")
    cells = [[re.sub(r"\s+", " ", cell.text.strip()) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert cells == [["Same day", "80", "80%"], ["1 to 5 days", "15", "15%"], ["Over 5 days", "5", "5%"]]
    assert [a["href"] for a in page.select("tbody a")] == ["/delays/0", "/delays/1"]


def test_when_the_picture_cannot_be_drawn_the_page_shows_the_figures(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Draughtsman, specification: str) -> str:
        raise NotDrawn("away")

    monkeypatch.setattr(Draughtsman, "draw", fail)
    bars = [Bar("Once", 7, "/once"), Bar("Never", 5)]
    chart = charts.distribution(bars, name="lost", subject="Entries", title="Few", axis="How often")
    page = shown(app, chart)
    assert page.select_one("svg") is None
    assert [row.select_one("td").text for row in page.select("details[open] tbody tr")] == ["7", "5"]
