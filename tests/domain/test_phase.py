"""The phases of a sentence change as one table says, never backwards in time, and PSS only ever follows a licence."""

from datetime import date, timedelta

import pytest

from domain.case import Case
from domain.event import Event
from domain.phase import CHANGES, LEADS_TO, PssBegan, Recalled, Released, begin_pss, recall, release
from domain.remembered import Phase
from domain.requirement import RequirementEnd, RequirementEnded, RequirementImposed, RequirementKind
from domain.sentence import SentenceEnded, SentenceKind, end_sentence, start_sentence
from tests.rules import BEGAN, NEXT, NOW, Command, Given, Step, did, supervised

GIVES: dict[type[Event], Command] = {Released: release, Recalled: recall, PssBegan: begin_pss, SentenceEnded: end_sentence}
CUSTODIAL = did(start_sentence, kind=SentenceKind.CUSTODIAL, requirements=())
LICENCE = did(start_sentence, kind=SentenceKind.LICENCE, requirements=())
REACHED: dict[Phase, tuple[Step, ...]] = {
    Phase.COMMUNITY: (did(start_sentence, requirements=()),),
    Phase.CUSTODY: (CUSTODIAL,),
    Phase.LICENCE: (CUSTODIAL, did(release)),
    Phase.RECALLED: (CUSTODIAL, did(release), did(recall)),
    Phase.PSS: (CUSTODIAL, did(release), did(begin_pss)),
    Phase.ENDED: (CUSTODIAL, did(end_sentence, sentence=NEXT, ended_at=BEGAN)),
}
"""How a sentence comes into each phase; it is the second of its case, so that the case is open when it ends."""


def in_phase(phase: Phase) -> Given[Case]:
    return supervised(*REACHED[phase])


def test_every_phase_can_be_reached() -> None:
    assert set(REACHED) == set(Phase)


@pytest.mark.parametrize("phase", Phase)
def test_a_sentence_that_came_into_a_phase_is_in_it(phase: Phase) -> None:
    assert in_phase(phase).state.stages[NEXT].phase is phase


@pytest.mark.parametrize("event", GIVES, ids=lambda event: event.__name__)
@pytest.mark.parametrize("phase", Phase)
def test_a_phase_changes_as_the_table_says_and_in_no_other_way(phase: Phase, event: type[Event]) -> None:
    case = in_phase(phase)
    to = CHANGES.get((phase, event))
    if to is not None:
        case.then(GIVES[event], sentence=NEXT)
        assert case.state.stages[NEXT].phase is to
    elif phase is Phase.ENDED:
        case.when(GIVES[event], sentence=NEXT).refused("That sentence is not running.", "sentence")
    else:
        case.when(GIVES[event]).refused(f"That cannot happen while the person is {phase} under this sentence.", "sentence")


def test_the_table_is_this() -> None:
    words = {(before.value, event.__name__): after.value for (before, event), after in CHANGES.items()}
    assert words == {
        ("in custody", "Released"): "on licence",
        ("recalled to custody", "Released"): "on licence",
        ("on licence", "Recalled"): "recalled to custody",
        ("on licence", "PssBegan"): "on post-sentence supervision",
        ("recalled to custody", "PssBegan"): "on post-sentence supervision",
        ("in the community", "SentenceEnded"): "ended",
        ("in custody", "SentenceEnded"): "ended",
        ("on licence", "SentenceEnded"): "ended",
        ("recalled to custody", "SentenceEnded"): "ended",
        ("on post-sentence supervision", "SentenceEnded"): "ended",
    }


def test_an_event_always_leads_to_one_phase() -> None:
    assert all(LEADS_TO[event] is after for (_, event), after in CHANGES.items())
    assert set(LEADS_TO) == set(GIVES)


def test_post_sentence_supervision_always_comes_after_a_licence() -> None:
    before = {phase for (phase, event), after in CHANGES.items() if after is Phase.PSS}
    assert before == {Phase.LICENCE, Phase.RECALLED}
    assert {phase for (phase, _), after in CHANGES.items() if after is Phase.RECALLED} == {Phase.LICENCE}


def test_a_person_is_recalled_and_released_again_as_often_as_it_happens() -> None:
    case = supervised(CUSTODIAL, did(release), did(recall), did(release), did(recall), did(release))
    assert case.state.stages[NEXT].phase is Phase.LICENCE


def test_a_licence_that_stands_as_a_sentence_of_its_own_leads_on_to_pss() -> None:
    assert supervised(LICENCE, did(begin_pss)).state.stages[NEXT].phase is Phase.PSS


def test_a_release_says_when_the_licence_ends_where_from_and_on_which_conditions() -> None:
    released, condition = in_phase(Phase.CUSTODY).when(release, prison="HMP Cardiff", conditions=((RequirementKind.NO_CONTACT, 0),)).events
    assert isinstance(released, Released)
    assert (released.sentence, released.licence_ends_on, released.prison) == (NEXT, date(2026, 9, 11), "HMP Cardiff")
    assert isinstance(condition, RequirementImposed)
    assert (condition.sentence, condition.kind) == (NEXT, RequirementKind.NO_CONTACT)


def test_a_recall_says_why() -> None:
    event = in_phase(Phase.LICENCE).when(recall, reason="New arrest.").event
    assert isinstance(event, Recalled)
    assert (event.sentence, event.reason) == (NEXT, "New arrest.")
    in_phase(Phase.LICENCE).when(recall, reason=" \n").refused("Enter why the person was recalled.", "reason")


def test_when_pss_begins_the_conditions_of_the_licence_expire_and_its_own_begin() -> None:
    case = supervised(CUSTODIAL, did(release, conditions=((RequirementKind.CURFEW, 0), (RequirementKind.EXCLUSION, 0))))
    began, first, second, own = case.when(begin_pss, requirements=((RequirementKind.DRUG_TESTING, 0),)).events
    assert isinstance(began, PssBegan)
    assert isinstance(first, RequirementEnded)
    assert isinstance(second, RequirementEnded)
    assert [(e.requirement, e.how) for e in (first, second)] == [(NEXT + 2, RequirementEnd.EXPIRED), (NEXT + 3, RequirementEnd.EXPIRED)]
    assert isinstance(own, RequirementImposed)
    assert own.kind is RequirementKind.DRUG_TESTING


def test_conditions_that_a_licence_cannot_have_are_refused_with_the_release() -> None:
    in_phase(Phase.CUSTODY).when(release, conditions=((RequirementKind.UNPAID_WORK, 80),)).refused(
        "Unpaid work is a requirement of an order and not a condition of a licence.", "kind"
    )


def test_a_licence_and_pss_end_after_they_begin() -> None:
    today = NOW.date()
    in_phase(Phase.CUSTODY).when(release, licence_ends_on=today).refused("The licence must end after the release.", "licence_ends_on")
    in_phase(Phase.LICENCE).when(begin_pss, expected_end_on=today).refused(
        "Post-sentence supervision must end after it begins.", "expected_end_on"
    )
    assert in_phase(Phase.CUSTODY).when(release, licence_ends_on=today + timedelta(days=1)).events


@pytest.mark.parametrize(
    ("phase", "command", "when"),
    [(Phase.CUSTODY, release, "released_at"), (Phase.LICENCE, recall, "recalled_at"), (Phase.LICENCE, begin_pss, "began_at")],
    ids=["release", "recall", "PSS"],
)
def test_a_change_is_not_before_the_phase_that_it_ends_but_may_be_on_its_first_day(phase: Phase, command: Command, when: str) -> None:
    in_phase(phase).when(command, **{when: BEGAN - timedelta(days=1)}).refused(
        "The date cannot be before 12 January 2026, when the present phase began.", when
    )
    assert in_phase(phase).when(command, **{when: BEGAN - timedelta(hours=1)}).events


@pytest.mark.parametrize("command", [release, recall, begin_pss], ids=["release", "recall", "PSS"])
def test_what_is_no_sentence_has_no_phase(command: Command) -> None:
    supervised().when(command, sentence=3).refused("That sentence is not running.", "sentence")
