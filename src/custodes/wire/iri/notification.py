"""LINotificationPayload: LI_HI4 (TS 33.128 V19.7.0 clause 5.6.2, annex B)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from custodes.base.errors import EncodeError
from custodes.wire.ber.node import UNKNOWN
from custodes.wire.iri.oids import LI_NOTIFICATION, check_oid
from custodes.wire.iri.schema import MODULE, schema
from custodes.wire.iri.times import generalized_time


@dataclass(frozen=True, slots=True)
class LINotificationPayload:
    """``notification``: ("lINotification", LINotification value)."""

    oid: tuple[int, ...]
    notification: tuple[str, Any]
    unknown: tuple[tuple[str, bytes], ...] = ()


def li_notification(
    notification_type: str,
    *,
    target: tuple[str, Any] | None = None,
    delivery: Sequence[dict[str, Any]] = (),
    start: datetime | None = None,
    end: datetime | None = None,
) -> LINotificationPayload:
    """A notification of ours; ``check_notification`` says whether it may be sent.

    ``notification_type``: activation (``start`` always; no ``end`` means none is set),
    modification (``start``, ``end``: what is new) or deactivation (``end`` always, the actual one;
    never ``start``), as aware datetimes. ``target``: TargetIdentifier. ``delivery``:
    LIAppliedDeliveryInformation values, e.g. {"hI2DeliveryIPAddress": ("iPv4Address", 4 octets),
    "hI2DeliveryPortNumber": port}.
    """
    value: dict[str, Any] = {"notificationType": notification_type}
    if target is not None:
        value["appliedTargetID"] = target
    if delivery:
        value["appliedDeliveryInformation"] = list(delivery)
    if start is not None:
        value["appliedStartTime"] = generalized_time(start)
    if end is not None:
        value["appliedEndTime"] = generalized_time(end)
    return LINotificationPayload(LI_NOTIFICATION, ("lINotification", value))


def check_notification(payload: LINotificationPayload) -> None:
    """The conditions of annex B; raises EncodeError. Another kind of message has none here."""
    name, value = payload.notification
    if name != "lINotification" or not isinstance(value, dict):
        return
    start, end = "appliedStartTime" in value, "appliedEndTime" in value
    kind = value.get("notificationType")
    if kind == "activation" and not start:
        raise EncodeError("an activation is notified with its appliedStartTime")
    if kind == "deactivation" and (start or not end):
        raise EncodeError("a deactivation is notified with its appliedEndTime and no start")


def to_value(payload: LINotificationPayload) -> dict[str, Any]:
    """The table value, as it stands inside a PS-PDU."""
    value: dict[str, Any] = {
        "lINotificationPayloadOID": payload.oid,
        "notification": payload.notification,
    }
    if payload.unknown:
        value[UNKNOWN] = list(payload.unknown)
    return value


def from_value(value: dict[str, Any]) -> LINotificationPayload:
    """From the table value; raises DecodeError."""
    return LINotificationPayload(
        check_oid(value["lINotificationPayloadOID"], LI_NOTIFICATION[-1]),
        value["notification"],
        tuple(value.get(UNKNOWN, ())),
    )


def encode_notification(payload: LINotificationPayload) -> bytes:
    """LINotificationPayload on its own; raises EncodeError."""
    return schema().encode(MODULE, "LINotificationPayload", to_value(payload))


def decode_notification(octets: bytes) -> LINotificationPayload:
    """Raises DecodeError."""
    return from_value(schema().decode(MODULE, "LINotificationPayload", octets))
