"""Cover during sickness.

Siân fell ill on Monday 10 September 2018. Meera asked Owen to stand in for her with Bryn until 28 September; Siân stayed the
responsible officer. Owen found Bryn's appointments in his own day, kept the first and logged the one that Siân had kept and not
written up. When the cover ran out and Siân was still ill, nobody stood in over a weekend; then Owen stood in again, and it ended
early because Siân came back. Bryn saw somebody else twice, for a good reason that the record gives, and he never changed officer.
"""

import pytest

from domain import plan
from domain.cover import CoverReason, end_cover, start_cover
from domain.event import Refused
from domain.risk import Rosh
from tests.stories.teller import Teller, day, figure, said, section, table, under, worked_on


def test_cover_during_sickness(tell: Teller) -> None:
    objective, kept, coming = before_she_fell_ill(tell)
    owen_stands_in(tell)
    his_day_shows_her_case(tell, objective, kept, coming)
    nobody_stands_in_twice(tell)
    when_the_cover_had_run_out(tell)
    she_is_back(tell, objective)
    what_the_pages_said_afterwards(tell)


def before_she_fell_ill(tell: Teller) -> tuple[int, int, int]:
    tell.on("2 July 2018", "15:00").sentenced("Bryn Hathaway", "1 July 2019")
    tell.on("3 July 2018").allocated("SIAN")
    objective = tell.do(plan.set_objective, topic="Keeping the flat")
    tell.assessed(Rosh.MEDIUM, "Threw a brick at a car.")
    for words in ("6 July 2018", "20 July 2018", "3 August 2018", "24 August 2018"):
        tell.met(words, work=worked_on(objective), note="The rent is paid.")
    kept = tell.arranged("7 September 2018")
    coming = tell.arranged("14 September 2018")
    return objective, kept, coming


def owen_stands_in(tell: Teller) -> None:
    tell.on("10 September 2018", "09:00")
    assert "Bryn Hathaway" not in said(tell.my_day("OWEN").main)
    covering(tell, "28 September 2018")
    assert "Owen Bradley for Siân Rowlands, 10 September 2018 to 28 September 2018 (sickness) Covers now" in under(
        tell.case_page("/person", "OWEN"), "Cover"
    )


def covering(tell: Teller, until: str) -> int:
    return tell.do(
        start_cover, by="MEERA", policy=tell.policy, practitioner="OWEN", team="CF1", until=day(until), reason=CoverReason.SICKNESS
    )


def his_day_shows_her_case(tell: Teller, objective: int, kept: int, coming: int) -> None:
    page = tell.my_day("OWEN")
    assert "Bryn Hathaway" in section(page, "late"), "the one that she kept on Friday and could not write up"
    assert "for Siân Rowlands" in section(page, "late")
    assert "Friday 14 September: 1 appointment 10am Bryn Hathaway" in section(page, "next")
    # Siân told him on the phone what had been done on the 7th; it was she who had kept it.
    tell.on("11 September 2018").outcome(kept, by="OWEN", practitioner="SIAN", work=worked_on(objective), note="The landlord came along.")
    tell.on("14 September 2018").outcome(coming, by="OWEN", practitioner="OWEN", work=worked_on(objective), note="Worried about Siân.")
    assert "You cover for Siân Rowlands" in said(tell.my_day("OWEN").main), "there is no next appointment"


def nobody_stands_in_twice(tell: Teller) -> None:
    with pytest.raises(Refused, match="Somebody covers this case already"):
        covering(tell, "5 October 2018")


def when_the_cover_had_run_out(tell: Teller) -> None:
    tell.on("28 September 2018", "17:00")
    assert "Bryn Hathaway" in said(tell.my_day("OWEN").main), "it lasts to the end of its last day"
    tell.on("29 September 2018", "09:00")
    assert "Bryn Hathaway" not in said(tell.my_day("OWEN").main)
    # All the time the manager's list named the officer who was responsible.
    assert tell.in_team_list()[1] == "Siân Rowlands"

    tell.on("1 October 2018", "09:00")
    covering(tell, "19 October 2018")
    tell.on("5 October 2018").contact("COUP", by="OWEN", note="Came by. Siân will be back on Monday.")


def she_is_back(tell: Teller, objective: int) -> None:
    tell.on("8 October 2018", "09:00").do(end_cover, by="MEERA")
    assert "Bryn Hathaway" not in said(tell.my_day("OWEN").main)
    assert "Bryn Hathaway" in said(tell.my_day("SIAN").main)
    tell.met("12 October 2018", work=worked_on(objective), note="Good to see each other.")


def what_the_pages_said_afterwards(tell: Teller) -> None:
    # With Siân: 6 and 20 July, 3 and 24 August, 7 September and 12 October. With Owen, who stood in: 14 September and 5 October.
    assert tell.counted("continuity") == (6, 2, 0, 0)
    findings = table(tell.case_page("/measures/continuity"), "8 findings")
    with_somebody_else = [row[1:2] + row[3:] for row in findings if row[2] == "With somebody else"]
    stood_in = "Held by somebody who stood in for the officer allocated at the time"
    assert with_somebody_else == [["5 Oct 2018", stood_in], ["14 Sep 2018", stood_in]]
    # The visit on 5 October was tied to nothing.
    assert tell.counted("purposeful-activity") == (7, 0, 1, 0)

    overview = tell.case_page()
    assert figure(overview, "Officers in the last 12 months").startswith("1 "), "whoever stands in is no officer of the case"
    # S S S S S O O S: of seven pairs five have the same officer twice.
    assert figure(overview, "Same officer as last time").startswith("71.4% 5 of 7")
    covers = under(tell.case_page("/person"), "Cover")
    assert "10 September 2018 to 28 September 2018 (sickness)" in covers
    assert "1 October 2018 to 8 October 2018 (sickness)" in covers
    assert "Covers now" not in covers
    assert [row[1:3] for row in _late(tell)] == []


def _late(tell: Teller) -> list[list[str]]:
    """Findings that are marked as recorded late: what Owen logged for her came within the days that the policy allows."""
    return [row for row in table(tell.case_page("/measures/purposeful-activity"), "8 findings") if "Recorded late" in row[2]]
