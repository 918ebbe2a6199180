"""Link layers (LINKTYPE_ values of the pcap formats): where the IP packet begins in a frame."""

from __future__ import annotations

from collections.abc import Callable

from custodes.functions.poi.packet.unreadable import UnreadableError

NULL, ETHERNET, RAW_OLD, RAW_OPENBSD = 0, 1, 12, 14
RAW, LOOP, SLL = 101, 108, 113
IPV4, IPV6, SLL2 = 228, 229, 276

ETHERTYPE_IPV4, ETHERTYPE_IPV6 = 0x0800, 0x86DD
ETHERTYPE_VLAN = frozenset({0x8100, 0x88A8, 0x9100})
MAXIMUM_VLAN_TAGS = 4


def ip_packet(linktype: int, octets: bytes) -> bytes | None:
    """The IP packet in a frame, None where the frame holds something else (ARP and the like).

    Raises UnreadableError for a link type that is not known or a frame that is too short.
    """
    reader = _READERS.get(linktype)
    if reader is None:
        raise UnreadableError(f"link type {linktype}")
    return reader(octets)


def _by_ethertype(octets: bytes, offset: int) -> bytes | None:
    for _ in range(MAXIMUM_VLAN_TAGS + 1):
        if len(octets) < offset + 2:
            raise UnreadableError("short frame")
        ethertype = int.from_bytes(octets[offset : offset + 2])
        if ethertype in (ETHERTYPE_IPV4, ETHERTYPE_IPV6):
            return octets[offset + 2 :]
        if ethertype not in ETHERTYPE_VLAN:
            return None
        offset += 4
    raise UnreadableError("too many VLAN tags")


def _ethernet(octets: bytes) -> bytes | None:
    return _by_ethertype(octets, 12)


def _cooked(octets: bytes) -> bytes | None:
    """LINKTYPE_LINUX_SLL: the protocol stands last in a header of 16 octets."""
    return _by_ethertype(octets, 14)


def _cooked_2(octets: bytes) -> bytes | None:
    """LINKTYPE_LINUX_SLL2: the protocol stands first in a header of 20 octets."""
    if len(octets) < 20:
        raise UnreadableError("short frame")
    ethertype = int.from_bytes(octets[:2])
    if ethertype in (ETHERTYPE_IPV4, ETHERTYPE_IPV6):
        return octets[20:]
    if ethertype in ETHERTYPE_VLAN:
        return _by_ethertype(octets, 22)
    return None


def _loopback(octets: bytes) -> bytes | None:
    """Four octets of address family; its numbers differ by system, so the IP version decides."""
    if len(octets) < 5:
        raise UnreadableError("short frame")
    return _raw(octets[4:])


def _raw(octets: bytes) -> bytes | None:
    if not octets:
        raise UnreadableError("short frame")
    return octets if octets[0] >> 4 in (4, 6) else None


_READERS: dict[int, Callable[[bytes], bytes | None]] = {
    NULL: _loopback,
    LOOP: _loopback,
    ETHERNET: _ethernet,
    RAW_OLD: _raw,
    RAW_OPENBSD: _raw,
    RAW: _raw,
    IPV4: _raw,
    IPV6: _raw,
    SLL: _cooked,
    SLL2: _cooked_2,
}
