"""Taking an inspection of 150 cases away and checking it offline, as an inspector does: the verifier in a process of its own."""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import psycopg
from flask import g

from bench.results import Line
from bench.stage import Stage
from domain.inspection import Inspection, announce_inspection, commit_nonce, commitment_to, draw_sample, fix_frame, inspection_id
from domain.specification import Specification
from domain.working_days import local_day
from store import checkpoints, notes, tree, verify
from store.database import as_service
from store.notes import COSIGNATURE, make_signer
from web import bundling
from web.bundling import Stated
from web.pages.bundle import stating
from web.session import OUTSIDERS
from web.zipping import zipped

CASES = 150
SECONDS = 30
NONCE = bytes(32)
KEY = make_signer("bench.invalid/1", seed=bytes(32))
WITNESS = make_signer("witness.invalid/1", COSIGNATURE, seed=bytes(32))
INSPECTOR = next(person for person in OUTSIDERS if person.code.startswith("HMI"))


def run(stage: Stage) -> list[Line]:
    app, loaded = stage.live, stage.loaded
    reference = f"INS-2026-{int(perf_counter() * 1000) % 900_000 + 1000:06}"
    with loaded.read_side.reading() as rows:
        query = "select crn, provider from caseload where provider <> '' order by provider, crn limit %s"
        found = rows.execute(query, (CASES,)).fetchall()
    with psycopg.connect(as_service(loaded.dsn), autocommit=True) as conn:
        _inspect(stage, conn, reference, found[0][1], tuple(crn for crn, _ in found))
    with tempfile.TemporaryDirectory(prefix="bench-bundle-") as folder:
        file = Path(folder) / "bundle.zip"
        start = perf_counter()
        with app.test_request_context():
            g.person = INSPECTOR
            past, under = bundling.statement(reference)
            assert under is not None
            with file.open("wb") as out:
                for piece in zipped(bundling.files(Stated(reference, past, under), texts=False)):
                    out.write(piece)
        made = perf_counter() - start
        keys = ["--log-key", KEY.verifier.vkey, "--witness-key", WITNESS.verifier.vkey]
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, perf_counter()
        done = subprocess.run([sys.executable, "-I", "-S", verify.__file__, file, *keys], capture_output=True, text=True, check=False)
        taken = perf_counter() - start
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        size = file.stat().st_size
    entries = sum(one.version for one in _heads(past).values())
    processor = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return [
        Line(
            bench="bundle",
            what=f"a bundle of {len(_heads(past))} cases checked offline",
            bar=f"<= {SECONDS} s",
            met=taken <= SECONDS,
            ours=f"{taken:.1f} s",
            note=f"{entries:,} entries in a log of {under.size:,}; {size / 1e6:.0f} MB; {processor:.1f} s of processor",
            figures={"seconds": taken, "entries": entries, "bytes": size},
        ),
        Line(
            bench="bundle",
            what="the same made",
            ours=f"{made:.1f} s",
            note=f"{entries / made:,.0f} entries a second",
            figures={"seconds": made},
        ),
    ]


def _heads(past: Any) -> Any:
    return past[-1].event.heads


def _inspect(stage: Stage, conn: psycopg.Connection[Any], reference: str, provider: str, crns: tuple[str, ...]) -> None:
    """An inspection announced, framed, drawn and stated, with its checkpoints."""
    record, now = stage.loaded.record, stage.loaded.record.clock()

    def do(command: Callable[..., Any], **details: Any) -> None:
        record.change(Inspection, inspection_id(reference), command, uuid4(), now=now, by=INSPECTOR.code, **details)

    do(announce_inspection, reference=reference, provider=provider, title="Bench")
    do(commit_nonce, commitment=commitment_to(NONCE))
    _sign(conn)
    size = tree.size(conn)
    window = Specification(provider=provider, began_from=local_day(now) - timedelta(days=400), began_to=local_day(now))
    root = tree.root(conn, size).hex()
    do(fix_frame, specification=window, strata={"all": crns}, left_out={}, known_at=size, ledger_root=root, counted=len(crns))
    do(draw_sample, nonce=NONCE.hex(), confidence=0.99, margin=0.001)
    stage.loaded.read_side.catch_up()
    with stage.live.test_request_context():
        g.person = INSPECTOR
        record.change_all([stating(reference)], uuid4())
    _sign(conn)


def _sign(conn: psycopg.Connection[Any]) -> None:
    made = checkpoints.make(conn, KEY)
    assert made is not None
    line = WITNESS.cosign(notes.read_note(made.note)[0], int(made.made_at.timestamp())).line
    conn.execute("select record.keep_cosignature(%s, %s, %s)", (made.number, WITNESS.verifier.vkey, line))
