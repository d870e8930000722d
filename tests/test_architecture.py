"""The shape of the code: arrows run one way, every event is told, every module says what it is, and nothing names a machine."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from domain.catalogue import (
    FIRST_EVENTS,
    AnyEvent,
    AssessmentEvent,
    CaseEvent,
    InspectionEvent,
    PanelEvent,
    PractitionerEvent,
    ProviderEvent,
)
from domain.moderation import JudgementModerated
from domain.question_set import QuestionSetImported
from projections.telling import told
from tests.samples import samples

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("domain", "store", "projections", "scheduler", "web")
MODULES = sorted(str(file.relative_to(ROOT)) for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
TEXTS = sorted(
    str(file.relative_to(ROOT))
    for package in PACKAGES
    for file in (ROOT / package).rglob("*")
    if file.suffix in {".py", ".toml", ".sql", ".html", ".json", ".css", ".js", ".txt", ".po"} and file.is_file()
)

REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|proxy\.golang\.org|crates\.io|rubygems\.org|docker\.io|ghcr\.io"
)
OF_A_MACHINE = re.compile(r"""(?:^|[\s"'(=:,`])(?:/(?:home|root|Users|work|mnt|media|opt|srv)/|[A-Z]:\\)""", re.MULTILINE)


def test_the_contracts_between_packages_are_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_event_of_a_case_is_told_by_the_timeline() -> None:
    told_kinds = {type(sample.event) for sample in samples() if isinstance(sample.event, get_args(CaseEvent)) and told(sample.event, str)}
    assert told_kinds == set(get_args(CaseEvent))


def test_every_event_belongs_to_one_kind_of_stream_which_begins_with_one_of_them() -> None:
    several = (CaseEvent, ProviderEvent, PractitionerEvent, InspectionEvent, AssessmentEvent, PanelEvent)
    streams = [*map(get_args, several), (JudgementModerated,), (QuestionSetImported,)]
    together = [kind for kinds in streams for kind in kinds]
    assert len(together) == len(set(together))
    assert set(together) == set(get_args(AnyEvent))
    assert [len(set(kinds) & set(FIRST_EVENTS)) for kinds in streams] == [1] * len(streams)


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    said = {module: (ast.get_docstring(ast.parse((ROOT / module).read_text("utf-8"))) or "").partition("\n")[0] for module in MODULES}
    assert {module: first for module, first in said.items() if not re.fullmatch(r"[^a-z\s].{10,}[.?!]", first)} == {}


@pytest.mark.parametrize("pattern", [REGISTRIES, OF_A_MACHINE], ids=["a registry", "a path of a machine"])
def test_no_file_names_a_registry_or_a_path_of_a_machine(pattern: re.Pattern[str]) -> None:
    found = {file: pattern.findall((ROOT / file).read_text("utf-8")) for file in TEXTS}
    assert {file: hits for file, hits in found.items() if hits} == {}


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 50
    assert {Path(module).parts[0] for module in MODULES} == set(PACKAGES)


TEMPLATES = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in sorted((ROOT / "web" / "templates").rglob("*.html"))}
IMPORTED = re.compile(r'{%-? from "[^"]+" import ([^%]+?)(?: with context)? -?%}')


def test_a_template_uses_what_it_imports_and_some_template_every_macro() -> None:
    unused = []
    for name, text in TEMPLATES.items():
        rest = IMPORTED.sub("", text)
        imported = [one.split(" as ")[-1].strip() for names in IMPORTED.findall(text) for one in names.split(",")]
        unused += [f"{name}: {one}" for one in imported if not re.search(rf"\b{one}\b", rest)]
    every = "".join(TEMPLATES.values())
    unused += [macro for macro in re.findall(r"{%-? macro (\w+)\(", every) if len(re.findall(rf"\b{macro}\b", every)) < 2]
    assert unused == []
