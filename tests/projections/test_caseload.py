"""A case's row: who holds it, what was ordered, when the person was last seen; and names in the order people look for them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.allocation import AllocationReason, allocate
from domain.appointment import arrange_appointment, record_outcome
from domain.case import Case, Sex, open_case
from domain.contact import Mode, WithWhom, record_contact
from domain.entry import correct_entry, withdraw_entry
from domain.interruption import begin_interruption, end_interruption
from domain.organisation import Provider, register_provider
from domain.phase import begin_pss, recall, release
from domain.plan import complete_plan
from domain.register import MappaCategory, MappaLevel, register
from domain.requirement import RequirementKind
from domain.risk import Rosh, assess_rosh
from domain.safeguarding import request_checks
from domain.sentence import SentenceKind, end_sentence, start_sentence
from domain.transfer import accept_transfer, reject_transfer, request_transfer, withdraw_transfer
from domain.upw_completion import complete_upw
from domain.upw_instruction import instruct_upw
from domain.upw_session import record_upw_attendance
from projections.caseload_row import COLUMNS, rows, sort_name
from projections.story import Story
from tests.rules import BEGAN, CRN, NEXT, NOW, POLICY, SENTENCE, YESTERDAY, Command, Given, Step, did, given, in_words, opened, supervised


def row(case: Given[Case]) -> dict[str, Any]:
    """The one row of a case, by column."""
    (values,) = rows(Story(case.history), POLICY)
    return dict(zip(list(COLUMNS)[1:], values, strict=True))


def of(case: Given[Case], *columns: str) -> Any:
    found = tuple(row(case)[column] for column in columns)
    return found if len(found) > 1 else found[0]


def after(days: float) -> datetime:
    return BEGAN + timedelta(days=days)


def test_what_is_no_case_has_no_row() -> None:
    assert list(rows(Story(given(did(register_provider), of=Provider).history), POLICY)) == []


def test_a_row_says_who_the_person_is() -> None:
    case = given(did(open_case, name="Siân Llŷr", born="1990-02-28", sex=Sex.FEMALE, language="Welsh"))
    assert of(case, "crn", "name", "sort_name", "born", "sex", "language") == (
        CRN,
        "Siân Llŷr",
        "llyr sian",
        "1990-02-28",
        "female",
        "Welsh",
    )


def test_a_case_of_which_only_the_opening_is_known_has_a_row() -> None:
    found = row(given(did(open_case)))
    assert {found[column] for column in ("practitioner", "team", "provider", "sentence", "rosh", "offered_to_team", "offer_reason")} == {""}
    assert {found[column] for column in ("held_since", "sentence_started_on", "ended_on", "rosh_due_on", "last_contact_at")} == {None}


# Who holds it --------------------------------------------------------------------------------------------------------


def test_a_row_says_who_holds_the_case_and_since_when() -> None:
    assert of(supervised(), "practitioner", "team", "provider", "held_since") == ("SIAN", "CF1", "C10", BEGAN)


def test_a_case_that_was_never_allocated_is_held_by_nobody() -> None:
    assert of(opened(), "practitioner", "held_since") == ("", None)


def test_an_accepted_transfer_moves_the_row() -> None:
    assert of(supervised(did(request_transfer), did(accept_transfer, at=NOW)), "practitioner", "team", "held_since") == ("TOM", "NP1", NOW)


def test_a_case_left_with_nobody_stays_in_its_team() -> None:
    left = supervised(did(allocate, at=NOW, practitioner="", reason=AllocationReason.STAFF))
    assert of(left, "practitioner", "team") == ("", "CF1")


def test_a_transfer_that_awaits_an_answer_shows_where_the_case_may_go() -> None:
    asked = supervised(did(request_transfer, at=YESTERDAY, recorded_at=NOW))
    offered = of(asked, "offered_to_team", "offered_to_provider", "offered_at", "offer_reason", "team")
    assert offered == ("NP1", "C10", NOW, "person moved area", "CF1")


@pytest.mark.parametrize("answer", [accept_transfer, reject_transfer, withdraw_transfer], ids=in_words)
def test_an_answered_transfer_is_no_longer_offered(answer: Command) -> None:
    answered = supervised(did(request_transfer), did(answer, at=NOW))
    assert of(answered, "offered_to_team", "offered_to_provider", "offered_at", "offer_reason") == ("", "", None, "")


# What was ordered ----------------------------------------------------------------------------------------------------


def test_a_row_says_which_sentence_runs() -> None:
    sentence = of(supervised(), "sentence", "sentence_started_on", "expected_end_on", "ended_on")
    assert sentence == ("community order", BEGAN.date(), date(2027, 1, 11), None)


def licence(day: float) -> Step:
    return did(start_sentence, at=NOW, kind=SentenceKind.LICENCE, started_at=after(day), requirements=())


def ended(number: int, day: float) -> Step:
    return did(end_sentence, at=NOW, sentence=number, ended_at=after(day))


def test_of_two_running_sentences_the_later_recorded_is_shown() -> None:
    assert of(supervised(licence(10)), "sentence", "sentence_started_on", "ended_on") == ("licence", after(10).date(), None)


def test_a_running_sentence_is_shown_rather_than_one_that_has_ended() -> None:
    assert of(supervised(licence(10), ended(NEXT, 20)), "sentence", "ended_on") == ("community order", None)


def test_a_case_ends_with_the_last_of_its_sentences() -> None:
    both = supervised(licence(10), ended(NEXT, 40), ended(SENTENCE, 20))
    assert of(both, "sentence", "ended_on") == ("licence", after(40).date())


def test_unpaid_work_is_the_hours_ordered_and_the_minutes_credited_that_stand() -> None:
    more = did(start_sentence, at=NOW, started_at=after(5), requirements=((RequirementKind.UNPAID_WORK, 40), (RequirementKind.CURFEW, 3)))
    case = supervised(more)
    first = case.then(record_upw_attendance)
    second = case.then(record_upw_attendance, minutes_credited=100)
    assert of(case, "upw_hours", "upw_credited", "upw_instructed") == (120, 490, False)
    case.then(correct_entry, entry=first, reads=replace(case.history[first - 1].event, minutes_credited=300))
    case.then(withdraw_entry, entry=second)
    assert of(case, "upw_credited") == 300


def test_what_is_due_about_unpaid_work_the_soonest_stands_in_the_row() -> None:
    case = supervised()
    assert of(case, "upw_due", "upw_due_on") == ("First instruction", date(2026, 2, 16))
    case.then(instruct_upw)
    assert of(case, "upw_due", "upw_due_on") == ("First work session", date(2026, 2, 16))
    case.then(record_upw_attendance)
    assert of(case, "upw_due", "upw_due_on") == ("Six-month review", date(2026, 7, 12))
    case.then(complete_upw)
    assert of(case, "upw_due", "upw_due_on") == ("", None)


def test_a_case_without_unpaid_work_has_nothing_due_about_it() -> None:
    assert of(given(did(open_case)), "upw_hours", "upw_instructed", "upw_due_on") == (0, False, None)


def test_a_row_says_whether_the_person_was_ever_instructed_to_work() -> None:
    assert of(supervised(did(instruct_upw)), "upw_instructed") is True


# Risk ----------------------------------------------------------------------------------------------------------------


def assessed(day: float, level: Rosh) -> Step:
    return did(assess_rosh, at=NOW, assessed_at=after(day), level=level)


def test_the_risk_is_that_of_the_latest_assessment_and_not_of_the_one_recorded_last() -> None:
    assert of(supervised(assessed(30, Rosh.HIGH), assessed(10, Rosh.LOW)), "rosh", "rosh_due_on") == ("high", date(2026, 8, 11))


def test_of_two_assessments_of_one_time_the_one_recorded_later_holds() -> None:
    assert of(supervised(assessed(30, Rosh.HIGH), assessed(30, Rosh.VERY_HIGH)), "rosh") == "very high"


def test_a_corrected_assessment_reads_as_corrected_and_a_withdrawn_one_is_gone() -> None:
    case = supervised(assessed(10, Rosh.LOW), assessed(30, Rosh.HIGH))
    case.then(correct_entry, entry=NEXT + 1, reads=replace(case.history[NEXT].event, level=Rosh.MEDIUM))
    assert of(case, "rosh") == "medium"
    case.then(withdraw_entry, entry=NEXT + 1)
    assert of(case, "rosh") == "low"


# When the person was last seen ---------------------------------------------------------------------------------------


def contact(day: float, **details: Any) -> Step:
    return did(record_contact, at=NOW, occurred_at=after(day), **details)


def test_a_person_seen_face_to_face_was_in_contact_and_seen() -> None:
    assert of(supervised(contact(10)), "last_contact_at", "last_seen_at") == (after(10), after(10))


@pytest.mark.parametrize(
    "details",
    [
        pytest.param({"kind": "CTOB"}, id="a call"),
        pytest.param({"mode": Mode.VIDEO}, id="video"),
        pytest.param({"kind": "C334"}, id="kiosk"),
        pytest.param({"kind": "APAT"}, id="a group session"),
    ],
)
def test_what_is_not_face_to_face_with_an_officer_is_contact_and_does_not_count_as_seen(details: dict[str, Any]) -> None:
    assert of(supervised(contact(10), contact(20, **details)), "last_contact_at", "last_seen_at") == (after(20), after(10))


@pytest.mark.parametrize(
    "details",
    [
        pytest.param({"kind": "CLOB"}, id="a letter"),
        pytest.param({"kind": "CMOA"}, id="a text from the person"),
        pytest.param({"kind": "CT3B"}, id="a call to somebody else"),
        pytest.param({"with_whom": WithWhom.FAMILY}, id="a visit to the family"),
        pytest.param({"with_whom": WithWhom.NOT_KNOWN}, id="with whom unknown"),
    ],
)
def test_what_is_not_two_way_with_the_person_is_no_contact(details: dict[str, Any]) -> None:
    assert of(supervised(contact(10), contact(20, **details)), "last_contact_at", "last_seen_at") == (after(10), after(10))


@pytest.mark.parametrize(("outcome", "came"), [("ATTC", True), ("ATSS", True), ("UAAB", False), ("AAME", False), ("CO22", False)])
def test_a_person_who_did_not_come_or_of_whom_it_is_not_known_was_not_seen(outcome: str, came: bool) -> None:
    case = supervised(did(arrange_appointment, starts_at=after(20)), did(record_outcome, at=NOW, outcome=outcome))
    assert of(case, "last_seen_at") == (after(20) if came else None)


def test_a_contact_recorded_late_does_not_hide_a_later_one() -> None:
    assert of(supervised(contact(20), contact(10)), "last_seen_at") == after(20)


def test_a_withdrawn_contact_was_none() -> None:
    assert of(supervised(contact(10), contact(20), did(withdraw_entry, entry=NEXT + 1, at=NOW)), "last_seen_at") == after(10)


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        pytest.param("Alex Example", "example alex", id="plain"),
        pytest.param("Siân Rowlands", "rowlands sian", id="Welsh, a circumflex"),
        pytest.param("Ŵyn Llŷr", "llyr wyn", id="Welsh, w and y"),
        pytest.param("Ffion ap Rhys", "rhys ffion ap", id="Welsh, ap"),
        pytest.param("José Núñez", "nunez jose", id="Spanish"),
        pytest.param("Zoë Brontë", "bronte zoe", id="a diaeresis"),
        pytest.param("Anne-Marie Smith-Jones", "smithjones annemarie", id="hyphens"),
        pytest.param("Mary Anne O'Neill", "oneill mary anne", id="two given names and an apostrophe"),
        pytest.param("Mary Anne O’Neill", "oneill mary anne", id="a curly apostrophe"),
        pytest.param("Łukasz Sørensen", "sorensen lukasz", id="letters that carry no accent"),
        pytest.param("Jürgen Weiß", "weiss jurgen", id="German"),
        pytest.param("Cher", "cher", id="one name"),
        pytest.param("  Alex   Example ", "example alex", id="too many spaces"),
        pytest.param("ALEX EXAMPLE", "example alex", id="capitals"),
        pytest.param("", "", id="no name"),
    ],
)
def test_a_name_is_sorted_by_family_name_without_accents_or_case(name: str, sorted_as: str) -> None:
    assert sort_name(name) == sorted_as


def test_a_name_typed_with_separate_accents_sorts_as_the_same_name() -> None:
    assert sort_name("Sia\u0302n Lly\u0302r") == sort_name("Siân Llŷr")


def test_people_stand_in_the_order_in_which_they_are_looked_for() -> None:
    people = ["Zoë Adams", "Éva Évans", "Bob Evans", "Al Smith-Jones", "Al Smith", "Cher"]
    assert sorted(people, key=sort_name) == ["Zoë Adams", "Cher", "Bob Evans", "Éva Évans", "Al Smith", "Al Smith-Jones"]


# Where the sentence is served, and the plan ---------------------------------------------------------------------------


CUSTODIAL = did(start_sentence, kind=SentenceKind.CUSTODIAL, requirements=())
REMANDED = did(begin_interruption, at=NOW)


@pytest.mark.parametrize(
    ("steps", "phase"),
    [
        ((), "in the community"),
        ((CUSTODIAL,), "in custody"),
        ((CUSTODIAL, did(release)), "on licence"),
        ((CUSTODIAL, did(release), did(recall)), "recalled to custody"),
        ((CUSTODIAL, did(release), did(begin_pss)), "on post-sentence supervision"),
        ((REMANDED,), "remanded in custody"),
        ((REMANDED, did(end_interruption, at=NOW)), "in the community"),
    ],
)
def test_a_row_says_where_the_sentence_is_served_or_what_interrupts_it(steps: tuple[Step, ...], phase: str) -> None:
    assert of(supervised(*steps), "phase") == phase


def test_a_case_that_has_ended_or_has_no_sentence_is_in_no_phase() -> None:
    assert of(given(did(open_case)), "phase") == ""
    assert of(supervised(REMANDED, did(end_sentence, at=NOW)), "phase") == ""


def test_while_on_licence_supervision_is_expected_to_end_with_it() -> None:
    assert of(supervised(CUSTODIAL, did(release)), "expected_end_on") == date(2026, 9, 11)


def test_a_plan_is_due_after_the_first_appointment_kept_and_then_its_review() -> None:
    assert of(supervised(), "plan_completed_on", "plan_due_on") == (None, None)
    seen = did(arrange_appointment, starts_at=after(3)), did(record_outcome, at=after(3))
    assert of(supervised(*seen), "plan_completed_on", "plan_due_on") == (None, date(2026, 2, 5))
    completed = supervised(*seen, did(complete_plan, at=after(10), review_due_on=date(2026, 7, 1)))
    assert of(completed, "plan_completed_on", "plan_due_on") == (after(10).date(), date(2026, 7, 1))


# Risk ------------------------------------------------------------------------------------------------------------------


def test_a_row_says_what_the_case_is_registered_for_and_what_is_due_the_soonest() -> None:
    mappa = did(register, at=YESTERDAY, register="MAPP", level=MappaLevel.TWO, category=MappaCategory.ONE)
    registered = supervised(mappa, did(register, at=YESTERDAY), did(register, at=YESTERDAY, register="INVI"))
    assert of(registered, "alerts") == "MAPPA level 2, category 1; Child protection"
    assert of(registered, "risk_due_on", "risk_due") == (date(2026, 6, 11), "Review of a registration: MAPPA")
    registered.then(request_checks)
    assert of(registered, "risk_due_on", "risk_due") == (date(2026, 3, 26), "Answer to a safeguarding check: police")


def test_a_row_says_since_when_the_risk_has_been_high() -> None:
    high = supervised(did(assess_rosh, at=after(1), level=Rosh.HIGH), did(assess_rosh, at=after(9), level=Rosh.VERY_HIGH))
    assert of(high, "high_since") == after(1).date()
    assert of(supervised(), "high_since", "risk_due_on", "risk_due", "alerts") == (None, None, "", "")


def test_nothing_but_an_answer_is_due_about_the_risk_once_supervision_has_ended() -> None:
    over = supervised(did(register, at=after(1)), ended(SENTENCE, 20))
    assert of(over, "risk_due_on", "alerts") == (None, "Child protection")


def test_supervision_commences_with_an_order_or_with_the_release() -> None:
    assert of(given(did(open_case)), "commenced_on") is None
    assert of(supervised(), "commenced_on") == BEGAN.date()
    custody = did(open_case), did(start_sentence, kind=SentenceKind.CUSTODIAL, requirements=())
    assert of(given(*custody), "commenced_on") is None
    out = did(release, sentence=SENTENCE, released_at=after(20), at=NOW)
    assert of(given(*custody, out), "commenced_on", "sentence_started_on") == (after(20).date(), BEGAN.date())
    back = did(recall, sentence=SENTENCE, recalled_at=after(30), at=NOW)
    assert of(given(*custody, out, back), "commenced_on") == after(20).date()
    assert of(given(*custody, did(end_sentence, at=NOW)), "commenced_on") is None


@pytest.mark.parametrize("mode", Mode)
def test_which_modes_of_contact_are_face_to_face(mode: Mode) -> None:
    """A prison visit is; a kiosk, however often the person reports to it, never is."""
    met = {Mode.OFFICE, Mode.HOME, Mode.DOORSTEP, Mode.PRISON, Mode.PLACE}
    arranged = did(arrange_appointment, starts_at=YESTERDAY, kind="C334", mode=mode)
    case = supervised(arranged, did(record_outcome, at=NOW))
    assert (of(case, "last_seen_at") is not None) == (mode in met)
