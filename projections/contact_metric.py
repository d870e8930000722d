"""The monthly contact metric (AK): an appointment offered face to face in every whole month and, if it was missed, followed up.

It counts offers and what followed, not supervision: a month can pass it with nothing said to anybody. It stands beside purposeful
activity as its contrast.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from domain.appointment import AppointmentArranged, AppointmentRearranged
from domain.breach import BreachReferred
from domain.contact import ContactRecorded, Direction, WithWhom
from domain.cover import CoverEnded, CoverStarted
from domain.enforcement import EnforcementActionTaken
from domain.evidence import EvidenceAwaited
from domain.policy import Policy, add_months
from domain.working_days import add_working_days, local_day
from projections.service_clocks import Clock, Offer, offers
from projections.story import Holder, Story

LEVEL = "monthly-contact"


def month_clocks(story: Story, policy: Policy) -> Iterator[Clock]:
    """A clock for each whole month of exposure in which an appointment was offered; months with none are the query's to count."""
    by_month: dict[date, list[Offer]] = {}
    for offer in story.once(offers, policy):
        if offer.mode in policy.service_levels.face_to_face_modes and offer.one_to_one and not offer.called_off:
            by_month.setdefault(offer.on.replace(day=1), []).append(offer)
    whole = [month for month in sorted(by_month) if is_whole(story, month)]
    for month in whole:
        yield _month(story, policy, month, by_month[month])


def empty_months(story: Story, policy: Policy, today: date) -> Iterator[Clock]:
    """The whole months of exposure before this one in which nothing was offered face to face."""
    offered = {clock.month for clock in month_clocks(story, policy)}
    month = story.supervised[0].since.replace(day=1) if story.supervised else today
    while add_months(month, 1) <= today:
        if month not in offered and is_whole(story, month):
            yield _clock(story, month, None, add_months(month, 1) - timedelta(days=1), "No face-to-face appointment was offered")
        month = add_months(month, 1)


def is_whole(story: Story, month: date) -> bool:
    """Whether the person could be seen on every day of the month."""
    return any(span.since <= month and (span.until is None or span.until >= add_months(month, 1)) for span in story.exposed)


def _month(story: Story, policy: Policy, month: date, offered: Sequence[Offer]) -> Clock:
    last = add_months(month, 1) - timedelta(days=1)
    own = [offer for offer in offered if _is_own(story, offer)]
    if not own:
        unsure = "Offered only with another officer, and whether they were designated is not recorded"
        return _clock(story, month, None, last, "", unsure, offered[0].number)
    if kept := next((offer for offer in own if offer.attended), None):
        return _clock(story, month, (kept.on, kept.number), last, "One was attended")
    missed = [offer for offer in own if offer.attended is False]
    limits = [add_working_days(offer.on, policy.enforcement.follow_up_working_days, policy.bank_holidays) for offer in missed]
    reactions = story.once(_reactions, policy) if missed else []
    for offer, limit in zip(missed, limits, strict=True):
        if found := _followed_up(offer, limit, reactions):
            return _clock(story, month, found, max(last, limit), "Missed, and followed up in time")
    if len(missed) < len(own):
        return _clock(story, month, None, last, "", "Whether it was attended was not recorded", own[0].number)
    return _clock(story, month, None, max([last, *limits]), "Missed, and not followed up in time", number=own[0].number)


def _clock(story: Story, month: date, met: tuple[date, int] | None, due: date, why: str, unsure: str = "", number: int = 0) -> Clock:
    holder = _holder_of(story, month)
    on, by = met or (None, 0)
    return Clock(LEVEL, by or number, month, month, due, on, by, "", unsure, why, holder)


def _holder_of(story: Story, month: date) -> Holder | None:
    """Who held the case when the month ended."""
    after = add_months(month, 1)
    held = [h for h in story.holders if local_day(h.since) < after]
    return held[-1] if held else None


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
