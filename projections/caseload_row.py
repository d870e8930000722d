"""A case in one row: what the lists show of it, folded from its history."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

from domain.policy import Policy
from domain.remembered import Phase
from domain.requirement import RequirementImposed, RequirementKind
from domain.sentence import SentenceStarted
from domain.transfer import TransferAccepted, TransferRejected, TransferRequested, TransferWithdrawn
from domain.working_days import local_day
from domain.workload import weigh
from projections import at_present, plans, risk
from projections.person import details
from projections.risk_due import dues
from projections.story import Story
from projections.upw_due import pressing
from projections.upw_state import works

INDEXES = (
    "(crn)",
    "(practitioner)",
    "(team, sort_name)",
    "(provider)",
    "(offered_to_team) where offered_to_team <> ''",
    "(sentence_started_on nulls first, crn) include (stream_id) where team = '' and ended_on is null",
)
"""The last is for new cases that no team has had yet: a nation has thousands, and each manager's page says how many."""
COLUMNS = {
    "stream_id": "uuid",
    "crn": "text",
    "name": "text",
    "sort_name": "text",
    "born": "text",
    "sex": "text",
    "language": "text",
    "interpreter": "text",
    "practitioner": "text",
    "team": "text",
    "provider": "text",
    "held_since": "timestamptz",
    "sentence": "text",
    "sentence_started_on": "date",
    "expected_end_on": "date",
    "ended_on": "date",
    "rosh": "text",
    "rosh_due_on": "date",
    "last_contact_at": "timestamptz",
    "last_seen_at": "timestamptz",
    "offered_to_team": "text",
    "offered_to_provider": "text",
    "offered_at": "timestamptz",
    "offer_reason": "text",
    "upw_hours": "int4",
    "upw_credited": "int4",
    "upw_instructed": "bool",
    "upw_due_on": "date",
    "upw_due": "text",
    "phase": "text",
    "plan_completed_on": "date",
    "plan_due_on": "date",
    "commenced_on": "date",
    "alerts": "text",
    "high_since": "date",
    "risk_due_on": "date",
    "risk_due": "text",
    "points": "int4",
    "only_unpaid_work": "bool",
}


_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that no accent was put on, so that taking accents away leaves them as they are."""


def folded(word: str) -> str:
    """A word as names are compared: without accents, case, apostrophes or hyphens, so that O’Neill is oneill and Ŵyn is wyn."""
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_PLAIN)
    return "".join(c for c in plain if c.isalnum())


def sort_name(name: str) -> str:
    """The name as every machine orders and searches it: family name first, each word folded."""
    *given, family = [plain for word in name.split() if (plain := folded(word))] or [""]
    return " ".join([family, *given])


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    opened = story.opened
    if opened is None:
        return
    holder = story.holders[-1] if story.holders else None
    sentences = _sentences(story)
    running = [(kind, began, until) for kind, began, until, ended in sentences if ended is None]
    main = (running or [(kind, began, until) for kind, began, until, _ in sentences] or [("", None, None)])[-1]
    ended_on = None if running or not sentences else max(ended for *_, ended in sentences if ended is not None)
    rosh, phase = story.once(at_present.latest_rosh), story.once(at_present.phase)
    offer, person = _open_offer(story), details(story)
    last, seen = story.once(at_present.last_contacts, policy)
    yield (
        opened.crn,
        opened.name,
        sort_name(opened.name),
        opened.born,
        opened.sex.value,
        person.language if person else "",
        person.interpreter if person else "",
        holder.practitioner if holder else "",
        holder.team if holder else "",
        holder.provider if holder else "",
        holder.since if holder else None,
        *main,
        ended_on,
        rosh.level.value if rosh else "",
        rosh.review_due_on if rosh else None,
        last,
        seen,
        offer[0].to_team if offer else "",
        offer[0].to_provider if offer else "",
        offer[1] if offer else None,
        offer[0].reason.value if offer else "",
        *_unpaid_work(story, policy),
        phase,
        *_plan(story, policy),
        story.once(at_present.commenced_on),
        *_risk(story, policy, ended_on),
        weigh(phase, rosh.level.value if rosh else "", policy.workload).points if ended_on is None else 0,
        _only_unpaid_work(story),
    )


def _sentences(story: Story) -> list[tuple[str, date | None, date | None, date | None]]:
    """Kind, start, expected end of the present phase, and end of each sentence, in the order in which they began to be recorded."""
    found: list[tuple[str, date | None, date | None, date | None]] = []
    for s in story.of(SentenceStarted):
        now, began = story.stages[s.number][-1], local_day(s.reads.occurred_at)
        ended_on = local_day(now.since) if now.phase is Phase.ENDED else None
        found.append((s.reads.kind.value, began, now.ends_on, ended_on))
    return found


def _plan(story: Story, policy: Policy) -> tuple[date | None, date | None]:
    clock = story.once(plans.clock, policy)
    return clock.completed_on, clock.review_due_on if clock.completed else clock.due_on


def _open_offer(story: Story) -> tuple[TransferRequested, datetime] | None:
    """The request that nobody has answered yet. There is one at a time, so it is the last, with no answer after it."""
    asked = story.of(TransferRequested)
    answers = (story.of(TransferAccepted), story.of(TransferRejected), story.of(TransferWithdrawn))
    if not asked or any(answer and answer[-1].number > asked[-1].number for answer in answers):
        return None
    return asked[-1].reads, asked[-1].recorded.recorded_at


def _unpaid_work(story: Story, policy: Policy) -> tuple[int, int, bool, date | None, str]:
    """Hours ordered, minutes credited, whether the person was ever instructed, and what is due the soonest."""
    states = works(story)
    due = min((d for state in states for d in pressing(state, policy)), key=lambda d: d.on, default=None)
    instructed = any(state.instructions for state in states)
    hours, credited = sum(state.hours for state in states), sum(state.credited for state in states)
    return hours, credited, instructed, due.on if due else None, due.what if due else ""


def _only_unpaid_work(story: Story) -> bool:
    """Whether everything that was ever ordered is unpaid work."""
    imposed = story.of(RequirementImposed)
    return bool(imposed) and all(s.reads.kind is RequirementKind.UNPAID_WORK for s in imposed)


def _risk(story: Story, policy: Policy, ended_on: date | None) -> tuple[str, date | None, date | None, str]:
    """The alerts, how long RoSH has been high, and what is due about the risk the soonest."""
    seen = story.once(risk.picture, policy)
    due = next(iter(dues(seen, policy, ended=ended_on is not None)), None)
    alerts = "; ".join(r.words for r in seen.standing if r.alerts)
    return alerts, seen.high_since, due.due_on if due else None, due.what if due else ""
