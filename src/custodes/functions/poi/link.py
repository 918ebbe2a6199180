"""One X2 or X3 connection of one POI to one destination, in a thread of its own.

Sending blocks when the queue is full: the capture waits, nothing is dropped in silence. While
product is in flight one keepalive is out, so that acknowledgements follow the product closely.

```
 send ──▶ pending ──▶ in flight ──▶ socket
             a new          ▲   │
             connection ────┘   └──▶ gone, once a keepalive sent after it was acknowledged
```
What a broken connection had sent and not seen acknowledged goes out again on the next one, first
and unchanged: our mediation function knows repeats by their numbers.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError, EncodeError
from custodes.session.account import Account
from custodes.session.x2x3.events import (
    AcknowledgementRefused,
    ConnectionLost,
    KeepaliveAcknowledged,
)
from custodes.session.x2x3.sender import Sender
from custodes.wire.x2x3.pdu import PDU, VERSION

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
Tell = Callable[[str], None]
"""Takes what went wrong, in one sentence without an identity; called in the link's thread."""


@dataclass(slots=True)
class LinkCounters:
    """What became of the PDUs handed to a link.

    Of those ``sent``, what is neither ``acknowledged`` nor ``unacknowledged`` is in flight.
    ``resent`` counts what went out once more. ``unsendable`` were refused by the standard's rules.
    When the link closed, ``unsent`` were left, and ``unacknowledged`` were sent in vain for all
    that is known.
    """

    sent: int = 0
    resent: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    unsendable: int = 0
    unsent: int = 0
    connections: int = 0
    failures: int = 0

    @property
    def lost(self) -> int:
        return self.unacknowledged + self.unsendable + self.unsent


class _Mark:
    """A place in the product: its keepalive's answer vouches for the ``covers`` PDUs before it."""

    def __init__(self, *, awaited: bool) -> None:
        self.awaited = awaited
        self.number: int | None = None
        self.covers = 0
        self.done = threading.Event()


class Link:
    """Connects when there is something to send, reconnects until it is closed.

    ``version`` is what this MDF is sent (TS 103 221-2 clause 5.2.1); ``ended`` is given what passed
    over each connection, in the link's thread.
    """

    def __init__(
        self,
        name: str,
        connect: Connect,
        clock: Clock,
        tell: Tell = lambda _: None,
        version: tuple[int, int] = VERSION,
        ended: Callable[[Account], None] = lambda _: None,
    ) -> None:
        self.counters = LinkCounters()
        self._connect = connect
        self._clock = clock
        self._tell = tell
        self._version = version
        self._ended = ended
        self._pending: deque[PDU | _Mark] = deque()
        self._changed = threading.Condition()
        self._marks: list[_Mark] = []
        self._in_flight: deque[PDU] = deque()
        # Of the present connection: how many PDUs it was given, and has vouched for.
        self._given = 0
        self._taken_in = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"link-{name}", daemon=True)
        self._thread.start()

    def send(self, pdu: PDU) -> None:
        """Queue a PDU; blocks while the queue is full. Once closed it is counted as unsent."""
        with self._changed:
            while self._full() and not self._stopping.is_set():
                self._changed.wait(_POLL_SECONDS)
            if self._stopping.is_set():
                self.counters.unsent += 1
                return
            self._pending.append(pdu)
            self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """PDUs queued, and sent but not acknowledged."""
        with self._changed:
            queued = sum(isinstance(item, PDU) for item in self._pending)
            return queued + len(self._in_flight)

    def drain(self, timeout: float) -> bool:
        """Whether everything queued before this call was acknowledged within ``timeout`` s.

        False for ever once something was lost: a later answer does not bring it back.
        """
        mark = _Mark(awaited=True)
        with self._changed:
            self._pending.append(mark)
            self._changed.notify_all()
        mark.awaited = mark.done.wait(timeout)
        return mark.awaited and not self.counters.lost

    def close(self) -> None:
        """Send no more; what is queued or in flight is counted, not waited for."""
        self._stopping.set()
        self._thread.join(5.0)

    def _full(self) -> bool:
        return len(self._pending) + len(self._in_flight) >= _QUEUE

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                with self._changed:
                    if not self._pending and not self._in_flight:
                        self._changed.wait(_POLL_SECONDS)
                        continue
                stream = self._connected()
                if stream is not None:
                    self._serve(stream)
        finally:
            self._stopping.set()  # however it ended: nobody waits for a thread that is gone
            with self._changed:
                self.counters.unsent += sum(isinstance(item, PDU) for item in self._pending)
                self.counters.unacknowledged += len(self._in_flight)
                self._pending.clear()
                self._in_flight.clear()
                self._changed.notify_all()

    def _connected(self) -> Stream | None:
        said = False
        while not self._stopping.is_set():
            try:
                stream = self._connect()
            except CustodesError as error:
                self.counters.failures += 1
                if not said:
                    self._tell(error.what)
                said = True
                self._stopping.wait(_RETRY_SECONDS)
                continue
            self.counters.connections += 1
            return stream
        return None

    def _serve(self, stream: Stream) -> None:
        """One connection from its first octet to the account of it."""
        why = ""
        try:
            why = self._converse(stream)
        except CustodesError as error:
            why = error.what
        finally:
            stream.close()
            self._given = self._taken_in = 0
            self._ask_again()
        if why:
            self.counters.failures += 1
            left = len(self._in_flight)
            self._tell(f"{why}; {left} PDUs are not acknowledged and will be sent again")

    def _converse(self, stream: Stream) -> str:
        """Until the link closes or the connection ends; returns why it ended."""
        session = Sender(self._clock.monotonic(), version=self._version)
        try:
            return self._until_end(session, stream)
        finally:
            self._ended(session.account(self._clock.monotonic()))

    def _until_end(self, session: Sender, stream: Stream) -> str:
        self._resend(session)
        why = ""
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
            why = self._take_events(session)
        return why

    def _resend(self, session: Sender) -> None:
        now = self._clock.monotonic()
        for pdu in self._in_flight:
            session.send(pdu, now)
            self._given += 1
        self.counters.resent += self._given

    def _hand_over(self, session: Sender) -> None:
        """Move a batch from the queue into the session: from here on it is in flight."""
        now = self._clock.monotonic()
        with self._changed:
            for _ in range(min(_BATCH, len(self._pending))):
                item = self._pending.popleft()
                if isinstance(item, PDU):
                    self._send_one(session, item, now)
                else:
                    self._ask(session, item, now)
            self._changed.notify_all()
        if self._given > self._taken_in and not self._marks:
            self._ask(session, _Mark(awaited=False), now)

    def _send_one(self, session: Sender, pdu: PDU, now: float) -> None:
        try:
            session.send(pdu, now)
        except EncodeError as error:
            self.counters.unsendable += 1
            self._tell(f"a PDU cannot be sent: {error.what}")
            return
        self._in_flight.append(pdu)
        self.counters.sent += 1
        self._given += 1

    def _ask(self, session: Sender, mark: _Mark, now: float) -> None:
        mark.number, mark.covers = session.drain(now), self._given
        self._marks.append(mark)

    def _take_events(self, session: Sender) -> str:
        why = ""
        while (event := session.next_event()) is not None:
            if isinstance(event, KeepaliveAcknowledged):
                for mark in [m for m in self._marks if m.number == event.number]:
                    self._marks.remove(mark)
                    self._vouched(mark.covers)
                    mark.done.set()
            elif isinstance(event, AcknowledgementRefused):
                self._tell("the peer acknowledged what was not asked")
            elif isinstance(event, ConnectionLost):
                why = event.reason.value
        return why

    def _vouched(self, covers: int) -> None:
        """The first ``covers`` PDUs given to this connection were taken in."""
        with self._changed:
            for _ in range(covers - self._taken_in):
                self._in_flight.popleft()
                self.counters.acknowledged += 1
            self._taken_in = max(self._taken_in, covers)
            self._changed.notify_all()

    def _ask_again(self) -> None:
        """Marks that somebody waits for are asked again on the next connection."""
        with self._changed:
            self._pending.extendleft(m for m in reversed(self._marks) if m.awaited)
            self._marks.clear()
