"""One NE identity of the probe: its X1 side, and the tasks it holds, each checked on its own.

A task is held only under grants that cover it. Whether it runs is decided by our own clock: the
wall clock against the orders' periods, and a monotonic deadline set at tasking, so that no wall
clock can lengthen an order.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from custodes.base.clock import Clock
from custodes.base.errors import RefusedError
from custodes.base.ids import DID, XID
from custodes.model.address import Address
from custodes.model.grant import Grant, Officers
from custodes.model.intent import Intent
from custodes.model.period import Deadlines, Period
from custodes.model.registry import Element
from custodes.session.x1 import coverage, grants
from custodes.session.x1.acceptance import TaskActivity
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.session.x1.events import TaskActivated, TaskDeactivated, TaskModified
from custodes.session.x1.refusal import X1Refused
from custodes.session.x1.watchdog import NEReport, Watchdog
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination import DestinationDetails, ip_endpoint
from custodes.wire.x1.extension import header_reporting_of
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.grant import Grants
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ProvisioningStatus, TaskDetails

TARGET_IDENTIFIERS = frozenset({"supiimsi"})
DIGEST_MODULUS = 2**256


@dataclass(slots=True)
class Produced:
    """What a task has produced: for TaskStatus, and for the account at the end."""

    events: dict[str, int] = field(default_factory=dict)
    packets: int = 0
    octets: int = 0
    digest: int = 0
    last: datetime | None = None

    def add_record(self, name: str, moment: datetime) -> None:
        self.events[name] = self.events.get(name, 0) + 1
        self._intercepted(moment)

    def add_packet(self, packet: bytes, moment: datetime) -> None:
        """``digest`` is the sum of the packets' SHA-256, so that their order does not matter."""
        self.packets += 1
        self.octets += len(packet)
        number = int.from_bytes(sha256(packet).digest(), "big")
        self.digest = (self.digest + number) % DIGEST_MODULUS
        self._intercepted(moment)

    def _intercepted(self, moment: datetime) -> None:
        # Records wait for their fields, so moments do not come in order.
        self.last = moment if self.last is None else max(self.last, moment)


@dataclass(frozen=True, slots=True)
class Task:
    """One held task."""

    xid: XID
    target: TargetIdentifier
    periods: tuple[Period, ...]
    produced: Produced

    def runs(self, clock: Clock) -> bool:
        return any(period.open(clock) for period in self.periods)


class Side:
    """Thread-safe: X1 is answered in one thread, product is matched in another."""

    def __init__(
        self,
        element: Element,
        mdf: Element,
        officers: Officers,
        clock: Clock,
        *,
        clears: bool = False,
    ) -> None:
        """``clears``: deactivate everything after TIME_P3 without an X1 request (ADR 0011)."""
        self.element = element
        self.mdf = mdf
        self._officers = officers
        self._clock = clock
        self._lock = threading.Lock()
        self._watchdog = Watchdog(clock.monotonic(), clears=clears)
        self._tasks: dict[XID, Task] = {}
        self._account: dict[XID, Produced] = {}
        self._deadlines = Deadlines()
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
            self._watchdog.heard(self._clock.monotonic())
            answer = self._session.handle(octets, peer, self._clock.now())
            self._take_events()
            return answer

    def watch(self) -> list[NEReport]:
        """What the administration's silence makes it report; to be called now and then."""
        reports = []
        with self._lock:
            self._watchdog.handle_timer(self._clock.monotonic())
            while (silence := self._watchdog.next_event()) is not None:
                if silence.clear:
                    self._session.clear()
                    self._take_events()
                reports.append(silence.report)
        return reports

    def _take_events(self) -> None:
        while (event := self._session.next_event()) is not None:
            if isinstance(event, TaskActivated):
                self._hold(event.details)
            elif isinstance(event, TaskModified):
                self._hold(event.new)
            elif isinstance(event, TaskDeactivated):
                self._tasks.pop(event.details.xId, None)

    def running(self) -> tuple[Task, ...]:
        """The tasks that run at this moment."""
        with self._lock:
            return tuple(t for t in self._tasks.values() if t.runs(self._clock))

    def count_record(self, task: Task, name: str, moment: datetime) -> None:
        with self._lock:
            task.produced.add_record(name, moment)

    def count_packet(self, task: Task, packet: bytes, moment: datetime) -> None:
        with self._lock:
            task.produced.add_packet(packet, moment)

    def account(self) -> dict[XID, Produced]:
        """What every task ever held here has produced so far; copies, which do not change."""
        with self._lock:
            return {
                xid: replace(produced, events=dict(produced.events))
                for xid, produced in self._account.items()
            }

    # custodes.session.x1.acceptance.Acceptance

    def check_task(
        self,
        details: TaskDetails,
        granted: Iterable[Grants],
        previous: TaskDetails | None,
        now: datetime,
    ) -> None:
        if header_reporting_of(details.taskDetailsExtensions):
            raise RefusedError("packet header reporting is not supported here")
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
        held = grants.from_extensions(details.taskDetailsExtensions)
        produced = self._account.setdefault(details.xId, Produced())
        self._tasks[details.xId] = Task(
            xid=details.xId,
            target=details.targetIdentifiers[0],
            periods=tuple(self._period(grant.intent) for grant in held),
            produced=produced,
        )

    def _period(self, intent: Intent) -> Period:
        order = intent.order
        return self._deadlines.bound(intent.liid, Period.begin(order.start, order.end, self._clock))
