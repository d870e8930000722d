"""Recording: how soon entries were made after what they are about, and weeks in which many were made at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from operator import itemgetter

import msgspec
from flask import Blueprint, Response, request

from domain.access import Action
from domain.words import said
from projections import lateness, organisations, recorded, recorded_weeks, unpaid_work, unusual_weeks
from projections.lateness import Chosen, Summary, Week, bands
from projections.statistics.xmr import xmr
from projections.unusual_weeks import Bursts
from web.charts import Bar, Chart, Point, distribution, part_of, series
from web.exports import Cell, Table, download
from web.figure_files import about
from web.gate import allow
from web.language import gettext, in_language
from web.pages.measure import figure_page
from web.past import months_to_choose
from web.reach import may_open
from web.service import hidden
from web.typed import whole_day
from web.whose import Asked, asked, may
from web.words import plural, short_day

blueprint = Blueprint("recording", __name__)

READS = frozenset({"caseload", "recorded", "upw_instruction"})
"""The read models that these pages look at."""
PARTS_READ = frozenset({recorded_weeks.TABLE})
"""Those that the page of a provider's teams, or of the nation's providers, looks at."""
PAGE = 50


def _asked(action: Action, team: str) -> Asked:
    return asked(action, {"team": team}, reads=READS)


def _behind(of: Asked, **chosen: object) -> str:
    """The address of the entries that a figure counts."""
    return of.url("recording.entries", None, **{name: str(value) for name, value in chosen.items()})


class Told(msgspec.Struct, frozen=True):
    """What the page of a team says."""

    summary: Summary
    kinds: Mapping[str, Sequence[int]]
    weeks: Sequence[Week]
    bursts: Bursts
    days: Sequence[unpaid_work.InstructionsOfDay]


def _told(of: Asked) -> Told:
    since, until, policy, today = of.period.since, of.period.until, of.seen.policy, of.seen.today
    with of.seen.reading() as conn:
        first, after = unusual_weeks.earliest(since, policy), recorded_weeks.week_after(until)
        found = recorded.of_team(conn, of.whose.code, first, after, hidden())
        last = min(until - timedelta(days=1), today)
        days = unpaid_work.instructions_per_day(conn, since=since, until=last, team=of.whose.code, hidden=hidden())
    return Told(
        lateness.summary(found, since, until, policy),
        lateness.by_kind(found, since, until, policy),
        lateness.weeks(found, since, until, today, policy),
        unusual_weeks.bursts(found, since, until, today, policy),
        days,
    )


@blueprint.get("/teams/<team>/recording")
@allow(Action.SEE_MEASURES)
def of_team(team: str) -> Response:
    of = _asked(Action.SEE_MEASURES, team)
    told = _told(of)
    return figure_page(
        "recording/team.html",
        of,
        told=told,
        policy=of.seen.policy,
        behind=partial(_behind, of),
        bands=bands(of.seen.policy),
        charts=[_delays(of, told), *_lines(of, told.weeks)],
        instruction=recorded.INSTRUCTION,
        next_day=_next,
        choices=months_to_choose(of.period, of.seen.today),
    )


def _delays(of: Asked, told: Told) -> Chart:
    every = bands(of.seen.policy)
    counts = [sum(column) for column in zip(*told.kinds.values(), strict=True)] or [0] * len(every)
    bars = [Bar(in_language(band.words), count, _behind(of, band=i)) for i, (band, count) in enumerate(zip(every, counts, strict=True))]
    delays = told.summary.delays
    title = gettext("Nothing was recorded")
    if delays is not None:
        title = gettext("Half of the entries were made within %(days)s", days=_days(delays.median))
    subject = gettext("Time from happening to being recorded")
    return distribution(bars, name="delays", title=title, subject=subject, axis=said("Delay"))


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _days(many: int) -> str:
    return plural(many, "day") if many else gettext("the same day")


def _lines(of: Asked, weeks: Sequence[Week]) -> list[Chart]:
    """The share that was late, by week of happening and by week of recording. Weeks that can still change have no share yet."""
    rule = of.seen.policy
    happened = [(w, w.happened, w.happened_late if w.settled else None, "happened") for w in weeks]
    made = [(w, w.recorded, w.recorded_late, "recorded") for w in weeks]
    charts = []
    for name, subject, line in (
        ("happened", gettext("Share late, by the week in which it happened"), happened),
        ("made", gettext("Share late, by the week in which it was recorded"), made),
    ):
        shares = [late / count if late is not None and count >= rule.share_from_contacts else None for _, count, late, _ in line]
        points = [
            Point(short_day(week.begins), share, _behind(of, **_week(week, by), what="timed"), part_of(late or 0, count))
            for (week, count, late, by), share in zip(line, shares, strict=True)
        ]
        charts.append(series(points, xmr(shares, rule.comparison, least=0, most=1), name=name, subject=subject, period=said("Week")))
    return charts


def _week(week: Week, by: str) -> dict[str, str]:
    return {"since": f"{week.begins}", "until": f"{week.until}", "by": by}


@blueprint.get("/recording")
@blueprint.get("/providers/<provider>/recording")
@allow(Action.SEE_MEASURES)
def of_parts(**named: str) -> Response:
    """Each team of a provider, or each provider of the nation, by name, with the weeks in which far more late entries were made than
    usual; and the weeks of all of them together."""
    of = asked(Action.SEE_MEASURES, named, reads=PARTS_READ)
    since, until, policy, today = of.period.since, of.period.until, of.seen.policy, of.seen.today
    provider, unseen = of.whose.code, hidden()
    level: recorded_weeks.Level = "team" if provider else "provider"
    with of.seen.reading() as conn:
        found = recorded_weeks.by_part(conn, level, unusual_weeks.earliest(since, policy), since, until, provider, unseen)
        weeks = recorded_weeks.weeks(conn, since, until, today, policy, provider, unseen)
        parts = organisations.teams(conn, provider) if provider else organisations.providers(conn)
    names = {part.code: part.name for part in parts} | {"": said("With no team") if level == "team" else said("With no provider")}
    lines = unusual_weeks.by_part(found, since, until, today, policy)
    return figure_page(
        "recording/parts.html",
        of,
        level=level,
        endpoint="recording.of_team" if level == "team" else "recording.of_parts",
        lines=sorted(((names.get(line.part.code, line.part.code), line) for line in lines), key=itemgetter(0)),
        opened={part.code for part in found if part.code and may(Action.SEE_MEASURES, of.whose.part(part.code))},
        weeks=weeks,
        policy=policy,
        choices=months_to_choose(of.period, of.seen.today),
    )


@blueprint.get("/teams/<team>/recording/entries")
@allow(Action.SEE_FINDINGS)
def entries(team: str) -> Response:
    """The entries that a figure counts, those made last first."""
    of = _asked(Action.SEE_FINDINGS, team)
    policy, chosen = of.seen.policy, _chosen(of)
    with of.seen.reading() as conn:
        found = [one for one in recorded.listed(conn, team, chosen.since, chosen.until, hidden()) if chosen.takes(one, policy)]
    pages = max(1, -(-len(found) // PAGE))
    here = min(max(1, request.args.get("page", 1, int)), pages)
    shown = found[(here - 1) * PAGE : here * PAGE]
    cases = {one.crn: one for one in shown}
    return figure_page(
        "recording/entries.html",
        of,
        chosen=chosen,
        last=chosen.until - timedelta(days=1),
        band=None if chosen.band is None else bands(policy)[chosen.band],
        count=len(found),
        cases=len({one.crn for one in found}),
        shown=[(one, lateness.is_late(one, policy)) for one in shown],
        open={crn for crn, case in cases.items() if may_open(case)},
        pages=pages,
        page=here,
    )


def _chosen(of: Asked) -> Chosen:
    """What the address narrows to; what it says that there is not does not narrow."""
    form = of.form
    since, until = whole_day(form.raw("since")) or of.period.since, whole_day(form.raw("until")) or of.period.until
    band = form.raw("band")
    return Chosen(
        since,
        until,
        by="happened" if form.raw("by") == "happened" else "recorded",
        kind=form.raw("kind") if form.raw("kind") in recorded.KINDS.values() else "",
        standing=form.raw("standing") if form.raw("standing") in recorded.STANDINGS else "",
        what=form.raw("what") if form.raw("what") in lateness.WHAT else "",
        band=int(band) if band.isdecimal() and int(band) < len(bands(of.seen.policy)) else None,
    )


@blueprint.get("/teams/<team>/recording.<any(csv, ods):kind>")
@blueprint.get("/api/teams/<team>/recording", defaults={"kind": "json"})
@allow(Action.SEE_MEASURES)
def export(team: str, kind: str) -> Response:
    """The weeks as a file for a spreadsheet, and for programs."""
    of = _asked(Action.SEE_MEASURES, team)
    about_all = about(of)
    told = _told(of)
    head = ("week", "happened", "happened late", "settled", "recorded", "recorded late", "stands out")
    return download(Table("weeks", about_all, head, _rows(told)), kind, "recording")


def _rows(told: Told) -> Iterator[Sequence[Cell]]:
    flagged: dict[date, list[str]] = {}
    for one in told.bursts.flagged:
        flagged.setdefault(one.week, []).append(one.stream.words)
    for week in told.weeks:
        counts = (week.happened, week.happened_late, "yes" if week.settled else "no", week.recorded, week.recorded_late)
        yield (week.begins, *counts, "; ".join(flagged.get(week.begins, ())))
