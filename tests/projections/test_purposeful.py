"""Purposeful activity: each condition is met, not met or not evidenced, and nothing is inferred from compliance or from silence."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from msgspec.structs import replace

from domain.appointment import OutcomeRecorded, arrange_appointment, record_outcome
from domain.case import Case
from domain.contact import Direction, Mode, Purpose, WithWhom, Work, record_contact
from domain.entry import correct_entry, withdraw_entry
from domain.outcome import OUTCOMES
from projections.contacts import Contact
from projections.finding import Finding, Verdict
from projections.purposeful import finding, findings
from projections.story import Story
from tests.rules import BEGAN, NEXT, NOW, OBJECTIVE, POLICY, RAR, Given, Step, contact_months, did, supervised

GOOD = Work(purposes=(Purpose.NEEDS,), objectives=(OBJECTIVE,))
HAPPENED, DIRECT, MODE, LINKED, PURPOSE, IN_TIME = range(6)
DIRECTION_UNKNOWN = "It was not recorded with whom or in which direction"
YES, NO, UNKNOWN = True, False, None
ANSWERS = {YES: Verdict.YES, NO: Verdict.NO, UNKNOWN: Verdict.NOT_EVIDENCED}


def after(days: float) -> datetime:
    return BEGAN + timedelta(days=days)


def seen(day: float = 30, *, learnt: datetime | None = None, **details: Any) -> Step:
    """A visit at the office that meets every condition, recorded on the spot, unless something else is said."""
    occurred_at = after(day)
    return did(record_contact, at=learnt or occurred_at, occurred_at=occurred_at, **{"work": GOOD, **details})


def kept(day: float = 30, *, kind: str = "COAP", mode: Mode | None = None, **details: Any) -> tuple[Step, Step]:
    """An appointment that was kept and meets every condition, unless something else is said."""
    starts_at = after(day)
    return did(arrange_appointment, starts_at=starts_at, kind=kind, mode=mode), did(
        record_outcome, at=starts_at, **{"work": GOOD, **details}
    )


def found(case: Given[Case]) -> list[Finding]:
    return findings(Story(case.history), POLICY)


def only(*steps: Step) -> Finding:
    (one,) = found(supervised(*steps))
    return one


def test_a_contact_that_meets_every_condition_is_purposeful() -> None:
    one = only(seen())
    assert (one.verdict, one.why, one.flags) == (Verdict.YES, "Every condition is met", ())
    assert [condition.met for condition in one.conditions] == [True] * 6
    assert one.holder is not None
    assert (one.number, one.worker, one.holder.practitioner) == (NEXT, "SIAN", "SIAN")


def test_a_kept_appointment_that_meets_every_condition_is_purposeful() -> None:
    assert only(*kept()).verdict is Verdict.YES


@pytest.mark.parametrize(
    ("steps", "number", "met", "because"),
    [
        pytest.param(kept(outcome="ATTC"), HAPPENED, YES, "The person attended", id="complied"),
        pytest.param(kept(outcome="AFTC"), HAPPENED, YES, "The person attended", id="there, and failed to comply"),
        pytest.param(kept(outcome="UAAB"), HAPPENED, NO, "The person did not attend", id="absent"),
        pytest.param(kept(outcome="AAME"), HAPPENED, NO, "The person did not attend", id="ill"),
        pytest.param(kept(outcome="RSOF"), HAPPENED, NO, "The person did not attend", id="rescheduled by the person"),
        pytest.param(kept(outcome="RSSR"), HAPPENED, NO, "The service called it off", id="rescheduled by the service"),
        pytest.param(kept(outcome="AASD"), HAPPENED, NO, "The service called it off", id="stood down"),
        pytest.param(kept(outcome="ATSS"), HAPPENED, NO, "The person was sent home by the service", id="sent home for service reasons"),
        pytest.param(kept(outcome="ATSH"), HAPPENED, NO, "The person was sent home", id="sent home for behaviour"),
        pytest.param(
            kept(outcome="CO22"),
            HAPPENED,
            UNKNOWN,
            "The outcome does not say whether the person attended",
            id="attendance unknown",
        ),
        pytest.param((seen(),), DIRECT, YES, "Two-way with the person", id="two-way with the person"),
        pytest.param((seen(with_whom=WithWhom.FAMILY),), DIRECT, NO, "Two-way, with family or carer", id="with family"),
        pytest.param((seen(direction=Direction.TO_PERSON),), DIRECT, NO, "To the person, with the person", id="one way"),
        pytest.param(
            (seen(with_whom=WithWhom.NOT_KNOWN),),
            DIRECT,
            UNKNOWN,
            DIRECTION_UNKNOWN,
            id="with whom unknown",
        ),
        pytest.param(
            (seen(direction=Direction.NOT_KNOWN),),
            DIRECT,
            UNKNOWN,
            DIRECTION_UNKNOWN,
            id="direction unknown",
        ),
        pytest.param((seen(mode=Mode.HOME),), MODE, YES, "Home visit", id="at home"),
        pytest.param((seen(mode=Mode.VIDEO),), MODE, YES, "Video", id="by video"),
        pytest.param(kept(kind="APAT"), MODE, YES, "Group session", id="in a group"),
        pytest.param(kept(kind="COPT"), MODE, YES, "Telephone, planned", id="a planned call"),
        pytest.param((seen(kind="CTOB"),), MODE, NO, "Telephone, not planned", id="an unplanned call"),
        pytest.param((seen(kind="COPT"),), MODE, NO, "Telephone, not planned", id="an unarranged call of a planned kind"),
        pytest.param((seen(mode=Mode.KIOSK),), MODE, NO, "Kiosk never counts", id="kiosk"),
        pytest.param((seen(mode=Mode.OTHER),), MODE, UNKNOWN, "How it took place was not recorded", id="mode unknown"),
        pytest.param((seen(),), LINKED, YES, "Linked", id="linked to an objective"),
        pytest.param((seen(work=replace(GOOD, objectives=(), requirements=(RAR,))),), LINKED, YES, "Linked", id="linked to a requirement"),
        pytest.param((seen(work=replace(GOOD, objectives=(), risk_action=True)),), LINKED, YES, "Linked", id="linked to a risk action"),
        pytest.param(
            (seen(work=replace(GOOD, objectives=())),),
            LINKED,
            UNKNOWN,
            "No objective, requirement or risk action was recorded",
            id="linked to nothing",
        ),
        pytest.param((seen(),), PURPOSE, YES, "Work on needs and strengths", id="a purpose that counts"),
        pytest.param((seen(work=replace(GOOD, purposes=(Purpose.REPORTING,))),), PURPOSE, NO, "Reporting only", id="reporting only"),
        pytest.param((seen(work=replace(GOOD, purposes=(Purpose.BOOKING, Purpose.FORMS))),), PURPOSE, NO, None, id="booking and forms"),
        pytest.param(
            (seen(work=replace(GOOD, purposes=(Purpose.FORMS, Purpose.RISK))),), PURPOSE, YES, "Risk or safeguarding", id="forms and risk"
        ),
        pytest.param((seen(work=replace(GOOD, purposes=())),), PURPOSE, UNKNOWN, "No purpose was recorded", id="no purpose"),
    ],
)
def test_each_condition_is_met_not_met_or_not_evidenced_and_decides(
    steps: Sequence[Step], number: int, met: bool | None, because: str | None
) -> None:
    one = only(*steps)
    condition = one.conditions[number]
    assert condition.met is met
    assert one.verdict is ANSWERS[met]
    assert because is None or condition.because == because
    assert met or one.why == condition.because


@pytest.mark.parametrize("outcome", [code for code, o in OUTCOMES.items() if o.delivered is False])
@pytest.mark.parametrize("kind", ["COAP", "APAT", "CUPA"], ids=["office visit", "programme", "unpaid work"])
def test_an_appointment_at_which_nothing_was_delivered_is_never_purposeful_though_the_person_may_have_complied(
    kind: str, outcome: str
) -> None:
    assert only(*kept(kind=kind, outcome=outcome)).verdict is not Verdict.YES


@pytest.mark.parametrize("outcome", ["ATSS", "AASD", "RSSR"], ids=["sent home for service reasons", "stood down", "rescheduled"])
def test_what_the_service_called_off_is_compliant_and_not_purposeful(outcome: str) -> None:
    assert OUTCOMES[outcome].acceptable
    assert only(*kept(outcome=outcome)).verdict is Verdict.NO


@pytest.mark.parametrize("mode", [Mode.KIOSK, Mode.LETTER, Mode.TEXT])
@pytest.mark.parametrize("planned", [True, False], ids=["planned", "unplanned"])
def test_kiosk_reports_letters_and_texts_are_never_purposeful(mode: Mode, planned: bool) -> None:
    steps = kept(mode=mode) if planned else (seen(mode=mode),)
    assert only(*steps).verdict is Verdict.NO


@pytest.mark.parametrize("kind", ["CMOA", "CMOB", "CLOA", "CLOB"])
def test_a_message_is_not_purposeful_whatever_it_was_linked_to(kind: str) -> None:
    assert only(seen(kind=kind)).verdict is Verdict.NO


def test_the_first_condition_that_is_not_met_is_why() -> None:
    one = only(*kept(outcome="UAAB", work=Work(purposes=(Purpose.FORMS,))))
    assert (one.verdict, one.why) == (Verdict.NO, "The person did not attend")


def test_a_condition_that_is_not_met_weighs_more_than_one_that_is_not_evidenced() -> None:
    one = only(*kept(outcome="CO22", work=Work(purposes=(Purpose.FORMS,), objectives=(OBJECTIVE,))))
    assert (one.verdict, one.why) == (Verdict.NO, "Filling in forms")


def test_what_is_about_the_person_and_not_with_them_is_left_out() -> None:
    one = only(seen(kind="CIEA"))
    assert (one.verdict, one.why) == (
        Verdict.LEFT_OUT,
        "About the person and not with them, so it is no contact with the person",
    )


def contact() -> Contact:
    (one,) = Story(supervised(seen()).history).contacts
    return one


MISSING: dict[str, dict[str, Any]] = {
    "attendance": {"attended": None},
    "delivery": {"delivered": None},
    "direction": {"direction": Direction.NOT_KNOWN},
    "company": {"with_whom": WithWhom.NOT_KNOWN},
    "mode": {"mode": Mode.OTHER},
    "link": {"linked": False},
    "purpose": {"purposes": ()},
}


def test_whatever_is_missing_never_becomes_yes_or_no() -> None:
    ways = [names for n in range(1, len(MISSING) + 1) for names in combinations(MISSING, n)]
    for names in ways:
        gaps = {field: value for name in names for field, value in MISSING[name].items()}
        gappy = replace(contact(), facts=replace(contact().facts, **gaps))
        assert finding(gappy, POLICY).verdict is Verdict.NOT_EVIDENCED, names


def test_an_outcome_that_nobody_knows_any_more_is_not_evidenced() -> None:
    case = supervised(kept()[0])
    outcome = OutcomeRecorded(occurred_at=after(30), by="SIAN", appointment=NEXT, outcome="ZZ99", practitioner="SIAN", work=GOOD)
    case.record(outcome, at=NOW)
    assert [one.verdict for one in found(case)] == [Verdict.NOT_EVIDENCED]


@pytest.mark.parametrize(
    ("learnt", "late"),
    [
        pytest.param(datetime(2026, 2, 11, 10, 5, tzinfo=UTC), False, id="at once"),
        pytest.param(datetime(2026, 2, 18, 23, 59, tzinfo=UTC), False, id="on the fifth working day"),
        pytest.param(datetime(2026, 2, 19, 0, 0, tzinfo=UTC), True, id="on the sixth"),
        pytest.param(datetime(2026, 3, 11, 9, 0, tzinfo=UTC), True, id="a month later"),
    ],
)
def test_a_late_entry_is_flagged_and_counts(learnt: datetime, late: bool) -> None:
    one = only(seen(30, learnt=learnt))
    assert one.verdict is Verdict.YES
    assert one.conditions[IN_TIME].met is not late
    assert one.flags == (("recorded late",) if late else ())
    assert one.conditions[IN_TIME].because == ("More than 5 working days later" if late else "Within 5 working days")


def test_a_purpose_that_is_added_by_a_correction_counts() -> None:
    case = supervised(seen(work=replace(GOOD, purposes=())))
    case.then(correct_entry, reads=replace(case.history[-1].event, work=GOOD))
    assert [one.verdict for one in found(case)] == [Verdict.YES]


def test_a_withdrawn_contact_is_gone() -> None:
    assert found(supervised(seen(), did(withdraw_entry, at=NOW))) == []


def test_months_add_up_to_the_findings() -> None:
    case = supervised(seen(5), seen(6, work=Work()), seen(40), seen(41, kind="CTOB"), seen(42, kind="CIEA"))
    rows = contact_months(case, "purposeful_activity")
    assert rows == [
        ("2026-01-01", "SIAN", "CF1", "C10", 1, 0, 1, 0),
        ("2026-02-01", "SIAN", "CF1", "C10", 1, 1, 0, 1),
    ]
