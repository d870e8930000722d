"""The person as they stand in the record: language, interpreter and needs, said at the opening or later; the latest counts."""

from datetime import datetime

import msgspec

from domain.person import PersonDetailsRecorded
from projections.story import Story


class Details(msgspec.Struct, frozen=True):
    """What the person said of themselves last, and in which entry."""

    number: int
    said_at: datetime
    language: str
    interpreter: str
    needs: str
    pronouns: str


def details(story: Story) -> Details | None:
    """None when nothing was said: an opening of another stream, or none at all."""
    recorded = max(story.of(PersonDetailsRecorded), key=lambda s: (s.reads.occurred_at, s.number), default=None)
    if recorded is not None:
        said = recorded.reads
        return Details(recorded.number, said.occurred_at, said.language, said.interpreter, said.needs, said.pronouns)
    opened = story.opened
    return Details(1, opened.occurred_at, opened.language, "", opened.needs, "") if opened is not None else None
