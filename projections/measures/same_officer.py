"""Same officer as last time: whether a person meets, from one contact to the next, somebody they know."""

from collections.abc import Iterator

from domain.policy import Policy
from domain.words import said
from projections.finding import Finding, Verdict, of_contact
from projections.measure import Words, of_contacts
from projections.one_to_one import reasons
from projections.story import Story

WORDS = Words(
    name="same-officer",
    title=said("Same officer as last time"),
    theme=said("Continuity of relationship"),
    question=said("Of the one-to-one contacts after a person’s first, how many were with the officer of the one before?"),
    definition=said(
        "Each one-to-one supervision contact that took place, after the first of the case: yes when it was held by whoever held the "
        "one before it. It asks who the person met and not to whom the case was allocated. The first contact has none before it and "
        "is left out. Where it was not recorded who held a contact, it is not evidenced, and the next is compared with the last that "
        "is known. Of one case it is the index SECON; of a team it is that of all its contacts together."
    ),
    source=said("SECON, sequential continuity (Steinwachs 1979), from studies of general practice; derived, not an HMI Probation measure"),
    counted=(said("with the same officer"), said("with another officer")),
    rules=("continuity.modes",),
)


def findings(story: Story, policy: Policy) -> list[Finding]:
    """One finding a contact, in the order in which they happened."""
    judged = _judged(story, policy)
    return [of_contact(contact, verdict, why) for contact, (verdict, why) in zip(story.contacts, judged, strict=True)]


def verdicts(story: Story, policy: Policy) -> list[Verdict]:
    """The verdict of each finding, without the words: all that the rows count."""
    return [verdict for verdict, _ in _judged(story, policy)]


def _judged(story: Story, policy: Policy) -> Iterator[tuple[Verdict, str]]:
    last = ""
    for contact, left_out in zip(story.contacts, story.once(reasons, policy), strict=True):
        worker = contact.worker
        if left_out:
            yield Verdict.LEFT_OUT, left_out
        elif not worker:
            yield Verdict.NOT_EVIDENCED, said("Who held the contact was not recorded")
        elif not last:
            yield Verdict.LEFT_OUT, said("The first contact: there is none before it")
        elif worker == last:
            yield Verdict.YES, said("Held by the officer of the contact before")
        else:
            yield Verdict.NO, said("Held by another officer than the contact before")
        last = last if left_out else worker or last


MEASURES = (of_contacts(WORDS, findings, verdicts),)
