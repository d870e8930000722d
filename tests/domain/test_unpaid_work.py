"""Unpaid work: lawful hours, assessment and induction, suspension, reviews, more time from the court, and its end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.case import open_case
from domain.entry import correct_entry, withdraw_entry
from domain.event import Event
from domain.requirement import RequirementEnd, RequirementKind, amend_requirement, end_requirement, impose_requirement
from domain.sentence import SentenceKind, start_sentence
from domain.unpaid_work import (
    Intensive,
    UpwAssessed,
    UpwExtended,
    UpwInducted,
    UpwReview,
    UpwReviewed,
    assess_upw,
    ete_minutes_most,
    extend_upw,
    induct_upw,
    review_upw,
    twelve_month_day,
)
from domain.upw_completion import CompletedBy, UpwCompleted, complete_upw
from domain.upw_instruction import AcknowledgedBy, InstructionAcknowledged, InstructionKind, InstructionMethod, UpwInstructed
from domain.upw_session import record_upw_attendance
from domain.upw_suspension import SuspendedBecause, UpwResumed, UpwSuspended, resume_upw, suspend_upw
from tests.rules import (
    A_SECOND,
    BEGAN,
    NEXT,
    NOW,
    RAR,
    SENTENCE,
    TOMORROW,
    UNPAID_WORK,
    YESTERDAY,
    Command,
    did,
    given,
    in_words,
    supervised,
)

LIFE = {
    assess_upw: "assessed_at",
    induct_upw: "inducted_at",
    suspend_upw: "suspended_at",
    review_upw: "reviewed_at",
    extend_upw: "extended_at",
    complete_upw: "completed_at",
}
"""What can happen to a requirement at any time while it is to be worked, and the name of when."""
ENOUGH = [did(record_upw_attendance, at=NOW, minutes_offered=1200, minutes_credited=1200)] * 4
"""The 80 hours ordered."""


def order(*hours: int) -> Any:
    return given(did(open_case)).when(start_sentence, requirements=tuple((RequirementKind.UNPAID_WORK, n) for n in hours))


@pytest.mark.parametrize("hours", [(40,), (300,), (80,), (150, 150), (40, 40, 40)], ids=str)
def test_a_court_orders_between_40_and_300_hours(hours: tuple[int, ...]) -> None:
    assert order(*hours).events


@pytest.mark.parametrize("hours", [(0,), (39,), (301,), (150, 151), (39, 80)], ids=str)
def test_fewer_or_more_hours_are_not_lawful(hours: tuple[int, ...]) -> None:
    order(*hours).refused("Hours of unpaid work must be between 40 and 300 in all.", "requirements")


@pytest.mark.parametrize(("hours", "lawful"), [(19, False), (20, True), (60, True), (61, False)])
def test_a_supervision_default_order_has_fewer_hours(hours: int, lawful: bool) -> None:
    answer = given(did(open_case)).when(
        start_sentence, kind=SentenceKind.SUPERVISION_DEFAULT_ORDER, requirements=((RequirementKind.UNPAID_WORK, hours),)
    )
    if lawful:
        assert answer.events
    else:
        answer.refused("Hours of unpaid work must be between 20 and 60 in all.", "requirements")


@pytest.mark.parametrize(("hours", "lawful"), [(19, False), (20, True), (39, True), (300, True), (301, False)])
def test_a_court_that_deals_with_a_breach_may_order_fewer_hours(hours: int, lawful: bool) -> None:
    answer = supervised().when(impose_requirement, sentence=SENTENCE, kind=RequirementKind.UNPAID_WORK, amount=hours)
    if lawful:
        assert answer.event.amount == hours
    else:
        answer.refused("Hours of unpaid work must be between 20 and 300 in all.", "amount")


@pytest.mark.parametrize(("hours", "lawful"), [(19, False), (20, True), (300, True), (301, False)])
def test_a_court_changes_the_hours_to_lawful_ones(hours: int, lawful: bool) -> None:
    answer = supervised().when(amend_requirement, requirement=UNPAID_WORK, amount=hours)
    if lawful:
        assert answer.event.amount == hours
    else:
        answer.refused("Hours of unpaid work must be between 20 and 300 in all.", "amount")


def test_a_court_does_not_order_fewer_hours_than_were_credited() -> None:
    case = supervised(*ENOUGH[:3])
    assert case.when(amend_requirement, requirement=UNPAID_WORK, amount=60).events
    case.when(amend_requirement, requirement=UNPAID_WORK, amount=59).refused(
        "3,600 minutes have been credited already, so no fewer can be ordered.", "amount"
    )


def test_hours_that_a_court_has_changed_are_the_hours_to_be_worked() -> None:
    case = supervised(*ENOUGH[:3], did(amend_requirement, at=NOW, requirement=UNPAID_WORK, amount=60))
    assert case.when(complete_upw, how=CompletedBy.HOURS).events
    case.when(record_upw_attendance, minutes_credited=1).refused(
        "Only 0 minutes of the 60 hours ordered are left to credit.", "minutes_credited"
    )


@pytest.mark.parametrize("how", RequirementEnd)
def test_the_requirement_is_not_completed_before_every_hour_is_credited(how: RequirementEnd) -> None:
    answer = supervised().when(end_requirement, requirement=UNPAID_WORK, how=how)
    if how is RequirementEnd.COMPLETED:
        answer.refused("4,800 minutes are still to be worked. Only the court can end the work before that.", "how")
        assert supervised(*ENOUGH).when(end_requirement, requirement=UNPAID_WORK, how=how).events
    else:
        assert answer.events


def test_nothing_more_is_done_for_a_requirement_that_has_ended() -> None:
    ended = did(end_requirement, at=NOW, requirement=UNPAID_WORK, how=RequirementEnd.REVOKED)
    supervised(ended).when(assess_upw).refused("This unpaid work ended on 12 March 2026.", "requirement")


def test_a_sentence_without_unpaid_work_says_nothing_of_hours() -> None:
    assert given(did(open_case)).when(start_sentence, requirements=((RequirementKind.RAR, 5),)).events


def test_the_work_is_to_be_done_within_twelve_months() -> None:
    assert twelve_month_day(datetime(2026, 1, 12, 10, tzinfo=UTC)) == date(2027, 1, 12)
    assert twelve_month_day(datetime(2025, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("ordered", "on", "most"),
    [(4800, date(2026, 1, 12), 1440), (4800, date(2019, 1, 12), 960), (2400, date(2021, 6, 26), 720), (2400, date(2021, 6, 25), 480)],
)
def test_the_share_for_education_training_and_employment_depends_on_when_the_work_was_ordered(ordered: int, on: date, most: int) -> None:
    assert ete_minutes_most(ordered, datetime(on.year, on.month, on.day, 12, tzinfo=UTC)) == most


# At any time ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", LIFE, ids=in_words)
@pytest.mark.parametrize("requirement", [RAR, 99], ids=["rehabilitation activity", "no requirement"])
def test_it_is_about_an_unpaid_work_requirement(command: Command, requirement: int) -> None:
    supervised().when(command, requirement=requirement).refused("Select the unpaid work requirement.", "requirement")


@pytest.mark.parametrize("command", LIFE, ids=in_words)
def test_it_does_not_happen_before_the_work_was_ordered(command: Command) -> None:
    when = {LIFE[command]: BEGAN - timedelta(days=1)}
    supervised().when(command, **when).refused("The work was ordered on 12 January 2026. Enter a day from then on.", LIFE[command])
    assert supervised().when(command, **{LIFE[command]: BEGAN}).events


@pytest.mark.parametrize("command", [*LIFE, resume_upw], ids=in_words)
def test_it_does_not_happen_once_the_work_has_ended(command: Command) -> None:
    supervised(did(complete_upw, at=NOW)).when(command).refused("This unpaid work ended on 12 March 2026.", "requirement")


# Assessment and induction ---------------------------------------------------------------------------------------------


def test_a_person_is_assessed_for_work_that_suits_them() -> None:
    event = supervised().when(assess_upw, intensive=Intensive.YES, note="Bad back.").event
    assert isinstance(event, UpwAssessed)
    assert (event.requirement, event.intensive, event.note) == (UNPAID_WORK, Intensive.YES, "Bad back.")


def test_a_person_may_be_assessed_again() -> None:
    assert supervised(did(assess_upw)).when(assess_upw).events


def test_a_person_is_inducted() -> None:
    event = supervised().when(induct_upw, in_group=True, note="With six others.").event
    assert isinstance(event, UpwInducted)
    assert (event.requirement, event.in_group, event.note) == (UNPAID_WORK, True, "With six others.")


# Suspension -----------------------------------------------------------------------------------------------------------


def test_work_is_suspended_for_a_reason_and_resumed() -> None:
    case = supervised()
    event = case.when(suspend_upw, because=SuspendedBecause.HEALTH, note="Operation.").event
    assert isinstance(event, UpwSuspended)
    assert (event.because, event.note) == (SuspendedBecause.HEALTH, "Operation.")
    case.then(suspend_upw, suspended_at=YESTERDAY)
    assert isinstance(case.when(resume_upw, note="Well again.").event, UpwResumed)
    case.then(resume_upw)
    assert case.when(suspend_upw).events


def test_work_is_suspended_once_at_a_time() -> None:
    supervised(did(suspend_upw)).when(suspend_upw).refused("The work is suspended already.", "requirement")


@pytest.mark.parametrize("because", SuspendedBecause)
def test_another_reason_to_suspend_is_given_in_words(because: SuspendedBecause) -> None:
    answer = supervised().when(suspend_upw, because=because)
    if because is SuspendedBecause.OTHER:
        answer.refused("Enter why the work is suspended.", "note")
        assert supervised().when(suspend_upw, because=because, note="Jury service.").events
    else:
        assert answer.events


def test_only_suspended_work_is_resumed() -> None:
    supervised().when(resume_upw).refused("The work is not suspended.", "requirement")


def test_work_is_not_resumed_before_it_was_suspended() -> None:
    case = supervised(did(suspend_upw, at=NOW, suspended_at=YESTERDAY))
    case.when(resume_upw, resumed_at=YESTERDAY - A_SECOND).refused(
        "The work was suspended on 11 March 2026. Enter a later time.", "resumed_at"
    )
    assert case.when(resume_upw, resumed_at=YESTERDAY).events


@pytest.mark.parametrize(("command", "when"), [(suspend_upw, "suspended_at"), (complete_upw, "completed_at")], ids=["suspended", "ended"])
def test_work_is_neither_suspended_nor_ended_before_a_session_that_was_credited(command: Command, when: str) -> None:
    case = supervised(did(record_upw_attendance, at=NOW, worked_at=YESTERDAY))
    case.when(command, **{when: YESTERDAY - A_SECOND}).refused(
        "Minutes were credited for 11 March 2026. Enter a later time, or correct that session first.", when
    )
    assert case.when(command, **{when: YESTERDAY}).events
    absent = supervised(did(record_upw_attendance, at=NOW, worked_at=YESTERDAY, outcome="UAAB", minutes_credited=0))
    assert absent.when(command, **{when: YESTERDAY - A_SECOND}).events


# Reviews --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suspended", [False, True], ids=["going on", "suspended"])
@pytest.mark.parametrize("kind", UpwReview)
def test_the_work_is_reviewed(kind: UpwReview, suspended: bool) -> None:
    answer = supervised(*([did(suspend_upw)] if suspended else [])).when(review_upw, kind=kind)
    if kind is UpwReview.SUSPENSION and not suspended:
        answer.refused("The work is not suspended, so there is no suspension to review.", "kind")
    else:
        assert isinstance(answer.event, UpwReviewed)
        assert (answer.event.kind, answer.event.note) == (kind, "Works well.")


@pytest.mark.parametrize("kind", UpwReview)
def test_the_six_and_nine_month_reviews_are_held_once(kind: UpwReview) -> None:
    answer = supervised(did(suspend_upw), did(review_upw, kind=kind)).when(review_upw, kind=kind)
    if kind in (UpwReview.SIX_MONTHS, UpwReview.NINE_MONTHS):
        answer.refused(f"The {kind} has been recorded already.", "kind")
    else:
        assert answer.events


@pytest.mark.parametrize("note", ["", "  "], ids=["empty", "blank"])
def test_a_review_says_what_it_found(note: str) -> None:
    supervised().when(review_upw, note=note).refused("Enter what the review found.", "note")


# More time ------------------------------------------------------------------------------------------------------------


def test_a_court_gives_more_time() -> None:
    event = supervised().when(extend_upw, court=" Cardiff Crown Court ").event
    assert isinstance(event, UpwExtended)
    assert (event.until, event.court) == (date(2027, 7, 12), "Cardiff Crown Court")


@pytest.mark.parametrize("until", [date(2027, 1, 12), date(2026, 1, 1)], ids=["the twelve months", "earlier"])
def test_more_time_is_more_than_twelve_months(until: date) -> None:
    supervised().when(extend_upw, until=until).refused("The new day must be after 12 January 2027.", "until")


def test_more_time_lies_ahead_of_the_court_that_gives_it() -> None:
    late = datetime(2027, 5, 4, 10, tzinfo=UTC)
    supervised().when(extend_upw, now=late, until=date(2027, 5, 4)).refused("The new day must be after 4 May 2027.", "until")
    assert supervised().when(extend_upw, now=late, until=date(2027, 5, 5)).events


def test_the_latest_extension_holds_and_changes_something() -> None:
    case = supervised(did(extend_upw))
    case.when(extend_upw).refused("The work may be done until that day already.", "until")
    assert case.when(extend_upw, until=date(2027, 3, 1)).events


@pytest.mark.parametrize("court", ["", "  "], ids=["empty", "blank"])
def test_an_extension_names_the_court(court: str) -> None:
    supervised().when(extend_upw, court=court).refused("Enter the court that gave more time.", "court")


# The end --------------------------------------------------------------------------------------------------------------


def test_the_work_is_complete_when_every_hour_is_credited() -> None:
    event = supervised(*ENOUGH).when(complete_upw, how=CompletedBy.HOURS, note="Certificate sent.").event
    assert isinstance(event, UpwCompleted)
    assert (event.how, event.note) == (CompletedBy.HOURS, "Certificate sent.")


def test_the_work_is_not_complete_before_every_hour_is_credited() -> None:
    supervised(*ENOUGH[:3]).when(complete_upw, how=CompletedBy.HOURS).refused(
        "1,200 minutes are still to be worked. Only the court can end the work before that.", "how"
    )


@pytest.mark.parametrize("sessions", [0, 3, 4])
def test_the_court_may_end_the_work_at_any_time(sessions: int) -> None:
    assert supervised(*ENOUGH[:sessions]).when(complete_upw, how=CompletedBy.COURT).events


def test_an_end_recorded_by_mistake_can_be_withdrawn() -> None:
    case = supervised(did(complete_upw, at=NOW))
    case.then(withdraw_entry, entry=NEXT)
    assert case.when(assess_upw).events


def test_the_requirement_ends_with_the_work_and_runs_again_when_that_is_withdrawn() -> None:
    case = supervised(did(complete_upw, at=NOW))
    revoked = {"requirement": UNPAID_WORK, "how": RequirementEnd.REVOKED}
    case.when(end_requirement, **revoked).refused("That requirement is not running.", "requirement")
    case.then(withdraw_entry, entry=NEXT)
    assert case.when(end_requirement, **revoked).events


def test_how_the_work_ended_can_be_put_right_within_the_rules() -> None:
    case = supervised(did(complete_upw, at=NOW))
    reads = case.history[-1].event
    case.when(correct_entry, entry=NEXT, reads=replace(reads, how=CompletedBy.HOURS)).refused(
        "4,800 minutes are still to be worked. Only the court can end the work before that.", "how"
    )
    assert case.when(correct_entry, entry=NEXT, reads=replace(reads, note="At the review hearing.")).events


# Old history ----------------------------------------------------------------------------------------------------------

BY: dict[str, Any] = {"by": "SIAN", "occurred_at": YESTERDAY}


@pytest.mark.parametrize(
    "event",
    [
        UpwSuspended(**BY, requirement=900, because=SuspendedBecause.COURT),
        UpwResumed(**BY, requirement=UNPAID_WORK),
        UpwResumed(**BY, requirement=900),
        UpwReviewed(**BY, requirement=900, kind=UpwReview.SIX_MONTHS),
        UpwExtended(**BY, requirement=900, until=date(1990, 1, 1), court=""),
        UpwCompleted(**BY, requirement=900, how=CompletedBy.HOURS),
        InstructionAcknowledged(**BY, instruction=900, how=AcknowledgedBy.WORD),
        UpwInstructed(
            **BY,
            requirement=900,
            kind=InstructionKind.FIRST,
            project="",
            work_at=BEGAN - timedelta(days=9),
            method=InstructionMethod.HAND,
            supersedes=901,
        ),
    ],
    ids=lambda event: str(event.__struct_config__.tag) + f" {getattr(event, 'requirement', '')}",
)
def test_old_history_loads_whatever_it_refers_to(event: Event) -> None:
    case = supervised()
    case.record(event)
    assert case.state.version == NEXT
    assert case.when(record_upw_attendance).events


def test_withdrawing_the_end_of_work_that_is_not_there_does_no_harm() -> None:
    case = supervised()
    case.record(UpwCompleted(**BY, requirement=900, how=CompletedBy.HOURS), at=TOMORROW)
    assert case.when(withdraw_entry, entry=NEXT).events
    case.then(withdraw_entry, entry=NEXT)
    assert case.state.version == NEXT + 1
