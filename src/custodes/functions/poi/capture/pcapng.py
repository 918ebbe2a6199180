"""pcapng files: draft-ietf-opsawg-pcapng-02. Several sections and interfaces, both endians."""

from __future__ import annotations

import struct

from custodes.base.errors import DecodeError
from custodes.functions.poi.capture.frame import Frame
from custodes.functions.poi.capture.interface import Interface, read_interface
from custodes.functions.poi.capture.pcap import MAXIMUM_FRAME

SECTION_HEADER = 0x0A0D0D0A
INTERFACE_DESCRIPTION = 1
PACKET = 2  # obsolete, still written by old tools
SIMPLE_PACKET = 3
ENHANCED_PACKET = 6

BYTE_ORDER = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
MAXIMUM_BLOCK = MAXIMUM_FRAME + 65_536  # a frame and its options
MAXIMUM_INTERFACES = 4096


class PcapngReader:
    """Frames of one pcapng stream. Blocks that hold no frame are passed over."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._order = ""
        self._interfaces: list[Interface] = []

    def receive_data(self, octets: bytes) -> None:
        self._buffer += octets

    def pending(self) -> int:
        return len(self._buffer)

    def next_frame(self) -> Frame | None:
        while (block := self._next_block()) is not None:
            kind, body = block
            if kind == SECTION_HEADER:
                self._interfaces = []
            elif kind == INTERFACE_DESCRIPTION:
                if len(self._interfaces) >= MAXIMUM_INTERFACES:
                    raise DecodeError("a pcapng section has too many interfaces")
                self._interfaces.append(read_interface(body, self._order))
            elif kind == ENHANCED_PACKET:
                return self._packet(body, "I", 4)
            elif kind == PACKET:
                return self._packet(body, "HH", 4)
            elif kind == SIMPLE_PACKET:
                return self._simple_packet(body)
        return None

    def _next_block(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 12:
            return None
        if buffer[:4] == b"\x0a\x0d\x0d\x0a":  # the same in both orders; it sets the order
            try:
                self._order = BYTE_ORDER[bytes(buffer[8:12])]
            except KeyError:
                raise DecodeError("a pcapng section has no byte order") from None
        elif not self._order:
            raise DecodeError("not a pcapng file", offset=0)
        kind, length = struct.unpack_from(f"{self._order}II", buffer)
        if length < 12 or length % 4:
            raise DecodeError("a pcapng block has an impossible length")
        if length > MAXIMUM_BLOCK:
            raise DecodeError("a pcapng block is longer than any frame")
        if len(buffer) < length:
            return None
        (trailer,) = struct.unpack_from(f"{self._order}I", buffer, length - 4)
        if trailer != length:
            raise DecodeError("the two lengths of a pcapng block differ")
        body = bytes(buffer[8 : length - 4])
        del buffer[:length]
        return kind, body

    def _packet(self, body: bytes, interface_format: str, interface_size: int) -> Frame:
        """Enhanced Packet Block, or the obsolete Packet Block (16-bit interface, drops)."""
        header = interface_size + 16
        if len(body) < header:
            raise DecodeError("a pcapng packet block is too short")
        (number, *_drops) = struct.unpack_from(f"{self._order}{interface_format}", body)
        high, low, captured, original = struct.unpack_from(
            f"{self._order}IIII", body, interface_size
        )
        if number >= len(self._interfaces):
            raise DecodeError("a pcapng packet names an interface that was not described")
        if header + captured > len(body):
            raise DecodeError("a pcapng packet leaves its block")
        interface = self._interfaces[number]
        timestamp_ns = interface.timestamp_ns(high << 32 | low)
        return Frame(timestamp_ns, interface.linktype, body[header : header + captured], original)

    def _simple_packet(self, body: bytes) -> Frame:
        """No time and no interface: it belongs to the first interface, time unknown (0)."""
        if not self._interfaces or len(body) < 4:
            raise DecodeError("a pcapng simple packet has no interface or no length")
        interface = self._interfaces[0]
        (original,) = struct.unpack_from(f"{self._order}I", body)
        captured = min(original, len(body) - 4)
        if interface.snapshot_length:
            captured = min(captured, interface.snapshot_length)
        return Frame(0, interface.linktype, body[4 : 4 + captured], original)
