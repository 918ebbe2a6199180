"""Delivery to one destination: a bounded queue, a thread, a connection that is made again.

Nothing is dropped. A full queue makes the intake wait (counted as ``back_pressure``), which the
network element sees as a connection that does not take more. What the receiver has not confirmed
is sent again after a reconnect. The queue is in memory: what it holds when this process dies is
lost, and the receiver sees the gap. The durable outbox that ends this is a later issue.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.base.ids import DID
from custodes.functions.mdf.counters import Counters
from custodes.functions.mdf.guard import MisroutedError, Routes
from custodes.functions.mdf.outgoing import Kind, Outgoing
from custodes.functions.mdf.ports import Alarm, Connector, Stream
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.session.handover.events import Confirmed, ConnectionLost
from custodes.session.handover.sender import Limits, Sender
from custodes.wire.handover.psheader import PSHeader

CAPACITY = 4096
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where a destination leads: enrolment's address, and the one party expected there."""

    did: DID
    address: Address
    party: Party


@dataclass(frozen=True, slots=True)
class Means:
    """What every delivery of one side shares."""

    connector: Connector
    routes: Routes
    counters: Counters
    clock: Clock
    alarm: Alarm
    template: PSHeader
    limits: Limits = field(default_factory=Limits)
    capacity: int = CAPACITY


class Delivery:
    """One destination's queue and sender. ``put`` and ``wait_for_room`` from any thread."""

    def __init__(self, target: Target, means: Means) -> None:
        self.target = target
        self._means = means
        self._sender = Sender(means.template, means.limits)
        self._changed = threading.Condition()
        self._queue: deque[Outgoing] = deque()
        self._arrived: deque[bytes] = deque()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def connected(self) -> bool:
        with self._changed:
            return self._sender.open

    @property
    def depth(self) -> int:
        """PDUs that the receiver is not known to have."""
        with self._changed:
            return len(self._queue) + self._sender.unconfirmed

    def wait_for_room(self, timeout: float) -> bool:
        """Whether the queue has room, within ``timeout`` seconds."""
        with self._changed:
            if self._has_room():
                return True
            self._means.counters.add("back_pressure")
            return self._changed.wait_for(self._has_room, timeout)

    def put(self, outgoing: Outgoing) -> None:
        """Queue one PDU. Never blocks and never drops: the caller has waited for room first;
        notifications need no room."""
        with self._changed:
            self._queue.append(outgoing)
            self._changed.notify_all()

    def drain(self, timeout: float) -> None:
        """Wait up to ``timeout`` seconds until everything is confirmed."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._queue and not self._sender.unconfirmed, timeout
            )

    def stop(self, timeout: float = 0.5) -> int:
        """End the thread (it may be connecting: that is not waited for longer than ``timeout``);
        returns how many PDUs are not confirmed."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return self.depth

    def close(self, timeout: float) -> int:
        """Deliver what there is for up to ``timeout`` seconds, then stop."""
        self.drain(timeout)
        return self.stop()

    def _has_room(self) -> bool:
        return len(self._queue) < self._means.capacity

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._closing:
            try:
                stream = self._means.connector(self.target.address, self.target.party)
            except CustodesError as error:
                self._means.counters.add("connect_failures")
                self._means.alarm("delivery", f"a destination cannot be reached: {error.what}")
                self._wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            if stream.peer.fingerprint != self.target.party.fingerprint:
                stream.close()
                self._means.counters.add("connect_failures")
                self._means.alarm("delivery", "another party answers at a destination")
                self._wait(_LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            self._means.counters.add("connections")
            self._serve(stream)
            if not self._closing:
                self._wait(_FIRST_PAUSE)

    def _wait(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing, seconds)

    def _serve(self, stream: Stream) -> None:
        reader = threading.Thread(
            target=self._read, args=(stream,), name="delivery-read", daemon=True
        )
        with self._changed:
            self._arrived.clear()
            self._sender.connect(self._means.clock.monotonic())
        reader.start()
        try:
            while not self._closing and self._sender.open:
                octets = self._step(stream.peer)
                if octets:
                    stream.send(octets)
        except CustodesError as error:
            self._means.alarm("delivery", f"a delivery connection failed: {error.what}")
        finally:
            with self._changed:
                self._sender.connection_lost()
                self._take_events()
            stream.close()
            reader.join(2.0)

    def _read(self, stream: Stream) -> None:
        octets: bytes | None = b""
        while True:
            try:
                octets = stream.receive(None)
            except CustodesError:
                octets = b""
            if octets is None:
                continue
            with self._changed:
                self._arrived.append(octets)
                self._changed.notify_all()
            if not octets:
                return

    def _step(self, peer: Party) -> bytes:
        """Wait for something to do, do it, return what is to be sent."""
        clock = self._means.clock
        with self._changed:
            if not self._work():
                due = self._sender.next_timer()
                wait = None if due is None else max(0.0, due - clock.monotonic())
                self._changed.wait_for(lambda: self._work() or self._closing, wait)
            now = clock.monotonic()
            while self._arrived:
                self._sender.receive_data(self._arrived.popleft(), now)
            self._sender.handle_timer(now)
            while self._queue and self._sender.open and self._sender.window_open:
                self._pass(self._queue.popleft(), peer, now)
            self._take_events()
            self._changed.notify_all()
            return self._sender.data_to_send()

    def _work(self) -> bool:
        return bool(self._arrived or (self._queue and self._sender.window_open))

    def _pass(self, outgoing: Outgoing, peer: Party, now: float) -> None:
        try:
            self._means.routes.check(outgoing, self.target.did, peer)
        except MisroutedError as error:
            self._means.counters.add("misrouted")
            self._means.alarm("misrouted", error.what)
            return
        self._sender.send(outgoing.octets, now)
        self._means.counters.add(Kind(outgoing.kind).value)

    def _take_events(self) -> None:
        while (event := self._sender.next_event()) is not None:
            if isinstance(event, Confirmed):
                self._means.counters.add("confirmed", event.count)
            elif isinstance(event, ConnectionLost):
                if not self._closing:
                    self._means.counters.add("connections_lost")
                if event.error is not None:
                    self._means.alarm("delivery", event.error.what)
            else:
                self._means.counters.add("unexpected")
                self._means.alarm("delivery", f"a receiver sent {event.kind}")
