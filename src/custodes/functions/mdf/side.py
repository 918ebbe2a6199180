"""One side of the mediation function: an MDF2 or an MDF3, an NE identity of its own.

Its lock guards the task table, the mediation and the numbers, so that what an agency is told and
what it is sent stand in one order: activation, product, deactivation. Nothing waits for a disk or
a socket under it: what was mediated goes to the writer, and from the disk to the deliveries.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.base.ids import LIID, XID
from custodes.functions.mdf import criteria
from custodes.functions.mdf.acceptance import Acceptance
from custodes.functions.mdf.activity import SideActivity
from custodes.functions.mdf.alarms import Alarms, Raise
from custodes.functions.mdf.arrivals import Arrival, Arrivals, Standing
from custodes.functions.mdf.counters import CONTENT, Counters
from custodes.functions.mdf.delivery import CAPACITY, Means
from custodes.functions.mdf.destinations import Destinations
from custodes.functions.mdf.guard import Routes
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.identifiers import SUPPORTED
from custodes.functions.mdf.mediate import Mediated, Mediator, Told
from custodes.functions.mdf.numbering import Numbering
from custodes.functions.mdf.outbox_port import Outbox
from custodes.functions.mdf.ports import ConnectionEnded, Connector, CorrelationStore
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.functions.mdf.resuming import Resuming
from custodes.functions.mdf.tasks import Change, Entry, Notice, TaskTable
from custodes.functions.mdf.writer import Writer
from custodes.model.outbox import Backlog
from custodes.model.outgoing import Kind, Outgoing
from custodes.model.registry import ElementKind, Registry
from custodes.session.handover.sender import Limits
from custodes.session.x1 import events
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.session.x1.watchdog import NEReport, Watchdog
from custodes.wire.x1.extension import grants_of
from custodes.wire.x1.task import TaskDetails
from custodes.wire.x2x3.pdu import PDU

_STEP = 0.5
_ADMINISTERED = 15.0
# What one side may owe its destinations in all; each has an equal share of it.
_OWED_OCTETS = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Setting:
    """What a side is made of.

    ``settle``: so many seconds after the first X1 request it may still be tasked anew after a
    restart; until then product of an XID that no task holds, or not with all orders that it served
    before, waits instead of being refused.
    ``owed_octets``: all that may wait for destinations on the disk; each has an equal share.
    ``clears``: deactivate everything after TIME_P3 without an X1 request (docs/adr/0011).
    ``report`` takes what goes out as ReportNEIssue with a code; without it, it is an alarm.
    """

    kind: ElementKind
    ne_identifier: str
    country: str
    operator: str
    registry: Registry
    clock: Clock
    store: CorrelationStore
    outbox: Outbox
    connector: Connector
    raise_alarm: Raise
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    capacity: int = CAPACITY
    settle: float = 0.0
    owed_octets: int = _OWED_OCTETS
    clears: bool = False
    report: Callable[[NEReport], None] | None = None
    account: ConnectionEnded = lambda *_: None


class Side:
    """Thread-safe. ``handle_x1`` from the X1 server, ``product`` from every intake connection."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.counters = Counters()
        self._lock = threading.Condition(threading.RLock())
        self._alarm_lock = threading.Lock()
        self._clock = setting.clock
        self._alarms = Alarms(setting.raise_alarm)
        self._closing = threading.Event()
        self._first_x1: float | None = None
        self._watchdog = Watchdog(self._clock.monotonic(), clears=setting.clears)
        # Orders that are over, and up to where their product may still be on its way to the disk.
        self._over: deque[tuple[int, LIID]] = deque()
        outbox, name = setting.outbox, setting.ne_identifier
        # What agencies were told by an earlier run, until it is known which orders go on.
        self._told = dict(outbox.notices())
        self._resuming = Resuming((liid, octets) for (liid, _), octets in self._told.items())
        self._restarted = True
        self._routes = Routes(outbox)
        self._tasks = TaskTable(setting.clock)
        self._numbering = Numbering(outbox.numbers(), name)
        self._arrivals = Arrivals(outbox.marks())
        self._ours = {e.neIdentifier for e in setting.registry.elements if e.ours}
        origin = Origin.of(setting.country, setting.operator, name)
        self._mediator = Mediator(
            setting.kind, origin, self._tasks, setting.store, self._numbering, setting.clock
        )
        means = Means(
            connector=setting.connector,
            outbox=outbox,
            routes=self._routes,
            counters=self.counters,
            clock=setting.clock,
            alarm=self.alarm,
            template=origin.keep_alive(),
            limits=setting.limits,
            capacity=setting.capacity,
            account=setting.account,
        )
        self._destinations = Destinations(setting.kind, setting.registry, means)
        self._writer = Writer(name, outbox, self._destinations.written, self.alarm)
        self._acceptance = Acceptance(
            setting.kind, setting.ne_identifier, setting.registry, setting.clock
        )
        self._activity = SideActivity(
            setting.kind.product, self._destinations.connected, self._tasks.liids
        )
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

    def start(self) -> None:
        """Begin to write, and to deliver what the outbox still holds."""
        self._writer.start()
        self._destinations.resume()

    def handle_x1(self, octets: bytes, peer_name: str, now: datetime) -> bytes:
        """The answer to one X1 request; what it changes has happened when this returns."""
        with self._lock:
            if self._first_x1 is None:
                self._first_x1 = self._clock.monotonic()
            self._watchdog.heard(self._clock.monotonic())
            answer = self._x1.handle(octets, peer_name, now)
            self._take_events(now)
            self._lock.notify_all()
            return answer

    def product(self, pdu: PDU, source: str) -> None:
        """Mediate one PDU of the element ``source`` and give the writer what comes of it.

        It waits while the disk is behind, and while a restart is settling and no task holds the
        XID. Returning means given to the writer (see ``wait_durable``), known as a repeat, or
        refused, counted and alarmed.
        """
        while not self._writer.wait_for_room(_STEP):
            self._must_be_open()
            self.counters.add("back_pressure", peer=source)
        with self._lock:
            self._await_task(XID(pdu.xid))
            arrival = self._arrivals.judge(pdu, resends=source in self._ours)
            if arrival.standing is Standing.REPEAT:
                self.counters.add("repeats", peer=source)
                return
            self._gap(arrival, source)
            outgoing = self._mediated(pdu, source)
            self._arrivals.take(arrival)
            marks = {arrival.context: arrival.following} if arrival.context else {}
            self._queue(outgoing, marks)

    @property
    def position(self) -> int:
        """Of everything mediated so far; see ``wait_durable``."""
        return self._writer.position

    def wait_durable(self, position: int) -> bool:
        """Wait until everything up to ``position`` is on disk; False where the side closes."""
        while not self._writer.wait_durable(position, _STEP):
            if self._closing.is_set():
                return False
        return True

    def refuse(self, refusal: RefusedProductError, source: str) -> None:
        self.counters.refused(refusal.reason.value, source)
        self.alarm(refusal.reason.value, refusal.what)

    def alarm(self, kind: str, what: str) -> None:
        self.counters.alarm(kind)
        with self._alarm_lock:
            self._alarms.report(kind, what, self._clock.monotonic())

    def tick(self) -> float | None:
        """Start and end what is due, flush alarms; seconds until something is due again."""
        with self._lock:
            self._tell(self._tasks.due())
            seconds = self._tasks.seconds_to_change()
            if self._restarted and self._administered():
                self._restarted = False
                self._tell_ends()
            self._watch()
            self._forget()
        self._destinations.tidy()
        with self._alarm_lock:
            self._alarms.flush(self._clock.monotonic())
        return seconds

    def snapshot(self) -> dict[str, Any]:
        """Counters, and how many PDUs the destinations are owed."""
        return {**self.counters.snapshot(), "queue": self._destinations.owed()}

    def destinations(self) -> tuple[tuple[str, bool, Backlog | None], ...]:
        """Of each destination: the receiver's name, whether it is connected, what it is owed."""
        return self._destinations.state()

    def close(self, timeout: float) -> int:
        """Write and deliver what there is for up to ``timeout`` s.

        Returns how many PDUs no receiver has confirmed: they stay in the outbox, for the next
        start. What could not even be written was not acknowledged to its element.
        """
        self._closing.set()
        deadline = self._clock.monotonic() + timeout
        with self._lock:
            self._lock.notify_all()
        unwritten = self._writer.close(max(0.0, timeout))
        if unwritten:
            self.counters.add("unwritten", unwritten)
        left = self._destinations.close(max(0.0, deadline - self._clock.monotonic()))
        if left:
            self.counters.add("kept", left)
        with self._alarm_lock:
            self._alarms.flush(self._clock.monotonic(), everything=True)
        return left + unwritten

    def _take_events(self, now: datetime) -> None:
        while (event := self._x1.next_event()) is not None:
            try:
                self._apply(event, now)
            except CustodesError as error:  # accepted a moment ago: it fails closed
                self.alarm("x1", f"an accepted X1 request could not be applied: {error.what}")

    def _watch(self) -> None:
        """Is the administration still there?"""
        self._watchdog.handle_timer(self._clock.monotonic())
        while (silence := self._watchdog.next_event()) is not None:
            if silence.clear:
                self._x1.clear()
                self._take_events(self._clock.now())
            report = silence.report
            if self.setting.report is not None:
                self.setting.report(report)
            else:
                self.alarm("administration", f"{int(report.code)}: {report.description}")

    def _forget(self) -> None:
        """The outbox may destroy an order's key once its last PDU is there, and then destroyed."""
        while self._over and self._writer.wait_durable(self._over[0][0], 0):
            _, liid = self._over.popleft()
            self.setting.outbox.forget(liid)

    def _must_be_open(self) -> None:
        if self._closing.is_set():
            raise CustodesError("the mediation function is stopping")

    def _await_task(self, xid: XID) -> None:
        """After a restart: until a task holds the XID, with every order that it served before, or
        the administration has had its time."""
        while not self._is_back(xid) and not self._settled():
            self._must_be_open()
            self._lock.wait(_STEP)
        self._must_be_open()

    def _is_back(self, xid: XID) -> bool:
        if not self._tasks.known(xid):
            return False
        return not self._resuming.awaits(self._tasks.subject(xid), self._clock.now_ns())

    def _settled(self) -> bool:
        if self.setting.settle <= 0:
            return True
        first = self._first_x1
        return first is not None and self._clock.monotonic() >= first + self.setting.settle

    def _administered(self) -> bool:
        """Whether the administration has had its time to task this side again."""
        wait = max(self.setting.settle, _ADMINISTERED)
        first = self._first_x1
        return first is not None and self._clock.monotonic() >= first + wait

    def _gap(self, arrival: Arrival, source: str) -> None:
        if arrival.standing is Standing.AHEAD:
            self.counters.add("gaps", arrival.missing, source)
            self.alarm("gap", f"{arrival.missing} PDUs of an element are missing")
        elif arrival.standing is Standing.BEHIND:
            self.counters.add("restarted_numbers", peer=source)
            self.alarm("gap", "the numbers of an element went back")

    def _mediated(self, pdu: PDU, source: str) -> list[Outgoing]:
        self._tell(self._tasks.due())
        try:
            mediated = self._mediator.product(pdu, source)
        except RefusedProductError as refusal:
            self.refuse(refusal, source)
            return []
        self._count(mediated, source)
        self._activity.intercepted(XID(pdu.xid), len(pdu.payload), self._clock.now())
        return mediated.outgoing

    def _count(self, mediated: Mediated, source: str) -> None:
        self.counters.taken(source, CONTENT if mediated.event is None else mediated.event)
        for refusal in mediated.refused:
            if refusal.reason is Reason.LOCATION_WITHHELD:  # as ordered: nothing to alarm about
                self.counters.add(refusal.reason.value)
            else:
                self.refuse(refusal, source)
        if mediated.odd_direction:  # an IRI does not carry it: delivered all the same, and said
            self.counters.add("unexpected_direction", 1, source)
            self.alarm("direction", f"{mediated.event} came with a direction that is not its own")
        if mediated.unmapped:
            self.counters.add("identifiers_unmapped", mediated.unmapped, source)

    def _tell(self, changes: Iterable[Change]) -> None:
        for change in changes:
            addresses = self._destinations.addresses()
            self._notify(self._mediator.notification(change, addresses, self._told))
            if change.notice is Notice.ACTIVATION:
                self._join(change.entry)

    def _notify(self, told: Iterable[Told]) -> None:
        for one in told:
            outgoing = one.outgoing
            self._writer.add(
                [outgoing],
                self._numbering.take_changes(),
                {},
                {(outgoing.liid, outgoing.did): one.remembered},
            )

    def _tell_ends(self) -> None:
        """After a restart: orders that the administration did not task again are over.

        Their agencies are told; then nothing more is kept of them.
        """
        for (liid, did), octets in self._told.items():
            if not self._tasks.runs(liid):
                self._notify([self._mediator.ended(liid, did, octets)])
        self._told = {}
        routed = self.setting.outbox.routes()
        self._over += [(self._writer.position, li) for li in routed if not self._tasks.runs(li)]

    def _join(self, entry: Entry) -> None:
        """An order that begins on a subject already intercepted is told how that one stands."""
        joined = self._mediator.joined(entry)
        for refusal in joined.refused:
            self.counters.add(refusal.reason.value)
        if joined.outgoing:
            self.counters.add("starts_of_interception", len(joined.outgoing))
            self._queue(joined.outgoing, {})

    def _queue(self, made: Sequence[Outgoing], marks: Mapping[bytes, int]) -> None:
        kept = [outgoing for outgoing in made if self._within_share(outgoing)]
        self._writer.add(kept, self._numbering.take_changes(), marks)

    def _within_share(self, outgoing: Outgoing) -> bool:
        """Beyond its share a destination's product is not kept, so that nobody else waits for it.

        Its number is used: the agency sees the gap. Notifications are few, and always kept.
        """
        if outgoing.kind is Kind.HI4:
            return True
        if self._destinations.may_owe(outgoing.did, self.setting.owed_octets):
            return True
        self.counters.refused("over_quota", self._destinations.party(outgoing.did))
        self._activity.lost(outgoing.liid)
        self.alarm("over_quota", "a destination has not taken its product in: its share is full")
        return False

    def _apply(self, event: events.ElementEvent, now: datetime) -> None:
        if isinstance(event, events.TaskActivated):
            self._put(event.details, now)
        elif isinstance(event, events.TaskModified):
            self._put(event.new, now)
        elif isinstance(event, events.TaskDeactivated):
            xid = event.details.xId
            over = self._tasks.liids(xid)
            self._tell(self._tasks.remove(xid))
            self._mediator.forget(xid)
            self._over += [(self._writer.position, liid) for liid in over]
        elif isinstance(event, events.DestinationCreated):
            self._destinations.open(self._acceptance.target(event.details))
        elif isinstance(event, events.DestinationModified):
            self._destinations.open(self._acceptance.target(event.new))
        else:
            self._destinations.leave(event.details.dId)

    def _put(self, details: TaskDetails, now: datetime) -> None:
        plan = self._acceptance.plan(details, grants_of(details.taskDetailsExtensions), now)
        for liid, routes in plan.routes.items():
            self._routes.allow(liid, routes)
        before = self._tasks.liids(details.xId)
        self._tell(self._tasks.put(details.xId, plan.entries))
        after = self._tasks.liids(details.xId)
        self._resuming.tasked(after)
        over = before - after
        self._over += [(self._writer.position, liid) for liid in over]
