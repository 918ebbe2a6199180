"""Attributes whose value the standard leaves to others. TS 103 221-2 clauses 5.3.2 to 5.3.8."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from custodes.wire.x2x3.attributes.base import Attribute
from custodes.wire.x2x3.errors import X2X3EncodeError


@dataclass(frozen=True, slots=True)
class OctetsAttribute(Attribute):
    """Octets carried as they are."""

    value: bytes

    def to_octets(self) -> bytes:
        if not isinstance(self.value, bytes):
            raise X2X3EncodeError(f"attribute {self.type} takes octets")
        return self.value

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        return cls(octets)


class ETSITS102232Part1Defined(OctetsAttribute):
    """Defined in ETSI TS 102 232-1 (clause 5.3.2)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 1
    NAME: ClassVar[str] = "ETSI TS 102 232-1 Defined Attribute"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.2, defined there"


class TS33128Defined(OctetsAttribute):
    """Defined in 3GPP TS 33.128 (clause 5.3.3)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 2
    NAME: ClassVar[str] = "3GPP TS 33.128 Defined Attribute"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.3, defined there"


class TS33108Defined(OctetsAttribute):
    """Defined in 3GPP TS 33.108 (clause 5.3.4)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 3
    NAME: ClassVar[str] = "3GPP TS 33.108 Defined Attribute"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.4, defined there"


class Proprietary(OctetsAttribute):
    """Agreed between two vendors (clause 5.3.5)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 4
    NAME: ClassVar[str] = "Proprietary Attribute"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.5, known to the two sides only"


class DomainID(OctetsAttribute):
    """Domain identifier (clause 5.3.6)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 5
    NAME: ClassVar[str] = "Domain ID"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.6, which domain the POI belongs to"


class NFID(OctetsAttribute):
    """Network function identifier (clause 5.3.7); goes to pSHeader [10]."""

    __slots__ = ()
    TYPE: ClassVar[int] = 6
    NAME: ClassVar[str] = "NFID"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.7, network function ID: which function it was"


class IPID(OctetsAttribute):
    """Interception point identifier (clause 5.3.8); goes to pSHeader [9]."""

    __slots__ = ()
    TYPE: ClassVar[int] = 7
    NAME: ClassVar[str] = "IPID"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.8, interception point ID: which point within it"
