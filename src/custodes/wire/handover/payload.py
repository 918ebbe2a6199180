"""The alternatives of Payload of LI-PS-PDU as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.handover import cc, encryption, hi1, iri, tri
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.encryption import EncryptionContainer
from custodes.wire.handover.hi1 import HI1
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.tri import TRI
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
class HI4:
    """hI4Payload [7]: LI notifications of TS 33.128; another kind stays (alternative, value)."""

    items: tuple[LINotificationPayload | tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Any other payload: (alternative of Payload, value).

    threeGPP-HI1-Operation: the whole element; iLHIPayload: a list of elements; of a later module:
    ("_unknown", element).
    """

    payload: tuple[str, Any]


Payload = IRIs | CCs | TRI | HI1 | EncryptionContainer | HI4 | Unknown

_OPENED = {
    "iRIPayloadSequence",
    "cCPayloadSequence",
    "tRIPayload",
    "hI1-Operation",
    "encryptionContainer",
    "hI4Payload",
}


def to_value(payload: Payload) -> tuple[str, Any]:
    """The table value; raises EncodeError."""
    if isinstance(payload, IRIs | CCs | HI4) and not payload.items:
        raise EncodeError("a PS-PDU without any payload")
    if isinstance(payload, IRIs):
        return "iRIPayloadSequence", [iri.to_value(item) for item in payload.items]
    if isinstance(payload, CCs):
        return "cCPayloadSequence", _contents(payload)
    if isinstance(payload, TRI):
        return "tRIPayload", tri.to_value(payload)
    if isinstance(payload, HI1):
        return "hI1-Operation", hi1.to_value(payload)
    if isinstance(payload, EncryptionContainer):
        return "encryptionContainer", encryption.to_value(payload)
    if isinstance(payload, HI4):
        return "hI4Payload", [_notification_value(item) for item in payload.items]
    if payload.payload[0] in _OPENED:
        raise EncodeError("a payload that has a type of its own is given as unknown")
    return payload.payload


def from_value(name: str, value: Any) -> Payload:
    """From the table value; raises DecodeError."""
    if name == "iRIPayloadSequence":
        return IRIs(tuple(map(iri.from_value, _some(value))))
    if name == "cCPayloadSequence":
        return CCs(tuple(map(cc.from_value, _some(value))))
    if name == "tRIPayload":
        return tri.from_value(value)
    if name == "hI1-Operation":
        return HI1(value)
    if name == "encryptionContainer":
        return encryption.from_value(value)
    if name == "hI4Payload":
        return HI4(tuple(_notification(*item) for item in _some(value)))
    return Unknown((name, value))


def _contents(payload: CCs) -> list[dict[str, Any]]:
    """Aggregated content has a time per item (TS 33.128 clause 5.5.3)."""
    if len(payload.items) > 1 and any(item.timestamp is None for item in payload.items):
        raise EncodeError("aggregated content without a time of each")
    return [cc.to_value(item) for item in payload.items]


def _notification_value(item: LINotificationPayload | tuple[str, Any]) -> tuple[str, Any]:
    if isinstance(item, LINotificationPayload):
        return "threeGPP-LI-Notification", notification.to_value(item)
    return item


def _notification(name: str, value: Any) -> LINotificationPayload | tuple[str, Any]:
    if name == "threeGPP-LI-Notification":
        return notification.from_value(value)
    return name, value


def _some(items: list[Any]) -> list[Any]:
    if not items:
        raise DecodeError("a PS-PDU without any payload")
    return items
