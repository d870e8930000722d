"""English and Welsh: every word of a page can be said in both, and somebody who chose Welsh reads Welsh."""

import ast
import re
import string
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from jinja2 import Environment, nodes

from domain.case import CaseOpened
from domain.event import Recorded
from domain.words import Counted, Said, begun, listed, said, within
from projections.measures import MEASURES
from projections.story import Story
from projections.telling import told
from store.policy import current_policy
from tests.conftest import Browser
from web import catalogue, words
from web.language import in_language, speaking
from web.synthetic.population import history
from web.welsh import softened

Open = Callable[..., Browser]
TEMPLATES = {path.relative_to(catalogue.TEMPLATES).as_posix(): path for path in sorted(catalogue.TEMPLATES.rglob("*.html"))}
NAMES = {"Throughline", "OFFICIAL-SENSITIVE", "CRN", "AbilityNet", "Cymraeg", "English", "Alpha"}
"""Words that are the same in both languages."""
READ_OUT = ("aria-label", "alt", "title", "placeholder")
A_WORD = re.compile(r"[A-Za-z]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]+( |$)")


def unmarked(source: str) -> list[str]:
    """Words of a template that nobody could say in Welsh: outside what is marked, and sentences handed to a macro."""
    return [*_of_text(source), *_of_expressions(source)]


def _of_text(source: str) -> Iterator[str]:
    plain = "".join(_outside_marks(source))
    page = BeautifulSoup(plain, "html.parser")
    for invisible in page(["script", "style", "code"]):
        invisible.decompose()
    found = [*page.stripped_strings, *(str(tag[name]) for tag in page.find_all(True) for name in READ_OUT if tag.get(name))]
    for text in found:
        if set(A_WORD.findall(text)) - NAMES and text not in NAMES:
            yield " ".join(text.split())


def _outside_marks(source: str) -> Iterator[str]:
    """What a template says plainly, with nothing in the place of what it works out or has marked."""
    marked, begun = False, False
    for _, kind, text in Environment(extensions=["jinja2.ext.i18n"]).lex(source):
        if kind == "data" and not marked:
            yield text
        if kind == "name" and begun:
            marked = text == "trans" or (marked and text != "endtrans")
        begun = kind == "block_begin" or (begun and kind == "whitespace")


def _of_expressions(source: str) -> Iterator[str]:
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(source)
    marked = {
        id(arg) for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in {"_", "gettext", "ngettext"} for arg in call.args
    }
    compared = {id(operand.expr) for operand in tree.find_all(nodes.Operand)} | {id(test.expr) for test in tree.find_all(nodes.Compare)}
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and SENTENCE.match(const.value) and const.value not in NAMES and id(const) not in marked | compared:
            yield const.value


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_word_of_a_template_can_be_said_in_welsh(name: str) -> None:
    assert unmarked(TEMPLATES[name].read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Save</p>",
        '<nav aria-label="Parts of this case"></nav>',
        '{{ radios(form, "kind", "Kind of contact") }}',
        '{% set title = "My day" %}',
    ],
)
def test_a_word_that_nobody_marked_is_found(source: str) -> None:
    assert unmarked(source) != []


def test_everything_that_is_marked_has_welsh_and_nothing_is_kept_that_is_gone() -> None:
    kept = {catalogue.key(message.id): message for message in catalogue.kept() if message.id}
    wanted = {one.words for one in catalogue.marked()}
    assert sorted(wanted - kept.keys()) == []
    assert sorted(kept.keys() - wanted) == []
    assert sorted(words for words, message in kept.items() if not catalogue.is_said(message.string)) == []


def test_welsh_has_the_same_places_as_english() -> None:
    for message in catalogue.kept():
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        for welsh in [message.string] if isinstance(message.string, str) else message.string or ():
            assert places(welsh) == places(english), english


def places(text: str) -> tuple[set[str], set[str]]:
    return set(re.findall(r"%\(\w+\)s", text)), {
        name for _, name, _, _ in string.Formatter().parse(text) if name
    } if "%(" not in text else set()


# ---- Below the pages -------------------------------------------------------------------------------------------------

BELOW = [path for package in ("domain", "projections", "scheduler") for path in sorted((catalogue.ROOT / package).rglob("*.py"))]
SAYING = catalogue.MARKS | {catalogue.COUNTS, catalogue.UNIT}
KEYS = {"Action", "Rule", "Order", "Move"}
"""Lists whose values name something to the service and are on no page."""
BEGINS = re.compile(r"[A-Z][a-z]+[ :]")


def unsaid(source: str) -> list[str]:
    """Sentences and values of lists in a module that nobody marked; what is raised is for programmers, if it is not a rule that says no."""
    tree = ast.parse(source)
    passed = {id(part) for node in ast.walk(tree) if _is_apart(node) for part in ast.walk(node)}
    found = [text for node in ast.walk(tree) if id(node) not in passed for text in _texts(node)]
    return [text for text in found if BEGINS.match(text)] + list(_of_lists(tree, passed)) + list(_refused(tree, passed))


def _is_apart(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _called(node) in SAYING
    if isinstance(node, ast.Raise):
        return not (isinstance(node.exc, ast.Call) and _called(node.exc) == "Refused")
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _texts(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _of_lists(tree: ast.AST, passed: set[int]) -> Iterator[str]:
    for kind in ast.walk(tree):
        if isinstance(kind, ast.ClassDef) and kind.name not in KEYS and any(getattr(base, "id", "") == "StrEnum" for base in kind.bases):
            values = [line.value for line in kind.body if isinstance(line, ast.Assign)]
            yield from (text for value in values if id(value) not in passed for text in _texts(value))


def _refused(tree: ast.AST, passed: set[int]) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _called(call) == "Refused" and call.args:
            plain = isinstance(call.args[0], ast.Constant | ast.JoinedStr) and id(call.args[0]) not in passed
            yield from [ast.unparse(call.args[0])] if plain else []


@pytest.mark.parametrize("path", BELOW, ids=lambda path: path.relative_to(catalogue.ROOT).as_posix())
def test_every_rule_reason_and_kind_can_be_said_in_welsh(path: Path) -> None:
    assert unsaid(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused("no.", "field")',
        'raise Refused(f"{code} is there already.")',
        'class Kind(StrEnum):\n    OFFICE = "office"',
        'def why():\n    return "Not one to one"',
        'def why(day):\n    return f"Seen on {day}"',
    ],
)
def test_a_word_below_the_pages_that_nobody_marked_is_found(source: str) -> None:
    assert unsaid(source) != []


def has_welsh(words: str) -> bool:
    """Whether the service has Welsh for it, with a capital or without; of what was put together for what it was put together from."""
    if isinstance(words, Counted):
        return words.one in WELSH
    if not isinstance(words, Said):
        return words in WELSH or words[:1].swapcase() + words[1:] in WELSH
    plain = re.sub(r"\{\w+[^}]*\}", "", words.template)
    return not re.search(r"[A-Za-z]", plain) or has_welsh(words.template)


WELSH = {catalogue.key(message.id) for message in catalogue.kept() if message.id}


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    """A few made-up lives, with all that happens in them."""
    streams: dict[UUID, list[Recorded]] = {}
    lived = history(cases=25, seed=11, until=datetime(2026, 3, 4, 17, tzinfo=UTC))
    for position, (recorded_at, one) in enumerate(lived, start=1):
        entry = Recorded(one.originator_id, one.originator_version, one.event, recorded_at, position)
        streams.setdefault(one.originator_id, []).append(entry)
    return [Story(entries) for entries in streams.values() if isinstance(entries[0].event, CaseOpened)]


def test_every_finding_of_a_life_says_why_in_welsh(stories: list[Story]) -> None:
    policy, today = current_policy(), date(2026, 3, 4)
    found = [finding for story in stories for measure in MEASURES.values() for finding in measure.findings(story, policy, today)]
    said_so = {words for one in found for words in (one.why, *(c.name for c in one.conditions), *(c.because for c in one.conditions))}
    assert len(said_so) > 100
    assert sorted(words for words in said_so if words and not has_welsh(words)) == []


def test_every_entry_of_a_life_has_its_title_in_welsh(stories: list[Story]) -> None:
    titles = {told(recorded.event, lambda code: code)[1] for story in stories for recorded in story.history}
    assert len(titles) > 100
    assert sorted(title for title in titles if not has_welsh(title)) == []


def test_what_a_row_keeps_in_english_is_put_together_again_in_welsh(app: Flask) -> None:
    with app.test_request_context("/"), speaking("cy"):
        assert in_language("Review of a registration: Lifer") == "Adolygiad o gofrestriad: Carcharor am oes"
        assert in_language("Every 14 days") == "Bob 14 o ddiwrnodau"
        assert in_language("Every day at 02:05") == "Bob dydd am 02:05"
        assert in_language("Seen in the street") == "Seen in the street"


def test_words_begin_and_are_listed_in_both_languages(app: Flask) -> None:
    told_so = within(said("{kind} of {day}", kind=said("Home visit"), day=date(2026, 3, 4)))
    assert told_so == "home visit of 4 March 2026"
    listing = begun(listed([said("home visit"), said("letter")], "; "))
    assert listing == "Home visit; letter"
    with app.test_request_context("/"), speaking("cy"):
        assert in_language(listing) == "Ymweliad cartref; llythyr"


# ---- Reading it ------------------------------------------------------------------------------------------------------


def test_given_nobody_chose_when_a_page_is_read_then_it_is_english(browser: Browser) -> None:
    page = BeautifulSoup(browser.get("/privacy").text, "html5lib")
    assert page.html["lang"] == "en"
    link = page.select_one('footer a[hreflang="cy"], .govuk-footer a[hreflang="cy"]')
    assert link.get_text() == "Cymraeg"


def test_given_welsh_was_chosen_when_pages_are_read_then_they_are_welsh_until_english_is_chosen(browser: Browser) -> None:
    answer = browser.get("/language/cy?next=/privacy")
    assert (answer.status_code, answer.location) == (303, "/privacy")
    page = BeautifulSoup(browser.get("/privacy").text, "html5lib")
    assert page.html["lang"] == "cy"
    assert page.h1.get_text() == "Preifatrwydd"
    assert "Neidio i’r prif gynnwys" in page.get_text()
    browser.get("/language/en?next=/privacy")
    assert BeautifulSoup(browser.get("/privacy").text, "html5lib").h1.get_text() == "Privacy"


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_choosing_a_language_leads_nobody_elsewhere(browser: Browser, address: str) -> None:
    assert browser.get("/language/cy", query_string={"next": address}).location == "/"


def test_a_language_that_the_service_does_not_speak_is_not_found(browser: Browser) -> None:
    assert browser.get("/language/fr").status_code == 404


def test_what_a_thread_says_after_a_page_in_welsh_is_in_english_again(browser: Browser) -> None:
    browser.client.set_cookie("language", "cy")
    assert "Preifatrwydd" in browser.get("/privacy").text
    assert in_language("Privacy") == "Privacy"


def test_given_a_language_nobody_speaks_in_the_cookie_then_the_page_is_english(browser: Browser) -> None:
    browser.client.set_cookie("language", "xx")
    assert BeautifulSoup(browser.get("/privacy").text, "html5lib").html["lang"] == "en"


def test_days_hours_and_numbers_of_things_are_said_in_welsh(app: Flask) -> None:
    with app.test_request_context("/"), speaking("cy"):
        assert words.day(date(2026, 3, 4)) == "4 Mawrth 2026"
        assert words.short_day(date(2026, 2, 4)) == "4 Chwef 2026"
        assert words.moment(datetime(2026, 11, 22, 12, tzinfo=UTC)) == "22 Tachwedd 2026 am hanner dydd"
        assert words.weekday(date(2026, 11, 19)) == "Dydd Iau 19 Tachwedd"
        assert [words.plural(n, "hour") for n in (1, 2, 3, 10)] == ["1 awr", "2 awr", "3 awr", "10 awr"]
        assert words.percent(None) == "ddim yn hysbys"


def test_words_that_were_put_together_are_put_together_in_welsh(app: Flask) -> None:
    words = said("Page {name}", name=said("not known"))
    assert words == "Page not known"
    with app.test_request_context("/"), speaking("cy"):
        assert in_language(words) == "Page ddim yn hysbys"
        assert in_language("Sgwrs") == "Sgwrs"


@pytest.mark.parametrize(
    ("part", "heading"),
    [
        ("risk", "Cofrestrau"),
        ("plan", "Amcanion"),
        ("sentence", "Dedfrydau"),
        ("sentence/start", "Dechrau dedfryd"),
        ("compliance", "Camau gorfodi"),
        ("person", "Iaith ac anghenion"),
        ("person/details", "Cofnodi iaith ac anghenion"),
        ("rosh", "Asesu risg o niwed difrifol (RoSH)"),
        ("risk/registers/new", "Ychwanegu at gofrestr"),
        ("plan/pattern", "Cynllunio cyswllt"),
    ],
)
def test_given_welsh_was_chosen_when_a_part_of_a_case_is_read_then_it_is_welsh(enter: Open, part: str, heading: str) -> None:
    reader = enter()
    reader.get("/language/cy?next=/")
    page = BeautifulSoup(reader.get(f"/cases/X000001/{part}").text, "html5lib")
    assert heading in [" ".join(found.get_text().split()) for found in page.find_all(["h2", "h3"])]


def test_given_welsh_was_chosen_when_a_rule_says_no_then_it_says_so_in_welsh(enter: Open) -> None:
    reader = enter()
    reader.get("/language/cy?next=/")
    answer = reader.post("/cases/X000001/rosh", data={"level": "", "assessed_at": "31 2 2026"})
    text = BeautifulSoup(answer.text, "html5lib").get_text()
    assert answer.status_code == 422
    assert "Dewiswch lefel y risg" in text
    assert "Dyddiad yr asesiad: rhowch ddyddiad go iawn, fel 27 3 2026" in text


@pytest.mark.parametrize(
    ("plain", "soft"),
    [
        ("dyddiad", "ddyddiad"),
        ("llys", "lys"),
        ("rheswm", "reswm"),
        ("gair", "air"),
        ("munudau", "funudau"),
        ("amser", "amser"),
        ("chi", "chi"),
    ],
)
def test_a_word_is_softened_after_a_verb(plain: str, soft: str) -> None:
    assert softened(plain) == soft
