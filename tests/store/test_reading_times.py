"""Reading times by a format: quickly where they are written out in digits, and always as the standard library would."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.imports.times import read_by

DATES = ["%d.%m.%Y", "%Y-%m-%d", "%m/%d/%Y", "%d%m%Y", "%Y年%m月%d日", "[%d] %m %Y", "%d  %m 1%Y"]
CLOCKS = ["", " %H:%M", " %H:%M:%S", "T%H%M%S", " at %H.%M", " %H", " %S", " %M:%S"]
OTHERS = ["%d.%m.%y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%d %B %Y", "%m.%Y", "%H:%M", "%Y-%m-%d%%", "%Y-%m-%d %H:%M:%S.%f", "\t%d.%m.%Y", "now"]
FORMATS = [day + clock for day in DATES for clock in CLOCKS] + OTHERS
SLIPS = st.sampled_from([*"0123456789 ./:-+Tt[]", "\u0664", "\uff11", "\t", "\n", "\u2009", "\u00df", "1 ", "  "])


@st.composite
def nearly_a_time(draw: st.DrawFn, form: str) -> str:
    """A time in the format, or with some of its parts out of range, with characters changed, put in or left out here and there."""
    parts = {"Y": (0, 9999, 4), "m": (0, 13, 2), "d": (0, 32, 2), "H": (0, 25, 2), "M": (0, 61, 2), "S": (0, 62, 2)}
    text = form
    for part, (least, most, width) in parts.items():
        text = text.replace(f"%{part}", f"{draw(st.integers(least, most)):0{width}}")
    for _ in range(draw(st.integers(0, 2))):
        at, gone = draw(st.integers(0, len(text))), draw(st.integers(0, 1))
        text = text[:at] + draw(st.just("") | SLIPS) + text[at + gone :]
    return text


def said(read: Callable[[str], datetime], text: str) -> datetime | str:
    try:
        return read(text)
    except ValueError as refusal:
        return str(refusal)


@given(st.sampled_from(FORMATS).flatmap(lambda form: st.tuples(st.just(form), nearly_a_time(form) | st.text(max_size=20))))
@example(("%d.%m.%Y", "1.2.2024"))
@example(("%d.%m.%Y", " 1.02.2024"))
@example(("%d.%m.%Y", "01.02.2024\n"))
@example(("%d.%m.%Y %H:%M", "29.02.2023 10:00"))
@example(("%d.%m.%Y %H:%M", "29.02.2024\u200910:00"))
@example(("%Y-%m-%dT%H:%M:%S", "2024-03-01t10:00:60"))
@example(("%d%m%Y", "5122024"))
def test_whatever_the_text_it_is_read_or_refused_as_by_the_standard_library(form_and_text: tuple[str, str]) -> None:
    form, text = form_and_text
    assert said(read_by(form), text) == said(lambda each: datetime.strptime(each, form), text)  # noqa: DTZ007 - clock times


@pytest.mark.parametrize("form", [day + clock for day in DATES for clock in ["", " %H:%M", " %H:%M:%S", "T%H%M%S", " at %H.%M", " %H"]])
def test_a_time_written_out_in_digits_is_read_without_the_slow_way(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a time in a format of digits, and no other way to read it
    at = datetime(2024, 2, 29, 23, 5, 9)  # noqa: DTZ001 - what a clock on the wall shows
    text = at.strftime(form)

    class WithoutFormats(datetime):
        @classmethod
        def strptime(cls, text: str, form: str) -> datetime:
            raise AssertionError(f"{text} is read the slow way")

    monkeypatch.setattr("store.imports.times.datetime", WithoutFormats)
    # then it is read, to the part that the format ends with
    left_out = {"%H": "hour", "%M": "minute", "%S": "second"}
    assert read_by.__wrapped__(form)(text) == at.replace(**{name: 0 for part, name in left_out.items() if part not in form})
