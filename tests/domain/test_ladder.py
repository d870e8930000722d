"""The ladder: what the rules make possible next, by when, in their words; what is answered asks for nothing more."""

from datetime import date, datetime, timedelta

import pytest

from domain.appointment import arrange_appointment, record_outcome
from domain.breach import BreachOutcome, Route
from domain.breach_steps import conclude_breach, present_breach, refer_breach, return_breach, withdraw_breach
from domain.case import Case
from domain.enforcement import ACTIONS, take_enforcement_action
from domain.evidence import decide_evidence, standing_entries
from domain.ladder import Finding, Step, enforced
from domain.outcome import OUTCOMES
from domain.recall import decide_recall, request_recall
from domain.sentence import SentenceKind, start_sentence
from tests.rules import NEXT, NOW, POLICY, Given, did, supervised

DAY = timedelta(days=1)
FAILED = NOW - DAY
"""Wednesday 11 March 2026."""


def fails(case: Given[Case], on: datetime, outcome: str = "UAAB") -> int:
    """An appointment on a day, with its outcome within the hour; returns the number of the outcome."""
    appointment = case.then(arrange_appointment, at=on - DAY, starts_at=on)
    return case.then(record_outcome, at=on + timedelta(hours=1), appointment=appointment, outcome=outcome)


def warns(case: Given[Case], number: int, on: datetime) -> int:
    return case.then(take_enforcement_action, at=on, failures=(number,), reason="As the rules say.")


def findings(case: Given[Case], route: Route = Route.CRC, *, licence: bool = False) -> list[Finding]:
    return list(enforced(standing_entries(case.state), POLICY, route=route, licence=licence).findings)


def steps(case: Given[Case], route: Route = Route.CRC) -> list[Step]:
    return [finding.step for finding in findings(case, route)]


def warned_and_failed_again(apart: timedelta = 14 * DAY) -> Given[Case]:
    """A failure that was warned about the next day, and another one `apart` from the warning."""
    case = supervised()
    warns(case, fails(case, FAILED), FAILED + DAY)
    fails(case, FAILED + DAY + apart)
    return case


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("warned", [False, True], ids=["first", "after a warning"])
def test_what_each_outcome_leads_to_at_first_and_after_a_warning(outcome: str, warned: bool) -> None:
    case = supervised()
    if warned:
        warns(case, fails(case, FAILED - 30 * DAY), FAILED - 29 * DAY)
    fails(case, FAILED, outcome)
    counts, awaited = outcome in {"AFTC", "ATSH", "ATFI", "UAAB"}, outcome == "AFTA"
    expected = [Step.REFER if warned else Step.WARN] if counts else [Step.DECIDE] if awaited else []
    assert steps(case) == expected


@pytest.mark.parametrize("outcome", ["UAAB", "AFTA"])
@pytest.mark.parametrize("accepted", [True, False])
def test_a_reason_that_is_accepted_asks_for_nothing_and_one_that_is_not_for_a_warning(outcome: str, accepted: bool) -> None:
    case = supervised()
    case.then(decide_evidence, failure=fails(case, FAILED, outcome), accepted=accepted)
    assert steps(case) == ([] if accepted else [Step.WARN])


@pytest.mark.parametrize("action", ACTIONS)
def test_which_actions_answer_a_failure(action: str) -> None:
    case = supervised()
    failed = fails(case, FAILED)
    if ACTIONS[action].does == "takes back":
        warns(case, failed, NOW)
    case.then(take_enforcement_action, action=action, failures=(failed,), reason="As agreed.")
    answered = ACTIONS[action].does in ("warns", "settles")
    assert steps(case) == ([] if answered else [Step.WARN])


def test_a_reason_is_awaited_for_seven_days_and_says_by_which_rule() -> None:
    case = supervised()
    failed = fails(case, FAILED, "AFTA")
    [finding] = findings(case)
    assert finding == Finding(
        Step.DECIDE,
        "A reason for the failure of 11 March 2026 is awaited until 18 March 2026. Then decide whether it is accepted.",
        (failed,),
        date(2026, 3, 18),
        "enforcement.evidence_days",
    )
    assert not finding.is_late(date(2026, 3, 18))
    assert finding.is_late(date(2026, 3, 19))


def test_a_first_failure_is_followed_up_within_five_working_days() -> None:
    case = supervised()
    fails(case, FAILED)
    [finding] = findings(case)
    assert (finding.due_on, finding.rule) == (date(2026, 3, 18), "enforcement.follow_up_working_days")
    assert finding.words.startswith("An unacceptable failure on 11 March 2026 and no warning in the 12 months before it")


@pytest.mark.parametrize(
    ("route", "due_on", "rule", "words"),
    [
        (Route.CRC, date(2026, 4, 10), "enforcement.crc_referral_working_days", "refer the breach to the NPS."),
        (Route.NPS, date(2026, 4, 14), "enforcement.nps_presentation_working_days", "present the breach to court."),
    ],
)
def test_a_failure_after_a_warning_leads_to_breach_in_eight_or_ten_working_days_over_easter(
    route: Route, due_on: date, rule: str, words: str
) -> None:
    [finding] = findings(warned_and_failed_again(15 * DAY), route)
    assert (finding.step, finding.due_on, finding.rule) == (Step.REFER, due_on, rule)
    assert finding.words.endswith(f"27 March 2026 within 12 months of the warning of 12 March 2026: {words}")


@pytest.mark.parametrize(("apart", "step"), [(364 * DAY, Step.REFER), (365 * DAY, Step.WARN)], ids=["the last day", "a day later"])
def test_a_warning_counts_for_twelve_months(apart: timedelta, step: Step) -> None:
    assert steps(warned_and_failed_again(apart)) == [step]


def test_two_failures_with_no_warning_lead_to_a_warning_each() -> None:
    case = supervised()
    fails(case, FAILED)
    fails(case, FAILED + 14 * DAY)
    assert steps(case) == [Step.WARN, Step.WARN]


def test_a_failure_before_the_warning_was_given_does_not_go_against_it() -> None:
    case = supervised()
    first = fails(case, FAILED)
    fails(case, FAILED + 2 * DAY)
    warns(case, first, FAILED + 3 * DAY)
    assert steps(case) == [Step.WARN]


def test_a_warning_falls_away_when_the_reason_is_accepted_late() -> None:
    case = warned_and_failed_again()
    case.then(decide_evidence, at=FAILED + 20 * DAY, failure=NEXT + 1)
    assert steps(case) == [Step.WARN]


def test_when_the_service_became_aware_late_the_clock_begins_late() -> None:
    case = supervised()
    warns(case, fails(case, FAILED - 30 * DAY), FAILED - 29 * DAY)
    second = fails(case, FAILED, "AFTA")
    case.then(decide_evidence, at=datetime(2026, 3, 16, 10, tzinfo=NOW.tzinfo), failure=second, accepted=False)
    [finding] = findings(case)
    assert finding.due_on == date(2026, 3, 26)


# The breach under way -----------------------------------------------------------------------------------------------


def in_breach(route: Route = Route.CRC) -> Given[Case]:
    """Referred on Thursday 26 March 2026, of a failure of that day."""
    case = warned_and_failed_again()
    at = FAILED + DAY + 14 * DAY
    case.then(refer_breach, at=at + timedelta(hours=2), failures=(NEXT + 1, NEXT + 4), became_aware_on=at.date(), route=route)
    return case


LATER = datetime(2026, 3, 27, 10, tzinfo=NOW.tzinfo)


@pytest.mark.parametrize(
    ("route", "due_on", "rule"),
    [
        (Route.CRC, date(2026, 3, 30), "enforcement.nps_referral_working_days"),
        (Route.NPS, date(2026, 4, 13), "enforcement.nps_presentation_working_days"),
    ],
)
def test_a_breach_is_presented_two_days_after_a_crcs_referral_or_ten_after_the_nps_is_aware(route: Route, due_on: date, rule: str) -> None:
    [finding] = findings(in_breach(route), route)
    assert (finding.step, finding.due_on, finding.rule) == (Step.PRESENT, due_on, rule)


def test_a_returned_referral_still_has_the_first_clock_and_a_mended_one_a_new_clock_for_the_court() -> None:
    case = in_breach()
    case.then(return_breach, at=LATER)
    [finding] = findings(case)
    assert (finding.step, finding.due_on) == (Step.REFER_AGAIN, date(2026, 4, 9))
    case.then(refer_breach, at=LATER, failures=(NEXT + 4,), became_aware_on=date(2026, 3, 26))
    [finding] = findings(case)
    assert (finding.step, finding.due_on) == (Step.PRESENT, date(2026, 3, 31))


def test_a_breach_before_the_court_awaits_its_outcome_with_no_limit() -> None:
    case = in_breach()
    case.then(present_breach, at=LATER)
    [finding] = findings(case)
    assert (finding.step, finding.due_on, finding.is_late(date(2030, 1, 1))) == (Step.OUTCOME, None, False)


def test_a_breach_that_rests_on_a_failure_accepted_since_is_looked_at_again() -> None:
    case = in_breach()
    case.then(decide_evidence, at=LATER, failure=NEXT + 4)
    assert steps(case) == [Step.PRESENT, Step.REVIEW]


def test_a_withdrawn_breach_leaves_its_failures_unanswered() -> None:
    case = in_breach()
    case.then(withdraw_breach, at=LATER)
    assert steps(case) == [Step.REFER]


def test_a_breach_answers_every_failure_before_it_also_those_it_does_not_rest_on() -> None:
    case = supervised()
    fails(case, FAILED)
    second = fails(case, FAILED + 14 * DAY)
    case.then(refer_breach, at=LATER, failures=(second,), became_aware_on=LATER.date())
    assert steps(case) == [Step.PRESENT]


def test_a_further_failure_while_a_breach_is_under_way_is_followed_up_and_leads_to_no_second_breach() -> None:
    case = in_breach()
    failed = fails(case, LATER + 5 * DAY)
    followed = findings(case)[-1]
    assert (followed.step, followed.about, followed.due_on) == (Step.FOLLOW_UP, (failed,), date(2026, 4, 10))
    case.then(take_enforcement_action, at=LATER + 6 * DAY, action="BIP", failures=(failed,), reason="The court is told.")
    assert steps(case) == [Step.PRESENT]


def test_a_court_deals_with_all_that_happened_before_it_decided() -> None:
    case = in_breach()
    case.then(present_breach, at=LATER)
    fails(case, LATER + 5 * DAY)
    fails(case, LATER + 6 * DAY, "AFTA")
    case.then(conclude_breach, at=LATER + 20 * DAY, outcome=BreachOutcome.FINED)
    assert findings(case) == []


def test_what_the_court_dealt_with_counts_no_more_and_the_ladder_begins_again() -> None:
    case = in_breach()
    case.then(present_breach, at=LATER)
    case.then(conclude_breach, at=LATER + DAY, outcome=BreachOutcome.CONTINUES)
    assert findings(case) == []
    failed = fails(case, LATER + 30 * DAY)
    assert steps(case) == [Step.WARN]
    case.then(take_enforcement_action, at=LATER + 31 * DAY, failures=(failed,), reason="")  # a first warning again needs no words
    assert steps(case) == []


# Licence and recall -------------------------------------------------------------------------------------------------


def test_under_licence_alone_no_number_of_failures_leads_to_breach() -> None:
    found = findings(warned_and_failed_again(), licence=True)
    assert [finding.step for finding in found] == [Step.FOLLOW_UP]
    assert "a request for recall" in found[0].words


def test_a_request_for_recall_awaits_its_decision_and_answers_the_failures_it_rests_on() -> None:
    case = supervised(did(start_sentence, kind=SentenceKind.LICENCE, requirements=()))
    failed = fails(case, FAILED)
    case.then(request_recall, sentence=NEXT, failures=(failed,))
    assert steps(case) == [Step.RECALL]
    case.then(decide_recall)
    assert steps(case) == []


def test_the_most_pressing_comes_first() -> None:
    case = warned_and_failed_again()
    fails(case, LATER, "AFTA")
    assert steps(case) == [Step.REFER, Step.DECIDE]


def test_the_rules_that_findings_name_are_values_of_the_policy() -> None:
    for case in (warned_and_failed_again(), in_breach(), in_breach(Route.NPS)):
        assert all(finding.rule in POLICY.sources for finding in findings(case) if finding.due_on)
