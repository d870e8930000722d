"""The kinds of day that a case has before it: what has to be done by then, by which rule, and what it is about."""

from enum import StrEnum
from typing import NamedTuple

from domain.policy import Policy, Sourced
from domain.words import said


class About(StrEnum):
    """What a deadline is about."""

    RESPONSIBILITY = said("officer")
    CONTACT = said("contact")
    ENFORCEMENT = said("enforcement")
    RISK = said("risk")
    PLAN = said("plan")
    UNPAID_WORK = said("unpaid work")
    SENTENCE = said("sentence")


class Kind(StrEnum):
    """What has to be done, in words that say what is wrong once it is late."""

    NOBODY = said("no officer")
    NO_CONTACT = said("no contact as planned")
    UNSEEN = said("not seen face to face")
    NO_APPOINTMENT = said("no next appointment")
    OUTCOME = said("outcome missing")
    DECIDE = said("reason for a failure not decided")
    REFER = said("breach not started")
    REFER_AGAIN = said("breach not referred again")
    PRESENT = said("breach not presented")
    HIGH_IN_CRC = said("high RoSH in a CRC")
    NOT_ASSESSED = said("RoSH not assessed")
    ROSH_REVIEW = said("RoSH review")
    AFTER_EVENT = said("RoSH after an event")
    REGISTRATION = said("registration review")
    REFERRAL = said("risk referral")
    CHECK = said("safeguarding check")
    OFFENCE = said("serious further offence")
    NO_PLAN = said("no plan")
    PLAN_REVIEW = said("plan review")
    NOT_INSTRUCTED = said("unpaid work not instructed")
    FIRST_SESSION = said("first work session")
    UPW_REVIEW = said("unpaid work review")
    HOURS = said("unpaid work hours")
    CUSTODY_ENDS = said("custody ends")
    ENDS = said("supervision ends")
    FIRST_APPOINTMENT = said("first appointment")
    COVER_ENDS = said("cover ends")


class Rule(NamedTuple):
    """What a kind asks for, in the words of the rule; values of the policy `p` stand in them. `values` names those it rests on."""

    about: About
    words: str
    values: tuple[str, ...] = ()
    slips: bool = True
    """Whether it is late once its day has passed; the others only lie ahead."""

    def said(self, policy: Policy) -> str:
        return said(self.words, p=policy)

    def sources(self, policy: Policy) -> list[Sourced]:
        return [policy.sources[value] for value in self.values]


RULES: dict[Kind, Rule] = {
    Kind.NOBODY: Rule(
        About.RESPONSIBILITY,
        said(
            "A case that a team has is held by somebody. Whoever takes it is decided within {p.slipping.officer_within_working_days}"
            " working days."
        ),
        ("slipping.officer_within_working_days",),
    ),
    Kind.NO_CONTACT: Rule(
        About.CONTACT,
        said(
            "Contact with the person, in any way and both ways, at least as often as the pattern in the plan says, on days on which they"
            " could be seen."
        ),
        ("slipping.pattern_spare_days",),
    ),
    Kind.UNSEEN: Rule(
        About.CONTACT,
        said("The person is seen face to face at least once in {p.agenda.unseen_days} days in the community."),
        ("agenda.unseen_days",),
    ),
    Kind.NO_APPOINTMENT: Rule(
        About.CONTACT,
        said("Somebody under supervision in the community always has another appointment."),
        ("slipping.appointment_within_days",),
    ),
    Kind.OUTCOME: Rule(
        About.CONTACT,
        said("What became of an appointment is recorded within {p.recording.within_working_days} working days."),
        ("recording.within_working_days",),
    ),
    Kind.DECIDE: Rule(
        About.ENFORCEMENT,
        said(
            "A reason for a failure to comply is awaited for {p.enforcement.evidence_days} days, unless a sooner day was given. Then it is"
            " decided whether it is accepted."
        ),
        ("enforcement.evidence_days", "enforcement.window_months"),
    ),
    Kind.REFER: Rule(
        About.ENFORCEMENT,
        said(
            "After a second unacceptable failure within {p.enforcement.window_months} months of a warning a CRC refers the"
            " breach to the NPS"
            " within {p.enforcement.crc_referral_working_days} working days of becoming aware, and the NPS presents its own within"
            " {p.enforcement.nps_presentation_working_days}."
        ),
        ("enforcement.crc_referral_working_days", "enforcement.nps_presentation_working_days", "enforcement.window_months"),
    ),
    Kind.REFER_AGAIN: Rule(
        About.ENFORCEMENT,
        said(
            "A breach that was returned is mended and referred again within {p.enforcement.crc_referral_working_days} working"
            " days of becoming"
            " aware of it."
        ),
        ("enforcement.crc_referral_working_days",),
    ),
    Kind.PRESENT: Rule(
        About.ENFORCEMENT,
        said(
            "A breach is presented to court within {p.enforcement.nps_referral_working_days} working days of a CRC’s referral, and within"
            " {p.enforcement.nps_presentation_working_days} of becoming aware if the NPS has the case."
        ),
        ("enforcement.nps_referral_working_days", "enforcement.nps_presentation_working_days"),
    ),
    Kind.HIGH_IN_CRC: Rule(
        About.RISK,
        said(
            "A CRC refers a case to the NPS without delay when its RoSH becomes high. Each day on which a CRC holds one is a day too many."
        ),
        ("risk_review.refer_working_days",),
    ),
    Kind.NOT_ASSESSED: Rule(
        About.RISK,
        said("RoSH is assessed within {p.slipping.rosh_within_working_days} working days of the start of supervision in the community."),
        ("slipping.rosh_within_working_days",),
    ),
    Kind.ROSH_REVIEW: Rule(
        About.RISK,
        said("RoSH is looked at again {p.rosh_review_months} months after it was assessed, or on the sooner day that was set."),
        ("general.rosh_review_months",),
    ),
    Kind.AFTER_EVENT: Rule(
        About.RISK,
        said("RoSH is assessed within {p.risk.review_after_event_working_days} working days of a significant event."),
        ("risk.review_after_event_working_days",),
    ),
    Kind.REGISTRATION: Rule(
        About.RISK,
        said("A registration is looked at again after the months that its register has, or on the sooner day that was set."),
        ("registers.review_months",),
    ),
    Kind.REFERRAL: Rule(
        About.RISK,
        said(
            "A referral to the NPS is sent within {p.risk_review.refer_working_days} working day, on the same day if it is"
            " urgent, and decided"
            " within {p.risk_review.decision_working_days} working days of its receipt."
        ),
        ("risk_review.refer_working_days", "risk_review.urgent_working_days", "risk_review.decision_working_days"),
    ),
    Kind.CHECK: Rule(
        About.RISK,
        said("A safeguarding check is answered within {p.safeguarding.response_working_days} working days."),
        ("safeguarding.response_working_days",),
    ),
    Kind.OFFENCE: Rule(
        About.RISK,
        said(
            "A serious further offence is notified within {p.serious_further_offence.notify_working_days} working days of the"
            " court appearance,"
            " and reviewed within {p.serious_further_offence.review_months} months."
        ),
        ("serious_further_offence.notify_working_days", "serious_further_offence.review_months"),
    ),
    Kind.NO_PLAN: Rule(
        About.PLAN,
        said("The plan is complete within {p.plan.due_working_days} working days of the first appointment that was kept."),
        ("plan.due_working_days",),
    ),
    Kind.PLAN_REVIEW: Rule(
        About.PLAN,
        said("The plan is reviewed within {p.plan.review_months} months, or on the sooner day that was set."),
        ("plan.review_months",),
    ),
    Kind.NOT_INSTRUCTED: Rule(
        About.UNPAID_WORK,
        said(
            "Whoever was ordered to do unpaid work is instructed in time for a first session:"
            " {p.unpaid_work.assessed_within_working_days} working days for the assessment, and then"
            " {p.unpaid_work.worked_within_working_days} more."
        ),
        ("unpaid_work.assessed_within_working_days", "unpaid_work.worked_within_working_days"),
    ),
    Kind.FIRST_SESSION: Rule(
        About.UNPAID_WORK,
        said(
            "The first session is worked within {p.unpaid_work.worked_within_working_days} working days of the last day for the assessment."
        ),
        ("unpaid_work.assessed_within_working_days", "unpaid_work.worked_within_working_days"),
    ),
    Kind.UPW_REVIEW: Rule(
        About.UNPAID_WORK,
        said(
            "Unpaid work is reviewed after {p.unpaid_work.review_months[0]} and {p.unpaid_work.review_months[1]} months, and"
            " each month while"
            " it is suspended."
        ),
        ("unpaid_work.review_months", "unpaid_work.suspension_review_months"),
    ),
    Kind.HOURS: Rule(
        About.UNPAID_WORK,
        said("All hours are worked within {p.unpaid_work.months_to_work} months, unless the court gave longer."),
        ("unpaid_work.months_to_work",),
    ),
    Kind.CUSTODY_ENDS: Rule(
        About.SENTENCE, said("When the day comes on which custody is expected to end, a release or the end of the sentence is recorded.")
    ),
    Kind.ENDS: Rule(
        About.SENTENCE, said("When the day comes on which supervision is expected to end, its end or its new length is recorded.")
    ),
    Kind.FIRST_APPOINTMENT: Rule(About.CONTACT, said("The first appointment of somebody who has not been seen yet."), slips=False),
    Kind.COVER_ENDS: Rule(About.RESPONSIBILITY, said("The last day on which somebody stands in for the officer."), slips=False),
}
"""Every kind, the most pressing first within what it is about."""

SLIPPING = tuple(kind for kind, rule in RULES.items() if rule.slips)
"""The kinds that are late once their day has passed."""

AHEAD: dict[str, tuple[Kind, ...]] = {
    said("first appointments"): (Kind.FIRST_APPOINTMENT,),
    said("plans"): (Kind.NO_PLAN,),
    said("reviews"): (Kind.ROSH_REVIEW, Kind.PLAN_REVIEW, Kind.REGISTRATION),
    said("risk"): (Kind.NOT_ASSESSED, Kind.AFTER_EVENT, Kind.REFERRAL, Kind.CHECK, Kind.OFFENCE),
    said("enforcement"): (Kind.DECIDE, Kind.REFER, Kind.REFER_AGAIN, Kind.PRESENT),
    said("unpaid work"): (Kind.NOT_INSTRUCTED, Kind.FIRST_SESSION, Kind.UPW_REVIEW, Kind.HOURS),
    said("custody ends"): (Kind.CUSTODY_ENDS,),
    said("supervision ends"): (Kind.ENDS,),
    said("cover ends"): (Kind.COVER_ENDS,),
}
"""What a team looks ahead to, in the order of a sentence. What is due from one contact to the next is left to the officer."""

_COMING = {
    Kind.NO_PLAN: said("plan to be complete"),
    Kind.DECIDE: said("decision on the reason for a failure"),
    Kind.REFER: said("breach to be started"),
    Kind.REFER_AGAIN: said("breach to be referred again"),
    Kind.PRESENT: said("breach to be presented"),
    Kind.NOT_ASSESSED: said("first RoSH assessment"),
    Kind.NOT_INSTRUCTED: said("instruction to unpaid work"),
    Kind.HOURS: said("all hours worked"),
}


def coming(kind: Kind) -> str:
    """A kind in words as long as it is not late."""
    return _COMING.get(kind, kind.value)


def of_about(about: About) -> tuple[Kind, ...]:
    """The kinds about one thing that can be late."""
    return tuple(kind for kind in SLIPPING if RULES[kind].about is about)
