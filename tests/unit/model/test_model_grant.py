"""Two different people approve exactly one intent, or nothing happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from custodes.base.errors import RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.grant import Approval, Grant, Officers
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject
from custodes.model.party import Party, Role

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE = Party("officer-1", Role.OFFICER, "11" * 32, "first person")
TWO = Party("officer-2", Role.OFFICER, "22" * 32, "second person")
ONE_AGAIN = Party("officer-3", Role.OFFICER, "33" * 32, "first person")
ADMINISTRATOR = Party("administrator", Role.ADMINISTRATOR, "44" * 32, "third person")
OFFICERS = Officers([ONE, TWO, ONE_AGAIN, ADMINISTRATOR])


def order() -> Order:
    return Order(
        reference="order-1",
        authority="authority-a",
        agency="agency-a",
        legal_basis="section 1",
        start=NOW,
        end=NOW + timedelta(days=1),
        subject=Subject.parse("imsi-001010000000001"),
        content=True,
        location=True,
        header_reporting=HeaderReporting(HeaderReportingKind.NONE, "agreement-1"),
    )


def intent() -> Intent:
    did = DID(UUID(int=2))
    return Intent(
        order=order(),
        xid=XID(UUID(int=1)),
        liid=LIID("LI-1"),
        elements=(ElementTask("amf", Product.X2),),
        deliveries=(Delivery(did, Purpose.HI2, Address("127.0.0.1", 4001)),),
    )


def approval(officer: Party, of: Intent | None = None, at: datetime = NOW) -> Approval:
    return Approval(officer.name, officer.fingerprint, at, (of or intent()).digest())


def verify(*approvals: Approval, now: datetime = NOW) -> None:
    OFFICERS.verify(Grant(intent(), approvals), now)


def test_two_officers_suffice() -> None:
    verify(approval(ONE), approval(TWO))


@pytest.mark.parametrize(
    "approvals",
    [
        (),
        (approval(ONE),),
        (approval(ONE), approval(ONE)),
        (approval(ONE), approval(ONE_AGAIN)),
        (approval(ONE), approval(ADMINISTRATOR)),
        (approval(ONE), approval(replace(TWO, fingerprint="55" * 32))),
        (approval(ONE), approval(replace(TWO, name="officer-9"))),
        (approval(ONE), approval(TWO, at=NOW + timedelta(minutes=1))),
    ],
    ids=[
        "nobody",
        "one",
        "one twice",
        "one person with two keys",
        "an administrator",
        "a key not enrolled",
        "a name that is not the key's",
        "from the future",
    ],
)
def test_less_is_refused(approvals: tuple[Approval, ...]) -> None:
    with pytest.raises(RefusedError):
        verify(*approvals)


def test_an_approval_of_another_intent_is_refused() -> None:
    other = replace(intent(), liid=LIID("LI-2"))
    with pytest.raises(RefusedError, match="another intent"):
        verify(approval(ONE), approval(TWO, of=other))


def test_an_order_that_has_ended_is_refused() -> None:
    verify(approval(ONE), approval(TWO), now=order().end - timedelta(microseconds=1))
    with pytest.raises(RefusedError, match="has ended"):
        verify(approval(ONE), approval(TWO), now=order().end)


def test_every_part_of_an_intent_is_in_its_digest() -> None:
    made = intent()
    delivery = made.deliveries[0]
    changed = [
        replace(made, xid=XID(UUID(int=9))),
        replace(made, liid=LIID("LI-9")),
        replace(made, elements=(ElementTask("amf", Product.X3),)),
        replace(made, deliveries=(replace(delivery, address=Address("127.0.0.1", 4002)),)),
        replace(made, deliveries=(replace(delivery, purpose=Purpose.HI3),)),
        replace(made, order=replace(made.order, content=False)),
        replace(made, order=replace(made.order, location=False)),
        replace(made, order=replace(made.order, end=made.order.end + timedelta(seconds=1))),
        replace(made, order=replace(made.order, subject=Subject.parse("001010000000002"))),
        replace(made, order=replace(made.order, agency="agency-b")),
    ]
    assert len({i.digest() for i in [made, *changed]}) == len(changed) + 1


def test_an_identity_does_not_show_in_a_repr() -> None:
    assert "001010000000001" not in repr(intent())
