"""The octets of the journal: a header, then one frame per value that arrived. Pure.

```
header  magic 8 | version 4 | salt 16 | CRC-32 of those 28
frame   marker 4 | octets n 4 | arrival 8 | synced 8 | name m 1 | CRC-32 4 | peer m | octets n
```
Numbers are big-endian. ``arrival`` is nanoseconds since 1970. ``synced`` is how much of the journal
was known to be on the disk when the frame was written: it tells damage from a torn end. The CRC
covers salt, header, peer and octets. The salt is random and in no frame, so that nobody whose
traffic is recorded can send what would look like a frame.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from struct import Struct

MARKER = b"\xf5CJ\x1e"
SALT_OCTETS = 16
MAX_OCTETS = 16 * 1024 * 1024

_MAGIC = b"CUSTJRN\n"
_VERSION = 1
_FILE = Struct(f">8sI{SALT_OCTETS}sI")
_FRAME = Struct(">4sIQQBI")

HEADER_OCTETS = _FILE.size
FRAME_OCTETS = _FRAME.size


@dataclass(frozen=True, slots=True)
class Frame:
    """``peer``: the name of the enrolled party whose key the connection showed."""

    arrival: int
    peer: str
    octets: bytes
    synced: int


@dataclass(frozen=True, slots=True)
class Start:
    """What the fixed part of a frame says of the rest."""

    length: int
    arrival: int
    synced: int
    name: int
    crc: int

    @property
    def rest(self) -> int:
        """Octets after the fixed part."""
        return self.name + self.length


def file_header(salt: bytes) -> bytes:
    first = _FILE.pack(_MAGIC, _VERSION, salt, 0)[:-4]
    return first + zlib.crc32(first).to_bytes(4, "big")


def read_file_header(octets: bytes) -> bytes | None:
    """The salt; None where this is no journal of this version."""
    if len(octets) != HEADER_OCTETS:
        return None
    magic, version, salt, crc = _FILE.unpack(octets)
    if (magic, version) != (_MAGIC, _VERSION) or crc != zlib.crc32(octets[:-4]):
        return None
    return bytes(salt)


def write(frame: Frame, salt: bytes) -> bytes:
    name = frame.peer.encode()[:255]
    start = Start(len(frame.octets), frame.arrival, frame.synced, len(name), 0)
    crc = _crc(salt, start, name + frame.octets)
    fixed = _FRAME.pack(MARKER, start.length, start.arrival, start.synced, start.name, crc)
    return fixed + name + frame.octets


def read_start(fixed: bytes) -> Start | None:
    """The fixed part; None where it is none."""
    if len(fixed) != FRAME_OCTETS:
        return None
    marker, length, arrival, synced, name, crc = _FRAME.unpack(fixed)
    if marker != MARKER or not 0 < length <= MAX_OCTETS:
        return None
    return Start(length, arrival, synced, name, crc)


def read_rest(start: Start, rest: bytes, salt: bytes) -> Frame | None:
    """The frame; None where it is cut off or its CRC is another."""
    if len(rest) != start.rest or _crc(salt, start, rest) != start.crc:
        return None
    name = rest[: start.name].decode(errors="replace")
    return Frame(start.arrival, name, rest[start.name :], start.synced)


def _crc(salt: bytes, start: Start, rest: bytes) -> int:
    fixed = _FRAME.pack(MARKER, start.length, start.arrival, start.synced, start.name, 0)
    return zlib.crc32(rest, zlib.crc32(fixed, zlib.crc32(salt)))
