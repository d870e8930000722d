"""The tree of the standard: published roots and proofs, the hostile ones refused, and laws against the standard's own words."""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import merkle
from store.merkle import Whole
from tests.vectors import document, proofs

# The inputs of Certificate Transparency's own tests, for a checkout without the vectors beside it.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
PUBLISHED = document("merkle_rfc6962.json")
LEAVES = [merkle.hash_leaf(bytes.fromhex(data)) for data in INPUTS]


# ---- The standard, word by word ---------------------------------------------------------------------------------------


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    return [*path(m, leaves[:k]), mth(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """RFC 9162 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def nodes(leaves: Sequence[bytes]) -> merkle.Nodes:
    def found(wanted: Iterable[Whole]) -> Mapping[Whole, bytes]:
        return {w: mth(leaves[w.index << w.height : (w.index + 1) << w.height]) for w in wanted}

    return found


def leaves_of(size: int) -> list[bytes]:
    return [merkle.hash_leaf(b"%d" % n) for n in range(size)]


# ---- Published values ---------------------------------------------------------------------------------------------------


def test_leaves_and_nodes_are_hashed_as_published() -> None:
    wanted = PUBLISHED.get("hash_constants") or {
        "empty_root": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "leaf_empty": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "leaf_L123456": "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
        "node_N123_N456": "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
    }
    assert {
        "empty_root": merkle.EMPTY.hex(),
        "leaf_empty": merkle.hash_leaf(b"").hex(),
        "leaf_L123456": merkle.hash_leaf(b"L123456").hex(),
        "node_N123_N456": merkle.hash_node(b"N123", b"N456").hex(),
    } == wanted


def test_the_leaves_are_the_published_ones() -> None:
    assert [(one["data_hex"], one["leaf_hash"]) for one in PUBLISHED.get("leaves", [])] in (
        [],
        [*zip(INPUTS, [leaf.hex() for leaf in LEAVES], strict=True)],
    )


@pytest.mark.parametrize(
    ("size", "expected"), [*(ROOTS | {one["size"]: one["root"] for one in PUBLISHED.get("roots", [])}).items()], ids=str
)
def test_the_root_of_every_size_is_the_published_one(size: int, expected: str) -> None:
    assert merkle.root(size, nodes(LEAVES)).hex() == expected


@pytest.mark.parametrize("case", PUBLISHED.get("inclusion") or [{"leaf_index": 0, "tree_size": 1, "proof": []}])
def test_a_proof_that_a_leaf_is_in_the_tree_is_the_published_one(case: dict[str, object]) -> None:
    found = merkle.inclusion(case["leaf_index"], case["tree_size"], nodes(LEAVES))
    assert [step.hex() for step in found] == case["proof"]


@pytest.mark.parametrize("case", PUBLISHED.get("consistency") or [{"size1": 4, "size2": 8, "proof": [mth(LEAVES[4:]).hex()]}])
def test_a_proof_that_a_tree_leads_on_is_the_published_one(case: dict[str, object]) -> None:
    found = merkle.consistency(case["size1"], case["size2"], nodes(LEAVES))
    assert [step.hex() for step in found] == case["proof"]


@pytest.mark.parametrize("case", proofs("inclusion.json"), ids=lambda case: case["file"])
def test_a_transparency_log_s_proofs_of_leaves_are_judged_as_they_must_be(case: dict[str, object]) -> None:
    steps = [b64decode(step) for step in case["proof"] or []]
    taken = merkle.included(b64decode(case["leafHash"] or ""), case["leafIdx"], case["treeSize"], steps, b64decode(case["root"] or ""))
    assert taken is not case["wantErr"]


@pytest.mark.parametrize("case", proofs("consistency.json"), ids=lambda case: case["file"])
def test_a_transparency_log_s_proofs_of_trees_are_judged_as_they_must_be(case: dict[str, object]) -> None:
    steps = [b64decode(step) for step in case["proof"] or []]
    taken = merkle.leads_on(case["size1"], case["size2"], b64decode(case["root1"] or ""), b64decode(case["root2"] or ""), steps)
    assert taken is not case["wantErr"]


# ---- Laws -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(1, 70))
def test_roots_and_all_proofs_are_those_of_the_standard_and_hold(size: int) -> None:
    leaves = leaves_of(size)
    ask = nodes(leaves)
    root = mth(leaves)
    assert merkle.root(size, ask) == root
    for index in range(size):
        proof = merkle.inclusion(index, size, ask)
        assert proof == path(index, leaves)
        assert merkle.included(leaves[index], index, size, proof, root)
    for old in range(1, size + 1):
        proof = merkle.consistency(old, size, ask)
        assert proof == subproof(old, leaves, True)
        assert merkle.leads_on(old, size, mth(leaves[:old]), root, proof)


SIZES = st.integers(1, 600)
PLACES = SIZES.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


@given(PLACES)
def test_any_leaf_of_a_tree_of_any_size_is_shown_to_be_in_it(place: tuple[int, int]) -> None:
    index, size = place
    leaves = leaves_of(size)
    assert merkle.included(leaves[index], index, size, merkle.inclusion(index, size, nodes(leaves)), mth(leaves))


def changed(data: st.DataObject, values: Sequence[bytes]) -> list[bytes]:
    """One of the values with another byte in it, or a byte longer or shorter."""
    at = data.draw(st.integers(0, len(values) - 1))
    value = bytearray(values[at])
    how = data.draw(st.sampled_from(["another byte", "longer", "shorter"]))
    if how == "another byte":
        value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    elif how == "longer":
        value.append(data.draw(st.integers(0, 255)))
    else:
        value.pop()
    return [*values[:at], bytes(value), *values[at + 1 :]]


@given(PLACES, st.data())
def test_a_proof_of_a_leaf_with_any_byte_changed_shows_nothing(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    leaves = leaves_of(size)
    proof = merkle.inclusion(index, size, nodes(leaves))
    leaf, root, *steps = changed(data, [leaves[index], mth(leaves), *proof])
    assert not merkle.included(leaf, index, size, steps, root)


@given(PLACES, st.data())
def test_a_proof_of_a_leaf_shows_it_in_no_other_place_and_with_no_step_more_or_less(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    leaves = leaves_of(size)
    proof, root, leaf = merkle.inclusion(index, size, nodes(leaves)), mth(leaves), leaves[index]
    elsewhere = data.draw(st.integers(-1, size + 1))
    assert merkle.included(leaf, elsewhere, size, proof, root) is (elsewhere == index)
    spare = data.draw(st.binary(min_size=32, max_size=32))
    at = data.draw(st.integers(0, len(proof)))
    assert not merkle.included(leaf, index, size, [*proof[:at], spare, *proof[at:]], root)
    assert not any(merkle.included(leaf, index, size, [*proof[:gone], *proof[gone + 1 :]], root) for gone in range(len(proof)))


PAIRS = SIZES.flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size)))


@given(PAIRS, st.data())
def test_a_proof_of_a_tree_with_any_byte_changed_shows_nothing(pair: tuple[int, int], data: st.DataObject) -> None:
    old, size = pair
    leaves = leaves_of(size)
    proof = merkle.consistency(old, size, nodes(leaves))
    was, root, *steps = changed(data, [mth(leaves[:old]), mth(leaves), *proof])
    assert not merkle.leads_on(old, size, was, root, steps)


@given(PAIRS, st.data())
def test_no_proof_shows_that_a_tree_leads_on_from_one_that_it_does_not_begin_with(pair: tuple[int, int], data: st.DataObject) -> None:
    old, size = pair
    leaves = leaves_of(size)
    forked = list(leaves)
    forked[data.draw(st.integers(0, old - 1))] = merkle.hash_leaf(b"something else")
    for steps in (merkle.consistency(old, size, nodes(leaves)), merkle.consistency(old, size, nodes(forked))):
        assert not merkle.leads_on(old, size, mth(leaves[:old]), mth(forked), steps)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 4), (4, 4)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="is not in a tree"):
        merkle.inclusion(index, size, nodes(leaves_of(size)))


@pytest.mark.parametrize(("old", "size"), [(0, 4), (5, 4), (-1, 4)])
def test_of_nothing_and_of_a_larger_tree_nothing_can_be_shown(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not lead on"):
        merkle.consistency(old, size, nodes(leaves_of(size)))
    assert not merkle.leads_on(old, size, merkle.EMPTY, mth(leaves_of(size)), [])
