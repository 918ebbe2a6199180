"""Delivery to one destination: from the outbox, in order, over a connection that is made again.

```
 outbox ──read / written──▶ queue ──guard──▶ Sender (unconfirmed) ──▶ socket
    ▲                                              │
    └──────────── confirm: the receiver has it ◀───┘
```
Only what is on disk comes here. The queue is a window on the outbox: while the receiver keeps up,
entries come straight from the writer; when they don't fit, they are read from the disk later.
After a restart delivery goes on behind the last entry confirmed, and the receiver knows repeats.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.base.ids import DID
from custodes.functions.mdf.counters import Counters
from custodes.functions.mdf.guard import MisroutedError, Routes
from custodes.functions.mdf.outbox_port import Outbox
from custodes.functions.mdf.ports import Alarm, ConnectionEnded, Connector, Stream
from custodes.functions.mdf.window import Window
from custodes.model.address import Address
from custodes.model.outbox import Stored
from custodes.model.outgoing import Kind
from custodes.model.party import Party
from custodes.session.handover.events import Confirmed, ConnectionLost
from custodes.session.handover.sender import Limits, Sender
from custodes.wire.handover.psheader import PSHeader

CAPACITY = 4096
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_READ_PDUS = 512
_READ_OCTETS = 4 * 1024 * 1024


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
    outbox: Outbox
    routes: Routes
    counters: Counters
    clock: Clock
    alarm: Alarm
    template: PSHeader
    limits: Limits = field(default_factory=Limits)
    capacity: int = CAPACITY
    account: ConnectionEnded = lambda *_: None


class Delivery:
    """One destination's window on the outbox, and its sender. Safe from any thread."""

    def __init__(self, target: Target, means: Means) -> None:
        self.target = target
        self._means = means
        self._sender = Sender(means.template, means.limits)
        self._changed = threading.Condition()
        self._window = Window(target.did, means.outbox, means.capacity)
        self._arrived: deque[bytes] = deque()
        self._to_confirm = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def connected(self) -> bool:
        with self._changed:
            return self._sender.open

    def written(self, entries: Sequence[Stored]) -> None:
        """These are on disk now, behind all that were told before."""
        with self._changed:
            self._window.written(entries)
            self._changed.notify_all()

    @property
    def done(self) -> bool:
        """Whether the receiver is known to have everything."""
        return self.target.did not in self._means.outbox.backlog()

    def drain(self, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds until everything is confirmed."""
        with self._changed:
            return self._changed.wait_for(lambda: self.done, timeout)

    def stop(self, timeout: float = 0.5) -> None:
        """End the thread (it may be connecting: that is not waited for longer than ``timeout``);
        what is not confirmed stays in the outbox."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._closing:
            try:
                stream = self._means.connector(self.target.address, self.target.party)
            except CustodesError as error:
                self._count("connect_failures")
                self._means.alarm("delivery", f"a destination cannot be reached: {error.what}")
                self._wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            if stream.peer.fingerprint != self.target.party.fingerprint:
                stream.close()
                self._count("connect_failures")
                self._means.alarm("delivery", "another party answers at a destination")
                self._wait(_LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            self._count("connections")
            self._serve(stream)
            if not self._closing:
                self._wait(_FIRST_PAUSE)

    def _wait(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing, seconds)

    def _serve(self, stream: Stream) -> None:
        """One connection. What it had sent and was not confirmed is sent again on the next."""
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
                self._confirm()
        except CustodesError as error:
            self._means.alarm("delivery", f"a delivery connection failed: {error.what}")
        finally:
            with self._changed:
                self._sender.connection_lost()
                self._take_events()
            self._confirm()
            stream.close()
            account = self._sender.account(self._means.clock.monotonic())
            if account is not None:
                self._means.account("delivery", self.target.party.name, account)
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
        self._refill()
        with self._changed:
            if not self._work():
                due = self._sender.next_timer()
                wait = None if due is None else max(0.0, due - clock.monotonic())
                self._changed.wait_for(lambda: self._work() or self._closing, wait)
            now = clock.monotonic()
            while self._arrived:
                self._sender.receive_data(self._arrived.popleft(), now)
            self._sender.handle_timer(now)
            while self._window.ready and self._sender.open and self._sender.window_open:
                self._pass(self._window.next(), peer, now)
            self._take_events()
            return self._sender.data_to_send()

    def _work(self) -> bool:
        waiting = self._window.ready or self._window.behind
        return bool(self._arrived or (waiting and self._sender.window_open))

    def _refill(self) -> None:
        with self._changed:
            after = self._window.to_read
        if after is None:
            return
        found = self._means.outbox.read(self.target.did, after, _READ_PDUS, _READ_OCTETS)
        with self._changed:
            self._window.read(found)

    def _pass(self, entry: Stored, peer: Party, now: float) -> None:
        outgoing = entry.outgoing
        if outgoing is None:
            self._count("damaged")
            self._means.alarm("damaged", "a PDU in the outbox is damaged and cannot be sent")
            self._leave_out(entry)
            return
        try:
            self._means.routes.check(outgoing, self.target.did, peer)
        except MisroutedError as error:
            self._count("misrouted")
            self._means.alarm("misrouted", error.what)
            self._leave_out(entry)
            return
        self._sender.send(outgoing.octets, now)
        self._window.sent(entry.id)
        self._count(Kind(outgoing.kind).value)

    def _count(self, name: str, number: int = 1) -> None:
        self._means.counters.add(name, number, self.target.party.name)

    def _leave_out(self, entry: Stored) -> None:
        self._to_confirm = max(self._to_confirm, self._window.left_out(entry.id))

    def _take_events(self) -> None:
        while (event := self._sender.next_event()) is not None:
            if isinstance(event, Confirmed):
                self._to_confirm = max(self._to_confirm, self._window.confirmed(event.count))
                self._count("confirmed", event.count)
            elif isinstance(event, ConnectionLost):
                if not self._closing:
                    self._count("connections_lost")
                if event.error is not None:
                    self._means.alarm("delivery", event.error.what)
            else:
                self._count("unexpected")
                self._means.alarm("delivery", f"a receiver sent {event.kind}")

    def _confirm(self) -> None:
        """Make durable what the receiver has said it took in. Where that fails it is sent again
        after a restart, and the receiver knows it."""
        with self._changed:
            up_to, self._to_confirm = self._to_confirm, 0
        if not up_to:
            return
        try:
            self._means.outbox.confirm(self.target.did, up_to, self._means.clock.now())
        except CustodesError as error:
            self._means.alarm("outbox", f"a confirmation cannot be made durable: {error.what}")
            with self._changed:
                self._to_confirm = max(self._to_confirm, up_to)
            return
        with self._changed:
            self._changed.notify_all()
