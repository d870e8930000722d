"""Signing a checkpoint a minute: whether it stays as quick however long the ledger is, and a proof of any entry in it."""

from random import Random
from time import perf_counter

import psycopg

from bench.results import Line, compared, latency, timed
from bench.stage import Stage
from store import checkpoints, tree
from store.database import as_service
from store.notes import make_signer

A_MINUTE = 200
"""Entries of a busy minute of a nation: 30 million in two years of working hours are about a hundred."""
SHORT = 20_000
"""Leaves of the ledger that the long one is compared with."""


def run(stage: Stage) -> list[Line]:
    dsn = stage.empty_record("bench_checkpoints")
    key = make_signer("bench.invalid/1")
    rng, times = Random(5), 30 if stage.quick else 100
    with psycopg.connect(dsn, autocommit=True) as owner, psycopg.connect(as_service(dsn), autocommit=True) as conn:

        def put(number: int) -> None:
            owner.execute(
                "insert into record.leaf select i, gen_random_uuid(), 1, sha256(int8send(i)), sha256(int8send(-i))"
                " from generate_series(record.leaves(), record.leaves() + %s - 1) as i",
                (number,),
            )

        def signed() -> list[float]:
            checkpoints.make(conn, key)
            return timed(lambda: checkpoints.make(conn, key), times, before=lambda: put(A_MINUTE))

        put(SHORT)
        short = signed()
        put(stage.events - tree.size(conn))
        owner.execute("vacuum analyze record.leaf")
        start = perf_counter()
        grown = tree.grow(conn)
        taken = perf_counter() - start
        long = signed()
        size = tree.size(conn)
        proofs = timed(lambda: tree.inclusion(conn, rng.randrange(size), size), times)
        owner.execute("vacuum record.leaf")
    return [
        compared(
            "checkpoints",
            f"a checkpoint of {A_MINUTE} more entries over {size:,}",
            latency(long),
            latency(short),
            note=f"peer: the same over {SHORT:,} entries; growing the tree the first time made {grown / taken * 256:,.0f} leaves a second",
        ),
        compared(
            "checkpoints",
            f"a proof of any of {size:,} entries",
            latency(proofs),
            latency(long),
            note="peer: the checkpoint above",
        ),
    ]
