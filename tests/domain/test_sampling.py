"""The arithmetic of a sample, against published and independently computed values, and its laws."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sampling import draw, draw_order, frame_digest, largest_remainder, sample_size, seed, unrounded_size
from tests.vectors import document, table

# The same values as in the research notes, for a checkout without the vectors beside it.
FRAME = [f"X{n:06d}" for n in range(1, 13)]
DIGEST = "7182ea1a12ca9e32c19eeac15d5b9e1c42aaf5af45d4381f29d66f1e1359b1b1"
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
NONCE = bytes(range(32)).hex()
SEED = "de71c01c657412bf473e4bb1509a01627f8f3e3ead966de2da4301907f3bc427"
ORDER = [f"X{n:06d}" for n in (1, 2, 9, 8, 5, 10, 11, 12, 4, 3, 7, 6)]
SHARES = [([47000, 16000, 15900, 12000, 6000, 3100], 10, [5, 2, 1, 1, 1, 0]), ([37, 141, 122], 107, [13, 50, 44]), ([50, 50], 3, [2, 1])]
SIZES = [(50, 39), (100, 63), (150, 79), (200, 91), (300, 107), (500, 124), (1000, 142), (5000, 160)]


STORED_SHARES = [(row["sizes"], row["n"], row["expect"]) for row in document("sampling.json").get("largest_remainder", ())]
STORED_SIZES = [(int(row["population_N"]), int(row["n_80pc_pm5_ceil"])) for row in table("sample_size.csv")]
TABLE_OF_1970 = [
    (int(row["population_N"]), int(row["krejcie_morgan_1970_published_95pc"]))
    for row in table("sample_size.csv")
    if row["krejcie_morgan_1970_published_95pc"]
] or [(10, 10), (50, 44), (100, 80), (300, 169), (500, 217), (1000, 278), (5000, 357), (10_000, 370)]


@pytest.mark.parametrize(("population", "expected"), SIZES + STORED_SIZES)
def test_at_80_percent_and_5_points_the_size_is_the_published_one(population: int, expected: int) -> None:
    assert sample_size(population, confidence=0.80, margin=0.05) == expected


@pytest.mark.parametrize(("population", "expected"), TABLE_OF_1970)
def test_at_95_percent_and_5_points_the_nearest_whole_number_is_that_of_krejcie_and_morgan(population: int, expected: int) -> None:
    assert round(unrounded_size(population, confidence=0.95, margin=0.05)) == expected


@pytest.mark.parametrize(("sizes", "n", "expected"), SHARES + STORED_SHARES)
def test_shares_are_those_of_the_published_examples(sizes: list[int], n: int, expected: list[int]) -> None:
    assert largest_remainder(sizes, n) == expected


def test_the_draw_is_the_one_that_others_computed() -> None:
    digest = frame_digest(reversed(FRAME))
    key = seed(bytes.fromhex(ROOT), digest, bytes.fromhex(NONCE))
    assert (digest, key.hex()) == (DIGEST, SEED)
    assert draw_order(FRAME, key) == ORDER
    assert draw({"all": FRAME}, 4, key) == {"all": ORDER[:4]}


def test_the_stored_draw_is_the_one_in_this_file() -> None:
    stored = document("sampling.json").get("reproducible_draw") or {"order": ORDER, "seed_hex": SEED}
    assert (stored["order"], stored["seed_hex"]) == (ORDER, SEED)


def test_of_nobody_nobody_is_drawn() -> None:
    assert sample_size(0, confidence=0.8, margin=0.05) == 0
    assert largest_remainder([0, 0], 5) == [0, 0]
    assert draw({}, 5, b"key") == {}


references = st.lists(st.integers(0, 999_999).map("X{:06d}".format), unique=True, max_size=60)
keys = st.binary(min_size=32, max_size=32)
sizes_of_strata = st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any)


@given(sizes_of_strata, st.data())
def test_shares_sum_to_the_size_and_keep_the_quota_rule(sizes: list[int], data: st.DataObject) -> None:
    total = sum(sizes)
    n = data.draw(st.integers(0, total))
    shares = largest_remainder(sizes, n)
    assert sum(shares) == n
    for size, share in zip(sizes, shares, strict=True):
        assert n * size // total <= share <= -(-n * size // total)
        assert share <= size


@given(references, keys, st.randoms(use_true_random=False))
def test_the_order_of_drawing_does_not_depend_on_the_order_of_the_list(refs: list[str], key: bytes, random: object) -> None:
    shuffled = list(refs)
    random.shuffle(shuffled)
    assert draw_order(shuffled, key) == draw_order(refs, key)
    assert frame_digest(shuffled) == frame_digest(refs)


@given(references, keys, st.integers(0, 59))
def test_a_draw_of_k_is_the_beginning_of_the_draw_of_k_and_one(refs: list[str], key: bytes, k: int) -> None:
    k = min(k, max(len(refs) - 1, 0))
    smaller, larger = (draw({"one": refs}, size, key)["one"] for size in (k, min(k + 1, len(refs))))
    assert larger[: len(smaller)] == smaller


@given(st.dictionaries(st.sampled_from("abcdef"), references, min_size=1), keys, st.integers(0, 60))
def test_each_stratum_gives_only_its_own_cases_and_none_twice(strata: dict[str, list[str]], key: bytes, n: int) -> None:
    n = min(n, sum(map(len, strata.values())))
    drawn = draw(strata, n, key)
    assert sum(map(len, drawn.values())) == n
    for name, refs in drawn.items():
        assert set(refs) <= set(strata[name])
        assert max(Counter(refs).values(), default=1) == 1


@given(st.integers(1, 100_000), st.sampled_from((0.5, 0.8, 0.95, 0.99)), st.sampled_from((0.01, 0.05, 0.1, 0.25)))
def test_a_sample_is_never_larger_than_its_frame_and_never_empty(population: int, confidence: float, margin: float) -> None:
    n = sample_size(population, confidence=confidence, margin=margin)
    assert 1 <= n <= population
    assert n <= sample_size(population + 1, confidence=confidence, margin=margin)
