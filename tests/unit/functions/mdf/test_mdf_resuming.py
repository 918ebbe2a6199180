"""Who is waited for after a restart, and for how long."""

from __future__ import annotations

from datetime import timedelta

from mdf_scene import START, A, B

from custodes.base.ids import LIID
from custodes.functions.mdf.resuming import Resuming
from custodes.wire.iri.notification import li_notification
from custodes.wire.iri.payload import encode_notification

SUBJECT, OTHER = ("sUPI", ("iMSI", "001010000000001")), ("sUPI", ("iMSI", "001010000000002"))
NS = int(START.timestamp()) * 1_000_000_000
LATER = NS + 30_000_000_000


def told(subject: tuple[str, object] | None, seconds: int | None = 30) -> bytes:
    end = None if seconds is None else START + timedelta(seconds=seconds)
    made = li_notification("activation", target=subject, start=START, end=end)
    return encode_notification(made)


def test_nobody_is_waited_for_where_nothing_ran() -> None:
    assert not Resuming([]).awaits(SUBJECT, NS)


def test_everybody_on_the_same_subject_is_waited_for() -> None:
    resuming = Resuming([(A, told(SUBJECT)), (B, told(SUBJECT)), (LIID("C"), told(OTHER))])
    resuming.tasked([A])
    assert resuming.awaits(SUBJECT, NS)
    resuming.tasked([B])
    assert not resuming.awaits(SUBJECT, NS)
    assert resuming.awaits(OTHER, NS)


def test_an_order_whose_end_has_come_is_not_waited_for() -> None:
    resuming = Resuming([(A, told(SUBJECT)), (B, told(OTHER, None))])
    assert resuming.awaits(SUBJECT, LATER - 1)
    assert not resuming.awaits(SUBJECT, LATER)
    assert resuming.awaits(OTHER, LATER)


def test_orders_whose_subject_no_agency_was_told_wait_for_each_other() -> None:
    resuming = Resuming([(A, told(None)), (B, told(SUBJECT))])
    resuming.tasked([B])
    assert resuming.awaits(None, NS)
    assert not resuming.awaits(SUBJECT, NS)
