"""An officer who reads Welsh: the pages speak it, and what the service fills in for them or they type is understood in it."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from domain.case import case_id
from domain.contact import KINDS, ContactRecorded
from domain.practitioner import practitioner_id
from store.record import Record
from tests.conftest import Browser
from tests.web.reading import parsed as soup
from tests.web.test_contact import as_shown
from tests.web.test_opening import PERSON
from web.kinds import find_kinds
from web.language import in_language, speaking

Open = Callable[..., Browser]


@pytest.fixture
def read(enter: Open) -> Callable[..., Browser]:
    """A browser signed in that asked for Welsh."""

    def signed_in(staff: str = "SIAN") -> Browser:
        reader = enter(staff)
        reader.get("/language/cy?next=/")
        return reader

    return signed_in


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/my-day", "Mae pob person yma unwaith"),
        ("/cases/X000001", "Beth sydd i’w wneud"),
        ("/cases/X000001/history", "Gwnaed neu cofnodwyd gan"),
        ("/cases/X000001/measures/continuity", "Mynegeion yr achos hwn"),
        ("/cases/X000001/print?part=person&part=sentence&part=history", "Argraffwyd gan Siân"),
        ("/cases/X000001/in-brief", "Nodyn diwethaf"),
        ("/cases/X000001/contacts/new", "Beth i’w gynnwys mewn nodyn"),
        ("/cases/X000001/appointments/new", "Ymhen 2 wythnos"),
        ("/accessibility", "chwyddo hyd at 400% heb"),
    ],
)
def test_the_pages_of_an_officer_are_read_in_welsh(read: Callable[..., Browser], address: str, said: str) -> None:
    page = soup(read().get(address))
    assert page.html["lang"] == "cy"
    assert said in words(page)


def test_a_form_that_was_filled_in_in_welsh_is_understood(read: Callable[..., Browser], record: Record) -> None:
    reader, new = read(), "/cases/X000001/contacts/new"
    page = soup(reader.get(f"{new}?kind=CTOB"))
    answer = reader.post(new, as_shown(page))
    assert (answer.status_code, answer.location) == (303, "/cases/X000001")
    event = record.history(case_id("X000001"))[-1].event
    assert isinstance(event, ContactRecorded)
    assert event.kind == "CTOB"
    assert "Cofnodwyd y cyswllt" in words(soup(reader.get("/cases/X000001")))


def test_what_is_wrong_with_a_contact_is_said_in_welsh(read: Callable[..., Browser]) -> None:
    answer = read().post("/cases/X000001/contacts/new", {"kind": "", "occurred_at": "yfory", "occurred_at-time": "10am"})
    assert answer.status_code == 422
    assert "Dewiswch y math o gyswllt" in words(soup(answer))


@pytest.mark.parametrize(("typed", "kept"), [("Cymraeg", "Welsh"), ("saesneg", "English"), ("Polish", "Polish")])
def test_the_language_of_a_person_is_kept_by_one_name_whichever_it_was_typed_in(
    read: Callable[..., Browser], record: Record, typed: str, kept: str
) -> None:
    assert read("MEERA").post("/teams/CF1/cases/new", PERSON | {"language": typed}).status_code == 303
    assert record.history(case_id("X123456"), texts=True)[0].event.language == kept


def test_an_officer_speaks_the_language_that_people_prefer_whichever_it_was_typed_in(read: Callable[..., Browser], record: Record) -> None:
    reader, form = read("MEERA"), "/teams/CF1/workload/SIAN/languages"
    assert reader.post(form, {"languages": "cymraeg, polish"}).status_code == 303
    assert record.history(practitioner_id("SIAN"))[-1].event.languages == ("Welsh", "Polish")
    assert soup(reader.get(form)).select_one("#languages")["value"] == "Cymraeg, Polish"


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_of_contact_is_found_by_its_words_in_either_language(code: str) -> None:
    with speaking("cy"):
        assert find_kinds(in_language(KINDS[code].label)) == [code]
        assert find_kinds(KINDS[code].label) == [code]


def test_what_the_script_of_a_page_says_comes_with_the_page_in_its_language(read: Callable[..., Browser], browser: Browser) -> None:
    english = soup(browser.get("/privacy")).select_one("#words").attrs
    welsh = soup(read().get("/privacy")).select_one("#words").attrs
    said = {name for name in english if name.startswith("data-")}
    assert len(said) == 9
    assert {name for name in said if english[name] == welsh[name]} == set()
