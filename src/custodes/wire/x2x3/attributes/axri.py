"""Additional XID related information (AXRI). TS 103 221-2 clause 5.3.22.

One PDU that serves several tasks names the others here: XID (16 octets), correlation id (8) and,
where that task counts, its sequence number (4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self
from uuid import UUID

from custodes.wire.x2x3.attributes.base import Attribute, unsigned
from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError

_WITHOUT_NUMBER = 24
_WITH_NUMBER = 28


@dataclass(frozen=True, slots=True)
class AdditionalXIDRelatedInformation(Attribute):
    """Another task this PDU belongs to. Repeatable."""

    TYPE: ClassVar[int] = 21
    NAME: ClassVar[str] = "Additional XID Related Information"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.22, the same product counts for this XID too"
    SHORTEST: ClassVar[int] = _WITHOUT_NUMBER
    LONGEST: ClassVar[int] = _WITH_NUMBER

    xid: UUID
    correlation_id: int
    sequence_number: int | None = None

    def to_octets(self) -> bytes:
        if not isinstance(self.xid, UUID):
            raise X2X3EncodeError("AXRI takes a UUID as XID")
        octets = self.xid.bytes + unsigned(self.correlation_id, 8, "correlation id of AXRI")
        if self.sequence_number is None:
            return octets
        return octets + unsigned(self.sequence_number, 4, "sequence number of AXRI")

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        cls.check(octets)
        return cls(
            UUID(bytes=octets[:16]),
            int.from_bytes(octets[16:24], "big"),
            int.from_bytes(octets[24:], "big") if len(octets) == _WITH_NUMBER else None,
        )

    @classmethod
    def check(cls, octets: bytes) -> None:
        if len(octets) not in (_WITHOUT_NUMBER, _WITH_NUMBER):
            raise X2X3DecodeError("AXRI is neither 24 nor 28 octets")
