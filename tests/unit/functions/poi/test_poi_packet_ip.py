"""packet/ip.py, packet/udp.py: headers bound what they carry."""

from __future__ import annotations

import struct

import pytest

from custodes.functions.poi.packet import ip, udp
from custodes.functions.poi.packet.unreadable import UnreadableError

A, B = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
A6, B6 = b"\x20\x01\x0d\xb8" + bytes(12), b"\x20\x01\x0d\xb8" + bytes(11) + b"\1"


def v4(payload: bytes, flags: int = 0, total: int | None = None, options: bytes = b"") -> bytes:
    size = 20 + len(options)
    length = size + len(payload) if total is None else total
    head = struct.pack(">BBHHHBBH4s4s", 0x40 | size // 4, 0, length, 7, flags, 64, 17, 0, A, B)
    return head + options + payload


def v6(following: int, payload: bytes, length: int | None = None) -> bytes:
    size = len(payload) if length is None else length
    return struct.pack(">IHBB", 6 << 28, size, following, 64) + A6 + B6 + payload


def test_ipv4() -> None:
    packet = ip.parse(v4(b"data", options=b"\1\1\1\1") + b"padding")
    assert packet == ip.Packet(A, B, 17, b"data")


def test_ipv4_left_to_the_interface_has_length_zero() -> None:
    assert ip.parse(v4(b"data", total=0)).payload == b"data"


def test_ipv4_fragments() -> None:
    assert ip.parse(v4(b"x" * 8, 0x2000)).fragment == ip.FragmentPlace(7, 0, more=True)
    assert ip.parse(v4(b"x" * 8, 0x0002)).fragment == ip.FragmentPlace(7, 16, more=False)
    assert ip.parse(v4(b"x" * 8, 0x4000)).fragment is None


def test_ipv6_with_extension_headers() -> None:
    hop_by_hop = b"\x2b\0" + bytes(6)
    routing = b"\x33\0" + bytes(6)
    authentication = b"\x3c\1" + bytes(10)  # counts in fours, two of them not counted
    destination = b"\x11\1" + bytes(14)
    chain = hop_by_hop + routing + authentication + destination
    assert ip.parse(v6(0, chain + b"data")) == ip.Packet(A6, B6, 17, b"data")


def test_ipv6_fragment() -> None:
    head = b"\x84\0" + struct.pack(">HI", 16 | 1, 99)
    packet = ip.parse(v6(44, head + b"data"))
    assert packet == ip.Packet(A6, B6, 132, b"data", ip.FragmentPlace(99, 16, more=True))
    assert ip.parse(v6(44, b"\x84\0" + bytes(6) + b"data")).fragment is None


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x50" + bytes(40),
        v4(b"data")[:19],
        v4(b"data")[:-1],
        b"\x44" + v4(b"data")[1:],
        v4(b"", total=10),
        v6(17, b"data")[:39],
        v6(17, b"data", length=9),
        v6(0, b"\x11\x09" + bytes(6)),
        v6(0, b"\x11"),
        v6(44, b"\x11\0\0"),
        v6(0, (b"\0\0" + bytes(6)) * 9),
    ],
)
def test_what_does_not_fit_is_unreadable(octets: bytes) -> None:
    with pytest.raises(UnreadableError):
        ip.parse(octets)


def test_udp() -> None:
    octets = struct.pack(">HHHH", 1, 2, 12, 0) + b"datapadding"
    assert udp.parse(octets) == udp.Datagram(1, 2, b"data")
    for bad in (octets[:7], octets[:10], struct.pack(">HHHH", 1, 2, 5, 0)):
        with pytest.raises(UnreadableError):
            udp.parse(bad)
