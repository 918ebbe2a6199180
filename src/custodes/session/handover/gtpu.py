"""What is inside a GTP-U packet (3GPP TS 29.281 clause 5): HI3 carries the packet whole
(TS 33.128 V19.7.0, 6.2.3.8, uPFCCPDU), the reader of evidence wants the IP packet in it.
"""

from __future__ import annotations

from custodes.base.errors import DecodeError

_MANDATORY = 8
_OPTIONAL = 4
_G_PDU = 255
_ANY_OPTIONAL = 0x07
_EXTENSION = 0x04
_IP_VERSIONS = (4, 6)


def payload(packet: bytes) -> bytes:
    """The T-PDU of one G-PDU: without header, optional fields and extension headers.

    Bounded by the header's length, which must be the packet's. DecodeError where it is not a G-PDU
    of GTP-U version 1.
    """
    if len(packet) < _MANDATORY:
        raise DecodeError(f"{len(packet)} octets are no GTP-U header")
    flags, kind = packet[0], packet[1]
    if flags >> 5 != 1 or not flags & 0x10:
        raise DecodeError("not GTP version 1", offset=0)
    if kind != _G_PDU:
        raise DecodeError(f"GTP-U message type {kind} carries no user packet", offset=1)
    length = int.from_bytes(packet[2:4], "big")
    if _MANDATORY + length != len(packet):
        raise DecodeError(
            f"GTP-U announces {length} octets, {len(packet) - _MANDATORY} are there", offset=2
        )
    position = _MANDATORY
    if flags & _ANY_OPTIONAL:
        position += _OPTIONAL
        if position > len(packet):
            raise DecodeError("GTP-U's optional fields are cut off", offset=_MANDATORY)
        if flags & _EXTENSION:
            position = _skip_extensions(packet, position)
    return packet[position:]


def ip_packet(packet: bytes) -> bytes:
    """The IPv4 or IPv6 packet inside, or DecodeError."""
    inner = payload(packet)
    if not inner or inner[0] >> 4 not in _IP_VERSIONS:
        raise DecodeError("the content of the GTP-U packet is not IPv4 or IPv6")
    return inner


def _skip_extensions(packet: bytes, position: int) -> int:
    """Extension headers: a length in units of 4 octets, content, the next one's type (5.2)."""
    following = packet[position - 1]
    while following:
        if position >= len(packet):
            raise DecodeError("a GTP-U extension header is cut off", offset=position)
        size = packet[position] * 4
        if size == 0 or position + size > len(packet):
            raise DecodeError("a GTP-U extension header does not fit", offset=position)
        position += size
        following = packet[position - 1]
    return position
