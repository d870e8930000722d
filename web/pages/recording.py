"""Recording: how soon a team's entries were made after what they are about, and weeks in which many were made at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from flask import Blueprint, Response, abort, request, url_for

from domain.access import Action
from domain.policies import versions
from projections import lateness, organisations, recorded, unpaid_work
from projections.lateness import Bursts, Chosen, Summary, Week, bands
from projections.statistics.xmr import xmr
from web.charts import Bar, Chart, Point, distribution, series
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.past import Period, Sight, months_to_choose, period, sight
from web.reach import may_open
from web.service import hidden
from web.spreadsheet import spreadsheet
from web.words import number, short_day

blueprint = Blueprint("recording", __name__)

READS = frozenset({"caseload", "recorded", "upw_instruction"})
"""The read models that these pages look at."""
PAGE = 50


class Asked(msgspec.Struct, frozen=True):
    """Which team, which months, and as known when."""

    team: str
    form: Form
    seen: Sight
    period: Period

    def address(self, **changes: object) -> dict[str, Any]:
        """What url_for needs to stay with this team and these months; empty parts fall away."""
        kept = {name: self.form.raw(name) for name in ("from", "to", "as_known", "policy") if self.form.ok}
        return {name: value for name, value in ({"team": self.team} | kept | changes).items() if value not in ("", None)}

    def behind(self, **chosen: object) -> str:
        """The address of the entries that a figure counts."""
        return url_for("recording.entries", **self.address(**chosen))


def _asked(team: str) -> Asked:
    """404 for a team that there is not."""
    form = Form(request.args)
    seen = sight(form, READS, team)
    with seen.reading() as conn:
        if organisations.team(conn, team) is None and not seen.day:
            abort(404)
    return Asked(team, form, seen, period(form, seen.today))


def _page(template: str, asked: Asked, **context: Any) -> Response:
    seen: dict[str, Any] = {"seen": asked.seen, "as_known": asked.seen.day, "versions": versions(), "policy": asked.seen.policy}
    status = 200 if asked.form.ok else 422
    return page(template, status=status, form=asked.form, asked=asked, team=asked.team, period=asked.period, **seen, **context)


class Told(msgspec.Struct, frozen=True):
    """What the page of a team says."""

    summary: Summary
    kinds: Mapping[str, Sequence[int]]
    weeks: Sequence[Week]
    bursts: Bursts
    days: Sequence[unpaid_work.InstructionsOfDay]


def _told(asked: Asked) -> Told:
    since, until, policy, today = asked.period.since, asked.period.until, asked.seen.policy, asked.seen.today
    with asked.seen.reading() as conn:
        found = recorded.of_team(conn, asked.team, lateness.earliest(since, policy), until, hidden())
        last = min(until, today)
        days = unpaid_work.instructions_per_day(conn, since=since, until=last, team=asked.team, hidden=hidden())
    return Told(
        lateness.summary(found, since, until, policy),
        lateness.by_kind(found, since, until, policy),
        lateness.weeks(found, since, until, today, policy),
        lateness.bursts(found, since, until, today, policy),
        days,
    )


@blueprint.get("/teams/<team>/recording")
@allow(Action.SEE_MEASURES)
def of_team(team: str) -> Response:
    asked = _asked(team)
    told = _told(asked)
    return _page(
        "recording/team.html",
        asked,
        told=told,
        bands=bands(asked.seen.policy),
        charts=[_delays(asked, told), *_lines(asked, told.weeks)],
        instruction=recorded.INSTRUCTION,
        next_day=_next,
        choices=months_to_choose(asked.period, asked.seen.today),
    )


def _delays(asked: Asked, told: Told) -> Chart:
    every = bands(asked.seen.policy)
    counts = [sum(column) for column in zip(*told.kinds.values(), strict=True)] or [0] * len(every)
    bars = [Bar(band.words, count, asked.behind(band=i)) for i, (band, count) in enumerate(zip(every, counts, strict=True))]
    delays = told.summary.delays
    said = "Nothing was recorded" if delays is None else f"Half of the entries were made within {_days(delays.median)}"
    return distribution(bars, name="delays", title=said, subject="Time from happening to being recorded", axis="Delay")


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _days(many: int) -> str:
    return "the same day" if many == 0 else "1 day" if many == 1 else f"{number(many)} days"


def _lines(asked: Asked, weeks: Sequence[Week]) -> list[Chart]:
    """The share that was late, by week of happening and by week of recording. Weeks that can still change have no share yet."""
    rule = asked.seen.policy
    happened = [(w, w.happened, w.happened_late if w.settled else None, "happened") for w in weeks]
    made = [(w, w.recorded, w.recorded_late, "recorded") for w in weeks]
    charts = []
    for name, subject, line in (
        ("happened", "Share late, by the week in which it happened", happened),
        ("made", "Share late, by the week in which it was recorded", made),
    ):
        shares = [late / count if late is not None and count >= rule.share_from_contacts else None for _, count, late, _ in line]
        points = [
            Point(short_day(week.begins), share, asked.behind(**_week(week, by), what="timed"), f"{number(late or 0)} of {number(count)}")
            for (week, count, late, by), share in zip(line, shares, strict=True)
        ]
        charts.append(series(points, xmr(shares, rule.comparison, least=0, most=1), name=name, subject=subject, period="Week"))
    return charts


def _week(week: Week, by: str) -> dict[str, str]:
    return {"since": f"{week.begins}", "until": f"{week.until}", "by": by}


@blueprint.get("/teams/<team>/recording/entries")
@allow(Action.SEE_MEASURES)
def entries(team: str) -> Response:
    """The entries that a figure counts, those made last first."""
    asked = _asked(team)
    policy, chosen = asked.seen.policy, _chosen(asked)
    with asked.seen.reading() as conn:
        found = [one for one in recorded.listed(conn, team, chosen.since, chosen.until, hidden()) if chosen.takes(one, policy)]
    pages = max(1, -(-len(found) // PAGE))
    here = min(max(1, request.args.get("page", 1, int)), pages)
    shown = found[(here - 1) * PAGE : here * PAGE]
    cases = {one.crn: one for one in shown}
    return _page(
        "recording/entries.html",
        asked,
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


def _chosen(asked: Asked) -> Chosen:
    """What the address narrows to; what it says that there is not does not narrow."""
    form = asked.form
    since, until = _day(form.raw("since")) or asked.period.since, _day(form.raw("until")) or asked.period.until
    band = form.raw("band")
    return Chosen(
        since,
        until,
        by="happened" if form.raw("by") == "happened" else "recorded",
        kind=form.raw("kind") if form.raw("kind") in recorded.KINDS.values() else "",
        standing=form.raw("standing") if form.raw("standing") in recorded.STANDINGS else "",
        what=form.raw("what") if form.raw("what") in lateness.WHAT else "",
        band=int(band) if band.isdecimal() and int(band) < len(bands(asked.seen.policy)) else None,
    )


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None


@blueprint.get("/teams/<team>/recording.csv")
@allow(Action.SEE_MEASURES)
def export(team: str) -> Response:
    """The weeks as a file for a spreadsheet."""
    asked = _asked(team)
    if not asked.form.ok:
        abort(400, next(iter(asked.form.errors.values())))
    return spreadsheet(_rows(asked, _told(asked)), "recording")


def _rows(asked: Asked, told: Told) -> Iterator[list[str]]:
    head = ["team", "week", "counted at", "entries of the record", "policy", "happened", "late of those", "settled"]
    yield [*head, "recorded", "late of those", "stands out"]
    flagged = {f.week: f.stream.words for f in reversed(told.bursts.flagged)}
    same = [f"{asked.seen.at:%Y-%m-%dT%H:%M:%SZ}", f"{asked.seen.position}", asked.seen.policy.version]
    for week in told.weeks:
        happened = [f"{week.happened}", f"{week.happened_late}", "yes" if week.settled else "no"]
        yield [asked.team, f"{week.begins}", *same, *happened, f"{week.recorded}", f"{week.recorded_late}", flagged.get(week.begins, "")]
