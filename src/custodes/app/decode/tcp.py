"""TCP (RFC 9293) put together again, each direction for itself. Pure; bounded memory.

Retransmissions and overlaps are cut, what comes early waits, what never comes is a gap whose size
is known. The capture's order is not trusted, its losses are said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from custodes.functions.poi.packet.unreadable import UnreadableError

PROTOCOL = 6
MAX_WAITING = 1 << 20
MAX_SEGMENTS = 4096
# A capture that begins within a connection: so many segments show which one is the first.
UNDECIDED = 3
_MODULUS = 1 << 32
_FIN, _SYN, _RST = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Segment:
    source_port: int
    destination_port: int
    sequence: int
    syn: bool
    fin: bool
    rst: bool
    payload: bytes


def parse(octets: bytes) -> Segment:
    """One TCP segment; raises UnreadableError."""
    if len(octets) < 20:
        raise UnreadableError("short TCP header")
    header = (octets[12] >> 4) * 4
    if not 20 <= header <= len(octets):
        raise UnreadableError("TCP header length")
    flags = octets[13]
    return Segment(
        int.from_bytes(octets[0:2]),
        int.from_bytes(octets[2:4]),
        int.from_bytes(octets[4:8]),
        bool(flags & _SYN),
        bool(flags & _FIN),
        bool(flags & _RST),
        octets[header:],
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """Octets that the capture does not have."""

    count: int


@dataclass(slots=True)
class Direction:
    """One direction of a connection: segments in, octets and gaps out, in order."""

    _first: int | None = None
    _next: int | None = None
    _waiting: dict[int, bytes] = field(default_factory=dict)
    _held: int = 0
    _end: int | None = None

    @property
    def held(self) -> int:
        """Octets that came early and wait."""
        return self._held

    @property
    def finished(self) -> bool:
        """FIN was seen and everything before it is out."""
        return self._end is not None and self._end == self._next

    def starts_anew(self, segment: Segment) -> bool:
        """A SYN that belongs to another connection on the same ports."""
        return segment.syn and self._first not in (None, (segment.sequence + 1) % _MODULUS)

    def take(self, segment: Segment) -> Iterator[bytes | Gap]:
        first = (segment.sequence + segment.syn) % _MODULUS
        if segment.fin:
            self._end = (first + len(segment.payload)) % _MODULUS
        if segment.syn and self._next is None:
            self._first = self._next = first
        if self._next is None:
            self._wait(first, segment.payload)
            if len(self._waiting) >= UNDECIDED:
                yield from self._begin()
        elif segment.payload:
            yield from self._data(first, segment.payload)
        if segment.syn:
            yield from self._drain()

    def _begin(self) -> Iterator[bytes | Gap]:
        """Without a SYN the lowest sequence number seen is the first."""
        some = next(iter(self._waiting))
        self._first = self._next = min(self._waiting, key=lambda first: _ahead(first, some))
        yield from self._drain()

    def _wait(self, first: int, payload: bytes) -> None:
        known = self._waiting.get(first)
        if payload and (known is None or len(known) < len(payload)):
            self._held += len(payload) - len(known or b"")
            self._waiting[first] = payload

    def _data(self, first: int, payload: bytes) -> Iterator[bytes | Gap]:
        assert self._next is not None  # noqa: S101 - take() has set it
        ahead = _ahead(first, self._next)
        if ahead > 0:
            self._wait(first, payload)
            while self._held > MAX_WAITING or len(self._waiting) > MAX_SEGMENTS:
                yield from self._jump()
            return
        if -ahead < len(payload):
            yield self._deliver(payload[-ahead:])
            yield from self._drain()

    def _deliver(self, octets: bytes) -> bytes:
        self._next = ((self._next or 0) + len(octets)) % _MODULUS
        return octets

    def _drain(self) -> Iterator[bytes]:
        """What waited and is due now."""
        while self._waiting:
            payload = self._waiting.pop(self._next or 0, None)
            if payload is None:
                first = self._lowest()
                ahead = _ahead(first, self._next or 0)
                if ahead > 0:
                    return
                payload = self._waiting.pop(first)
                self._held -= len(payload)
                if -ahead < len(payload):
                    yield self._deliver(payload[-ahead:])
            else:
                self._held -= len(payload)
                yield self._deliver(payload)

    def _lowest(self) -> int:
        return min(self._waiting, key=lambda first: _ahead(first, self._next or 0))

    def _jump(self) -> Iterator[bytes | Gap]:
        """Give up what is missing before the first octets that wait."""
        first = self._lowest()
        yield Gap(_ahead(first, self._next or 0))
        self._next = first
        yield from self._drain()

    def flush(self) -> Iterator[bytes | Gap]:
        """Nothing more will come: what waits, with the gaps before it."""
        if self._next is None and self._waiting:
            yield from self._begin()
        while self._waiting:
            yield from self._jump()
        if self._end is not None and self._next is not None:
            missing = _ahead(self._end, self._next)
            if missing > 0:
                yield Gap(missing)


def _ahead(sequence: int, of: int) -> int:
    """How far ``sequence`` is ahead of ``of`` (negative: behind), the number's wrap included."""
    return (sequence - of + (_MODULUS >> 1)) % _MODULUS - (_MODULUS >> 1)
