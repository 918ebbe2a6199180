"""One X2 or X3 connection of one POI to one destination, in a thread of its own.

Sending blocks when the queue is full: the capture waits, nothing is dropped in silence. What a
connection that broke had sent and not yet acknowledged is counted as ``unacknowledged``; resending
it comes with the end-to-end durability of the chain.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.session.x2x3.events import ConnectionLost, KeepaliveAcknowledged
from custodes.session.x2x3.sender import Sender
from custodes.wire.x2x3.pdu import PDU

_QUEUE = 10_000
_BATCH = 256
_POLL_SECONDS = 0.05
_RETRY_SECONDS = 0.5


class Stream(Protocol):
    """An authenticated, encrypted connection to the expected MDF."""

    def send(self, octets: bytes) -> None: ...

    def receive(self, timeout: float | None) -> bytes | None:
        """What arrived; None when nothing did within ``timeout`` s; b"" when it was closed."""
        ...

    def close(self) -> None: ...


Connect = Callable[[], Stream]


@dataclass(slots=True)
class LinkCounters:
    """What became of the PDUs handed to a link."""

    sent: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    connections: int = 0
    failures: int = 0


class _Drain:
    """A mark in the queue: everything before it must be acknowledged."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.covers = 0
        self.done = threading.Event()


class Link:
    """Connects when there is something to send, reconnects until it is closed."""

    def __init__(self, name: str, connect: Connect, clock: Clock) -> None:
        self.counters = LinkCounters()
        self._connect = connect
        self._clock = clock
        self._pending: deque[PDU | _Drain] = deque()
        self._changed = threading.Condition()
        self._drains: list[_Drain] = []
        self._in_flight = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"link-{name}", daemon=True)
        self._thread.start()

    def send(self, pdu: PDU) -> None:
        """Queue a PDU; blocks while the queue is full."""
        with self._changed:
            while len(self._pending) >= _QUEUE and not self._stopping.is_set():
                self._changed.wait(_POLL_SECONDS)
            self._pending.append(pdu)
            self._changed.notify_all()

    def drain(self, timeout: float) -> bool:
        """Whether everything queued before this call was acknowledged within ``timeout`` s."""
        mark = _Drain()
        with self._changed:
            self._pending.append(mark)
            self._changed.notify_all()
        return mark.done.wait(timeout)

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                if not self._pending:
                    self._changed.wait(_POLL_SECONDS)
                    continue
            stream = self._connected()
            if stream is None:
                return
            try:
                self._converse(stream)
            except CustodesError:
                self.counters.failures += 1
            finally:
                stream.close()
                self.counters.unacknowledged += self._in_flight
                self._in_flight = 0
                self._ask_again()

    def _connected(self) -> Stream | None:
        while not self._stopping.is_set():
            try:
                stream = self._connect()
            except CustodesError:
                self.counters.failures += 1
                self._stopping.wait(_RETRY_SECONDS)
                continue
            self.counters.connections += 1
            return stream
        return None

    def _converse(self, stream: Stream) -> None:
        session = Sender(self._clock.monotonic())
        while session.open and not self._stopping.is_set():
            self._hand_over(session)
            if octets := session.data_to_send():
                stream.send(octets)
            received = stream.receive(0 if self._pending else _POLL_SECONDS)
            now = self._clock.monotonic()
            if received is not None:
                session.receive_data(received, now)
            timer = session.next_timer()
            if timer is not None and now >= timer:
                session.handle_timer(now)
            self._take_events(session)

    def _hand_over(self, session: Sender) -> None:
        """Move a batch from the queue into the session: from here on it is in flight."""
        now = self._clock.monotonic()
        with self._changed:
            for _ in range(min(_BATCH, len(self._pending))):
                item = self._pending.popleft()
                if isinstance(item, _Drain):
                    item.number, item.covers = session.drain(now), self._in_flight
                    self._drains.append(item)
                else:
                    session.send(item, now)
                    self.counters.sent += 1
                    self._in_flight += 1
            self._changed.notify_all()

    def _take_events(self, session: Sender) -> None:
        while (event := session.next_event()) is not None:
            if isinstance(event, KeepaliveAcknowledged):
                for mark in [d for d in self._drains if d.number == event.number]:
                    self.counters.acknowledged += mark.covers
                    self._in_flight -= mark.covers
                    for later in self._drains:
                        later.covers -= min(later.covers, mark.covers) if later is not mark else 0
                    self._drains.remove(mark)
                    mark.done.set()
            elif isinstance(event, ConnectionLost):
                self.counters.failures += 1

    def _ask_again(self) -> None:
        """Marks without an answer are asked again on the next connection."""
        with self._changed:
            self._pending.extendleft(reversed(self._drains))
            self._drains.clear()
