"""Which partition a person is on: the same on every topic, for ever."""

from functools import lru_cache
from struct import Struct
from uuid import UUID

PARTITIONS = 24
"""Never changed: one person would be in two partitions."""

_SEED, _MIX, _WORD = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF
_words = Struct("<9I").unpack


@lru_cache(maxsize=65_536)
def partition_of(key: UUID) -> int:
    """Return a key's partition: Kafka's own default, murmur2 over the key's text.

    A UUID's text is nine words of four bytes and leaves no rest. kafka-python has the same
    function, but a process that only decides would carry 20 MB of Kafka client for it; a test
    holds the two against each other.
    """
    hashed = _SEED ^ 36
    for word in _words(str(key).encode()):
        mixed = word * _MIX & _WORD
        mixed = (mixed ^ mixed >> 24) * _MIX & _WORD
        hashed = hashed * _MIX & _WORD ^ mixed
    hashed = (hashed ^ hashed >> 13) * _MIX & _WORD
    return ((hashed ^ hashed >> 15) & 0x7FFFFFFF) % PARTITIONS
