"""Which key questions apply to a case, by what is recorded of it."""

from collections.abc import Mapping

from domain.question_set import Applies, Asked
from domain.register import Registered
from domain.requirement import RequirementImposed, RequirementKind
from domain.sentence import OF_CUSTODY, SentenceStarted
from projections.story import Story

VICTIM_CONTACT = "INVI"


def facts(story: Story) -> frozenset[Applies]:
    """What a case is of; never that an inspector says so."""
    found = {Applies.ALWAYS}
    if any(s.reads.kind is RequirementKind.UNPAID_WORK for s in story.of(RequirementImposed)):
        found.add(Applies.UNPAID_WORK)
    if any(s.reads.kind in OF_CUSTODY for s in story.of(SentenceStarted)):
        found.add(Applies.CUSTODY)
    if any(s.reads.register == VICTIM_CONTACT for s in story.of(Registered)):
        found.add(Applies.VICTIM_CONTACT)
    return frozenset(found)


def applying(story: Story, questions: Mapping[str, Asked]) -> list[str]:
    """The codes of the key questions that apply, in the order of their sets."""
    known = facts(story)
    return [code for code, asked in questions.items() if asked.question.applies in known]
