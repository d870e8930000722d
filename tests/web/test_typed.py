"""Days and times as people type them: what is understood, in tables, and what holds of anything typed at all."""

from datetime import date, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.conftest import Browser
from web.typed import Unclear, read_day, read_time
from web.words import clock, day, full_day

THURSDAY = date(2026, 11, 19)

PAST = {
    "today": date(2026, 11, 19),
    "Yesterday": date(2026, 11, 18),
    "the day before yesterday": date(2026, 11, 17),
    "3 days ago": date(2026, 11, 16),
    "2 weeks ago": date(2026, 11, 5),
    "thu": date(2026, 11, 19),
    "fri": date(2026, 11, 13),
    "last tuesday": date(2026, 11, 17),
    "last thursday": date(2026, 11, 12),
    "this monday": date(2026, 11, 16),
    "weds": date(2026, 11, 18),
    "27 3 26": date(2026, 3, 27),
    "27/3/2026": date(2026, 3, 27),
    "27.3.26": date(2026, 3, 27),
    "27-03-2026": date(2026, 3, 27),
    "2026-03-27": date(2026, 3, 27),
    "270326": date(2026, 3, 27),
    "27032026": date(2026, 3, 27),
    "27 Mar": date(2026, 3, 27),
    "27th of March": date(2026, 3, 27),
    "March 27, 2026": date(2026, 3, 27),
    "Friday 27 March 2026": date(2026, 3, 27),
    "20 11": date(2025, 11, 20),
    "20/11/26": date(2026, 11, 20),
    "29 Feb": date(2024, 2, 29),
    "27 3 86": date(1986, 3, 27),
    "heddiw": date(2026, 11, 19),
    "Ddoe": date(2026, 11, 18),
    "echdoe": date(2026, 11, 17),
    "27 Mawrth": date(2026, 3, 27),
    "27 o Fawrth 2026": date(2026, 3, 27),
    "1 Rhagfyr 2025": date(2025, 12, 1),
    "dydd Mawrth": date(2026, 11, 17),
    "dydd Iau diwethaf": date(2026, 11, 12),
    "Gwener": date(2026, 11, 13),
}
AHEAD = {
    "tomorrow": date(2026, 11, 20),
    "fri": date(2026, 11, 20),
    "thu": date(2026, 11, 19),
    "next thursday": date(2026, 11, 26),
    "in 2 weeks": date(2026, 12, 3),
    "20 11": date(2026, 11, 20),
    "27 Mar": date(2027, 3, 27),
    "29 Feb": date(2028, 2, 29),
    "1 1 31": date(2031, 1, 1),
    "yfory": date(2026, 11, 20),
    "Llun nesaf": date(2026, 11, 23),
}
UNCLEAR = {
    "27": "must include a day and a month",
    "march": "must include a day and a month",
    "31 2 2026": "must be a real date",
    "30 Feb": "must be a real date",
    "32 1 2026": "must be a real date",
    "3/27/2026": "must have the day before the month",
    "1 1 190": "must include a year of 4 numbers",
    "1 1 2300": "must be a real date",
    "Monday 27 March 2026": "27 March 2026 is a Friday",
    "Mawrth": "could be Tuesday or March",
    "fri sat": "must be a real date",
    "soon": "must include a day and a month",
    "27 3 2026?": "must be a real date",
    "9999999 days ago": "must be a real date",
    "\u0661 1 2026": "must be a real date",
}
TIMES = {
    "10.15": time(10, 15),
    "1015": time(10, 15),
    "10:15": time(10, 15),
    "10 15": time(10, 15),
    "3pm": time(15),
    "3.05 pm": time(15, 5),
    "3:05 p.m.": time(15, 5),
    "9": time(9),
    "2": time(14),
    "7.30": time(7, 30),
    "14h30": time(14, 30),
    "midday": time(12),
    "Noon": time(12),
    "midnight": time(0),
    "12am": time(0),
    "12pm": time(12),
    "0": time(0),
    "hanner dydd": time(12),
    "9yb": time(9),
    "3.05 y.p.": time(15, 5),
}


@pytest.mark.parametrize(("typed", "meant"), PAST.items())
def test_a_day_is_read_as_one_that_has_been(typed: str, meant: date) -> None:
    assert read_day(typed, THURSDAY) == meant


@pytest.mark.parametrize(("typed", "meant"), AHEAD.items())
def test_where_a_field_looks_ahead_a_day_is_read_as_one_to_come(typed: str, meant: date) -> None:
    assert read_day(typed, THURSDAY, ahead=True) == meant


@pytest.mark.parametrize(("typed", "words"), UNCLEAR.items())
def test_what_is_no_day_or_could_be_two_is_said_in_words(typed: str, words: str) -> None:
    with pytest.raises(Unclear, match=words):
        read_day(typed, THURSDAY)


@pytest.mark.parametrize(("typed", "meant"), TIMES.items())
def test_a_time_is_read_as_people_write_it(typed: str, meant: time) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize("typed", ["", "25:00", "9.3", "13pm", "0am", "10:60", "soon", "9 to 10", "-9", "10:15:00", "\u0661"])
def test_what_is_no_time_is_none(typed: str) -> None:
    assert read_time(typed) is None


ANYTHING = st.text() | st.text(alphabet="0123456789 ./-apmfriwthoydjlun", max_size=20)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
TODAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@given(ANYTHING, TODAYS, st.booleans())
@example("in 99999999 weeks", date(2026, 11, 19), False)
@example("29 2", date(2001, 1, 1), False)
@example("dydd", date(2026, 11, 19), True)
@example("dydd mawrth mawrth", date(2026, 11, 19), True)
def test_anything_typed_is_a_day_or_has_a_message(typed: str, today: date, ahead: bool) -> None:
    try:
        found, message = read_day(typed, today, ahead=ahead), "must "
    except Unclear as unclear:
        found, message = today, str(unclear)
    assert message.startswith(("must ", "could "))
    assert date(1900, 1, 1) <= found <= date(2199, 12, 31)


@given(DAYS, TODAYS, st.booleans())
def test_however_a_whole_date_is_written_it_is_that_day(meant: date, today: date, ahead: bool) -> None:
    written = [
        day(meant),
        full_day(meant),
        meant.isoformat(),
        f"{meant:%d/%m/%Y}",
        f"{meant:%d%m%Y}",
        f"{meant.day} {meant:%b} {meant.year}",
    ]
    assert {read_day(typed, today, ahead=ahead) for typed in written} == {meant}


@given(TODAYS, st.sampled_from(["mon", "tuesday", "Wed", "thurs", "friday", "sat", "sun"]))
def test_the_name_of_a_day_is_within_the_week_on_the_side_that_the_field_is_about(today: date, name: str) -> None:
    behind, ahead = read_day(name, today), read_day(name, today, ahead=True)
    assert timedelta(0) <= today - behind < timedelta(7)
    assert timedelta(0) <= ahead - today < timedelta(7)
    assert (ahead - behind).days in (0, 7)


@given(ANYTHING)
def test_anything_typed_is_a_time_or_none(typed: str) -> None:
    found = read_time(typed)
    assert found is None or (found.second, found.microsecond) == (0, 0)


@given(st.times().map(lambda t: time(t.hour, t.minute)))
def test_a_time_reads_as_it_is_shown(meant: time) -> None:
    assert {read_time(clock(meant)), read_time(f"{meant:%H:%M}"), read_time(f"{meant:%H%M}")} == {meant}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("day/on?on=27+3+26", "Friday 27 March 2026"),
        ("day/on?on=", ""),
        ("day/on?on=31+2+2026", "It must be a real date, like 27 3 2026"),
        ("time/at?at=3.05+pm", "3:05pm"),
        ("time/at?at=late", "It must be a time, like 9:30am or 14:45"),
        ("time/at", ""),
    ],
)
def test_what_was_understood_is_said_back(browser: Browser, address: str, said: str) -> None:
    answer = browser.get(f"/understood/{address}")
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/plain", said)


def test_a_field_that_looks_ahead_is_told_another_day(browser: Browser) -> None:
    assert browser.get("/understood/day/on?on=1+Jan").text != browser.get("/understood/day/on?on=1+Jan&ahead=yes").text
    assert browser.get("/understood/year/on?on=1").status_code == 404
