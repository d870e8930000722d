"""Unpaid work that nobody asked for until the week before an inspection.

Three people were sentenced to unpaid work in April and May 2018: Fay, Gwen and Huw. They were assessed in time and told that a letter
would come. None came. In September an inspection of Wales CRC was announced for the first week of October. On Monday 24 September
all three were instructed in one batch, and for Fay a second letter was entered that was said to have gone out in July. Nothing in
this is against a rule, and the record accuses nobody. It says what was known on which day: on the day of the announcement, 167 days
after the first sentence, nobody had been told where to come and when.
"""

from domain.requirement import RequirementKind
from domain.unpaid_work import Intensive, assess_upw
from domain.upw_instruction import InstructedAgain, InstructionMethod, instruct_upw
from domain.upw_session import record_upw_attendance
from tests.stories.teller import CRN, Teller, at, fact, figure, said, table, under

PEOPLE = {CRN: "Fay Ainsworth", "X000002": "Gwen Ballard", "X000003": "Huw Carrick"}
SENTENCED = {CRN: "3 April 2018", "X000002": "17 April 2018", "X000003": "8 May 2018"}
WORK = 3
"""The requirement of unpaid work, in each of the three cases: it follows the case and the order."""


def test_never_instructed_until_the_inspection(tell: Teller) -> None:
    sentenced_and_assessed(tell)
    what_the_pages_said_in_the_summer(tell)
    announced(tell)
    instructed_in_one_batch(tell)
    what_the_team_s_page_says_of_that_day(tell)
    what_the_inspector_sees(tell)
    the_work_begins(tell)


def sentenced_and_assessed(tell: Teller) -> None:
    for crn, words in SENTENCED.items():
        tell.on(words, "15:00")
        tell.sentenced(PEOPLE[crn], "2 April 2019", requirements=((RequirementKind.UNPAID_WORK, 100),), crn=crn)
        tell.later(6).do(assess_upw, by="OWEN", crn=crn, requirement=WORK, intensive=Intensive.NOT_ELIGIBLE)


def what_the_pages_said_in_the_summer(tell: Teller) -> None:
    tell.on("16 July 2018")
    team = tell.page("MEERA", "/teams/CF1/unpaid-work")
    assert figure(team, "Not instructed yet").startswith("3 ")
    waiting = table(team, "People who were never instructed")
    # From 3 and 17 April and 8 May to 16 July: those who wait longest first.
    assert [(row[1].split(" X")[0], row[4]) for row in waiting] == [
        ("Fay Ainsworth", "104 days"),
        ("Gwen Ballard", "90 days"),
        ("Huw Carrick", "69 days"),
    ]
    work = tell.case_page("/unpaid-work", "OWEN")
    first = fact(work, "First instruction")
    # Assessed on 9 April; work should begin within fifteen working days of the ten in which that is due: 9 May.
    assert first.startswith("9 May 2018 Late by 2 months")
    assert "None yet, 104 days after the sentence" in first
    # 100 hours in 365 days: in 104 days 28 hours and a half should have been worked.
    assert "28 hours 29 minutes behind" in fact(work, "Even course")
    assert "Nobody has instructed this person to work yet." in under(work, "Instructions")


def announced(tell: Teller) -> None:
    tell.on("17 September 2018", "10:00")
    tell.inspected("INS-2018-002", *PEOPLE)
    # None of the three has an officer, so none of them is in anybody's day.
    assert "Fay Ainsworth" not in said(tell.my_day("OWEN").main)


def instructed_in_one_batch(tell: Teller) -> None:
    tell.on("24 September 2018", "10:00")
    for crn in PEOPLE:
        tell.do(
            instruct_upw,
            by="OWEN",
            crn=crn,
            requirement=WORK,
            project="Riverside gardens",
            work_at=at("29 September 2018", "09:00"),
            method=InstructionMethod.POST,
            batch="the letters of 24 September",
        )
    tell.do(
        instruct_upw,
        by="OWEN",
        requirement=WORK,
        project="Riverside gardens",
        work_at=at("28 July 2018", "09:00"),
        method=InstructionMethod.POST,
        why=InstructedAgain.OTHER,
        reason="Went out in July, not entered.",
        issued_at=at("16 July 2018"),
    )


def what_the_team_s_page_says_of_that_day(tell: Teller) -> None:
    page = tell.page("MEERA", "/teams/CF1/unpaid-work")
    assert figure(page, "Not instructed yet").startswith("0 ")
    assert table(page, "Instructions by the day on which they were issued") == [
        ["24 Sep 2018", "3", "0", "0", "Letters of 24 September 2018"]
    ]
    assert figure(page, "Behind an even course").startswith("3 ")
    work = tell.case_page("/unpaid-work", "OWEN")
    first = fact(work, "First instructed")
    assert first == "16 July 2018, 104 days after the sentence"
    # The letter said to have gone out in July stands with the day on which it was entered.
    rows = table(work, "Instructions")
    assert any("16 Jul 2018 Recorded 24 Sep 2018" in row[0] for row in rows)


def what_the_inspector_sees(tell: Teller) -> None:
    tell.on("1 October 2018")
    announced = tell.replay("INS-2018-002", at_announcement=1, order="recorded", later=1, step=99)
    # Known on 17 September: the case, the order, the work, the team and the assessment.
    assert "Step 5 of 5" in said(announced.main)
    assert "1 entry about the time before the announcement was recorded later." in said(announced.main)
    later = table(announced, "Recorded later")
    # The July letter: from 16 July to 24 September.
    assert [row[1:] for row in later] == [["16 Jul 2018", "24 Sep 2018", "70"]]
    after = tell.replay("INS-2018-002", order="recorded", step=99)
    assert "Step 7 of 7" in said(after.main)
    assert "After the announcement" in said(after.main)
    assert "Not yet" not in fact(tell.case_page("/unpaid-work", "OWEN"), "First instructed")


def the_work_begins(tell: Teller) -> None:
    for crn, outcome, credited in ((CRN, "ATTC", 420), ("X000002", "ATSS", 60), ("X000003", "UAAB", 0)):
        tell.do(
            record_upw_attendance,
            by="OWEN",
            crn=crn,
            requirement=WORK,
            worked_at=at("29 September 2018", "09:00"),
            outcome=outcome,
            project="Riverside gardens",
            supervisor="D. Hale",
            minutes_offered=420,
            minutes_credited=credited,
        )
    works = {crn: tell.case_page("/unpaid-work", "OWEN", crn) for crn in PEOPLE}
    assert figure(works[CRN], "Credited") == "7 hours of 100 hours, 93 hours left"
    assert figure(works["X000002"], "Lost by the provider").startswith("1 ")
    assert figure(works["X000003"], "Sessions offered") == "1 0 attended, 1 lost by the person"
    # Unpaid work is none of the contacts that the two measures count: nobody has been supervised.
    assert tell.counted("purposeful-activity", "OWEN") == (0, 0, 0, 0)
    assert tell.counted_in_team("continuity") == (0, 0, 0, 0)
    # Nobody was ever made responsible for these three, and the manager's page has said so since April.
    nobody = table(tell.page("MEERA", "/teams/CF1/to-allocate"), "Cases that nobody holds")
    assert [row[0].split(" X")[0] for row in nobody] == list(PEOPLE.values())
    assert "send a warning, or start breach" in said(tell.case_page("/compliance", "OWEN", "X000003").main)
