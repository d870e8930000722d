"""Replaying one long case as it was known at any instant: against the library's repository, asked for an earlier version."""

from random import Random

from bench import library
from bench.data import LONG
from bench.results import Line, compared, latency, timed
from bench.stage import Stage
from projections import timeline
from projections.story import Story


def run(stage: Stage) -> list[Line]:
    loaded = stage.loaded
    record, policy, stream = loaded.record, loaded.read_side.policy, loaded.load.long_case
    positions = [recorded.position for recorded in record.history(stream)][:LONG]
    rng = Random(3)

    def replay() -> None:
        history = record.history(stream, up_to=rng.choice(positions), texts=True)
        timeline.entries(Story(history), policy, str)

    dsn = stage.database("bench_replay_peer")
    times = 100 if stage.quick else 300
    with library.application(dsn, create=True) as app:
        case = library.opened(1)
        for _ in range(LONG - 1):
            library.contact(case)
        app.save(case)
        ours, theirs = [], []
        for _ in range(10):
            ours += timed(replay, times // 10)
            theirs += timed(lambda: app.repository.get(case.id, version=rng.randint(1, LONG)), times // 10)
    return [
        compared(
            "replay",
            f"a case of {len(positions)} events at any instant",
            latency(ours),
            latency(theirs),
            bar_ms=20,
            note="ours opens the sealed texts and tells the timeline; peer: repository.get(version=...) of a plain aggregate",
        )
    ]
