"""Writers in processes of their own, kept from round to round so that no round pays for starting them."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import TypeAlias

Work: TypeAlias = Callable[[Connection, str, int], None]
"""What a writer does: given its pipe, a database and its number, it says None when ready; then it answers each (batch, seconds)
with (events, seconds taken), and ends at None."""


class Crew:
    """Some writers of one kind."""

    def __init__(self, work: Work, dsn: str, size: int) -> None:
        context = get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(theirs, dsn, number), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()

    def round(self, writers: int, batch: int, seconds: float) -> float:
        """Events per second that so many writers came to together."""
        for pipe in self._pipes[:writers]:
            pipe.send((batch, seconds))
        answers: list[tuple[int, float]] = [pipe.recv() for pipe in self._pipes[:writers]]
        return sum(events / taken for events, taken in answers)

    def close(self) -> None:
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join(10)


def alternate(ours: Crew, peers: Crew, writers: int, batch: int, seconds: float, rounds: int) -> tuple[float, float]:
    """The median rate of each side over rounds in which they take turns, so that a slow minute hits both."""
    pairs = [(ours.round(writers, batch, seconds), peers.round(writers, batch, seconds)) for _ in range(rounds)]
    return median(o for o, _ in pairs), median(p for _, p in pairs)
