"""From an order to its intent: which elements it touches and where its product may go.

Pure: the identifiers come in. TS 33.128 V19.7.0, 5.2.2 (MDFs) and 6.2.2-6.2.3 (AMF, SMF, UPF).
"""

from __future__ import annotations

from collections.abc import Callable

from custodes.base.errors import RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import Order
from custodes.model.registry import ElementKind, Registry

DidFor = Callable[[Purpose, Address], DID]

_INTAKE = {ElementKind.MDF2: Purpose.X2, ElementKind.MDF3: Purpose.X3}


def build_intent(order: Order, xid: XID, liid: LIID, did_for: DidFor, registry: Registry) -> Intent:
    """The intent of ``order`` on everything enrolled.

    Raises RefusedError where the agency is not enrolled, does not stand for the order's authority,
    or where nothing enrolled could produce or mediate what is ordered.
    """
    agency = registry.agency(order.agency)
    if agency.authority != order.authority:
        raise RefusedError(
            f"agency {order.agency} does not act for authority {order.authority}",
            remedy="name the authority that the agency is enrolled with",
        )
    products = {Product.X2, Product.X3} if order.content else {Product.X2}
    elements = [e for e in registry.elements if e.kind.product in products]
    for product in products:
        for mediates, what in ((True, "mediates"), (False, "produces")):
            if not any(e.kind.product is product and e.kind.mediates is mediates for e in elements):
                raise RefusedError(f"no enrolled element {what} {product}", remedy="enrol one")
    places: list[tuple[Purpose, Address]] = []
    for element in elements:
        if element.kind in _INTAKE:
            if element.intake is None:
                raise RefusedError(f"{element.neIdentifier} is enrolled without an intake")
            places.append((_INTAKE[element.kind], element.intake))
    places.append((Purpose.HI2, agency.hi2))
    if order.content:
        places.append((Purpose.HI3, agency.hi3))
    return Intent(
        order=order,
        xid=xid,
        liid=liid,
        elements=tuple(
            ElementTask(e.neIdentifier, e.kind.product)
            for e in sorted(elements, key=lambda e: (not e.kind.mediates, e.neIdentifier))
        ),
        deliveries=tuple(
            Delivery(did_for(purpose, address), purpose, address)
            for purpose, address in dict.fromkeys(places)
        ),
    )
