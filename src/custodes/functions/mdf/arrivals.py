"""Which X2 and X3 numbers a side has had (TS 103 221-2 V1.10.1, 5.3.9).

Our own probe sends again what no keepalive has vouched for: what stands behind the number expected
in its context is a repeat, and is dropped. A foreign POI makes no such promise: nothing of it is
ever dropped on a number, a number that went back only says that it began anew.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from custodes.session.x2x3.sequence import MODULUS
from custodes.wire.x2x3.attributes import IPID, NFID, DomainID, SequenceNumber
from custodes.wire.x2x3.attributes.table import octets_by_type
from custodes.wire.x2x3.pdu import PDU

_HEAD = struct.Struct("!H16sQHHH")
_NUMBER, _DOMAIN = SequenceNumber.TYPE, DomainID.TYPE
_NFID, _IPID = NFID.TYPE, IPID.TYPE
_ABSENT = 0xFFFF


class Standing(Enum):
    """Where a PDU stands in the numbers of its context."""

    NEXT = "the number expected, or the first"
    AHEAD = "numbers before it are missing"
    BEHIND = "the numbers of a foreign element went back"
    REPEAT = "had before"
    UNNUMBERED = "without a number"


@dataclass(frozen=True, slots=True)
class Arrival:
    """``context`` and ``following`` are what to remember once the PDU is taken in."""

    standing: Standing
    missing: int = 0
    context: bytes = b""
    following: int = 0


class Arrivals:
    """The numbers expected, over all connections of one side. Not thread-safe.

    At most ``limit`` contexts; beyond it the one unused for longest is dropped and counted.
    """

    def __init__(self, marks: Mapping[bytes, int], limit: int = 100_000) -> None:
        self._expected = dict(marks)
        self._limit = limit
        self.forgotten = 0

    def judge(self, pdu: PDU, *, resends: bool) -> Arrival:
        """Where a PDU stands; changes nothing. ``resends``: its sender keeps our own promise."""
        values = octets_by_type(pdu.attribute_octets)
        octets = values.get(_NUMBER)
        if octets is None:
            return Arrival(Standing.UNNUMBERED)
        got = int.from_bytes(octets, "big")
        context = _key(pdu, values)
        following = (got + 1) % MODULUS
        expected = self._expected.get(context)
        if expected is None or got == expected:
            return Arrival(Standing.NEXT, 0, context, following)
        ahead = (got - expected) % MODULUS
        if ahead < MODULUS // 2:
            return Arrival(Standing.AHEAD, ahead, context, following)
        standing = Standing.REPEAT if resends else Standing.BEHIND
        return Arrival(standing, 0, context, following)

    def take(self, arrival: Arrival) -> None:
        """Remember a PDU that was mediated or refused for good."""
        if not arrival.context or arrival.standing is Standing.REPEAT:
            return
        # Taken out and put back: a dict keeps order, so the first key is the one unused longest.
        self._expected.pop(arrival.context, None)
        self._expected[arrival.context] = arrival.following
        if len(self._expected) > self._limit:
            del self._expected[next(iter(self._expected))]
            self.forgotten += 1


def key(pdu: PDU) -> bytes:
    """The context of a PDU as octets: what its number counts in."""
    return _key(pdu, octets_by_type(pdu.attribute_octets))


def _key(pdu: PDU, values: Mapping[int, bytes]) -> bytes:
    # As session.x2x3.sequence.Context, but octets: it is written to a disk, and made per packet.
    domain, nfid, ipid = values.get(_DOMAIN), values.get(_NFID), values.get(_IPID)
    lengths = (
        _ABSENT if domain is None else len(domain),
        _ABSENT if nfid is None else len(nfid),
        _ABSENT if ipid is None else len(ipid),
    )
    head = _HEAD.pack(pdu.type, pdu.xid.bytes, pdu.correlation_id, *lengths)
    return b"".join((head, domain or b"", nfid or b"", ipid or b""))
