"""What a job costs somebody: clicks, keys and documents loaded, counted while a journey does it."""

from typing import NamedTuple

from playwright.sync_api import Locator, Page, Request

A_CHOICE = 2
"""What a choice from a list costs with a mouse: opening the list, and choosing."""


class Cost(NamedTuple):
    """`loads` are documents that the browser fetched; what is swapped in place loads none, and a redirect belongs to its load."""

    clicks: int
    keys: int
    loads: int


class Counted:
    """A page on which every click and every key is given through here, and counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.keys = self.loads = 0
        page.on("request", self._asked)

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self.page.main_frame and request.redirected_from is None:
            self.loads += 1

    def begin(self) -> None:
        """What was done so far led to where the job begins, and counts for nothing."""
        self.clicks = self.keys = self.loads = 0

    def click(self, where: Locator) -> None:
        self.clicks += 1
        where.click()

    def choose_from(self, where: Locator, option: str) -> None:
        """One of a list, by its value."""
        self.clicks += A_CHOICE
        where.select_option(option)

    def press(self, key: str) -> None:
        """One key, or one combination like Shift+Tab."""
        self.keys += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Text into whatever has the focus, a key a character."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    @property
    def cost(self) -> Cost:
        return Cost(self.clicks, self.keys, self.loads)
