"""Who was met: contact that took place with the person, whether it was face to face, and appointments of which nothing is known yet."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from domain.contact import Direction, Mode, WithWhom
from domain.policy import Policy
from domain.words import said
from domain.working_days import local_day
from projections.contacts import Facts
from projections.story import Diarised, Story

NOT_SAID = said("Whether it took place with the person was not recorded")


class Meeting(NamedTuple):
    """A day on which the person was seen face to face, or may have been, and the entry that says so."""

    on: date
    number: int


class Meetings(NamedTuple):
    """Meetings face to face in the order of their days: those that took place, and those of which that is not evidenced."""

    seen: list[Meeting]
    unsure: list[Meeting]


def met(facts: Facts) -> bool | None:
    """Whether a contact took place with the person, two-way; None when a fact that decides it is missing."""
    if facts.attended is False:
        return False
    with_whom, direction = facts.with_whom, facts.direction
    if with_whom is WithWhom.PERSON and direction is Direction.TWO_WAY:
        return facts.attended
    if with_whom not in (WithWhom.PERSON, WithWhom.NOT_KNOWN) or direction not in (Direction.TWO_WAY, Direction.NOT_KNOWN):
        return False
    return None


@lru_cache(maxsize=65_536)
def face_to_face(facts: Facts, modes: frozenset[str]) -> bool | None:
    """Whether the person was met in one of the modes that the policy calls face to face. Who came and was sent home was seen."""
    if facts.mode in modes:
        return met(facts)
    return None if facts.mode is Mode.OTHER and met(facts) is not False else False


def meetings(story: Story, policy: Policy) -> Meetings:
    """Every meeting face to face of a case; an appointment without an outcome may have been one."""
    modes = policy.contact_level.face_to_face_modes
    found = Meetings([], [])
    for contact in story.contacts:
        was = face_to_face(contact.facts, modes)
        if was is not False:
            (found.seen if was else found.unsure).append(Meeting(contact.day, contact.number))
    found.unsure.extend(Meeting(local_day(d.starts_at), d.number) for d in story.once(awaited) if d.arranged.mode in modes)
    found.unsure.sort()
    return found


def awaited(story: Story) -> Sequence[Diarised]:
    """The appointments whose outcome was not recorded: once their day has passed, nobody can tell whether they were kept."""
    return [d for d in story.diary if d.outcome is None and not d.cancelled]
