"""An officer's day: the outcomes to log, today's appointments, what is due and what comes next, on one page."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from flask import Blueprint
from werkzeug.wrappers import Response

from domain.access import Action, Resource, decide
from domain.contact import KINDS
from domain.ladder import Step
from domain.outcome import OUTCOMES
from domain.working_days import add_working_days, local_day
from projections import compliance, cover, diary
from projections.diary import DiaryRow
from projections.due import due as due_in
from web.forms import day_bounds
from web.gate import allow
from web.htmx import page
from web.language import in_language
from web.service import hidden, me, now, reading, service

blueprint = Blueprint("my_day", __name__)

DAYS_AHEAD = 5
CLOCK_WORDS = {
    Step.REFER.value: ("Breach to be started", "/breach/new", "Start breach"),
    Step.REFER_AGAIN.value: ("Returned breach to be referred again", "/breach/new", "Refer it again"),
    Step.PRESENT.value: ("Breach to be presented to court", "/breach/present", "Record that it was presented"),
    Step.DECIDE.value: ("Reason for a failure awaited", "/failures/{number}/decision", "Decide on the reason"),
}
"""What each enforcement clock is about, and where the officer goes to stop it."""


@blueprint.app_template_filter()
def kind_words(code: str) -> str:
    """The words of a kind of contact; a code that is not ours stands for itself."""
    return in_language(KINDS[code].label) if code in KINDS else code


@blueprint.app_template_filter()
def outcome_words(code: str) -> str:
    return in_language(OUTCOMES[code].description) if code in OUTCOMES else code


def mine(rows: Iterable[DiaryRow]) -> list[DiaryRow]:
    """The appointments that I may still write about: a case that went to another team took its appointments with it."""
    return [row for row in rows if decide(me().subject, Action.WRITE_CASE, Resource(team=row.team)).allowed]


def to_log() -> list[DiaryRow]:
    """My appointments that want an outcome, the oldest first."""
    with reading() as conn:
        return mine(diary.outcomes_to_log(conn, practitioner=me().code, now=now(), hidden=hidden()))


def _by_day(rows: Sequence[DiaryRow]) -> list[tuple[date, list[DiaryRow]]]:
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: local_day(row.starts_at))]


@blueprint.get("/my-day")
@allow(Action.SEE_DAY)
def index() -> Response:
    today = local_day(now())
    start, end = day_bounds(today)
    last = add_working_days(today, DAYS_AHEAD, service().policy.bank_holidays)
    waiting = to_log()
    with reading() as conn:
        ahead = mine(diary.between(conn, practitioner=me().code, now=now(), since=start, until=day_bounds(last)[1], hidden=hidden()))
        covered = cover.covered_by(conn, practitioner=me().code, now=now(), hidden=hidden())
        covering = [case.stream_id for case in covered]
        due = due_in(conn, now=now(), practitioner=me().code, agenda=service().policy.agenda, covered=covering, hidden=hidden())
        clocks = compliance.clocks(conn, practitioner=me().code, today=today, policy=service().policy, covered=covering, hidden=hidden())
    asked = {(row.stream_id, row.number) for row in waiting}
    return page(
        "my_day/index.html",
        today=today,
        now=now(),
        waiting=waiting,
        of_today=[row for row in ahead if row.starts_at < end and (row.stream_id, row.number) not in asked],
        due=due,
        covered=covered,
        clocks=clocks,
        clock_words=CLOCK_WORDS,
        coming=_by_day([row for row in ahead if row.starts_at >= end]),
    )
