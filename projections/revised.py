"""What was put into a case beside the record of work: corrections, withdrawals, and other entries about an earlier day."""

from collections.abc import Iterator
from typing import NamedTuple

from domain.entry import EntryCorrected, EntryWithdrawn
from domain.event import Event
from domain.policy import Policy
from domain.words import said
from domain.working_days import local_day
from projections.recorded import KINDS, array
from projections.story import Story

ENTERED, CORRECTED, WITHDRAWN = said("entered"), said("corrected"), said("withdrawn")
ACTS = (ENTERED, CORRECTED, WITHDRAWN)
"""What can be done to the record of a day that is past. Rows keep them as plain text; a page says them in the reader's language."""
OTHER = said("another entry")
"""An entry of none of the kinds that say that something was done: of the sentence, the plan, who holds the case, and so on."""

TABLE = "revised"
COLUMNS = {
    "stream_id": "uuid",
    "team": "text",
    "provider": "text",
    "kind": "text",
    "act": "text",
    "numbers": "text",
    "recorded_on": "text",
    "delays": "text",
}
"""As in `recorded`: the entries of one kind while one team held the case, the last three as arrays. An entry that corrects or withdraws
another has the kind, the day and the team of that other one. Imported entries are left out;
a correction that was made here of one that was imported is not."""


class Revised(NamedTuple):
    number: int
    kind: str
    act: str
    about: Event
    """What it is about, as that was recorded first."""


def revisions(story: Story) -> Iterator[Revised]:
    """Each correction and withdrawal, and each entry of another kind."""
    for standing in story.standing:
        event = standing.recorded.event
        if isinstance(event, EntryCorrected | EntryWithdrawn):
            about = story.standing[event.entry - 1].recorded.event
            act = CORRECTED if isinstance(event, EntryCorrected) else WITHDRAWN
            yield Revised(standing.number, KINDS.get(type(about), OTHER), act, about)
        elif type(event) not in KINDS:
            yield Revised(standing.number, OTHER, ENTERED, event)


def rows(story: Story, policy: Policy) -> Iterator[tuple[object, ...]]:
    """Those that were recorded on a later day than they are about: the others change nothing of the past."""
    found: dict[tuple[str, str, str, str], tuple[list[int], list[str], list[int]]] = {}
    for one in revisions(story):
        recorded = story.standing[one.number - 1].recorded
        on = local_day(recorded.recorded_at)
        delay = (on - local_day(one.about.occurred_at)).days
        if delay < 1 or recorded.event.imported is not None:
            continue
        holder = story.holder_at(one.about.occurred_at)
        team, provider = (holder.team, holder.provider) if holder else ("", "")
        numbers, days, delays = found.setdefault((team, provider, one.kind, one.act), ([], [], []))
        numbers.append(one.number)
        days.append(str(on))
        delays.append(delay)
    for key, (numbers, days, delays) in found.items():
        yield *key, array(numbers), array(days), array(delays)
