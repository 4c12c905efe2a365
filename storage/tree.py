"""A whole Merkle tree in memory: inclusion proofs for many leaves without hashing the log once for each."""

from __future__ import annotations

from collections.abc import Iterable

from storage.merkle import EMPTY_ROOT, consistency_proof, node_hash


class Tree:
    """The complete subtrees of a log, level by level; a proof costs some logarithms of its size."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = range(0, len(below) - 1, 2)
            self._levels.append([node_hash(below[n], below[n + 1]) for n in pairs])

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return len(self._levels[0])

    def root(self) -> bytes:
        """Return the root of the tree."""
        return self._root(0, self.size) if self.size else EMPTY_ROOT

    def consistency(self, old: int) -> list[bytes]:
        """Return the proof that the first `old` leaves are a prefix (RFC 9162, 2.1.4.1)."""
        return consistency_proof(old, self._levels[0])

    def proof(self, index: int) -> list[bytes]:
        """Return the audit path of a leaf, lowest sibling first (RFC 9162, 2.1.3.1)."""
        if not 0 <= index < self.size:
            raise IndexError(f"no leaf {index} in a tree of {self.size}")
        path: list[bytes] = []
        low, high = 0, self.size
        while high - low > 1:
            middle = low + (1 << (high - low - 1).bit_length() - 1)
            if index < middle:
                path.append(self._root(middle, high))
                high = middle
            else:
                path.append(self._root(low, middle))
                low = middle
        return path[::-1]

    def _root(self, low: int, high: int) -> bytes:
        """Return the root over leaves low to high; `low` is a multiple of the power of two that fits."""
        width = high - low
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._levels[level][low >> level]
        middle = low + (1 << (width - 1).bit_length() - 1)
        return node_hash(self._root(low, middle), self._root(middle, high))
