"""capture/pcapng.py, capture/interface.py: blocks, byte orders, units of time, sections."""

from __future__ import annotations

import struct

import pytest

from custodes.base.errors import DecodeError
from custodes.functions.poi.capture.frame import Frame
from custodes.functions.poi.capture.open import CaptureReader


def block(order: str, kind: int, body: bytes) -> bytes:
    body += b"\0" * (-len(body) % 4)
    length = struct.pack(f"{order}I", 12 + len(body))
    return struct.pack(f"{order}I", kind) + length + body + length


def section(order: str) -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(order: str, linktype: int, options: bytes = b"", snapshot: int = 0) -> bytes:
    return block(order, 1, struct.pack(f"{order}HHI", linktype, 0, snapshot) + options)


def option(order: str, code: int, value: bytes) -> bytes:
    padded = value + b"\0" * (-len(value) % 4)
    return struct.pack(f"{order}HH", code, len(value)) + padded


def enhanced(order: str, number: int, units: int, octets: bytes) -> bytes:
    size = len(octets)
    header = struct.pack(f"{order}IIIII", number, units >> 32, units & 0xFFFFFFFF, size, size)
    return block(order, 6, header + octets)


def frames(octets: bytes) -> list[Frame]:
    reader, found = CaptureReader(), []
    reader.receive_data(octets)
    while (frame := reader.next_frame()) is not None:
        found.append(frame)
    return found


@pytest.mark.parametrize("order", ["<", ">"])
def test_each_interface_has_its_unit_and_link_type(order: str) -> None:
    nano = option(order, 9, b"\x09") + option(order, 0, b"")
    binary = option(order, 2, b"eth0") + option(order, 9, b"\x8a")  # 2^-10 s
    later = option(order, 9, b"\x00") + option(order, 14, struct.pack(f"{order}q", 100))
    capture = (
        section(order)
        + interface(order, 1)
        + interface(order, 113, nano)
        + interface(order, 101, binary)
        + interface(order, 276, later)
        + enhanced(order, 0, 7, b"a")
        + enhanced(order, 1, 1 << 33, b"bb")
        + block(order, 5, b"statistics--")
        + enhanced(order, 2, 512, b"ccc")
        + enhanced(order, 3, 1, b"dddd")
    )
    found = [(f.linktype, f.timestamp_ns, f.octets) for f in frames(capture)]
    assert found == [
        (1, 7_000, b"a"),
        (113, 1 << 33, b"bb"),
        (101, 500_000_000, b"ccc"),
        (276, 101_000_000_000, b"dddd"),
    ]


def test_simple_and_obsolete_packet_blocks() -> None:
    simple = block("<", 3, struct.pack("<I", 5) + b"hello")
    old = block("<", 2, struct.pack("<HHIIII", 0, 3, 0, 9, 3, 3) + b"old")
    found = frames(section("<") + interface("<", 101) + simple + old)
    assert [(f.octets, f.timestamp_ns) for f in found] == [(b"hello", 0), (b"old", 9_000)]


def test_simple_packet_is_bounded_by_the_snapshot_length() -> None:
    simple = block("<", 3, struct.pack("<I", 900) + b"hell")
    (frame,) = frames(section("<") + interface("<", 101, snapshot=4) + simple)
    assert (frame.octets, frame.original_length) == (b"hell", 900)


def test_a_new_section_may_turn_the_byte_order_and_forgets_interfaces() -> None:
    first = section("<") + interface("<", 1) + enhanced("<", 0, 1, b"x")
    second = section(">") + interface(">", 113) + enhanced(">", 0, 1, b"y")
    assert [f.linktype for f in frames(first + second)] == [1, 113]
    with pytest.raises(DecodeError):
        frames(first + section(">") + enhanced(">", 0, 1, b"y"))


@pytest.mark.parametrize(
    "bad",
    [
        struct.pack("<II", 6, 13) + b"12345",
        struct.pack("<II", 6, 1 << 30) + b"12345",
        enhanced("<", 0, 1, b"abcd")[:-4] + b"\x01\0\0\0",
        block("<", 6, struct.pack("<IIIII", 0, 0, 0, 500, 500) + b"abcd"),
        block("<", 6, b"abcd"),
        block("<", 1, b""),
        interface("<", 1, struct.pack("<HH", 9, 900)),
    ],
)
def test_a_block_that_lies_about_lengths_is_refused(bad: bytes) -> None:
    with pytest.raises(DecodeError):
        frames(section("<") + interface("<", 1) + bad)


def test_no_byte_order_mark() -> None:
    with pytest.raises(DecodeError):
        frames(block("<", 0x0A0D0D0A, b"nonsense" * 2))
