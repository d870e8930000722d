"""A case's history as people read it: one entry a line, corrections beside what they correct, lateness in plain sight."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

import msgspec

from domain.appointment import OutcomeRecorded
from domain.entry import Correctable, EntryCorrected, EntryWithdrawn, Standing
from domain.event import Event
from domain.outcome import OUTCOMES
from domain.policy import Policy
from domain.upw_session import UpwAttendanceRecorded
from domain.words import Said, listed, plural, said
from domain.working_days import add_working_days, local_day
from projections.plans import objectives
from projections.sentences import Requirement, requirements
from projections.story import Story
from projections.telling import Names, told


class Entry(msgspec.Struct, frozen=True):
    """One entry of the history. `title` and `facts` name no person on probation; `text` is what was written."""

    number: int
    category: str
    title: str
    facts: tuple[str, ...]
    text: str
    by: str
    worker: str
    occurred_at: datetime
    recorded_at: datetime
    position: int
    late: bool
    delay_days: int
    imported_from: str
    sensitive: bool
    attended: bool | None
    complied: bool | None
    corrects: int = 0
    corrected_by: int = 0
    withdrawn_by: int = 0
    refers_to: int = 0
    correctable: bool = False


CATEGORIES = {
    "appointments": said("Appointments and outcomes"),
    "contacts": said("Other contacts"),
    "enforcement": said("Enforcement"),
    "responsibility": said("Officer and transfers"),
    "person": said("Person and access"),
    "sentence": said("Sentence and plan"),
    "risk": said("Risk"),
    "unpaid-work": said("Unpaid work"),
    "corrections": said("Corrections"),
    "oversight": said("Oversight"),
}

PRESETS = {
    "all": said("Everything"),
    "contacts": said("Contacts"),
    "non-compliance": said("Not complied in 12 months"),
    "enforcement": said("Letters and enforcement"),
    "risk": said("Risk"),
    "officers": said("Officer changes"),
    "unpaid-work": said("Unpaid work"),
    "sensitive": said("Sensitive"),
    "late": said("Recorded late"),
    "corrections": said("Corrected or withdrawn"),
}


def entries(story: Story, policy: Policy, names: Names) -> Sequence[Entry]:
    """Every entry in the order of recording. An entry reads as it was made; corrections stand as entries of their own and
    each says what it corrects, so nothing on the page is ever overwritten. One that was marked as sensitive later is sensitive in its
    earlier versions too, and on a day of the past on which nobody had marked it yet."""
    marked = {standing.number for standing in story.whole.standing if getattr(standing.reads, "sensitive", False)}
    told_so = [_entry(standing, standing.number in marked, policy, names) for standing in story.standing]
    return [covered(e) if e.corrects and told_so[e.corrects - 1].sensitive else e for e in told_so]


def covered(entry: Entry) -> Entry:
    """The entry as a sensitive one. Why a sensitive entry was corrected or withdrawn is as sensitive as the entry: it goes with the text,
    which is shown on asking."""
    *kept, last = entry.facts or ("",)
    if not (isinstance(last, Said) and last.template == REASON):
        return msgspec.structs.replace(entry, sensitive=True)
    text = listed([entry.text, last], "\n\n") if entry.text else last
    return msgspec.structs.replace(entry, facts=tuple(kept), text=text, sensitive=True)


REASON = said("Reason: {reason}")


def _entry(standing: Standing[Event], marked: bool, policy: Policy, names: Names) -> Entry:
    recorded, event = standing.recorded, standing.recorded.event
    category, title, facts, text = told(event, names)
    happened, learnt = local_day(event.occurred_at), local_day(recorded.recorded_at)
    late = learnt > add_working_days(happened, policy.recording.within_working_days, policy.bank_holidays)
    reads = event.reads if isinstance(event, EntryCorrected) else event
    outcome = OUTCOMES.get(reads.outcome) if isinstance(reads, OutcomeRecorded | UpwAttendanceRecorded) else None
    corrects = event.entry if isinstance(event, EntryCorrected | EntryWithdrawn) else 0
    reason = (said(REASON, reason=event.reason),) if isinstance(event, EntryCorrected | EntryWithdrawn) and event.reason else ()
    return Entry(
        recorded.originator_version,
        category,
        title,
        (*facts, *reason),
        text,
        event.by,
        getattr(reads, "practitioner", "") or getattr(reads, "supervisor", ""),
        event.occurred_at,
        recorded.recorded_at,
        recorded.position,
        late,
        (learnt - happened).days,
        event.imported.source if event.imported else "",
        marked or bool(getattr(reads, "sensitive", False)),
        outcome.attended if outcome else None,
        outcome.acceptable if outcome else None,
        corrects=corrects,
        corrected_by=standing.corrected_by,
        withdrawn_by=standing.withdrawn_by,
        refers_to=getattr(event, "appointment", 0),
        correctable=isinstance(event, get_args(Correctable)) and not standing.withdrawn_by,
    )


class Aims(msgspec.Struct, frozen=True):
    """What a contact can be tied to, by entry number, in words: objectives that are worked on and requirements that still run."""

    objectives: dict[int, str]
    requirements: dict[int, str]


def aims(story: Story) -> Aims:
    topics = {o.number: o.topic for o in objectives(story) if o.running}
    required = {r.number: _in_words(r) for r in requirements(story) if r.running}
    return Aims(topics, required)


def _in_words(requirement: Requirement) -> str:
    kind = requirement.kind.capitalize()
    return listed([kind, plural(requirement.amount, requirement.unit.removesuffix("s"))]) if requirement.amount else kind
