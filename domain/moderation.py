"""Moderation: the final judgement of a key question in a case where two readers found different things, with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.assessment import Verdict
from domain.contact import must_fit, must_say_why
from domain.event import Event, Personal, Recorded, Refused, stream_id
from domain.words import said


class JudgementModerated(Event, frozen=True, tag="judgement-moderated"):
    """It holds for as long as the readers differ."""

    inspection: str
    crn: str
    person_id: UUID
    question: str
    verdict: Verdict
    reason: Personal = ""


@dataclass(slots=True)
class Moderation:
    id: UUID
    version: int = 0
    person_id: UUID | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def evolve(self, recorded: Recorded) -> None:
        if isinstance(recorded.event, JudgementModerated):
            self.person_id = recorded.event.person_id
            self.verdicts[recorded.event.question] = recorded.event.verdict
        self.version = recorded.originator_version


def moderation_id(reference: str, crn: str) -> UUID:
    return stream_id("moderation", f"{reference}:{crn}")


def final(found: Sequence[Verdict], moderated: Verdict | None) -> Verdict | None:
    """What counts of a key question in a case: what its readers agree on, or else the moderation; None while it is open."""
    if not found:
        return None
    return found[0] if len(set(found)) == 1 else moderated


def moderate(
    moderation: Moderation,
    found: Sequence[Verdict],
    *,
    now: datetime,
    by: str,
    inspection: str,
    crn: str,
    person_id: UUID,
    question: str,
    verdict: Verdict,
    reason: str,
) -> list[Event]:
    """Decide where readers differ; `found` is what each of them found."""
    if len(set(found)) < 2:
        raise Refused(said("The readers do not differ on this key question."), "verdict")
    if moderation.verdicts.get(question) is verdict:
        raise Refused(said("This is so already."), "verdict")
    must_say_why(reason)
    must_fit(reason, "reason")
    return [
        JudgementModerated(
            occurred_at=now, by=by, inspection=inspection, crn=crn, person_id=person_id, question=question, verdict=verdict, reason=reason
        )
    ]
