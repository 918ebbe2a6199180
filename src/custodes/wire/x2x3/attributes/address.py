"""Addresses of the intercepted packet. TS 103 221-2 clauses 5.3.11 to 5.3.14."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import ClassVar, Self

from custodes.wire.x2x3.attributes.base import Attribute
from custodes.wire.x2x3.errors import X2X3EncodeError


@dataclass(frozen=True, slots=True)
class IPv4Attribute(Attribute):
    """4 octets."""

    SHORTEST: ClassVar[int] = 4
    LONGEST: ClassVar[int] = 4

    value: IPv4Address = field(repr=False)

    def to_octets(self) -> bytes:
        if not isinstance(self.value, IPv4Address):
            raise X2X3EncodeError(f"attribute {self.type} takes an IPv4Address")
        return self.value.packed

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        cls.check(octets)
        return cls(IPv4Address(octets))


@dataclass(frozen=True, slots=True)
class IPv6Attribute(Attribute):
    """16 octets."""

    SHORTEST: ClassVar[int] = 16
    LONGEST: ClassVar[int] = 16

    value: IPv6Address = field(repr=False)

    def to_octets(self) -> bytes:
        if not isinstance(self.value, IPv6Address):
            raise X2X3EncodeError(f"attribute {self.type} takes an IPv6Address")
        return self.value.packed

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        cls.check(octets)
        return cls(IPv6Address(octets))


class SourceIPv4Address(IPv4Attribute):
    """Clause 5.3.11."""

    __slots__ = ()
    TYPE: ClassVar[int] = 10
    NAME: ClassVar[str] = "Source IPv4 Address"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.11, of the packet"


class DestinationIPv4Address(IPv4Attribute):
    """Clause 5.3.12."""

    __slots__ = ()
    TYPE: ClassVar[int] = 11
    NAME: ClassVar[str] = "Destination IPv4 Address"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.12, of the packet"


class SourceIPv6Address(IPv6Attribute):
    """Clause 5.3.13."""

    __slots__ = ()
    TYPE: ClassVar[int] = 12
    NAME: ClassVar[str] = "Source IPv6 Address"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.13, of the packet"


class DestinationIPv6Address(IPv6Attribute):
    """Clause 5.3.14."""

    __slots__ = ()
    TYPE: ClassVar[int] = 13
    NAME: ClassVar[str] = "Destination IPv6 Address"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.14, of the packet"
