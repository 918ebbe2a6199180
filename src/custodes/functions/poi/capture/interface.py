"""What a pcapng interface description says: link type and unit of time (if_tsresol)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from custodes.base.errors import DecodeError

OPTION_END = 0
OPTION_TSRESOL = 9
OPTION_TSOFFSET = 14


@dataclass(frozen=True, slots=True)
class Interface:
    """``units_per_second`` of the 64-bit time of its packets; ``offset_s`` is added to it."""

    linktype: int
    snapshot_length: int = 0
    units_per_second: int = 1_000_000
    offset_s: int = 0

    def timestamp_ns(self, units: int) -> int:
        return units * 1_000_000_000 // self.units_per_second + self.offset_s * 1_000_000_000


def options(octets: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Code and value of each option; raises DecodeError where one leaves its block."""
    offset = 0
    while offset + 4 <= len(octets):
        code, length = struct.unpack_from(f"{order}HH", octets, offset)
        if code == OPTION_END:
            return
        offset += 4
        if offset + length > len(octets):
            raise DecodeError("a pcapng option leaves its block")
        yield code, octets[offset : offset + length]
        offset += (length + 3) & ~3


def read_interface(body: bytes, order: str) -> Interface:
    """Body of an Interface Description Block."""
    if len(body) < 8:
        raise DecodeError("a pcapng interface description is too short")
    linktype, _reserved, snapshot_length = struct.unpack_from(f"{order}HHI", body)
    units, offset_s = 1_000_000, 0
    for code, value in options(body[8:], order):
        if code == OPTION_TSRESOL and len(value) == 1:
            base = 2 if value[0] & 0x80 else 10
            units = base ** (value[0] & 0x7F)
        elif code == OPTION_TSOFFSET and len(value) == 8:
            (offset_s,) = struct.unpack(f"{order}q", value)
    return Interface(linktype, snapshot_length, units, offset_s)
