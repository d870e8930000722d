"""The whole record as known at a past position: built on first asking, found again at once."""

from time import perf_counter

import psycopg

from bench.rebuild import copy_out
from bench.results import Line
from bench.stage import Stage

ASKED_AGAIN = 20


def run(stage: Stage) -> list[Line]:
    loaded = stage.loaded
    middle = loaded.load.events // 2
    with psycopg.connect(loaded.dsn, autocommit=True) as conn:
        out = copy_out(conn, middle)
        start = perf_counter()
        schema = loaded.read_side.as_known_at(middle)
        first = perf_counter() - start
        start = perf_counter()
        for _ in range(ASKED_AGAIN):
            loaded.read_side.as_known_at(middle)
        again = (perf_counter() - start) / ASKED_AGAIN
        row = conn.execute(f'select count(*) from "{schema}".caseload'.encode()).fetchone()
        cases = int(row[0]) if row else 0
        loaded.read_side.drop_stale(loaded.record.clock())
    return [
        Line(
            bench="as_known",
            what="the whole record at its middle position, first time",
            ratio=f"{out / first:.0%}",
            bar="<= 8 s a 30,000 cases",
            met=first <= 8 * max(1, cases / 30_000),
            ours=f"{first:.2f} s",
            peer=f"{out:.2f} s",
            note=f"{middle:,} events of {cases:,} cases; peer: binary COPY-out of those events",
            figures={"ours_s": first, "peer_s": out, "cases": cases, "events": middle},
        ),
        Line(
            bench="as_known",
            what="the same, again",
            ratio=f"{first / again:,.0f} x quicker",
            bar="<= 0.2 s",
            met=again <= 0.2,
            ours=f"{again * 1000:.1f} ms",
            figures={"ours_s": again},
        ),
    ]
