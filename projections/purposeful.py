"""When a contact is purposeful: six conditions, each answered from what was recorded and none inferred."""

from functools import lru_cache

from domain.contact import Direction, WithWhom
from domain.policy import Policy, Purposeful
from domain.words import begun, listed, said
from domain.working_days import add_working_days, local_day
from projections.contacts import Contact, Facts
from projections.finding import Condition, Finding, Verdict, of_contact
from projections.story import Story


def happened(contact: Facts) -> Condition:
    if contact.attended is None:
        return Condition(said("It happened"), None, said("The outcome does not say whether the person attended"))
    if not contact.attended:
        by_service = contact.lost_by == "provider"
        return Condition(said("It happened"), False, said("The service called it off") if by_service else said("The person did not attend"))
    if contact.delivered is None:
        return Condition(said("It happened"), None, said("The outcome does not say whether anything was delivered"))
    if not contact.delivered:
        by_service = contact.lost_by == "provider"
        home = said("The person was sent home by the service") if by_service else said("The person was sent home")
        return Condition(said("It happened"), False, home)
    return Condition(said("It happened"), True, said("The person attended"))


def direct(contact: Facts) -> Condition:
    name = said("Two-way and direct with the person")
    if contact.with_whom is WithWhom.NOT_KNOWN or contact.direction is Direction.NOT_KNOWN:
        return Condition(name, None, said("It was not recorded with whom or in which direction"))
    met = contact.with_whom is WithWhom.PERSON and contact.direction is Direction.TWO_WAY
    return Condition(
        name,
        met,
        said("Two-way with the person")
        if met
        else said("{direction}, with {whom}", direction=contact.direction.capitalize(), whom=contact.with_whom),
    )


def in_a_mode_that_counts(contact: Facts, rule: Purposeful) -> Condition:
    name = said("In a way that counts")
    mode = contact.mode.value
    if mode in rule.modes:
        return Condition(name, True, mode.capitalize())
    if mode in rule.planned_only_modes:
        how = said("{mode}, planned", mode=mode.capitalize()) if contact.planned else said("{mode}, not planned", mode=mode.capitalize())
        return Condition(name, contact.planned, how)
    if mode in rule.never_modes:
        return Condition(name, False, said("{mode} never counts", mode=mode.capitalize()))
    return Condition(name, None, said("How it took place was not recorded"))


def linked(contact: Facts) -> Condition:
    name = said("Linked to the plan, the order or a risk action")
    if contact.linked:
        return Condition(name, True, said("Linked"))
    return Condition(name, None, said("No objective, requirement or risk action was recorded"))


def with_a_purpose(contact: Facts, rule: Purposeful) -> Condition:
    name = said("For a purpose that counts")
    purposes = contact.purposes
    if not purposes:
        return Condition(name, None, said("No purpose was recorded"))
    counting = [p.value for p in purposes if p.value in rule.purposes]
    return Condition(name, bool(counting), begun(listed(counting or [p.value for p in purposes])))


def in_time(contact: Contact, policy: Policy) -> Condition:
    """The sixth condition flags and never decides."""
    allowed = policy.purposeful.recorded_within_working_days
    due = add_working_days(contact.day, allowed, policy.bank_holidays)
    met = local_day(contact.recorded_at) <= due
    how = said("Within {days} working days", days=allowed) if met else said("More than {days} working days later", days=allowed)
    return Condition(said("Recorded in time"), met, how)


@lru_cache(maxsize=65_536)
def judged(facts: Facts, rule: Purposeful) -> tuple[Verdict, str, tuple[Condition, ...]]:
    """Conditions 1 to 5 decide, in that order; the first that is not met is why. Each combination of facts is judged once."""
    deciding = (
        happened(facts),
        direct(facts),
        in_a_mode_that_counts(facts, rule),
        linked(facts),
        with_a_purpose(facts, rule),
    )
    missed = next((c for c in deciding if c.met is False), None)
    unknown = next((c for c in deciding if c.met is None), None)
    verdict = Verdict.NO if missed else Verdict.NOT_EVIDENCED if unknown else Verdict.YES
    reason = missed or unknown
    return verdict, reason.because if reason else said("Every condition is met"), deciding


def finding(contact: Contact, policy: Policy) -> Finding:
    """The finding on one contact, with every condition; the sixth only flags."""
    verdict, why, deciding = judged(contact.facts, policy.purposeful)
    sixth = in_time(contact, policy)
    flags = () if sixth.met else (said("recorded late"),)
    return of_contact(contact, verdict, why, (*deciding, sixth), flags)


def findings(story: Story, policy: Policy) -> list[Finding]:
    """One finding a contact, in the order in which they happened; what was not with, for or to the person is left out."""
    return [_left_out(contact) if _is_left_out(contact.facts) else finding(contact, policy) for contact in story.contacts]


def verdicts(story: Story, policy: Policy) -> list[Verdict]:
    """The verdict of each finding, without the words: all that the rows count."""
    return [_verdict(contact.facts, policy.purposeful) for contact in story.contacts]


@lru_cache(maxsize=65_536)
def _verdict(facts: Facts, rule: Purposeful) -> Verdict:
    return Verdict.LEFT_OUT if _is_left_out(facts) else judged(facts, rule)[0]


def _is_left_out(facts: Facts) -> bool:
    return facts.direction is Direction.ABOUT_PERSON


def _left_out(contact: Contact) -> Finding:
    why = said("About the person and not with them, so it is no contact with the person")
    return of_contact(contact, Verdict.LEFT_OUT, why)
