"""The ten jobs that people do most, each written once for every way of working; `docs/clicks.md` says what each costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from playwright.sync_api import Locator, expect

from domain import allocation, appointment
from domain.allocation import UNALLOCATED, AllocationReason
from domain.case import Case, case_id
from domain.enforcement import EnforcementActionTaken
from domain.event import Event
from domain.upw_instruction import InstructionMethod, instruct_upw
from domain.upw_session import UpwAttendanceRecorded
from store.record import Record
from tests.journeys.hands import Mouse
from tests.scenario import Scenario

ALEX, BO, CY, DI, EIRA, FFION, GWEN = (f"X00000{n}" for n in range(1, 8))
GROUP = {"X000011": "Huw Painter", "X000012": "Ifan Digger", "X000013": "Jo Sweeper"}
NOTE = "Ask for the blue file."


def tell(record: Record) -> Scenario:
    """Everything that the ten jobs begin with; each job has people of its own."""
    told = Scenario(record).staff()
    told.case(ALEX, "Alex Missed", began_days_ago=20)
    told.case(BO, "Bo Kept")
    told.case(CY, "Cy Calls")
    told.visit(BO, days_ago=9, note="Talked about the new flat.")
    for day in range(1, 14):
        told.visit(CY, days_ago=day * 3, worker="SIAN" if day % 4 else "OWEN")
    told.do(CY, appointment.record_outcome, appointment=told.appointment(CY, in_hours=-24 * 30), outcome="UAAB")
    for crn, hours in ((ALEX, -50), (BO, -49)):
        told.appointment(crn, in_hours=hours)
    for crn, name in ((DI, "Di Moves"), (EIRA, "Eira Left"), (FFION, "Ffion Left"), (GWEN, "Gwen New")):
        told.case(crn, name, practitioner="OWEN")
    nobody = {"practitioner": UNALLOCATED, "team": "CF1", "provider": "C10", "reason": AllocationReason.STAFF}
    told.do(GWEN, allocation.allocate, **nobody)
    ago = told.in_days(-9)
    for crn, name in GROUP.items():
        told.case(crn, name, practitioner="MEERA", began_days_ago=120)
        told.do(
            crn,
            instruct_upw,
            requirement=3,
            project="Bute Park",
            method=InstructionMethod.HAND,
            issued_at=ago,
            work_at=ago + timedelta(days=3),
        )
    return told


class Job(NamedTuple):
    """Who does it, on which page it begins, how, and whether the record then has it."""

    staff: str
    start: str
    do: Callable[[Mouse], None]
    done: Callable[[Record], bool] = lambda record: True


def last(record: Record, crn: str) -> Event:
    return record.history(case_id(crn), texts=True)[-1].event


def holder(record: Record, crn: str) -> str:
    held = record.state(Case, case_id(crn)).allocation
    return held.practitioner if held else ""


def _line(hand: Mouse, crn: str) -> Locator:
    return hand.page.locator(f"#line-{crn}")


# ---- An officer's --------------------------------------------------------------------------------------------------


def attended(hand: Mouse) -> None:
    line = _line(hand, BO)
    hand.go(hand.named("button", "Log outcome", line))
    if hand.scripts:
        hand.go(hand.named("button", "Attended – complied", line))
        hand.sees("Logged", line)
    else:
        hand.choose(hand.named("radio", "Attended – complied"))
        hand.go(hand.named("button", "Save outcome"))
        hand.sees("Outcome logged")


def failed(hand: Mouse) -> None:
    line = _line(hand, ALEX)
    hand.go(hand.named("button", "Log outcome", line))
    hand.sees("No failures to attend or comply in the last 12 months")
    if hand.scripts:
        hand.go(hand.named("button", "Unacceptable absence", line))
        hand.go(hand.named("button", "First warning letter sent", line))
        hand.sees("Recorded", line)
    else:
        hand.choose(hand.named("radio", "Unacceptable absence"))
        hand.go(hand.named("button", "Save outcome"))
        hand.choose(hand.named("radio", "First warning letter sent"))
        hand.go(hand.named("button", "Save action"))
        hand.sees("Enforcement action recorded")


def past_visit(hand: Mouse) -> None:
    hand.go(hand.named("button", "Log a contact"))
    day = hand.page.locator("#occurred_at")
    today = day.input_value()

    def which_kind() -> None:
        hand.choose(hand.named("radio", "Unplanned contact from the person"))

    def yesterday() -> None:
        hand.go(hand.named("link", "It was yesterday"))
        expect(day).not_to_have_value(today)

    # Without scripts the form is loaded anew for it, so it comes before what is chosen there.
    for step in (which_kind, yesterday) if hand.scripts else (yesterday, which_kind):
        step()
    hand.go(hand.named("button", "Save contact"))
    hand.sees("Contact recorded")


def telephone(hand: Mouse) -> None:
    hand.go(hand.named("button", "Log a contact"))
    hand.choose(hand.named("radio", "Phone call to the person"))
    hand.go(hand.named("button", "Save contact"))
    hand.sees("Contact recorded")


def last_note(hand: Mouse) -> None:
    hand.go(hand.named("link", "Last note and more", _line(hand, BO)))
    hand.reads("Talked about the new flat.")


def not_complied(hand: Mouse) -> None:
    hand.go(hand.named("link", "Not complied in 12 months"))
    hand.sees("Show everything")
    assert hand.page.locator(".moj-timeline__item").count() == 1


# ---- A manager's ---------------------------------------------------------------------------------------------------


def allocate(hand: Mouse) -> None:
    hand.go(hand.page.locator("main").get_by_role("link", name=hand.say("1 case that nobody holds")))
    hand.go(hand.named("button", "Allocate to Owen Bradley"))
    hand.sees("Gwen New is now with Owen Bradley.")


def reallocate(hand: Mouse) -> None:
    hand.go(hand.page.locator('main a[href$="/allocate"]').first)
    hand.choose(hand.named("radio", "Workload"))
    hand.go(hand.named("button", "Choose", hand.page.locator("[data-officer=SIAN]")))
    hand.sees("Di Moves is now with Siân Rowlands.")


def leaver(hand: Mouse) -> None:
    hand.go(hand.page.locator('main a[href$="/leaver/OWEN"]'))
    hand.write(hand.named("textbox", "Handover note"), NOTE)
    hand.go(hand.named("button", "Continue"))
    hand.sees("Check who takes which case")
    hand.go(hand.page.locator("main form button").first)
    hand.sees("3 cases of Owen Bradley moved. They have left the team.")


def session(hand: Mouse) -> None:
    hand.go(hand.named("link", "Unpaid work", hand.page.locator("main")))
    hand.go(hand.person("Bute Park"))
    hand.go(hand.named("button", "Save the sheet"))
    hand.sees("Session saved for 3 people")


def behind_a_rate(hand: Mouse) -> None:
    row = hand.page.get_by_role("row").filter(has=hand.page.get_by_role("link", name="Siân Rowlands", exact=True))
    hand.go(row.last.locator('a[href*="continuity"]'))
    hand.sees("Left out")
    expect(hand.page.locator("main section tbody tr")).not_to_have_count(0)


def _recorded(crn: str, kind: str) -> Callable[[Record], bool]:
    return lambda record: getattr(last(record, crn), "kind", "") == kind


JOBS = {
    "Log that somebody attended": Job("SIAN", "/my-day", attended, lambda r: getattr(last(r, BO), "outcome", "") == "ATTC"),
    "Log a failure to attend, and the warning letter": Job(
        "SIAN", "/my-day", failed, lambda r: isinstance(last(r, ALEX), EnforcementActionTaken)
    ),
    "Record a past visit that was not planned": Job("SIAN", f"/cases/{CY}", past_visit, _recorded(CY, "COUP")),
    "Log a phone call": Job("SIAN", f"/cases/{CY}", telephone, _recorded(CY, "CTOB")),
    "Read the last note before a meeting": Job("SIAN", "/my-day", last_note),
    "Show what was not complied with in 12 months": Job("SIAN", f"/cases/{CY}", not_complied),
    "Allocate a new case": Job("MEERA", "/teams/CF1", allocate, lambda r: holder(r, GWEN) == "OWEN"),
    "Give a case to another officer, with the reason": Job("MEERA", f"/cases/{DI}", reallocate, lambda r: holder(r, DI) == "SIAN"),
    "Hand over a leaver’s whole caseload": Job(
        "MEERA", "/teams/CF1", leaver, lambda r: all(holder(r, crn) not in ("OWEN", "") for crn in (EIRA, FFION, GWEN))
    ),
    "Record a group’s session of unpaid work": Job(
        "MEERA", "/teams/CF1", session, lambda r: all(isinstance(last(r, crn), UpwAttendanceRecorded) for crn in GROUP)
    ),
    "See the events behind an officer’s rate": Job("MEERA", "/teams/CF1", behind_a_rate),
}
"""By what each is called in the table, in its order."""
