"""HI4: what each notification tells, and what annex B of TS 33.128 lets it tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from custodes.base.ids import DID, LIID, XID
from custodes.functions.mdf.notification import ended, octets_of, payload
from custodes.functions.mdf.tasks import Change, Entry, Notice
from custodes.model.address import Address
from custodes.model.outgoing import Kind
from custodes.model.period import Period
from custodes.wire.iri.notification import LINotificationPayload

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=1)
ENTRY = Entry(
    xid=XID(UUID(int=1)),
    liid=LIID("LI-1"),
    period=Period(START, END, 0.0),
    dids=(DID(UUID(int=2)),),
    location=True,
    provided=(("sUPI", ("iMSI", "001010000000001")),),
    sources=frozenset({"amf"}),
)


def told(notice: Notice, now: datetime, kind: Kind = Kind.HI2) -> dict[str, Any]:
    [item] = payload(Change(notice, ENTRY), kind, Address("192.0.2.7", 4300), now).items
    name, value = item.notification
    assert name == "lINotification"
    return dict(value)


@pytest.mark.parametrize("notice", [Notice.ACTIVATION, Notice.MODIFICATION])
def test_a_beginning_tells_the_period(notice: Notice) -> None:
    value = told(notice, START)
    assert value["notificationType"] == notice.value
    assert value["appliedStartTime"].startswith("20260101000000")
    assert value["appliedEndTime"].startswith("20260102000000")


def test_an_early_end_tells_when_it_really_ended() -> None:
    value = told(Notice.DEACTIVATION, START + timedelta(hours=2))
    assert "appliedStartTime" not in value
    assert value["appliedEndTime"].startswith("20260101020000")


def test_an_end_that_is_noticed_late_is_still_the_orders_end() -> None:
    value = told(Notice.DEACTIVATION, END + timedelta(hours=2))
    assert value["appliedEndTime"].startswith("20260102000000")


@pytest.mark.parametrize(("kind", "name"), [(Kind.HI2, "hI2"), (Kind.HI3, "hI3")])
def test_it_names_the_delivery_of_its_interface(kind: Kind, name: str) -> None:
    [delivery] = told(Notice.ACTIVATION, START, kind)["appliedDeliveryInformation"]
    assert delivery == {
        f"{name}DeliveryIPAddress": ("iPv4Address", bytes([192, 0, 2, 7])),
        f"{name}DeliveryPortNumber": 4300,
    }


@pytest.mark.parametrize(("hours", "end"), [(2, "20260101020000Z"), (48, "20260102000000Z")])
def test_an_end_that_nobody_told_is_made_from_what_was_told_last(hours: int, end: str) -> None:
    change = Change(Notice.ACTIVATION, ENTRY)
    before = payload(change, Kind.HI2, Address("192.0.2.7", 4300), START)
    (item,) = ended(octets_of(before), START + timedelta(hours=hours)).items
    assert isinstance(item, LINotificationPayload)
    (first,) = before.items
    assert isinstance(first, LINotificationPayload)
    kept = ("appliedTargetID", "appliedDeliveryInformation")
    expected = {name: first.notification[1][name] for name in kept}
    expected |= {"notificationType": "deactivation", "appliedEndTime": end}
    assert item.notification == ("lINotification", expected)
