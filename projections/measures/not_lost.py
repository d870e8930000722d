"""Not lost to the service: of the appointments with an outcome, those that did not come to nothing because of the service itself."""

from functools import lru_cache

from domain.policy import Policy
from domain.words import said, unit
from projections.contacts import Facts
from projections.finding import Finding, Verdict, of_contact
from projections.measure import Words, of_contacts
from projections.story import Story

WORDS = Words(
    name="not-lost",
    title=said("Not lost to the service"),
    theme=said("Purposeful activity"),
    question=said("Of the appointments with an outcome, how many did not come to nothing because of the service?"),
    definition=said(
        "An appointment is lost to the service when the person was sent home for service reasons or stood down, or when the service "
        "put it off: the person complied and nothing was delivered. One that was lost because of the person, or for no fault of "
        "anybody, counts as not lost to the service: the service kept its side. It does not say that anything useful was done. An "
        "outcome that does not say whether anything was delivered is ‘not evidenced’. What was not arranged beforehand is left out. "
        "An appointment that was called off or moved before its day has no outcome and is no contact, so it is not counted here; "
        "sessions of unpaid work that are recorded as such have a measure of their own."
    ),
    source=said(
        "NDelius outcomes of contacts, with who caused the loss as this service reads them (ATSS, AASD, RSSR); the share of offered "
        "sessions that the provider lost is this service’s own measure"
    ),
    counted=(said("not lost to the service"), said("lost to the service")),
    rules=(),
    unit=unit("appointment", "appointments"),
)


def findings(story: Story, policy: Policy) -> list[Finding]:
    """One finding a contact, in the order in which they happened."""
    return [of_contact(contact, *_judged(contact.facts)) for contact in story.contacts]


def verdicts(story: Story, policy: Policy) -> list[Verdict]:
    """The verdict of each finding, without the words: all that the rows count."""
    return [_judged(contact.facts)[0] for contact in story.contacts]


@lru_cache(maxsize=65_536)
def _judged(contact: Facts) -> tuple[Verdict, str]:
    if not contact.planned:
        return Verdict.LEFT_OUT, said("Not arranged beforehand")
    if contact.lost_by == "provider":
        return Verdict.NO, said("The person was sent home by the service") if contact.attended else said("The service called it off")
    if contact.delivered:
        return Verdict.YES, said("It took place")
    if contact.delivered is None:
        return Verdict.NOT_EVIDENCED, said("The outcome does not say whether anything was delivered")
    if contact.attended:
        return Verdict.YES, said("The person was sent home because of their behaviour")
    return Verdict.YES, said("Lost by the person") if contact.lost_by == "person" else said(
        "It did not take place, and not because of the service"
    )


MEASURES = (of_contacts(WORDS, findings, verdicts),)
