"""packet/gtpu.py: optional part, extension headers, own length."""

from __future__ import annotations

import struct

import pytest

from custodes.functions.poi.packet import gtpu


def message(flags: int, body: bytes, kind: int = 255, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return struct.pack(">BBHI", 0x30 | flags, kind, size, 0xCAFE) + body


def test_plain() -> None:
    parsed = gtpu.parse(message(0, b"inner") + b"beyond")
    assert parsed == gtpu.GTPU(255, 0xCAFE, message(0, b"inner"), b"inner", None)


@pytest.mark.parametrize("flags", [1, 2, 3])
def test_optional_part_is_not_content(flags: int) -> None:
    parsed = gtpu.parse(message(flags, b"\0\1\0\x85inner"))
    assert parsed is not None
    assert (parsed.inner, parsed.qfi) == (b"inner", None)


def test_extension_headers_and_qfi() -> None:
    chain = b"\0\0\0\x40" + b"\1\0\0\x85" + b"\1\x10\x49\0"
    parsed = gtpu.parse(message(4, chain + b"inner"))
    assert parsed is not None
    assert (parsed.inner, parsed.qfi) == (b"inner", 9)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        message(0, b"inner")[:-1],
        message(0, b"inner", length=9),
        b"\x20" + message(0, b"x")[1:],
        b"\x50" + message(0, b"x")[1:],
        message(2, b"abc"),
        message(4, b"\0\0\0\x85"),
        message(4, b"\0\0\0\x85\0abc"),
        message(4, b"\0\0\0\x85\2abc"),
        message(4, b"\0\0\0\x40" + b"\1\0\0\x40" * 20),
    ],
)
def test_not_gtpu(octets: bytes) -> None:
    assert gtpu.parse(octets) is None
