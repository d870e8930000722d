"""What a benchmark found: one line a comparison, as a table for people and as JSON for machines."""

import platform
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

import msgspec

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
"""What stands between these two comments in a page is rewritten by `--write`."""
HEADS = ("Bench", "What", "Ratio", "Bar", "Met", "Ours", "Peer", "Notes")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison. `met` is None where no bar is set; `figures` are the numbers behind the words."""

    bench: str
    what: str
    ratio: str = ""
    bar: str = ""
    met: bool | None = None
    ours: str = ""
    peer: str = ""
    note: str = ""
    figures: dict[str, float] = {}

    def cells(self) -> tuple[str, ...]:
        met = "" if self.met is None else "yes" if self.met else "**no**"
        return self.bench, self.what, self.ratio, self.bar, met, self.ours, self.peer, self.note


class Run(msgspec.Struct, frozen=True):
    """All that one run of the benchmarks found, and on what machine."""

    at: datetime
    machine: dict[str, str]
    lines: list[Line]
    note: str = ""


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds that a share of the repetitions stayed within."""

    p50: float
    p95: float
    p99: float

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f}, p95 {self.p95:.1f}, p99 {self.p99:.1f} ms"

    def figures(self, whose: str) -> dict[str, float]:
        return {f"{whose}_p50_ms": self.p50, f"{whose}_p95_ms": self.p95, f"{whose}_p99_ms": self.p99}


def latency(milliseconds: Sequence[float]) -> Latency:
    ordered = sorted(milliseconds)

    def within(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Latency(within(0.50), within(0.95), within(0.99))


def timed(action: Callable[[], object], times: int, *, before: Callable[[], object] = lambda: None) -> list[float]:
    """Milliseconds that each of `times` repetitions took; what is done `before` each one is not counted."""
    taken = []
    for _ in range(times):
        before()
        start = perf_counter()
        action()
        taken.append((perf_counter() - start) * 1000)
    return taken


def compared(bench: str, what: str, ours: Latency, peer: Latency, *, bar_ms: float = 0, bar_times: float = 0, note: str = "") -> Line:
    """Two latencies side by side: p95 within `bar_ms` and, if set, within `bar_times` the peer's."""
    bars = [f"p95 <= {bar_ms:g} ms"] * bool(bar_ms) + [f"<= {bar_times:g} x"] * bool(bar_times)
    met = None if not bars else (not bar_ms or ours.p95 <= bar_ms) and (not bar_times or ours.p95 <= bar_times * peer.p95)
    ratio = ours.p95 / peer.p95
    return Line(
        bench=bench,
        what=what,
        ratio=f"{ratio:.2f} x the time",
        bar=", ".join(bars),
        met=met,
        ours=str(ours),
        peer=str(peer),
        note=note,
        figures={"ratio": ratio, **ours.figures("ours"), **peer.figures("peer")},
    )


def skipped(bench: str, what: str, why: str) -> Line:
    return Line(bench=bench, what=what, ratio="skipped", note=why)


def table(lines: Sequence[Line]) -> str:
    """A Markdown table, padded so that it reads as well on a terminal; columns that nobody uses are left out."""
    rows = [line.cells() for line in lines]
    used = [i for i in range(len(HEADS)) if any(row[i] for row in rows)]
    widths = [max(len(HEADS[i]), *(len(row[i]) for row in rows)) for i in used]

    def row_of(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells[i].ljust(width) for i, width in zip(used, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([row_of(HEADS), rule, *map(row_of, rows)])


def report(run: Run) -> str:
    """The run as a passage of Markdown."""
    facts = "; ".join(f"{name} {value}" for name, value in run.machine.items())
    said = f"**{run.note}**\n\n" if run.note else ""
    return f"{said}{run.at:%-d %B %Y, %H:%M} UTC. {facts}.\n\n{table(run.lines)}\n"


def write_into(page: Path, run: Run) -> None:
    """Put the run between the two marker comments of a page. Raises ValueError when it has none."""
    text = page.read_text("utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{page} has no passage between {BEGIN} and {END}.")
    passage = f"{BEGIN}\n\n{report(run)}\n{END}"
    page.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: passage, text, count=1, flags=re.DOTALL), "utf-8")


def now() -> datetime:
    return datetime.now(UTC)


def pace() -> str:
    """How quick the processor is just now: the same arithmetic a hundred times, each after a rest, as requests come. On a machine that
    others share, its middle can be twice its best for minutes."""
    taken = timed(lambda: sum(n * n for n in range(20_000)), 100, before=lambda: sleep(0.02))
    return f"a fixed loop {min(taken):.1f} ms at best and {median(taken):.1f} in the middle"


def processor() -> str:
    """The name of the processor where the system tells it."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else platform.machine()
