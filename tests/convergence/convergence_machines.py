"""Elements in memory: our own, made of the real pieces, and one of somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from convergence_time import HostClock

from custodes.base.ids import DID, LIID, XID
from custodes.functions.mdf import criteria
from custodes.functions.mdf.acceptance import Acceptance
from custodes.functions.mdf.identifiers import SUPPORTED
from custodes.functions.mdf.tasks import TaskTable
from custodes.functions.poi.side import TARGET_IDENTIFIERS
from custodes.functions.poi.side import Side as PoiSide
from custodes.model.grant import Officers
from custodes.model.registry import Element, ElementKind, Registry
from custodes.session.x1 import events, grants
from custodes.session.x1.acceptance import TaskActivity
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.wire.x1.destination import DestinationDetails
from custodes.wire.x1.extension import grants_of
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.task import DeliveryType, ProvisioningStatus, TaskDetails

GATE = "x1gate"


@dataclass(frozen=True)
class Acting:
    """What an element does at this moment: it produces, or delivers for an order (``liid``)."""

    xid: XID
    subject: str
    product: str
    liid: LIID | None = None
    dids: tuple[DID, ...] = ()
    location: bool = False


class Machine(Protocol):
    """One boot of one element. ``ours``: it checks grants and ends orders by itself."""

    ours: bool
    session: ElementSession

    def handle(self, octets: bytes) -> bytes: ...

    def acting(self) -> list[Acting]: ...


class OurPOI:
    ours = True

    def __init__(self, element: Element, registry: Registry, clock: HostClock) -> None:
        kind = ElementKind.MDF3 if element.kind is ElementKind.UPF else ElementKind.MDF2
        mdf = next(e for e in registry.elements if e.kind is kind)
        self._side = PoiSide(element, mdf, Officers(registry.parties), clock)
        self._product = element.kind.product.value
        self.session = self._side._session

    def handle(self, octets: bytes) -> bytes:
        return self._side.handle(octets, GATE)

    def acting(self) -> list[Acting]:
        return [Acting(t.xid, t.target.value, self._product) for t in self._side.running()]


class OurMDF:
    """What functions/mdf/side.py does with X1, without its threads and sockets."""

    ours = True

    def __init__(self, element: Element, registry: Registry, clock: HostClock) -> None:
        self._clock = clock
        self._product = element.kind.product.value
        self._acceptance = Acceptance(element.kind, element.neIdentifier, registry, clock)
        self._tasks = TaskTable(clock)
        self.told: list[tuple[datetime, str, LIID]] = []
        self.session = ElementSession(
            element.neIdentifier,
            self._acceptance,
            capabilities=Capabilities(
                targetIdentifiers=SUPPORTED,
                deliveryTypes=frozenset({criteria.own_delivery_type(element.kind)}),
                mediates=True,
            ),
        )
        self._acceptance.hold(self.session.destinations, lambda: self.session.tasks)

    def handle(self, octets: bytes) -> bytes:
        now = self._clock.now()
        answer = self.session.handle(octets, GATE, now)
        while (event := self.session.next_event()) is not None:
            if isinstance(event, events.TaskActivated):
                self._put(event.details)
            elif isinstance(event, events.TaskModified):
                self._put(event.new)
            elif isinstance(event, events.TaskDeactivated):
                self._tell(self._tasks.remove(event.details.xId))
        return answer

    def acting(self) -> list[Acting]:
        self._tell(self._tasks.due())
        return [
            Acting(xid, task.targetIdentifiers[0].value, self._product, e.liid, e.dids, e.location)
            for xid, task in self.session.tasks.items()
            for e in self._tasks.active(xid)
        ]

    def _put(self, details: TaskDetails) -> None:
        given = grants_of(details.taskDetailsExtensions)
        plan = self._acceptance.plan(details, given, self._clock.now())
        self._tell(self._tasks.put(details.xId, plan.entries))

    def _tell(self, changes: list) -> None:  # type: ignore[type-arg]
        self.told += [(self._clock.now(), str(c.notice), c.entry.liid) for c in changes]


@dataclass
class Foreign:
    """Somebody else's element: it takes what its administration says, and ends nothing itself.

    It is also its own Acceptance and Activity. ``awaiting``: tasks that it has not finished yet;
    ``failed``: tasks that it could not carry out until it is told again.
    """

    element: Element
    registry: Registry
    clock: HostClock
    ours: bool = False
    awaiting: set[XID] = field(default_factory=set)
    failed: set[XID] = field(default_factory=set)
    faults: tuple[ErrorInformation, ...] = ()

    def __post_init__(self) -> None:
        self.session = ElementSession(
            self.element.neIdentifier,
            self,
            capabilities=Capabilities(
                targetIdentifiers=TARGET_IDENTIFIERS,
                deliveryTypes=frozenset({DeliveryType(self.element.kind.product.value)}),
                mediates=False,
            ),
            activity=self,
        )

    def handle(self, octets: bytes) -> bytes:
        answer = self.session.handle(octets, GATE, self.clock.now())
        while (event := self.session.next_event()) is not None:
            if isinstance(event, events.TaskModified):
                self.failed.discard(event.new.xId)
        return answer

    def acting(self) -> list[Acting]:
        return [
            Acting(xid, task.targetIdentifiers[0].value, task.deliveryType.value)
            for xid, task in self.session.tasks.items()
            if xid not in self.awaiting and xid not in self.failed
        ]

    def check_task(self, *_: object) -> None: ...

    def check_destination(self, *_: object) -> None: ...

    def task(self, xId: XID) -> TaskActivity:
        if xId in self.awaiting:
            return TaskActivity(provisioningStatus=ProvisioningStatus.AWAITING_PROVISIONING)
        if xId in self.failed:
            return TaskActivity(provisioningStatus=ProvisioningStatus.FAILED)
        return TaskActivity()

    def destination_faults(self, dId: DID) -> tuple[ErrorInformation, ...]:
        return ()

    def element_faults(self) -> tuple[ErrorInformation, ...]:
        return self.faults


def boot(element: Element, registry: Registry, clock: HostClock) -> Machine:
    if element.kind.mediates:
        return OurMDF(element, registry, clock)
    return (OurPOI if element.ours else Foreign)(element, registry, clock)


def granted(machine: Machine) -> Mapping[LIID, datetime]:
    """The orders that the tasks of an element were given grants of, and when each ends."""
    return {
        g.intent.liid: g.intent.order.end
        for task in machine.session.tasks.values()
        for g in grants.from_extensions(task.taskDetailsExtensions)
    }


def destinations(machine: Machine) -> Mapping[DID, DestinationDetails]:
    return machine.session.destinations
