"""Who has written of the brand before: a little memory that now and then takes a stranger for an acquaintance.

A Bloom filter (Bloom 1970) with two bits an author, in two generations: what was seen in this fortnight, and in the
one before. At its fullest one stranger in fifteen is not seen as one. Only a brand that grows, or one that hears more
than half a million authors in a fortnight, forgets any sooner.
"""

from __future__ import annotations

from zlib import crc32  # unlike hash(), the same in every process

_FORTNIGHT = 14 * 24 * 60  # minutes; two of them are what heat is rebuilt from after a start
_LEAST_BITS, _MOST_BITS = 1 << 14, 1 << 22  # 2 KB for a small brand, 512 KB for the largest
_GROWTH = 4
_BITS_EACH = 8


class KnownAuthors:
    """The authors of the last two to four weeks."""

    __slots__ = ("_bits", "_count", "_fortnight", "_new", "_old")

    def __init__(self) -> None:
        self._bits = _LEAST_BITS
        self._new, self._old = bytearray(_LEAST_BITS // 8), bytearray(_LEAST_BITS // 8)
        self._count, self._fortnight = 0, -1

    def meet(self, author_id: str, minute: int) -> bool:
        """True when the author is heard for the first time; knows the author from here on."""
        if minute // _FORTNIGHT > self._fortnight:
            self._turn(minute // _FORTNIGHT)
        mixed = crc32(author_id.encode("utf-8", "surrogatepass"))
        spread = (mixed * 0x9E3779B1) & 0xFFFFFFFF  # Knuth's multiplicative hash: a second, unlike place
        if _holds(self._new, mixed, spread):
            return False
        if self._count * _BITS_EACH >= self._bits:
            self._bits = min(self._bits * _GROWTH, _MOST_BITS)
            self._begin()
        bits = self._new
        whole = 8 * len(bits) - 1
        first, second = mixed & whole, spread >> 7 & whole
        bits[first >> 3] |= 1 << (first & 7)
        bits[second >> 3] |= 1 << (second & 7)
        self._count += 1
        return not _holds(self._old, mixed, spread)

    def _turn(self, fortnight: int) -> None:
        """Lets the generation before the last go, or both after a longer silence."""
        both = fortnight > self._fortnight + 1
        self._fortnight = fortnight
        self._begin()
        if both:
            self._old = bytearray(len(self._new))

    def _begin(self) -> None:
        self._old, self._new, self._count = self._new, bytearray(self._bits // 8), 0


def _holds(bits: bytearray, first: int, second: int) -> bool:
    whole = 8 * len(bits) - 1  # a power of two, less one
    first &= whole
    if not bits[first >> 3] >> (first & 7) & 1:
        return False
    second = second >> 7 & whole
    return bool(bits[second >> 3] >> (second & 7) & 1)
