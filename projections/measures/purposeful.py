"""Purposeful activity: whether something meant to help happened, face to face or planned, and was tied to the plan or the order."""

from domain.words import said
from projections.measure import Words, of_contacts
from projections.purposeful import findings, verdicts

WORDS = Words(
    name="purposeful-activity",
    title=said("Purposeful activity"),
    theme=said("Purposeful activity"),
    question=said("Of the contacts with people on probation, how many were purposeful?"),
    definition=said(
        "A contact is purposeful when it happened, was two-way and direct with the person, was face to face, by video or a planned "
        "call, was linked to an objective, a requirement or a risk action, and its recorded purpose is one that the policy counts. "
        "Each condition is answered from recorded facts: a fact that is missing makes the contact ‘not evidenced’, never yes or no. A "
        "late entry counts and is flagged. It is never inferred from compliance: sent home for service reasons and stood down are "
        "compliant and delivered nothing."
    ),
    source=said("HM Chief Inspector of Probation, November 2017, on purposeful activity; the operational definition is this service’s own"),
    counted=(said("purposeful"), said("not purposeful")),
    rules=("purposeful",),
)

MEASURES = (of_contacts(WORDS, findings, verdicts),)
