"""Elements kept as the octets they came in: types that this project does not open."""

from __future__ import annotations

from typing import Any

from custodes.wire.ber.errors import BERDecodeError, BEREncodeError
from custodes.wire.ber.node import Node
from custodes.wire.ber.tlv import header


def check_element(value: Any) -> int:
    """The tag of a value that must be exactly one whole element."""
    if not isinstance(value, bytes):
        raise BEREncodeError("not the bytes of an element")
    try:
        tag, _, _, _, after = header(value, 0, len(value))
    except BERDecodeError:
        raise BEREncodeError("not an element") from None
    if after != len(value):
        raise BEREncodeError("more than one element")
    return tag


class Raw(Node):
    """bytes: the whole element, its tag and length included."""

    __slots__ = ()

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> bytes:
        return bytes(buf[start:end])

    def encode(self, value: Any) -> bytes:
        return self.encode_element(value)

    def decode_element(self, buf: bytes, pos: int, limit: int, depth: int) -> bytes:
        if header(buf, pos, limit)[4] != limit:
            raise BERDecodeError("octets follow where the element ends", offset=pos)
        return bytes(buf[pos:limit])

    def encode_element(self, value: Any) -> bytes:
        check_element(value)
        return bytes(value)
