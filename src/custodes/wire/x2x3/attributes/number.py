"""Unsigned integers. TS 103 221-2 clauses 5.3.9 and 5.3.15 to 5.3.17."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from custodes.wire.x2x3.attributes.base import Attribute, unsigned


@dataclass(frozen=True, slots=True)
class NumberAttribute(Attribute):
    """A number as wide as SHORTEST = LONGEST octets."""

    value: int

    def to_octets(self) -> bytes:
        return unsigned(self.value, self.LONGEST, f"attribute {self.type}")

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        cls.check(octets)
        return cls(int.from_bytes(octets, "big"))


class SequenceNumber(NumberAttribute):
    """Counts per context and wraps to 0 (clause 5.3.9)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 8
    NAME: ClassVar[str] = "Sequence Number"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.9, counts per XID, POI and correlation"
    SHORTEST: ClassVar[int] = 4
    LONGEST: ClassVar[int] = 4


class SourcePort(NumberAttribute):
    """Clause 5.3.15."""

    __slots__ = ()
    TYPE: ClassVar[int] = 14
    NAME: ClassVar[str] = "Source Port"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.15, of the packet"
    SHORTEST: ClassVar[int] = 2
    LONGEST: ClassVar[int] = 2


class DestinationPort(NumberAttribute):
    """Clause 5.3.16."""

    __slots__ = ()
    TYPE: ClassVar[int] = 15
    NAME: ClassVar[str] = "Destination Port"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.16, of the packet"
    SHORTEST: ClassVar[int] = 2
    LONGEST: ClassVar[int] = 2


class IPProtocol(NumberAttribute):
    """IANA protocol number (clause 5.3.17)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 16
    NAME: ClassVar[str] = "IP Protocol"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.17, of the packet"
    SHORTEST: ClassVar[int] = 1
    LONGEST: ClassVar[int] = 1
