"""Tasks and destinations: granted, and only towards the agency that the order names."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from mdf_enrolment import (
    AGENCIES,
    DA3,
    LEMF_A,
    REGISTRY,
    approved,
    destination,
    grant,
    task,
    with_entry,
)
from mdf_scene import DA, DB, IMSI, START, A, B, Clock, X

from custodes.base.errors import CustodesError, RefusedError
from custodes.base.ids import LIID, XID
from custodes.functions.mdf.acceptance import Acceptance, _check_sendable
from custodes.model.grant import Grant
from custodes.model.intent import Delivery, Purpose
from custodes.model.outgoing import Kind
from custodes.model.registry import ElementKind
from custodes.session.x1.grants import to_extension
from custodes.wire.x1.destination import DeliveryAddress, DestinationDetails, ip_delivery
from custodes.wire.x1.extension import grants_of
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    LocationTypeOptions,
    ServiceScopingOptions,
    TaskDetails,
)

FOR_A, FOR_B = grant(A), grant(B)
HELD = {DA: destination(FOR_A), DB: destination(FOR_B)}


def acceptance(kind: ElementKind = ElementKind.MDF2) -> Acceptance:
    made = Acceptance(kind, str(kind).lower(), REGISTRY, Clock())
    made.hold(HELD, dict)
    return made


def check_task(details: TaskDetails) -> None:
    acceptance().check_task(details, grants_of(details.taskDetailsExtensions), None, START)


def check_destination(details: DestinationDetails) -> None:
    given = grants_of(details.destinationDetailsExtensions)
    acceptance().check_destination(details, given, None, START)


def test_a_plan_has_an_entry_and_its_routes_per_order() -> None:
    details = task(FOR_A, FOR_B)
    plan = acceptance().plan(details, grants_of(details.taskDetailsExtensions), START)
    assert [(e.liid, e.dids, e.location) for e in plan.entries] == [
        (A, (DA,), True),
        (B, (DB,), True),
    ]
    assert plan.entries[0].period.end == FOR_A.intent.order.end
    assert plan.entries[0].period.deadline == 160.0
    assert plan.entries[0].provided == (("sUPI", ("iMSI", IMSI)),)
    (route,) = plan.routes[A]
    assert (route.did, route.fingerprint) == (DA, LEMF_A.fingerprint)
    assert route.kinds == {Kind.HI2, Kind.HI4}


def test_an_order_without_location_is_planned_without() -> None:
    option = ServiceScopingOptions(locationType=LocationTypeOptions("doNotReport", ""))
    details = with_entry(task(FOR_A), serviceScopingOptions=(option,))
    plan = acceptance().plan(details, grants_of(details.taskDetailsExtensions), START)
    assert not plan.entries[0].location


def test_an_entry_that_lets_out_location_that_is_not_ordered_is_refused() -> None:
    """Past the gate, or by the gate itself: the mdf holds each entry against its own order."""
    details = task(grant(A, location=False))
    plan = acceptance().plan(details, grants_of(details.taskDetailsExtensions), START)
    assert not plan.entries[0].location
    with pytest.raises(RefusedError, match="does not order location"):
        check_task(with_entry(details, serviceScopingOptions=None))


def test_a_destination_leads_to_the_one_agency_enrolled_there() -> None:
    target = acceptance().target(HELD[DA])
    assert (target.did, target.address, target.party) == (DA, AGENCIES[A].hi2, LEMF_A)
    hi3 = destination(grant(A, content=True), Purpose.HI3)
    assert acceptance(ElementKind.MDF3).target(hi3).did == DA3


def _readdressed(given: Grant, host: str) -> Grant:
    """An approved grant whose address enrolment does not know."""
    (delivery, *_) = given.intent.deliveries
    moved = Delivery(delivery.did, delivery.purpose, replace(delivery.address, host=host))
    return approved(replace(given.intent, deliveries=(moved,)))


@pytest.mark.parametrize(
    "details",
    [
        replace(HELD[DA], destinationDetailsExtensions=()),
        replace(HELD[DA], deliveryAddress=ip_delivery("192.0.2.2", 4002)),
        replace(HELD[DA], deliveryAddress=ip_delivery("192.0.2.1", 4003)),
        replace(HELD[DA], deliveryAddress=DeliveryAddress("uri", "https://example.org")),
        replace(HELD[DA], deliveryType=DeliveryType.X3_ONLY),
        replace(HELD[DA], dId=DB),
        destination(_readdressed(FOR_A, "203.0.113.9")),
    ],
)
def test_other_destinations_are_refused(details: DestinationDetails) -> None:
    check_destination(HELD[DA])
    with pytest.raises(RefusedError):
        check_destination(details)


def _crossed() -> Grant:
    """Approved by two officers, and yet towards another agency's address."""
    (delivery,) = FOR_B.intent.deliveries
    return approved(replace(FOR_A.intent, deliveries=(delivery,)))


@pytest.mark.parametrize(
    "details",
    [
        replace(task(FOR_A), taskDetailsExtensions=()),
        replace(task(FOR_A, FOR_B), taskDetailsExtensions=(to_extension([FOR_A]),)),
        with_entry(task(FOR_A, FOR_B), listOfDIDs=ListOfDIDs(dId=(DB,))),
        with_entry(
            replace(
                task(FOR_A),
                listOfDIDs=ListOfDIDs(dId=(DB,)),
                taskDetailsExtensions=(to_extension([_crossed()]),),
            ),
            listOfDIDs=ListOfDIDs(dId=(DB,)),
        ),
        with_entry(task(FOR_A), EndTime=FOR_A.intent.order.end.replace(year=2031)),
        task(grant(A, content=True), purpose=Purpose.HI3),
    ],
)
def test_other_tasks_are_refused(details: TaskDetails) -> None:
    check_task(task(FOR_A, FOR_B))
    with pytest.raises(CustodesError) as error:
        check_task(details)
    assert IMSI not in str(error.value)


def test_a_did_that_is_not_held_is_unknown() -> None:
    made = acceptance()
    made.hold({DB: HELD[DB]}, dict)
    details = task(FOR_A)
    with pytest.raises(RefusedError) as error:
        made.plan(details, grants_of(details.taskDetailsExtensions), START)
    assert error.value.code == 2040


def test_an_order_that_has_ended_is_refused() -> None:
    made, details = acceptance(), task(FOR_A)
    with pytest.raises(RefusedError):
        made.check_task(
            details, grants_of(details.taskDetailsExtensions), None, FOR_A.intent.order.end
        )


@pytest.mark.parametrize("text", ["41" * 13, "0" * 27])
def test_an_liid_that_cannot_be_handed_over_is_refused(text: str) -> None:
    """X1 takes it; on HI2 and HI3 its octets would be another's, or nobody's."""
    details = task(FOR_A)
    (entry,) = details.listOfMediationDetails or ()
    given = grants_of(details.taskDetailsExtensions)
    changed = replace(details, listOfMediationDetails=(replace(entry, LIID=LIID(text)),))
    with pytest.raises(RefusedError) as caught:
        acceptance().plan(changed, given, START)
    assert caught.value.what
    with pytest.raises(RefusedError, match="cannot be handed over"):
        _check_sendable(LIID(text))


def test_an_liid_belongs_to_one_task() -> None:
    made, details = acceptance(), task(FOR_A)
    other = XID(UUID(int=99))
    given = grants_of(details.taskDetailsExtensions)
    made.hold(HELD, lambda: {X: details})
    made.plan(details, given, START)
    made.hold(HELD, lambda: {other: replace(details, xId=other)})
    with pytest.raises(RefusedError):
        made.plan(details, given, START)
