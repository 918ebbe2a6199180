"""EncryptionContainer: a payload encrypted for the agency (LI-PS-PDU, Payload [4]).

Carried, not opened: no key is ever here. ``encrypted.py`` has what stands inside once decrypted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover.names import read_name, write_name


class EncryptionType(Enum):
    NONE = "none"
    NATIONAL_OPTION = "national-option"
    AES_192_CBC = "aES-192-CBC"
    AES_256_CBC = "aES-256-CBC"
    BLOWFISH_192_CBC = "blowfish-192-CBC"
    BLOWFISH_256_CBC = "blowfish-256-CBC"
    THREEDES_CBC = "threedes-cbc"


class EncryptedPayloadType(Enum):
    """Which part of TS 102 232 the payload is of; PART1 came last."""

    UNKNOWN = "unknown"
    PART1 = "part1"
    PART2 = "part2"
    PART3 = "part3"
    PART4 = "part4"
    PART5 = "part5"
    PART6 = "part6"
    PART7 = "part7"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionContainer:
    """encryptionContainer [4]. ``encryptedPayload``: octets of an EncryptedPayload, encrypted."""

    encryptionType: EncryptionType | int
    encryptedPayload: bytes
    encryptedPayloadType: EncryptedPayloadType | int | None = None
    unknown: tuple[tuple[str, bytes], ...] = ()


def to_value(container: EncryptionContainer) -> dict[str, Any]:
    """The table value."""
    value: dict[str, Any] = {
        **write_name("encryptionType", container.encryptionType),
        "encryptedPayload": container.encryptedPayload,
        **write_name("encryptedPayloadType", container.encryptedPayloadType),
    }
    if container.unknown:
        value[UNKNOWN] = list(container.unknown)
    return value


def from_value(value: dict[str, Any]) -> EncryptionContainer:
    """From the table value."""
    kind = read_name(EncryptionType, value["encryptionType"])
    assert kind is not None  # noqa: S101 - mandatory in the table
    return EncryptionContainer(
        encryptionType=kind,
        encryptedPayload=value["encryptedPayload"],
        encryptedPayloadType=read_name(EncryptedPayloadType, value.get("encryptedPayloadType")),
        unknown=tuple(value.get(UNKNOWN, ())),
    )
