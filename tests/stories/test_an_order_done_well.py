"""A 12-month community order with rehabilitation activity and unpaid work, done well.

Kai was sentenced on Monday 5 March 2018: twelve months, ten days of rehabilitation activity and 80 hours of unpaid work. Siân took
the case the next day, saw him that Friday, wrote the plan with him inside three weeks although Easter came in between, and saw him
every week until he was settled and then every month. Once he was ill and said so. He worked every other Saturday, and the one
Saturday when the van did not come cost him nothing. He finished the hours in September and the order in March, with one officer.
"""

from domain import plan, requirement, sentence
from domain.contact import Mode, Purpose, Work
from domain.person import record_details
from domain.plan import ObjectiveEnd, ReviewKind
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.sentence import SentenceEnd
from domain.unpaid_work import Intensive, UpwReview, assess_upw, induct_upw, review_upw
from domain.upw_completion import CompletedBy, complete_upw
from domain.upw_instruction import AcknowledgedBy, InstructionMethod, acknowledge_instruction, instruct_upw
from domain.upw_session import record_upw_attendance
from tests.stories.teller import Teller, at, fact, figure, header, said, section, table, tabs, under, worked_on

RAR, WORK, DRINK, JOB = 3, 4, 10, 11
"""Entry numbers: the two requirements that came with the order (entry 2), and the objectives of the plan."""


def test_an_order_done_well(tell: Teller) -> None:
    the_first_week(tell)
    what_the_pages_said_in_the_first_week(tell)
    the_plan_and_the_start_of_the_work(tell)
    spring(tell)
    what_the_pages_said_in_june(tell)
    summer_to_the_end_of_the_work(tell)
    autumn_and_winter(tell)
    what_my_day_said_of_the_end_to_come(tell)
    the_end(tell)
    what_the_pages_said_when_it_was_over(tell)


# ---- What happened ---------------------------------------------------------------------------------------------------


def the_first_week(tell: Teller) -> None:
    tell.on("5 March 2018", "16:00")
    ordered = ((RequirementKind.RAR, 10), (RequirementKind.UNPAID_WORK, 80))
    assert tell.sentenced("Kai Merrin", "4 March 2019", requirements=ordered) == RAR - 1
    tell.on("6 March 2018").allocated("SIAN")
    first = tell.arranged("9 March 2018", kind="COAI")

    tell.on("8 March 2018")
    assert "No RoSH assessment yet; yours since 6 Mar, not seen by you yet" in section(tell.my_day(), "late")
    assert "Friday 9 March: 1 appointment 10am Kai Merrin , initial appointment" in section(tell.my_day(), "next")
    assert fact(tell.case_page("/plan"), "Initial plan").startswith("Not due yet: no appointment has been kept")

    tell.on("9 March 2018")
    explained = Work(purposes=(Purpose.REVIEW,), requirements=(RAR,))
    assert tell.outcome(first, work=explained, note="Explained the order. Wants to work again.") == first + 1
    tell.assessed(Rosh.MEDIUM, "A fight outside a pub; none before.")
    assert tell.do(plan.set_objective, topic="Drinking less") == DRINK
    assert tell.do(plan.set_objective, topic="Back into work") == JOB
    tell.do(plan.set_pattern, every_days=7, mode=Mode.OFFICE, why="Until the drinking is steady.")
    tell.do(record_details, language="Welsh", needs="Large print")


def what_the_pages_said_in_the_first_week(tell: Teller) -> None:
    # Fifteen working days after 9 March: Good Friday (30 March) and Easter Monday (2 April) do not count.
    assert fact(tell.case_page("/plan"), "Initial plan").startswith("Due by 3 April 2018")
    assert "Plan due" not in said(tell.my_day().main), "it is more than two weeks ahead"
    assert tell.in_team_list()[1:] == ["Siân Rowlands", "Medium RoSH", "Community order", "9 Mar 2018", "None", "9 Sep 2018"]
    assert tabs(tell.case_page()) == ["Overview", "History", "Sentence", "Plan", "Compliance", "Risk", "Unpaid work", "Person"]
    waiting = table(tell.page("MEERA", "/teams/CF1/unpaid-work"), "People who were never instructed")
    assert [row[1:] for row in waiting] == [["Kai Merrin X000001", "Siân Rowlands", "5 Mar 2018", "4 days", "80"]]
    assert fact(tell.case_page("/person"), "Preferred language") == "Welsh"


def the_plan_and_the_start_of_the_work(tell: Teller) -> None:
    tell.on("12 March 2018").do(assess_upw, requirement=WORK, intensive=Intensive.NOT_ELIGIBLE)
    tell.on("14 March 2018").do(induct_upw, requirement=WORK)
    told = tell.do(
        instruct_upw,
        requirement=WORK,
        project="Riverside gardens",
        work_at=at("24 March 2018", "09:00"),
        ends_at=at("24 March 2018", "16:00"),
        method=InstructionMethod.HAND,
    )
    tell.do(acknowledge_instruction, instruction=told, how=AcknowledgedBy.SIGNATURE)
    meeting(tell, "16 March 2018")
    tell.on("20 March 2018").do(plan.complete_plan, policy=tell.policy)


def spring(tell: Teller) -> None:
    meeting(tell, "23 March 2018")
    saturday(tell, "24 March 2018")
    meeting(tell, "29 March 2018")
    meeting(tell, "6 April 2018")
    session(tell, "7 April 2018", "AASD", 0)
    meeting(tell, "13 April 2018", rar="Anger and how it builds up")
    meeting(tell, "20 April 2018", rar="Anger and how it builds up")
    saturday(tell, "21 April 2018")
    meeting(tell, "27 April 2018", rar="What drinking costs")
    tell.do(plan.set_pattern, every_days=28, mode=Mode.OFFICE, why="Drinks at weekends only, and keeps every appointment.")
    saturday(tell, "5 May 2018")
    tell.on("16 May 2018").contact("CTOA", note="Has an interview at the mill.")
    saturday(tell, "19 May 2018")
    meeting(tell, "25 May 2018", rar="Applying for work")
    saturday(tell, "2 June 2018")
    saturday(tell, "16 June 2018")
    tell.on("20 June 2018").contact("CMOB", note="Reminded of Friday.")
    meeting(tell, "22 June 2018", rar="Applying for work")


def summer_to_the_end_of_the_work(tell: Teller) -> None:
    saturday(tell, "30 June 2018")
    saturday(tell, "14 July 2018")
    tell.met("20 July 2018", outcome="AAME", note="Has a doctor's note.")
    following_up = tell.on("23 July 2018").arranged("17 August 2018")
    saturday(tell, "28 July 2018")
    saturday(tell, "11 August 2018")
    tell.on("17 August 2018").outcome(following_up, work=worked_on(DRINK, JOB), note="Well again.")
    tell.do(requirement.credit_rar_day, requirement=RAR, activity="Keeping a job", minutes=60)
    tell.assessed(Rosh.LOW, "No fights, drinks little, works.")
    saturday(tell, "25 August 2018")
    tell.on("5 September 2018").do(review_upw, requirement=WORK, kind=UpwReview.SIX_MONTHS, note="Three hours are left.")
    session(tell, "8 September 2018", "ATTC", 180, offered=180)
    tell.on("10 September 2018").do(complete_upw, requirement=WORK, how=CompletedBy.HOURS)


def autumn_and_winter(tell: Teller) -> None:
    meeting(tell, "14 September 2018", rar="Keeping a job")
    tell.do(plan.review_plan, policy=tell.policy, kind=ReviewKind.ROUTINE, review="Sober, and works at the mill.", with_person=True)
    meeting(tell, "12 October 2018", rar="Money")
    meeting(tell, "9 November 2018", rar="Money")
    meeting(tell, "7 December 2018", rar="Looking ahead")
    meeting(tell, "11 January 2019")
    meeting(tell, "8 February 2019")
    tell.assessed(Rosh.LOW, "Nothing has changed.")


def the_end(tell: Teller) -> None:
    for objective in (DRINK, JOB):
        tell.do(plan.end_objective, objective=objective, how=ObjectiveEnd.ACHIEVED)
    tell.do(plan.review_plan, policy=tell.policy, kind=ReviewKind.FINAL, review="Did all of it.", with_person=True)
    tell.on("4 March 2019", "15:00").do(sentence.end_sentence, sentence=2, how=SentenceEnd.COMPLETED)


def meeting(tell: Teller, words: str, rar: str = "") -> None:
    """Work on both objectives at the office, and a day of rehabilitation activity where one was done."""
    tell.met(words, work=worked_on(DRINK, JOB), note="Talked about the week and the next step.")
    if rar:
        tell.do(requirement.credit_rar_day, requirement=RAR, activity=rar, minutes=60)


def saturday(tell: Teller, words: str) -> None:
    session(tell, words, "ATTC", 420)


def session(tell: Teller, words: str, outcome: str, credited: int, offered: int = 420) -> None:
    tell.on(words, "17:00").do(
        record_upw_attendance,
        requirement=WORK,
        worked_at=at(words, "09:00"),
        outcome=outcome,
        project="Riverside gardens",
        supervisor="D. Hale",
        minutes_offered=offered,
        minutes_credited=credited,
    )


# ---- What the pages said ---------------------------------------------------------------------------------------------


def what_the_pages_said_in_june(tell: Teller) -> None:
    # By 22 June: ten meetings, all of them purposeful. The call that he made was not planned and the reminder went one way.
    assert tell.counted("purposeful-activity") == (10, 2, 0, 0)
    # Ten meetings and the call, all with Siân; the reminder is no meeting.
    assert tell.counted("continuity") == (11, 0, 0, 1)
    assert tell.counted_in_team("purposeful-activity") == (10, 2, 0, 0)
    # What was known at the end of April: the eight meetings from 9 March to 27 April.
    assert tell.counted_in_team("purposeful-activity", as_known="2018-04-30") == (8, 0, 0, 0)

    sentence_tab = tell.case_page("/sentence")
    rows = {row[0]: row[1:3] for row in table(sentence_tab, "Requirements")}
    # Seven hours on each of 24 March, 21 April, 5 and 19 May, 2 and 16 June: 42.
    assert rows["Unpaid work"][0] == "80 hours"
    assert rows["Unpaid work"][1].startswith("42 hours")
    assert rows["Rehabilitation activity"][0] == "10 days"
    assert rows["Rehabilitation activity"][1].startswith("5 days")
    assert figure(sentence_tab, "Days since the last purposeful contact").startswith("0 ")

    work = tell.case_page("/unpaid-work")
    assert figure(work, "Credited") == "42 hours of 80 hours, 38 hours left"
    assert figure(work, "Sessions offered") == "7 6 attended, 0 lost by the person"
    assert figure(work, "Lost by the provider").startswith("1 ")
    assert "behind" not in under(work, "80 hours of unpaid work"), "42 hours in 109 of 365 days are more than an even course asks for"
    assert fact(work, "First instructed") == "14 March 2018, 9 days after the sentence"

    the_plan = tell.case_page("/plan")
    assert fact(the_plan, "Initial plan").startswith("Completed on 20 March 2018 Within 15 working days")
    assert figure(the_plan, "Objectives worked on lately").startswith("2 2 of 2 objectives")
    assert (
        under(tell.case_page("/compliance"), "What the rules make possible next") == "Nothing. Every failure that counts has been answered."
    )
    assert "o next appointment" in said(tell.my_day().main)


def what_my_day_said_of_the_end_to_come(tell: Teller) -> None:
    assert tell.now == at("8 February 2019", "11:00")
    assert "upervision ends 4 Mar" in said(tell.my_day().main), "from four weeks before the end"


def what_the_pages_said_when_it_was_over(tell: Teller) -> None:
    # 17 kept meetings (8 until April, then 25 May, 22 June, 17 August and six more). Not purposeful: the call, the reminder and
    # 20 July, when he was ill.
    assert tell.counted("purposeful-activity") == (17, 3, 0, 0)
    # The 17 meetings and the call; what is left out is the reminder and the meeting that did not take place.
    assert tell.counted("continuity") == (18, 0, 0, 2)
    overview = tell.case_page()
    assert figure(overview, "Purposeful activity").startswith("85% 17 of 20")
    assert figure(overview, "Same officer as last time").startswith("100% 17 of 17")
    assert figure(overview, "Officers in the last 12 months").startswith("1 ")
    assert "Supervision ended on 4 March 2019" in header(overview)

    assert tell.in_team_list() == []
    assert "Kai Merrin" not in said(tell.my_day().main)
    assert "Ended 4 Mar 2019" in said(tell.page("SIAN", "/cases", show="ended").main)
    assert fact(tell.case_page("/sentence"), "Ended") == "4 March 2019 , completed"
    assert fact(tell.case_page("/unpaid-work"), "Ended") == "10 September 2018 , all hours worked"
    assert [row[1] for row in table(tell.case_page("/risk"), "RoSH assessments")] == ["Low RoSH now", "Low RoSH", "Medium RoSH"]
    levels = said(tell.case_page("/service-levels").main)
    assert "Appointment arranged on 9 March 2018" in levels
    assert "Missed, and followed up in time" in levels, "in July he was ill and was given another appointment on the next working day"
    assert "Late or not done" not in levels
