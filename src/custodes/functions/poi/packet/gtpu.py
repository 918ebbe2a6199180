"""GTP-U (3GPP TS 29.281 V18.0.0, clause 5): the header, and what it carries.

An optional part (sequence number, N-PDU number, next extension header) is there when any of the
flags E, S, PN is set. The length counts everything after the first eight octets.
"""

from __future__ import annotations

from dataclasses import dataclass

G_PDU = 255
END_MARKER = 254
HEADER = 8
OPTIONAL_PART = 4
FLAG_E, FLAG_S, FLAG_PN = 4, 2, 1
PDU_SESSION_CONTAINER = 0x85  # TS 29.281 5.2.2.7, contents in TS 38.415 5.5.2
MAXIMUM_EXTENSIONS = 16


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
    if not looks_like(octets):
        return None
    packet = octets[: HEADER + int.from_bytes(octets[2:4])]
    flags = packet[0]
    offset, qfi = HEADER, None
    if flags & (FLAG_E | FLAG_S | FLAG_PN):
        offset += OPTIONAL_PART
        if len(packet) < offset:
            return None
        following = packet[offset - 1] if flags & FLAG_E else 0
        for _ in range(MAXIMUM_EXTENSIONS):
            if not following:
                break
            size = packet[offset] * 4 if offset < len(packet) else 0
            if size == 0 or offset + size > len(packet):
                return None
            if following == PDU_SESSION_CONTAINER:
                qfi = packet[offset + 2] & 0x3F
            following, offset = packet[offset + size - 1], offset + size
        else:
            return None
    return GTPU(packet[1], int.from_bytes(packet[4:8]), packet, packet[offset:], qfi)
