"""Looking back: as known on which day and under which policy a page is asked for, and over which months it counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace
from psycopg import Connection

from domain.policies import versions
from domain.policy import Policy
from domain.working_days import add_months, local_day
from projections.as_known import Snapshot, Wanted
from projections.engine import LIVE
from projections.replay import end_of
from store.policy import policy_of
from web.forms import Form
from web.language import gettext
from web.service import now, service
from web.typed import whole_day
from web.words import month as month_words

MONTHS_OFFERED = 36
MONTHS_BACK = 12
"""Without being asked for others, a figure is about this month and the twelve whole months before it."""
AT_ONCE = 20_000
"""Entries of the whole record up to which the page itself puts together what it looks at: a second or two."""
FRESH = timedelta(minutes=15)
"""How old figures of the present under another policy may be: counted anew at each look, they would never be ready in a busy record."""
ORGANISATIONS = frozenset({"provider", "team", "practitioner"})
"""Who there is, which every page names."""


class Sight(msgspec.Struct, frozen=True):
    """What a page looks at: all that is known now, or (with a day) all that was known at the end of that day; and under which policy."""

    at: datetime
    position: int
    schema: str
    policy: Policy
    day: date | None = None

    @property
    def today(self) -> date:
        return self.day or local_day(self.at)

    @property
    def up_to(self) -> int | None:
        """Where a case's history ends for this page; None for its present end."""
        return None if self.schema == LIVE else self.position

    @property
    def other_rule(self) -> str:
        """The version of the policy, if it is not the one in force."""
        return "" if self.policy.version == service().policy.version else self.policy.version

    @contextmanager
    def reading(self) -> Iterator[Connection[Any]]:
        with service().read_side.reading(self.schema) as conn:
            yield conn


class Period(msgspec.Struct, frozen=True):
    """Whole months: the first day of the first one, and the first day after the last one."""

    since: date
    until: date

    @property
    def last(self) -> date:
        """The first day of the last month."""
        return add_months(self.until, -1)

    def months(self) -> Iterator[date]:
        """The first day of each month."""
        month = self.since
        while month < self.until:
            yield month
            month = add_months(month, 1)


class BeingBuilt(Exception):
    """What a page looks at is still being put together in the background; the page says so in the meantime."""

    def __init__(self, snapshot: Snapshot, policy: Policy, day: date | None) -> None:
        super().__init__(snapshot.name)
        self.snapshot, self.policy, self.day = snapshot, policy, day


def sight(form: Form, reads: frozenset[str], team: str = "", provider: str = "") -> Sight:
    """What `as_known` (a day) and `policy` (a version) ask for, of a team's, a provider's or all cases, in the tables that the page reads.

    What is none of them is answered with a message and the present. Raises BeingBuilt.
    """
    record, read_side = service().record, service().read_side
    day, policy = day_known(form), _policy(form)
    if not form.ok or (day is None and policy is service().policy):
        return Sight(now(), record.head(), LIVE, service().policy)
    at = end_of(day) if day else now()
    position = record.position_at(at) if day else record.head()
    wanted = Wanted(position, policy, at, team=team, provider=provider, tables=reads | ORGANISATIONS)
    if day is None and (found := read_side.latest(wanted, at - FRESH)):
        wanted = replace(wanted, position=found.position, at=found.at)
    snapshot = read_side.build(wanted) if wanted.position <= AT_ONCE else read_side.ask(wanted)
    if not snapshot.built:
        raise BeingBuilt(snapshot, policy, day)
    return Sight(wanted.at, wanted.position, snapshot.name, policy, day)


def day_known(form: Form) -> date | None:
    """The day asked for in `as_known`, None if none is; a message when it is no day before today."""
    typed = form.raw("as_known")
    day = whole_day(typed)
    if typed and (day is None or day >= local_day(now())):
        form.wrong(
            "as_known", gettext("The day must be a date before today, like %(day)s", day=f"{local_day(now()) - timedelta(days=1):%Y-%m-%d}")
        )
    return day


def _policy(form: Form) -> Policy:
    """The version asked for; the one in force when none is."""
    in_force = service().policy
    typed = form.raw("policy")
    if typed in ("", in_force.version):
        return in_force
    if typed not in versions():
        form.wrong("policy", gettext("Select a version of the policy"))
        return in_force
    return policy_of(typed)


def period(form: Form, today: date) -> Period:
    """The months asked for in `from` and `to`; a message and the usual months when they make no sense."""
    this_month = today.replace(day=1)
    since = _month(form, "from", add_months(this_month, -MONTHS_BACK), gettext("Select the first month"))
    last = _month(form, "to", this_month, gettext("Select the last month"))
    if form.ok and last < since:
        form.wrong("to", gettext("The last month must be the same as or later than the first month"))
    if not form.ok:
        return Period(add_months(this_month, -MONTHS_BACK), add_months(this_month, 1))
    return Period(since, add_months(last, 1))


def months_to_choose(chosen: Period, today: date) -> list[tuple[str, str]]:
    """The months a period may begin or end with, the newest first, and those chosen already."""
    offered = {add_months(today.replace(day=1), -n) for n in range(MONTHS_OFFERED)} | {chosen.since, chosen.last}
    return [(f"{month:%Y-%m}", month_words(month)) for month in sorted(offered, reverse=True)]


def _month(form: Form, name: str, usual: date, message: str) -> date:
    typed = form.raw(name)
    found = whole_day(f"{typed}-01") if typed else usual
    if found is None:
        form.wrong(name, message)
        return usual
    return found
