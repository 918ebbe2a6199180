"""Where one message of a stream ends: a measure per kind, and one buffer that cuts by it.

A measure is told a buffer and where in it the message begins (the same place each time), and
returns the message's length once it is known (it may be more than is there), None while it is
not, or raises NoBoundaryError.
"""

from __future__ import annotations

from collections.abc import Callable

from custodes.app.decode.reason import reason
from custodes.base.errors import DecodeError
from custodes.wire.ber.tlv import Extent
from custodes.wire.x2x3.pdu import HEADER_LENGTH, MAX_PDU, SWAPPED_MINORS

MAX_MESSAGE = 16 * 1024 * 1024
PS_PDU_TAG = 0x30
LENGTHS = 12  # octets of an X2/X3 header that tell its PDU's length


class NoBoundaryError(DecodeError):
    """Nothing says where the next message begins; ``expected`` is what would have."""

    def __init__(self, what: str, offset: int, expected: str) -> None:
        super().__init__(what, offset=offset)
        self.expected = expected


Measure = Callable[[bytearray, int], int | None]


def x2x3() -> Measure:
    """Header length and payload length of TS 103 221-2."""

    def measure(buf: bytearray, start: int) -> int | None:
        # Minor version first is one implementation's habit: judged where the PDU is read.
        if len(buf) > start and buf[start] != 0 and not _may_be_swapped(buf, start):
            raise NoBoundaryError(f"major version {buf[start]}", 0, "major version 00")
        if len(buf) - start < LENGTHS:
            return None
        kind = int.from_bytes(buf[start + 2 : start + 4])
        head = int.from_bytes(buf[start + 4 : start + 8])
        size = head + int.from_bytes(buf[start + 8 : start + 12])
        if not 1 <= kind <= 4:
            raise NoBoundaryError(f"PDU type {kind}", 2, "0001 to 0004")
        if head < HEADER_LENGTH or size > MAX_PDU:
            raise NoBoundaryError(f"a header of {head}, a PDU of {size} octets", 4, "40 or more")
        return size

    return measure


def _may_be_swapped(buf: bytearray, start: int) -> bool:
    return buf[start] in SWAPPED_MINORS and (len(buf) == start + 1 or buf[start + 1] == 0)


def ber() -> Measure:
    """One element after another, definite or indefinite lengths."""
    extent: Extent | None = None

    def measure(buf: bytearray, start: int) -> int | None:
        nonlocal extent
        if len(buf) > start and buf[start] != PS_PDU_TAG:
            raise NoBoundaryError(f"octet {buf[start]:02x}", 0, "30, a SEQUENCE")
        if extent is None:
            extent = Extent(start)
        try:
            end = extent.advance(buf, len(buf))
        except DecodeError as error:
            raise NoBoundaryError(reason(error), (error.offset or start) - start, "BER") from None
        if extent.at - start > MAX_MESSAGE:
            what = f"an element of {extent.at - start} octets"
            raise NoBoundaryError(what, 1, f"at most {MAX_MESSAGE}")
        return None if end is None else end - start

    return measure


class Cutter:
    """Octets in, whole messages out, each with its offset in the stream."""

    def __init__(self, make: Callable[[], Measure], offset: int = 0) -> None:
        self._make = make
        self._measure = make()
        self._buffer = bytearray()
        self._start = 0
        self._known: int | None = None
        self.offset = offset

    @property
    def pending(self) -> int:
        """Octets that are not yet part of a message."""
        return len(self._buffer) - self._start

    def receive(self, octets: bytes) -> None:
        self._buffer += octets

    def next(self) -> tuple[int, bytes] | None:
        """(offset, octets) of the next message; raises NoBoundaryError."""
        if self._known is None and self.pending:
            self._known = self._measure(self._buffer, self._start)
            if self._known is None and self._start:
                # Once per message at most: from here on it begins the buffer.
                self._compact()
                self._measure = self._make()
                self._known = self._measure(self._buffer, 0)
            if self._known is None and self.pending > MAX_MESSAGE:
                raise NoBoundaryError("a message without end", 0, f"at most {MAX_MESSAGE} octets")
        if self._known is None or self.pending < self._known:
            if self._known is not None:
                self._compact()
            return None
        stop = self._start + self._known
        found = self.offset, bytes(self._buffer[self._start : stop])
        self.offset += self._known
        self._start, self._known, self._measure = stop, None, self._make()
        return found

    def missing(self) -> int | None:
        """Octets that the message under way still lacks, where its length is known."""
        return None if self._known is None else self._known - self.pending

    def take_all(self) -> tuple[int, bytes]:
        """What is left, as it stands: the message under way is given up."""
        found = self.offset, bytes(self._buffer[self._start :])
        self.offset += len(found[1])
        self._buffer.clear()
        self._start, self._known, self._measure = 0, None, self._make()
        return found

    def _compact(self) -> None:
        if self._start:
            del self._buffer[: self._start]
            self._start = 0
