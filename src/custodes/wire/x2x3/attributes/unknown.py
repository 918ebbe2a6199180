"""An attribute this release does not know: kept, and sent on as it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from custodes.wire.x2x3.attributes.base import Attribute
from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError


@dataclass(frozen=True, slots=True)
class UnknownAttribute(Attribute):
    """``number`` is its type on the wire, ``value`` its octets (of unknown sensitivity)."""

    number: int
    value: bytes = field(repr=False)

    @property
    def type(self) -> int:
        return self.number

    def to_octets(self) -> bytes:
        if not isinstance(self.value, bytes):
            raise X2X3EncodeError("an unknown attribute takes octets")
        return self.value

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        raise X2X3DecodeError("an unknown attribute is its number and its octets")
