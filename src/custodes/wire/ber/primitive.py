"""Primitive types of X.690 clauses 8.2-8.10 and 8.19-8.20 and their Python values."""

from __future__ import annotations

from typing import Any

from custodes.wire.ber.errors import BERDecodeError, BEREncodeError
from custodes.wire.ber.node import Node

MAX_INTEGER_OCTETS = 64
"""More than any field has; without a bound a peer's number could be one that Python refuses to
write down in decimal, wherever that is done first."""


class _Primitive(Node):
    __slots__ = ()

    def contents(self, start: int, constructed: bool) -> None:
        if constructed:
            raise BERDecodeError("a primitive type comes constructed", offset=start)


class Boolean(_Primitive):
    """bool; any octet but 0 reads as True."""

    __slots__ = ()
    tag = 1

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> bool:
        self.contents(start, constructed)
        if end - start != 1:
            raise BERDecodeError("a BOOLEAN is not one octet", offset=start)
        return buf[start] != 0

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, bool):
            raise BEREncodeError("not a bool")
        return b"\xff" if value else b"\0"


class Null(_Primitive):
    """None."""

    __slots__ = ()
    tag = 5

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> None:
        self.contents(start, constructed)
        if end != start:
            raise BERDecodeError("a NULL has contents", offset=start)

    def encode(self, value: Any) -> bytes:
        if value is not None:
            raise BEREncodeError("not None")
        return b""


class Integer(_Primitive):
    """int; the bounds of the module hold for what we write, a reader takes any value."""

    __slots__ = ("high", "low")
    tag = 2

    def __init__(self, low: int | None = None, high: int | None = None) -> None:
        self.low, self.high = low, high

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> int:
        self.contents(start, constructed)
        if not 0 < end - start <= MAX_INTEGER_OCTETS:
            raise BERDecodeError("an INTEGER is empty or too long", offset=start)
        return int.from_bytes(buf[start:end], "big", signed=True)

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, int) or isinstance(value, bool):
            raise BEREncodeError("not an int")
        if self.low is not None and value < self.low:
            raise BEREncodeError(f"below {self.low}")
        if self.high is not None and value > self.high:
            raise BEREncodeError(f"above {self.high}")
        return integer_octets(value)


class Enumerated(_Primitive):
    """str; a number the module does not know reads as int and is written back as such."""

    __slots__ = ("names", "numbers")
    tag = 10

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers
        self.names = {number: name for name, number in numbers.items()}

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> str | int:
        self.contents(start, constructed)
        if not 0 < end - start <= MAX_INTEGER_OCTETS:
            raise BERDecodeError("an ENUMERATED is empty or too long", offset=start)
        number = int.from_bytes(buf[start:end], "big", signed=True)
        return self.names.get(number, number)

    def encode(self, value: Any) -> bytes:
        if isinstance(value, str):
            number = self.numbers.get(value)
            if number is None:
                raise BEREncodeError("a name the ENUMERATED does not have")
            return integer_octets(number)
        if not isinstance(value, int) or isinstance(value, bool):
            raise BEREncodeError("neither a name nor a number")
        return integer_octets(value)


class ObjectIdentifier(_Primitive):
    """tuple[int, ...]; ``relative``: RELATIVE-OID, without the joined first arc (8.20)."""

    __slots__ = ("relative", "tag")

    def __init__(self, relative: bool) -> None:
        self.relative = relative
        self.tag = 13 if relative else 6

    def decode(
        self, buf: bytes, start: int, end: int, constructed: bool, depth: int
    ) -> tuple[int, ...]:
        self.contents(start, constructed)
        if start == end or buf[end - 1] & 0x80:
            raise BERDecodeError("an object identifier is empty or breaks off", offset=start)
        arcs: list[int] = []
        arc = 0
        for octet in buf[start:end]:
            arc = arc << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(arc)
                arc = 0
            elif arc >> 128:
                raise BERDecodeError("an object identifier has an endless arc", offset=start)
        if self.relative:
            return tuple(arcs)
        first = min(arcs[0] // 40, 2)
        return (first, arcs[0] - 40 * first, *arcs[1:])

    def encode(self, value: Any) -> bytes:
        arcs = value if isinstance(value, tuple) else ()
        if not arcs or any(not isinstance(arc, int) or arc < 0 for arc in arcs):
            raise BEREncodeError("not a tuple of arcs")
        if not self.relative:
            if len(arcs) < 2 or arcs[0] > 2 or (arcs[0] < 2 and arcs[1] > 39):
                raise BEREncodeError("not the arcs of an object identifier")
            arcs = (arcs[0] * 40 + arcs[1], *arcs[2:])
        return b"".join(map(_arc, arcs))


def integer_octets(value: int) -> bytes:
    """Two's complement in the fewest octets (8.3)."""
    bits = value.bit_length() if value >= 0 else (value + 1).bit_length()
    return value.to_bytes(bits // 8 + 1, "big", signed=True)


def _arc(arc: int) -> bytes:
    octets = bytearray((arc & 0x7F,))
    while arc := arc >> 7:
        octets.append(0x80 | arc & 0x7F)
    return bytes(reversed(octets))
