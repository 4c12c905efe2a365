"""The tree is RFC 6962's, and its proofs prove what they say and nothing else."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from storage.log import TILE_WIDTH, Tiles
from storage.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)

ENTRIES = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
"""The eight entries of Certificate Transparency's reference test."""


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


def test_roots_of_the_reference_tree() -> None:
    """certificate-transparency, cpp/merkletree/merkle_tree_test.cc: roots after 1 to 8 entries."""
    leaves = [leaf_hash(entry) for entry in ENTRIES]

    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_the_frontier_agrees_with_the_definition() -> None:
    """RFC 6962, 2.1: the tree head is defined recursively; appending must come to the same."""
    frontier = Frontier()
    leaves: list[bytes] = []
    for size in range(130):
        assert frontier.root() == by_definition(leaves)
        assert frontier.size == size
        leaves.append(leaf_hash(str(size).encode()))
        frontier.append(leaves[-1])


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=70), st.data())
def test_no_other_entry_has_this_proof(entries: list[bytes], data: st.DataObject) -> None:
    """RFC 9162, 2.1.3: a proof ties one entry to one index of one tree."""
    index = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.binary(max_size=4).filter(lambda e: e != entries[index]))
    leaves = [leaf_hash(entry) for entry in entries]
    size, root = len(leaves), root_of(leaves)

    proof = inclusion_proof(index, leaves)

    assert included(leaves[index], index, proof, size=size, root=root)
    assert not included(leaf_hash(other), index, proof, size=size, root=root)
    assert not included(leaves[index], index, [*proof, root], size=size, root=root)
    assert not included(leaves[index], size, proof, size=size, root=root)


@given(st.integers(1, 80), st.data())
def test_only_a_true_prefix_is_consistent(size: int, data: st.DataObject) -> None:
    """RFC 9162, 2.1.4: nothing that was logged can be taken back."""
    old = data.draw(st.integers(1, size))
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    rewritten = [leaf_hash(b"rewritten"), *leaves[1:old]]

    proof = consistency_proof(old, leaves)

    assert consistent(old, root_of(leaves[:old]), size, root_of(leaves), proof)
    assert not consistent(old, root_of(rewritten), size, root_of(leaves), proof)


def test_a_full_tile_carries_its_hashes_up() -> None:
    """C2SP tlog-tiles: a tile of level L holds the roots of full tiles of the level below."""
    tiles, leaves = Tiles(), [leaf_hash(str(n).encode()) for n in range(TILE_WIDTH * 3)]

    done = [tile for leaf in leaves for tile in tiles.append(leaf)]

    assert [(level, number) for level, number, _ in done] == [(0, 0), (0, 1), (0, 2)]
    assert b"".join(content for _, _, content in done) == b"".join(leaves)
