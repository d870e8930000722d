"""What holds in a case at the end of its history: its phase, how long it has been in the community, its RoSH, and the last contacts."""

from datetime import date, datetime

from domain.policy import Policy
from domain.remembered import Phase
from domain.risk import RoshAssessed
from domain.working_days import local_day
from projections.seen import face_to_face, met
from projections.story import Story

SEEABLE = [Phase.COMMUNITY.value, Phase.LICENCE.value, Phase.PSS.value]
"""Phases in which somebody can be seen: in custody, on recall, on remand or with a warrant out nobody expects it."""


def phase(story: Story) -> str:
    """What interrupts supervision, or else the phase of the sentence recorded last of those that run."""
    going_on = [i.kind for i in story.interruptions if i.until is None]
    running = [line[-1].phase for line in story.stages.values() if line[-1].phase is not Phase.ENDED]
    return "" if not running else (going_on or [running[-1].value])[-1]


def commenced_on(story: Story) -> date | None:
    """The first day in the community under the sentence recorded last of those that run, or else of all."""
    running = [line for line in story.stages.values() if line[-1].phase is not Phase.ENDED]
    for line in reversed(running or list(story.stages.values())):
        return next((local_day(stage.since) for stage in line if stage.phase not in (Phase.CUSTODY, Phase.ENDED)), None)
    return None


def latest_rosh(story: Story, before: int | None = None) -> RoshAssessed | None:
    """The assessment of the latest time, among the entries before one if it is named; of two of one time, the one recorded later."""
    standing = [s.reads for s in story.of(RoshAssessed) if not s.withdrawn_by and (before is None or s.number < before)]
    return max(reversed(standing), key=lambda assessed: assessed.occurred_at, default=None)


def last_contacts(story: Story, policy: Policy) -> tuple[datetime | None, datetime | None]:
    """When there was last two-way contact with the person, and when they were last seen face to face."""
    modes, last = policy.contact_level.face_to_face_modes, None
    for contact in reversed(story.contacts):
        if met(contact.facts):
            last = last or contact.occurred_at
            if face_to_face(contact.facts, modes):
                return last, contact.occurred_at
    return last, None
