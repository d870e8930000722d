"""A person at the pages, without a browser: signs in, keeps the cookie, and reads the form that a page offers."""

import re
from html.parser import HTMLParser

from flask import Flask
from werkzeug.test import TestResponse


class Missing(Exception):
    """A page that a benchmark needs is not there, or answers otherwise than it should."""


class Visitor:
    """One signed-in person."""

    def __init__(self, app: Flask, staff: str) -> None:
        self.client = app.test_client()
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/sign-in").text)
        if found is None:
            raise Missing("the sign-in page offers no form")
        answer = self.client.post("/sign-in", data={"csrf_token": found.group(1), "staff": staff})
        if answer.status_code != 303:
            raise Missing(f"signing in answers {answer.status_code}")

    def get(self, address: str) -> TestResponse:
        answer = self.client.get(address)
        if answer.status_code != 200:
            raise Missing(f"{address} answers {answer.status_code}")
        return answer

    def end_of(self, address: str) -> tuple[str, int]:
        """Where an address leads in the end, and how many bytes the page there has."""
        answer = self.client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            raise Missing(f"{address} answers {answer.status_code}")
        return answer.request.full_path.rstrip("?"), len(answer.data)

    def form(self, address: str) -> dict[str, list[str]]:
        """What the page's form would send if nothing were typed: hidden fields, defaults, and the first of each choice."""
        reader = _Fields()
        reader.feed(self.get(address).text)
        return {name: values for name, values in (reader.sent | reader.offered).items() if name}


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.offered: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and given.get("type") == "radio":
            if "checked" in given or name not in self.offered:
                self.offered[name] = [value]
        elif tag == "input" and given.get("type") == "checkbox":
            if "checked" in given:
                self.sent.setdefault(name, []).append(value)
        elif tag == "input":
            self.sent[name] = [value]
        elif tag == "select":
            self._select = name
        elif tag == "option" and value and ("selected" in given or self._select not in self.offered):
            self.offered[self._select] = [value]
