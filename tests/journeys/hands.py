"""The ways to work a page: with a mouse, and by keyboard alone, which also looks at where the focus is and whether it is seen."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page, expect

from tests.journeys.counting import Counted

Say = Callable[[str], re.Pattern[str]]
"""From words of the interface in English to how a name that begins with them reads on the page."""

STOPS = 250
"""No page has so many places that Tab stops at."""
FOCUS = """target => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const drawn = here.matches(".govuk-radios__input, .govuk-checkboxes__input") ? [here.labels[0], "::before"] : [here, null];
  const style = getComputedStyle(...drawn);
  const clear = /^rgba.*, 0\\)$|transparent/.test(style.outlineColor);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 && !clear;
  const lit = style.backgroundColor === "rgb(255, 221, 0)";
  const middle = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + box.height / 2);
  const covered = middle && !here.contains(middle) && !middle.contains(here) && !here.labels?.[0]?.parentElement.contains(middle);
  return {
    at: here === target,
    same: here.type === "radio" && target.type === "radio" && here.name === target.name && here.form === target.form,
    nowhere: here === document.body || here === document.documentElement,
    skips: here.matches(".govuk-skip-link"),
    seen: (ring || lit || style.boxShadow !== "none") && box.width > 0 && box.bottom > 0 && box.top < innerHeight && !covered,
    what: here.outerHTML.slice(0, 200),
  };
}"""
"""Where the focus is, and whether somebody who looks can see it."""


def in_english(words: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(words)}")


class Mouse(Counted):
    """Presses, chooses and writes with a mouse; the words of the interface are found in the language of the page."""

    def __init__(self, page: Page, *, scripts: bool = True, say: Say = in_english) -> None:
        super().__init__(page)
        self.scripts = scripts
        self.say = say

    def start(self, address: str) -> None:
        """The job begins here."""
        self.page.goto(address)
        if self.scripts:
            self.page.wait_for_function("window.htmx !== undefined")
        self.begin()

    def named(self, role: Any, words: str, within: Locator | None = None) -> Locator:
        """The first thing of a role whose name begins with these words."""
        return (within or self.page.locator("body")).get_by_role(role, name=self.say(words)).first

    def person(self, name: str) -> Locator:
        """A link whose whole name is a person's; nothing of it is translated."""
        return self.page.locator("main").get_by_role("link", name=name, exact=True).first

    def go(self, where: Locator) -> None:
        """Press a link or a button."""
        self.click(where)

    def choose(self, where: Locator) -> None:
        """A box to tick or one of several."""
        # The label is what people press; the box itself lies under it.
        self.click(where)

    def write(self, where: Locator, text: str) -> None:
        self.click(where)
        self.type(text)

    def sees(self, words: str, within: Locator | None = None) -> None:
        """Words of the interface stand on the page, anywhere in a text."""
        self.reads(re.compile(self.say(words).pattern.removeprefix("^")), within)

    def reads(self, words: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Words stand on the page as they are, such as what somebody wrote."""
        expect((within or self.page.locator("body")).get_by_text(words).locator("visible=true").first).to_be_visible()


class Keys(Mouse):
    """The same by keyboard alone: Tab to get there, Enter, Space and arrows. Each stop must be seen, and no swap may lose the focus."""

    def __init__(self, page: Page, *, say: Say = in_english) -> None:
        super().__init__(page, say=say)
        self.skipped = 0

    def begin(self) -> None:
        super().begin()
        self.skipped = -1

    def click(self, where: Locator) -> None:
        raise AssertionError("this is done by keyboard alone")

    def go(self, where: Locator) -> None:
        self.reach(where)
        self.press("Enter")

    def choose(self, where: Locator) -> None:
        element = self.reach(where)
        if not element.is_checked():
            self.press("Space")
        assert element.is_checked()

    def write(self, where: Locator, text: str) -> None:
        self.reach(where)
        self.type(text)

    def reads(self, words: str | re.Pattern[str], within: Locator | None = None) -> None:
        super().reads(words, within)
        if not self.loads:
            focus = self.page.locator("html").evaluate(FOCUS)
            assert not focus["nowhere"], f"the focus is lost once the page says: {words}"

    def reach(self, where: Locator) -> ElementHandle:
        """From where the focus is by Tab, and within a group of radios by arrow; a page that was loaded begins with its skip link."""
        where.wait_for(state="attached")
        target = where.element_handle()
        focus = target.evaluate(FOCUS)
        if focus["nowhere"] and self.skipped != self.loads:
            self.skipped = self.loads
            self._skip(target)
        focus = target.evaluate(FOCUS)
        for _ in range(STOPS):
            if focus["at"]:
                return target
            self.press("ArrowDown" if focus["same"] else "Tab")
            focus = target.evaluate(FOCUS)
            assert focus["nowhere"] or focus["seen"], f"nobody sees that the focus is here: {focus['what']}"
        raise AssertionError(f"the keyboard does not reach {where}")

    def _skip(self, target: ElementHandle) -> None:
        self.press("Tab")
        focus = target.evaluate(FOCUS)
        assert focus["skips"], f"the first stop is not the way to the main content: {focus['what']}"
        assert focus["seen"]
        if target.evaluate("target => document.querySelector('main').contains(target)"):
            self.press("Enter")
