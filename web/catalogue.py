"""Every word of the service that Welsh has to say too: found where it is marked, and kept in the catalogue that translators write in.

`python -m web.catalogue` brings the catalogue up to date: new words come in without Welsh, and words that are gone are left out.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from web.language import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "web" / "templates"
SAID_IN_FILES = {"policies": ("source",), "specifications": ("source", "title"), "question_sets": ("source",)}
"""Folders of the domain whose files say things, and the names under which they say them; a question set has its own Welsh for the rest."""
PACKAGES = ("domain", "projections", "scheduler", "store", "web")
JOBS = "scheduler/jobs.py"
"""The module whose functions say to everybody, in the first line of their docstrings, what they do."""
MARKS = frozenset({"gettext", "_", "said", "stored"})
"""Functions whose first argument is a sentence of the service."""
COUNTS = "plural"
"""The function, and filter, that says a number of something: one of it, and many where an s does not make them."""
UNIT = "unit"
"""The function that names what is counted, by one and by several, which is said with a number and without."""


MADE = datetime(2026, 11, 23, tzinfo=UTC)
"""Stands in the head of the catalogue, which the format wants; a date that moved would only get in the way of comparing."""


class Marked(NamedTuple):
    """Words with where they stand. `many` is there for what is counted."""

    words: str
    many: str
    where: str


def marked() -> Iterator[Marked]:
    """Everything that is marked, in the order of the files."""
    for template in sorted(TEMPLATES.rglob("*.html")):
        yield from _in_template(template.read_text("utf-8"), template.relative_to(ROOT).as_posix())
    for package in PACKAGES:
        for module in sorted((ROOT / package).rglob("*.py")):
            yield from _in_module(module.read_text("utf-8"), module.relative_to(ROOT).as_posix())
    for folder, names in SAID_IN_FILES.items():
        for file in sorted((ROOT / "domain" / folder).glob("*.toml")):
            where = file.relative_to(ROOT).as_posix()
            yield from (Marked(words, "", where) for words in _told(tomllib.loads(file.read_text("utf-8")), names))


def _told(part: object, names: tuple[str, ...]) -> Iterator[str]:
    """What stands under these names in a file, however deep."""
    if isinstance(part, dict):
        yield from (words for name, words in part.items() if name in names and isinstance(words, str))
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _told(inner, names)


def _in_template(source: str, where: str) -> Iterator[Marked]:
    environment = Environment(extensions=["jinja2.ext.i18n"])  # only reads; nothing is rendered with it
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # as below; a % is doubled as in the pages
    tree = environment.parse(source)
    for _, function, words in environment.extract_translations(source):  # type: ignore[attr-defined]  # given by the extension
        one, many = (words, "") if isinstance(words, str) else (words[0], words[1] if function.startswith("n") else "")
        if one:
            yield Marked(one, many or "", where)
    for counted in tree.find_all(nodes.Filter):
        if counted.name == COUNTS and counted.args:
            given = [arg.value for arg in counted.args if isinstance(arg, nodes.Const)]
            if given:
                yield _counted(given, where)


def _in_module(source: str, where: str) -> Iterator[Marked]:
    tree = ast.parse(source)
    if where == JOBS:
        for job in tree.body:
            if isinstance(job, ast.FunctionDef):
                yield Marked((ast.get_docstring(job) or "").partition("\n")[0], "", where)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name | ast.Attribute):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
        texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in MARKS and texts and call.args and isinstance(call.args[0], ast.Constant):
            yield Marked(texts[0], "", where)
        elif name in (COUNTS, UNIT) and texts:
            yield _counted(texts, where)
            if name == UNIT:
                yield Marked(texts[1], "", where)


def _counted(given: list[str], where: str) -> Marked:
    one, *rest = given
    return Marked(one, rest[0] if rest else f"{one}s", where)


def fresh() -> Catalog:
    """A catalogue of all that is marked, without any Welsh."""
    made = {"project": "Throughline", "version": "", "msgid_bugs_address": "", "last_translator": "", "language_team": ""}
    catalogue = Catalog(locale="cy", header_comment="# The service in Welsh.", creation_date=MADE, revision_date=MADE, fuzzy=False, **made)
    for words, many, _ in marked():
        catalogue.add((words, many) if many else words, flags=_flags(words))
    return catalogue


def _flags(words: str) -> list[str]:
    return ["python-brace-format"] if re.search(r"\{\w+[^{}]*\}", words) else []


def kept() -> Catalog:
    """The catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="cy")


def bring_up_to_date() -> int:
    """Write the catalogue anew with the Welsh that there is; how many words have none."""
    now = fresh()
    before = {key(message.id): message.string for message in kept()} if CATALOGUE.exists() else {}
    missing = 0
    for message in now:
        if message.id:
            message.string = before.get(key(message.id), message.string)
            missing += not is_said(message.string)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, now, width=0, sort_output=True, no_location=True)
    return missing


def key(words: str | tuple[str, ...] | list[str]) -> str:
    """Words by their first form: the same word counted and not counted is said once."""
    return words if isinstance(words, str) else words[0]


def is_said(welsh: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(welsh) if isinstance(welsh, str) else bool(welsh) and all(welsh or ())


if __name__ == "__main__":
    print(f"{bring_up_to_date()} words have no Welsh yet")
