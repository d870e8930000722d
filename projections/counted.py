"""What each measure counts in a case, as rows: contacts by month and holder, all measures in one row, and findings that last."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from struct import Struct

from domain.policy import Policy
from projections.finding import Verdict
from projections.lasting import Lasting
from projections.measure import Measure
from projections.measures import MEASURES
from projections.story import Story
from projections.totals import Total

ANSWERS = {Verdict.YES: "yes", Verdict.NO: "no", Verdict.NOT_EVIDENCED: "not_evidenced", Verdict.LEFT_OUT: "left_out"}
_OF_CONTACTS = [(m.column, m.verdicts) for m in MEASURES.values() if m.verdicts]
_OF_LASTING = [(m.name, m.lasting) for m in MEASURES.values() if m.lasting]
_PLACE = [{verdict: i * len(ANSWERS) + j for j, verdict in enumerate(ANSWERS)} for i, _ in enumerate(_OF_CONTACTS)]
_WIDTH = len(_OF_CONTACTS) * len(ANSWERS)

HELD = {"practitioner": "text", "team": "text", "provider": "text"}
CONTACT_TABLE, LASTING_TABLE = "contact_month", "lasting"
CONTACT_COLUMNS = {
    "stream_id": "uuid",
    "month": "date",
    **HELD,
    **{f"{column}_{answer}": "int4" for column, _ in _OF_CONTACTS for answer in ANSWERS.values()},
}
"""What a figure of contacts for any officer, team, provider and period is the sum of."""


def table(measure: Measure) -> str:
    """The table that a measure's counts stand in."""
    return CONTACT_TABLE if measure.verdicts else LASTING_TABLE


def contact_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    judged = [story.once(verdicts, policy) for _, verdicts in _OF_CONTACTS]
    counts: dict[tuple[int, int, str, str, str], int] = {}
    for contact, verdicts in zip(story.contacts, zip(*judged, strict=True), strict=True):
        holder, day = contact.holder, contact.day
        held = ("", "", "") if holder is None else (holder.practitioner, holder.team, holder.provider)
        key = (day.year, day.month, *held)
        counts[key] = counts.get(key, 0) + _in_one(verdicts)
    for (year, month, *held_by), count in sorted(counts.items()):
        yield date(year, month, 1), *held_by, *_COUNTS.unpack(count.to_bytes(_COUNTS.size, "little"))


_COUNTS = Struct(f"<{_WIDTH}I")
"""All counts of a month as one number: 32 bits for each answer to each measure. Counting a contact is then one addition."""


@lru_cache(maxsize=65_536)
def _in_one(verdicts: tuple[Verdict, ...]) -> int:
    """A one for the answer to each measure. Few contacts are answered differently, so it is kept."""
    return sum(1 << 32 * place[verdict] for place, verdict in zip(_PLACE, verdicts, strict=True))


LASTING_COLUMNS = {
    "stream_id": "uuid",
    "measure": "text",
    "since": "date",
    "until": "date",
    "monthly": "bool",
    "turns_on": "date",
    **HELD,
    **{answer: "int4" for answer in ANSWERS.values()},
}
"""Findings that last, those that say the same put together: `since`, `until`, `monthly` and `turns_on` as in `Lasting`."""


def _summed(columns: Iterable[str]) -> str:
    return ", ".join(f"sum(sign * {column})::int8 as {column}" for column in columns)


_PLACE_KEYS = {"team": "text", "provider": "text"}
_CONTACT_COUNTS = tuple(CONTACT_COLUMNS)[2 + len(HELD) :]
CONTACT_TOTAL = Total(
    "contact_total",
    {"month": "date", **_PLACE_KEYS},
    _CONTACT_COUNTS,
    f"select month, team, provider, {_summed(_CONTACT_COUNTS)} from {{rows}} r group by month, team, provider",
    ("(provider, month)",),
)
_LASTING_KEYS = {"measure": "text", "month": "date", "monthly": "bool", "turns_on": "date", **_PLACE_KEYS}
LASTING_TOTAL = Total(
    "lasting_total",
    _LASTING_KEYS,
    tuple(ANSWERS.values()),
    f"""
    select {", ".join(_LASTING_KEYS)}, {_summed(ANSWERS.values())} from (
        select measure, since as month, monthly, turns_on, team, provider, {", ".join(ANSWERS.values())}, sign from {{rows}} r
        union all
        select measure, until, monthly, turns_on, team, provider, {", ".join(ANSWERS.values())}, -sign from {{rows}} r
        where monthly and until is not null
    ) changes group by {", ".join(_LASTING_KEYS)}""",
    ("(measure, provider)",),
)
"""Of months that go on, a total says only where they begin (counted) and end (taken off again): two rows tell of any number of months."""


def lasting_rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    for name, lasting in _OF_LASTING:
        counts: dict[tuple[object, ...], list[int]] = {}
        for since, until, one in _joined(lasting(story, policy)):
            holder = one.holder
            held = ("", "", "") if holder is None else (holder.practitioner, holder.team, holder.provider)
            place = since, until, one.monthly, one.turns_on, *held
            count = counts.get(place)
            if count is None:
                count = counts[place] = [0] * len(ANSWERS)
            count[_PLACE_OF[one.verdict]] += 1
        for key, count in counts.items():
            yield name, *key, *count


_PLACE_OF = {verdict: i for i, verdict in enumerate(ANSWERS)}


def _joined(lasting: Iterable[Lasting]) -> list[tuple[date, date | None, Lasting]]:
    """From when and until when, with what is said. Months that follow one another and say the same for the same holder are one that
    ends with the last of them: a year of them is one row and not twelve."""
    found: list[tuple[date, date | None, Lasting]] = []
    for one in lasting:
        since = one.since
        if found and _goes_on(found[-1][2], one):
            since = found.pop()[0]
        found.append((since, one.until, one))
    return found


def _goes_on(last: Lasting, one: Lasting) -> bool:
    same = last.verdict is one.verdict and last.holder is one.holder and last.turns_on == one.turns_on
    return same and last.monthly and one.monthly and last.until == one.since
