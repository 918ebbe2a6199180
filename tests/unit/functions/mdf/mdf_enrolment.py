"""Two enrolled agencies, two officers, and grants for their orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from mdf_scene import DA, DB, IMSI, SOURCE, START, A, B, X

from custodes.base.ids import DID, LIID
from custodes.model.address import Address
from custodes.model.grant import Approval, Grant
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import (
    HeaderReporting,
    HeaderReportingKind,
    Order,
    Subject,
    SubjectKind,
)
from custodes.model.party import Party, Role
from custodes.model.registry import Agency, Element, ElementKind, Registry
from custodes.session.x1.grants import to_extension
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    LocationTypeOptions,
    MediationDeliveryType,
    MediationDetails,
    ServiceScopingOptions,
    TaskDetails,
)

DA3 = DID(UUID(int=20))
NO_LOCATION = ServiceScopingOptions(locationType=LocationTypeOptions("doNotReport", ""))
LEMF_A = Party("lemf-a", Role.LEMF, "a" * 64)
LEMF_B = Party("lemf-b", Role.LEMF, "b" * 64)
OFFICERS = (
    Party("officer-1", Role.OFFICER, "1" * 64, "one"),
    Party("officer-2", Role.OFFICER, "2" * 64, "two"),
)


def _agency(name: str, lemf: Party, host: str) -> Agency:
    authority = name.replace("agency", "authority")
    return Agency(name, authority, "XX", lemf, Address(host, 4002), Address(host, 4003))


AGENCIES = {
    A: _agency("agency-a", LEMF_A, "192.0.2.1"),
    B: _agency("agency-b", LEMF_B, "192.0.2.2"),
}
DIDS = {(A, Purpose.HI2): DA, (A, Purpose.HI3): DA3, (B, Purpose.HI2): DB}
REGISTRY = Registry((LEMF_A, LEMF_B, *OFFICERS), (), tuple(AGENCIES.values()))


def ours(name: str) -> Registry:
    """The same with an element that is our own probe's."""
    party = Party(name, Role.ELEMENT, "e" * 64)
    element = Element(party, ElementKind.AMF, Address("192.0.2.3", 443), ours=True)
    return replace(REGISTRY, elements=(element,))


def grant(
    liid: LIID, *, content: bool = False, location: bool = True, seconds: float = 60
) -> Grant:
    agency = AGENCIES[liid]
    order = Order(
        reference=f"ORDER-{liid}",
        authority=agency.authority,
        agency=agency.name,
        legal_basis="a test, no law",
        start=START,
        end=START + timedelta(seconds=seconds),
        subject=Subject(SubjectKind.SUPIIMSI, IMSI),
        content=content,
        location=location,
        header_reporting=HeaderReporting(HeaderReportingKind.NONE, "a-test"),
    )
    elements = [ElementTask("mdf2", Product.X2), ElementTask(SOURCE, Product.X2)]
    deliveries = [Delivery(DIDS[liid, Purpose.HI2], Purpose.HI2, agency.hi2)]
    if content:
        elements += [ElementTask("upf", Product.X3), ElementTask("mdf3", Product.X3)]
        deliveries.append(Delivery(DIDS[liid, Purpose.HI3], Purpose.HI3, agency.hi3))
    return approved(Intent(order, X, liid, tuple(elements), tuple(deliveries)))


def approved(intent: Intent, at: datetime = START) -> Grant:
    digest = intent.digest()
    return Grant(intent, tuple(Approval(o.name, o.fingerprint, at, digest) for o in OFFICERS))


def destination(given: Grant, purpose: Purpose = Purpose.HI2) -> DestinationDetails:
    delivery = next(d for d in given.intent.deliveries if d.purpose is purpose)
    return DestinationDetails(
        dId=delivery.did,
        deliveryType=DeliveryType.X3_ONLY if purpose is Purpose.HI3 else DeliveryType.X2_ONLY,
        deliveryAddress=ip_delivery(delivery.address.host, delivery.address.port),
        destinationDetailsExtensions=(to_extension([given]),),
    )


def mediation(given: Grant, purpose: Purpose = Purpose.HI2) -> MediationDetails:
    hi3 = purpose is Purpose.HI3
    return MediationDetails(
        LIID=given.intent.liid,
        deliveryType=MediationDeliveryType.HI3_ONLY if hi3 else MediationDeliveryType.HI2_ONLY,
        StartTime=given.intent.order.start,
        EndTime=given.intent.order.end,
        listOfDIDs=ListOfDIDs(dId=(DIDS[given.intent.liid, purpose],)),
        serviceScopingOptions=None if hi3 or given.intent.order.location else (NO_LOCATION,),
    )


def task(*given: Grant, purpose: Purpose = Purpose.HI2) -> TaskDetails:
    entries = tuple(mediation(g, purpose) for g in given)
    return TaskDetails(
        xId=X,
        targetIdentifiers=(TargetIdentifier("supiimsi", IMSI),),
        deliveryType=DeliveryType.X3_ONLY if purpose is Purpose.HI3 else DeliveryType.X2_ONLY,
        listOfDIDs=ListOfDIDs(dId=tuple(DIDS[g.intent.liid, purpose] for g in given)),
        listOfMediationDetails=entries,
        taskDetailsExtensions=(to_extension(given),),
    )


def with_entry(details: TaskDetails, **changes: object) -> TaskDetails:
    """The task with its first mediation entry changed."""
    first, *others = details.listOfMediationDetails or ()
    changed = replace(first, **changes)  # type: ignore[arg-type]
    return replace(details, listOfMediationDetails=(changed, *others))
