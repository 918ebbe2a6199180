"""What interrogations are told of product: amounts by interface, and nothing that is not known."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from mdf_scene import START, A, B, X

from custodes.base.ids import DID, XID
from custodes.functions.mdf.activity import SideActivity
from custodes.model.intent import Product
from custodes.session.x1.acceptance import TaskActivity

_LATER = START + timedelta(seconds=3)


def activity(product: Product, *, connected: bool | None = True) -> SideActivity:
    return SideActivity(product, lambda _did: connected, lambda xid: {A, B} if xid == X else ())


def test_x2_counts_pdus_and_x3_the_octets_of_payloads() -> None:
    x2, x3 = activity(Product.X2), activity(Product.X3)
    for side in (x2, x3):
        side.intercepted(X, 40, START)
        side.intercepted(X, 60, _LATER)
    assert x2.task(X) == TaskActivity(timeOfLastIntercept=_LATER, amountOfX2Data=2)
    assert x3.task(X) == TaskActivity(timeOfLastIntercept=_LATER, amountOfX3Data=100)


def test_a_task_without_product_is_told_as_not_known() -> None:
    side = activity(Product.X2)
    side.intercepted(XID(UUID(int=99)), 40, START)
    assert side.task(X) == TaskActivity()


def test_only_a_destination_that_is_held_and_away_is_a_fault() -> None:
    did = DID(UUID(int=5))
    assert len(activity(Product.X2, connected=False).destination_faults(did)) == 1
    assert activity(Product.X2, connected=True).destination_faults(did) == ()
    assert activity(Product.X2, connected=None).destination_faults(did) == ()


def test_what_was_lost_to_an_order_is_a_fault_of_its_task_and_of_no_other() -> None:
    side = activity(Product.X2)
    side.intercepted(X, 40, START)
    side.lost(B)
    side.lost(B)
    [fault] = side.task(X).faults
    assert str(B) in fault.errorDescription
    assert "2 PS-PDUs" in fault.errorDescription
    assert side.task(X).amountOfX2Data == 1
    assert side.task(XID(UUID(int=99))).faults == ()
