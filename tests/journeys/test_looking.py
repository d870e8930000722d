"""What is looked at on every page is found where it is wrong: without this, a check that had gone blind would pass for ever."""

from playwright.sync_api import Browser

from tests.journeys.looking import faults

GOOD = """<!DOCTYPE html><html lang="en"><head><title>A page - Throughline</title><style>
  a, button, input { border: 2px solid } a:focus { outline: 3px solid } main { display: block }</style></head><body>
  <a class="govuk-skip-link" href="#main-content">Skip to main content</a>
  <header><div class="govuk-phase-banner">Alpha</div></header>
  <main id="main-content"><h1>A page</h1>{}</main></body></html>"""


WRONG = {
    "<h1>Another</h1>": "not one h1",
    '<p style="width: 1500px">Wide</p>': "at 1280 px: the page scrolls sideways",
    '<p style="width: 20rem; height: 24px; overflow: hidden">Nobody reads the end</p>': "letters twice the size: cut off",
    '<p style="width: 90px">Unbreakableword</p>': "runs out of its box",
    '<p style="color: #999999">Faint</p>': "color-contrast",
    '<button style="border: 0">Press</button>': "nothing shows where it is",
    '<span class="moj-badge" style="background: red"></span>': "said by colour alone",
    '<a href="#" aria-current="page">Here</a>': "only its colour shows that it is current",
    "<table><caption>C</caption><tr><th>Head</th><td>1</td></tr></table>": "a heading of nothing",
    '<label>Name <input placeholder="Name"></label>': "a placeholder",
    "<p>Please press on.</p>": "words that the service does not use: Please",
    '<form method="post"></form>': "no token",
}


def test_what_is_wrong_with_a_page_is_found_and_nothing_in_a_good_one(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(GOOD.replace("{}", ""))
    assert faults(page) == []
    page.set_content(GOOD.replace("{}", "".join(WRONG)))
    found = "\n".join(faults(page))
    assert [said for said in WRONG.values() if said not in found] == []
    page.set_content(GOOD.replace("{}", '<p style="width: 400px">Wide</p>'))
    assert [fault for fault in faults(page) if "sideways" in fault] == ["at 375 px: the page scrolls sideways"]
    page.close()
