"""A page as a test reads it: its parts, and its words without the white space."""

from bs4 import BeautifulSoup
from bs4.element import Tag
from werkzeug.test import TestResponse


def parsed(answer: TestResponse) -> BeautifulSoup:
    """The page of an answer, whatever its status."""
    return BeautifulSoup(answer.text, "html5lib")


def soup(answer: TestResponse, status: int = 200) -> BeautifulSoup:
    """The page of an answer that has this status."""
    assert answer.status_code == status, answer.text
    return parsed(answer)


def text(part: Tag) -> str:
    """The words of a part, parted where its elements are."""
    return " ".join(part.get_text(" ", strip=True).split())


def said(part: Tag) -> str:
    """The words of a part as they stand beside one another."""
    return " ".join(part.get_text(" ").split())


def rows(page: BeautifulSoup, caption: str) -> list[list[str]]:
    """The cells of the table that is called so, row by row."""
    table = next(t for t in page.find_all("table") if caption in said(t.caption))
    return [[said(cell) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]


def text_of(answer: TestResponse) -> str:
    """The words of the main part of an answer, whatever its status."""
    return text(parsed(answer).main)
