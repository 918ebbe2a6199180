"""EncryptedPayload: what stands in an EncryptionContainer once it is decrypted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.base.errors import DecodeError
from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover import payload as payloads
from custodes.wire.handover.payload import Payload
from custodes.wire.handover.schema import MODULE, schema

_TYPE = "EncryptedPayload"


@dataclass(frozen=True, slots=True)
class EncryptedPayload:
    """``byteCounter``: 64 bits; the sizes of all PDUs before, from seconds since 1970 << 32 on."""

    byteCounter: int
    payload: Payload
    unknown: tuple[tuple[str, bytes], ...] = ()


def encode_encrypted(encrypted: EncryptedPayload) -> bytes:
    """The octets to encrypt; raises EncodeError."""
    value: dict[str, Any] = {
        "byteCounter": encrypted.byteCounter,
        "payload": payloads.to_value(encrypted.payload),
    }
    if encrypted.unknown:
        value[UNKNOWN] = list(encrypted.unknown)
    return schema().encode(MODULE, _TYPE, value)


def decode_encrypted(octets: bytes) -> EncryptedPayload:
    """Of decrypted octets without their padding; raises DecodeError."""
    value = schema().decode(MODULE, _TYPE, octets)
    if not 0 <= value["byteCounter"] < 1 << 64:
        raise DecodeError("a byteCounter does not fit in 64 bits")
    payload = payloads.from_value(*value["payload"])
    return EncryptedPayload(value["byteCounter"], payload, tuple(value.get(UNKNOWN, ())))
