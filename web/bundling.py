"""A bundle of an inspection, file by file: what proves something comes from `store/bundles.py`, what explains it is made here.

Which cases are opened in it is asked of `decide()`, case by case, for whoever takes it away. Of the others only hashes are in it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid5

import msgspec
from eventsourcing.persistence import MapperDeserialisationError
from flask import render_template

from domain import policies
from domain.access import HIDDEN, Action, decide
from domain.bundle import HeadsStated
from domain.case import CaseOpened, case_id
from domain.event import NAMESPACE, Event, Recorded, take_texts
from domain.fieldwork import InspectionPublished
from domain.inspection import FrameFixed, InspectionAnnounced, SampleDrawn, inspection_id
from domain.working_days import local_day
from projections import caseload
from projections.measures import MEASURES
from projections.story import Story
from projections.timeline import Entry
from store import bundles, checkpoints, merkle, reads, tree, verify
from store.bundles import Signed
from store.sealing import SealBroken
from web import history
from web.reach import resource_of
from web.service import hidden, me, names, reading, service

VERIFIER = Path(verify.__file__)
UNREADABLE = "unreadable.txt"
"""What stands in the place of the words of a case that cannot be read."""
File = tuple[str, bytes]
_json = partial(msgspec.json.encode, enc_hook=str)  # words that remember what they were put together from are plain text


class Stated(msgspec.Struct, frozen=True):
    """A statement of how far the cases had come: the inspection up to it, and the checkpoint that covers it."""

    reference: str
    history: Sequence[Recorded]
    under: Signed

    @property
    def last(self) -> Recorded:
        return self.history[-1]

    @property
    def heads(self) -> HeadsStated:
        assert isinstance(self.last.event, HeadsStated)
        return self.last.event


class Case(msgspec.Struct, frozen=True):
    """A case of a bundle: its entries, and how many of them were recorded after the announcement. `because` is the rule by which whoever
    takes it away may see it, nothing when they may not; `erased` when nobody can read its texts any more."""

    crn: str
    stream: UUID
    entries: int
    since: int
    because: str
    erased: bool

    @property
    def open(self) -> bool:
        return bool(self.because)

    @property
    def folder(self) -> str:
        return f"cases/{quote(self.crn, safe='')}"


def statement(reference: str) -> tuple[Sequence[Recorded], Signed | None]:
    """The inspection up to the last statement, nothing before the first one; and the checkpoint that covers it, once there is one."""
    told = service().record.history(inspection_id(reference))
    last = next((r.version for r in reversed(told) if isinstance(r.event, HeadsStated)), 0)
    if not last:
        return (), None
    with reading() as conn:
        return told[:last], bundles.newest(conn, told[last - 1].position)


def files(about: Stated, *, texts: bool) -> Iterator[File]:
    """Every file of the bundle, one at a time, and the manifest last, because it lists the others. With `texts`, what was written in the
    cases that are opened, sensitive notes left out."""
    sums = {}
    for name, data in _files(about, texts):
        sums[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        yield name, data
    origin = about.under.note.partition("\n")[0]
    manifest = {"format": verify.FORMAT, "origin": origin, "size": about.under.size, "reference": about.reference}
    yield "MANIFEST.json", verify.manifest_text({**manifest, "not_proved": list(verify.NOT_PROVED), "files": sums})


def _files(about: Stated, texts: bool) -> Iterator[File]:
    nodes = tree.tiled(service().record.pool.connection, about.under.size)
    yield "verify.py", VERIFIER.read_bytes()
    yield from _log(about, nodes)
    yield from ((f"policy/{name}.toml", policies.policy_text(name).encode()) for name in policies.versions())
    cases, unreadable = [], set()
    for crn in sorted(about.heads.heads):
        case = _case(about, crn)
        cases.append(case)
        for name, data in _of_case(about, case, nodes, texts):
            if name == f"{case.folder}/{UNREADABLE}":
                unreadable.add(crn)
            yield name, data
    opened = {case.crn for case in cases if case.open}
    for name, came in sorted(about.heads.streams.items()):
        stream, withheld = uuid5(NAMESPACE, name), not may_read(name, opened, about.history)
        read = bundles.entries(service().record.pool.connection, stream, came.version, about.under.size, nodes, withheld=withheld)
        yield f"streams/{quote(name, safe='')}/{'withheld' if withheld else 'entries'}.ndjson", b"".join(read)
    yield "erasures.json", _json([{"case": case.crn, "entries": case.entries} for case in cases if case.erased])
    yield "about.json", _json(_made(about, texts))
    asked = {"command": command(about.reference), "not_proved": verify.NOT_PROVED}
    told = {"cases": cases, "unreadable": unreadable, "events": _by_kind(about)}
    yield "report.html", render_template("bundle/report.html", about=about, **told, **asked).encode()


def may_read(name: str, opened: Set[str], past: Sequence[Recorded]) -> bool:
    """Whether a stream of what was found is opened. One of a case needs the case to be; and before the inspection is published, a reader's
    assessment is for that reader only, because a second reader who could see it would not be a second reader."""
    kind, *of = name.split(":")
    published = any(isinstance(recorded.event, InspectionPublished) for recorded in past)
    return bool(opened) and (len(of) < 2 or of[1] in opened) and (kind != "assessment" or published or of[-1] == me().code)


def command(reference: str, log_key: str = "…") -> str:
    """What to type to check a bundle. The key of a witness is for whoever checks to know."""
    return f"python3 verify.py {reference}.zip --log-key {log_key} --witness-key …"


def _by_kind(about: Stated) -> Mapping[str, Recorded]:
    kinds: tuple[type[Event], ...] = (InspectionAnnounced, FrameFixed, SampleDrawn)
    return {kind.__name__: recorded for recorded in about.history for kind in kinds if isinstance(recorded.event, kind)}


def _log(about: Stated, nodes: merkle.Nodes) -> Iterator[File]:
    """The checkpoints, the entries of the inspection, and its frame and draw."""
    record, told = service().record, _by_kind(about)
    with reading() as conn:
        found = bundles.chain(conn, about.under, [recorded.position for recorded in told.values()], nodes)
    yield "checkpoint.txt", about.under.note.encode()
    for one in found.signed[:-1]:
        yield f"checkpoints/{one.number:09}.txt", one.note.encode()
    yield "checkpoints/consistency.json", _json(found.proofs)
    lines = bundles.entries(record.pool.connection, inspection_id(about.reference), about.last.version, about.under.size, nodes)
    yield "inspection/entries.ndjson", b"".join(lines)
    frame, sample = told[FrameFixed.__name__].event, told[SampleDrawn.__name__].event
    assert isinstance(frame, FrameFixed)
    yield "frame.json", _json({"frame": frame, "sample": sample, "proof": bundles.leads_to(frame.known_at, about.under, nodes)})


def _case(about: Stated, crn: str) -> Case:
    stream, reached, announced = case_id(crn), about.heads.heads[crn], about.history[0].position
    with reading() as conn:
        row = caseload.case(conn, crn)
        since = bundles.recorded_after(conn, stream, announced, reached.version)
    answer = decide(me().subject, Action.SEE_CASE, resource_of(row)) if row is not None and stream not in hidden() else HIDDEN
    because = answer.because if answer.allowed else ""
    return Case(crn, stream, reached.version, since, because, bool(because) and _is_erased(stream))


def _is_erased(stream: UUID) -> bool:
    """Whether the key of the person is destroyed; not of a case whose first entry cannot be read, which is named where it is told."""
    record = service().record
    try:
        opened = record.entries([(stream, 1)])[stream, 1].event
    except (MapperDeserialisationError, SealBroken):
        return False
    return isinstance(opened, CaseOpened) and record.keyring.find(opened.person_id) is None


def _of_case(about: Stated, case: Case, nodes: merkle.Nodes, texts: bool) -> Iterator[File]:
    """The entries as they are stored, with their proofs; and, of a case that is opened, what the service makes of them."""
    record = service().record
    read = bundles.entries(record.pool.connection, case.stream, case.entries, about.under.size, nodes, withheld=not case.open)
    lines = [*read]
    if not case.open:
        yield f"{case.folder}/withheld.ndjson", b"".join(lines)
        return
    with reading() as conn:
        what = reads.BUNDLE_TEXTS if texts else reads.BUNDLE
        reads.note(conn, stream_id=case.stream, staff=me().code, what=what, because=case.because)
    yield f"{case.folder}/entries.ndjson", b"".join(lines)
    yield f"{case.folder}/head.tlog-proof", bundles.tlog_proof(lines[-1], about.under.note)
    try:
        yield from [*_told(about, case, texts)]
    except Exception as e:  # one history that no rule foresaw must not cut off the cases after it; it is named
        why = e if isinstance(e, MapperDeserialisationError | SealBroken) else type(e).__name__  # what else it says may be of the texts
        yield f"{case.folder}/{UNREADABLE}", f"This case cannot be told: {why}\n".encode()


def _told(about: Stated, case: Case, texts: bool) -> Iterator[File]:
    """A case in words: its history, what each measure finds in it and, if they are wanted, the texts that were written. What was marked as
    sensitive since it was stated how far the case had come is covered as well."""
    policy, whole = service().policy, service().record.history(case.stream, texts=texts)
    past, today = whole[: case.entries], local_day(about.last.recorded_at)
    story = Story(past, Story(whole))
    found = {name: measure.findings(story, policy, today) for name, measure in MEASURES.items()}
    yield f"{case.folder}/findings.json", _json({"policy": policy.version, "as on": today, "measures": found})
    entries = history.entries(story, policy, names())
    if texts:
        yield f"{case.folder}/texts.json", _json(_texts(past, entries))
    announced = about.history[0].position
    page = render_template("bundle/case.html", about=about, case=case, entries=entries, announced=announced, texts=texts, named=names())
    yield f"{case.folder}/history.html", page.encode()


def _texts(past: Sequence[Recorded], entries: Sequence[Entry]) -> dict[int, dict[str, str]]:
    """What was written, by the number of the entry and the name of the field; nothing of sensitive entries."""
    written = {recorded.version: take_texts(recorded.event)[1] for recorded, told in zip(past, entries, strict=True) if not told.sensitive}
    return {number: texts for number, texts in written.items() if texts}


def _made(about: Stated, texts: bool) -> dict[str, object]:
    """How the bundle was made, and what the service says of its checkpoints. None of it is proved."""
    with reading() as conn:
        waits = checkpoints.waits(conn, about.history[0].recorded_at)
    longest = waits.longest.total_seconds() if waits.longest is not None else None
    return {
        "stated at": about.last.recorded_at,
        "stated by": about.last.event.by,
        "for": me().code,
        "role": me().role,
        "with texts": texts,
        "software": version("throughline"),
        "policy": service().policy.version,
        "synthetic": service().record.is_synthetic(),
        "checkpoints since the announcement": waits.made,
        "longest wait of an entry for its checkpoint, seconds": longest,
    }
