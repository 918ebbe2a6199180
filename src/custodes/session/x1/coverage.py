"""Does a grant cover this X1 message? The gate asks before it sends; the mediation function and
the probe ask again on their own (DESIGN, rule 1: no proof, no tap).

Only what a grant says is covered. A field of the message that no grant speaks of is refused, not
ignored, and so is a message of which only a part is covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from custodes.base.errors import RefusedError
from custodes.base.ids import DID
from custodes.model.grant import Grant, Officers
from custodes.model.intent import Product, Purpose
from custodes.model.order import HeaderReportingKind
from custodes.wire.x1.destination import DestinationDetails, ip_endpoint
from custodes.wire.x1.extension import OWNER_3GPP, Extension, header_reporting_of
from custodes.wire.x1.grant import OWNER, Grants
from custodes.wire.x1.task import (
    DeliveryType,
    LocationTypeOptions,
    MediationDeliveryType,
    MediationDetails,
    ServiceScopingOptions,
    TaskDetails,
)

_PRODUCT = {DeliveryType.X2_ONLY: Product.X2, DeliveryType.X3_ONLY: Product.X3}
# A DID on a POI leads to an MDF, a DID on an MDF to an agency; X2Only on an MDF means HI2.
_POI_PURPOSE = {Product.X2: Purpose.X2, Product.X3: Purpose.X3}
_MDF_PURPOSE = {Product.X2: Purpose.HI2, Product.X3: Purpose.HI3}
_MEDIATION = {
    Product.X2: MediationDeliveryType.HI2_ONLY,
    Product.X3: MediationDeliveryType.HI3_ONLY,
}
_NO_LOCATION = ServiceScopingOptions(locationType=LocationTypeOptions("doNotReport", ""))


def check_task(
    details: TaskDetails,
    grants: Sequence[Grant],
    element: str,
    officers: Officers,
    now: datetime,
) -> None:
    """Raise RefusedError unless ``grants`` cover every part of a task on the element.

    Steps: (1) there are grants, each approved and unexpired; (2) each is for this XID, this one
    subject and this element's product; (3) nothing is asked that no grant can say; (4) on a POI,
    some order runs now and its destinations are the approved ones; (5) on an MDF, each entry is
    one order's, within its period, to its destinations, content and location only where ordered.
    """
    _verify(grants, officers, now)  # 1
    product = _PRODUCT.get(details.deliveryType)
    if product is None:
        raise RefusedError(f"no grant gives {details.deliveryType}")
    for grant in grants:  # 2
        _same_task(details, grant, element, product)
    _nothing_more(details, grants)  # 3
    if details.listOfMediationDetails is None:  # 4
        if not any(grant.intent.order.runs_at(now) for grant in grants):
            raise RefusedError("no order for this task runs now")
        _destinations(details.listOfDIDs.dId, grants, _POI_PURPOSE[product])
        return
    if not details.listOfMediationDetails:
        raise RefusedError("a mediation task without mediation details delivers to nobody")
    _destinations(details.listOfDIDs.dId, grants, _MDF_PURPOSE[product])
    for entry in details.listOfMediationDetails:  # 5
        _entry(entry, grants, product)


def check_destination(
    details: DestinationDetails,
    grants: Sequence[Grant],
    element: str,
    officers: Officers,
    now: datetime,
) -> None:
    """Raise RefusedError unless a grant names this DID, purpose and address for the element."""
    _verify(grants, officers, now)
    product = _PRODUCT.get(details.deliveryType)
    endpoint = ip_endpoint(details.deliveryAddress)
    for extension in details.destinationDetailsExtensions:
        _grants_only(extension)
    for grant in grants:
        delivery = grant.intent.delivery(details.dId)
        if (
            product is None
            or grant.intent.product_of(element) is not product
            or delivery is None
            or delivery.purpose not in (_POI_PURPOSE[product], _MDF_PURPOSE[product])
            or (delivery.address.host, delivery.address.port) != endpoint
        ):
            raise RefusedError(
                f"the destination is not the one approved for {grant.intent.order.reference}",
                remedy="an order names an authority; addresses come from enrolment",
            )


def _verify(grants: Sequence[Grant], officers: Officers, now: datetime) -> None:
    if not grants:
        raise RefusedError("no grant: no proof, no tap", remedy="an order approved by two officers")
    for grant in grants:
        officers.verify(grant, now)


def _same_task(details: TaskDetails, grant: Grant, element: str, product: Product) -> None:
    intent, reference = grant.intent, grant.intent.order.reference
    if intent.xid != details.xId:
        raise RefusedError(f"the grant for {reference} is for another XID")
    if intent.product_of(element) is not product:
        raise RefusedError(f"the grant for {reference} does not give {product} on {element}")
    if product is Product.X3 and not intent.order.content:
        raise RefusedError(f"{reference} does not order content")
    subject = intent.order.subject
    identifiers = [(i.name, i.value) for i in details.targetIdentifiers]
    if identifiers != [(subject.kind.value, subject.value)]:
        raise RefusedError(f"the task's target is not the subject of {reference}")


def _nothing_more(details: TaskDetails, grants: Sequence[Grant]) -> None:
    unknown = (
        details.correlationID,
        details.implicitDeactivationAllowed,
        details.productID,
        details.listOfServiceTypes,
        details.listOfTrafficPolicyReferences,
        details.listOfDIDs.dSId or None,
    )
    if any(value is not None for value in unknown):
        raise RefusedError("the task asks for more than a grant can say")
    _extensions(details.taskDetailsExtensions, grants)


def _extensions(extensions: Sequence[Extension], grants: Sequence[Grant]) -> None:
    """Besides the grants themselves: header reporting, of a kind that an order asks for."""
    ordered = {g.intent.order.header_reporting.kind for g in grants}
    for extension in extensions:
        if extension.Owner != OWNER_3GPP:
            _grants_only(extension)
            continue
        reports = header_reporting_of([extension])
        if len(reports) != len(extension.elements):
            raise RefusedError("an extension asks for what no grant says")
        if any(HeaderReportingKind(r.PDHType.name) not in ordered for r in reports):
            raise RefusedError("header reporting of this kind is not ordered")


def _grants_only(extension: Extension) -> None:
    if extension.Owner != OWNER:
        raise RefusedError("an extension of an owner that no grant speaks of")
    if not all(isinstance(element, Grants) for element in extension.elements):
        raise RefusedError("an extension asks for what no grant says")


def _destinations(dids: Sequence[DID], grants: Sequence[Grant], purpose: Purpose) -> None:
    if not dids:
        raise RefusedError("the task names no destination")
    for did in dids:
        found = [d for g in grants if (d := g.intent.delivery(did)) is not None]
        if not found or any(d.purpose is not purpose for d in found):
            raise RefusedError("a destination of the task is not an approved one")


def _entry(entry: MediationDetails, grants: Sequence[Grant], product: Product) -> None:
    """One entry of an MDF: the period, destinations and location of one order, or less.

    Location (TS 33.128 V19.7.0, 4.4.4): an MDF that is told nothing reports it every time, so that
    only an order for location covers an HI2 entry that does not say doNotReport. An HI3 entry need
    not say it: the clause provisions POIs and the MDF2 alone, and content carries no location.
    """
    matching = [g for g in grants if g.intent.liid == entry.LIID]
    if len(matching) != 1:
        raise RefusedError(f"LIID {entry.LIID} is not covered by exactly one grant")
    intent = matching[0].intent
    order = intent.order
    if entry.deliveryType is not _MEDIATION[product]:
        raise RefusedError(f"{order.reference} does not give {entry.deliveryType} here")
    if entry.StartTime is None or entry.EndTime is None:
        raise RefusedError(f"the entry for {order.reference} has no period")
    if entry.StartTime < order.start or entry.EndTime > order.end:
        raise RefusedError(f"the entry for {order.reference} is longer than the order")
    dids = entry.listOfDIDs.dId if entry.listOfDIDs else ()
    if entry.listOfDIDs is None or entry.listOfDIDs.dSId:
        raise RefusedError(f"the entry for {order.reference} names no destination of its own")
    _destinations(dids, matching, _MDF_PURPOSE[product])
    if entry.listOfTrafficPolicyReferences is not None:
        raise RefusedError("traffic policies are not covered by a grant")
    if any(option != _NO_LOCATION for option in entry.serviceScopingOptions or ()):
        raise RefusedError("service scoping other than leaving location out is not covered")
    if product is Product.X2 and not order.location and not entry.serviceScopingOptions:
        raise RefusedError(
            f"{order.reference} does not order location, and its entry does not leave it out"
        )
    if any(extension.Owner == OWNER for extension in entry.mediationDetailsExtensions):
        raise RefusedError("grants stand with the task, not with an entry")  # here none is checked
    _extensions(entry.mediationDetailsExtensions, matching)
