"""GTP-U: only what its lengths say, and only user packets."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.base.errors import DecodeError
from custodes.session.handover.gtpu import ip_packet, payload

INNER = bytes.fromhex("4500001c000000004001") + b"\0" * 18


def packet(flags: int, rest: bytes, *, kind: int = 255, length: int | None = None) -> bytes:
    size = len(rest) if length is None else length
    return bytes([flags, kind]) + size.to_bytes(2, "big") + b"\0\0\0\7" + rest


def test_plain_and_with_each_option() -> None:
    assert payload(packet(0x30, INNER)) == INNER
    assert payload(packet(0x32, b"\0\1\0\0" + INNER)) == INNER
    session = b"\0\0\0\x85" + b"\x01\x10\x09\x00" + INNER
    assert payload(packet(0x34, session)) == INNER
    two = b"\0\0\0\x85" + b"\x01\x10\x09\xc0" + b"\x02" + b"\0" * 6 + b"\0" + INNER
    assert payload(packet(0x34, two)) == INNER
    assert ip_packet(packet(0x30, INNER)) == INNER


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        packet(0x30, INNER)[:7],
        packet(0x50, INNER),
        packet(0x20, INNER),
        packet(0x30, INNER, kind=1),
        packet(0x30, INNER, length=len(INNER) + 1),
        packet(0x30, INNER) + b"\0",
        packet(0x32, b"\0\0"),
        packet(0x34, b"\0\0\0\x85"),
        packet(0x34, b"\0\0\0\x85\0" + INNER),
        packet(0x34, b"\0\0\0\x85\xff" + INNER),
    ],
)
def test_what_is_no_user_packet_is_refused(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        payload(octets)


def test_content_that_is_not_ip_is_refused() -> None:
    with pytest.raises(DecodeError):
        ip_packet(packet(0x30, b"\x00\x11\x22"))
    with pytest.raises(DecodeError):
        ip_packet(packet(0x30, b""))


@given(st.binary(max_size=64))
def test_nothing_else_escapes(octets: bytes) -> None:
    with contextlib.suppress(DecodeError):
        assert len(payload(octets)) <= len(octets)
