"""Breach and resentence.

Sam was sentenced in July 2018 to twelve months with 15 days of rehabilitation activity. He missed an appointment on 3 August and was
warned. On 14 September he missed another and said that he had been ill; no note came, and on 20 September Siân decided that he had
no good reason. From that day eight working days ran. She referred it on the 28th, the NPS sent it back because the warning was not
in it, she mended it on the 2nd of October and Aled took it to court two days later. The court revoked the order on the 22nd and
passed a suspended sentence instead, and what had been counted against the first order counts no more.
"""

from domain import plan
from domain.breach import BreachOutcome, Route
from domain.breach_steps import conclude_breach, present_breach, refer_breach, return_breach
from domain.enforcement import take_enforcement_action
from domain.evidence import Evidence, await_evidence, decide_evidence
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.sentence import SentenceKind, resentence
from tests.stories.teller import Teller, day, fact, figure, said, section, table, under, worked_on


def test_breach_and_resentence(tell: Teller) -> None:
    order, objective = the_order(tell)
    first = missed_and_warned(tell, objective)
    second = missed_again(tell)
    the_clock_runs(tell)
    refer(tell, order, (first, second), "28 September 2018")
    sent_back_and_mended(tell, order, (first, second))
    to_court(tell)
    new = resentenced(tell, order)
    what_the_pages_said_afterwards(tell, order, new)


def the_order(tell: Teller) -> tuple[int, int]:
    tell.on("2 July 2018", "15:00")
    order = tell.sentenced("Sam Ellery", "1 July 2019", requirements=((RequirementKind.RAR, 15),))
    tell.on("3 July 2018").allocated("SIAN")
    objective = tell.do(plan.set_objective, topic="Getting up and out")
    tell.met("6 July 2018", kind="COAI", work=worked_on(objective))
    tell.do(plan.complete_plan, policy=tell.policy)
    tell.assessed(Rosh.MEDIUM, "Burglary at night.")
    tell.met("20 July 2018", work=worked_on(objective))
    return order, objective


def missed_and_warned(tell: Teller, objective: int) -> int:
    missed = tell.met("3 August 2018", outcome="UAAB", note="Overslept.")
    compliance = tell.case_page("/compliance")
    # Five working days after Friday 3 August.
    assert "send a warning, or start breach. By 10 August 2018" in fact(compliance, "Send a warning")
    tell.on("6 August 2018").do(take_enforcement_action, policy=tell.policy, action="EA02", failures=(missed,))
    assert "Nothing." in under(tell.case_page("/compliance"), "What the rules make possible next")
    tell.met("17 August 2018", work=worked_on(objective), note="Has an alarm clock.")
    return missed


def missed_again(tell: Teller) -> int:
    missed = tell.met("14 September 2018", outcome="AFTA", note="Says that he was ill.")
    tell.do(await_evidence, policy=tell.policy, failure=missed)
    words = "A reason for the failure of 14 September 2018 is awaited until 21 September 2018."
    assert words in fact(tell.case_page("/compliance"), "Decide on the reason")
    assert "Reason for a failure awaited" in said(tell.my_day().main)
    tell.on("20 September 2018").do(
        decide_evidence,
        policy=tell.policy,
        failure=missed,
        evidence=Evidence.NOTHING,
        accepted=False,
        reason="No note, and he was seen in town.",
    )
    return missed


def the_clock_runs(tell: Teller) -> None:
    # Aware on Thursday 20 September; the eighth working day after it is Tuesday 2 October.
    refer = fact(tell.case_page("/compliance"), "Start breach")
    assert "An unacceptable failure on 14 September 2018 within 12 months of the warning of 6 August 2018" in refer
    assert "By 2 October 2018" in refer
    day_of_sian = section(tell.my_day(), "next")
    assert "2 Oct Sam Ellery Medium RoSH Breach to be started, by 2 Oct" in day_of_sian


def refer(tell: Teller, order: int, failures: tuple[int, int], words: str) -> None:
    tell.on(words).do(
        refer_breach,
        policy=tell.policy,
        route=Route.CRC,
        sentences=(order,),
        failures=failures,
        became_aware_on=day("20 September 2018"),
        reason="Missed 3 August and 14 September; warned on 6 August.",
    )


def sent_back_and_mended(tell: Teller, order: int, failures: tuple[int, int]) -> None:
    tell.on("1 October 2018", "15:00").do(return_breach, by="ALED", reason="The warning letter is not attached.")
    again = fact(tell.case_page("/compliance"), "Refer again")
    assert "By 2 October 2018" in again
    assert "Late" not in again
    # The referral leads the line of somebody who has not been seen for too long, so it stands with what is late.
    assert "2 Oct Sam Ellery Medium RoSH Returned breach to be referred again, by 2 Oct" in section(tell.my_day(), "late")
    tell.on("3 October 2018", "09:00")
    assert "Late by 1 day" in fact(tell.case_page("/compliance"), "Refer again")
    assert "Returned breach to be referred again, was due 2 Oct" in section(tell.my_day(), "late")
    refer(tell, order, failures, "3 October 2018")
    # Two working days after the referral that was taken.
    assert "By 5 October 2018" in fact(tell.case_page("/compliance"), "Present to court")


def to_court(tell: Teller) -> None:
    tell.on("4 October 2018").do(present_breach, by="ALED", court="Cardiff Magistrates", hearing_on=day("22 October 2018"))
    compliance = tell.case_page("/compliance")
    assert fact(compliance, "State") == "Presented"
    assert "Cardiff Magistrates, hearing on 22 October 2018" in fact(compliance, "Presented")
    assert "The breach is before the court" in fact(compliance, "Record the outcome of the breach")


def resentenced(tell: Teller, order: int) -> int:
    tell.on("22 October 2018", "15:00").do(conclude_breach, by="ALED", outcome=BreachOutcome.RESENTENCED)
    new = tell.do(
        resentence,
        by="SIAN",
        sentence=order,
        kind=SentenceKind.SUSPENDED_SENTENCE_ORDER,
        expected_end_on=day("21 April 2020"),
        court="Cardiff Magistrates",
        requirements=((RequirementKind.RAR, 20), (RequirementKind.CURFEW, 3)),
    )
    return new + 1  # the end of the one is the first entry, the beginning of the other the second


def what_the_pages_said_afterwards(tell: Teller, order: int, new: int) -> None:
    tell.on("23 October 2018")
    sentence_tab = tell.case_page("/sentence")
    heads = {str(h["id"]): said(h) for h in sentence_tab.select("h3[id^=sentence-]")}
    assert heads == {
        f"sentence-{order}": "Community order Ended",
        f"sentence-{new}": "Suspended sentence order In the community",
    }
    assert "22 October 2018 , revoked and resentenced" in said(sentence_tab.main)
    assert "replacing an earlier sentence" in said(sentence_tab.main)
    assert tell.in_team_list()[3] == "Suspended sentence order"

    compliance = tell.case_page("/compliance")
    assert under(compliance, "What the rules make possible next").startswith("Nothing.")
    assert "Breach of 3 October 2018 : concluded on 22 October 2018, order revoked and resentenced" in under(compliance, "Breach")
    assert [row[3] for row in table(compliance, "Failures to attend or comply")] == [
        "Breach , concluded",
        "First warning letter sent , 6 Aug 2018 Breach , concluded",
    ]
    due = said(tell.my_day().main)
    assert "Breach" not in due
    assert "No next appointment" in said(tell.case_page("/in-brief").main)

    # Kept and tied to the plan: 6 and 20 July, 17 August. Missed: 3 August and 14 September, which continuity leaves out.
    assert tell.counted("purposeful-activity") == (3, 2, 0, 0)
    assert tell.counted("continuity") == (3, 0, 0, 2)
    assert figure(sentence_tab, "Days the person could be seen").startswith("113 113 of 113"), "2 July to 23 October, without a break"

    # The ladder begins again: what the court dealt with is no warning for the new sentence.
    missed = tell.met("2 November 2018", outcome="UAAB", note="Did not come.")
    assert "no warning in the 12 months before it: send a warning" in fact(tell.case_page("/compliance"), "Send a warning")
    tell.do(take_enforcement_action, policy=tell.policy, action="EA02", failures=(missed,))

    levels = tell.case_page("/service-levels")
    # Aware on 20 September: eight working days to refer. Referred to the NPS again on 3 October: two to present.
    assert [row[1:] for row in table(levels, "Breach referred by a CRC")] == [["In time", "Referred to the NPS on 28 September 2018"]]
    assert [row[1:] for row in table(levels, "Breach of a CRC presented by the NPS")] == [
        ["In time", "Presented to court on 4 October 2018"]
    ]
    # In September he was asked for his reason on the day on which he stayed away. In October he was offered no appointment.
    months = {row[0]: row[2] for row in table(levels, "Monthly contact")}
    assert months["August 2018"] == "One was attended on 17 August 2018"
    assert months["September 2018"] == "Missed, and followed up in time on 14 September 2018"
    assert months["October 2018"] == "No face-to-face appointment was offered"
