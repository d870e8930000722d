"""An inspection of a few cases that is ready to be taken away: announced, framed, drawn, entered in afterwards, stated and witnessed."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from flask import Flask, g

from domain.inspection import Inspection, announce_inspection, commit_nonce, commitment_to, draw_sample, fix_frame, inspection_id
from domain.specification import Specification
from domain.working_days import local_day
from store import checkpoints, notes, tree, verify
from store.database import as_service
from store.notes import COSIGNATURE, Signer, make_signer
from store.record import Record
from store.verify import Trust
from tests.scenario import Scenario
from web import bundling
from web.bundling import Stated
from web.pages.bundle import stating
from web.session import OUTSIDERS

LOG = make_signer("log.invalid/1", seed=bytes(range(32)))
WITNESS = make_signer("witness.invalid/1", COSIGNATURE, seed=bytes(range(1, 33)))
REFERENCE = "INS-2026-001"
LEAD = "HMI0001"
NONCE = "0f" * 32
Bundle = dict[str, bytes]

TRUST = Trust(verify.read_key(LOG.verifier.vkey, 1), (verify.read_key(WITNESS.verifier.vkey, 4),), 1)


class Inspected(NamedTuple):
    """A record with an inspection in it, and what is done to it next."""

    record: Record
    dsn: str
    app: Flask

    def signs(self, *, witness: Signer | None = WITNESS) -> checkpoints.Checkpoint:
        """The scheduler's minute: a checkpoint, and the signature of a witness under it."""
        with psycopg.connect(as_service(self.dsn), autocommit=True) as conn:
            made = checkpoints.make(conn, LOG, anyway=True)
            assert made is not None
            if witness is not None:
                line = witness.cosign(notes.read_note(made.note)[0], int(made.made_at.timestamp())).line
                conn.execute("select record.keep_cosignature(%s, %s, %s)", (made.number, witness.verifier.vkey, line))
            return made

    def states(self, by: str = LEAD) -> None:
        with self.asking(by):
            self.record.change_all([stating(REFERENCE)], uuid4())

    @contextmanager
    def asking(self, by: str = LEAD) -> Iterator[None]:
        """A request of somebody who is signed in."""
        with self.app.test_request_context():
            g.person = next(person for person in OUTSIDERS if person.code == by)
            yield

    def bundle(self, by: str = LEAD, *, texts: bool = False) -> Bundle:
        with self.asking(by):
            past, under = bundling.statement(REFERENCE)
            assert under is not None
            return dict(bundling.files(Stated(REFERENCE, past, under), texts=texts))


def inspected(record: Record, dsn: str, app: Flask, *, cases: int = 4) -> Inspected:
    """So many cases, all drawn; the announcement is witnessed, and afterwards one visit of a day before it is recorded."""
    told = Inspected(record, dsn, app)
    scenario = Scenario(record).staff()
    for number in range(1, cases + 1):
        crn = f"X{number:06}"
        scenario.case(crn, f"Bethan Example {number}")
        scenario.visit(crn, note=f"Spoke of the flat, {number}.")

    def do(command: Callable[..., Any], **details: Any) -> None:
        record.change(Inspection, inspection_id(REFERENCE), command, uuid4(), now=scenario.now, by=LEAD, **details)

    do(announce_inspection, reference=REFERENCE, provider="C10", title="Wales CRC, autumn")
    do(commit_nonce, commitment=commitment_to(bytes.fromhex(NONCE)))
    told.signs()
    with psycopg.connect(as_service(dsn), autocommit=True) as conn:
        head = tree.size(conn)
        root = tree.root(conn, head).hex()
    today = local_day(scenario.now)
    window = Specification(provider="C10", began_from=today - timedelta(days=400), began_to=today)
    crns = tuple(f"X{number:06}" for number in range(1, cases + 1))
    strata = {"female, community, RoSH medium": crns[: cases // 2], "male, community, RoSH medium": crns[cases // 2 :]}
    do(fix_frame, specification=window, strata=strata, left_out={}, known_at=head, ledger_root=root, counted=len(crns))
    do(draw_sample, nonce=NONCE, confidence=0.99, margin=0.01)
    scenario.visit("X000001", days_ago=20, note="Written up later.")
    app.extensions["throughline"].read_side.catch_up()
    told.states()
    told.signs()
    return told


# ---- What a forger does ----------------------------------------------------------------------------------------------


def listed(bundle: Mapping[str, bytes]) -> Bundle:
    """The bundle with a manifest that lists its files as they are now: a forger can make that too."""
    manifest = json.loads(bundle["MANIFEST.json"])
    files = {name: data for name, data in bundle.items() if name != "MANIFEST.json"}
    manifest["files"] = {name: {"bytes": len(data), "sha256": sha256(data).hexdigest()} for name, data in files.items()}
    return {**files, "MANIFEST.json": verify.manifest_text(manifest)}


def lines_of(bundle: Mapping[str, bytes], name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in bundle[name].splitlines()]


def with_lines(bundle: Mapping[str, bytes], name: str, lines: list[dict[str, Any]]) -> Bundle:
    return listed({**bundle, name: b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)})


def faults(bundle: Mapping[str, bytes], trust: Trust = TRUST) -> list[str]:
    return verify.check(bundle, trust).faults


def entries_of(crn: str) -> str:
    return f"cases/{crn}/entries.ndjson"
