"""What anybody may read: above all what the record proves and what it does not."""

import msgspec
import pytest
from bs4 import BeautifulSoup

from tests.conftest import Browser
from web.changes import changes


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/about", "About this record"),
        ("/privacy", "Privacy"),
        ("/accessibility", "Accessibility statement"),
        ("/cookies", "Cookies"),
        ("/whats-new", "What’s new"),
    ],
)
def test_the_pages_of_the_footer_are_there_without_signing_in(browser: Browser, address: str, heading: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html5lib")
    assert [h.get_text() for h in page.find_all("h1")] == [heading]
    assert page.select_one(f'footer a[href="{address}"], .govuk-footer a[href="{address}"]')


def test_about_says_what_the_record_proves_and_what_it_does_not(browser: Browser) -> None:
    text = " ".join(BeautifulSoup(browser.get("/about").text, "html5lib").main.get_text(" ").split())
    for proven in ("order", "time of recording", "completeness"):
        assert proven in text.split("What the record does not prove")[0]
    assert "The record does not prove that a contact took place." in text


def test_a_page_names_the_cookies_that_the_service_sets(browser: Browser) -> None:
    page = BeautifulSoup(browser.get("/cookies").text, "html5lib")
    assert {th.get_text() for th in page.select("tbody th")} == {"throughline", "form", "language"}
    assert "10 hours, or 2 hours without use" in page.main.get_text()
    assert BeautifulSoup(browser.get("/privacy").text, "html5lib").select_one('main a[href="/cookies"]')


def test_what_is_new_is_said_newest_first_in_the_readers_language(browser: Browser) -> None:
    told = changes()
    assert [change.on for change in told] == sorted((change.on for change in told), reverse=True)
    assert all(all(msgspec.structs.astuple(words)) for change in told for words in (change.en, change.cy))

    page = BeautifulSoup(browser.get("/whats-new").text, "html5lib")
    assert [h.get_text() for h in page.main.find_all("h3")] == [change.en.title for change in told]
    browser.get("/language/cy")
    page = BeautifulSoup(browser.get("/whats-new").text, "html5lib")
    assert [h.get_text() for h in page.main.find_all("h3")] == [change.cy.title for change in told]
