"""The cases of a provider as known on past days, in the tables that figures need: put together when first asked for, then found."""

from datetime import timedelta
from time import perf_counter

import psycopg

from bench.rebuild import copy_out
from bench.results import Line
from bench.stage import Loaded, Stage
from projections.as_known import Wanted
from web.past import ORGANISATIONS
from web.whose import READS

ASKED_AGAIN = 20
DAYS_AGO = (1, 30, 365)
CASES = 30_000
"""How many cases of a provider the bar speaks of."""


def run(stage: Stage) -> list[Line]:
    loaded = stage.loaded
    _ = stage.live  # rows of cases without an entry since are taken from the live ones
    loaded.read_side.catch_up()
    with loaded.read_side.reading() as conn:
        row = conn.execute("select provider, count(distinct stream_id) from holder group by 1 order by 2 desc limit 1").fetchone()
    assert row is not None
    return [line for days in DAYS_AGO for line in _asked(loaded, days, *row)]


def _asked(loaded: Loaded, days: int, provider: str, cases: int) -> list[Line]:
    at = loaded.until - timedelta(days=days)
    position = loaded.record.position_at(at)
    wanted = Wanted(position, loaded.read_side.policy, at, provider=provider, tables=READS | ORGANISATIONS)
    folded = [0]
    with psycopg.connect(loaded.dsn, autocommit=True) as conn:
        out = copy_out(conn, position)
    start = perf_counter()
    loaded.read_side.build(wanted, lambda done, of_all: folded.append(done))
    first = perf_counter() - start
    start = perf_counter()
    for _ in range(ASKED_AGAIN):
        loaded.read_side.ask(wanted)
    again = (perf_counter() - start) / ASKED_AGAIN
    loaded.read_side.drop_stale(loaded.record.clock())
    return [
        Line(
            bench="as_known",
            what=f"a provider as known {days} days ago, first time",
            ratio=f"{out / first:.0%}",
            bar=f"<= 8 s for {CASES:,} cases",
            met=first <= 8 * cases / CASES,
            ours=f"{first:.2f} s",
            peer=f"{out:.2f} s",
            note=f"{cases:,} cases, {folded[-1]:,} of {position:,} events folded; peer: binary COPY-out of everybody's events up to then",
            figures={"ours_s": first, "peer_s": out, "cases": cases, "events": position, "folded": folded[-1]},
        ),
        Line(
            bench="as_known",
            what=f"{days} days ago, again",
            ratio=f"{first / again:,.0f} x quicker",
            bar="<= 0.2 s",
            met=again <= 0.2,
            ours=f"{again * 1000:.1f} ms",
            figures={"ours_s": again},
        ),
    ]
