"""A zip that is sent while it is made: no more of it is in memory than the file that is being put in."""

import zipfile
from collections.abc import Iterable, Iterator

NEVER = (1980, 1, 1, 0, 0, 0)
"""The time that every file in a zip is given: the same content gives the same bytes."""


class _Passing:
    """What is written, until it is taken."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing: what is written waits to be taken."""

    def taken(self) -> bytes:
        written, self._written = b"".join(self._written), []
        return written


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of a zip of these files, named and in this order."""
    passing = _Passing()
    with zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED) as out:  # type: ignore[call-overload]  # it needs no more of a file than that
        for name, data in files:
            out.writestr(zipfile.ZipInfo(name, NEVER), data, zipfile.ZIP_DEFLATED)
            yield passing.taken()
    yield passing.taken()
