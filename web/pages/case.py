"""A case: who the person is to the officer, what is due, and everything that was recorded, each figure with its entries."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from flask import Blueprint, abort, g, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action, decide
from domain.contact import KINDS
from domain.words import said
from domain.working_days import add_months, local_day
from projections import compliance as clocks
from projections import cover, timeline
from projections.cover import Cover, Covered
from projections.figures import tally
from projections.finding import Verdict
from projections.holder import Holder
from projections.measures import MEASURES, continuity
from projections.overview import overview as overview_of
from projections.person import details
from web import history as choosing
from web import words
from web.complying import enforced_here
from web.gate import allow, resource_of
from web.htmx import page
from web.language import gettext
from web.service import me, names, now, reading, service, story, this_case

blueprint = Blueprint("case", __name__)


# ---- What the pages of every case have at hand -----------------------------------------------------------------------


@blueprint.app_template_global()
def may(action: Action) -> bool:
    """Whether the person signed in may do this in the case of the address; nothing is done in the past."""
    if "known_day" in g and action is not Action.SEE_CASE:
        return False
    return decide(me().subject, action, resource_of(this_case())).allowed


@blueprint.app_template_global()
def named(code: str) -> str:
    """The name of a practitioner or team."""
    return names()(code)


@blueprint.app_template_global()
def covered_now() -> Covered | Cover | None:
    """Who stands in for the officer of the case of the address."""
    if "known_day" in g:
        then = cover.covers(story(this_case().stream_id)) if this_case().ended_on is None else []
        return next((one for one in then if one.holds_at(now())), None)
    with reading() as conn:
        return cover.of_case(conn, stream_id=this_case().stream_id, now=now())


@blueprint.app_template_filter()
def last_day(until: datetime) -> str:
    """The last day of something that ends at this moment: midnight belongs to the day before."""
    return words.day(until - timedelta(microseconds=1))


@blueprint.app_template_global()
def of_case(part: str = "") -> str:
    """The address of a page of the case of this address."""
    return url_for("case.overview", crn=this_case().crn) + part


blueprint.add_app_template_global(Action, "Action")


@blueprint.app_template_filter()
def how_long(since: datetime | date, until: datetime | date | None = None) -> str:
    """5 days, 3 months, 2 years 1 month: from a day to another one, or to today."""
    first, last = _day(since), _day(until or now())
    days = (last - first).days
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    if months < 1:
        return gettext("less than a day") if days < 1 else words.plural(days, "day")
    years, months = divmod(months, 12)
    return " ".join([words.plural(years, "year")] * bool(years) + [words.plural(months, "month")] * bool(months))


def _day(when: datetime | date) -> date:
    return local_day(when) if isinstance(when, datetime) else when


@blueprint.app_template_filter()
def age(born: str) -> int | None:
    """In whole years today; None for a date that a source gave in another form."""
    try:
        birth = date.fromisoformat(born)
    except ValueError:
        return None
    today = local_day(now())
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


@blueprint.app_template_filter()
def hours(minutes: int) -> str:
    """12 hours 30 minutes."""
    whole, rest = divmod(minutes, 60)
    return " ".join([words.plural(whole, "hour")] * bool(whole or not rest) + [words.plural(rest, "minute")] * bool(rest))


# ---- Overview --------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>")
@allow(Action.SEE_CASE, past=True)
def overview(crn: str) -> Response:
    """Who this person is to me."""
    told = story(this_case().stream_id)
    policy = service().policy
    return page(
        "case/overview.html",
        about=overview_of(told, now()),
        holders=[*reversed(told.holders)],
        figures_of=[(m, tally(m.findings(told, policy, local_day(now())))) for m in MEASURES.values() if m.verdicts],
        officers=_officers_in(told.holders, policy.continuity.officers_window_days),
        note=choosing.last_note(choosing.entries(told, policy, names())),
        person=details(told),
        today=local_day(now()),
        kinds=KINDS,
        enforcement=[finding for finding in enforced_here(told).findings if finding.step in clocks.WATCHED and _is_recent(finding.due_on)],
    )


def _is_recent(due_on: date | None) -> bool:
    """Whether a step is due of late or to come: what was never answered years ago is left to the compliance page's history."""
    window = service().policy.enforcement.window_months
    return due_on is not None and due_on > add_months(local_day(now()), -window)


def _officers_in(holders: Iterable[Holder], days: int) -> int:
    """How many officers have held the case in the last `days` days; a time with nobody is no officer."""
    today = now()
    return len({h.practitioner for h in holders if h.practitioner and (h.until is None or (today - h.until).days < days)})


# ---- History ---------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/history")
@allow(Action.SEE_CASE, past=True)
def history(crn: str) -> Response:
    """Everything recorded in the case, newest first, or what was chosen of it."""
    entries = choosing.entries(story(this_case().stream_id), service().policy, names())
    asked = choosing.choice(request.args)
    found = choosing.chosen(entries, asked, now())
    pages = -(-len(found) // choosing.PAGE) or 1
    at = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page(
        "case/history.html",
        "timeline",
        asked=asked,
        shown=found[(at - 1) * choosing.PAGE : at * choosing.PAGE],
        found=len(found),
        total=len(entries),
        at=at,
        pages=pages,
        categories=timeline.CATEGORIES,
        presets=timeline.PRESETS,
        people=sorted((named(code), code) for code in choosing.officers(entries)),
        is_late=choosing.is_late,
    )


# ---- What a figure is made of ----------------------------------------------------------------------------------------


@blueprint.get("/cases/<crn>/measures/<name>")
@allow(Action.SEE_CASE, past=True)
def measure(crn: str, name: str) -> Response:
    """Every finding behind a figure of this case: the entry, what the rule says of it, and why."""
    asked = MEASURES.get(name)
    if asked is None:
        abort(404)
    policy = service().policy
    told = story(this_case().stream_id)
    findings = asked.findings(told, policy, local_day(now()))
    entries = choosing.entries(told, policy, names())
    return page(
        "case/measure.html",
        measure=asked,
        sum=tally(findings),
        rows=[(finding, entries[finding.number - 1] if finding.number else None) for finding in reversed(findings)],
        indices=_indices(continuity.workers(findings)) if name == continuity.WORDS.name else [],
        verdict_words=dict(zip(Verdict, (*asked.counted, said("not evidenced"), said("left out")), strict=True)),
        policy=policy,
    )


class Index(NamedTuple):
    name: str
    value: Fraction | None
    out_of: str
    meaning: str


def _indices(sequence: list[str]) -> list[Index]:
    """The indices of continuity; one without enough contacts has no value."""
    n = len(sequence)
    enough = n >= service().policy.continuity.coc_from_contacts
    contacts, pairs = words.plural(n, "contact"), words.plural(max(n - 1, 0), "pair of contacts", "pairs of contacts")
    later = gettext("%(contacts)s after the first", contacts=words.plural(max(n - 1, 0), "contact"))
    few = gettext("How far contacts are with few officers (Bice and Boxerman): 1 is always the same one, 0 never the same one twice")
    as_known = gettext("As K, and never 0: it counts officers and not how often each was seen")
    by_chance = gettext("Chance that two contacts picked at random were with one officer")
    return [
        Index("UPC", continuity.upc(sequence), contacts, gettext("Share of contacts with the officer seen most")),
        Index("SECON", continuity.secon(sequence), pairs, gettext("Share of contacts with the same officer as the one before")),
        Index("COC", continuity.coc(sequence) if enough else None, contacts, few),
        Index("K", continuity.known(sequence), later, gettext("Share with an officer met before (Ejlertsson and Berg)")),
        Index("MMCI", continuity.mmci(sequence), contacts, as_known),
        Index("HHI", continuity.hhi(sequence), contacts, by_chance),
    ]
