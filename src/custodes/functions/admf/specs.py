"""What an element should hold or does hold, in one shape, so that the two can be compared.

The names follow TaskDetails, MediationDetails and DestinationDetails of TS 103 221-1 V1.22.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from custodes.base.ids import DID, LIID, XID
from custodes.functions.admf.digests import digest_of
from custodes.model.address import Address
from custodes.model.grant import Grant
from custodes.model.intent import Product
from custodes.model.order import HeaderReportingKind, Subject


class Handover(StrEnum):
    """MediationDeliveryType (TS 103 221-1 V1.22.1)."""

    HI2 = "HI2Only"
    HI3 = "HI3Only"


@dataclass(frozen=True, slots=True)
class MediationSpec:
    """One entry of listOfMediationDetails: one order on an MDF.

    ``doNotReportLocation``: the service scoping of TS 33.128 V19.7.0, 4.4.4; False where an entry
    has none.
    """

    liid: LIID
    deliveryType: Handover
    startTime: datetime
    endTime: datetime
    dids: tuple[DID, ...]
    headerReporting: HeaderReportingKind = HeaderReportingKind.NONE
    doNotReportLocation: bool = False


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """One task on one element; ``mediation`` is empty on a POI. Tuples are sorted."""

    xid: XID
    subject: Subject
    product: Product
    dids: tuple[DID, ...]
    mediation: tuple[MediationSpec, ...] = ()
    headerReporting: tuple[HeaderReportingKind, ...] = ()


@dataclass(frozen=True, slots=True)
class DestinationSpec:
    """One destination on one element."""

    did: DID
    product: Product
    address: Address


@dataclass(frozen=True, slots=True)
class WantedTask:
    """A task and the grants that cover it."""

    spec: TaskSpec
    grants: tuple[Grant, ...]

    def covered_by(self) -> frozenset[str]:
        return frozenset(digest_of(g.intent) for g in self.grants)


@dataclass(frozen=True, slots=True)
class WantedDestination:
    """A destination and the grants that cover it."""

    spec: DestinationSpec
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class WantedElement:
    """Everything one element should hold; ``mediates`` tells an MDF from a POI."""

    mediates: bool
    tasks: Mapping[XID, WantedTask] = field(default_factory=dict)
    destinations: Mapping[DID, WantedDestination] = field(default_factory=dict)


class Provisioning(StrEnum):
    """ProvisioningStatus (TS 103 221-1 V1.22.1)."""

    AWAITING = "awaitingProvisioning"
    FAILED = "failed"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class HeldTask:
    """A task that an element says it holds.

    ``spec`` is None where its details are none that we would ever ask for; ``covered_by`` holds the
    digests of the intents that it was last told to run under, None where nobody knows; ``places``
    are the destinations that it names, whatever else it says, None where they are not known.
    """

    xid: XID
    spec: TaskSpec | None
    provisioning: Provisioning
    covered_by: frozenset[str] | None = None
    places: frozenset[DID] | None = None

    def uses(self) -> frozenset[DID] | None:
        """The destinations that it needs; None where they are not known."""
        if self.places is not None or self.spec is None:
            return self.places
        return frozenset((*self.spec.dids, *(d for m in self.spec.mediation for d in m.dids)))


@dataclass(frozen=True, slots=True)
class HeldDestination:
    """A destination that an element says it holds; ``spec`` None as in HeldTask."""

    did: DID
    spec: DestinationSpec | None


@dataclass(frozen=True, slots=True)
class HeldElement:
    """Everything one element says it holds (GetAllDetails)."""

    tasks: Mapping[XID, HeldTask] = field(default_factory=dict)
    destinations: Mapping[DID, HeldDestination] = field(default_factory=dict)
