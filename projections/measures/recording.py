"""Recording: whether what happened was written down soon after it happened, because a record made weeks later is a memory."""

from datetime import date

from domain.policy import Policy
from domain.words import plural, said
from domain.working_days import add_working_days, local_day
from projections.contacts import Contact
from projections.finding import Finding, Verdict, of_contact
from projections.measure import Words, of_contacts
from projections.story import Story

WORDS = Words(
    name="recording",
    title=said("Recorded in time"),
    theme=said("Recording"),
    question=said("Of the contacts, how many were recorded soon after they took place?"),
    definition=said(
        "A contact is recorded in time when it is in the record within the working days that the policy gives, counted from the day "
        "after it took place. When it was recorded is set by the record and by nobody who writes in it. For an imported contact only "
        "its source says when it was recorded, so it is ‘not evidenced’. Late entry has innocent causes: illness, leave, a system "
        "that was down."
    ),
    source=said("The limit is this service’s own; HMI Probation reads records as they stand and publishes no limit"),
    counted=(said("in time"), said("late")),
    rules=("recording.within_working_days",),
)


def findings(story: Story, policy: Policy) -> list[Finding]:
    """One finding a contact, in the order in which they happened; none is left out."""
    return [_finding(contact, policy) for contact in story.contacts]


def _finding(contact: Contact, policy: Policy) -> Finding:
    verdict = _verdict(contact, policy)
    return of_contact(contact, verdict, _why(contact, verdict, policy))


def verdicts(story: Story, policy: Policy) -> list[Verdict]:
    """The verdict of each finding, without the words: all that the rows count."""
    return [_verdict(contact, policy) for contact in story.contacts]


def _verdict(contact: Contact, policy: Policy) -> Verdict:
    if contact.imported:
        return Verdict.NOT_EVIDENCED
    return Verdict.YES if in_time(contact.day, local_day(contact.recorded_at), policy) else Verdict.NO


def in_time(happened_on: date, recorded_on: date, policy: Policy) -> bool:
    """The rule for an entry of any kind."""
    return recorded_on == happened_on or recorded_on <= add_working_days(
        happened_on, policy.recording.within_working_days, policy.bank_holidays
    )


def _why(contact: Contact, verdict: Verdict, policy: Policy) -> str:
    if verdict is Verdict.NOT_EVIDENCED:
        return said("Imported: only its source says when it was recorded")
    days = (local_day(contact.recorded_at) - contact.day).days
    recorded = said("Recorded {days} later", days=plural(days, "day")) if days else said("Recorded on the day")
    if verdict is Verdict.YES:
        return recorded
    return said("{recorded}; in time is within {limit} working days", recorded=recorded, limit=policy.recording.within_working_days)


MEASURES = (of_contacts(WORDS, findings, verdicts),)
