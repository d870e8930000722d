"""A breach: one table says which step may follow which, and every step says what it must."""

from datetime import date, timedelta
from itertools import product

import pytest

from domain.appointment import arrange_appointment, record_outcome
from domain.breach import (
    MOVES,
    BreachConcluded,
    BreachOutcome,
    BreachPresented,
    BreachReferred,
    BreachReturned,
    BreachWithdrawn,
    Route,
    State,
    breaches,
    open_breach,
)
from domain.breach_steps import conclude_breach, present_breach, refer_breach, return_breach, withdraw_breach
from domain.case import Case
from domain.event import Event
from domain.evidence import decide_evidence, standing_entries
from domain.sentence import SentenceKind, end_sentence, start_sentence
from tests.rules import NEXT, NOW, SENTENCE, TOMORROW, YESTERDAY, Command, Given, Step, did, in_words, supervised

DAY = timedelta(days=1)
FAILED, BREACH = NEXT + 1, NEXT + 2
REFER, RETURN, PRESENT, WITHDRAW, CONCLUDE = (
    did(command, at=NOW) for command in (refer_breach, return_breach, present_breach, withdraw_breach, conclude_breach)
)
WAY_TO: dict[State, tuple[Step, ...]] = {
    State.NONE: (),
    State.REFERRED: (REFER,),
    State.RETURNED: (REFER, RETURN),
    State.PRESENTED: (REFER, PRESENT),
    State.WITHDRAWN: (REFER, WITHDRAW),
    State.CONCLUDED: (REFER, PRESENT, CONCLUDE),
}
STEPS: dict[Command, type[Event]] = {
    refer_breach: BreachReferred,
    return_breach: BreachReturned,
    present_breach: BreachPresented,
    withdraw_breach: BreachWithdrawn,
    conclude_breach: BreachConcluded,
}
NOT_NOW = {
    State.NONE: "No breach is under way in this case.",
    State.WITHDRAWN: "No breach is under way in this case.",
    State.CONCLUDED: "No breach is under way in this case.",
    State.REFERRED: "The breach has been referred and awaits the NPS.",
    State.RETURNED: "The referral was returned. Mend it and refer it again, or withdraw it.",
    State.PRESENTED: "The breach has been presented to court and awaits its outcome.",
}
LAWFUL = {
    (State.NONE, refer_breach): State.REFERRED,
    (State.REFERRED, return_breach): State.RETURNED,
    (State.REFERRED, present_breach): State.PRESENTED,
    (State.REFERRED, withdraw_breach): State.WITHDRAWN,
    (State.RETURNED, refer_breach): State.REFERRED,
    (State.RETURNED, withdraw_breach): State.WITHDRAWN,
    (State.PRESENTED, conclude_breach): State.CONCLUDED,
    (State.PRESENTED, withdraw_breach): State.WITHDRAWN,
    (State.WITHDRAWN, refer_breach): State.REFERRED,
    (State.CONCLUDED, refer_breach): State.REFERRED,
}
"""Told here in full and apart from the table in the code."""


def failed(*steps: Step, outcome: str = "UAAB") -> Given[Case]:
    return supervised(did(arrange_appointment, starts_at=YESTERDAY), did(record_outcome, at=NOW, outcome=outcome), *steps)


def at(state: State) -> Given[Case]:
    return failed(*WAY_TO[state])


@pytest.mark.parametrize(("state", "command"), [*product(State, STEPS)], ids=lambda part: part if isinstance(part, str) else in_words(part))
def test_every_step_from_every_state(state: State, command: Command) -> None:
    case = at(state)
    if (state, command) not in LAWFUL:
        case.when(command).refused(NOT_NOW[state])
        return
    case.then(command)
    assert breaches(standing_entries(case.state))[-1].state is LAWFUL[state, command]


def test_the_table_in_the_code_is_the_lawful_one() -> None:
    over = {State.WITHDRAWN, State.CONCLUDED}
    told = {(state, STEPS[command]): then for (state, command), then in LAWFUL.items() if state not in over}
    assert dict(MOVES) == told


def test_a_referral_says_what_it_rests_on_and_since_when_the_service_was_aware() -> None:
    event = failed().when(refer_breach).event
    assert isinstance(event, BreachReferred)
    assert (event.sentences, event.failures, event.became_aware_on, event.route, event.again) == (
        (SENTENCE,),
        (FAILED,),
        date(2026, 3, 11),
        Route.CRC,
        0,
    )


def test_a_mended_referral_is_of_the_same_breach() -> None:
    case = at(State.RETURNED)
    assert case.when(refer_breach).event.again == BREACH
    case.then(refer_breach)
    [breach] = breaches(standing_entries(case.state))
    assert (breach.number, breach.entries) == (BREACH, [BREACH, BREACH + 1, BREACH + 2])


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CONCLUDED])
def test_after_one_that_is_over_a_breach_is_new(state: State) -> None:
    case = at(state)
    assert open_breach(standing_entries(case.state)) is None
    assert case.when(refer_breach).event.again == 0
    case.then(refer_breach)
    assert len(breaches(standing_entries(case.state))) == 2


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (refer_breach, "Enter what the breach rests on and why it is started."),
        (return_breach, "Enter why the referral is returned."),
        (withdraw_breach, "Enter why the breach is withdrawn."),
    ],
)
def test_a_referral_a_return_and_a_withdrawal_say_why(command: Command, words: str) -> None:
    at(State.NONE if command is refer_breach else State.REFERRED).when(command, reason=" ").refused(words, "reason")


@pytest.mark.parametrize("sentences", [(), (99,), (3,)], ids=["none", "unknown", "a requirement"])
def test_a_breach_is_of_sentences_that_run(sentences: tuple[int, ...]) -> None:
    failed().when(refer_breach, sentences=sentences).refused("Select sentences that are running.", "sentences")


def test_a_licence_is_not_breached_in_court() -> None:
    licence = did(start_sentence, kind=SentenceKind.LICENCE, requirements=())
    failed(licence).when(refer_breach, sentences=(NEXT + 2,)).refused(
        "A court deals with breaches of orders and of post-sentence supervision only. Request recall instead.", "sentences"
    )


def test_a_breach_rests_on_unacceptable_failures() -> None:
    none_selected = "Select the failures that the breach rests on."
    undecided = "A breach cannot rest on a failure whose reason was accepted or is still awaited."
    failed().when(refer_breach, failures=()).refused(none_selected, "failures")
    failed(outcome="ATTC").when(refer_breach).refused("Select failures to attend or comply that stand in this case.", "failures")
    failed(outcome="AFTA").when(refer_breach).refused(undecided, "failures")
    failed(did(decide_evidence, at=NOW)).when(refer_breach).refused(undecided, "failures")


def test_the_service_becomes_aware_between_the_last_failure_and_the_referral() -> None:
    failed().when(refer_breach, became_aware_on=date(2026, 3, 10)).refused(
        "The service cannot have become aware before the last failure that the breach rests on.", "became_aware_on"
    )
    failed().when(refer_breach, became_aware_on=date(2026, 3, 13)).refused(
        "The service must have become aware of the breach before it refers it.", "became_aware_on"
    )


@pytest.mark.parametrize(
    ("state", "command", "field"),
    [
        (State.REFERRED, return_breach, "returned_at"),
        (State.REFERRED, present_breach, "presented_at"),
        (State.REFERRED, withdraw_breach, "withdrawn_at"),
        (State.PRESENTED, conclude_breach, "concluded_at"),
    ],
)
def test_a_step_lies_between_the_one_before_it_and_now(state: State, command: Command, field: str) -> None:
    at(state).when(command, **{field: TOMORROW}).refused("The date and time must be in the past.", field)
    at(state).when(command, **{field: YESTERDAY}).refused("That cannot be before the step that it follows.", field)


def test_a_referral_has_happened() -> None:
    failed().when(refer_breach, referred_at=TOMORROW).refused("The date and time must be in the past.", "referred_at")


def test_a_breach_is_presented_to_a_court_for_a_hearing_to_come() -> None:
    at(State.REFERRED).when(present_breach, court=" ").refused("Enter the court.", "court")
    at(State.REFERRED).when(present_breach, hearing_on=YESTERDAY.date()).refused(
        "The hearing cannot be before the breach was presented.", "hearing_on"
    )
    event = at(State.REFERRED).when(present_breach, hearing_on=date(2026, 3, 20)).event
    assert (event.breach, event.court, event.hearing_on) == (BREACH, "Cardiff Magistrates' Court", date(2026, 3, 20))


@pytest.mark.parametrize("outcome", BreachOutcome)
def test_a_court_may_deal_with_a_breach_in_any_of_its_ways(outcome: BreachOutcome) -> None:
    case = at(State.PRESENTED)
    case.then(conclude_breach, outcome=outcome, at=NOW + DAY)
    [breach] = breaches(standing_entries(case.state))
    assert (breach.outcome, breach.over_at) == (outcome.value, NOW + DAY)


def test_a_breach_outlives_the_sentence_that_the_court_ends() -> None:
    case = failed(*WAY_TO[State.PRESENTED], did(end_sentence, at=NOW, ended_at=NOW, how="revoked"))
    assert case.when(conclude_breach, outcome=BreachOutcome.RESENTENCED).events


def test_no_breach_is_started_in_a_case_that_has_ended() -> None:
    failed(did(end_sentence, at=NOW, ended_at=NOW)).when(refer_breach).refused(
        "Every sentence in this case has ended, so nothing more can be recorded as happening in it."
    )


def test_old_history_in_an_odd_order_is_read_as_it_is() -> None:
    case = supervised()
    case.record(BreachConcluded(occurred_at=NOW, by="SIAN", breach=99, outcome=BreachOutcome.OTHER))
    assert breaches(standing_entries(case.state)) == []
    case.record(
        BreachReferred(occurred_at=NOW, by="SIAN", sentences=(), failures=(), became_aware_on=NOW.date(), route=Route.NPS),
        BreachConcluded(occurred_at=NOW, by="SIAN", breach=8, outcome=BreachOutcome.OTHER),
    )
    assert [breach.state for breach in breaches(standing_entries(case.state))] == [State.REFERRED]
