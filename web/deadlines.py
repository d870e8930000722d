"""How pages tell of deadlines: the name of each kind in addresses, and the one thing that a person can do about it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from flask import url_for

from domain.access import Action, decide
from domain.policy import Policy
from domain.snooze import Item
from domain.words import said
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
    Kind.NOBODY: Way(said("Allocate"), "allocation.allocate"),
    Kind.NO_CONTACT: Way(said("Arrange an appointment"), "appointment.arrange"),
    Kind.UNSEEN: Way(said("Arrange an appointment"), "appointment.arrange"),
    Kind.NO_APPOINTMENT: Way(said("Arrange an appointment"), "appointment.arrange"),
    Kind.OUTCOME: Way(said("Log the outcome"), "outcome.ask", True),
    Kind.DECIDE: Way(said("Decide on the reason"), "compliance.decide", True),
    Kind.REFER: Way(said("Start breach"), "breach.refer"),
    Kind.REFER_AGAIN: Way(said("Refer it again"), "breach.refer"),
    Kind.PRESENT: Way(said("See the breach"), "compliance.index"),
    Kind.HIGH_IN_CRC: Way(said("See the risk"), "risk.index"),
    Kind.NOT_ASSESSED: Way(said("Assess RoSH"), "risk.assess"),
    Kind.ROSH_REVIEW: Way(said("Assess RoSH"), "risk.assess"),
    Kind.AFTER_EVENT: Way(said("Assess RoSH"), "risk.assess"),
    Kind.REGISTRATION: Way(said("Review the registration"), "register.ask_review", True),
    Kind.REFERRAL: Way(said("Take the next step"), "risk_review.ask_step", True),
    Kind.CHECK: Way(said("Record the answer"), "safeguarding.ask_answer", True),
    Kind.OFFENCE: Way(said("Record the next stage"), "serious_further_offence.ask_stage", True),
    Kind.NO_PLAN: Way(said("Open the plan"), "plan.index"),
    Kind.PLAN_REVIEW: Way(said("Review the plan"), "plan.review"),
    Kind.NOT_INSTRUCTED: Way(said("Instruct"), "upw_instruction.instruct"),
    Kind.FIRST_SESSION: Way(said("Open the unpaid work"), "unpaid_work.show"),
    Kind.UPW_REVIEW: Way(said("Open the unpaid work"), "unpaid_work.show"),
    Kind.HOURS: Way(said("Open the unpaid work"), "unpaid_work.show"),
    Kind.CUSTODY_ENDS: Way(said("Record the release"), "phase.out", True),
    Kind.ENDS: Way(said("Open the sentence"), "sentence.index"),
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
