"""Measures: each figure with all it is made of, by month and by officer, down to the entries, now or as known on a day."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from flask import Blueprint, Response, abort, request
from msgspec.structs import replace

from domain.access import Action, Resource, Role, decide
from domain.policies import versions
from domain.policy import Policy
from projections import counted, figures, inspections, organisations
from projections.figures import CaseFigure, Figure, Row, Scope
from projections.finding import Finding, Verdict
from projections.measure import THEMES, Measure
from projections.measures import MEASURES
from projections.story import Story
from web.forms import Form
from web.gate import allow
from web.htmx import page
from web.past import Period, Sight, months_to_choose, period, sight
from web.service import hidden, me, reading, service
from web.spreadsheet import spreadsheet
from web.words import percent

blueprint = Blueprint("measure", __name__)

READS = frozenset({"caseload", counted.CONTACT_TABLE, counted.LASTING_TABLE})
"""The read models that these pages look at."""
PAGE = 25
AT_ONCE = 150
"""Entries that a page lists at once; when there are more, each case's are opened one by one."""
NOBODY = "-"
"""Chosen as the officer: what happened while nobody held the case."""
MARKS = {
    "[V]": "Sourced: seen in the source named",
    "[R]": "Recalled: still to be confirmed by a person",
    "[D]": "Decided by this service",
}
PARAMETERS = {
    "modes": "Ways of contact that count",
    "planned_only_modes": "Ways of contact that count only when planned",
    "never_modes": "Ways of contact that never count",
    "purposes": "Purposes that count",
    "recorded_within_working_days": "Working days within which an entry is in time",
    "within_working_days": "Working days within which an entry is in time",
    "zero_activity_days": "Days without a purposeful contact that raise the flag",
    "coc_from_contacts": "Contacts from which the index of one case is shown",
    "officers_window_days": "Days over which officers are counted",
}


class Asked(msgspec.Struct, frozen=True):
    """Which figure a page is about: the measure, the team, the months, whose cases, and as known when."""

    measure: Measure
    team: str
    form: Form
    seen: Sight
    period: Period
    officer: str

    @property
    def scope(self) -> Scope:
        practitioner = "" if self.officer == NOBODY else self.officer
        return Scope(
            self.seen.today,
            team=self.team,
            practitioner=practitioner,
            unheld=self.officer == NOBODY,
            since=self.period.since,
            until=self.period.until,
            hidden=tuple(hidden()),
        )

    @property
    def period_words(self) -> str:
        """November 2025 to November 2026."""
        first, last = _month_words(self.period.since), _month_words(self.period.last)
        return first if first == last else f"{first} to {last}"

    def address(self, **changes: str) -> dict[str, str]:
        """What url_for needs to stay with this figure; empty parts fall away."""
        parts = {"team": self.team, "name": self.measure.name, "practitioner": self.officer}
        parts |= {name: self.form.raw(name) for name in ("from", "to", "as_known", "policy") if self.form.ok}
        return {name: value for name, value in (parts | changes).items() if value}


def _month_words(month: date) -> str:
    return f"{month:%B} {month.year}"


def _asked(team: str, name: str, officer: str = "") -> Asked:
    """404 for a measure or a team that there is not."""
    measure = MEASURES.get(name)
    with reading() as conn:
        known = organisations.team(conn, team)
    if measure is None or known is None:
        abort(404)
    form = Form(request.args)
    seen = sight(form, READS, team)
    return Asked(measure, team, form, seen, period(form, seen.today), officer)


def _page(template: str, asked: Asked, **context: Any) -> Response:
    context |= {"measure": asked.measure, "team": asked.team, "period": asked.period, "enough": service().policy.share_from_contacts}
    status = 200 if asked.form.ok else 422
    seen: dict[str, Any] = {"seen": asked.seen, "as_known": asked.seen.day, "versions": versions()}
    return page(template, status=status, form=asked.form, asked=asked, **seen, **context)


@blueprint.get("/measures")
@allow(Action.SEE_MEASURES)
def index() -> Response:
    """The measures in words; an inspector chooses whose figures to see, a manager sees those of the team."""
    with reading() as conn:
        providers = organisations.providers(conn)
        teams = organisations.teams(conn)
    if me().role is not Role.INSPECTOR:
        teams = [team for team in teams if team.code == me().team]
    groups = [(provider, mine) for provider in providers if (mine := [t for t in teams if t.provider == provider.code])]
    return page(
        "measure/index.html",
        themes=[(theme, [m for m in MEASURES.values() if m.theme == theme]) for theme in THEMES],
        groups=groups,
        policy=service().policy,
    )


class Line(NamedTuple):
    """A measure and what it comes to."""

    measure: Measure
    figure: Figure


@blueprint.get("/teams/<team>/measures")
@allow(Action.SEE_MEASURES)
def of_team(team: str) -> Response:
    """Every measure of a team over the months asked for, by theme."""
    asked = _asked(team, next(iter(MEASURES)))
    with asked.seen.reading() as conn:
        lines = [Line(measure, figures.figure(conn, measure, asked.scope)) for measure in MEASURES.values()]
    themes = [(theme, mine) for theme in THEMES if (mine := [line for line in lines if line.measure.theme == theme])]
    return _page("measure/all.html", asked, themes=themes, choices=months_to_choose(asked.period, asked.seen.today))


@blueprint.get("/teams/<team>/measures/<name>")
@allow(Action.SEE_MEASURES)
def show(team: str, name: str) -> Response:
    asked = _asked(team, name)
    with asked.seen.reading() as conn:
        figure = figures.figure(conn, asked.measure, asked.scope)
        months = _every_month(figures.by_month(conn, asked.measure, asked.scope), asked.period)
        officers = figures.by_practitioner(conn, asked.measure, asked.scope)
    policy = asked.seen.policy
    return _page(
        "measure/show.html",
        asked,
        figure=figure,
        months=months,
        shares=[_share(row) for row in months],
        trend=_trend(months),
        officers=officers,
        choices=months_to_choose(asked.period, asked.seen.today),
        parameters=_parameters(policy, asked.measure),
        policy=policy,
        marks=MARKS,
    )


def _share(row: Row) -> float | None:
    """Below so many contacts a share says more about chance than about anybody's work, so a row shows its counts only."""
    return row.figure.share if row.figure.denominator >= service().policy.share_from_contacts else None


def _every_month(rows: Sequence[Row], asked: Period) -> list[Row]:
    """A row for each month from the first that has any contact, empty months too: a gap must be seen."""
    found = {row.key: row for row in rows}
    first = min(found, default=asked.last.isoformat())
    months = sorted({*found, *(day.isoformat() for day in asked.months() if day.isoformat() >= first)})
    full = [found.get(key) or Row(key, key, 0, 0, 0, 0) for key in months]
    return [replace(row, label=_month_words(date.fromisoformat(row.key))) for row in full]


def _trend(months: Sequence[Row]) -> str:
    """What the line of shares shows, in words; nothing when fewer than two months have a share."""
    shares = [(row.label, share) for row in months if (share := _share(row)) is not None]
    if len(shares) < 2:
        return ""
    (first, before), (last, after) = shares[0], shares[-1]
    points = round((after - before) * 100)
    change = f"up {points} points" if points > 0 else f"down {-points} points" if points < 0 else "no change"
    return f"From {percent(before)} in {first} to {percent(after)} in {last}: {change}"


def _parameters(policy: Policy, measure: Measure) -> list[tuple[str, str, str, str]]:
    """The numbers and lists of the policy that this measure rests on: in words, the value, its mark and its source."""
    found = [
        (key.partition(".")[2], sourced)
        for key, sourced in policy.sources.items()
        if any(key == rule or key.startswith(f"{rule}.") for rule in measure.rules)
    ]
    return [
        (
            PARAMETERS.get(name, name.replace("_", " ").capitalize()),
            ", ".join(sourced.value) if isinstance(sourced.value, list) else str(sourced.value),
            sourced.mark,
            sourced.source + (f". Version {policy.version} does not say: taken from {sourced.since}" if sourced.since else ""),
        )
        for name, sourced in found
    ]


class Behind(msgspec.Struct, frozen=True):
    """One case behind a figure, with its findings unless they are still to be asked for. `open` when the reader may see the
    case; without it the person is not named."""

    case: CaseFigure
    findings: Sequence[Finding] | None
    open: bool

    @property
    def counts(self) -> dict[Verdict, int]:
        case = self.case
        return dict(zip(Verdict, (case.yes, case.no, case.not_evidenced, case.left_out), strict=True))

    def shown(self, verdict: Verdict | None) -> int:
        return self.counts[verdict] if verdict else sum(self.counts.values())


@blueprint.get("/teams/<team>/measures/<name>/entries")
@allow(Action.SEE_MEASURES)
def entries(team: str, name: str) -> Response:
    """Every entry behind a figure, case by case: what each was counted as, and why."""
    asked = _asked(team, name, request.args.get("practitioner", "").strip())
    verdict = next((v for v in Verdict if v == asked.form.raw("verdict")), None)
    with asked.seen.reading() as conn:
        figure = figures.figure(conn, asked.measure, asked.scope)
        count = figures.count_cases(conn, asked.measure, asked.scope, verdict)
        pages = max(1, -(-count // PAGE))
        number = min(max(1, request.args.get("page", 1, int)), pages)
        found = figures.by_case(conn, asked.measure, asked.scope, verdict=verdict, limit=PAGE, offset=(number - 1) * PAGE)
        officers = organisations.names(conn)
    behind = [Behind(case, None, _may_open(case)) for case in found]
    few = sum(one.shown(verdict) for one in behind) <= AT_ONCE
    wanted = {one.case.crn for one in behind} if few else {request.args.get("case")}
    behind = [replace(one, findings=_findings(asked, one.case, verdict)) if one.case.crn in wanted else one for one in behind]
    context = {"figure": figure, "count": count, "pages": pages, "page": number, "behind": behind}
    return _page("measure/entries.html", asked, **context, verdict=verdict, verdicts=tuple(Verdict), officers=officers)


def _findings(asked: Asked, case: CaseFigure, verdict: Verdict | None) -> list[Finding]:
    """A case's findings that the figure counts, folded from its history on the spot: the rows and this list are one rule."""
    history = service().record.history(case.stream_id, up_to=asked.seen.up_to)
    found = asked.measure.findings(Story(history), asked.seen.policy, asked.seen.today) if history else []
    return [f for f in found if figures.in_scope(f, asked.scope) and verdict in (None, f.verdict)]


def _may_open(case: CaseFigure) -> bool:
    sampled = False
    if me().role is Role.INSPECTOR:
        with reading() as conn:
            sampled = inspections.is_sampled_for(conn, case.crn, me().code)
    resource = Resource(case.team, case.provider, case.practitioner, sampled, case.offered_to_team)
    return decide(me().subject, Action.SEE_CASE, resource).allowed


@blueprint.get("/teams/<team>/measures/<name>.csv")
@allow(Action.SEE_MEASURES)
def export(team: str, name: str) -> Response:
    """The figure and its rows as a file for a spreadsheet."""
    asked = _asked(team, name)
    if not asked.form.ok:
        abort(400, next(iter(asked.form.errors.values())))
    with asked.seen.reading() as conn:
        total = figures.figure(conn, asked.measure, asked.scope)
        rows = [Row(team, "The whole team", total.yes, total.no, total.not_evidenced, total.left_out)]
        parts = [
            ("team", rows),
            ("month", figures.by_month(conn, asked.measure, asked.scope)),
            ("officer", figures.by_practitioner(conn, asked.measure, asked.scope)),
        ]
    return spreadsheet(_lines(asked, parts), asked.measure.name)


def _lines(asked: Asked, parts: Sequence[tuple[str, Sequence[Row]]]) -> Iterator[list[str]]:
    yes, no = asked.measure.counted
    head = ["measure", "team", "from", "before", "counted at", "entries of the record", "policy", "by", "code", "name"]
    yield [*head, yes, no, "not evidenced", "denominator", "left out", "share"]
    same = [asked.measure.name, asked.team, f"{asked.period.since}", f"{asked.period.until}", f"{asked.seen.at:%Y-%m-%dT%H:%M:%SZ}"]
    same += [str(asked.seen.position), asked.seen.policy.version]
    for by, rows in parts:
        for row in rows:
            share = _share(row)
            counts = [row.yes, row.no, row.not_evidenced, row.figure.denominator, row.left_out]
            yield [*same, by, row.key, row.label, *map(str, counts), "too few" if share is None else f"{share:.4f}"]
