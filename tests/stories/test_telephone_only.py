"""Supervision by telephone only.

Lee was sentenced in June 2018 to twelve months with a programme. Owen saw him once, on 11 June, and then rang him: the team had been
told that low-risk people are rung every three weeks. Each call was planned and each was logged as attended and complied, so the list
looked well kept and Lee had the same officer all along. But after the call of 25 June, in which they worked on his debts, every call
only checked that he was still at his address. By November nobody had looked at him for five months, and the pages say so: the flag is
up, the plan was not kept, and even the contract's own metric, which asks for one appointment face to face a month, was missed.
"""

from domain import plan
from domain.contact import Mode, Purpose, Work
from domain.requirement import RequirementKind
from domain.risk import Rosh
from tests.stories.teller import Teller, fact, figure, said, section, table, under, worked_on

CHECKED = (Purpose.REPORTING,)


def test_telephone_only(tell: Teller) -> None:
    debts = until_the_call_about_the_debts(tell)
    calls_that_check(tell, debts)
    just_before_ninety_days(tell)
    the_autumn(tell, debts)
    what_the_pages_said_in_november(tell)
    no_month_met_the_contract(tell)


def until_the_call_about_the_debts(tell: Teller) -> int:
    tell.on("4 June 2018", "15:00")
    tell.sentenced("Lee Calloway", "3 June 2019", requirements=((RequirementKind.PROGRAMME, 0),))
    tell.on("5 June 2018").allocated("OWEN")
    tell.met("11 June 2018", by="OWEN", kind="COAI", note="Owes money all over.")
    debts = tell.do(plan.set_objective, by="OWEN", topic="Paying off debts")
    tell.do(plan.set_pattern, by="OWEN", every_days=14, mode=Mode.OFFICE, why="To get him to the money adviser.")
    tell.do(plan.complete_plan, by="OWEN", policy=tell.policy)
    tell.assessed(Rosh.LOW, "Never violent.", by="OWEN")
    tell.met("25 June 2018", by="OWEN", kind="COPT", work=worked_on(debts, purpose=Purpose.PRACTICAL), note="Wrote the letters together.")
    return debts


def calls_that_check(tell: Teller, debts: int) -> None:
    for words in ("16 July 2018", "6 August 2018", "28 August 2018"):
        tell.met(words, by="OWEN", kind="COPT", work=Work(purposes=CHECKED, objectives=(debts,)), note="Still at his address.")
    tell.met("17 September 2018", by="OWEN", kind="COPT", note="Fine.")


def just_before_ninety_days(tell: Teller) -> None:
    # 20 September is 87 days after 25 June: the flag goes up at 90, that is on 23 September.
    tell.on("20 September 2018")
    assert figure(tell.case_page("/sentence", "OWEN"), "Days since the last purposeful contact").startswith("87 90 days without")
    # The first meeting was tied to nothing; the call in which debts were worked on counts, because it was planned. Three calls only
    # checked, and of the fourth nobody wrote what it was for.
    assert tell.counted("purposeful-activity", "OWEN") == (1, 3, 2, 0)
    tell.on("23 September 2018")
    assert figure(tell.case_page("/sentence", "OWEN"), "Days since the last purposeful contact").startswith("90 Flagged:")


def the_autumn(tell: Teller, debts: int) -> None:
    tell.on("1 October 2018").contact("CMOB", by="OWEN", note="Ringing you on Monday.")
    tell.on("2 October 2018").contact("CT3B", by="OWEN", note="The landlord says he is there.")
    for words in ("8 October 2018", "29 October 2018"):
        tell.met(words, by="OWEN", kind="COPT", work=Work(purposes=CHECKED, objectives=(debts,)), note="Still at his address.")
    tell.arranged("21 November 2018", practitioner="OWEN", kind="COPT")
    tell.on("20 November 2018")


def what_the_pages_said_in_november(tell: Teller) -> None:
    # Yes: 25 June. No: five calls that checked, and the text. Not evidenced: 11 June and 17 September. The landlord is left out.
    assert tell.counted("purposeful-activity", "OWEN") == (1, 6, 2, 1)
    # The same contacts look perfect here: the meeting and seven calls, every one with his own officer.
    assert tell.counted("continuity", "OWEN") == (8, 0, 0, 2)
    overview = tell.case_page("", "OWEN")
    assert figure(overview, "Purposeful activity").startswith("11.1% 1 of 9")
    assert figure(overview, "Continuity of relationship").startswith("100% 8 of 8")
    assert fact(overview, "Two-way with the person").startswith("29 October 2018")
    assert fact(overview, "Last seen face to face") == "11 June 2018 (5 months ago)"

    sentence_tab = tell.case_page("/sentence", "OWEN")
    # From 25 June to 20 November.
    assert figure(sentence_tab, "Days since the last purposeful contact").startswith("148 Flagged:")

    the_plan = tell.case_page("/plan", "OWEN")
    assert "Not worked on in 90 days" in said(the_plan.main)
    assert figure(the_plan, "Objectives worked on lately").startswith("0 0 of 1 objective")
    # Fortnights from 11 June: 11 have passed by 20 November, and only the first was kept at the office.
    assert "1 of 11 turns that have passed were kept as planned." in under(the_plan, "Planned contact and what happened")

    # In the team's list he is a man with an officer, a date of last contact and a next appointment. His officer's day says what is wrong.
    assert tell.in_team_list()[1:] == ["Owen Bradley", "Low RoSH", "Community order", "29 Oct 2018", "21 Nov 2018", "11 Dec 2018"]
    assert "Lee Calloway Low RoSH Not seen face to face since 11 Jun" in section(tell.my_day("OWEN"), "late")
    assert tell.counted_in_team("purposeful-activity") == (1, 6, 2, 1)


def no_month_met_the_contract(tell: Teller) -> None:
    # June is no whole month of the order. In July, August, September and October nothing was offered face to face.
    months = {row[0]: row[1:] for row in table(tell.case_page("/service-levels", "OWEN"), "Monthly contact")}
    assert months == {
        f"{month} 2018": ["Late or not done", "No face-to-face appointment was offered"]
        for month in ("July", "August", "September", "October")
    }
