"""The design checklist points at what keeps each line; what it points at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
POINTED_AT = sorted(set(re.findall(r"`([\w/]+\.(?:html|py)|test_\w+)`", (ROOT / "docs" / "checklist.md").read_text("utf-8"))))
TESTS = "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", POINTED_AT)
def test_what_a_line_of_the_checklist_rests_on_is_there(name: str) -> None:
    places = (ROOT / name, ROOT / "web" / "templates" / name, ROOT / "tests" / "stories" / name)
    assert f"def {name}(" in TESTS or any(place.is_file() for place in places)
