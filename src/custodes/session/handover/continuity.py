"""Order and gaps of sequence numbers (TS 102 232-1 clause 5.2.5).

A sender repeats after a reconnect whatever it does not know to be taken in. A repeat is known by
its number *and* its octets: the same number with other octets is not a repeat but a fault, and is
kept. Nothing is ever dropped on a number alone.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256

from custodes.session.handover.events import Continuity, StreamKey

_MODULUS = 1 << 32
_HALF = 1 << 31


class _Stream:
    __slots__ = ("expected", "seen")

    def __init__(self) -> None:
        self.expected = 0
        self.seen: OrderedDict[int, bytes] = OrderedDict()


class ContinuityLog:
    """The numbers of every stream of one receiver, over all its connections. Not thread-safe."""

    def __init__(self, remembered: int = 4096) -> None:
        self._remembered = remembered
        self._streams: dict[StreamKey, _Stream] = {}

    def check(self, key: StreamKey, number: int, octets: bytes) -> tuple[Continuity, int]:
        """Where ``number`` stands, and how many numbers before it are missing; takes it in."""
        stream = self._streams.setdefault(key, _Stream())
        digest = sha256(octets).digest()
        if stream.seen.get(number) == digest:
            return Continuity.REPEAT, 0
        stream.seen[number] = digest
        while len(stream.seen) > self._remembered:
            stream.seen.popitem(last=False)
        ahead = (number - stream.expected) % _MODULUS
        if ahead >= _HALF:
            return Continuity.OUT_OF_ORDER, 0
        stream.expected = (number + 1) % _MODULUS
        return (Continuity.GAP, ahead) if ahead else (Continuity.IN_ORDER, 0)
