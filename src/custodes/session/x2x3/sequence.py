"""Sequence numbers of X2 and X3, and what is missing between them.

ETSI TS 103 221-2 V1.10.1 clause 5.3.9: they count per XID, domain, NFID, IPID and correlation id,
X2 and X3 apart, and wrap to 0. A context outlives a connection, so neither class belongs to one.
Neither locks: share one between threads only under a lock of your own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from custodes.wire.x2x3.attributes import IPID, NFID, DomainID, SequenceNumber
from custodes.wire.x2x3.attributes.table import octets_by_type
from custodes.wire.x2x3.pdu import PDU
from custodes.wire.x2x3.types import PDUType

MODULUS = 1 << 32

_DOMAIN_ID = DomainID.TYPE
_NFID = NFID.TYPE
_IPID = IPID.TYPE
_SEQUENCE_NUMBER = SequenceNumber.TYPE


class Context(NamedTuple):
    """What one count belongs to; an identifier that is not sent is None."""

    type: PDUType
    xid: UUID
    domain_id: bytes | None
    nfid: bytes | None
    ipid: bytes | None
    correlation_id: int

    @classmethod
    def of(cls, pdu: PDU) -> Self:
        """The context a PDU counts in."""
        return cls._from(pdu, octets_by_type(pdu.attribute_octets))

    @classmethod
    def _from(cls, pdu: PDU, values: dict[int, bytes]) -> Self:
        return cls(
            pdu.type,
            pdu.xid,
            values.get(_DOMAIN_ID),
            values.get(_NFID),
            values.get(_IPID),
            pdu.correlation_id,
        )


class SequenceNumbers:
    """The sender's counters. A context not seen before starts at 0."""

    def __init__(self) -> None:
        self._next: dict[Context, int] = {}

    def next(self, context: Context) -> int:
        """The number for the next PDU of a context."""
        number = self._next.get(context, 0)
        self._next[context] = (number + 1) % MODULUS
        return number

    def release(self, context: Context) -> None:
        """Forget a context that ended; used again, it starts at 0, and the receiver sees that."""
        self._next.pop(context, None)

    def release_xid(self, xid: UUID) -> None:
        """Forget every context of a task that ended."""
        for context in [c for c in self._next if c.xid == xid]:
            del self._next[context]

    def __len__(self) -> int:
        return len(self._next)


@dataclass(frozen=True, slots=True)
class GapDetected:
    """The number that came is not the one expected."""

    context: Context
    expected: int
    got: int

    @property
    def missing(self) -> int:
        """How many PDUs are lost; 0 where the count went back (a repeat, or a sender restarted)."""
        ahead = (self.got - self.expected) % MODULUS
        return ahead if ahead < MODULUS // 2 else 0


class GapDetector:
    """The receiver's memory of every context, at most ``limit`` of them.

    The first number seen in a context is taken as it is: what was sent before cannot be known.
    After a gap the count goes on from what came. Beyond ``limit`` the context unused for longest
    is dropped and counted in ``forgotten``; ``unnumbered`` counts PDUs without a sequence number.
    """

    def __init__(self, limit: int = 100_000) -> None:
        self._limit = limit
        self._expected: dict[Context, int] = {}
        self.forgotten = 0
        self.unnumbered = 0

    def check(self, pdu: PDU) -> GapDetected | None:
        """Count a PDU in; says what is missing before it."""
        values = octets_by_type(pdu.attribute_octets)
        octets = values.get(_SEQUENCE_NUMBER)
        if octets is None:
            self.unnumbered += 1
            return None
        got = int.from_bytes(octets, "big")
        context = Context._from(pdu, values)
        # Taken out and put back: a dict keeps order, so the first key is the one unused longest.
        expected = self._expected.pop(context, None)
        self._expected[context] = (got + 1) % MODULUS
        if expected is None:
            self._make_room()
            return None
        return None if got == expected else GapDetected(context, expected, got)

    def release_xid(self, xid: UUID) -> None:
        """Forget every context of a task that ended."""
        for context in [c for c in self._expected if c.xid == xid]:
            del self._expected[context]

    def __len__(self) -> int:
        return len(self._expected)

    def _make_room(self) -> None:
        if len(self._expected) > self._limit:
            del self._expected[next(iter(self._expected))]
            self.forgotten += 1
