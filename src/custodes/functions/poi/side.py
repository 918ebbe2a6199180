"""One NE identity of the probe: its X1 side, and the tasks it holds, each checked on its own.

A task is held only under grants that cover it. Whether it runs is decided by our own clock: the
wall clock against the orders' periods, and a monotonic deadline set at tasking, so that no wall
clock can lengthen an order.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from custodes.base.clock import Clock
from custodes.base.errors import RefusedError
from custodes.base.ids import DID, XID
from custodes.model.address import Address
from custodes.model.grant import Grant, Officers
from custodes.model.registry import Element
from custodes.session.x1 import coverage, grants
from custodes.session.x1.acceptance import TaskActivity
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.session.x1.events import TaskActivated, TaskDeactivated, TaskModified
from custodes.session.x1.refusal import X1Refused
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination import DestinationDetails, ip_endpoint
from custodes.wire.x1.extension import header_reporting_of
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.grant import Grants
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ProvisioningStatus, TaskDetails

TARGET_IDENTIFIERS = frozenset({"supiimsi"})


@dataclass(slots=True)
class Produced:
    """What a task has produced: for TaskStatus, and for the account at the end."""

    events: dict[str, int] = field(default_factory=dict)
    packets: int = 0
    octets: int = 0
    digest: int = 0
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """One order's period, by the wall clock and by a deadline that only time can reach."""

    start: datetime
    end: datetime
    deadline: float


@dataclass(frozen=True, slots=True)
class Task:
    """One held task."""

    xid: XID
    target: TargetIdentifier
    periods: tuple[Period, ...]
    produced: Produced

    def runs(self, now: datetime, monotonic: float) -> bool:
        return any(p.start <= now < p.end and monotonic < p.deadline for p in self.periods)


class Side:
    """Thread-safe: X1 is answered in one thread, product is matched in another."""

    def __init__(self, element: Element, mdf: Element, officers: Officers, clock: Clock) -> None:
        self.element = element
        self.mdf = mdf
        self._officers = officers
        self._clock = clock
        self._lock = threading.Lock()
        self._tasks: dict[XID, Task] = {}
        self._account: dict[XID, Produced] = {}
        capabilities = Capabilities(
            targetIdentifiers=TARGET_IDENTIFIERS,
            deliveryTypes=frozenset({DeliveryType(element.kind.product.value)}),
            mediates=False,
            severalDestinations=False,
        )
        self._session = ElementSession(
            element.neIdentifier, self, capabilities=capabilities, activity=self
        )

    def handle(self, octets: bytes, peer: str) -> bytes:
        """One X1 request, answered."""
        with self._lock:
            answer = self._session.handle(octets, peer, self._clock.now())
            while (event := self._session.next_event()) is not None:
                if isinstance(event, TaskActivated):
                    self._hold(event.details)
                elif isinstance(event, TaskModified):
                    self._hold(event.new)
                elif isinstance(event, TaskDeactivated):
                    self._tasks.pop(event.details.xId, None)
            return answer

    def running(self) -> tuple[Task, ...]:
        """The tasks that run at this moment."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        with self._lock:
            return tuple(t for t in self._tasks.values() if t.runs(now, monotonic))

    def account(self) -> dict[XID, Produced]:
        """What every task ever held here has produced."""
        with self._lock:
            return dict(self._account)

    # custodes.session.x1.acceptance.Acceptance

    def check_task(
        self,
        details: TaskDetails,
        granted: Iterable[Grants],
        previous: TaskDetails | None,
        now: datetime,
    ) -> None:
        if header_reporting_of(details.taskDetailsExtensions):
            raise X1Refused(
                ErrorCode.ACTIVATION_FAILED, "packet header reporting is not supported here"
            )
        held = self._grants(granted)
        coverage.check_task(details, held, self.element.neIdentifier, self._officers, now)

    def check_destination(
        self,
        details: DestinationDetails,
        granted: Iterable[Grants],
        previous: DestinationDetails | None,
        now: datetime,
    ) -> None:
        endpoint = ip_endpoint(details.deliveryAddress)
        if endpoint is None:
            raise X1Refused(
                ErrorCode.ADDRESS_TYPE_NOT_SUPPORTED, "only an IP address and a TCP port"
            )
        if Address(*endpoint) != self.mdf.intake:
            raise RefusedError(f"the destination is not where {self.mdf.neIdentifier} is enrolled")
        held = self._grants(granted)
        coverage.check_destination(details, held, self.element.neIdentifier, self._officers, now)

    # custodes.session.x1.acceptance.Activity

    def task(self, xId: XID) -> TaskActivity:
        produced = self._account.get(xId, Produced())
        records = sum(produced.events.values())
        content = self.element.kind.product.value == DeliveryType.X3_ONLY.value
        return TaskActivity(
            provisioningStatus=ProvisioningStatus.COMPLETE,
            faults=(),
            timeOfLastIntercept=produced.last,
            amountOfX2Data=None if content else records,
            amountOfX3Data=produced.octets if content else None,
        )

    def destination_faults(self, dId: DID) -> tuple[ErrorInformation, ...]:
        return ()

    def element_faults(self) -> tuple[ErrorInformation, ...]:
        return ()

    def _grants(self, granted: Iterable[Grants]) -> tuple[Grant, ...]:
        return tuple(grant for each in granted for grant in grants.from_wire(each))

    def _hold(self, details: TaskDetails) -> None:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        held = grants.from_extensions(details.taskDetailsExtensions)
        periods = tuple(
            Period(order.start, order.end, monotonic + (order.end - now).total_seconds())
            for order in (grant.intent.order for grant in held)
        )
        produced = self._account.setdefault(details.xId, Produced())
        self._tasks[details.xId] = Task(
            xid=details.xId,
            target=details.targetIdentifiers[0],
            periods=periods,
            produced=produced,
        )
