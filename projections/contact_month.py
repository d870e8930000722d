"""What each measure says of a case's contacts, counted by month and by who held the case at the time: one row for all measures."""

from collections.abc import Callable, Iterator
from datetime import date

from domain.policy import Policy
from projections import continuity, purposeful, recording
from projections.finding import Verdict
from projections.story import Story

TABLE = "contact_month"
COUNTED: dict[str, Callable[[Story, Policy], list[Verdict]]] = {
    "continuity": continuity.verdicts,
    "purposeful": purposeful.verdicts,
    "recording": recording.verdicts,
}
"""The measures of contacts, each by the word that its columns and its part of the policy begin with."""

ANSWERS = {Verdict.YES: "yes", Verdict.NO: "no", Verdict.NOT_EVIDENCED: "not_evidenced", Verdict.LEFT_OUT: "left_out"}
COLUMNS = {
    "stream_id": "uuid",
    "month": "date",
    "practitioner": "text",
    "team": "text",
    "provider": "text",
    **{f"{measure}_{answer}": "int4" for measure in COUNTED for answer in ANSWERS.values()},
}
"""What a figure for any officer, team, provider and period is the sum of."""

_PLACE = [{verdict: i * len(ANSWERS) + j for j, verdict in enumerate(ANSWERS)} for i, _ in enumerate(COUNTED)]
_WIDTH = len(COUNTED) * len(ANSWERS)


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    judged = [story.once(verdicts, policy) for verdicts in COUNTED.values()]
    counts: dict[tuple[int, int, str, str, str], list[int]] = {}
    for contact, *verdicts in zip(story.contacts, *judged, strict=True):
        holder, day = contact.holder, contact.day
        held = ("", "", "") if holder is None else (holder.practitioner, holder.team, holder.provider)
        key = (day.year, day.month, *held)
        count = counts.get(key)
        if count is None:
            count = counts[key] = [0] * _WIDTH
        for place, verdict in zip(_PLACE, verdicts, strict=True):
            count[place[verdict]] += 1
    for (year, month, *held_by), count in sorted(counts.items()):
        yield date(year, month, 1), *held_by, *count
