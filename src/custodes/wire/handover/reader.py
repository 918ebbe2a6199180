"""Cuts the octets of an HI2 or HI3 connection into whole PS-PDUs."""

from __future__ import annotations

from custodes.base.errors import DecodeError
from custodes.wire.ber.tlv import Extent

PS_PDU_TAG = 0x30
DEFAULT_LIMIT = 1 << 20


class Reader:
    """``receive_data`` takes what arrived, ``next_pdu`` gives the next whole PDU or None.

    ``limit`` bounds one PDU. After a DecodeError the stream has no boundaries left: close it.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._extent = Extent()

    def receive_data(self, octets: bytes) -> None:
        self._buffer += octets

    def next_pdu(self) -> bytes | None:
        """Octets of one element (definite or indefinite length); raises DecodeError."""
        buffer = self._buffer
        if not buffer:
            return None
        if buffer[0] != PS_PDU_TAG:
            raise DecodeError("what arrives is not a PS-PDU", offset=0)
        end = self._extent.advance(buffer, len(buffer))
        if max(self._extent.at, end or 0) > self._limit or (
            end is None and self.pending > self._limit
        ):
            raise DecodeError(f"a PS-PDU is longer than {self._limit} octets", offset=0)
        if end is None or end > len(buffer):
            return None
        pdu = bytes(buffer[:end])
        del buffer[:end]
        self._extent = Extent()
        return pdu

    @property
    def pending(self) -> int:
        """Octets taken in that are not a whole PDU yet; not zero at the end: one was cut off."""
        return len(self._buffer)
