"""No proof, no tap: what a grant covers, and that nothing beside it passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.base.errors import RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.grant import Grant, Officers
from custodes.model.intent import Delivery, ElementTask, Product, Purpose
from custodes.model.order import HeaderReporting, HeaderReportingKind
from custodes.session.x1 import coverage, grants
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.extension import Extension, header_reporting_extension
from custodes.wire.x1.foreign import ForeignElement
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    LocationType,
    LocationTypeOptions,
    MediationDeliveryType,
    MediationDetails,
    ServiceScopingOptions,
    ServiceType,
    TaskDetails,
)
from custodes.wire.x1.threegpp import HeaderReporting as WireHeaderReporting
from custodes.wire.x1.threegpp import PDHType
from unit.functions.x1gate import x1gate_scene as scene

NOW, TICK, HOUR = scene.NOW, timedelta(microseconds=1), timedelta(hours=1)
OFFICERS = Officers((scene.ONE, scene.TWO))
GRANT = scene.grant()
B_DID, B_ADDRESS = DID(UUID(int=9)), Address("192.0.2.8", 4300)
# A second agency's order on the same subject: its own LIID, its own destination.
ORDER_B = replace(scene.order(), reference="order-2", authority="authority-b", agency="agency-b")
GRANT_B = scene.grant(
    replace(
        scene.intent(ORDER_B),
        liid=LIID("LI-2"),
        deliveries=(
            Delivery(scene.X2_DID, Purpose.X2, scene.INTAKE),
            Delivery(B_DID, Purpose.HI2, B_ADDRESS),
        ),
    )
)
PDHR = header_reporting_extension(WireHeaderReporting(PDHType=PDHType("PDHR", "")))
FOREIGN = ForeignElement(b'<x xmlns="urn:somebody:1"/>')
DO_NOT_REPORT = LocationTypeOptions("doNotReport", "")


def task(details: TaskDetails, *held: Grant, element: str = "amf", now: Any = NOW) -> None:
    coverage.check_task(details, held, element, OFFICERS, now)


def mdf(entry: MediationDetails | None = None, *held: Grant, **changes: Any) -> None:
    details = replace(scene.mdf_task(entry=entry), **changes)
    task(details, *(held or (GRANT,)), element="mdf2")


def destination(
    did: DID = scene.X2_DID,
    kind: DeliveryType = DeliveryType.X2_ONLY,
    address: Address = scene.INTAKE,
    extensions: tuple[Extension, ...] = (),
) -> DestinationDetails:
    return DestinationDetails(
        dId=did,
        friendlyName=None,
        deliveryType=kind,
        deliveryAddress=ip_delivery(address.host, address.port),
        destinationDetailsExtensions=extensions,
    )


def test_what_a_grant_says_is_covered() -> None:
    task(scene.poi_task(GRANT), GRANT)
    task(scene.mdf_task(GRANT), GRANT, element="mdf2")
    coverage.check_destination(destination(), [GRANT], "amf", OFFICERS, NOW)
    coverage.check_destination(
        destination(scene.HI2_DID, address=scene.AGENCY), [GRANT], "mdf2", OFFICERS, NOW
    )


# Steps 1 and 2: grants, each valid, each for this task.


@pytest.mark.parametrize(
    "held",
    [
        (),
        (scene.grant(officers=(scene.ONE,)),),
        (scene.grant(officers=(scene.ONE, scene.ONE)),),
        (scene.grant(officers=(scene.ONE, scene.AMF)),),
        (GRANT, scene.grant(officers=(scene.ONE,))),
        (scene.grant(replace(scene.intent(), xid=XID(UUID(int=99)))),),
        (GRANT, scene.grant(replace(scene.intent(), xid=XID(UUID(int=99))))),
        (scene.grant(replace(scene.intent(), elements=(ElementTask("smf", Product.X2),))),),
        (scene.grant(replace(scene.intent(), elements=(ElementTask("amf", Product.X3),))),),
    ],
)
def test_without_grants_that_are_all_valid_and_for_it_nothing_is_covered(
    held: tuple[Grant, ...],
) -> None:
    with pytest.raises(RefusedError):
        task(scene.poi_task(*held), *held)


@pytest.mark.parametrize(
    "targets",
    [
        (TargetIdentifier("supiimsi", "001010000000002"),),
        (TargetIdentifier("imsi", scene.DIGITS),),
        (TargetIdentifier("supiimsi", scene.DIGITS),) * 2,
        (TargetIdentifier("supiimsi", scene.DIGITS), TargetIdentifier("imsi", scene.DIGITS)),
    ],
)
def test_the_target_is_the_orders_one_subject(targets: tuple[TargetIdentifier, ...]) -> None:
    with pytest.raises(RefusedError) as caught:
        task(replace(scene.poi_task(), targetIdentifiers=targets), GRANT)
    assert "00101" not in str(caught.value)


def test_content_only_where_it_is_ordered() -> None:
    deliveries = (Delivery(scene.X2_DID, Purpose.X3, scene.INTAKE),)
    elements = (ElementTask("upf", Product.X3),)
    details = replace(scene.poi_task(), deliveryType=DeliveryType.X3_ONLY)
    for content in (True, False):
        intent = scene.intent(replace(scene.order(), content=content))
        held = scene.grant(replace(intent, elements=elements, deliveries=deliveries))
        if content:
            task(details, held, element="upf")
            continue
        with pytest.raises(RefusedError, match="does not order content"):
            task(details, held, element="upf")


# Step 3: nothing more than a grant can say.


@pytest.mark.parametrize(
    "change",
    [
        {"correlationID": 0},
        {"implicitDeactivationAllowed": False},
        {"productID": scene.XID_1},
        {"listOfServiceTypes": (ServiceType.DATA,)},
        {"listOfTrafficPolicyReferences": ()},
        {"listOfDIDs": ListOfDIDs(dId=(scene.X2_DID,), dSId=(UUID(int=1),))},
        {"listOfDIDs": ListOfDIDs()},
        {"listOfDIDs": ListOfDIDs(dId=(B_DID,))},
        {"listOfDIDs": ListOfDIDs(dId=(scene.X2_DID, B_DID))},
        {"listOfDIDs": ListOfDIDs(dId=(scene.HI2_DID,))},
        {"deliveryType": DeliveryType.X3_ONLY},
        {"deliveryType": DeliveryType.X2_AND_X3},
        {"taskDetailsExtensions": (PDHR,)},
        {"taskDetailsExtensions": (Extension(Owner="somebody", elements=()),)},
        {"taskDetailsExtensions": (Extension(Owner="3GPP", elements=(FOREIGN,)),)},
        {"taskDetailsExtensions": (Extension(Owner="custodes", elements=(FOREIGN,)),)},
        {"taskDetailsExtensions": (Extension(Owner="custodes", elements=PDHR.elements),)},
    ],
    ids=lambda c: next(iter(c)),
)
def test_a_task_that_says_more_than_the_grant_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        task(replace(scene.poi_task(), **change), GRANT)


def test_every_field_of_a_task_is_looked_at() -> None:
    """A new field of the schema must find its rule here."""
    assert set(TaskDetails.__dataclass_fields__) == {
        "xId", "targetIdentifiers", "deliveryType", "listOfDIDs", "listOfMediationDetails",
        "correlationID", "implicitDeactivationAllowed", "productID", "listOfServiceTypes",
        "taskDetailsExtensions", "listOfTrafficPolicyReferences",
    }  # fmt: skip
    assert set(MediationDetails.__dataclass_fields__) == {
        "LIID", "deliveryType", "StartTime", "EndTime", "listOfDIDs",
        "mediationDetailsExtensions", "serviceScopingOptions", "listOfTrafficPolicyReferences",
    }  # fmt: skip


def test_header_reporting_is_covered_by_an_order_for_that_kind_only() -> None:
    ordered = scene.grant(
        scene.intent(
            replace(
                scene.order(),
                header_reporting=HeaderReporting(HeaderReportingKind.PDHR, "agreement-1"),
            )
        )
    )
    reporting = replace(
        scene.poi_task(), taskDetailsExtensions=(grants.to_extension([ordered]), PDHR)
    )
    task(reporting, ordered)
    with pytest.raises(RefusedError):
        task(reporting, GRANT)
    both = Extension(Owner="3GPP", elements=(*PDHR.elements, FOREIGN))
    with pytest.raises(RefusedError):
        task(replace(reporting, taskDetailsExtensions=(both,)), ordered)


# Step 4: on a POI, some order runs now.


@given(st.integers(-2 * 3600 * 10**6, 2 * 3600 * 10**6))
def test_a_poi_is_tasked_only_while_the_order_runs(microseconds: int) -> None:
    now = NOW + timedelta(microseconds=microseconds)
    # Approved at the order's start, so that only its period decides.
    start = scene.order().start
    held = replace(GRANT, approvals=tuple(replace(a, approvedAt=start) for a in GRANT.approvals))
    order = scene.order()
    if order.start <= now < order.end:
        task(scene.poi_task(), held, now=now)
        return
    with pytest.raises(RefusedError):
        task(scene.poi_task(), held, now=now)


# Step 5: on an MDF, each entry is one order's.


def test_an_mdf_may_be_tasked_before_the_order_runs() -> None:
    start = NOW + HOUR / 2
    held = scene.grant(scene.intent(replace(scene.order(), start=start)))
    mdf(replace(scene.mdf_entry(), StartTime=start), held)
    with pytest.raises(RefusedError):
        task(scene.poi_task(), held)


_WINDOW = st.integers(-3 * 3600, 3 * 3600).map(lambda s: NOW + timedelta(seconds=s))


@given(_WINDOW, _WINDOW)
def test_an_entry_is_never_longer_than_its_order(start: Any, end: Any) -> None:
    entry = replace(scene.mdf_entry(), StartTime=start, EndTime=end)
    if scene.order().start <= start and end <= scene.order().end:
        mdf(entry)
        return
    with pytest.raises(RefusedError):
        mdf(entry)


@pytest.mark.parametrize(
    "change",
    [
        {"LIID": LIID("LI-2")},
        {"deliveryType": MediationDeliveryType.HI3_ONLY},
        {"deliveryType": MediationDeliveryType.HI2_AND_HI3},
        {"StartTime": None},
        {"EndTime": None},
        {"StartTime": scene.order().start - TICK},
        {"EndTime": scene.order().end + TICK},
        {"listOfDIDs": None},
        {"listOfDIDs": ListOfDIDs()},
        {"listOfDIDs": ListOfDIDs(dId=(B_DID,))},
        {"listOfDIDs": ListOfDIDs(dId=(scene.HI2_DID, B_DID))},
        {"listOfDIDs": ListOfDIDs(dId=(scene.X2_DID,))},
        {"listOfDIDs": ListOfDIDs(dId=(scene.HI2_DID,), dSId=(UUID(int=1),))},
        {"listOfTrafficPolicyReferences": ()},
        {"mediationDetailsExtensions": (PDHR,)},
        {"mediationDetailsExtensions": (Extension(Owner="custodes", elements=(FOREIGN,)),)},
        {"mediationDetailsExtensions": (Extension(Owner="custodes", elements=PDHR.elements),)},
        {"mediationDetailsExtensions": (grants.to_extension([GRANT]),)},
        {"serviceScopingOptions": (ServiceScopingOptions(),)},
        {"serviceScopingOptions": (ServiceScopingOptions(serviceType=(ServiceType.DATA,)),)},
        {
            "serviceScopingOptions": (
                ServiceScopingOptions(
                    locationType=LocationTypeOptions("listOfLocationTypes", (LocationType(),))
                ),
            )
        },
        {
            "serviceScopingOptions": (
                ServiceScopingOptions(locationType=DO_NOT_REPORT, reportPostDialledDigits=True),
            )
        },
        {
            "serviceScopingOptions": (
                ServiceScopingOptions(
                    locationType=DO_NOT_REPORT, suspendOnOutboundInternationalRoaming=False
                ),
            )
        },
    ],
    ids=lambda c: next(iter(c)),
)
def test_an_entry_that_says_more_than_its_order_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        mdf(replace(scene.mdf_entry(), **change))


WITHHELD = (ServiceScopingOptions(locationType=DO_NOT_REPORT),)


def test_location_may_be_left_out() -> None:
    mdf(replace(scene.mdf_entry(), serviceScopingOptions=WITHHELD))


@pytest.mark.parametrize("options", [None, ()])
def test_location_only_where_it_is_ordered(
    options: tuple[ServiceScopingOptions, ...] | None,
) -> None:
    """TS 33.128 4.4.4: an MDF2 that is told nothing reports every location."""
    held = scene.grant(scene.intent(replace(scene.order(), location=False)))
    entry = replace(scene.mdf_entry(), serviceScopingOptions=options)
    mdf(entry)
    with pytest.raises(RefusedError, match="does not order location"):
        mdf(entry, held)
    mdf(replace(entry, serviceScopingOptions=WITHHELD), held)


def test_no_order_has_the_location_that_another_ordered() -> None:
    """Both entries stand in one task: each is held against its own order."""
    without = replace(ORDER_B, location=False)
    held = scene.grant(replace(GRANT_B.intent, order=without))
    entries = (scene.mdf_entry(), entry_b())
    with pytest.raises(RefusedError, match="order-2 does not order location"):
        mdf(None, GRANT, held, listOfDIDs=BOTH, listOfMediationDetails=entries)
    entries = (scene.mdf_entry(), entry_b(serviceScopingOptions=WITHHELD))
    mdf(None, GRANT, held, listOfDIDs=BOTH, listOfMediationDetails=entries)


def test_an_entry_of_content_need_not_speak_of_location() -> None:
    order = replace(scene.order(), content=True, location=False)
    elements = (ElementTask("mdf3", Product.X3),)
    deliveries = (Delivery(scene.HI2_DID, Purpose.HI3, scene.AGENCY),)
    held = scene.grant(replace(scene.intent(order), elements=elements, deliveries=deliveries))
    entry = replace(scene.mdf_entry(), deliveryType=MediationDeliveryType.HI3_ONLY)
    details = replace(scene.mdf_task(entry=entry), deliveryType=DeliveryType.X3_ONLY)
    task(details, held, element="mdf3")


def test_a_mediation_task_without_an_entry_delivers_to_nobody() -> None:
    with pytest.raises(RefusedError):
        mdf(listOfMediationDetails=())


def entry_b(**changes: Any) -> MediationDetails:
    entry = replace(scene.mdf_entry(), LIID=LIID("LI-2"), listOfDIDs=ListOfDIDs(dId=(B_DID,)))
    return replace(entry, **changes)


BOTH = ListOfDIDs(dId=(scene.HI2_DID, B_DID))


def test_two_agencies_stand_side_by_side() -> None:
    entries = (scene.mdf_entry(), entry_b())
    mdf(None, GRANT, GRANT_B, listOfDIDs=BOTH, listOfMediationDetails=entries)


@pytest.mark.parametrize(
    "entries",
    [
        (scene.mdf_entry(), entry_b(listOfDIDs=ListOfDIDs(dId=(scene.HI2_DID,)))),
        (scene.mdf_entry(), entry_b(listOfDIDs=BOTH)),
        (replace(scene.mdf_entry(), listOfDIDs=ListOfDIDs(dId=(B_DID,))), entry_b()),
        (scene.mdf_entry(), entry_b(LIID=LIID("LI-3"))),
    ],
)
def test_no_agency_gets_what_the_other_ordered(entries: tuple[MediationDetails, ...]) -> None:
    with pytest.raises(RefusedError):
        mdf(None, GRANT, GRANT_B, listOfDIDs=BOTH, listOfMediationDetails=entries)


def test_one_liid_under_two_grants_is_ambiguous() -> None:
    twin = scene.grant(scene.intent(replace(scene.order(), reference="order-9")))
    with pytest.raises(RefusedError):
        mdf(None, GRANT, twin)


# Destinations.


@pytest.mark.parametrize(
    "details",
    [
        destination(B_DID),
        destination(address=Address("127.0.0.1", 4201)),
        destination(address=Address("192.0.2.99", 4200)),
        destination(scene.HI2_DID),
        destination(kind=DeliveryType.X3_ONLY),
        destination(kind=DeliveryType.X2_AND_X3),
        destination(extensions=(PDHR,)),
        destination(extensions=(Extension(Owner="custodes", elements=(FOREIGN,)),)),
        destination(extensions=(Extension(Owner="custodes", elements=PDHR.elements),)),
    ],
)
def test_a_destination_is_the_approved_one_or_refused(details: DestinationDetails) -> None:
    with pytest.raises(RefusedError):
        coverage.check_destination(details, [GRANT], "amf", OFFICERS, NOW)


def test_every_grant_of_a_destination_must_name_it() -> None:
    details = destination(scene.HI2_DID, address=scene.AGENCY)
    with pytest.raises(RefusedError):
        coverage.check_destination(details, [GRANT, GRANT_B], "mdf2", OFFICERS, NOW)


@pytest.mark.parametrize("purpose", [Purpose.X3, Purpose.HI3])
def test_a_destination_of_content_takes_no_records(purpose: Purpose) -> None:
    deliveries = (Delivery(scene.X2_DID, purpose, scene.INTAKE),)
    held = scene.grant(replace(scene.intent(), deliveries=deliveries))
    with pytest.raises(RefusedError):
        coverage.check_destination(destination(), [held], "amf", OFFICERS, NOW)


def test_an_ended_order_covers_no_destination() -> None:
    with pytest.raises(RefusedError):
        coverage.check_destination(destination(), [GRANT], "amf", OFFICERS, scene.order().end)


@pytest.mark.parametrize(
    ("held", "element"),
    [
        ((), "amf"),
        ((scene.grant(officers=(scene.ONE,)),), "amf"),
        ((GRANT, scene.grant(officers=(scene.TWO,))), "amf"),
        ((GRANT,), "smf"),
    ],
)
def test_a_destination_needs_valid_grants_for_its_element(
    held: tuple[Grant, ...], element: str
) -> None:
    with pytest.raises(RefusedError):
        coverage.check_destination(destination(), held, element, OFFICERS, NOW)
