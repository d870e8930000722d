"""Face to face: how much of the contact was, and whether nobody goes for weeks without being seen."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from domain.contact import Direction, Mode, WithWhom
from domain.policy import Policy
from domain.words import said, unit
from projections.contacts import Contact, Facts
from projections.finding import Finding, Verdict, of_contact
from projections.lasting import Answer, Lasting, by_whole_month, next_month
from projections.measure import Words, of_contacts, of_lasting
from projections.seen import NOT_SAID, Meeting, meetings, met
from projections.story import Story

THEME = said("Contact level")
MODES = "contact_level.face_to_face_modes"

SHARE = Words(
    name="face-to-face",
    title=said("Face to face"),
    theme=THEME,
    question=said("Of the contacts that took place with the person, how many were face to face?"),
    definition=said(
        "Every two-way contact with the person that took place is counted, planned or not, and is face to face when it was in one of "
        "the ways that the policy lists; for every other the finding names the way: telephone, video, kiosk, group session and so on. "
        "In a group or at work the person is among others, so it is not face to face with an officer. Who came and was sent home was "
        "seen. Messages and letters, contact with others, and what did not take place are left out. Where it is missing how it took "
        "place, with whom or whether it did, the contact is ‘not evidenced’."
    ),
    source=said(
        "HM Chief Inspector of Probation, annual report, December 2017: in one provider up to 40% were supervised by telephone calls "
        "about every six weeks in place of meetings; the definition is this service’s own"
    ),
    counted=(said("face to face"), said("in another way")),
    rules=(MODES,),
)

GAP = Words(
    name="seen-face-to-face",
    title=said("No long gap without being seen"),
    theme=THEME,
    question=said("Of the whole months in which the person could be seen, at the end of how many had they been seen face to face lately?"),
    definition=said(
        "At the end of each whole month in which the person could be seen on every day: whether a contact face to face took place in "
        "the policy’s last days, the same number after which My day says that somebody has not been seen. A month is left out while "
        "fewer days than that have passed since the person could first be seen, or again. Where only a contact or an appointment "
        "whose outcome, way or company was not recorded could have been the meeting, the month is ‘not evidenced’. Time in custody, "
        "on recall, on remand or with a warrant out does not count."
    ),
    source=said(
        "HM Chief Inspector of Probation, annual report, December 2017, on calls about every six weeks in place of meetings; the "
        "Ministry expects an offer each month (Justice Committee, 2018); the number of days is this service’s own"
    ),
    counted=(said("with a recent meeting"), said("without a recent meeting")),
    rules=("agenda.unseen_days", MODES),
    unit=unit("month", "months"),
)


def verdicts(story: Story, policy: Policy) -> list[Verdict]:
    """The verdict on each contact, in the order in which they happened."""
    modes = policy.contact_level.face_to_face_modes
    return [_verdict(contact.facts, modes) for contact in story.contacts]


@lru_cache(maxsize=65_536)
def _verdict(facts: Facts, modes: frozenset[str]) -> Verdict:
    took_place = met(facts)
    if took_place is False:
        return Verdict.LEFT_OUT
    if took_place is None or facts.mode is Mode.OTHER:
        return Verdict.NOT_EVIDENCED
    return Verdict.YES if facts.mode in modes else Verdict.NO


def findings(story: Story, policy: Policy) -> list[Finding]:
    """One finding a contact, in the order in which they happened; yes and no give the way of contact as the reason."""
    modes = policy.contact_level.face_to_face_modes
    return [of_contact(contact, verdict := _verdict(contact.facts, modes), _why(contact, verdict)) for contact in story.contacts]


def _why(contact: Contact, verdict: Verdict) -> str:
    if verdict is Verdict.LEFT_OUT:
        return _left_out(contact)
    if verdict is Verdict.NOT_EVIDENCED:
        return said("How it took place was not recorded") if met(contact.facts) else NOT_SAID
    return contact.mode.capitalize()


def _left_out(contact: Contact) -> str:
    if contact.with_whom not in (WithWhom.PERSON, WithWhom.NOT_KNOWN):
        return said("With {whom}, not with the person", whom=contact.with_whom)
    if contact.direction not in (Direction.TWO_WAY, Direction.NOT_KNOWN):
        return said("One way, {direction}", direction=contact.direction)
    return said("It did not take place")


def seen_lately(story: Story, policy: Policy) -> Iterator[Lasting]:
    """Each whole month of exposure: whether the person was seen face to face in the policy's last days before it ended."""
    within = timedelta(days=policy.agenda.unseen_days)
    seen, unsure = story.once(meetings, policy)

    def answer(month: date) -> Answer:
        end = next_month(month) - timedelta(days=1)
        last, perhaps = _last(seen, end), _last(unsure, end)
        if last and last.on >= end - within:
            return Answer(Verdict.YES, lambda: said("Seen on {day}", day=last.on), last.number)
        if perhaps and perhaps.on >= end - within:
            return Answer(Verdict.NOT_EVIDENCED, lambda: said("{what}: {day}", what=NOT_SAID, day=perhaps.on), perhaps.number)
        could = next(span.since for span in reversed(story.exposed) if span.since <= month)
        if could >= end - within:
            return Answer(Verdict.LEFT_OUT, lambda: said("Could be seen only since {day}", day=could))
        if last:
            return Answer(Verdict.NO, lambda: said("Last seen on {day}", day=last.on), last.number)
        return Answer(Verdict.NO, said("Not seen yet"))

    days = [*(found[-1].on for found in (seen, unsure) if found), *(span.since for span in story.exposed)]
    return by_whole_month(story, answer, [max(days) + within] if days else ())


def _last(found: list[Meeting], day: date) -> Meeting | None:
    """The last meeting up to a day."""
    i = bisect_right(found, (day, 1 << 62))
    return found[i - 1] if i else None


MEASURES = (of_contacts(SHARE, findings, verdicts), of_lasting(GAP, seen_lately))
