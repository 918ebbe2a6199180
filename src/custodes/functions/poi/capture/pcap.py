"""pcap files: draft-ietf-opsawg-pcap-05, all four magic numbers (µs and ns, both endians)."""

from __future__ import annotations

import struct

from custodes.base.errors import DecodeError
from custodes.functions.poi.capture.frame import Frame

# Octets of the magic number as they stand in the file -> (byte order, ns per fraction unit).
MAGIC = {
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\x3c\x4d": (">", 1),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
}
FILE_HEADER = 24
FRAME_HEADER = 16
MAXIMUM_FRAME = 262_144  # the snapshot length libpcap itself never exceeds for packet networks
LINKTYPE_MASK = 0x03FF_FFFF  # the bits above tell of a frame check sequence


class PcapReader:
    """Frames of one pcap stream."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._order = ""
        self._unit_ns = 0
        self._linktype = 0
        self._frames = 0
        self._offset = FILE_HEADER

    def receive_data(self, octets: bytes) -> None:
        self._buffer += octets

    def pending(self) -> int:
        return len(self._buffer)

    def next_frame(self) -> Frame | None:
        if not self._order and not self._read_header():
            return None
        if len(self._buffer) < FRAME_HEADER:
            return None
        seconds, fraction, captured, original = struct.unpack_from(
            f"{self._order}IIII", self._buffer
        )
        if captured > MAXIMUM_FRAME:
            # Where the next frame begins cannot be known: whatever followed would be a guess.
            raise DecodeError(
                f"frame {self._frames + 1} of the pcap is longer than any network's",
                offset=self._offset,
                remedy="the capture is damaged there; what stands before it was read",
            )
        end = FRAME_HEADER + captured
        if len(self._buffer) < end:
            return None
        octets = bytes(self._buffer[FRAME_HEADER:end])
        del self._buffer[:end]
        self._offset += end
        self._frames += 1
        timestamp_ns = seconds * 1_000_000_000 + fraction * self._unit_ns
        return Frame(timestamp_ns, self._linktype, octets, original)

    def _read_header(self) -> bool:
        if len(self._buffer) < FILE_HEADER:
            return False
        try:
            self._order, self._unit_ns = MAGIC[bytes(self._buffer[:4])]
        except KeyError:
            raise DecodeError("not a pcap file", offset=0) from None
        major, _minor = struct.unpack_from(f"{self._order}HH", self._buffer, 4)
        if major != 2:
            raise DecodeError(f"pcap version {major} is not 2", offset=4)
        (linktype,) = struct.unpack_from(f"{self._order}I", self._buffer, 20)
        self._linktype = linktype & LINKTYPE_MASK
        del self._buffer[:FILE_HEADER]
        return True
