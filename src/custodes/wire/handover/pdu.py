"""PS-PDU: the envelope of HI2, HI3 and HI4 (ETSI TS 102 232-1, LI-PS-PDU version43)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.ber.node import UNKNOWN
from custodes.wire.handover import cc, iri, psheader
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.schema import MODULE, schema
from custodes.wire.iri import notification
from custodes.wire.iri.notification import LINotificationPayload


@dataclass(frozen=True, slots=True)
class IRIs:
    """iRIPayloadSequence [0]."""

    items: tuple[IRIItem, ...]


@dataclass(frozen=True, slots=True)
class CCs:
    """cCPayloadSequence [1]."""

    items: tuple[CCItem, ...]


@dataclass(frozen=True, slots=True)
class TRI:
    """tRIPayload [2]: (alternative, value), e.g. ("keep-alive", None), ("paddingPDU", octets)."""

    payload: tuple[str, Any]


@dataclass(frozen=True, slots=True)
class HI4:
    """hI4Payload [7]: LI notifications of TS 33.128; another kind stays (alternative, value)."""

    items: tuple[LINotificationPayload | tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Any other payload: (alternative of Payload, value), its octets where the type is foreign."""

    payload: tuple[str, Any]


Payload = IRIs | CCs | TRI | HI4 | Unknown
KEEP_ALIVE = TRI(("keep-alive", None))
KEEP_ALIVE_RESPONSE = TRI(("keep-aliveResponse", None))


@dataclass(frozen=True, slots=True)
class PSPDU:
    header: PSHeader
    payload: Payload
    unknown: tuple[tuple[str, bytes], ...] = ()


def encode(pdu: PSPDU) -> bytes:
    """One PS-PDU, definite lengths; raises EncodeError."""
    if isinstance(pdu.payload, IRIs | CCs | HI4) and not pdu.payload.items:
        raise EncodeError("a PS-PDU without any payload")
    value: dict[str, Any] = {
        "pSHeader": psheader.to_value(pdu.header),
        "payload": _payload_value(pdu.payload),
    }
    if pdu.unknown:
        value[UNKNOWN] = list(pdu.unknown)
    return schema().encode(MODULE, "PS-PDU", value)


def decode(octets: bytes) -> PSPDU:
    """Exactly one PS-PDU, any legal BER; raises DecodeError."""
    value = schema().decode(MODULE, "PS-PDU", octets)
    header = psheader.from_value(value["pSHeader"])
    return PSPDU(header, _payload(*value["payload"]), tuple(value.get(UNKNOWN, ())))


def _payload_value(payload: Payload) -> tuple[str, Any]:
    if isinstance(payload, IRIs):
        return "iRIPayloadSequence", [iri.to_value(item) for item in payload.items]
    if isinstance(payload, CCs):
        return "cCPayloadSequence", [cc.to_value(item) for item in payload.items]
    if isinstance(payload, TRI):
        return "tRIPayload", payload.payload
    if isinstance(payload, HI4):
        return "hI4Payload", [_notification_value(item) for item in payload.items]
    return payload.payload


def _notification_value(item: LINotificationPayload | tuple[str, Any]) -> tuple[str, Any]:
    if isinstance(item, LINotificationPayload):
        return "threeGPP-LI-Notification", notification.to_value(item)
    return item


def _payload(name: str, value: Any) -> Payload:
    if name == "iRIPayloadSequence":
        return IRIs(tuple(map(iri.from_value, _some(value))))
    if name == "cCPayloadSequence":
        return CCs(tuple(map(cc.from_value, _some(value))))
    if name == "tRIPayload":
        return TRI(value)
    if name == "hI4Payload":
        return HI4(tuple(_notification(*item) for item in _some(value)))
    return Unknown((name, value))


def _notification(name: str, value: Any) -> LINotificationPayload | tuple[str, Any]:
    if name == "threeGPP-LI-Notification":
        return notification.from_value(value)
    return name, value


def _some(items: list[Any]) -> list[Any]:
    if not items:
        raise DecodeError("a PS-PDU without any payload")
    return items
