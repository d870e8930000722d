"""Corrected and withdrawn entries.

On Friday 18 May 2018 Owen had two people called Jo, and logged for the wrong one that she had not come. On Monday he sent her a
warning letter. On Wednesday she rang, in tears: she had sat in his room for an hour. He corrected the outcome, took the letter back
and withdrew it; he withdrew a phone call that belonged in the other case; and Meera found that he had typed high where he meant
medium, and had him correct that too. Nothing was rubbed out: the pages show how it reads now, and an inspector who asks what was
known on Tuesday sees the failure and the letter as they then stood.
"""

from msgspec.structs import replace

from domain import plan
from domain.enforcement import take_enforcement_action
from domain.entry import correct_entry, withdraw_entry
from domain.risk import Rosh
from tests.stories.teller import CRN, Teller, figure, header, said, section, table, under, worked_on


def test_corrected_and_withdrawn(tell: Teller) -> None:
    objective = a_good_beginning(tell)
    missed, letter, call, level = a_bad_friday(tell, objective)
    what_was_thought_on_tuesday(tell)
    what_was_put_right(tell, objective, missed, letter, call, level)
    what_the_pages_say_now(tell, missed, call)
    what_was_known_on_tuesday(tell, missed, level)


def a_good_beginning(tell: Teller) -> int:
    tell.on("3 April 2018").sentenced("Jo Tremaine", "2 April 2019")
    tell.on("4 April 2018").allocated("OWEN")
    objective = tell.do(plan.set_objective, by="OWEN", topic="A safe home")
    for words in ("9 April 2018", "20 April 2018", "4 May 2018"):
        tell.met(words, by="OWEN", work=worked_on(objective), note="On the list for a flat.")
    return objective


def a_bad_friday(tell: Teller, objective: int) -> tuple[int, int, int, int]:
    level = tell.assessed(Rosh.HIGH, "Low likelihood of harm to others; some to herself.", by="OWEN")
    missed = tell.met("18 May 2018", by="OWEN", outcome="UAAB", note="Did not come and did not ring.")
    call = tell.contact("CTOA", by="OWEN", note="Asked when the next programme session is.")
    tell.on("21 May 2018", "09:30")
    letter = tell.do(take_enforcement_action, by="OWEN", policy=tell.policy, action="EA02", failures=(missed,))
    return missed, letter, call, level


def what_was_thought_on_tuesday(tell: Teller) -> None:
    tell.on("22 May 2018")
    compliance = tell.case_page("/compliance", "OWEN")
    assert [row[1:3] for row in table(compliance, "Failures to attend or comply")] == [["Unacceptable absence", "Unacceptable"]]
    assert "First warning letter sent" in under(compliance, "Enforcement actions")
    assert "High RoSH" in header(tell.case_page("", "OWEN"))
    assert "High RoSH with a CRC since 4 May" in section(tell.my_day("OWEN"), "late")
    # Three meetings; the missed one and the call do not count as purposeful.
    assert tell.counted("purposeful-activity", "OWEN") == (3, 2, 0, 0)
    assert tell.counted("continuity", "OWEN") == (4, 0, 0, 1)


def what_was_put_right(tell: Teller, objective: int, missed: int, letter: int, call: int, level: int) -> None:
    tell.on("23 May 2018")
    came = replace(tell.reads(missed), outcome="ATTC", work=worked_on(objective), note="She was there for an hour.")
    tell.do(withdraw_entry, by="OWEN", entry=letter, reason="The letter was about somebody else’s absence.")
    tell.do(correct_entry, by="OWEN", entry=missed, reads=came, reason="I logged the other Jo’s absence here.")
    tell.do(withdraw_entry, by="OWEN", entry=call, reason="The other Jo rang.")
    tell.on("24 May 2018").do(
        correct_entry, by="OWEN", entry=level, reads=replace(tell.reads(level), level=Rosh.MEDIUM), reason="I clicked the wrong line."
    )


def what_the_pages_say_now(tell: Teller, missed: int, call: int) -> None:
    compliance = tell.case_page("/compliance", "OWEN")
    assert under(compliance, "What the rules make possible next").startswith("Nothing.")
    assert under(compliance, "Failures to attend or comply").startswith("None.")
    assert under(compliance, "Enforcement actions").startswith("Record an enforcement action None recorded. Everything recorded")
    assert "First warning letter" not in under(compliance, "Enforcement actions")

    # Four meetings now, all of them purposeful; the call is no longer hers.
    assert tell.counted("purposeful-activity", "OWEN") == (4, 0, 0, 0)
    assert tell.counted("continuity", "OWEN") == (4, 0, 0, 0)
    assert figure(tell.case_page("", "OWEN"), "Purposeful activity").startswith("100% 4 of 4")
    assert "Medium RoSH" in header(tell.case_page("", "OWEN"))
    assert "High RoSH" not in said(tell.my_day("OWEN").main)
    assert tell.in_team_list()[2] == "Medium RoSH"

    history = said(tell.case_page("/history", "OWEN").main)
    assert "Corrected" in history
    assert "Withdrawn" in history
    assert "I logged the other Jo’s absence here." in history, "why it was corrected stands beside it for whoever reads on"
    entry = said(tell.case_page(f"/entries/{missed}", "OWEN").main)
    assert "Did not come and did not ring." in entry, "the original stays as it was"
    assert "She was there for an hour." in entry
    assert "This entry was withdrawn by entry" in said(tell.case_page(f"/entries/{call}", "OWEN").main)
    assert "The other Jo rang." in history


def what_was_known_on_tuesday(tell: Teller, missed: int, level: int) -> None:
    # The manager's figures as known at the end of 22 May are those that were true for everybody then.
    assert tell.counted_in_team("purposeful-activity", as_known="2018-05-22") == (3, 2, 0, 0)
    assert tell.counted_in_team("continuity", as_known="2018-05-22") == (4, 0, 0, 1)
    assert tell.in_team_list(as_known="2018-05-22")[2] == "High RoSH"
    assert tell.counted_in_team("purposeful-activity") == (4, 0, 0, 0)

    tell.on("29 May 2018")
    tell.inspected("INS-2018-001", CRN)
    tuesday = tell.replay("INS-2018-001", as_known="2018-05-22", entry=missed)
    assert "Unacceptable absence" in said(tuesday.select_one(".app-replay__entry"))
    assert "Corrected" not in said(tuesday.select_one(".app-replay__entry"))
    assert "She was there for an hour." not in said(tuesday.main)
    assert "High RoSH" in said(tuesday.select_one(".app-replay__state"))
    now = tell.replay("INS-2018-001", entry=missed)
    assert "Corrected" in said(now.select_one(".app-replay__entry"))
    assert "She was there for an hour." in said(now.main)
    assert "I clicked the wrong line." in said(tell.replay("INS-2018-001", entry=level).main)
