"""What is wrong with a page as people look at it: at every width, with larger letters, in their own colours, and for whoever listens."""

from pathlib import Path
from typing import Any
from weakref import WeakSet

from playwright.sync_api import BrowserContext, Page

AXE = (Path(__file__).parents[1] / "axe.min.js").read_text("utf-8")

LISTENING = "{ resultTypes: ['violations'], preload: { assets: ['media'] } }"
"""Every rule that axe holds to be settled. Of what it reads beforehand, style sheets are left out: only an experimental rule looks
at them, which is not among these, and reading them took a third of its time."""

_given = WeakSet[BrowserContext]()
"""The windows whose next pages come with axe."""

DESK, ZOOMED, TELEPHONE = (1280, 900), (640, 512), (375, 812)
"""A window; the same at 200% zoom, which leaves it half as many pixels each way; and a telephone."""

CUT = """() => {
  const faults = [], root = document.documentElement;
  const unseen = ".govuk-visually-hidden", others = "svg *, template, script, option, input, textarea, select";
  const told = e => `${e.tagName} ${e.className} ${e.id}: ${e.textContent.trim().slice(0, 60)}`;
  if (root.scrollWidth > root.clientWidth) faults.push("the page scrolls sideways");
  for (const e of document.body.querySelectorAll(`:not(${others}, ${unseen}, ${unseen} *)`)) {
    if (e.clientWidth < 2 || e.clientHeight < 2 || !e.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(e);
    let wider = e.scrollWidth > e.clientWidth + 1, higher = e.scrollHeight > e.clientHeight + 1;
    if (!wider && !higher || style.clipPath !== "none") continue;
    const box = e.getBoundingClientRect(), range = document.createRange();
    range.selectNodeContents(e);
    const held = range.getBoundingClientRect();
    wider &&= held.right > box.right + 1;
    higher &&= held.bottom > box.bottom + 1;
    const says = [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
    if (wider && /hidden|clip/.test(style.overflowX) || higher && /hidden|clip/.test(style.overflowY)) faults.push("cut off: " + told(e));
    else if (wider && says && style.overflowX === "visible" && !e.querySelector(unseen)) faults.push("runs out of its box: " + told(e));
  }
  return faults;
}"""
"""What is lost at the size that the page has now."""

BY_COLOUR = """() => {
  const faults = [];
  const seen = selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility({ visibilityProperty: true }));
  const lines = (style, least) => ["Top", "Right", "Bottom", "Left"].some(
    side => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= least);
  const bold = e => getComputedStyle(e).fontWeight >= 600;
  const fields = "input:not([type=radio], [type=checkbox], [type=range]), select, textarea";
  for (const e of seen("button:not(.govuk-service-navigation__toggle), .govuk-button, " + fields)) {
    const style = getComputedStyle(e);
    if (!lines(style, 1) && style.textDecorationLine === "none") faults.push("nothing shows where it is: " + e.outerHTML.slice(0, 120));
  }
  for (const e of seen(".moj-badge, .govuk-tag, .govuk-error-message, .govuk-notification-banner"))
    if (!e.textContent.trim()) faults.push("said by colour alone: " + e.outerHTML.slice(0, 120));
  for (const e of seen("[aria-current]:not([aria-current=false])")) {
    const line = lines(getComputedStyle(e), 3) || lines(getComputedStyle(e.parentElement), 3);
    if (!line && ![e, ...e.children].some(bold)) faults.push("only its colour shows that it is current: " + e.outerHTML.slice(0, 120));
  }
  return faults;
}"""
"""What nobody can tell who reads in colours of their own, which take every colour of the page away."""


BUILT = """() => {
  const faults = [], all = selector => [...document.querySelectorAll(selector)];
  const wants = (good, words) => { if (!good) faults.push(words); };
  const each = (selector, good, words) => all(selector).filter(e => !good(e)).forEach(e => faults.push(words + e.outerHTML.slice(0, 120)));
  wants(all("h1").length === 1, "not one h1");
  wants(all("main#main-content").length === 1 && document.querySelector("a").matches(".govuk-skip-link"), "no way past the navigation");
  wants(/(^| - )Throughline$/.test(document.title), "the title does not end with the name of the service: " + document.title);
  wants(!(all(".govuk-back-link").length && all(".govuk-breadcrumbs").length), "both a back link and breadcrumbs");
  wants(all("header .govuk-phase-banner").length, "no phase banner");
  each("main table", e => e.caption, "no caption: ");
  each("main th", e => e.scope, "a heading of nothing: ");
  each(".app-scroll", e => e.tabIndex === 0 && e.role === "region" && (e.ariaLabel || e.hasAttribute("aria-labelledby")), "no stop: ");
  each("[placeholder]", () => false, "a placeholder: ");
  each("button:disabled", e => e.hidden, "a button that cannot be pressed: ");
  each("form[method=post]", e => e.elements.csrf_token, "no token: ");
  each("form.app-form[method=post]", e => e.elements.command_id, "sent twice it would be saved twice: ");
  const said = document.querySelector("main").innerText.match(/\\b(please|e\\.g\\.|i\\.e\\.|click here|service user)/i);
  wants(!said, "words that the service does not use: " + said?.[0]);
  return faults;
}"""
"""Where a page is not built like all the others."""


def violations(page: Page) -> list[str]:
    """What axe finds on a page, in a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
        if page.context not in _given:  # sending it anew for each page takes as long as all else that is looked at
            page.context.add_init_script(AXE)
            _given.add(page.context)
    found: list[dict[str, Any]] = page.evaluate(f"axe.run({LISTENING}).then(result => result.violations)")
    return [f"{v['id']}: {n['html'][:200]}" for v in found for n in v["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def faults(page: Page) -> list[str]:
    """Everything that is wrong with the page that is open, in each of the ways of looking at it; its size is then as it was."""
    before, found = page.viewport_size, list[str]()

    def look(how: str, way: str) -> None:
        found.extend(f"{how}: {fault}" for fault in page.evaluate(way))

    look("as it is built", BUILT)
    for how, (width, height) in (("at 1280 px", DESK), ("at 200% zoom", ZOOMED), ("at 375 px", TELEPHONE)):
        page.set_viewport_size({"width": width, "height": height})
        look(how, CUT)
    # Once, because it takes longer than all else together; on a telephone, where more has to scroll and to fold away.
    found.extend(f"at 375 px: {violation}" for violation in violations(page))
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    look("with letters twice the size", CUT)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.emulate_media(forced_colors="active")
    look("in the reader's own colours", BY_COLOUR)
    page.emulate_media(forced_colors="none")
    if before:
        page.set_viewport_size(before)
    return found
