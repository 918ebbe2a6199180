"""HI4: what an agency is told of its order (TS 33.128 V19.7.0, 5.6.2, Annex B)."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv4Address, ip_address
from typing import Any

from custodes.functions.mdf.tasks import Change, Notice
from custodes.model.address import Address
from custodes.model.outgoing import Kind
from custodes.wire.handover.pdu import HI4
from custodes.wire.iri.payload import check_notification, li_notification

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


def _delivery(kind: Kind, address: Address) -> dict[str, Any]:
    host = ip_address(address.host)
    name = "iPv4Address" if isinstance(host, IPv4Address) else "iPv6Address"
    host_field, port_field = _FIELDS[kind]
    return {host_field: (name, host.packed), port_field: address.port}
