"""The shape every conditional attribute shares. ETSI TS 103 221-2 V1.10.1 clause 5.3.1.

On the wire: type (2 octets), length (2 octets), value; no padding. A class names its type and the
bounds of its value's length; ``to_octets`` and ``from_octets`` are the value's two directions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Self

from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError

LONGEST = 0xFFFF


class Attribute(ABC):
    """One conditional attribute; subclasses are frozen values.

    ``NAME`` is the standard's, ``NOTE`` the clause and what it means in a few words of our own.
    """

    __slots__ = ()

    TYPE: ClassVar[int]
    NAME: ClassVar[str]
    NOTE: ClassVar[str]
    SHORTEST: ClassVar[int] = 0
    LONGEST: ClassVar[int] = LONGEST

    @property
    def type(self) -> int:
        """The attribute type on the wire."""
        return self.TYPE

    @abstractmethod
    def to_octets(self) -> bytes:
        """The value's octets; X2X3EncodeError where it cannot be sent."""

    @classmethod
    @abstractmethod
    def from_octets(cls, octets: bytes) -> Self:
        """The value behind octets whose length is within bounds; X2X3DecodeError otherwise."""

    @classmethod
    def check(cls, octets: bytes) -> None:
        """Refuse octets that ``from_octets`` would refuse, without building a value."""
        if not cls.SHORTEST <= len(octets) <= cls.LONGEST:
            raise X2X3DecodeError(f"attribute {cls.TYPE} has a length of {len(octets)}")


def unsigned(value: int, octets: int, name: str) -> bytes:
    """Big-endian unsigned integer of a set width, or X2X3EncodeError."""
    try:
        return value.to_bytes(octets, "big")
    except (OverflowError, AttributeError, TypeError) as error:
        raise X2X3EncodeError(f"{name} is not an unsigned integer of {octets} octets") from error
