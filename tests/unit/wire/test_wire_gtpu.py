"""GTP-U: optional part, extension headers, own length."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.base.errors import DecodeError
from custodes.wire import gtpu


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


INNER = bytes.fromhex("4500001c000000004001") + b"\0" * 18


def whole(flags: int, rest: bytes, *, kind: int = 255, length: int | None = None) -> bytes:
    size = len(rest) if length is None else length
    return bytes([flags, kind]) + size.to_bytes(2, "big") + b"\0\0\0\7" + rest


@pytest.mark.parametrize(
    "octets",
    [
        whole(0x30, INNER),
        whole(0x32, b"\0\1\0\0" + INNER),
        whole(0x34, b"\0\0\0\x85" + b"\x01\x10\x09\x00" + INNER),
        whole(0x34, b"\0\0\0\x85" + b"\x01\x10\x09\xc0" + b"\x02" + b"\0" * 7 + INNER),
    ],
)
def test_the_ip_packet_of_a_whole_packet(octets: bytes) -> None:
    assert gtpu.ip_packet(octets) == INNER


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        whole(0x30, INNER)[:7],
        whole(0x50, INNER),
        whole(0x20, INNER),
        whole(0x30, INNER, kind=1),
        whole(0x30, INNER, length=len(INNER) + 1),
        whole(0x30, INNER) + b"\0",
        whole(0x32, b"\0\0"),
        whole(0x34, b"\0\0\0\x85"),
        whole(0x34, b"\0\0\0\x85\0" + INNER),
        whole(0x34, b"\0\0\0\x85\xff" + INNER),
        whole(0x30, b"\x00\x11\x22"),
        whole(0x30, b""),
    ],
)
def test_what_holds_no_ip_packet_is_refused(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        gtpu.ip_packet(octets)


@given(st.binary(max_size=64))
def test_nothing_but_the_codecs_error_escapes(octets: bytes) -> None:
    with contextlib.suppress(DecodeError):
        assert len(gtpu.ip_packet(octets)) <= len(octets)
