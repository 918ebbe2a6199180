"""HI4: what an agency is told of its order (TS 33.128 V19.7.0, 5.6.2, Annex B)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from ipaddress import IPv4Address, ip_address
from typing import Any

from custodes.functions.mdf.identifiers import Identifier
from custodes.functions.mdf.tasks import Change, Notice
from custodes.model.address import Address
from custodes.model.outgoing import Kind
from custodes.wire.handover.pdu import HI4
from custodes.wire.iri.notification import LINotificationPayload
from custodes.wire.iri.payload import (
    check_notification,
    decode_notification,
    encode_notification,
    li_notification,
)
from custodes.wire.iri.times import generalized_time, to_ns

_FIELDS = {
    Kind.HI2: ("hI2DeliveryIPAddress", "hI2DeliveryPortNumber"),
    Kind.HI3: ("hI3DeliveryIPAddress", "hI3DeliveryPortNumber"),
}


def payload(change: Change, kind: Kind, address: Address, now: datetime) -> HI4:
    """The notification of a change; ``kind`` is the interface of this side, HI2 or HI3.

    Annex B: a deactivation tells when the interception really ended, and no start.
    """
    entry = change.entry
    ended = change.notice is Notice.DEACTIVATION
    item = li_notification(
        change.notice.value,
        target=entry.provided[0] if entry.provided else None,
        delivery=[_delivery(kind, address)],
        start=None if ended else entry.period.start,
        end=min(now, entry.period.end) if ended else entry.period.end,
    )
    check_notification(item)
    return HI4((item,))


def ended(octets: bytes, now: datetime) -> HI4:
    """The deactivation that follows what an agency was told last.

    ``octets`` are of that LINotificationPayload. The end is ``now``, or the order's own where that
    has passed: no earlier one is known of.
    """
    told = decode_notification(octets)
    name, before = told.notification
    value = {k: v for k, v in before.items() if k != "appliedStartTime"}
    value["notificationType"] = Notice.DEACTIVATION.value
    ends = [generalized_time(now)]
    if "appliedEndTime" in before:
        ends.append(before["appliedEndTime"])
    value["appliedEndTime"] = min(ends, key=to_ns)
    item = replace(told, notification=(name, value))
    check_notification(item)
    return HI4((item,))


def subject_and_end(octets: bytes) -> tuple[Identifier | None, int | None]:
    """Of what was remembered: the subject, and the end in ns since 1970; None where it names none.

    DecodeError where ``octets`` are not of a LINotificationPayload.
    """
    _, told = decode_notification(octets).notification
    end = told.get("appliedEndTime")
    return told.get("appliedTargetID"), None if end is None else to_ns(end)


def octets_of(told: HI4) -> bytes:
    """What is remembered of a notification: its one LINotificationPayload."""
    (item,) = told.items
    assert isinstance(item, LINotificationPayload)  # noqa: S101 - made above
    return encode_notification(item)


def _delivery(kind: Kind, address: Address) -> dict[str, Any]:
    host = ip_address(address.host)
    name = "iPv4Address" if isinstance(host, IPv4Address) else "iPv6Address"
    host_field, port_field = _FIELDS[kind]
    return {host_field: (name, host.packed), port_field: address.port}
