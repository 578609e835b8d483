"""What somebody has of a ledger, told in little memory, in any order and however often it came.

Positions are taken in stretches. Of each a tally keeps which positions came, and the sum of their
digests; two tallies of ten million entries are 3 MB each, and where they differ is a stretch.
"""

from collections.abc import Iterator

STRETCH = 1_000
"""Positions whose digests are summed up together."""

_MODULUS = 1 << 256


class Tally:
    """Positions 1 … `end`, and a digest of what came at each."""

    def __init__(self, end: int) -> None:
        """Expect positions up to `end`; what lies beyond is not counted."""
        self.end = end
        self.count = 0
        self._came = bytearray(end // 8 + 1)
        self._sums = [0] * (end // STRETCH + 1)

    def add(self, position: int, digest: bytes) -> None:
        """Count an entry, the first time that its position comes."""
        if not 0 < position <= self.end:
            return
        byte, bit = position >> 3, 1 << (position & 7)
        if self._came[byte] & bit:
            return
        self._came[byte] |= bit
        self.count += 1
        stretch = position // STRETCH
        self._sums[stretch] = (self._sums[stretch] + int.from_bytes(digest, "big")) % _MODULUS

    def missing(self) -> Iterator[int]:
        """Yield the positions that did not come, in order."""
        for position in range(1, self.end + 1):
            if not self._came[position >> 3] & 1 << (position & 7):
                yield position

    def differs(self, other: "Tally") -> range | None:
        """Return the first positions among which the two hold other things; None: there are none.

        Raises:
            ValueError: they do not expect the same positions.
        """
        if self.end != other.end:
            msg = f"a tally up to {self.end} is held against one up to {other.end}"
            raise ValueError(msg)
        for stretch, (ours, theirs) in enumerate(zip(self._sums, other._sums, strict=True)):
            if ours != theirs:
                first = max(stretch * STRETCH, 1)
                return range(first, min((stretch + 1) * STRETCH, self.end + 1))
        return None
