"""Risk rises while a CRC has the case, and the case goes to the National Probation Service.

Ash was sentenced in October 2018 and was thought a medium risk. On 12 November his former partner rang: he had been at her door at
night and broken the glass. Siân noted it, put him on the register, asked the police and assessed him again two days later: high. From
that day the case had no business with a CRC, and the page said so every day until it had gone. The NPS asked one question, decided
within the week, and took the case; the two officers met him together, and only then was the file closed in Cardiff.
"""

from domain import plan
from domain.allocation import AllocationReason
from domain.organisation import ProviderKind
from domain.register import register
from domain.risk import Rosh, SignificantEvent, note_significant_event
from domain.risk_review import ReviewStep, initiate_risk_review, move_risk_review
from domain.safeguarding import Agency, CheckResult, receive_response, request_checks
from domain.transfer import FileItem, accept_transfer, complete_transfer, hold_handover, request_transfer
from tests.stories.teller import CRN, Teller, at, figure, header, said, section, table, under, worked_on


def test_risk_rises_in_a_crc(tell: Teller) -> None:
    objective = a_medium_risk(tell)
    the_night_at_the_door(tell)
    assessed_as_high(tell)
    review = referred_to_the_nps(tell)
    the_nps_decides(tell, review)
    the_case_goes(tell)
    met_together(tell, objective)
    what_the_pages_said_when_it_had_gone(tell)


def a_medium_risk(tell: Teller) -> int:
    tell.on("1 October 2018", "15:00").sentenced("Ash Penrose", "30 September 2019")
    tell.on("2 October 2018").allocated("SIAN")
    tell.met("5 October 2018", kind="COAI", note="Separated in the summer.")
    tell.assessed(Rosh.MEDIUM, "Criminal damage at his former home.")
    objective = tell.do(plan.set_objective, topic="Living apart in peace")
    for words in ("19 October 2018", "2 November 2018"):
        tell.met(words, work=worked_on(objective), note="Calm.")
    return objective


def the_night_at_the_door(tell: Teller) -> None:
    tell.on("12 November 2018", "14:00")
    tell.do(
        note_significant_event,
        kind=SignificantEvent.DOMESTIC_ABUSE,
        note="Broke the glass of her door on Saturday night.",
        happened_at=at("10 November 2018", "23:30"),
    )
    tell.do(register, policy=tell.policy, register="ADVP", note="Her door, 10 November.")
    tell.do(request_checks, agencies=(Agency.POLICE,))
    risk = tell.case_page("/risk")
    # Five working days after Saturday 10 November: Monday 12 to Friday 16.
    due = [row[:2] for row in table(risk, "What is due about the risk")]
    assert due[0][0].startswith("16 November 2018")
    assert [row[0] for row in table(risk, "Registers that the case is on")] == ["Domestic abuse perpetrator"]
    assert "Awaited" in said(risk.find(id="checks").find_next("table"))
    assert "Domestic abuse perpetrator" in header(tell.case_page())
    assert "16 Nov" in said(tell.my_day().main)


def assessed_as_high(tell: Teller) -> None:
    tell.on("14 November 2018", "16:00")
    tell.assessed(Rosh.HIGH, "Goes to her at night and breaks things; she is afraid.")
    tell.on("15 November 2018", "09:00")
    assert "High RoSH with a CRC since 14 Nov" in section(tell.my_day(), "late")
    risk = said(tell.case_page("/risk").main)
    assert "High RoSH with a CRC for less than a day" not in risk
    assert "High RoSH with a CRC for 1 day , since the assessment of 14 November 2018" in risk
    assert "No risk review is under way." in risk
    assert tell.in_team_list()[2] == "High RoSH"


def referred_to_the_nps(tell: Teller) -> int:
    review = tell.do(initiate_risk_review, held_by=ProviderKind.CRC, reason="Goes to her at night.")
    tell.do(move_risk_review, review=review, step=ReviewStep.FORM_COMPLETED)
    assert "The risk review stands at: referral sent to the NPS." in said(tell.case_page("/risk").main)
    return review


def the_nps_decides(tell: Teller, review: int) -> None:
    def step(words: str, what: ReviewStep, note: str = "", by: str = "ALED") -> None:
        tell.on(words).do(move_risk_review, by=by, review=review, step=what, note=note)

    step("16 November 2018", ReviewStep.RECEIVED)
    step("19 November 2018", ReviewStep.INFORMATION_REQUESTED, "What do the police know?")
    assert "the NPS awaits further information" in said(tell.case_page("/risk").main)
    _the_police_answer(tell)
    step("20 November 2018", ReviewStep.INFORMATION_GIVEN, "Two calls to the address in August.", by="SIAN")
    step("21 November 2018", ReviewStep.DECIDED_HIGH, "A pattern, and getting worse.")
    risk = said(tell.case_page("/risk").main)
    assert "The NPS found the case to be high risk: it awaits its transfer." in risk
    assert "High RoSH with a CRC for 7 days" in risk


def _the_police_answer(tell: Teller) -> None:
    tell.on("20 November 2018", "09:00")
    asked = table(tell.case_page("/risk"), "Safeguarding checks")
    assert asked[0][2].startswith("Awaited for 8 days")
    check = int(str(tell.case_page("/risk").select_one("a[href*='/risk/checks/']:not([href$=new])")["href"]).rsplit("/", 1)[1])
    tell.do(receive_response, check=check, result=CheckResult.INFORMATION, note="Two calls to the address in August.")


def the_case_goes(tell: Teller) -> None:
    tell.on("22 November 2018", "09:30")
    tell.do(
        request_transfer,
        by="MEERA",
        to_team="NC1",
        to_provider="N03",
        reason=AllocationReason.RISK,
        note="Found high on 21 November.",
        from_kind=ProviderKind.CRC,
        to_kind=ProviderKind.NPS,
    )
    assert "To NPS Cardiff, asked for on 22 November 2018, awaits an answer" in said(tell.case_page("", "MEERA").main)
    assert "Ash Penrose" in said(tell.page("RUTH", "/transfers").main)
    # Until somebody accepts it, it is Cardiff's: the row stays and Siân is still told that it is high.
    assert tell.in_team_list()[1:3] == ["Siân Rowlands", "High RoSH"]
    tell.on("26 November 2018", "10:00").do(accept_transfer, by="RUTH", team="NC1", practitioner="ALED")


def met_together(tell: Teller, objective: int) -> None:
    meeting = tell.arranged("28 November 2018", practitioner="ALED", kind="C084", second_practitioner="SIAN")
    tell.on("28 November 2018", "11:00").outcome(meeting, by="ALED", work=worked_on(objective), note="Knows why the case moved.")
    tell.do(
        hold_handover, by="ALED", held_at=at("28 November 2018", "10:00"), from_practitioner="SIAN", to_practitioner="ALED", three_way=True
    )
    tell.on("30 November 2018").do(complete_transfer, by="RUTH", team="NC1", file=tuple(FileItem))
    tell.arranged("5 December 2018", practitioner="ALED")
    tell.on("3 December 2018")


def what_the_pages_said_when_it_had_gone(tell: Teller) -> None:
    assert tell.in_team_list() == []
    assert tell.in_team_list("RUTH", "NC1")[1:3] == ["Aled Morgan", "High RoSH"]
    assert "Ash Penrose" not in said(tell.my_day("SIAN").main)
    assert "Wednesday 5 December: 1 appointment 10am Ash Penrose" in section(tell.my_day("ALED"), "next")
    assert "with a CRC" not in said(tell.my_day("ALED").main)
    assert tell.as_seen_by("SIAN").get(f"/cases/{CRN}/risk").status_code == 403, "the case is another team's now"

    # Each contact is its holder's: three with Siân while Cardiff had the case, one with Aled after 26 November.
    assert tell.counted("continuity", "ALED") == (4, 0, 0, 0)
    assert tell.counted_in_team("continuity") == (3, 0, 0, 0)
    assert tell.counted_in_team("continuity", "RUTH", "NC1") == (1, 0, 0, 0)
    # The first meeting was tied to nothing; the two in autumn and the three-way meeting worked on the plan.
    assert tell.counted("purposeful-activity", "ALED") == (3, 0, 1, 0)
    assert figure(tell.case_page("", "ALED"), "Officers in the last 12 months").startswith("2 ")

    line = [row[0:2] + row[5:] for row in table(tell.case_page("/person", "ALED"), "Who was responsible")]
    assert line[:2] == [["Aled Morgan", "NPS Cardiff", "Change of risk"], ["Siân Rowlands", "Cardiff", "Initial allocation"]]
    risk = tell.case_page("/risk", "ALED")
    assert "with a CRC" not in said(risk.main)
    assert "Found to be high risk" in under(risk, "Risk review with the NPS")
    assert [row[1] for row in table(risk, "RoSH assessments")] == ["High RoSH now", "Medium RoSH"]
    # The level was known to Cardiff's manager as medium until the 14th.
    assert tell.in_team_list(as_known="2018-11-13")[2] == "Medium RoSH"
    assert tell.in_team_list(as_known="2018-11-14")[2] == "High RoSH"
