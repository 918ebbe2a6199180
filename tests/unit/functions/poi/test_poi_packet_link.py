"""packet/link.py: where the IP packet begins."""

from __future__ import annotations

import pytest

from custodes.functions.poi.packet import link
from custodes.functions.poi.packet.unreadable import UnreadableError

V4, V6 = b"\x45rest", b"\x60rest"


@pytest.mark.parametrize(
    ("linktype", "header", "packet"),
    [
        (link.ETHERNET, bytes(12) + b"\x08\x00", V4),
        (link.ETHERNET, bytes(12) + b"\x86\xdd", V6),
        (link.ETHERNET, bytes(12) + b"\x81\x00\x00\x05\x08\x00", V4),
        (link.ETHERNET, bytes(12) + b"\x88\xa8\x00\x05\x81\x00\x00\x06\x86\xdd", V6),
        (link.SLL, bytes(14) + b"\x08\x00", V4),
        (link.SLL2, b"\x08\x00" + bytes(18), V4),
        (link.SLL2, b"\x86\xdd" + bytes(18), V6),
        (link.SLL2, b"\x81\x00" + bytes(18) + b"\x00\x05\x08\x00", V4),
        (link.RAW, b"", V4),
        (link.IPV6, b"", V6),
        (link.NULL, b"\x02\0\0\0", V4),
        (link.LOOP, b"\0\0\0\x1e", V6),
    ],
)
def test_ip_is_found(linktype: int, header: bytes, packet: bytes) -> None:
    assert link.ip_packet(linktype, header + packet) == packet


def test_other_traffic_is_none() -> None:
    assert link.ip_packet(link.ETHERNET, bytes(12) + b"\x08\x06" + bytes(28)) is None
    assert link.ip_packet(link.SLL2, b"\x08\x06" + bytes(40)) is None
    assert link.ip_packet(link.RAW, b"\x10") is None


@pytest.mark.parametrize(
    ("linktype", "octets"),
    [
        (252, b"anything"),
        (link.ETHERNET, bytes(13)),
        (link.ETHERNET, bytes(12) + b"\x81\x00\x00\x01" * 6),
        (link.SLL, b""),
        (link.SLL2, bytes(19)),
        (link.NULL, bytes(4)),
        (link.RAW, b""),
    ],
)
def test_unreadable_says_so(linktype: int, octets: bytes) -> None:
    with pytest.raises(UnreadableError):
        link.ip_packet(linktype, octets)
