"""What is due: a practitioner's cases that want something done, each with why, worked out from facts for the day looked at."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row

from domain.organisation import ProviderKind
from domain.policy import Agenda
from domain.words import said
from domain.working_days import LONDON, local_day
from projections.at_present import SEEABLE
from projections.caseload import LISTED, ListedCase
from projections.hidden import asking, spared


class Why(StrEnum):
    """Why a case wants its officer's attention, the most pressing first."""

    HIGH_IN_CRC = said("high in a CRC")
    REVIEW_OVERDUE = said("review overdue")
    RISK_OVERDUE = said("risk overdue")
    NOT_ASSESSED = said("not assessed")
    PLAN_OVERDUE = said("plan overdue")
    UPW_OVERDUE = said("unpaid work overdue")
    NOT_SEEN = said("not seen yet")
    UNSEEN = said("not seen lately")
    NO_APPOINTMENT = said("no next appointment")
    REVIEW_SOON = said("review soon")
    PLAN_SOON = said("plan soon")
    UPW_SOON = said("unpaid work soon")
    RISK_SOON = said("risk soon")
    ENDING = said("ending")


SEEN_ON = f"coalesce((c.last_seen_at at time zone '{LONDON.key}')::date, c.commenced_on)"
"""The day on which the person was last seen face to face, or supervision began."""


class Due(msgspec.Struct, frozen=True):
    case: ListedCase
    reasons: tuple[Why, ...]


def due(
    conn: Connection[Any],
    *,
    now: datetime,
    practitioner: str | None,
    agenda: Agenda,
    covered: Sequence[UUID] = (),
    hidden: Sequence[UUID] = (),
) -> Sequence[Due]:
    """A practitioner's open cases, and those that they cover, that want something done, each with why, the most pressing first.

    Without a practitioner only the `covered` are looked at.
    """
    today = local_day(now)
    query = f"""{LISTED} where (c.practitioner = %(practitioner)s or c.stream_id = any(%(covered)s)) and {spared(hidden, "c.stream_id")}
        and c.ended_on is null and (
        c.rosh_due_on is null or c.rosh_due_on <= %(review)s or n.next_at is null or c.expected_end_on <= %(ending)s
        or c.plan_due_on <= %(review)s or c.upw_due_on <= %(review)s
        or (c.phase = any(%(seeable)s) and {SEEN_ON} < %(unseen)s)
        or c.risk_due_on <= %(review)s or (c.high_since is not null and o.kind = '{ProviderKind.CRC}')
        or (c.held_since > %(new)s and coalesce(c.last_seen_at, '-infinity') < c.held_since))"""
    asked = {"covered": list(covered), **asking(hidden)}
    horizon = {
        "review": today + timedelta(days=agenda.review_ahead_days),
        "ending": today + timedelta(days=agenda.ending_ahead_days),
        "new": now - timedelta(days=agenda.new_days),
        "unseen": today - timedelta(days=agenda.unseen_days),
        "seeable": SEEABLE,
    }
    with conn.cursor(row_factory=class_row(ListedCase)) as cursor:
        found = cursor.execute(query.encode(), {"practitioner": practitioner, "now": now, **asked, **horizon}).fetchall()
    order = list(Why)
    return sorted(
        (Due(case, _why(case, now, agenda)) for case in found), key=lambda d: (order.index(d.reasons[0]), d.case.sort_name, d.case.crn)
    )


def _why(case: ListedCase, now: datetime, agenda: Agenda) -> tuple[Why, ...]:
    today, held = local_day(now), case.held_since
    soon, ends_soon = today + timedelta(days=agenda.review_ahead_days), today + timedelta(days=agenda.ending_ahead_days)
    is_new = held is not None and held > now - timedelta(days=agenda.new_days)

    seen_on = local_day(case.last_seen_at) if case.last_seen_at else case.commenced_on

    def overdue(day: date | None) -> bool:
        return day is not None and day < today

    def due_soon(day: date | None) -> bool:
        return day is not None and today <= day <= soon

    holds = {
        Why.HIGH_IN_CRC: case.in_crc and case.high_since is not None,
        Why.REVIEW_OVERDUE: overdue(case.rosh_due_on),
        Why.RISK_OVERDUE: overdue(case.risk_due_on),
        Why.NOT_ASSESSED: case.rosh_due_on is None,
        Why.PLAN_OVERDUE: overdue(case.plan_due_on),
        Why.UPW_OVERDUE: overdue(case.upw_due_on),
        Why.NOT_SEEN: is_new and (case.last_seen_at is None or (held is not None and case.last_seen_at < held)),
        Why.UNSEEN: case.phase in SEEABLE and seen_on is not None and seen_on < today - timedelta(days=agenda.unseen_days),
        Why.NO_APPOINTMENT: case.next_at is None,
        Why.REVIEW_SOON: due_soon(case.rosh_due_on),
        Why.PLAN_SOON: due_soon(case.plan_due_on),
        Why.UPW_SOON: due_soon(case.upw_due_on),
        Why.RISK_SOON: due_soon(case.risk_due_on),
        Why.ENDING: case.expected_end_on is not None and case.expected_end_on <= ends_soon,
    }
    return tuple(why for why, true in holds.items() if true)
