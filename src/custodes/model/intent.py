"""An intent: exactly what carrying out one order would do. It is what officers approve."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.order import Order


class Product(StrEnum):
    """What an element is asked to produce; the values are X1's DeliveryType."""

    X2 = "X2Only"
    X3 = "X3Only"


class Purpose(StrEnum):
    """The interface a destination receives."""

    X2 = "X2"
    X3 = "X3"
    HI2 = "HI2"
    HI3 = "HI3"


@dataclass(frozen=True, slots=True)
class ElementTask:
    """One element and what it shall produce (for an MDF: what it shall mediate)."""

    neIdentifier: str
    product: Product


@dataclass(frozen=True, slots=True)
class Delivery:
    """One destination: its DID, what goes there, and the address that enrolment gave."""

    did: DID
    purpose: Purpose
    address: Address


@dataclass(frozen=True, slots=True)
class Intent:
    """One order, the identifiers it runs under, the elements it touches, the ways it delivers."""

    order: Order
    xid: XID
    liid: LIID
    elements: tuple[ElementTask, ...]
    deliveries: tuple[Delivery, ...]

    def digest(self) -> str:
        """SHA-256, lower-case hex, over the intent as canonical JSON (sorted keys, no spaces)."""
        text = json.dumps(
            asdict(self), default=_text, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return sha256(text.encode()).hexdigest()

    def product_of(self, ne_identifier: str) -> Product | None:
        return next((e.product for e in self.elements if e.neIdentifier == ne_identifier), None)

    def delivery(self, did: DID) -> Delivery | None:
        return next((d for d in self.deliveries if d.did == did), None)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return str(value)
