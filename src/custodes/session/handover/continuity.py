"""Order and gaps of sequence numbers (TS 102 232-1 clause 5.2.5).

A sender repeats after a reconnect whatever it does not know to be taken in. A repeat is known by
its number *and* its octets: the same number with other octets is not a repeat but a fault, and is
kept. Nothing is ever dropped on a number alone.

What is remembered is bounded: the latest PDUs of each stream. A repeat older than that cannot be
known any more; it is kept and marked out of order, so the error is on the side of twice, never of
missing. A sender of ours repeats its window at most, a quarter of what is remembered.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256

from custodes.session.handover.events import Continuity, StreamKey
from custodes.wire.handover.pdu import HI4, PSPDU, TRI, CCs, IRIs

REMEMBERED = 4096
"""PDUs of one stream; four times the window of our sender over all its streams together."""

TRANSPORT = "TRI"
"""The kind of tRIPayload: the standard counts them in no stream, so they have no gaps."""

_MODULUS = 1 << 32
_HALF = 1 << 31
_KINDS: dict[type, str] = {IRIs: "IRI", CCs: "CC", HI4: "HI4", TRI: TRANSPORT}


def stream_key(pdu: PSPDU) -> StreamKey:
    """The stream whose numbers a PDU counts in."""
    header = pdu.header
    kind = _KINDS.get(type(pdu.payload), "other")
    return StreamKey(header.networkElementIdentifier or b"", header.liid, header.cin, kind)


class _Stream:
    __slots__ = ("expected", "seen")

    def __init__(self) -> None:
        self.expected = 0
        self.seen: OrderedDict[tuple[int, bytes], None] = OrderedDict()


class ContinuityLog:
    """The numbers of every stream of one receiver, over all its connections. Not thread-safe.

    ``judge`` changes nothing. Whoever writes what arrives calls ``take`` once it is written: a
    number taken before a write that then fails would make the resent PDU look like a repeat.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._streams: dict[StreamKey, _Stream] = {}

    def judge(self, key: StreamKey, number: int, octets: bytes) -> tuple[Continuity, int]:
        """Where ``number`` stands, and how many numbers before it are missing."""
        stream = self._streams.get(key)
        if stream is not None and (number, sha256(octets).digest()) in stream.seen:
            return Continuity.REPEAT, 0
        if key.kind == TRANSPORT:
            return Continuity.IN_ORDER, 0
        ahead = (number - (stream.expected if stream else 0)) % _MODULUS
        if ahead >= _HALF:
            return Continuity.OUT_OF_ORDER, 0
        return (Continuity.GAP, ahead) if ahead else (Continuity.IN_ORDER, 0)

    def take(self, key: StreamKey, number: int, octets: bytes) -> None:
        """The PDU is taken in: its repeats are repeats from now on."""
        stream = self._streams.setdefault(key, _Stream())
        stream.seen[number, sha256(octets).digest()] = None
        while len(stream.seen) > self._remembered:
            stream.seen.popitem(last=False)
        if (number - stream.expected) % _MODULUS < _HALF:
            stream.expected = (number + 1) % _MODULUS

    def check(self, key: StreamKey, number: int, octets: bytes) -> tuple[Continuity, int]:
        """``judge``, then ``take`` unless it is a repeat; for who keeps nothing on a disk."""
        judged = self.judge(key, number, octets)
        if judged[0] is not Continuity.REPEAT:
            self.take(key, number, octets)
        return judged
