"""A Merkle tree over leaves as RFC 9162 has it: roots, proofs that a leaf is in a tree and that one tree leads on from another.

Pure arithmetic of hashes. Whoever asks for a root or a proof hands in `nodes`, which gives the hashes of whole subtrees; where they are
kept is somebody else's concern.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from hmac import compare_digest

import msgspec

SIZE = 32
"""Bytes in a hash."""
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


class Whole(msgspec.Struct, frozen=True, order=True):
    """A whole subtree: the `index`th, from 0, of those with two to the power of `height` leaves."""

    height: int
    index: int


Nodes = Callable[[Iterable[Whole]], Mapping[Whole, bytes]]
"""Gives the hashes of whole subtrees, all that are asked for at once."""


def hash_leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def join(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring subtrees of one height that are a power of two in number, as many as a whole subtree has."""
    row = hashes
    while len(row) > 1:
        row = [hash_node(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def wholes(start: int, end: int) -> list[Whole]:
    """The whole subtrees, from the left, that the leaves from `start` up to `end` fall into. `start` begins one as large as any of them."""
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append(Whole(height, start >> height))
        start += 1 << height
    return found


def _over(start: int, end: int, hashes: Mapping[Whole, bytes]) -> bytes:
    """The hash over the leaves from `start` up to `end`: what is left over on the right is joined first."""
    *before, last = (hashes[whole] for whole in wholes(start, end))
    for left in reversed(before):
        last = hash_node(left, last)
    return last


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the tree over the first `size` leaves."""
    return _over(0, size, nodes(wholes(0, size))) if size else EMPTY


def _split(start: int, end: int) -> int:
    """Where a tree over so many leaves parts in two: after the largest power of two that is smaller than their number."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """What shows that the leaf at `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1), its neighbour first.

    ValueError for a leaf that is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    start, end, beside = 0, size, []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return _hashes(beside[::-1], nodes)


def consistency(old: int, size: int, nodes: Nodes) -> list[bytes]:
    """What shows that the tree of `size` leaves begins with that of `old` (RFC 9162, 2.1.4.1). Nothing, when they are one.

    ValueError for an old tree that is empty, of which nothing can be shown, or larger.
    """
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} does not lead on from one of {old}")
    start, end, beside = 0, size, []
    while old != end:
        middle = _split(start, end)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    if start:  # else the old tree is a whole subtree, whose root is known
        beside.append((start, end))
    return _hashes(beside[::-1], nodes)


def _hashes(ranges: Sequence[tuple[int, int]], nodes: Nodes) -> list[bytes]:
    found = nodes([whole for start, end in ranges for whole in wholes(start, end)])
    return [_over(start, end, found) for start, end in ranges]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that this leaf hash stands at `index` in the tree of that size and root (RFC 9162, 2.1.3.2).

    Whatever is handed in: a proof that is longer or shorter than it must be, or holds anything but hashes, shows nothing.
    """
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    at, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = hash_node(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = hash_node(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and compare_digest(found, root)


def leads_on(old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the larger tree begins with all of the smaller one (RFC 9162, 2.1.4.2).

    Nothing can be shown of an empty old tree: whoever has seen nothing yet has to decide about that elsewhere.
    """
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and compare_digest(old_root, root)
    if not _are_hashes(old_root, root, *proof):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    smaller = larger = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            smaller, larger = hash_node(beside, smaller), hash_node(beside, larger)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            larger = hash_node(larger, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and compare_digest(smaller, old_root) and compare_digest(larger, root)


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == SIZE for value in values)
