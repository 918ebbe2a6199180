"""PS-PDU: the envelope of HI2, HI3 and HI4 (ETSI TS 102 232-1, LI-PS-PDU version43)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover import payload as payloads
from custodes.wire.handover import psheader
from custodes.wire.handover.encryption import EncryptionContainer
from custodes.wire.handover.hi1 import HI1
from custodes.wire.handover.payload import HI4, CCs, IRIs, Payload, Unknown
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.schema import MODULE, schema
from custodes.wire.handover.tri import KEEP_ALIVE, KEEP_ALIVE_RESPONSE, TRI


@dataclass(frozen=True, slots=True)
class PSPDU:
    header: PSHeader
    payload: Payload
    unknown: tuple[tuple[str, bytes], ...] = ()


def encode(pdu: PSPDU) -> bytes:
    """One PS-PDU, definite lengths; raises EncodeError."""
    value: dict[str, Any] = {
        "pSHeader": psheader.to_value(pdu.header),
        "payload": payloads.to_value(pdu.payload),
    }
    if pdu.unknown:
        value[UNKNOWN] = list(pdu.unknown)
    return schema().encode(MODULE, "PS-PDU", value)


def decode(octets: bytes) -> PSPDU:
    """Exactly one PS-PDU, any legal BER; raises DecodeError."""
    value = schema().decode(MODULE, "PS-PDU", octets)
    header = psheader.from_value(value["pSHeader"])
    return PSPDU(header, payloads.from_value(*value["payload"]), tuple(value.get(UNKNOWN, ())))


__all__ = [
    "HI1",
    "HI4",
    "KEEP_ALIVE",
    "KEEP_ALIVE_RESPONSE",
    "PSPDU",
    "TRI",
    "CCs",
    "EncryptionContainer",
    "IRIs",
    "PSHeader",
    "Payload",
    "Unknown",
    "decode",
    "encode",
]
