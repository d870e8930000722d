"""What anybody may read: above all what the record proves and what it does not."""

import pytest
from bs4 import BeautifulSoup

from tests.conftest import Browser


@pytest.mark.parametrize(
    ("address", "heading"),
    [("/about", "About this record"), ("/privacy", "Privacy"), ("/accessibility", "Accessibility statement")],
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


def test_privacy_names_the_cookies_that_the_service_sets(browser: Browser) -> None:
    page = BeautifulSoup(browser.get("/privacy").text, "html5lib")
    assert {th.get_text() for th in page.select("tbody th")} == {"throughline", "form", "language"}
    assert "10 hours, or 2 hours without use" in page.main.get_text()
