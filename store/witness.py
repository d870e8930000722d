"""A witness: it remembers the last checkpoint of each log it knows, and signs a new one only when it leads on from that one.

Run by somebody outside the service (C2SP tlog-witness), it makes a fork or a rollback impossible to hide: it keeps nothing but its key
and a checkpoint a log, and never sees an entry. What it signs is when it saw that the log led on. It does not vouch for what entries say.
"""

import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

import msgspec

from store import merkle, notes
from store.notes import COSIGNATURE, Head, Signer, Verifier, make_signer, read_skey

LONGEST = 100_000
"""Bytes of a request; what is longer is not read."""
MOST_STEPS = 63
"""Steps of a proof that a tree leads on: more than the largest tree needs."""


class Answer(msgspec.Struct, frozen=True):
    status: HTTPStatus
    body: str = ""
    kind: str = "text/plain; charset=utf-8"


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, body: str = "", kind: str = "text/plain; charset=utf-8") -> None:
        super().__init__(body)
        self.answer = Answer(status, body, kind)


class Asked(msgspec.Struct, frozen=True):
    """A request: the size from which the log says to lead on, the proof of it, and the checkpoint as it was signed."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @property
    def body(self) -> str:
        steps = "".join(f"{notes.encoded(step)}\n" for step in self.proof)
        return f"old {self.old}\n{steps}\n{self.note}"


def read_request(body: str) -> Asked:
    """Raises Malformed."""
    before, blank, note = body.partition("\n\n")
    first, *steps = before.split("\n")
    match = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", first)
    if not blank or match is None or len(steps) > MOST_STEPS:
        raise notes.Malformed("a request is an old size, the steps of a proof, an empty line and a checkpoint")
    return Asked(int(match[1]), tuple(map(notes.decoded, steps)), note)


class Witness:
    """The state is a folder: a file a log with the last checkpoint that was signed, and whatever was signed besides and cannot be."""

    def __init__(self, folder: Path, key: Signer, logs: Sequence[Verifier]) -> None:
        """Raises ValueError while another witness works in the same folder."""
        self.key = key
        self._folder, self._logs = folder, logs
        self._one_at_a_time = threading.Lock()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._alone = (folder / "lock").open("w")
        try:
            fcntl.flock(self._alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            self._alone.close()
            raise ValueError(f"Another witness works in {folder}.") from e

    def close(self) -> None:
        """Let another one work in the folder."""
        self._alone.close()

    def last(self, origin: str) -> Head | None:
        """The last checkpoint of a log that was signed here."""
        file = self._file(origin)
        return notes.read_head(notes.read_note(file.read_text("utf-8"))[0]) if file.exists() else None

    def add_checkpoint(self, body: str, now: int) -> Answer:
        """Sign the checkpoint that is handed in if it leads on from the last one; `now` in seconds since 1970."""
        try:
            asked = read_request(body)
            text, head = self._signed_by_its_log(asked.note)
            with self._one_at_a_time:
                self._must_lead_on(asked, head)
                cosignature = self.key.cosign(text, now)
                # Kept before anything is answered: what was signed must never be forgotten.
                _put(self._file(head.origin), asked.note)
        except notes.Malformed as wrong:
            return Answer(HTTPStatus.BAD_REQUEST, f"{wrong}\n")
        except _Refused as refused:
            return refused.answer
        return Answer(HTTPStatus.OK, cosignature.line)

    def _signed_by_its_log(self, note: str) -> tuple[str, Head]:
        head = notes.read_head(notes.read_note(note)[0])
        keys = [key for key in self._logs if key.name == head.origin]
        if not keys:
            raise _Refused(HTTPStatus.NOT_FOUND, "no log of this name is known here\n")
        try:
            text, _ = notes.opened(note, keys)
        except notes.Unsigned as wrong:
            raise _Refused(HTTPStatus.FORBIDDEN, f"{wrong}\n") from wrong
        return text, head

    def _must_lead_on(self, asked: Asked, head: Head) -> None:
        if asked.old > head.size:
            raise _Refused(HTTPStatus.BAD_REQUEST, "the old size is larger than the checkpoint\n")
        before = self.last(head.origin)
        size = before.size if before else 0
        if asked.old != size:
            raise _Refused(HTTPStatus.CONFLICT, f"{size}\n", "text/x.tlog.size")
        if before is not None and size == head.size and before.root != head.root:
            # Two checkpoints of one size that differ, both signed: that is a fork, and the second one is the proof of it.
            _put(self._folder / f"fork-{hashlib.sha256(asked.note.encode()).hexdigest()[:16]}", asked.note)
            raise _Refused(HTTPStatus.CONFLICT, f"{size}\n", "text/x.tlog.size")
        if before is None or size == 0:
            follows = not asked.proof and (head.size > 0 or head.root == merkle.EMPTY)
        else:
            follows = merkle.leads_on(size, head.size, before.root, head.root, asked.proof)
        if not follows:
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "the proof does not show that the checkpoint leads on\n")

    def _file(self, origin: str) -> Path:
        return self._folder / f"log-{hashlib.sha256(origin.encode()).hexdigest()[:32]}"


def witness_key(folder: Path, name: str) -> Signer:
    """The key of a witness, made once, readable by its owner only. Raises Malformed when the file holds something else."""
    file = folder / "witness.key"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        _put(file, make_signer(name, COSIGNATURE).skey + "\n")
    return read_skey(file.read_text("utf-8"))


def _put(file: Path, words: str) -> None:
    """Whole and on the disk, or as it was."""
    part = file.with_name(f"{file.name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(words)
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
