"""Enrolment: elements, agencies, officers. An order names an authority, never an address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from custodes.base.errors import RefusedError
from custodes.model.address import Address
from custodes.model.intent import Product
from custodes.model.party import Party


class ElementKind(StrEnum):
    """What an element is; POIs produce, MDFs mediate."""

    AMF = "AMF"
    SMF = "SMF"
    UPF = "UPF"
    MDF2 = "MDF2"
    MDF3 = "MDF3"

    @property
    def mediates(self) -> bool:
        return self in (ElementKind.MDF2, ElementKind.MDF3)

    @property
    def product(self) -> Product:
        """TS 33.128 V19.7.0, 5.2.2.2.2 and 6.2.2-6.2.3: IRI from AMF and SMF, content from UPF."""
        return Product.X3 if self in (ElementKind.UPF, ElementKind.MDF3) else Product.X2


class X1Leniency(StrEnum):
    """What we may read from an element over X1 although the schema refuses it."""

    MILLISECOND_TIMES = "millisecondTimes"
    UNTYPED_RESPONSES = "untypedResponses"


class X2X3Quirk(StrEnum):
    """What an MDF of ours may read from an element although TS 103 221-2 refuses it."""

    SWAPPED_VERSION = "swappedVersion"


NEWEST_X1 = "v1.22.1"
NEWEST_X2X3 = (0, 6)


@dataclass(frozen=True, slots=True)
class Element:
    """One NE identity: whose key it shows, where its X1 side listens, where it takes product in.

    ``ours`` says that it is one of our own functions, which check the grant themselves; a foreign
    element is sent plain X1.

    Its habits: ``x1Version`` (v1.x.y) and ``x2x3Version`` (major, minor) are what we send to it;
    ``leniencies`` and ``x2x3Quirks`` are what we take from it beyond the standards. Each use is
    logged by the function that reads.
    """

    party: Party
    kind: ElementKind
    x1: Address
    intake: Address | None = None
    ours: bool = False
    x1Version: str = NEWEST_X1
    leniencies: frozenset[X1Leniency] = frozenset()
    x2x3Version: tuple[int, int] = NEWEST_X2X3
    x2x3Quirks: frozenset[X2X3Quirk] = frozenset()

    @property
    def neIdentifier(self) -> str:
        return self.party.name


@dataclass(frozen=True, slots=True)
class Agency:
    """A law enforcement agency: the authority it stands for and its enrolled delivery addresses."""

    name: str
    authority: str
    country: str
    lemf: Party
    hi2: Address
    hi3: Address


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything enrolled, as one function was given it."""

    parties: tuple[Party, ...]
    elements: tuple[Element, ...]
    agencies: tuple[Agency, ...]

    def agency(self, name: str) -> Agency:
        for agency in self.agencies:
            if agency.name == name:
                return agency
        raise RefusedError(
            f"agency {name} is not enrolled", remedy="enrol it and its addresses first"
        )

    def element(self, ne_identifier: str) -> Element:
        found = self.find_element(ne_identifier)
        if found is None:
            raise RefusedError(f"element {ne_identifier} is not enrolled")
        return found

    def find_element(self, ne_identifier: str) -> Element | None:
        for element in self.elements:
            if element.neIdentifier == ne_identifier:
                return element
        return None
