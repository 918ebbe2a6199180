"""Which capture format a stream is, from its first octets."""

from __future__ import annotations

from custodes.base.errors import DecodeError
from custodes.functions.poi.capture import pcap
from custodes.functions.poi.capture.frame import Frame, FrameReader
from custodes.functions.poi.capture.pcapng import PcapngReader

PCAPNG = b"\x0a\x0d\x0d\x0a"


class CaptureReader:
    """Frames of a stream that is pcap or pcapng; it finds out which by itself."""

    def __init__(self) -> None:
        self._first = bytearray()
        self._reader: FrameReader | None = None

    def receive_data(self, octets: bytes) -> None:
        if self._reader is not None:
            self._reader.receive_data(octets)
            return
        self._first += octets
        if len(self._first) < len(PCAPNG):
            return
        self._reader = reader_for(bytes(self._first[:4]))
        self._reader.receive_data(bytes(self._first))
        self._first.clear()

    def next_frame(self) -> Frame | None:
        return None if self._reader is None else self._reader.next_frame()

    def pending(self) -> int:
        return len(self._first) if self._reader is None else self._reader.pending()


def reader_for(magic: bytes) -> FrameReader:
    """Reader for the first four octets of a stream; raises DecodeError for another format."""
    if magic == PCAPNG:
        return PcapngReader()
    if magic in pcap.MAGIC:
        return pcap.PcapReader()
    raise DecodeError("neither pcap nor pcapng", offset=0, remedy="give a capture file")
