"""The arithmetic of an inspector's sample: how many cases, how many of each stratum, and a draw that anyone can redo.

Neither side can steer the draw: the frame is fixed and digested first, the seed binds that digest, the state of the ledger and a
nonce that the inspector reveals afterwards, and the order is by HMAC, so no random-number library comes into it.
"""

import hashlib
import hmac
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import NormalDist


def sample_size(population: int, *, confidence: float, margin: float) -> int:
    """How many of `population` cases give `margin` (a proportion) at `confidence`, with finite population, rounded up."""
    return min(population, math.ceil(unrounded_size(population, confidence=confidence, margin=margin))) if population else 0


def unrounded_size(population: int, *, confidence: float, margin: float) -> float:
    """The sample size for a share of one half, which asks for the most (Cochran 1977; Krejcie and Morgan 1970)."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    n0 = z * z * 0.25 / (margin * margin)
    return n0 / (1 + (n0 - 1) / population)


def largest_remainder(sizes: Sequence[int], n: int) -> list[int]:
    """Share `n` among strata in proportion to their sizes; ties go to the larger stratum, then to the earlier one."""
    total = sum(sizes)
    if total == 0:
        return [0] * len(sizes)
    quotas = [Fraction(n * size, total) for size in sizes]
    shares = [int(quota) for quota in quotas]
    order = sorted(range(len(sizes)), key=lambda i: (-(quotas[i] - shares[i]), -sizes[i], i))
    for i in order[: n - sum(shares)]:
        shares[i] += 1
    return shares


def frame_digest(case_references: Iterable[str]) -> str:
    """SHA-256 of the sorted references, each followed by a line feed."""
    return hashlib.sha256("".join(f"{ref}\n" for ref in sorted(case_references)).encode()).hexdigest()


def seed(ledger_root: bytes, digest: str, nonce: bytes) -> bytes:
    return hashlib.sha256(b"sample/v1\n" + ledger_root + bytes.fromhex(digest) + nonce).digest()


def draw_order(case_references: Iterable[str], key: bytes) -> list[str]:
    """The references in the order in which they are drawn; a draw of k is a prefix of the draw of k + 1."""
    return sorted(case_references, key=lambda ref: hmac.digest(key, ref.encode(), "sha256").hex())


def draw(strata: Mapping[str, Sequence[str]], n: int, key: bytes) -> dict[str, list[str]]:
    """The cases drawn from each stratum, in drawing order."""
    names = sorted(strata)
    shares = largest_remainder([len(strata[name]) for name in names], n)
    return {name: draw_order(strata[name], key)[:share] for name, share in zip(names, shares, strict=True)}


def draw_precisely(strata: Mapping[str, Sequence[str]], key: bytes, *, confidence: float, margin: float) -> dict[str, tuple[str, ...]]:
    """The cases drawn from each stratum, as many as the precision asks for."""
    n = sample_size(sum(map(len, strata.values())), confidence=confidence, margin=margin)
    return {name: tuple(refs) for name, refs in draw(strata, n, key).items()}


def next_drawn(references: Iterable[str], key: bytes, gone: Collection[str]) -> str | None:
    """The first in the order of drawing that is not among those `gone`, drawn before or used up; None when none is left."""
    return next((ref for ref in draw_order(references, key) if ref not in gone), None)
