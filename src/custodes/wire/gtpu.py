"""GTP-U (3GPP TS 29.281 V18.0.0, clause 5): the header, and what it carries.

An optional part (sequence number, N-PDU number, next extension header) is there when any of the
flags E, S, PN is set. The length counts everything after the first eight octets.
"""

from __future__ import annotations

from dataclasses import dataclass

from custodes.base.errors import DecodeError

G_PDU = 255
END_MARKER = 254
HEADER = 8
OPTIONAL_PART = 4
FLAG_E, FLAG_S, FLAG_PN = 4, 2, 1
PDU_SESSION_CONTAINER = 0x85  # TS 29.281 5.2.2.7, contents in TS 38.415 5.5.2
MAXIMUM_EXTENSIONS = 16
_IP_VERSIONS = (4, 6)


@dataclass(frozen=True, slots=True)
class GTPU:
    """``packet`` is the whole message from its header on, ``inner`` what a G-PDU carries."""

    message_type: int
    teid: int
    packet: bytes
    inner: bytes
    qfi: int | None


def looks_like(octets: bytes) -> bool:
    """Version 1, protocol type GTP, a length that fits; nothing is said of its meaning."""
    return (
        len(octets) >= HEADER
        and octets[0] & 0xF0 == 0x30
        and HEADER + int.from_bytes(octets[2:4]) <= len(octets)
    )


def teid_of(octets: bytes) -> int:
    """TEID of something that :func:`looks_like` GTP-U."""
    return int.from_bytes(octets[4:8])


def parse(octets: bytes) -> GTPU | None:
    """Read one message, bounded by its own length; None where it is not GTP-U of version 1."""
    found = _bounds(octets)
    if found is None:
        return None
    end, offset, qfi = found
    packet = octets[:end]
    return GTPU(packet[1], teid_of(packet), packet, packet[offset:], qfi)


def _bounds(octets: bytes) -> tuple[int, int, int | None] | None:
    """(end of the message, start of what it carries, QFI), or None as ``parse``."""
    if not looks_like(octets):
        return None
    end = HEADER + int.from_bytes(octets[2:4])
    flags = octets[0]
    offset, qfi = HEADER, None
    if flags & (FLAG_E | FLAG_S | FLAG_PN):
        offset += OPTIONAL_PART
        if end < offset:
            return None
        following = octets[offset - 1] if flags & FLAG_E else 0
        for _ in range(MAXIMUM_EXTENSIONS):
            if not following:
                break
            size = octets[offset] * 4 if offset < end else 0
            if size == 0 or offset + size > end:
                return None
            if following == PDU_SESSION_CONTAINER:
                qfi = octets[offset + 2] & 0x3F
            following, offset = octets[offset + size - 1], offset + size
        else:
            return None
    return end, offset, qfi


def ip_packet(packet: bytes) -> bytes:
    """The IPv4 or IPv6 packet inside one whole G-PDU, or DecodeError.

    HI3 carries the GTP-U packet whole (TS 33.128 V19.7.0, 6.2.3.8, uPFCCPDU), and only where it
    holds IP.
    """
    return packet[ip_start(packet) :]


def ip_start(packet: bytes) -> int:
    """Where the packet of :func:`ip_packet` begins, or DecodeError."""
    found = _bounds(packet)
    if found is None or found[0] != len(packet):
        raise DecodeError("not one GTP-U message of version 1 that fits its length", offset=0)
    if packet[1] != G_PDU:
        raise DecodeError(f"GTP-U message type {packet[1]} carries no user packet", offset=1)
    start = found[1]
    if start == len(packet) or packet[start] >> 4 not in _IP_VERSIONS:
        raise DecodeError("the content of the GTP-U packet is not IPv4 or IPv6")
    return start
