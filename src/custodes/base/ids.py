"""Identifiers of the field, each a type of its own so that none can stand in for another.

XID, DID: ETSI TS 103 221-1 (UUIDs, lower case on the wire). LIID, CIN: ETSI TS 102 232-1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from custodes.base.errors import CustodesError, DecodeError

# TS 103 280 LIID: 1-25 printable characters, or 26-50 lower-case hexadecimal digits.
_LIID = re.compile(r"[!-~]{1,25}|[0-9a-f]{26,50}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _uuid(name: str, text: str) -> UUID:
    if not _UUID.fullmatch(text):
        raise DecodeError(f"{name} is not a lower-case UUID")
    return UUID(text)


def _made_of(kind: type, value: object, name: str) -> None:
    """Where no type checker looked: an identifier of one kind never becomes one of another."""
    if not isinstance(value, kind) or isinstance(value, bool):
        raise CustodesError(f"{name} is made of {kind.__name__}, not of {type(value).__name__}")


@dataclass(frozen=True, slots=True, order=True)
class XID:
    """Identifier of a task on an element (TS 103 221-1)."""

    value: UUID

    def __post_init__(self) -> None:
        _made_of(UUID, self.value, "XID")

    @classmethod
    def parse(cls, text: str) -> XID:
        return cls(_uuid("XID", text))

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True, order=True)
class DID:
    """Identifier of a delivery destination on an element (TS 103 221-1)."""

    value: UUID

    def __post_init__(self) -> None:
        _made_of(UUID, self.value, "DID")

    @classmethod
    def parse(cls, text: str) -> DID:
        return cls(_uuid("DID", text))

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True, order=True)
class LIID:
    """Lawful interception identifier: one order at one agency (TS 102 232-1)."""

    value: str

    def __post_init__(self) -> None:
        _made_of(str, self.value, "LIID")
        if not _LIID.fullmatch(self.value):
            raise DecodeError(
                "LIID is not 1-25 printable characters or 26-50 lower-case hexadecimal digits"
            )

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class CIN:
    """Communication identity number: one communication of one LIID, 32 bits (TS 102 232-1)."""

    value: int

    def __post_init__(self) -> None:
        _made_of(int, self.value, "CIN")
        if not 0 <= self.value <= 0xFFFF_FFFF:
            raise DecodeError("CIN does not fit in 32 bits")

    def __str__(self) -> str:
        return str(self.value)
