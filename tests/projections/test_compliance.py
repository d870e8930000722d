"""Enforcement as read from a history: the same answer as the rules give, phases of sentences, and one row a step that is due."""

from datetime import date, timedelta

from msgspec.structs import replace

from domain.appointment import arrange_appointment, record_outcome
from domain.breach import Route
from domain.case import Case
from domain.enforcement import take_enforcement_action
from domain.entry import correct_entry, withdraw_entry
from domain.evidence import standing_entries
from domain.ladder import Step
from domain.phase import begin_pss, recall, release
from domain.remembered import Phase
from domain.sentence import SentenceKind, end_sentence, start_sentence
from projections.compliance import entries, phases, rows, standing
from projections.story import Story
from tests.rules import BEGAN, NEXT, NOW, POLICY, SENTENCE, YESTERDAY, Given, did, supervised
from tests.rules import Step as Told

DAY = timedelta(days=1)


def missed(outcome: str = "UAAB", *steps: Told) -> Given[Case]:
    return supervised(did(arrange_appointment, starts_at=YESTERDAY), did(record_outcome, at=NOW, outcome=outcome), *steps)


def told(case: Given[Case]) -> list[tuple[object, ...]]:
    return list(rows(Story(case.history), POLICY))


def steps(case: Given[Case], route: Route = Route.CRC) -> list[Step]:
    return [finding.step for finding in standing(Story(case.history), POLICY, route).findings]


def test_the_history_and_the_rules_have_the_same_entries_to_go_by() -> None:
    stands = missed("UAAB", did(take_enforcement_action, at=NOW))
    assert entries(Story(stands.history)) == list(standing_entries(stands.state))
    other = missed("ATTC").history[-1].event
    mended = missed("UAAB", did(take_enforcement_action, at=NOW), did(correct_entry, entry=NEXT + 1, reads=other, at=NOW))
    kept, action = standing_entries(mended.state)
    assert kept == (NEXT + 1, other), "the rules keep an outcome that was mended, which is no failure any more"
    assert entries(Story(mended.history)) == [action]


def test_a_case_without_a_failure_has_no_rows() -> None:
    assert told(supervised()) == []
    assert told(missed("ATTC")) == []


def test_a_failure_that_awaits_its_reason_is_a_row_with_its_day_the_same_in_a_crc_and_in_the_nps() -> None:
    assert told(missed("AFTA")) == [(NEXT + 1, "decide on the reason", date(2026, 3, 18), date(2026, 3, 18))]


def test_breach_is_due_on_two_days_for_the_query_to_choose_from() -> None:
    case = missed("UAAB", did(take_enforcement_action, at=NOW))
    case.then(arrange_appointment, at=NOW, starts_at=NOW + DAY)
    case.then(record_outcome, at=NOW + DAY, appointment=NEXT + 3, outcome="UAAB")
    assert told(case) == [(NEXT + 4, "start breach", date(2026, 3, 25), date(2026, 3, 27))]


def test_what_has_no_day_has_no_row_and_what_was_withdrawn_is_not_asked_about() -> None:
    assert told(missed("UAAB", did(withdraw_entry, entry=NEXT + 1, at=NOW))) == []
    assert told(missed("UAAB", did(take_enforcement_action, at=NOW))) == []


def test_the_phase_of_each_sentence_follows_its_changes() -> None:
    at, end = BEGAN + DAY, date(2027, 6, 1)
    case = supervised(did(start_sentence, kind=SentenceKind.CUSTODIAL, requirements=(), at=NOW))
    assert phases(Story(case.history)) == {SENTENCE: Phase.COMMUNITY, NEXT: Phase.CUSTODY}
    case.then(release, sentence=NEXT, released_at=at, licence_ends_on=end)
    assert phases(Story(case.history))[NEXT] is Phase.LICENCE
    case.then(recall, sentence=NEXT, recalled_at=at + DAY, reason="Risk.")
    assert phases(Story(case.history))[NEXT] is Phase.RECALLED
    case.then(begin_pss, sentence=NEXT, began_at=at + 2 * DAY, expected_end_on=end)
    assert phases(Story(case.history))[NEXT] is Phase.PSS
    case.then(end_sentence, sentence=NEXT, ended_at=at + 3 * DAY, how="completed")
    assert phases(Story(case.history)) == {SENTENCE: Phase.COMMUNITY, NEXT: Phase.ENDED}


def test_under_licence_alone_the_ladder_of_orders_does_not_apply() -> None:
    licence = did(start_sentence, kind=SentenceKind.LICENCE, requirements=(), at=NOW)
    assert steps(missed("UAAB", licence)) == [Step.WARN]
    alone = missed("UAAB", licence, did(end_sentence, at=NOW, sentence=SENTENCE))
    assert steps(alone) == [Step.FOLLOW_UP]


def test_the_service_is_aware_when_an_open_reason_was_first_decided_by_a_correction_and_a_later_one_moves_no_clock() -> None:
    undecided = missed("AFTA")
    blamed = replace(undecided.history[-1].event, outcome="UAAB")
    undecided.then(correct_entry, at=NOW + 4 * DAY, entry=NEXT + 1, reads=blamed)
    [failure] = standing(Story(undecided.history), POLICY, Route.CRC).failures
    assert failure.aware_on == date(2026, 3, 16)
    undecided.then(correct_entry, at=NOW + 9 * DAY, entry=NEXT + 1, reads=replace(blamed, note="Rang again."))
    [failure] = standing(Story(undecided.history), POLICY, Route.CRC).failures
    assert failure.aware_on == date(2026, 3, 16)
    at_once = missed("UAAB")
    at_once.then(correct_entry, at=NOW + 4 * DAY, entry=NEXT + 1, reads=replace(at_once.history[-1].event, note="He rang."))
    [failure] = standing(Story(at_once.history), POLICY, Route.CRC).failures
    assert failure.aware_on == YESTERDAY.date()
