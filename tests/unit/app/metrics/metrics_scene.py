"""A small enrolment for the tests of metrics."""

from __future__ import annotations

from hashlib import sha256

from custodes.app.metrics.collector import Sample
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import Agency, Element, ElementKind, Registry


def party(name: str, role: Role) -> Party:
    return Party(name, role, sha256(name.encode()).hexdigest())


def element(kind: ElementKind, port: int) -> Element:
    role = Role.MDF if kind.mediates else Role.ELEMENT
    return Element(party(kind.lower(), role), kind, Address("192.0.2.1", port))


LEMF_A, LEMF_B = party("lemf-a", Role.LEMF), party("lemf-b", Role.LEMF)
A, B = "agency-a", "agency-b"
_HI = Address("198.51.100.1", 6000)
AGENCIES = (
    Agency(A, "court-a", "XX", LEMF_A, _HI, _HI),
    Agency(B, "court-b", "XX", LEMF_B, _HI, _HI),
)
ELEMENTS = tuple(element(kind, 5000 + n) for n, kind in enumerate(ElementKind))
REGISTRY = Registry((LEMF_A, LEMF_B, *(e.party for e in ELEMENTS)), ELEMENTS, AGENCIES)


def values(samples: list[Sample], name: str) -> dict[tuple[str, ...], float]:
    """The sums of one metric, by labels."""
    found: dict[tuple[str, ...], float] = {}
    for sample in samples:
        if sample.name == name:
            found[sample.labels] = found.get(sample.labels, 0) + sample.value
    return found
