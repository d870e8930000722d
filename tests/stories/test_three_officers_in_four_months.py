"""Three officers in four months.

Dana was sentenced in July 2018. Siân knew her from before and saw her three times; then Siân left, and for eleven days nobody had the
case. Owen, on duty, saw her once in that time. He then took the case for six weeks, until the caseloads were levelled and Rhys, who
had just come, was given it. On a Friday in between it was the manager who saw her, because Owen was in court. Dana told her story
three times; each of the three did what was asked of them, and that is what the inspector's question about continuity is for.
"""

from uuid import uuid4

from domain.allocation import UNALLOCATED, AllocationReason
from domain.practitioner import Practitioner, leave_team, practitioner_id, register_practitioner
from domain.risk import Rosh
from domain.transfer import hold_handover
from tests.stories.teller import Teller, at, figure, header, said, section, table


def test_three_officers_in_four_months(tell: Teller) -> None:
    with_sian(tell)
    while_nobody_had_the_case(tell)
    with_owen(tell)
    rhys_is_given_the_case(tell)
    what_his_day_said_before_he_saw_her(tell)
    what_the_pages_said_after_four_months(tell)
    what_was_known_at_the_end_of_august(tell)


def with_sian(tell: Teller) -> None:
    tell.on("9 July 2018", "15:00").sentenced("Dana Whitlock", "8 July 2019")
    tell.on("10 July 2018").allocated("SIAN")
    tell.met("13 July 2018", kind="COAI", note="We know each other from last time.")
    tell.assessed(Rosh.MEDIUM, "Shoplifting; argued with a guard.")
    tell.met("27 July 2018", note="Her mother is ill.")
    tell.met("10 August 2018", note="Wants to train as a carer.")
    tell.arranged("24 August 2018")


def while_nobody_had_the_case(tell: Teller) -> None:
    tell.on("17 August 2018", "16:30").allocated(UNALLOCATED, AllocationReason.STAFF)
    tell.record.change(Practitioner, practitioner_id("SIAN"), leave_team, uuid4(), now=tell.now, by="admin")

    tell.on("20 August 2018")
    nobody = table(tell.page("MEERA", "/teams/CF1/to-allocate"), "Cases that nobody holds")
    assert [row[:4] for row in nobody] == [["Dana Whitlock X000001", "Medium RoSH", "17 Aug 2018", "24 Aug 2018"]]
    assert tell.in_team_list()[1] == "Nobody"
    assert "Nobody holds this case in Cardiff, since 17 August 2018 (3 days)" in header(tell.case_page("", "MEERA"))
    assert tell.as_seen_by("OWEN").post("/sign-in", {"staff": "SIAN"}).status_code != 303, "who has left signs in no more"

    tell.on("24 August 2018").contact("COUP", by="OWEN", note="Came for her appointment. Told her that somebody will ring.")


def with_owen(tell: Teller) -> None:
    tell.on("28 August 2018", "09:00").allocated("OWEN", AllocationReason.STAFF)
    day = section(tell.my_day("OWEN"), "late")
    assert "Dana Whitlock" in day, "the meeting of 24 August that Siân had arranged still wants an outcome"
    assert "for Siân Rowlands" in day
    tell.met("7 September 2018", by="OWEN", note="Told me about her mother.")
    tell.met("21 September 2018", by="OWEN", note="Has sent for the forms.")
    tell.on("5 October 2018").contact("COUP", by="MEERA", note="Owen is in court. She has the forms with her.")


def rhys_is_given_the_case(tell: Teller) -> None:
    tell.on("8 October 2018")
    register = {"code": "RHYS", "name": "Rhys Treharne", "team": "CF1", "provider": "C10"}
    tell.record.change(Practitioner, practitioner_id("RHYS"), register_practitioner, uuid4(), now=tell.now, by="admin", **register)
    tell.on("12 October 2018", "12:00").allocated("RHYS", AllocationReason.WORKLOAD, note="Mother ill; wants to train as a carer.")
    tell.do(
        hold_handover, by="OWEN", held_at=at("12 October 2018", "11:00"), from_practitioner="OWEN", to_practitioner="RHYS", three_way=False
    )
    tell.arranged("19 October 2018", practitioner="RHYS")


def what_his_day_said_before_he_saw_her(tell: Teller) -> None:
    tell.on("15 October 2018", "09:00")
    assert "ours since 12 Oct, not seen by you yet" in said(tell.my_day("RHYS").main)
    assert "Friday 19 October: 1 appointment 10am Dana Whitlock" in section(tell.my_day("RHYS"), "next")
    # It was arranged with Siân and took place on duty, but nobody logged what came of it; now it is Rhys who is asked.
    assert "Dana Whitlock" in section(tell.my_day("RHYS"), "late")
    assert "Dana Whitlock" not in said(tell.my_day("OWEN").main)


def what_the_pages_said_after_four_months(tell: Teller) -> None:
    tell.on("19 October 2018")
    tell.outcome(_next_of_rhys(tell), by="RHYS", note="Heard it all again.")
    tell.met("2 November 2018", by="RHYS", note="The college has a place.")

    # Own officer: Siân 3, Owen 2, Rhys 2. Not: Owen on 24 August, when nobody had the case, and Meera on 5 October.
    assert tell.counted("continuity", "RHYS") == (7, 2, 0, 0)
    assert tell.counted_in_team("continuity") == (7, 2, 0, 0)
    overview = tell.case_page("", "RHYS")
    assert figure(overview, "Continuity of relationship").startswith("77.8% 7 of 9")
    # S S S O O O M R R: of eight pairs five have the same officer twice (SS SS OO OO RR).
    assert figure(overview, "Same officer as last time").startswith("62.5% 5 of 8")
    assert figure(overview, "Officers in the last 12 months").startswith("3 ")

    indices = {row[0]: row[1] for row in table(tell.case_page("/measures/continuity", "RHYS"), "Indices of this case")}
    # UPC: 3 of 9. COC: (9 + 9 + 1 + 4 - 9) / (9 x 8) = 14 / 72. HHI: (9 + 9 + 1 + 4) / 81. K: (9 - 4) / 8.
    # MMCI: (1 - 4 / 9.1) / (1 - 1 / 9.1).
    assert indices == {"UPC": "0.33", "SECON": "0.62", "COC": "0.19", "HHI": "0.28", "K": "0.62", "MMCI": "0.63"}

    line = [row[0:1] + row[2:4] + row[5:] for row in table(tell.case_page("/person", "RHYS"), "Who was responsible")]
    assert line == [
        ["Rhys Treharne", "12 Oct 2018", "Now", "Workload"],
        ["Owen Bradley", "28 Aug 2018", "12 Oct 2018", "Officer left or absent"],
        ["Nobody Gap", "17 Aug 2018", "28 Aug 2018", "Officer left or absent"],
        ["Siân Rowlands", "10 Jul 2018", "17 Aug 2018", "Initial allocation"],
        ["Nobody Gap", "9 Jul 2018", "10 Jul 2018", "Initial allocation"],
    ]
    assert tell.in_team_list()[1] == "Rhys Treharne"
    officers = table(tell.page("MEERA", "/teams/CF1"), "Work of each officer")
    assert [(row[0], row[1]) for row in officers] == [("Meera Anand SPO", "0"), ("Owen Bradley PO", "0"), ("Rhys Treharne PO", "1")]


def what_was_known_at_the_end_of_august(tell: Teller) -> None:
    # Siân's three meetings, and the one on duty while nobody had the case.
    assert tell.counted_in_team("continuity", as_known="2018-08-31") == (3, 1, 0, 0)
    assert tell.in_team_list(as_known="2018-08-31")[1] == "Owen Bradley"


def _next_of_rhys(tell: Teller) -> int:
    """The appointment of 19 October, which he arranged when he was given the case."""
    address = tell.page("RHYS", "/my-day").select(".app-person a.govuk-button")[-1]["href"]
    return int(str(address).split("/")[-2])
