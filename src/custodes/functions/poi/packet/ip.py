"""IPv4 (RFC 791) and IPv6 (RFC 8200) headers. Checksums are not judged: hosts offload them."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.functions.poi.packet.unreadable import UnreadableError

UDP, SCTP, ICMP = 17, 132, 1

_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION = 0, 43, 44, 51, 60
_EXTENSIONS = frozenset({_HOP_BY_HOP, _ROUTING, _AUTHENTICATION, _DESTINATION})
_NO_NEXT_HEADER = 59
MAXIMUM_EXTENSIONS = 8


@dataclass(frozen=True, slots=True)
class FragmentPlace:
    """Where a fragment stands: ``offset`` in octets, ``more`` while others follow it."""

    identification: int
    offset: int
    more: bool


@dataclass(frozen=True, slots=True)
class Packet:
    """Addresses of 4 or 16 octets; ``payload`` is bounded by the header's own length."""

    source: bytes
    destination: bytes
    protocol: int
    payload: bytes
    fragment: FragmentPlace | None = None


def parse(octets: bytes) -> Packet:
    """Read one IP packet; what follows it in the frame (padding) is left out."""
    version = octets[0] >> 4 if octets else 0
    if version == 4:
        return _ipv4(octets)
    if version == 6:
        return _ipv6(octets)
    raise UnreadableError("IP version")


def total_length(octets: bytes) -> int:
    """Octets of the IP packet by its own header, 0 where it is none."""
    if len(octets) >= 20 and octets[0] >> 4 == 4:
        return int.from_bytes(octets[2:4])
    if len(octets) >= 40 and octets[0] >> 4 == 6:
        return 40 + int.from_bytes(octets[4:6])
    return 0


def _ipv4(octets: bytes) -> Packet:
    if len(octets) < 20:
        raise UnreadableError("short IP header")
    header = (octets[0] & 0x0F) * 4
    total = int.from_bytes(octets[2:4]) or len(octets)  # 0: segmentation left to the interface
    if header < 20 or total < header:
        raise UnreadableError("IP header length")
    if len(octets) < total:
        raise UnreadableError("cut IP packet")
    flags = int.from_bytes(octets[6:8])
    offset, more = (flags & 0x1FFF) * 8, bool(flags & 0x2000)
    place = None
    if offset or more:
        place = FragmentPlace(int.from_bytes(octets[4:6]), offset, more)
    return Packet(octets[12:16], octets[16:20], octets[9], octets[header:total], place)


def _ipv6(octets: bytes) -> Packet:
    if len(octets) < 40:
        raise UnreadableError("short IP header")
    length = int.from_bytes(octets[4:6])
    total = 40 + length if length else len(octets)  # 0: jumbogram or segmentation offload
    if len(octets) < total:
        raise UnreadableError("cut IP packet")
    source, destination = octets[8:24], octets[24:40]
    following, offset = octets[6], 40
    for _ in range(MAXIMUM_EXTENSIONS):
        if following == _FRAGMENT:
            return _ipv6_fragment(octets[:total], offset)
        if following not in _EXTENSIONS:
            payload = b"" if following == _NO_NEXT_HEADER else octets[offset:total]
            return Packet(source, destination, following, payload)
        if total < offset + 8:
            raise UnreadableError("short IP header")
        units = octets[offset + 1]
        size = (units + 2) * 4 if following == _AUTHENTICATION else (units + 1) * 8
        following, offset = octets[offset], offset + size
        if offset > total:
            raise UnreadableError("IP header length")
    raise UnreadableError("too many IP extension headers")


def _ipv6_fragment(octets: bytes, offset: int) -> Packet:
    if len(octets) < offset + 8:
        raise UnreadableError("short IP header")
    position = int.from_bytes(octets[offset + 2 : offset + 4])
    identification = int.from_bytes(octets[offset + 4 : offset + 8])
    place: FragmentPlace | None = None
    if position & 0xFFF9:  # otherwise an atomic fragment (RFC 6946): whole already
        place = FragmentPlace(identification, position & 0xFFF8, bool(position & 1))
    following, payload = octets[offset], octets[offset + 8 :]
    return Packet(octets[8:24], octets[24:40], following, payload, place)
