"""Contact level: which contact is face to face, for how long nobody saw the person, and whether the planned pattern was kept."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.appointment import arrange_appointment, cancel_appointment, record_outcome
from domain.case import Case
from domain.contact import Direction, Mode, WithWhom, record_contact
from domain.interruption import begin_interruption, end_interruption
from domain.plan import set_pattern
from projections.finding import Finding, Verdict
from projections.measures import MEASURES
from projections.measures.face_to_face import findings, verdicts
from projections.seen import NOT_SAID
from projections.story import Story
from tests.rules import BEGAN, NEXT, POLICY, Given, Step, contact_months, did, supervised

LATER = date(2026, 6, 20)
"""February to May have ended and are whole: the case began on Monday 12 January."""
FEBRUARY, MARCH, APRIL, MAY = (date(2026, month, 1) for month in range(2, 6))


def on(day: int, month: int = 2) -> datetime:
    return datetime(2026, month, day, 10, tzinfo=UTC)


def seen(day: int, month: int = 2, **details: Any) -> Step:
    return did(record_contact, at=on(day, month), occurred_at=on(day, month), **details)


def arranged(day: int, month: int = 2, **details: Any) -> Step:
    return did(arrange_appointment, starts_at=on(day, month), **details)


def kept(day: int, month: int = 2, number: int = NEXT, outcome: str = "ATTC", **details: Any) -> tuple[Step, Step]:
    return arranged(day, month, **details), did(record_outcome, at=on(day, month), appointment=number, outcome=outcome)


def found(measure: str, case: Given[Case], today: date = LATER) -> dict[date, Finding]:
    return {finding.month: finding for finding in MEASURES[measure].findings(Story(case.history), POLICY, today)}


def said(finding: Finding) -> tuple[Verdict, str, int]:
    return finding.verdict, finding.why, finding.number


# Face to face -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "verdict", "why"),
    [
        pytest.param((seen(5),), Verdict.YES, "Office", id="at the office, unplanned"),
        pytest.param(kept(5), Verdict.YES, "Office", id="an appointment kept"),
        pytest.param(kept(5, outcome="ATSS"), Verdict.YES, "Office", id="seen, and sent home by the service"),
        pytest.param((seen(5, mode=Mode.HOME),), Verdict.YES, "Home visit", id="at home"),
        pytest.param((seen(5, mode=Mode.DOORSTEP),), Verdict.YES, "Doorstep", id="on the doorstep"),
        pytest.param((seen(5, mode=Mode.PRISON),), Verdict.YES, "Prison visit", id="in prison"),
        pytest.param((seen(5, mode=Mode.PLACE),), Verdict.YES, "Other place", id="elsewhere"),
        pytest.param((seen(5, mode=Mode.VIDEO),), Verdict.NO, "Video", id="by video"),
        pytest.param((seen(5, kind="CTOB"),), Verdict.NO, "Telephone", id="a call"),
        pytest.param((seen(5, kind="C334"),), Verdict.NO, "Kiosk", id="at a kiosk"),
        pytest.param(kept(5, kind="APAT"), Verdict.NO, "Group session", id="in a group"),
        pytest.param(kept(5, kind="CUPA"), Verdict.NO, "Unpaid work", id="at work"),
        pytest.param((seen(5, mode=Mode.TEXT),), Verdict.NO, "Text or email", id="texts to and fro"),
        pytest.param((seen(5, mode=Mode.LETTER),), Verdict.NO, "Letter", id="letters to and fro"),
        pytest.param((seen(5, mode=Mode.OTHER),), Verdict.NOT_EVIDENCED, "How it took place was not recorded", id="way unknown"),
        pytest.param((seen(5, with_whom=WithWhom.NOT_KNOWN),), Verdict.NOT_EVIDENCED, NOT_SAID, id="with whom unknown"),
        pytest.param((seen(5, direction=Direction.NOT_KNOWN),), Verdict.NOT_EVIDENCED, NOT_SAID, id="direction unknown"),
        pytest.param(kept(5, outcome="CO22"), Verdict.NOT_EVIDENCED, NOT_SAID, id="attendance unknown"),
        pytest.param(kept(5, outcome="UAAB"), Verdict.LEFT_OUT, "It did not take place", id="missed"),
        pytest.param((seen(5, with_whom=WithWhom.FAMILY),), Verdict.LEFT_OUT, "With family or carer, not with the person", id="family"),
        pytest.param((seen(5, kind="CMOB"),), Verdict.LEFT_OUT, "One way, to the person", id="a text to the person"),
        pytest.param((seen(5, kind="CLOA"),), Verdict.LEFT_OUT, "One way, from the person", id="a letter from the person"),
        pytest.param((seen(5, kind="CIEA"),), Verdict.LEFT_OUT, "With another agency, not with the person", id="about the person"),
    ],
)
def test_a_contact_that_took_place_with_the_person_is_face_to_face_or_in_another_way(
    steps: tuple[Step, ...], verdict: Verdict, why: str
) -> None:
    story = Story(supervised(*steps).history)
    (one,) = findings(story, POLICY)
    assert (one.verdict, one.why) == (verdict, why)
    assert verdicts(story, POLICY) == [verdict]


def test_every_way_of_contact_is_face_to_face_another_way_or_unknown() -> None:
    ways = {mode: findings(Story(supervised(seen(5, mode=mode)).history), POLICY)[0].verdict for mode in Mode}
    assert {mode for mode, verdict in ways.items() if verdict is Verdict.YES} == POLICY.contact_level.face_to_face_modes
    assert {mode for mode, verdict in ways.items() if verdict is Verdict.NOT_EVIDENCED} == {Mode.OTHER}


def test_which_ways_are_face_to_face_is_the_policys_to_say() -> None:
    by_video = replace(POLICY, contact_level=replace(POLICY.contact_level, face_to_face_modes=frozenset({"video"})))
    story = Story(supervised(seen(5), seen(6, mode=Mode.VIDEO)).history)
    assert [one.verdict for one in findings(story, by_video)] == [Verdict.NO, Verdict.YES]


def test_months_add_up_to_the_findings() -> None:
    case = supervised(seen(5), seen(6, kind="CTOB"), seen(7, mode=Mode.OTHER), seen(8, kind="CMOB"), seen(9, mode=Mode.HOME))
    assert contact_months(case, "face_to_face") == [("2026-02-01", "SIAN", "CF1", "C10", 2, 1, 1, 1)]


# The gap ----------------------------------------------------------------------------------------------------------------

GAP = "seen-face-to-face"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # 42 days before 31 March is 17 February.
        pytest.param((seen(17),), (Verdict.YES, "Seen on 17 February 2026", NEXT), id="six weeks before the end"),
        pytest.param((seen(16),), (Verdict.NO, "Last seen on 16 February 2026", NEXT), id="a day longer"),
        pytest.param((seen(31, 3),), (Verdict.YES, "Seen on 31 March 2026", NEXT), id="on the last day"),
        pytest.param((seen(1, 4),), (Verdict.NO, "Not seen yet", 0), id="only a day after the end"),
        pytest.param((), (Verdict.NO, "Not seen yet", 0), id="never"),
        pytest.param((seen(5), seen(20, kind="CTOB")), (Verdict.NO, "Last seen on 5 February 2026", NEXT), id="calls since"),
        pytest.param(
            (seen(5), *kept(20, number=NEXT + 1, outcome="UAAB")), (Verdict.NO, "Last seen on 5 February 2026", NEXT), id="missed since"
        ),
        pytest.param(
            (seen(5), seen(20, mode=Mode.OTHER)),
            (Verdict.NOT_EVIDENCED, f"{NOT_SAID}: 20 February 2026", NEXT + 1),
            id="a contact whose way is unknown since",
        ),
        pytest.param(
            (seen(5), *kept(20, number=NEXT + 1, outcome="CO22")),
            (Verdict.NOT_EVIDENCED, f"{NOT_SAID}: 20 February 2026", NEXT + 2),
            id="attendance unknown since",
        ),
        pytest.param(
            (seen(5), arranged(20)), (Verdict.NOT_EVIDENCED, f"{NOT_SAID}: 20 February 2026", NEXT + 1), id="no outcome recorded since"
        ),
        pytest.param(
            (seen(5), arranged(20, kind="COPT")), (Verdict.NO, "Last seen on 5 February 2026", NEXT), id="a call without an outcome"
        ),
        pytest.param(
            (seen(5), arranged(20), did(cancel_appointment, at=on(19), appointment=NEXT + 1)),
            (Verdict.NO, "Last seen on 5 February 2026", NEXT),
            id="an appointment called off since",
        ),
        pytest.param((seen(18), seen(20, mode=Mode.OTHER)), (Verdict.YES, "Seen on 18 February 2026", NEXT), id="seen, and perhaps again"),
    ],
)
def test_at_the_end_of_a_month_the_person_was_seen_in_the_last_six_weeks_or_not(
    steps: tuple[Step, ...], expected: tuple[Verdict, str, int]
) -> None:
    assert said(found(GAP, supervised(*steps))[MARCH]) == expected


def test_a_month_is_left_out_while_six_weeks_have_not_passed_since_the_person_could_be_seen() -> None:
    """42 days before 31 May is 19 April."""

    def away_until(day: int) -> tuple[Step, Step]:
        return did(begin_interruption, at=on(2, 3)), did(end_interruption, at=on(day, 4))

    could = (Verdict.LEFT_OUT, "Could be seen only since 19 April 2026", 0)
    assert said(found(GAP, supervised(*away_until(19)))[MAY]) == could
    assert said(found(GAP, supervised(*away_until(18)))[MAY]) == (Verdict.NO, "Not seen yet", 0)
    assert said(found(GAP, supervised(*away_until(19), seen(20, 4)))[MAY]) == (Verdict.YES, "Seen on 20 April 2026", NEXT + 2)
    # 42 days before 28 February is 17 January, after the beginning on the 12th.
    assert said(found(GAP, supervised())[FEBRUARY]) == (Verdict.NO, "Not seen yet", 0)


def test_a_month_without_a_meeting_is_judged_by_the_meeting_before_it() -> None:
    months = found(GAP, supervised(seen(10), seen(2, 4)))
    assert [months[month].verdict for month in (FEBRUARY, MARCH, APRIL, MAY)] == [Verdict.YES, Verdict.NO, Verdict.YES, Verdict.NO]


# As planned -------------------------------------------------------------------------------------------------------------

AS_PLANNED = "as-planned"
FORTNIGHTLY = did(set_pattern)
ONE, TWO, NONE = "1 contact in that way took place", "2 contacts in that way took place", "No contact in that way took place"
RULE = "planned every 14 days, office"


def pattern(every_days: int, begins: date, mode: Mode = Mode.OFFICE, at: datetime = BEGAN) -> Step:
    return did(set_pattern, at=at, every_days=every_days, mode=mode, from_on=begins)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param((seen(5), seen(19)), (Verdict.YES, f"{TWO}; {RULE}", NEXT + 2), id="both"),
        pytest.param((seen(1), seen(2)), (Verdict.YES, f"{TWO}; {RULE}", NEXT + 2), id="both, close together"),
        pytest.param((seen(5),), (Verdict.NO, f"{ONE}; {RULE}", NEXT), id="one"),
        pytest.param((), (Verdict.NO, f"{NONE}; {RULE}", NEXT), id="none"),
        pytest.param((seen(5), seen(19, mode=Mode.HOME)), (Verdict.NO, f"{ONE}; {RULE}", NEXT), id="one in another way"),
        pytest.param((seen(5), seen(19, with_whom=WithWhom.FAMILY)), (Verdict.NO, f"{ONE}; {RULE}", NEXT), id="one with the family"),
        pytest.param((seen(5), *kept(19, number=NEXT + 2, outcome="UAAB")), (Verdict.NO, f"{ONE}; {RULE}", NEXT), id="one missed"),
        pytest.param((seen(31, 1), seen(19), seen(1, 3)), (Verdict.NO, f"{ONE}; {RULE}", NEXT), id="one outside the month"),
        pytest.param(
            (seen(5), arranged(19)),
            (Verdict.NOT_EVIDENCED, f"{ONE}, and 1 of which that was not recorded; {RULE}", NEXT),
            id="an outcome that was not recorded",
        ),
        pytest.param(
            (seen(5, mode=Mode.OTHER), seen(19, with_whom=WithWhom.NOT_KNOWN)),
            (Verdict.NOT_EVIDENCED, f"{NONE}, and 2 of which that was not recorded; {RULE}", NEXT),
            id="way and company not recorded",
        ),
        pytest.param((arranged(19),), (Verdict.NO, f"{NONE}; {RULE}", NEXT), id="one not recorded is not enough"),
    ],
)
def test_a_month_is_as_planned_with_as_many_contacts_as_turns_fit_into_it(
    steps: tuple[Step, ...], expected: tuple[Verdict, str, int]
) -> None:
    """February has 28 days: two turns of 14."""
    assert said(found(AS_PLANNED, supervised(FORTNIGHTLY, *steps))[FEBRUARY]) == expected


@pytest.mark.parametrize(("every_days", "turns"), [(1, 31), (7, 4), (10, 3), (14, 2), (15, 2), (16, 1), (31, 1)])
def test_how_many_contacts_march_wants_follows_from_its_31_days(every_days: int, turns: int) -> None:
    for contacts, verdict in ((turns - 1, Verdict.NO), (turns, Verdict.YES)):
        steps = [seen(1 + n, 3) for n in range(contacts)]
        assert found(AS_PLANNED, supervised(pattern(every_days, date(2026, 1, 12)), *steps))[MARCH].verdict is verdict


@pytest.mark.parametrize("every_days", [1, 3, 7, 13, 14, 21, 28, 30, 42, 56])
@pytest.mark.parametrize("late", [0, 2])
def test_whoever_is_seen_exactly_as_planned_always_is_as_planned(every_days: int, late: int) -> None:
    begins = date(2026, 1, 12)
    days = [date.fromordinal(begins.toordinal() + late % every_days + n) for n in range(0, 150, every_days)]
    case = supervised(pattern(every_days, begins), *(seen(day.day, day.month) for day in days))
    judged = {finding.verdict for finding in found(AS_PLANNED, case).values()}
    assert judged - {Verdict.LEFT_OUT} == {Verdict.YES}


def test_a_turn_longer_than_the_month_is_looked_at_as_a_whole() -> None:
    """Every 42 days from 12 January: the turn that ends with February began on 18 January, the one that ends with March on 18 February."""
    rule = "planned every 42 days, office"
    months = found(AS_PLANNED, supervised(pattern(42, date(2026, 1, 12)), seen(18, 1)))
    assert said(months[FEBRUARY]) == (Verdict.YES, f"{ONE}; {rule}", NEXT + 1)
    assert said(months[MARCH]) == (Verdict.NO, f"{NONE}; {rule}", NEXT)


def test_a_month_before_the_first_turn_has_ended_is_left_out() -> None:
    """42 days up to the end of February begin on 18 January."""
    months = found(AS_PLANNED, supervised(pattern(42, date(2026, 1, 19))))
    assert said(months[FEBRUARY]) == (Verdict.LEFT_OUT, "Its first turn had not ended", NEXT)
    assert months[MARCH].verdict is Verdict.NO
    assert found(AS_PLANNED, supervised(pattern(42, date(2026, 1, 18))))[FEBRUARY].verdict is Verdict.NO
    away = did(begin_interruption, at=on(2, 3)), did(end_interruption, at=on(28, 3), interruption=NEXT + 1)
    assert said(found(AS_PLANNED, supervised(pattern(42, date(2026, 1, 12)), *away))[APRIL])[1] == "Its first turn had not ended"


def test_a_month_in_which_the_pattern_was_set_or_changed_is_left_out() -> None:
    case = supervised(pattern(14, date(2026, 2, 2)), pattern(28, date(2026, 4, 15), Mode.TELEPHONE, on(15, 4)), seen(5, 5, kind="CTOB"))
    months = found(AS_PLANNED, case)
    assert said(months[FEBRUARY]) == (Verdict.LEFT_OUT, "The pattern was set on 2 February 2026", NEXT)
    assert said(months[MARCH]) == (Verdict.NO, f"{NONE}; {RULE}", NEXT)
    assert said(months[APRIL]) == (Verdict.LEFT_OUT, "The pattern was set on 15 April 2026", NEXT + 1)
    assert said(months[MAY]) == (Verdict.YES, f"{ONE}; planned every 28 days, telephone", NEXT + 2)


def test_without_a_pattern_a_month_is_not_evidenced() -> None:
    months = found(AS_PLANNED, supervised(seen(5), pattern(14, date(2026, 4, 1))))
    for month in (FEBRUARY, MARCH):
        assert said(months[month]) == (Verdict.NOT_EVIDENCED, "No pattern of contact was recorded", 0)
    assert months[APRIL].verdict is Verdict.NO
