"""Entry numbers as people type them, and as they are shown again."""

import pytest

from web.assessing import as_typed, entry_numbers


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", ()),
        ("3", (3,)),
        ("7, 3", (3, 7)),
        ("3 7;9", (3, 7, 9)),
        ("12-15", (12, 13, 14, 15)),
        ("12 – 13, 12", (12, 13)),
        ("three", None),
        ("5-3", None),
        ("1-201", None),
        ("3,-", None),
        ("1234567", None),
    ],
)
def test_numbers_and_ranges_are_read_and_anything_else_is_not(typed: str, numbers: tuple[int, ...] | None) -> None:
    assert entry_numbers(typed) == numbers


def test_numbers_are_shown_in_runs() -> None:
    assert as_typed([9, 3, 5, 4]) == "3-5, 9"
    assert entry_numbers(as_typed(range(1, 8))) == tuple(range(1, 8))
