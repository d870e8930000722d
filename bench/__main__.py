"""`python -m bench`: run the benchmarks, print what they found as a table, and keep it as JSON or in a page."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import msgspec

from bench import append, as_known, bundle, checkpoints, follower, importing, inspecting, pages, post, rebuild, replay, slow_line
from bench.results import Line, Run, now, report, write_into
from bench.stage import Stage, stage
from store.embedded import exit_on_sigterm

BENCHES: dict[str, Callable[[Stage], list[Line]]] = {
    "append": append.run,
    "rebuild": rebuild.run,
    "as_known": as_known.run,
    "replay": replay.run,
    "checkpoints": checkpoints.run,
    "importing": importing.run,
    "pages": pages.run,
    "slow_line": slow_line.run,
    "post": post.run,
    "follower": follower.run,
    "bundle": bundle.run,
    "inspecting": inspecting.run,
}
"""In the order in which they run: those that write to the shared record come last."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which to run: {', '.join(BENCHES)} (default: all)")
    parser.add_argument("--events", type=int, help="events in the loaded record (default 1,000,000, or 200,000 with --quick)")
    parser.add_argument(
        "--home", type=Path, metavar="FOLDER", help="keep the server and its loaded record there, and stand on it the next time"
    )
    parser.add_argument("--quick", action="store_true", help="fewer and shorter repetitions")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page, between its two marker comments")
    parser.add_argument("--note", default="", help="a remark to stand above the table")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHES):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    return given


def main() -> int:
    exit_on_sigterm()
    given = _arguments()
    events = given.events or (200_000 if given.quick else 1_000_000)
    lines: list[Line] = []
    with stage(events=events, quick=given.quick, home=given.home) as set_up:
        machine = set_up.machine()
        for name, bench in BENCHES.items():
            if given.names and name not in given.names:
                continue
            start = perf_counter()
            found = bench(set_up)
            lines += found
            set_up.say(f"{name}: {perf_counter() - start:.0f} s")
            for line in found:
                set_up.say(f"  {line.what}: {line.ours}, peer {line.peer}")
    run = Run(now(), machine, lines, given.note)
    print(f"\n{report(run)}")
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=2))
    if given.write:
        write_into(given.write, run)
    return 0


if __name__ == "__main__":
    sys.exit(main())
