"""Captures by their format and link layer; streams over each."""

from __future__ import annotations

import struct

import pytest
from decode_vectors import capture, decode, kinds, segments, vector

X2 = vector("x2x3_valid", "attribute-17")
PACKETS = segments(X2 * 3, 70)
IPV4 = b"\x08\x00"
VLAN = b"\x81\x00\x00\x2a"


def pcap(linktype: int, frames: list[bytes], order: str = ">", nano: bool = False) -> bytes:
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, linktype)
    rows = [struct.pack(order + "IIII", 1, n, len(f), len(f)) + f for n, f in enumerate(frames)]
    return head + b"".join(rows)


def pcapng(linktype: int, frames: list[bytes]) -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        size = struct.pack("<I", len(body) + 12)
        return struct.pack("<I", kind) + size + body + size

    section = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    interface = block(1, struct.pack("<HHI", linktype, 0, 0))
    packets = [
        block(6, struct.pack("<IIIII", 0, 0, n, len(f), len(f)) + f) for n, f in enumerate(frames)
    ]
    return section + interface + b"".join(packets)


LAYERS = {
    "ethernet": (1, bytes(12) + IPV4),
    "ethernet, padded": (1, bytes(12) + IPV4),
    "vlan": (1, bytes(12) + VLAN + IPV4),
    "two vlans": (1, bytes(12) + b"\x88\xa8\x00\x01" + VLAN + IPV4),
    "cooked": (113, bytes(14) + IPV4),
    "cooked, vlan": (113, bytes(14) + VLAN + IPV4),
    "cooked 2": (276, IPV4 + bytes(18)),
    "loopback": (0, struct.pack("<I", 2)),
    "raw": (101, b""),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_stream_over_every_link_layer_and_format(name: str) -> None:
    linktype, head = LAYERS[name]
    tail = bytes(9) if "padded" in name else b""
    frames = [head + packet + tail for packet in PACKETS]
    files = [pcap(linktype, frames, order, nano) for order in "<>" for nano in (False, True)]
    for octets in (*files, pcapng(linktype, frames)):
        messages = decode(octets)
        assert kinds(messages) == ["x2x3"] * 3, name
        assert not any(m.undecodable for m in messages)


def test_a_link_layer_that_is_not_known_is_said() -> None:
    (message,) = decode(pcap(252, [bytes(40)]))
    assert message.undecodable


def test_a_snapped_packet_is_a_gap() -> None:
    packets = list(PACKETS)
    packets[2] = packets[2][:60]
    messages = decode(capture(packets))
    assert "gap" in kinds(messages)
    assert kinds(messages)[-1] == "x2x3"
