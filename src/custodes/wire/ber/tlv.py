"""Tag, length, value (X.690 clause 8.1): reading any legal form, writing the shortest one.

A tag is one int here: the class in bits 31-30, the number below. Long forms of a length and
indefinite lengths are read; every length is bounded by what contains it.
"""

from __future__ import annotations

from custodes.wire.ber.errors import BERDecodeError

MAX_DEPTH = 64
MAX_TAG_OCTETS = 4
MAX_LENGTH_OCTETS = 8
INDEFINITE = -1

_CONTEXT = 0x80 << 24


def context(number: int) -> int:
    """The tag [number], context class."""
    return _CONTEXT | number


def tag_text(tag: int) -> str:
    """For messages: ``[4]`` or ``universal 16``."""
    name = ("universal ", "application ", "", "private ")[tag >> 30]
    number = tag & 0x3FFF_FFFF
    return f"{name}{number}" if name else f"[{number}]"


def peek(buf: bytes | bytearray, pos: int, limit: int) -> tuple[int, bool, int, int] | None:
    """(tag, constructed, length or INDEFINITE, start of contents); None: header not whole yet."""
    if pos >= limit:
        return None
    first = buf[pos]
    at = pos + 1
    number = first & 0x1F
    if number == 0x1F:
        number = 0
        for _ in range(MAX_TAG_OCTETS):
            if at >= limit:
                return None
            octet = buf[at]
            at += 1
            number = number << 7 | octet & 0x7F
            if not octet & 0x80:
                break
        else:
            raise BERDecodeError("a tag number is too long", offset=pos)
    if at >= limit:
        return None
    length = buf[at]
    at += 1
    if length & 0x80:
        count = length & 0x7F
        if count == 0:
            if not first & 0x20:
                raise BERDecodeError("a primitive element has an indefinite length", offset=pos)
            return (first & 0xC0) << 24 | number, True, INDEFINITE, at
        if count == 0x7F:
            raise BERDecodeError("a length has a reserved form", offset=pos)
        if at + count > limit:
            return None
        length = int.from_bytes(buf[at : at + count], "big")
        at += count
        if length >> 8 * MAX_LENGTH_OCTETS:
            raise BERDecodeError("a length is beyond any container", offset=pos)
    return (first & 0xC0) << 24 | number, bool(first & 0x20), length, at


class Extent:
    """Finds the end of one TLV in octets that still arrive; never looks twice at an octet.

    ``end`` is None until the whole element is there. Contents of definite elements are skipped,
    not checked.
    """

    def __init__(self, pos: int = 0) -> None:
        self.at = pos
        self.end: int | None = None
        self._open = 0

    def advance(self, buf: bytes | bytearray, limit: int) -> int | None:
        """Offset after the element (it may lie beyond ``limit``), or None for "need more"."""
        while self.end is None:
            if self._open and self.at + 2 <= limit and buf[self.at] == buf[self.at + 1] == 0:
                self.at += 2
                self._open -= 1
            else:
                header = peek(buf, self.at, limit)
                if header is None:
                    return None
                tag, _, length, start = header
                if tag == 0:
                    raise BERDecodeError("end-of-contents where none belongs", offset=self.at)
                if length == INDEFINITE:
                    self._open += 1
                    if self._open > MAX_DEPTH:
                        raise BERDecodeError("indefinite lengths nest too deep", offset=self.at)
                    self.at = start
                else:
                    self.at = start + length
            if not self._open:
                self.end = self.at
        return self.end


def header(buf: bytes, pos: int, limit: int) -> tuple[int, bool, int, int, int]:
    """(tag, constructed, start and end of the contents, offset after the element)."""
    found = peek(buf, pos, limit)
    if found is None:
        raise BERDecodeError("an element ends before its length does", offset=pos)
    tag, constructed, length, start = found
    if tag == 0:
        raise BERDecodeError("end-of-contents where none belongs", offset=pos)
    if length == INDEFINITE:
        after = Extent(pos).advance(buf, limit)
        if after is None or after > limit:
            raise BERDecodeError("an indefinite length without its end", offset=pos)
        return tag, True, start, after - 2, after
    end = start + length
    if end > limit:
        raise BERDecodeError("a length is beyond its container", offset=pos)
    return tag, constructed, start, end, end


def identifier(tag: int, constructed: bool) -> bytes:
    """The identifier octets of a tag (8.1.2)."""
    first = tag >> 24 & 0xC0 | (0x20 if constructed else 0)
    number = tag & 0x3FFF_FFFF
    if number < 0x1F:
        return bytes((first | number,))
    tail = bytearray((number & 0x7F,))
    while number := number >> 7:
        tail.append(0x80 | number & 0x7F)
    return bytes((first | 0x1F,)) + bytes(reversed(tail))


def length_octets(length: int) -> bytes:
    """The shortest definite length (8.1.3; 10.1 for DER)."""
    if length < 0x80:
        return bytes((length,))
    count = (length.bit_length() + 7) // 8
    return bytes((0x80 | count,)) + length.to_bytes(count, "big")
