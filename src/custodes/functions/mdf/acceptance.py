"""What this side lets X1 change: granted, understood, and only towards enrolled agencies.

The gate has checked the same grants. We check them on our own: whoever gets past the gate, or is
the gate, still cannot send an agency what its order does not give (DESIGN, rule 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from custodes.base.clock import Clock
from custodes.base.errors import EncodeError, RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.functions.mdf import criteria
from custodes.functions.mdf.delivery import Target
from custodes.functions.mdf.identifiers import Identifier, from_x1
from custodes.functions.mdf.tasks import Entry
from custodes.model.address import Address
from custodes.model.grant import Grant, Officers
from custodes.model.outgoing import Kind, Route
from custodes.model.period import Period
from custodes.model.registry import Agency, ElementKind, Registry
from custodes.session.x1 import coverage, grants
from custodes.session.x1.refusal import X1Refused
from custodes.wire.handover.psheader import liid_octets
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination import DestinationDetails, ip_endpoint
from custodes.wire.x1.grant import Grants
from custodes.wire.x1.task import MediationDetails, TaskDetails


@dataclass(frozen=True, slots=True)
class Plan:
    """What a checked task comes to: its entries, and the routes that each may use."""

    entries: tuple[Entry, ...]
    routes: Mapping[LIID, tuple[Route, ...]]


class Acceptance:
    """One side's checks (custodes.session.x1.acceptance.Acceptance); changes nothing."""

    def __init__(
        self, kind: ElementKind, ne_identifier: str, registry: Registry, clock: Clock
    ) -> None:
        self._kind = kind
        self._ne = ne_identifier
        self._registry = registry
        self._officers = Officers(registry.parties)
        self._clock = clock
        self._held: Mapping[DID, DestinationDetails] = {}
        self._tasks: Callable[[], Mapping[XID, TaskDetails]] = dict

    def hold(
        self,
        held: Mapping[DID, DestinationDetails],
        tasks: Callable[[], Mapping[XID, TaskDetails]],
    ) -> None:
        """What X1 holds: a view that follows the destinations, and a way to ask for the tasks."""
        self._held = held
        self._tasks = tasks

    def check_destination(
        self,
        details: DestinationDetails,
        given: tuple[Grants, ...],
        previous: DestinationDetails | None,
        now: datetime,
    ) -> None:
        """Grants name this DID and address for this side, and enrolment gives the address to one
        agency. RefusedError otherwise."""
        coverage.check_destination(details, _flat(given), self._ne, self._officers, now)
        self.target(details)

    def check_task(
        self,
        details: TaskDetails,
        given: tuple[Grants, ...],
        previous: TaskDetails | None,
        now: datetime,
    ) -> None:
        """Everything in the task can be carried out and is covered. RefusedError otherwise."""
        self.plan(details, given, now)

    def target(self, details: DestinationDetails) -> Target:
        """Where a destination leads, or RefusedError.

        Steps: (1) it is an IP address and a TCP port, of this side's interface; (2) of exactly one
        enrolled agency.
        """
        endpoint = ip_endpoint(details.deliveryAddress)
        if endpoint is None:  # 1
            raise X1Refused(
                ErrorCode.ADDRESS_TYPE_NOT_SUPPORTED, "a destination is an IP address and TCP port"
            )
        wanted = criteria.own_delivery_type(self._kind)
        if details.deliveryType is not wanted:
            raise X1Refused(
                ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED, f"an {self._kind} delivers {wanted}"
            )
        address = Address(*endpoint)
        found = [a for a in self._registry.agencies if self._address(a) == address]
        if len(found) != 1:  # 2
            raise RefusedError(
                "the destination is not the enrolled address of one agency",
                remedy="enrol the agency's address first",
            )
        return Target(details.dId, address, found[0].lemf)

    def plan(self, details: TaskDetails, given: tuple[Grants, ...], now: datetime) -> Plan:
        """The entries of a task and their routes, or RefusedError.

        Steps: (1) everything in it can be carried out; (2) grants cover it; (3) each entry's
        destinations are held, and are those of the agency that the entry's own order names, and
        no other task has its LIID.
        """
        criteria.check(details, self._kind)  # 1
        granted = _flat(given)
        coverage.check_task(details, granted, self._ne, self._officers, now)  # 2
        provided = _provided(details)
        routes: dict[LIID, tuple[Route, ...]] = {}
        entries: list[Entry] = []
        for mediation in details.listOfMediationDetails or ():  # 3
            self._check_alone(details.xId, mediation.LIID)
            _check_sendable(mediation.LIID)
            agency = self._agency(granted, mediation.LIID)
            entry = self._entry(
                details, mediation, provided, self._sources(granted, mediation.LIID)
            )
            routes[entry.liid] = tuple(self._route(did, agency) for did in entry.dids)
            entries.append(entry)
        return Plan(tuple(entries), routes)

    def _check_alone(self, xid: XID, liid: LIID) -> None:
        """One LIID is one order of one agency: under a second XID it would mix two subjects."""
        for other, task in self._tasks().items():
            if other != xid and any(liid == m.LIID for m in task.listOfMediationDetails or ()):
                raise RefusedError(f"LIID {liid} is already another task's")

    def _agency(self, granted: tuple[Grant, ...], liid: LIID) -> Agency:
        names = {g.intent.order.agency for g in granted if g.intent.liid == liid}
        if len(names) != 1:
            raise RefusedError(f"LIID {liid} is not covered by exactly one grant")
        return self._registry.agency(names.pop())

    def _entry(
        self,
        details: TaskDetails,
        mediation: MediationDetails,
        provided: tuple[Identifier, ...],
        sources: frozenset[str],
    ) -> Entry:
        if mediation.StartTime is None or mediation.EndTime is None:
            raise RefusedError("mediation details without a period")
        dids = (mediation.listOfDIDs or details.listOfDIDs).dId
        return Entry(
            xid=details.xId,
            liid=mediation.LIID,
            period=Period.begin(mediation.StartTime, mediation.EndTime, self._clock),
            dids=dids,
            location=criteria.may_report_location(mediation),
            provided=provided,
            sources=sources,
        )

    def _sources(self, granted: tuple[Grant, ...], liid: LIID) -> frozenset[str]:
        """The elements from which an order has product of this side's kind."""
        elements = (e for g in granted if g.intent.liid == liid for e in g.intent.elements)
        return frozenset(e.neIdentifier for e in elements if e.product is self._kind.product)

    def _route(self, did: DID, agency: Agency) -> Route:
        details = self._held.get(did)
        if details is None:
            raise X1Refused(ErrorCode.DID_UNKNOWN, "the task names a DID that is not held")
        target = self.target(details)
        if target.address != self._address(agency) or target.party != agency.lemf:
            raise RefusedError("a destination of the task is another agency's than its order's")
        kind = Kind.HI3 if self._kind is ElementKind.MDF3 else Kind.HI2
        return Route(did, target.party.fingerprint, frozenset({kind, Kind.HI4}))

    def _address(self, agency: Agency) -> Address:
        return agency.hi3 if self._kind is ElementKind.MDF3 else agency.hi2


def _check_sendable(liid: LIID) -> None:
    """X1 takes LIIDs that HI2 and HI3 cannot carry as what they are."""
    try:
        liid_octets(liid)
    except EncodeError as error:
        raise RefusedError(f"LIID {liid} cannot be handed over: {error.what}") from error


def _flat(given: tuple[Grants, ...]) -> tuple[Grant, ...]:
    return tuple(grant for each in given for grant in grants.from_wire(each))


def _provided(details: TaskDetails) -> tuple[Identifier, ...]:
    found = (from_x1(i.name, i.value) for i in details.targetIdentifiers)
    return tuple(identifier for identifier in found if identifier is not None)
