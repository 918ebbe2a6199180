"""Strings (X.690 8.6, 8.7, 8.23, 8.25): read primitive or in segments, written primitive."""

from __future__ import annotations

from typing import Any

from custodes.wire.ber.errors import BERDecodeError, BEREncodeError
from custodes.wire.ber.node import Node
from custodes.wire.ber.tlv import MAX_DEPTH, header

_NUMERIC = frozenset("0123456789 ")
_PRINTABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")
_TIME = frozenset("0123456789.,Z+-")
_VISIBLE = frozenset(map(chr, range(0x20, 0x7F)))


def segments(buf: bytes, start: int, end: int, tag: int, depth: int) -> list[bytes]:
    """The primitive pieces of a string in constructed form, in order."""
    if depth > MAX_DEPTH:
        raise BERDecodeError("elements nest too deep", offset=start)
    found: list[bytes] = []
    pos = start
    while pos < end:
        inner, constructed, first, last, pos = header(buf, pos, end)
        if inner != tag:
            raise BERDecodeError("a segment of a string is of another type", offset=first)
        if constructed:
            found += segments(buf, first, last, tag, depth + 1)
        else:
            found.append(buf[first:last])
    return found


class OctetString(Node):
    """bytes; bounds count octets."""

    __slots__ = ("high", "low")
    tag = 4

    def __init__(self, low: int | None = None, high: int | None = None) -> None:
        self.low, self.high = low, high

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> bytes:
        if constructed:
            return b"".join(segments(buf, start, end, 4, depth))
        return bytes(buf[start:end])

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, bytes):
            raise BEREncodeError("not bytes")
        check_size(len(value), self.low, self.high, "octets")
        return value


class BitString(Node):
    """(value, number of bits): the bits as one big-endian int."""

    __slots__ = ("high", "low")
    tag = 3

    def __init__(self, low: int | None = None, high: int | None = None) -> None:
        self.low, self.high = low, high

    def decode(
        self, buf: bytes, start: int, end: int, constructed: bool, depth: int
    ) -> tuple[int, int]:
        pieces = segments(buf, start, end, 3, depth) if constructed else [buf[start:end]]
        if not pieces:
            return 0, 0
        if not all(pieces) or any(piece[0] for piece in pieces[:-1]):
            raise BERDecodeError("a BIT STRING does not say its unused bits", offset=start)
        unused = pieces[-1][0]
        octets = b"".join(piece[1:] for piece in pieces)
        if unused > 7 or (unused and not octets):
            raise BERDecodeError("a BIT STRING has impossible unused bits", offset=start)
        return int.from_bytes(octets, "big") >> unused, len(octets) * 8 - unused

    def encode(self, value: Any) -> bytes:
        if not (
            isinstance(value, tuple) and len(value) == 2 and all(isinstance(v, int) for v in value)
        ):
            raise BEREncodeError("not (value, number of bits)")
        number, bits = value
        if bits < 0 or number < 0 or number >> bits:
            raise BEREncodeError("a value that does not fit in its bits")
        check_size(bits, self.low, self.high, "bits")
        unused = -bits % 8
        octets: bytes = (number << unused).to_bytes((bits + 7) // 8, "big")
        return bytes((unused,)) + octets


class CharacterString(Node):
    """str in UTF-8 or ASCII; what a NumericString may hold is checked when writing only."""

    __slots__ = ("alphabet", "encoding", "high", "low", "tag")

    def __init__(
        self,
        tag: int,
        encoding: str,
        alphabet: frozenset[str] | None,
        low: int | None = None,
        high: int | None = None,
    ) -> None:
        self.tag, self.encoding, self.alphabet = tag, encoding, alphabet
        self.low, self.high = low, high

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> str:
        octets = buf[start:end]
        if constructed:
            # 8.23.6: segments are OCTET STRINGs; some writers repeat the tag of the string.
            first = header(buf, start, end)[0] if start < end else 4
            kind = self.tag if first == self.tag else 4
            octets = b"".join(segments(buf, start, end, kind, depth))
        try:
            return str(octets, self.encoding)
        except UnicodeDecodeError:
            raise BERDecodeError("a string is not in its character set", offset=start) from None

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise BEREncodeError("not a str")
        if self.alphabet is not None and not self.alphabet.issuperset(value):
            raise BEREncodeError("a character outside the alphabet of the type")
        check_size(len(value), self.low, self.high, "characters")
        try:
            return value.encode(self.encoding)
        except UnicodeEncodeError:
            raise BEREncodeError("a character outside the character set") from None


def check_size(size: int, low: int | None, high: int | None, what: str) -> None:
    """Refuse to write a string whose size the module does not allow."""
    if low is not None and size < low:
        raise BEREncodeError(f"fewer than {low} {what}")
    if high is not None and size > high:
        raise BEREncodeError(f"more than {high} {what}")


def character_string(name: str, low: int | None = None, high: int | None = None) -> CharacterString:
    """The node of an ASN.1 character or time type."""
    tag, encoding, alphabet = {
        "UTF8String": (12, "utf-8", None),
        "NumericString": (18, "ascii", _NUMERIC),
        "PrintableString": (19, "ascii", _PRINTABLE),
        "IA5String": (22, "ascii", None),
        "UTCTime": (23, "ascii", _TIME),
        "GeneralizedTime": (24, "ascii", _TIME),
        "VisibleString": (26, "ascii", _VISIBLE),
    }[name]
    return CharacterString(tag, encoding, alphabet, low, high)
