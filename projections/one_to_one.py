"""Which contacts are one-to-one supervision: what continuity of relationship is counted from, whatever is asked of it."""

from collections.abc import Callable
from functools import lru_cache

from domain.contact import Direction, WithWhom
from domain.policy import Continuity, Policy
from domain.words import said
from projections.contacts import Contact, Facts
from projections.story import Story

Rule = Callable[[Contact, Policy], str]
"""Why a contact is left out, or an empty string when it counts."""


def supervision_only(contact: Contact, policy: Policy) -> str:
    """The service's own rule for which contacts count."""
    return _left_out(contact.facts, policy.continuity)


@lru_cache(maxsize=65_536)
def _left_out(facts: Facts, rule: Continuity) -> str:
    with_whom = facts.with_whom
    if with_whom is WithWhom.PERSON and facts.direction not in (Direction.TWO_WAY, Direction.NOT_KNOWN):
        return said("A message or letter, not a meeting")
    if with_whom not in (WithWhom.PERSON, WithWhom.NOT_KNOWN):
        return said("With {whom}, not with the person", whom=with_whom)
    if not facts.one_to_one:
        return said("Not one to one")
    if facts.mode.value not in rule.modes:
        return said("{mode} is not supervision one to one", mode=facts.mode.capitalize())
    if facts.attended is None:
        return said("The outcome does not say whether it took place")
    if not facts.attended:
        return said("It did not take place")
    return ""


def every_entry(contact: Contact, policy: Policy) -> str:
    """Every entry counts: for imported logs whose entries are not supervision contacts."""
    return ""


def reasons(story: Story, policy: Policy) -> list[str]:
    """For each contact why it is left out by the service's own rule, or an empty string."""
    return [_left_out(contact.facts, policy.continuity) for contact in story.contacts]
