"""Closed and reopened.

Mo's order ended at the end of June 2018 and his case was closed. In July Owen remembered a visit of June and wrote it up late, which
was in order; that Mo then came by in July could not be recorded, because nothing happens in a closed case. On 17 September Mo was
sentenced again. The same case was opened again, with the same history and the same officer, and a plan of its own to be written; the
eleven weeks in between count for nobody, neither as supervision nor as a gap in it.
"""

import pytest

from domain import plan, sentence
from domain.event import Refused
from domain.plan import ReviewKind
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.sentence import SentenceEnd, SentenceKind
from tests.stories.teller import CRN, Teller, at, day, fact, figure, header, said, section, table, worked_on


def test_closed_and_reopened(tell: Teller) -> None:
    order, objective = the_first_order(tell)
    it_ends(tell, order)
    what_a_closed_case_says(tell)
    what_can_still_be_recorded(tell, objective)
    sentenced_again(tell)
    what_the_pages_say_of_both(tell, order)


def the_first_order(tell: Teller) -> tuple[int, int]:
    tell.on("2 January 2018", "15:00")
    order = tell.sentenced("Mo Sandringham", "29 June 2018")
    tell.on("3 January 2018").allocated("OWEN")
    objective = tell.do(plan.set_objective, by="OWEN", topic="Controlling temper")
    tell.assessed(Rosh.MEDIUM, "Punched a neighbour.", by="OWEN")
    tell.met("8 January 2018", by="OWEN", work=worked_on(objective))
    tell.do(plan.complete_plan, by="OWEN", policy=tell.policy)
    for words in ("5 February 2018", "5 March 2018", "9 April 2018", "8 May 2018"):
        tell.met(words, by="OWEN", work=worked_on(objective))
    return order, objective


def it_ends(tell: Teller, order: int) -> None:
    tell.on("28 June 2018").do(plan.review_plan, by="OWEN", policy=tell.policy, kind=ReviewKind.FINAL, review="Did well.")
    tell.on("29 June 2018", "16:00").do(sentence.end_sentence, by="OWEN", sentence=order, how=SentenceEnd.COMPLETED)


def what_a_closed_case_says(tell: Teller) -> None:
    tell.on("9 July 2018")
    assert tell.in_team_list() == []
    assert "Mo Sandringham" not in said(tell.my_day("OWEN").main)
    assert "Mo Sandringham" not in said(tell.page("OWEN", "/cases").main)
    assert "Ended 29 Jun 2018" in said(tell.page("OWEN", "/cases", show="ended").main)
    overview = tell.case_page("", "OWEN")
    assert "Supervision ended on 29 June 2018" in header(overview)
    assert fact(overview, "Next appointment") == "None. Supervision has ended."
    assert "Log a contact" not in said(overview.main)
    # From 2 January to 29 June 2018 he could be seen on 178 days; in them were five purposeful contacts.
    assert figure(tell.case_page("/sentence", "OWEN"), "Days the person could be seen").startswith("178 178 of 178")


def what_can_still_be_recorded(tell: Teller, objective: int) -> None:
    """A late entry about June is in order, and is marked; a visit in July cannot be one of this case."""
    tell.contact("COUP", by="OWEN", happened=at("14 June 2018"), work=worked_on(objective), note="Came by with his new baby.")
    with pytest.raises(Refused, match="Every sentence in this case has ended"):
        tell.contact("COUP", by="OWEN", happened=at("6 July 2018"), note="Came by.")
    with pytest.raises(Refused, match="Every sentence in this case has ended"):
        tell.arranged("20 July 2018", practitioner="OWEN")
    assert tell.counted("purposeful-activity", "OWEN") == (6, 0, 0, 0)
    latest = table(tell.case_page("/measures/purposeful-activity", "OWEN"), "6 findings")[0]
    assert latest[1] == "14 Jun 2018"
    assert "Recorded late" in latest[2]
    # The manager's figure for the end of June did not know of it.
    assert tell.counted_in_team("purposeful-activity", as_known="2018-06-30") == (5, 0, 0, 0)


def sentenced_again(tell: Teller) -> None:
    tell.on("17 September 2018", "15:00")
    tell.do(
        sentence.start_sentence,
        by="OWEN",
        kind=SentenceKind.SUSPENDED_SENTENCE_ORDER,
        expected_end_on=day("16 September 2019"),
        court="Cardiff",
        requirements=((RequirementKind.RAR, 20),),
    )
    tell.on("18 September 2018", "09:00")
    assert tell.in_team_list()[1:4] == ["Owen Bradley", "Medium RoSH", "Suspended sentence order"]
    due = section(tell.my_day("OWEN"), "late")
    assert "Mo Sandringham" in due
    # His risk was assessed on 3 January and was to be looked at again within six months; nobody did while the case was closed.
    assert "RoSH review was due 3 Jul" in due
    assert "and 1 more" in due, "there is no next appointment"
    the_plan = tell.case_page("/plan", "OWEN")
    assert fact(the_plan, "Initial plan").startswith("Not due yet: no appointment has been kept"), (
        "the plan of the first order does not count"
    )
    assert "Supervision ended" not in header(the_plan)

    new = tell.do(plan.set_objective, by="OWEN", topic="Being a father")
    tell.met("21 September 2018", by="OWEN", work=worked_on(new))
    # Fifteen working days after 21 September.
    assert fact(tell.case_page("/plan", "OWEN"), "Initial plan").startswith("Due by 12 October 2018")
    tell.on("5 October 2018").do(plan.complete_plan, by="OWEN", policy=tell.policy)
    tell.assessed(Rosh.LOW, "No trouble since.", by="OWEN")
    tell.met("12 October 2018", by="OWEN", work=worked_on(new))


def what_the_pages_say_of_both(tell: Teller, order: int) -> None:
    sentence_tab = tell.case_page("/sentence", "OWEN")
    heads = {said(h) for h in sentence_tab.select("h3[id^=sentence-]")}
    assert heads == {"Suspended sentence order In the community", "Community order Ended"}
    # 178 days under the first order and 25 (17 September to 12 October) under the second; the 80 days between are no supervision.
    assert figure(sentence_tab, "Days the person could be seen").startswith("203 203 of 203")
    assert figure(sentence_tab, "Days since the last purposeful contact").startswith("0 ")
    assert tell.counted("purposeful-activity", "OWEN") == (8, 0, 0, 0)
    assert tell.counted("continuity", "OWEN") == (8, 0, 0, 0)
    assert figure(tell.case_page("", "OWEN"), "Officers in the last 12 months").startswith("1 ")
    plans = table(tell.case_page("/plan", "OWEN"), "Objectives of the plan")
    assert {row[0] for row in plans} == {"Controlling temper", "Being a father"}
    assert f"/cases/{CRN}/entries/{order}" in str(sentence_tab)
