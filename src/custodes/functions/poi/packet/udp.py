"""UDP (RFC 768)."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.functions.poi.packet.unreadable import UnreadableError


@dataclass(frozen=True, slots=True)
class Datagram:
    source_port: int
    destination_port: int
    payload: bytes


def parse(octets: bytes) -> Datagram:
    """The payload is bounded by UDP's own length."""
    if len(octets) < 8:
        raise UnreadableError("short UDP header")
    length = int.from_bytes(octets[4:6]) or len(octets)  # 0: segmentation left to the interface
    if not 8 <= length <= len(octets):
        raise UnreadableError("UDP length")
    return Datagram(int.from_bytes(octets[0:2]), int.from_bytes(octets[2:4]), octets[8:length])
