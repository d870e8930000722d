"""How pages tell of deadlines: the name of each kind in addresses, and the one thing that a person can do about it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from flask import url_for

from domain.access import Action, decide
from domain.policy import Policy
from domain.snooze import Item
from projections.deadline_kinds import SLIPPING, About, Kind, of_about
from projections.snoozed import Snoozed
from projections.timetable import Listed
from web.reach import resource_of
from web.service import me


class Way(NamedTuple):
    """What to do, in words, and the page that does it. `about_entry` when its address names the entry that the deadline is about."""

    words: str
    endpoint: str
    about_entry: bool = False


WAYS: Mapping[Kind, Way] = {
    Kind.NOBODY: Way("Allocate", "allocation.allocate"),
    Kind.NO_CONTACT: Way("Arrange an appointment", "appointment.arrange"),
    Kind.UNSEEN: Way("Arrange an appointment", "appointment.arrange"),
    Kind.NO_APPOINTMENT: Way("Arrange an appointment", "appointment.arrange"),
    Kind.OUTCOME: Way("Log the outcome", "outcome.ask", True),
    Kind.DECIDE: Way("Decide on the reason", "compliance.decide", True),
    Kind.REFER: Way("Start breach", "breach.refer"),
    Kind.REFER_AGAIN: Way("Refer it again", "breach.refer"),
    Kind.PRESENT: Way("See the breach", "compliance.index"),
    Kind.HIGH_IN_CRC: Way("See the risk", "risk.index"),
    Kind.NOT_ASSESSED: Way("Assess RoSH", "risk.assess"),
    Kind.ROSH_REVIEW: Way("Assess RoSH", "risk.assess"),
    Kind.AFTER_EVENT: Way("Assess RoSH", "risk.assess"),
    Kind.REGISTRATION: Way("Review the registration", "register.ask_review", True),
    Kind.REFERRAL: Way("Take the next step", "risk_review.ask_step", True),
    Kind.CHECK: Way("Record the answer", "safeguarding.ask_answer", True),
    Kind.OFFENCE: Way("Record the next stage", "serious_further_offence.ask_stage", True),
    Kind.NO_PLAN: Way("Open the plan", "plan.index"),
    Kind.PLAN_REVIEW: Way("Review the plan", "plan.review"),
    Kind.NOT_INSTRUCTED: Way("Instruct", "upw_instruction.instruct"),
    Kind.FIRST_SESSION: Way("Open the unpaid work", "unpaid_work.show"),
    Kind.UPW_REVIEW: Way("Open the unpaid work", "unpaid_work.show"),
    Kind.HOURS: Way("Open the unpaid work", "unpaid_work.show"),
    Kind.CUSTODY_ENDS: Way("Record the release", "phase.out", True),
    Kind.ENDS: Way("Open the sentence", "sentence.index"),
}
"""For each kind that can be late, the one way on."""


def way_on(item: Listed) -> tuple[str, str] | None:
    """The words and the address of what the reader can do about a deadline; None when it is not theirs to do."""
    way = WAYS[item.kind]
    action = Action.ALLOCATE if item.kind is Kind.NOBODY else Action.WRITE_CASE
    if not decide(me().subject, action, resource_of(item)).allowed:
        return None
    return way.words, url_for(way.endpoint, crn=item.crn, number=item.number) if way.about_entry else url_for(way.endpoint, crn=item.crn)


_ITEMS: Mapping[Kind, Item] = {
    Kind.UNSEEN: Item.NOT_SEEN,
    Kind.NO_APPOINTMENT: Item.NEXT_APPOINTMENT,
    Kind.ROSH_REVIEW: Item.ROSH_REVIEW,
    Kind.NO_PLAN: Item.PLAN,
    Kind.PLAN_REVIEW: Item.PLAN,
    Kind.ENDS: Item.ENDING,
}
"""What My day calls the kinds that an officer may put off."""


def put_off(item: Listed, snoozes: Iterable[Snoozed], policy: Policy) -> Snoozed | None:
    """The snooze that holds a deadline back in My day, if there is one."""
    named = _ITEMS.get(item.kind)
    rests_on: date | None = item.due_on
    if item.kind is Kind.UNSEEN:
        rests_on = item.due_on - timedelta(days=policy.agenda.unseen_days)
    elif item.kind is Kind.NO_APPOINTMENT:
        rests_on = None
    return next((one for one in snoozes if named and one.stream_id == item.stream_id and one.holds_back(named, rests_on)), None)


def slug(named: Kind | About) -> str:
    """How an address names a kind, or what kinds are about."""
    return named.name.lower().replace("_", "-") if isinstance(named, Kind) else named.value.replace(" ", "-")


_BY_SLUG: Mapping[str, tuple[Kind, ...]] = {
    **{slug(about): of_about(about) for about in About},
    **{slug(kind): (kind,) for kind in SLIPPING},
}


def kinds_asked(typed: str) -> tuple[Kind, ...]:
    """The kinds that an address narrows to; what it says that there is not does not narrow."""
    return _BY_SLUG.get(typed, SLIPPING)
