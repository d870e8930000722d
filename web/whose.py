"""Whose figures a page is about: the nation's, a provider's, a team's or an officer's; over which months, and as known when."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, abort, request, url_for
from psycopg import Connection

from domain.access import Action, Resource, Role, decide
from domain.words import said
from projections import counted, organisations, pace
from projections.figures import Scope
from web.forms import Form
from web.language import gettext
from web.past import Period, Sight, period, sight
from web.service import hidden, me, reading
from web.words import month

View = TypeVar("View", bound=Callable[..., Any])

READS = frozenset({"caseload", counted.CONTACT_TABLE, counted.LASTING_TABLE, pace.CASE_TABLE})
"""The read models that pages of figures look at."""
NATION = said("England and Wales")
NOBODY = "-"
"""Chosen as the part of a figure: what happened with no provider, in no team, or while nobody held the case."""


class Level(StrEnum):
    """Who a figure may be about; the value is the name of its code in an address."""

    NATION = "nation"
    PROVIDER = "provider"
    TEAM = "team"
    OFFICER = "practitioner"


PARTS = {Level.NATION: Level.PROVIDER, Level.PROVIDER: Level.TEAM, Level.TEAM: Level.OFFICER}
"""What a figure is made up of, one level down."""
LEVEL_WORDS = {Level.NATION: said("nation"), Level.PROVIDER: said("provider"), Level.TEAM: said("team"), Level.OFFICER: said("officer")}
BY_PART = {Level.PROVIDER: said("By provider"), Level.TEAM: said("By team"), Level.OFFICER: said("By officer")}
ADDRESSES = ("", "/providers/<provider>", "/teams/<team>", "/practitioners/<practitioner>")
"""What comes before `/measures` in an address: nothing for the nation's."""


def whoever(blueprint: Blueprint, rule: str) -> Callable[[View], View]:
    """One page at four addresses: the nation's, a provider's, a team's and an officer's."""

    def mark(view: View) -> View:
        for before in ADDRESSES:
            blueprint.add_url_rule(f"{before}{rule}", view_func=view)
        return view

    return mark


def whoever_as_file(blueprint: Blueprint, rule: str) -> Callable[[View], View]:
    """The same figures as a file (CSV or ODS), and as JSON for programs."""

    def mark(view: View) -> View:
        for before in ADDRESSES:
            blueprint.add_url_rule(f"{before}{rule}.<any(csv, ods):kind>", view_func=view)
            blueprint.add_url_rule(f"/api{before}{rule}", view_func=view, defaults={"kind": "json"})
        return view

    return mark


class Whose(msgspec.Struct, frozen=True):
    """Somebody's figures. `provider` and `team` say where a team or an officer belongs; `only_team` when the reader is told of an
    officer's work in that team alone."""

    level: Level = Level.NATION
    code: str = ""
    name: str = NATION
    provider: str = ""
    team: str = ""
    only_team: bool = False

    @property
    def resource(self) -> Resource:
        return Resource(self.team, self.provider, self.code if self.level is Level.OFFICER else "")

    @property
    def above(self) -> "Whose | None":
        """What this is part of, as far as deciding and addresses need it; None for the nation."""
        if self.level is Level.NATION:
            return None
        if self.level is Level.OFFICER and self.team:
            return Whose(Level.TEAM, self.team, self.team, self.provider, self.team)
        if self.level is Level.PROVIDER or not self.provider:
            return Whose()
        return Whose(Level.PROVIDER, self.provider, self.provider, self.provider)

    def part(self, code: str) -> "Whose":
        """A part of this by its code, as far as deciding and addresses need it."""
        match PARTS[self.level]:
            case Level.PROVIDER:
                return Whose(Level.PROVIDER, code, code, code)
            case Level.TEAM:
                return Whose(Level.TEAM, code, code, self.provider, code)
            case level:
                return Whose(level, code, code, self.provider, self.team)


class Asked(msgspec.Struct, frozen=True):
    """Which figures a page is about: whose, of which measure (empty in a list of all), over which months, and as known when. `part`
    narrows to one of what the figure is made up of."""

    whose: Whose
    name: str
    form: Form
    seen: Sight
    period: Period
    part: str = ""

    @property
    def scope(self) -> Scope:
        whose = self.whose
        narrowed = {} if whose.level is Level.NATION else {whose.level.value: whose.code}
        if whose.only_team:
            narrowed["team"] = whose.team
        if self.part and (level := PARTS.get(whose.level)):
            narrowed |= {"without": level.value} if self.part == NOBODY else {level.value: self.part}
        unseen = hidden(narrowed.get("provider", ""), narrowed.get("team", ""))
        return Scope(self.seen.today, since=self.period.since, until=self.period.until, hidden=unseen, **narrowed)

    @property
    def period_words(self) -> str:
        """November 2025 to November 2026."""
        first, last = month(self.period.since), month(self.period.last)
        return first if first == last else gettext("%(since)s to %(last)s", since=first, last=last)

    def url(self, endpoint: str, of: Whose | None = None, **changes: str) -> str:
        """The address of a page about these figures, or the same of somebody else's; empty parts fall away."""
        whose = of or self.whose
        parts = {} if whose.level is Level.NATION else {whose.level.value: whose.code}
        parts |= {"name": self.name, "part": "" if of else self.part}
        parts |= {name: self.form.raw(name) for name in ("from", "to", "as_known", "policy") if self.form.ok}
        told: dict[str, Any] = {name: value for name, value in (parts | changes).items() if value}
        return url_for(endpoint, **told)

    def urls(self, endpoint: str) -> Callable[..., str]:
        """The addresses of one page that differ after the question mark alone: a table links to a hundred of them, and finding the page
        anew for each took a twelfth of the time."""
        page = self.url(endpoint)
        return lambda **told: with_query(page, **told)


def with_query(page: str, **told: str) -> str:
    """An address with more said after its question mark; empty parts fall away."""
    more = urlencode({name: value for name, value in told.items() if value})
    return f"{page}{'&' if '?' in page else '?'}{more}" if more else page


def may(action: Action, whose: Whose) -> bool:
    return decide(me().subject, action, whose.resource).allowed


def asked(action: Action, named: dict[str, str], name: str = "", part: str = "", reads: frozenset[str] = READS) -> Asked:
    """What the address asks for. 404 for somebody that there is not, 403 for the nation's when they are not the reader's to see."""
    with reading() as conn:
        whose = _whose(conn, named)
    if whose is None:
        abort(404)
    if not may(action, whose):
        abort(403)
    form = Form(request.args)
    # An officer may have worked anywhere, so a day of the past is put together of everybody's cases.
    team = whose.team if whose.level is Level.TEAM or whose.only_team else ""
    provider = whose.provider if whose.level is Level.PROVIDER else ""
    seen = sight(form, reads, team, provider)
    return Asked(whose, name, form, seen, period(form, seen.today), part)


def _whose(conn: Connection[Any], named: dict[str, str]) -> Whose | None:
    if code := named.get("provider"):
        provider = next((p for p in organisations.providers(conn) if p.code == code), None)
        return Whose(Level.PROVIDER, code, provider.name, code) if provider else None
    if code := named.get("team"):
        team = organisations.team(conn, code)
        return Whose(Level.TEAM, code, team.name, team.provider, code) if team else None
    if code := named.get("practitioner"):
        officer = organisations.practitioner(conn, code)
        only_team = me().role is Role.MANAGER and code != me().code
        return Whose(Level.OFFICER, code, officer.name, officer.provider, officer.team, only_team) if officer else None
    return Whose()
