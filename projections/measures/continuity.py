"""Continuity of relationship: whether people see their own officer, and how often that officer changes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from domain.policy import Policy
from domain.words import said
from projections.contacts import Contact
from projections.cover import Cover, covers
from projections.finding import Finding, Verdict, of_contact
from projections.holder import is_held
from projections.measure import Words, of_contacts
from projections.one_to_one import Rule, reasons, supervision_only
from projections.story import Story

WORDS = Words(
    name="continuity",
    title=said("Continuity of relationship"),
    theme=said("Continuity of relationship"),
    question=said("Of the one-to-one contacts, how many were with the person’s own officer?"),
    definition=said(
        "The share of one-to-one supervision contacts that took place and were held by the officer to whom the case was allocated at "
        "the time of the contact. Group sessions, unpaid work, kiosk reporting, letters and messages are left out. A time when nobody "
        "held the case is a gap and not an officer: a contact in it counts as not with the person’s own officer."
    ),
    source=said("Named-officer share (SLICC form), with COC (Bice and Boxerman) and SECON per case; derived, not HMI Probation measures"),
    counted=(said("with their own officer"), said("with somebody else")),
    rules=("continuity",),
)


def findings(story: Story, policy: Policy, rule: Rule = supervision_only) -> list[Finding]:
    """One finding a contact, in the order in which they happened."""
    covered = covers(story)
    return [_finding(contact, rule(contact, policy), covered) for contact in story.contacts]


def _finding(contact: Contact, left_out: str, covered: Sequence[Cover]) -> Finding:
    verdict, why = _judged(contact, left_out)
    if verdict is Verdict.NO and any(c.practitioner == contact.worker and c.holds_at(contact.occurred_at) for c in covered):
        why = said("Held by somebody who stood in for the officer allocated at the time")
    return of_contact(contact, verdict, why)


def _judged(contact: Contact, left_out: str) -> tuple[Verdict, str]:
    holder = contact.holder
    if left_out:
        return Verdict.LEFT_OUT, left_out
    if not contact.worker:
        return Verdict.NOT_EVIDENCED, said("Who held the contact was not recorded")
    if holder is None or not is_held(holder):
        return Verdict.NO, said("Nobody held the case at the time")
    if holder.practitioner == contact.worker:
        return Verdict.YES, said("Held by the officer allocated at the time")
    return Verdict.NO, said("Held by somebody other than the officer allocated at the time")


def verdicts(story: Story, policy: Policy) -> list[Verdict]:
    """The verdict of each finding, without the words: all that the rows count."""
    found = zip(story.contacts, story.once(reasons, policy), strict=True)
    return [Verdict.LEFT_OUT if left_out else _judged(contact, left_out)[0] for contact, left_out in found]


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


def known(sequence: Sequence[str]) -> Fraction | None:
    """The K index of Ejlertsson and Berg: the share of contacts after the first with an officer met before. None below two.

    It counts officers and not how often each was seen, so one clean handover half-way gives as much as a single visit elsewhere.
    """
    if len(sequence) < 2:
        return None
    return Fraction(len(sequence) - len(set(sequence)), len(sequence) - 1)


def mmci(sequence: Sequence[str]) -> Fraction | None:
    """The modified modified continuity index: as K, with a tenth of a contact more, so that it never falls to 0. None without contacts.

    (1 - M / (N + 0.1)) / (1 - 1 / (N + 0.1)) of N contacts with M officers, here in tenths.
    """
    if not sequence:
        return None
    return Fraction(10 * (len(sequence) - len(set(sequence))) + 1, 10 * (len(sequence) - 1) + 1)


def hhi(sequence: Sequence[str]) -> Fraction | None:
    """Herfindahl and Hirschman's concentration: the chance that two contacts picked at random, the same one allowed, were with one officer.
    None without contacts. With officers as likely as before it falls as contacts grow in number, and so does UPC."""
    if not sequence:
        return None
    return Fraction(sum(k * k for k in Counter(sequence).values()), len(sequence) ** 2)


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
    found = story.once(verdicts, policy)
    sequence = [c.worker for c, verdict in zip(story.contacts, found, strict=True) if verdict is not Verdict.LEFT_OUT and c.worker]
    enough = len(sequence) >= policy.continuity.coc_from_contacts
    named = found.count(Verdict.YES)
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


MEASURES = (of_contacts(WORDS, findings, verdicts),)
