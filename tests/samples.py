"""Events as past releases stored them, from `tests/stored`."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from domain.event import Event, put_texts
from store.codec import decode_event

STORED = Path(__file__).parent / "stored"


class Sample(NamedTuple):
    """An event as a release stored it: the clear body, and the personal texts that lay sealed beside it."""

    topic: str
    sample: str
    body: dict[str, Any]
    texts: dict[str, str]

    @property
    def event(self) -> Event:
        return put_texts(decode_event(json.dumps(self.body)), self.texts)


@cache
def samples() -> list[Sample]:
    """Every sample there is, by topic."""
    return [Sample(file.stem, **stored) for file in sorted(STORED.glob("*.json")) for stored in json.loads(file.read_text("utf-8"))]
