"""From decoded PS-PDUs to the lines of evidence. Pure."""

from __future__ import annotations

from typing import Any

from custodes.functions.lemf.layout import timestamp
from custodes.session.handover.events import Continuity, PDUReceived
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.tri import TRI
from custodes.wire.handover.tri import to_value as tri_value
from custodes.wire.iri.notification import LINotificationPayload
from custodes.wire.iri.payload import CCPayload, IRIPayload


def iri(event: PDUReceived, item: IRIItem, payload: IRIPayload) -> dict[str, Any]:
    """One line of iri.jsonl; ``event`` is the event's name, ``record`` what it says."""
    name, record = payload.event
    return {
        **_common(event, item.timestamp),
        "iRIType": getattr(item.type, "value", item.type),
        "event": name,
        "record": record,
        "targetIdentifiers": list(payload.targetIdentifiers),
        "mediatedFromIndicator": _dotted_choice(payload.mediatedFromIndicator),
        "iRIPayloadOID": _dotted(payload.oid),
        "header": _header(event.pdu.header),
    }


def content(event: PDUReceived, item: CCItem, payload: CCPayload) -> dict[str, Any]:
    """One line of content.jsonl: content that is no IP packet."""
    return {
        **_common(event, item.timestamp),
        "payloadDirection": getattr(item.payloadDirection, "value", item.payloadDirection),
        "pDU": payload.pDU,
        "header": _header(event.pdu.header),
    }


def notification(
    event: PDUReceived, item: LINotificationPayload | tuple[str, Any]
) -> dict[str, Any]:
    """One line of notifications.jsonl."""
    if not isinstance(item, LINotificationPayload):
        return {**_common(event, None), "notificationType": None, "notification": item}
    return {
        **_common(event, None),
        "notificationType": notification_type(item),
        "notification": item.notification,
        "header": _header(event.pdu.header),
    }


def notification_type(item: LINotificationPayload) -> str | None:
    """activation, modification or deactivation; None where the notification is another."""
    name, value = item.notification
    if name != "lINotification" or not isinstance(value, dict):
        return None
    found = value.get("notificationType")
    return found if isinstance(found, str) else None


def transport(event: PDUReceived, tri: TRI) -> dict[str, Any]:
    """One line of transport.jsonl."""
    name, value = tri_value(tri)
    return {
        **_common(event, None),
        "payload": name,
        "value": value,
        "header": _header(event.pdu.header),
    }


def undecodable(octets: bytes, what: str, header: PSHeader | None = None) -> dict[str, Any]:
    """One line of undecodable.jsonl."""
    return {
        "liid": None if header is None else str(header.liid),
        "what": what,
        "octets": octets,
    }


def _common(event: PDUReceived, item_timestamp: int | None) -> dict[str, Any]:
    header = event.pdu.header
    ns = header.timestamp if item_timestamp is None else item_timestamp
    common: dict[str, Any] = {
        "liid": str(header.liid),
        "cin": None if header.cin is None else header.cin.value,
        "sequenceNumber": header.sequenceNumber,
        "timestamp": timestamp(ns),
    }
    if event.continuity in (Continuity.GAP, Continuity.OUT_OF_ORDER):
        common["continuity"] = event.continuity.value
        common["missing"] = event.missing
    return common


def _header(header: PSHeader) -> dict[str, Any]:
    qualifier = header.timeStampQualifier
    values = {
        "authorizationCountryCode": header.authorizationCountryCode,
        "operatorIdentifier": _text(header.operatorIdentifier),
        "networkElementIdentifier": _text(header.networkElementIdentifier),
        "deliveryCountryCode": header.deliveryCountryCode,
        "timeStampQualifier": getattr(qualifier, "value", qualifier),
        "interceptionPointID": header.interceptionPointID,
        "extendedInterceptionPointID": _text(header.extendedInterceptionPointID),
        "networkFunctionIdentifier": _text(header.networkFunctionIdentifier),
    }
    return {name: value for name, value in values.items() if value is not None}


def _text(octets: bytes | None) -> str | None:
    """Printable ASCII as it is, anything else as hex."""
    if octets is None:
        return None
    if octets and all(0x20 <= octet <= 0x7E for octet in octets):
        return octets.decode("ascii")
    return octets.hex()


def _dotted(oid: tuple[int, ...]) -> str:
    return ".".join(map(str, oid))


def _dotted_choice(choice: tuple[str, Any] | None) -> tuple[str, Any] | None:
    if choice is None or not isinstance(choice[1], tuple):
        return choice
    return choice[0], _dotted(choice[1])
