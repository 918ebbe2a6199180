"""When the event or content was intercepted. TS 103 221-2 clause 5.3.10."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from custodes.wire.x2x3.attributes.base import Attribute
from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError

_SECOND = 1_000_000_000
_SECOND_OCTETS = _SECOND.to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Timestamp(Attribute):
    """``ns`` nanoseconds since 1970-01-01 UTC; on the wire 4 octets of s and 4 of ns."""

    TYPE: ClassVar[int] = 9
    NAME: ClassVar[str] = "Timestamp"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.10, when it was intercepted"
    SHORTEST: ClassVar[int] = 8
    LONGEST: ClassVar[int] = 8

    ns: int

    def to_octets(self) -> bytes:
        seconds, nanoseconds = divmod(self.ns, _SECOND)
        try:
            return ((seconds << 32) | nanoseconds).to_bytes(8, "big")
        except (OverflowError, TypeError) as error:
            raise X2X3EncodeError("timestamp is not within 32 bits of seconds") from error

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        cls.check(octets)
        return cls(int.from_bytes(octets[:4], "big") * _SECOND + int.from_bytes(octets[4:], "big"))

    @classmethod
    def check(cls, octets: bytes) -> None:
        if len(octets) != 8 or octets[4:] >= _SECOND_OCTETS:
            raise X2X3DecodeError("timestamp is not seconds and less than a second in nanoseconds")
