"""Handover without a gap: how soon after a change of officer the person meets the new one."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from domain.policy import Policy
from domain.transfer import HandoverHeld
from domain.words import said, unit
from domain.working_days import add_working_days, local_day
from projections.contacts import Contact
from projections.finding import Verdict
from projections.lasting import Lasting, Why, in_words, limit, not_seen_throughout
from projections.measure import Words, of_lasting
from projections.officers import Turn, turns
from projections.one_to_one import reasons
from projections.story import Story

WORDS = Words(
    name="handover",
    title=said("Handover without a gap"),
    theme=said("Continuity of relationship"),
    question=said("Of the changes of officer, after how many did the person soon meet the new one?"),
    definition=said(
        "Each time another officer came to hold the case: yes when the person had a first one-to-one contact with that officer by the "
        "end of the limit. A meeting of the person with both officers is named where it was recorded, and does not stand for that "
        "contact. Administrative moves are left out, and so is a change after which the case soon went on to somebody else, "
        "supervision ended, or the person could not be seen on every day of the limit. Where it was not recorded who held a contact "
        "in time, it is not evidenced."
    ),
    source=said(
        "PC 52/2004, PI 17/2010 and PI 07/2014 on case transfers ask for a handover with the person; the limit is this service’s own"
    ),
    counted=(said("met in time"), said("met late or not at all")),
    rules=("continuity.first_meeting_working_days",),
    unit=unit("change", "changes"),
)


def handovers(story: Story, policy: Policy) -> Iterator[Lasting]:
    changes = [turn for turn in story.once(turns) if turn.is_change]
    if not changes:
        return
    counted = [contact for contact, left_out in zip(story.contacts, story.once(reasons, policy), strict=True) if not left_out]
    for turn in changes:
        yield _handover(
            story, policy, turn, [c for c in counted if turn.since <= c.occurred_at and (turn.until is None or c.occurred_at < turn.until)]
        )


def _handover(story: Story, policy: Policy, turn: Turn, contacts: Sequence[Contact]) -> Lasting:
    started = local_day(turn.since)
    due = add_working_days(started, policy.continuity.first_meeting_working_days, policy.bank_holidays)
    met = next(((c.day, c.number) for c in contacts if c.worker == turn.practitioner), None)
    left_out = "" if met and met[0] <= due else _left_out(story, turn, started, due)
    found = limit(turn.holder.number, started, due, met, said("They met"), turn.holder, policy, left_out)
    unsure = next((c for c in contacts if not c.worker and c.day <= due), None)
    if found.verdict is Verdict.NO and unsure:
        why = said("Who held the contact of {day} was not recorded", day=unsure.day)
        found = replace(found, verdict=Verdict.NOT_EVIDENCED, why=why, number=unsure.number)
    joint = _joint_meeting(story, turn)
    return replace(found, why=_with(found.why, joint), before=_with(found.before, joint) if found.before else "") if joint else found


def _left_out(story: Story, turn: Turn, started: date, due: date) -> str:
    """Why a change after which they did not meet in time does not count; empty when it does."""
    if turn.administrative:
        return said("An administrative move")
    if turn.until and local_day(turn.until) <= due:
        return said("The case went on from this officer before the limit")
    return not_seen_throughout(story, started, due)


def _with(why: Why, joint: date) -> Why:
    return lambda: said("{why}; the person met both officers together on {day}", why=in_words(why), day=joint)


def _joint_meeting(story: Story, turn: Turn) -> date | None:
    """The day on which the person met both officers."""
    pair = turn.before, turn.practitioner
    for s in story.of(HandoverHeld):
        if not s.withdrawn_by and s.reads.three_way and (s.reads.from_practitioner, s.reads.to_practitioner) == pair:
            return local_day(s.reads.occurred_at)
    return None


MEASURES = (of_lasting(WORDS, handovers),)
