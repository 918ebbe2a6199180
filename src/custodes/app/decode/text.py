"""Octets that come written as text: hex in the usual dumps, base64. Pure.

Hex: digits with or without spaces, colons, commas or 0x; dumps with offsets (xxd, hexdump -C,
hexdump, od -A x -t x1, Wireshark), whose offsets must be the octets' own count.
"""

from __future__ import annotations

import base64
import binascii
import re

from custodes.base.errors import DecodeError

MAX_REPEAT = 16 * 1024 * 1024
_BASE64_TEXT = re.compile(rb"[A-Za-z0-9+/=\s]*")
_OFFSET = re.compile(r"^\s*([0-9A-Fa-f]{4,16})(:?)(?:\s+|$)(.*)$")
_PAIRS = re.compile(r"(?:0[xX])?((?:[0-9A-Fa-f]{2})+)[\s:,;]*")
_FIRST_PAIRS = re.compile(rb"\s*(?:0x)?(?:[0-9A-Fa-f]{2}[\s:,]?){4}")
_SEPARATORS = " \t,:;"
LONG_LINE = 65_536
_PLAIN = re.compile(r"[0-9A-Fa-fxX\s:,;]*")


def looks_hex(first: bytes) -> bool:
    """Whether the first octets of a source are hex written as text (at least one octet of it)."""
    line = first.split(b"\n", 1)[0].strip()
    if not line or not line.isascii():
        return False
    text = line.decode("ascii")
    if _dump_line(text) is not None:
        return True
    return _PLAIN.fullmatch(text) is not None and bool(_PAIRS.match(text))


def begins_hex(first: bytes) -> bool:
    """Text that begins with octets in hex and goes on with something else."""
    return _FIRST_PAIRS.match(first) is not None and first[:80].isascii()


def looks_base64(first: bytes) -> bool:
    """Only base64's alphabet, and long enough that this is no accident."""
    return len(first.strip()) >= 24 and _BASE64_TEXT.fullmatch(first) is not None


def from_base64(octets: bytes) -> bytes | None:
    """The octets, or None where it is no strict base64."""
    packed = b"".join(octets.split())
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return None


class HexReader:
    """Lines of hex in, octets out. Raises DecodeError with the place in the text."""

    def __init__(self) -> None:
        self._line = 0
        self._count = 0
        self._rest = ""
        self._dump: bool | None = None
        self._last = b""
        self._starred = False

    def receive(self, octets: bytes) -> bytes:
        """Octets of the whole lines that are there."""
        try:
            text = self._rest + octets.decode("ascii")
        except UnicodeDecodeError as error:
            raise DecodeError(
                f"line {self._line + 1} of the hex text holds something else", offset=error.start
            ) from None
        *lines, self._rest = text.split("\n")
        pieces = [self._one(line) for line in lines]
        if len(self._rest) > LONG_LINE and not self._dump:
            pieces.append(self._begun())
        return b"".join(pieces)

    def _begun(self) -> bytes:
        """A line without end is no line of a dump: its whole pairs, before it is all there."""
        cut = max(self._rest.rfind(mark) for mark in _SEPARATORS) + 1 or len(self._rest) & ~1
        begun, self._rest = self._rest[:cut], self._rest[cut:]
        self._dump = False
        found = self._plain(begun.strip())
        self._count += len(found)
        return found

    def finish(self) -> bytes:
        line, self._rest = self._rest, ""
        return self._one(line) if line else b""

    def _one(self, line: str) -> bytes:
        self._line += 1
        line = line.strip()
        if not line or line.startswith("#"):
            return b""
        if self._dump and line == "*":
            self._starred = True
            return b""
        found = self._dumped(line) if self._dump is not False else None
        if found is None:
            if self._dump:
                raise self._error("an offset that does not fit the octets before it")
            self._dump = False
            found = self._plain(line)
        self._count += len(found)
        return found

    def _dumped(self, line: str) -> bytes | None:
        parsed = _dump_line(line)
        if parsed is None or (self._dump is None and parsed[0] != 0):
            return None
        offset, octets = parsed
        repeated = b""
        if self._starred and self._last and self._count < offset <= self._count + MAX_REPEAT:
            times = (offset - self._count) // len(self._last)
            repeated = self._last * times
        self._starred = False
        # hexdump pads an odd octet and then writes the true count on its last line.
        if not octets and offset == self._count - 1:
            raise self._error("an odd count of octets in a dump of 16-bit words; use hexdump -C")
        if offset != self._count + len(repeated):
            return None
        self._dump, self._last = True, octets or self._last
        return repeated + octets

    def _plain(self, line: str) -> bytes:
        pos, pieces = 0, []
        while pos < len(line):
            match = _PAIRS.match(line, pos)
            if match is None:
                raise self._error(f"column {pos + 1} is no pair of hex digits")
            pieces.append(match[1])
            pos = match.end()
        return bytes.fromhex("".join(pieces))

    def _error(self, what: str) -> DecodeError:
        return DecodeError(f"line {self._line} of the hex text: {what}", offset=self._count)


def _dump_line(line: str) -> tuple[int, bytes] | None:
    """(offset, octets) of a line of a dump, None where it is none."""
    match = _OFFSET.match(line)
    if match is None:
        return None
    body = match[3].split("|", 1)[0]
    # The text column stands after two spaces or more; the octets' column has single ones,
    # but for the one in the middle of hexdump -C.
    columns = re.split(r"\s{2,}", body.strip())
    digits = columns[0]
    if len(columns) > 1 and len(digits) <= 24 and _is_octets(columns[1]) and "|" in match[3]:
        digits += " " + columns[1]
    if digits and not _is_octets(digits):
        return None
    try:
        octets = bytes.fromhex(digits)
    except ValueError:
        return None
    words = digits.split()
    if not match[2] and len(match[1]) == 7 and words and all(len(word) == 4 for word in words):
        # hexdump without options: 16-bit words of a little-endian machine.
        octets = b"".join([bytes.fromhex(word)[::-1] for word in words])
    return int(match[1], 16), octets


def _is_octets(column: str) -> bool:
    return all(
        len(word) % 2 == 0 and all(c in "0123456789abcdefABCDEF" for c in word)
        for word in column.split()
    )
