"""Continuity of relationship: whether people see their own officer, and how often that officer changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from domain.contact import Direction, WithWhom
from domain.policy import Policy
from projections.finding import Finding, Verdict, by_month
from projections.story import Contact, Story, is_held

NAME = "continuity"
TITLE = "Continuity of relationship"
QUESTION = "Of the one-to-one contacts, how many were with the person’s own officer?"
DEFINITION = (
    "The share of one-to-one supervision contacts that took place and were held by the officer to whom the case was allocated at "
    "the time of the contact. Group sessions, unpaid work, kiosk reporting, letters and messages are left out. A time when nobody "
    "held the case is a gap and not an officer: a contact in it counts as not with the person’s own officer."
)
SOURCE = "Named-officer share (SLICC form), with COC (Bice and Boxerman) and SECON per case; derived indicators, not HMI Probation measures"
COUNTED = ("with their own officer", "with somebody else")

Rule = Callable[[Contact, Policy], str]
"""Why a contact is left out, or an empty string when it counts."""


def supervision_only(contact: Contact, policy: Policy) -> str:
    """The service's own rule for which contacts count."""
    if contact.with_whom is WithWhom.PERSON and contact.direction not in (Direction.TWO_WAY, Direction.NOT_KNOWN):
        return "A message or letter, not a meeting"
    if contact.with_whom not in (WithWhom.PERSON, WithWhom.NOT_KNOWN):
        return f"With {contact.with_whom}, not with the person"
    if not contact.one_to_one:
        return "Not one to one"
    if contact.mode.value not in policy.continuity.modes:
        return f"{contact.mode.capitalize()} is not supervision one to one"
    if contact.attended is None:
        return "The outcome does not say whether it took place"
    if not contact.attended:
        return "It did not take place"
    return ""


def every_entry(contact: Contact, policy: Policy) -> str:
    """Every entry counts: for imported logs whose entries are not supervision contacts."""
    return ""


def findings(story: Story, policy: Policy, rule: Rule = supervision_only) -> list[Finding]:
    """One finding a contact, in the order in which they happened."""
    return [_finding(contact, rule(contact, policy)) for contact in story.contacts]


def _finding(contact: Contact, left_out: str) -> Finding:
    holder = contact.holder
    if left_out:
        verdict, why = Verdict.LEFT_OUT, left_out
    elif not contact.worker:
        verdict, why = Verdict.NOT_EVIDENCED, "Who held the contact was not recorded"
    elif not is_held(holder):
        verdict, why = Verdict.NO, "Nobody held the case at the time"
    elif holder is not None and holder.practitioner == contact.worker:
        verdict, why = Verdict.YES, "Held by the officer allocated at the time"
    else:
        verdict, why = Verdict.NO, "Held by somebody other than the officer allocated at the time"
    return Finding(contact.number, contact.occurred_at, verdict, why, contact.worker, holder)


def workers(found: Iterable[Finding]) -> list[str]:
    """Who held each contact that counts, in order; contacts with nobody recorded have no place in the sequence."""
    return [f.worker for f in found if f.verdict is not Verdict.LEFT_OUT and f.worker]


def upc(sequence: Sequence[str]) -> Fraction | None:
    """Usual provider: the share of contacts with the officer seen most. None without contacts."""
    if not sequence:
        return None
    return Fraction(max(Counter(sequence).values()), len(sequence))


def coc(sequence: Sequence[str]) -> Fraction | None:
    """Bice and Boxerman's continuity of care: unbiased at any number of contacts. None below two."""
    n = len(sequence)
    if n < 2:
        return None
    return Fraction(sum(k * k for k in Counter(sequence).values()) - n, n * (n - 1))


def secon(sequence: Sequence[str]) -> Fraction | None:
    """Sequential continuity: the share of contacts with the same officer as the one before. None below two."""
    if len(sequence) < 2:
        return None
    return Fraction(sum(a == b for a, b in pairwise(sequence)), len(sequence) - 1)


def month_rows(story: Story, policy: Policy) -> Iterable[tuple[object, ...]]:
    return by_month(findings(story, policy))


CASE_COLUMNS = {
    "stream_id": "uuid",
    "contacts": "int4",
    "named": "int4",
    "upc": "float8",
    "coc": "float8",
    "secon": "float8",
}
"""Indices of one case. COC stays empty below the number of contacts that the policy asks for."""


def case_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    found = findings(story, policy)
    sequence = workers(found)
    enough = len(sequence) >= policy.continuity.coc_from_contacts
    named = sum(f.verdict is Verdict.YES for f in found)
    yield len(sequence), named, _float(upc(sequence)), _float(coc(sequence)) if enough else None, _float(secon(sequence))


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


HOLDER_COLUMNS = {
    "stream_id": "uuid",
    "number": "int4",
    "practitioner": "text",
    "team": "text",
    "provider": "text",
    "since": "timestamptz",
    "until": "timestamptz",
    "reason": "text",
}
"""The officer line: who held the case from when to when, and why it changed."""


def holder_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for holder in story.holders:
        yield holder.number, holder.practitioner, holder.team, holder.provider, holder.since, holder.until, holder.reason
