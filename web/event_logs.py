"""Event logs as files that process mining reads: OCEL 2.0 (JSON) and XES (IEEE 1849), each written while the histories are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from xml.sax.saxutils import quoteattr

import msgspec

from projections.event_log import Happening, Value, kinds

Cases = Iterable[tuple[str, Sequence[Happening] | None]]
"""By reference; None of a case that cannot be read, which is named as unreadable."""
Called = Callable[[str, str], str]
"""Gives what stands for a case, an officer, a team or a provider: a pseudonym or, where that is allowed, its reference or code."""
_encode = msgspec.json.encode
OBJECTS = ("case", "officer", "team", "provider")
UNREADABLE = {"name": "unreadable", "type": "boolean"}
"""What a case says that cannot be read, and no other."""
FOR_EVER = "1970-01-01T00:00:00Z"
"""The time from which OCEL has values that never change."""


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _values(happening: Happening) -> dict[str, Value]:
    own: dict[str, Value] = {"number": happening.number, "recorded": _time(happening.recorded_at)}
    return {**own, "corrected": happening.corrected, "withdrawn": happening.withdrawn, **happening.says}


def _related(happening: Happening, called: Called) -> list[tuple[str, str, str]]:
    """Kind, name and part of everything that an entry has to do with."""
    holder = happening.holder
    named = [
        ("case", happening.case, "of"),
        ("officer", happening.worker, "by"),
        ("officer", holder.practitioner if holder else "", "held by"),
        ("team", holder.team if holder else "", "with"),
        ("provider", holder.provider if holder else "", "with"),
    ]
    return [(kind, called(kind, code), part) for kind, code, part in named if code]


def ocel(cases: Cases, called: Called) -> Iterator[bytes]:
    """An object-centric event log: cases, officers, teams and providers are its objects."""
    types = [{"name": kind, "attributes": [{"name": n, "type": t} for n, t in has.items()]} for kind, has in kinds().items()]
    objects_of = [{"name": kind, "attributes": [UNREADABLE] if kind == "case" else []} for kind in OBJECTS]
    yield b'{"eventTypes":' + _encode(types) + b',"objectTypes":' + _encode(objects_of) + b',"events":[\n'
    objects: dict[str, str] = {}
    unread: list[str] = []
    between = b""
    for happening in chain.from_iterable(readable(cases, unread)):
        related = _related(happening, called)
        objects |= {name: kind for kind, name, _ in related}
        event = {
            "id": f"{related[0][1]}/{happening.number}",
            "type": happening.kind,
            "time": _time(happening.at),
            "attributes": [{"name": name, "value": value} for name, value in _values(happening).items()],
            "relationships": [{"objectId": name, "qualifier": part} for _, name, part in related],
        }
        yield between + _encode(event)
        between = b",\n"
    yield b'\n],"objects":[\n'
    told = [_object(name, kind) for name, kind in objects.items()]
    says = {"name": UNREADABLE["name"], "time": FOR_EVER, "value": True}
    yield b",\n".join(map(_encode, [*told, *(_object(called("case", crn), "case", says) for crn in unread)]))
    yield b"\n]}\n"


def readable(cases: Cases, unread: list[str]) -> Iterator[Sequence[Happening]]:
    """The cases that can be read; the references of the others are put among the unread."""
    for crn, case in cases:
        if case is None:
            unread.append(crn)
        else:
            yield case


def _object(name: str, kind: str, *says: Mapping[str, object]) -> dict[str, object]:
    return {"id": name, "type": kind, "attributes": says, "relationships": []}


_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)


def xes(cases: Cases, called: Called) -> Iterator[bytes]:
    """An event log with a trace for each case; the resource of an event is whoever did it."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">']
    lines += [f"<extension name={quoteattr(name)} prefix={quoteattr(prefix)} uri={quoteattr(uri)}/>" for name, prefix, uri in _EXTENSIONS]
    lines += ['<classifier name="Activity" keys="concept:name"/>', '<classifier name="Resource" keys="org:resource"/>']
    yield "\n".join(lines).encode() + b"\n"
    for crn, case in cases:
        yield f"<trace>{_attribute('concept:name', called('case', crn))}".encode()
        yield _attribute(f"throughline:{UNREADABLE['name']}", True).encode() if case is None else b""
        yield b"\n" + "".join(_event(happening, called) for happening in case or ()).encode()
        yield b"</trace>\n"
    yield b"</log>\n"


def _event(happening: Happening, called: Called) -> str:
    own: Mapping[str, Value | datetime] = {
        "concept:name": happening.kind,
        "time:timestamp": happening.at,
        **({"org:resource": called("officer", happening.worker)} if happening.worker else {}),
        **{f"throughline:{name}": value for name, value in _values(happening).items() if name != "recorded"},
        "throughline:recorded": happening.recorded_at,
    }
    return f"<event>{''.join(_attribute(key, value) for key, value in own.items())}</event>\n"


def _attribute(key: str, value: Value | datetime) -> str:
    if isinstance(value, bool):
        return f"<boolean key={quoteattr(key)} value={quoteattr(str(value).lower())}/>"
    if isinstance(value, int):
        return f'<int key={quoteattr(key)} value="{value}"/>'
    if isinstance(value, datetime):
        return f"<date key={quoteattr(key)} value={quoteattr(_time(value))}/>"
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"
