"""Licence, post-sentence supervision, and the recall from another licence.

Dev was sent to prison for eight months on 8 January 2018 and released on Friday 4 May, before a bank holiday; Siân saw him on the
next working day. His licence ran out in September and post-sentence supervision began, from which nobody is recalled: a failure goes
to court. In November he was sent down again, for six months, and released on a new licence on 8 February 2019 while the first
supervision still ran. He did not live where he should have, and on 11 March he was recalled.
"""

import pytest

from domain import phase, plan, sentence
from domain.event import Refused
from domain.recall import RecallDecision, decide_recall, request_recall
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.sentence import SentenceKind
from tests.stories.teller import Teller, day, fact, figure, header, said, table, under, worked_on


def test_licence_pss_and_recall(tell: Teller) -> None:
    first = in_prison(tell)
    objective = released_before_a_bank_holiday(tell, first)
    the_licence_runs_out(tell, first, objective)
    nobody_is_recalled_from_pss(tell, first)
    second = in_prison_again(tell, objective)
    recalled(tell, second)
    what_the_pages_said_after_the_recall(tell, first, second)


def in_prison(tell: Teller) -> int:
    tell.on("8 January 2018", "15:00")
    custody = tell.sentenced("Dev Oakhurst", "7 September 2018", kind=SentenceKind.CUSTODIAL)
    tell.on("9 January 2018").allocated("SIAN")
    tell.met("14 March 2018", kind="CPVS", note="Wants to go back to his sister.")
    tell.assessed(Rosh.MEDIUM, "Robbed a shop with others.")
    tell.on("1 May 2018")
    assert "In custody" in header(tell.case_page())
    pace = tell.case_page("/sentence")
    # 113 days under a sentence (8 January to 1 May), on none of which he could have been seen outside.
    assert figure(pace, "Days the person could be seen").startswith("0 0 of 113")
    assert "Release on licence" in said(pace.main)
    return custody


def released_before_a_bank_holiday(tell: Teller, custody: int) -> int:
    first = tell.arranged("8 May 2018")
    tell.on("4 May 2018", "10:00").do(
        phase.release,
        sentence=custody,
        licence_ends_on=day("7 September 2018"),
        prison="HMP Cardiff",
        conditions=((RequirementKind.RESIDENCE, 0), (RequirementKind.DRUG_TESTING, 0)),
    )
    assert "On licence" in header(tell.case_page())
    objective = tell.do(plan.set_objective, topic="Off drugs")
    tell.on("8 May 2018").outcome(first, work=worked_on(objective), note="Lives with his sister.")
    levels = table(tell.case_page("/service-levels"), "First appointment after release")
    # One working day: Monday 7 May is a bank holiday.
    assert [row[1:] for row in levels] == [["In time", "Appointment arranged on 8 May 2018"]]
    for words in ("18 May 2018", "15 June 2018", "13 July 2018", "10 August 2018"):
        tell.met(words, work=worked_on(objective), note="Tested clean.")
    assert fact(tell.case_page("/sentence"), "Licence ends").startswith("7 September 2018")
    return objective


def the_licence_runs_out(tell: Teller, custody: int, objective: int) -> None:
    tell.on("7 September 2018", "09:00").do(phase.begin_pss, sentence=custody, expected_end_on=day("3 May 2019"))
    page = tell.case_page("/sentence")
    assert said(page.find(id=f"sentence-{custody}")) == "Custodial sentence On post-sentence supervision"
    assert {row[3] for row in table(page, "Conditions")} == {"Expired, 7 Sep 2018"}
    phases = fact(page, "Phases")
    assert "In custody from 8 January 2018 to 4 May 2018 (3 months)" in phases
    assert "On licence from 4 May 2018 to 7 September 2018 (4 months)" in phases
    assert "On post-sentence supervision from 7 September 2018" in phases
    assert "Recall" not in fact(page, "What may happen next")
    tell.met("14 September 2018", work=worked_on(objective), note="Knows that it goes on.")
    assert tell.in_team_list()[3] == "Custodial sentence On post-sentence supervision"


def nobody_is_recalled_from_pss(tell: Teller, custody: int) -> None:
    tell.on("12 October 2018")
    with pytest.raises(Refused, match="cannot happen while the person is on post-sentence supervision"):
        tell.do(phase.recall, sentence=custody, reason="Has not been seen.")
    assert "Request recall" not in said(tell.case_page("/compliance").main)


def in_prison_again(tell: Teller, objective: int) -> int:
    tell.on("12 November 2018", "16:00")
    again = tell.do(sentence.start_sentence, kind=SentenceKind.CUSTODIAL, expected_end_on=day("11 May 2019"), court="Newport")
    tell.on("8 February 2019", "10:00").do(
        phase.release, sentence=again, licence_ends_on=day("11 May 2019"), conditions=((RequirementKind.RESIDENCE, 0),)
    )
    tell.met("11 February 2019", work=worked_on(objective), note="In a hostel.")
    return again


def recalled(tell: Teller, again: int) -> None:
    tell.on("8 March 2019", "14:00").do(request_recall, sentence=again, reason="Left the hostel on 2 March; nobody knows where he is.")
    recall = fact(tell.case_page("/compliance"), "Record the decision on recall")
    assert "Recall has been requested: record what was decided." in recall
    tell.on("11 March 2019", "09:00").do(decide_recall, decision=RecallDecision.FIXED_TERM)
    tell.do(phase.recall, sentence=again, reason="Left the hostel.")


def what_the_pages_said_after_the_recall(tell: Teller, first: int, second: int) -> None:
    tell.on("15 March 2019")
    page = tell.case_page("/sentence")
    heads = {str(h["id"]): said(h) for h in page.select("h3[id^=sentence-]")}
    assert heads == {
        f"sentence-{first}": "Custodial sentence On post-sentence supervision",
        f"sentence-{second}": "Custodial sentence Recalled to custody",
    }
    assert "Recalled to custody" in header(page)
    # He could be seen from 4 May to 12 November 2018 (192 days) and from 8 February to 11 March 2019 (31); supervision ran on.
    assert figure(page, "Days the person could be seen").startswith("223 223 of 431")
    # Since the meeting of 11 February: 28 days until the recall, and none after it.
    assert figure(page, "Days since the last purposeful contact").startswith("28 ")
    assert "fixed-term recall" in under(tell.case_page("/compliance"), "Recall")

    # The prison visit was tied to nothing. 8 and 18 May, 15 June, 13 July, 10 August, 14 September and 11 February worked on the plan.
    assert tell.counted("purposeful-activity") == (7, 0, 1, 0)
    assert tell.counted("continuity") == (8, 0, 0, 0)
    assert figure(tell.case_page(), "Officers in the last 12 months").startswith("1 ")
    assert "Dev Oakhurst" in said(tell.page("SIAN", "/cases").main)
    assert tell.in_team_list()[4] == "11 Feb 2019"
    assert "Dev Oakhurst" in said(tell.my_day().main)
