"""The monthly contact metric (AK): an appointment offered face to face in every whole month and, if it was missed, followed up.

It counts offers and what followed, not supervision: a month can pass it with nothing said to anybody. It stands beside purposeful
activity as its contrast.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from domain.appointment import AppointmentArranged, AppointmentRearranged
from domain.breach import BreachReferred
from domain.contact import ContactRecorded, Direction, WithWhom
from domain.cover import CoverEnded, CoverStarted
from domain.enforcement import EnforcementActionTaken
from domain.evidence import EvidenceAwaited
from domain.policy import Policy
from domain.words import said
from domain.working_days import add_working_days, local_day
from projections.finding import Verdict
from projections.lasting import Answer, Lasting, by_whole_month
from projections.service_clocks import Offer, offers
from projections.story import Story

NOTHING = Answer(Verdict.NO, said("No face-to-face appointment was offered"))


def monthly_contact(story: Story, policy: Policy) -> Iterator[Lasting]:
    """Each whole month of exposure: whether an appointment was offered, and attended or followed up."""
    by_month: dict[date, list[Offer]] = {}
    for offer in story.once(offers, policy):
        if offer.mode in policy.service_levels.face_to_face_modes and offer.one_to_one and not offer.called_off:
            by_month.setdefault(offer.on.replace(day=1), []).append(offer)

    def answer(month: date) -> Answer:
        offered = by_month.get(month)
        return _of_month(story, policy, month, offered) if offered else NOTHING

    return by_whole_month(story, answer, by_month)


def _of_month(story: Story, policy: Policy, month: date, offered: Sequence[Offer]) -> Answer:
    own = [offer for offer in offered if _is_own(story, offer)]
    if not own:
        unsure = said("Offered only with another officer, and whether they were designated is not recorded")
        return Answer(Verdict.NOT_EVIDENCED, unsure, offered[0].number)
    if kept := next((offer for offer in own if offer.attended), None):
        return Answer(Verdict.YES, lambda: said("One was attended on {day}", day=kept.on), kept.number)
    missed = [offer for offer in own if offer.attended is False]
    limits = [add_working_days(offer.on, policy.enforcement.follow_up_working_days, policy.bank_holidays) for offer in missed]
    reactions = story.once(_reactions, policy) if missed else []
    for offer, last in zip(missed, limits, strict=True):
        if found := _followed_up(offer, last, reactions):
            return Answer(Verdict.YES, partial(_followed_up_on, found[0]), found[1])
    if len(missed) < len(own):
        return Answer(Verdict.NOT_EVIDENCED, said("Whether it was attended was not recorded"), own[0].number)
    last = max(limits)
    return Answer(
        Verdict.NO,
        said("Missed, and not followed up in time"),
        own[0].number,
        last + timedelta(days=1),
        lambda: said("The limit to follow it up has not run out: {day}", day=last),
    )


def _followed_up_on(day: date) -> str:
    return said("Missed, and followed up in time on {day}", day=day)


def _is_own(story: Story, offer: Offer) -> bool:
    """With the officer who held the case then, or with whoever stood in."""
    holder = story.holder_at(offer.starts_at)
    if holder is not None and holder.practitioner == offer.practitioner:
        return True
    covers = story.of(CoverStarted)
    ends = sorted(s.reads.occurred_at for s in story.of(CoverEnded)) if covers else []
    for s in covers:
        if s.reads.practitioner == offer.practitioner and s.reads.occurred_at <= offer.starts_at:
            ended = next((end for end in ends if end >= s.reads.occurred_at), None)
            if offer.on <= s.reads.until and (ended is None or offer.starts_at <= ended):
                return True
    return False


def _reactions(story: Story, policy: Policy) -> list[tuple[datetime, int]]:
    """What can follow up a missed appointment: another arranged, a message or call to the person, being asked for the reason, or an
    enforcement action."""
    found = [(s.reads.occurred_at, s.number) for kind in (AppointmentArranged, AppointmentRearranged) for s in story.of(kind)]
    found += [(s.reads.occurred_at, s.number) for s in story.of(EnforcementActionTaken) if not s.withdrawn_by]
    found += [(s.reads.occurred_at, s.number) for kind in (EvidenceAwaited, BreachReferred) for s in story.of(kind)]
    reaching = (Direction.TO_PERSON, Direction.TWO_WAY)
    found += [
        (s.reads.occurred_at, s.number)
        for s in story.of(ContactRecorded)
        if not s.withdrawn_by and s.reads.with_whom is WithWhom.PERSON and s.reads.direction in reaching
    ]
    return sorted(found)


def _followed_up(offer: Offer, limit: date, reactions: Sequence[tuple[datetime, int]]) -> tuple[date, int] | None:
    """The first reaction after a missed appointment, if it came within the limit."""
    i = bisect_right(reactions, (offer.starts_at, 0))
    if i == len(reactions):
        return None
    on = local_day(reactions[i][0])
    return (on, reactions[i][1]) if on <= limit else None
