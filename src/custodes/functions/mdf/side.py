"""One side of the mediation function: an MDF2 or an MDF3, an NE identity of its own.

Its lock guards the task table, the mediation and the numbers, so that what an agency is told and
what it is sent stand in one order: activation, product, deactivation. Nothing waits under it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.base.ids import DID, XID
from custodes.functions.mdf import criteria
from custodes.functions.mdf.acceptance import Acceptance
from custodes.functions.mdf.activity import SideActivity
from custodes.functions.mdf.alarms import Alarms, Raise
from custodes.functions.mdf.counters import Counters
from custodes.functions.mdf.delivery import CAPACITY, Delivery, Means
from custodes.functions.mdf.guard import Routes
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.identifiers import SUPPORTED
from custodes.functions.mdf.mediate import Mediated, Mediator
from custodes.functions.mdf.numbering import Numbering
from custodes.functions.mdf.outgoing import Outgoing
from custodes.functions.mdf.ports import Connector, CorrelationStore
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.functions.mdf.tasks import Change, TaskTable
from custodes.model.registry import ElementKind, Registry
from custodes.session.handover.sender import Limits
from custodes.session.x1 import events
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.wire.x1.destination import DestinationDetails
from custodes.wire.x1.extension import grants_of
from custodes.wire.x1.task import TaskDetails
from custodes.wire.x2x3.pdu import PDU

_ROOM_STEP = 0.5
_REMOVED_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What a side is made of."""

    kind: ElementKind
    ne_identifier: str
    country: str
    operator: str
    registry: Registry
    clock: Clock
    store: CorrelationStore
    connector: Connector
    raise_alarm: Raise
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    capacity: int = CAPACITY


class Side:
    """Thread-safe. ``handle_x1`` from the X1 server, ``product`` from every intake connection."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.counters = Counters()
        self._lock = threading.RLock()
        self._alarm_lock = threading.Lock()
        self._clock = setting.clock
        self._alarms = Alarms(setting.raise_alarm)
        self._closing = threading.Event()
        self._deliveries: dict[DID, Delivery] = {}
        self._leaving: set[Delivery] = set()
        self._routes = Routes()
        self._tasks = TaskTable(setting.clock)
        self._numbering = Numbering(setting.store, setting.ne_identifier)
        origin = Origin.of(setting.country, setting.operator, setting.ne_identifier)
        self._mediator = Mediator(
            setting.kind, origin, self._tasks, setting.store, self._numbering, setting.clock
        )
        self._means = Means(
            connector=setting.connector,
            routes=self._routes,
            counters=self.counters,
            clock=setting.clock,
            alarm=self.alarm,
            template=origin.keep_alive(),
            limits=setting.limits,
            capacity=setting.capacity,
        )
        self._acceptance = Acceptance(
            setting.kind, setting.ne_identifier, setting.registry, setting.clock
        )
        self._activity = SideActivity(self._deliveries)
        self._x1 = ElementSession(
            setting.ne_identifier,
            self._acceptance,
            capabilities=Capabilities(
                targetIdentifiers=SUPPORTED,
                deliveryTypes=frozenset({criteria.own_delivery_type(setting.kind)}),
                mediates=True,
            ),
            activity=self._activity,
        )
        self._acceptance.hold(self._x1.destinations, lambda: self._x1.tasks)

    def handle_x1(self, octets: bytes, peer_name: str, now: datetime) -> bytes:
        """The answer to one X1 request; what it changes has happened when this returns."""
        with self._lock:
            answer = self._x1.handle(octets, peer_name, now)
            while (event := self._x1.next_event()) is not None:
                try:
                    self._apply(event, now)
                except CustodesError as error:  # accepted a moment ago: it fails closed
                    self.alarm("x1", f"an accepted X1 request could not be applied: {error.what}")
            return answer

    def product(self, pdu: PDU, source: str) -> None:
        """Mediate one PDU of the element ``source`` and queue what comes of it.

        It waits while a destination's queue is full. Returning means queued in memory, or
        refused, counted and alarmed.
        """
        if not self._wait_for_room(XID(pdu.xid)):
            raise CustodesError("the mediation function is stopping")
        with self._lock:
            self._tell(self._tasks.due())
            try:
                mediated = self._mediator.product(pdu, source)
            except RefusedProductError as refusal:
                self.refuse(refusal)
                return
            self._count(mediated)
            self._activity.intercepted(XID(pdu.xid), self._clock.now())
            self._queue(mediated.outgoing)

    def refuse(self, refusal: RefusedProductError) -> None:
        self.counters.refused(refusal.reason.value)
        self.alarm(refusal.reason.value, refusal.what)

    def alarm(self, kind: str, what: str) -> None:
        with self._alarm_lock:
            self._alarms.report(kind, what, self._clock.monotonic())

    def tick(self) -> float | None:
        """Start and end what is due, flush alarms; seconds until something is due again."""
        with self._lock:
            self._tell(self._tasks.due())
            seconds = self._tasks.seconds_to_change()
        with self._alarm_lock:
            self._alarms.flush(self._clock.monotonic())
        return seconds

    def snapshot(self) -> dict[str, Any]:
        """Counters and the depth of all queues."""
        deliveries = self._all_deliveries()
        return {**self.counters.snapshot(), "queue": sum(d.depth for d in deliveries)}

    def close(self, timeout: float) -> int:
        """Deliver what is queued for up to ``timeout`` s; returns how many PDUs are unconfirmed."""
        self._closing.set()
        deadline = self._clock.monotonic() + timeout
        deliveries = self._all_deliveries()
        for delivery in deliveries:
            delivery.drain(max(0.0, deadline - self._clock.monotonic()))
        left = sum(delivery.stop() for delivery in deliveries)
        if left:
            self.counters.add("undelivered", left)
        with self._alarm_lock:
            self._alarms.flush(self._clock.monotonic(), everything=True)
        with self._lock:
            self._numbering.close()
        return left

    def _wait_for_room(self, xid: XID) -> bool:
        while not self._closing.is_set():
            with self._lock:
                dids = {did for entry in self._tasks.active(xid) for did in entry.dids}
                waited = [self._deliveries[did] for did in dids if did in self._deliveries]
            if all(delivery.wait_for_room(_ROOM_STEP) for delivery in waited):
                return True
        return False

    def _count(self, mediated: Mediated) -> None:
        if mediated.event is not None:
            self.counters.event(mediated.event)
        else:
            self.counters.add("xcc")
        for refusal in mediated.refused:
            if refusal.reason is Reason.LOCATION_WITHHELD:  # as ordered: nothing to alarm about
                self.counters.add(refusal.reason.value)
            else:
                self.refuse(refusal)
        if mediated.unmapped:
            self.counters.add("identifiers_unmapped", mediated.unmapped)

    def _tell(self, changes: Iterable[Change]) -> None:
        addresses = {did: delivery.target.address for did, delivery in self._deliveries.items()}
        for change in changes:
            self._queue(self._mediator.notification(change, addresses))

    def _queue(self, made: Iterable[Outgoing]) -> None:
        for outgoing in made:
            delivery = self._deliveries.get(outgoing.did)
            if delivery is None:
                self.counters.add("undelivered")
                self.alarm("undelivered", "a destination was removed before its product was sent")
            else:
                delivery.put(outgoing)

    def _apply(self, event: events.ElementEvent, now: datetime) -> None:
        if isinstance(event, events.TaskActivated):
            self._put(event.details, now)
        elif isinstance(event, events.TaskModified):
            self._put(event.new, now)
        elif isinstance(event, events.TaskDeactivated):
            self._tell(self._tasks.remove(event.details.xId))
        elif isinstance(event, events.DestinationCreated):
            self._open(event.details)
        elif isinstance(event, events.DestinationModified):
            self._modify(event.old, event.new)
        else:
            self._remove(event.details.dId)

    def _put(self, details: TaskDetails, now: datetime) -> None:
        plan = self._acceptance.plan(details, grants_of(details.taskDetailsExtensions), now)
        for liid, routes in plan.routes.items():
            self._routes.allow(liid, routes)
        self._tell(self._tasks.put(details.xId, plan.entries))

    def _open(self, details: DestinationDetails) -> None:
        delivery = Delivery(self._acceptance.target(details), self._means)
        self._deliveries[details.dId] = delivery
        delivery.start()

    def _modify(self, old: DestinationDetails, new: DestinationDetails) -> None:
        delivery = self._deliveries[old.dId]
        if self._acceptance.target(new) != delivery.target:
            self._remove(old.dId)
            self._open(new)

    def _remove(self, did: DID) -> None:
        """What is still queued is delivered in the background, up to a bound."""
        delivery = self._deliveries.pop(did)
        self._leaving.add(delivery)
        threading.Thread(target=self._run_out, args=(delivery,), daemon=True).start()

    def _run_out(self, delivery: Delivery) -> None:
        left = delivery.close(_REMOVED_SECONDS)
        with self._lock:
            self._leaving.discard(delivery)
        if left and not self._closing.is_set():  # otherwise ``close`` has counted it
            self.counters.add("undelivered", left)
            self.alarm("undelivered", "a removed destination did not take everything in")

    def _all_deliveries(self) -> list[Delivery]:
        with self._lock:
            return [*self._deliveries.values(), *self._leaving]
