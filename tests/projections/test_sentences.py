"""Sentences as they stand: the phase each is in, what is required and done, and what ended."""

from datetime import date, timedelta

from msgspec.structs import replace

from domain.entry import correct_entry, withdraw_entry
from domain.phase import begin_pss, recall, release
from domain.remembered import Phase
from domain.requirement import RequirementEnd, RequirementKind, amend_requirement, credit_rar_day, end_requirement
from domain.sentence import SentenceEnd, SentenceKind, amend_sentence, end_sentence, resentence, start_sentence
from domain.upw_completion import CompletedBy, complete_upw
from domain.upw_session import record_upw_attendance
from projections.sentences import Requirement, Sentence, requirements, sentences
from projections.story import Story
from tests.rules import BEGAN, NEXT, NOW, RAR, SENTENCE, UNPAID_WORK, YESTERDAY, Step, closed, did, supervised

CUSTODIAL = did(start_sentence, kind=SentenceKind.CUSTODIAL, requirements=())


def rar(*steps: Step) -> Requirement:
    return next(r for r in requirements(Story(supervised(*steps).history)) if r.number == RAR)


def last(*steps: Step) -> Sentence:
    return sentences(Story(supervised(*steps).history))[-1]


def credited(days: int) -> Step:
    return did(credit_rar_day, at=NOW, done_at=BEGAN + timedelta(days=days))


def test_a_sentence_says_what_was_ordered_and_where_it_is_served() -> None:
    order = last()
    assert (order.number, order.kind, order.began_on, order.expected_end_on) == (
        SENTENCE,
        "community order",
        BEGAN.date(),
        date(2027, 1, 11),
    )
    assert (order.phase, order.ended_on, order.how, order.replaces) == (Phase.COMMUNITY, None, "", 0)
    assert [r.number for r in order.requirements] == [UNPAID_WORK, RAR]


def test_a_sentence_on_licence_is_expected_to_end_with_the_licence_and_on_pss_with_that() -> None:
    out = did(release)
    assert (last(CUSTODIAL, out).phase, last(CUSTODIAL, out).expected_end_on) == (Phase.LICENCE, date(2026, 9, 11))
    assert last(CUSTODIAL, out, did(recall)).expected_end_on == date(2027, 1, 11)
    assert last(CUSTODIAL, out, did(begin_pss)).expected_end_on == date(2027, 3, 11)


def test_a_sentence_whose_length_was_amended_is_expected_to_end_then() -> None:
    assert last(did(amend_sentence, at=NOW)).expected_end_on == date(2027, 7, 11)
    assert last(did(amend_sentence, at=NOW), did(end_sentence, at=NOW)).expected_end_on == date(2027, 7, 11)


def test_a_sentence_that_replaces_another_says_which_and_the_other_says_how_it_ended() -> None:
    old, new = sentences(Story(supervised(did(resentence, at=NOW)).history))
    assert (old.ended_on, old.how, new.replaces) == (NOW.date(), SentenceEnd.RESENTENCED, SENTENCE)


def test_days_of_rehabilitation_activity_stand_in_the_order_of_the_days() -> None:
    assert [day.done_on for day in rar(credited(9), credited(3)).rar_days] == [BEGAN.date() + timedelta(days=d) for d in (3, 9)]


def test_a_day_that_was_withdrawn_does_not_stand_and_one_that_was_corrected_reads_as_corrected() -> None:
    assert rar(credited(3), did(withdraw_entry, at=NOW)).rar_days == ()
    case = supervised(credited(3))
    case.then(correct_entry, entry=NEXT, reads=replace(case.history[-1].event, minutes=45))
    (day,) = requirements(Story(case.history))[1].rar_days
    assert day.minutes == 45


def test_an_amended_amount_is_the_one_that_holds() -> None:
    assert (rar().amount, rar(did(amend_requirement, at=NOW)).amount) == (20, 30)


def test_unpaid_work_is_credited_in_minutes() -> None:
    story = Story(supervised(did(record_upw_attendance, at=NOW)).history)
    assert [r.minutes_credited for r in requirements(story)] == [390, 0]


def test_a_requirement_runs_until_it_or_its_sentence_ends() -> None:
    assert rar().running
    ended = rar(did(end_requirement, at=NOW, ended_at=YESTERDAY))
    assert (ended.running, ended.ended_on, ended.how) == (False, YESTERDAY.date(), RequirementEnd.COMPLETED)
    assert not any(r.running for r in requirements(Story(closed().history)))


def test_unpaid_work_that_is_complete_no_longer_runs() -> None:
    ended = did(complete_upw, at=NOW, requirement=UNPAID_WORK, how=CompletedBy.COURT)
    work = requirements(Story(supervised(ended).history))[0]
    assert (work.running, work.ended_on, work.how) == (False, NOW.date(), "ended by the court")
    assert requirements(Story(supervised(ended, did(withdraw_entry, at=NOW)).history))[0].running


def test_a_second_sentence_keeps_its_own_requirements_running() -> None:
    two = did(start_sentence, requirements=((RequirementKind.CURFEW, 3),))
    story = Story(supervised(two, did(end_sentence, at=NOW)).history)
    assert [(r.kind, r.running) for r in requirements(story)] == [
        (RequirementKind.UNPAID_WORK, False),
        (RequirementKind.RAR, False),
        (RequirementKind.CURFEW, True),
    ]


def test_an_amount_is_counted_in_the_unit_of_its_kind() -> None:
    assert [r.unit for r in requirements(Story(supervised().history))] == ["hours", "days"]
