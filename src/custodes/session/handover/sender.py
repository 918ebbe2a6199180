"""The mediation function's side of a handover connection, without I/O (TS 102 232-1 clause 6.3).

```
 send ──▶ unconfirmed ──▶ socket          a keep-alive is sent TIME1 after the last PDU, and
             ▲   │                        ``confirm_after`` after the first PDU that none followed;
  connect ───┘   └─▶ Confirmed            its response proves that all PDUs before it were taken in
```
What is not confirmed stays here and is sent again on the next connection; the receiver knows
repeats. At most one keep-alive is unanswered; no answer within TIME3 ends the connection.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from custodes.base.errors import DecodeError, ProtocolError
from custodes.session.handover import keepalive
from custodes.session.handover.events import (
    Confirmed,
    ConnectionLost,
    LossReason,
    SenderEvent,
    UnexpectedReceived,
)
from custodes.wire.handover.pdu import decode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.reader import Reader

_MODULUS = 1 << 32


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, PDUs and octets. TIME1 is 120-360 s, TIME3 60 s.

    ``confirm_after`` asks earlier than TIME1, so that little is held and little is repeated.
    """

    time1: float = 120.0
    time3: float = 60.0
    confirm_after: float = 0.25
    window_pdus: int = 1024
    window_octets: int = 8 * 1024 * 1024
    max_pdu: int = 64 * 1024


class Sender:
    """One destination's sender over any number of connections; ``now`` is monotonic seconds."""

    def __init__(self, template: PSHeader, limits: Limits | None = None) -> None:
        self._template = template
        self._limits = limits or Limits()
        self._unconfirmed: deque[bytes] = deque()
        self._octets = 0
        self._number = 0
        self._events: deque[SenderEvent] = deque()
        self._out: list[bytes] = []
        self._open = False
        self._reader = Reader(limit=self._limits.max_pdu)
        # Of the one keep-alive under way: its number, when it must be answered, what it covers.
        self._asked: tuple[int, float, int] | None = None
        self._uncovered_since: float | None = None
        self._last_sent = 0.0

    @property
    def open(self) -> bool:
        return self._open

    @property
    def unconfirmed(self) -> int:
        return len(self._unconfirmed)

    @property
    def window_open(self) -> bool:
        """Whether one more PDU may be given to ``send``."""
        return not self._full()

    def connect(self, now: float) -> None:
        """A new connection stands: everything unconfirmed goes out again, in its order."""
        self._open = True
        self._reader = Reader(limit=self._limits.max_pdu)
        self._asked = None
        self._out = list(self._unconfirmed)
        self._uncovered_since = now if self._unconfirmed else None
        self._last_sent = now

    def send(self, octets: bytes, now: float) -> None:
        """Give one PS-PDU; it is kept until the receiver is known to have taken it in."""
        if not self.window_open:
            raise ProtocolError("the window is full: wait for a Confirmed event")
        self._unconfirmed.append(octets)
        self._octets += len(octets)
        if self._open:
            self._out.append(octets)
            self._last_sent = now
            if self._uncovered_since is None:
                self._uncovered_since = now
            if self._full():
                self._ask(now)

    def receive_data(self, octets: bytes, now: float) -> None:
        """What arrived from the receiver; empty when it closed."""
        if not self._open:
            return
        if not octets:
            self._lose(LossReason.CLOSED)
            return
        try:
            self._reader.receive_data(octets)
            while self._open and (whole := self._reader.next_pdu()) is not None:
                self._take(whole, now)
        except DecodeError as error:
            self._lose(LossReason.BREACH, ProtocolError(f"the receiver sent no PDU: {error.what}"))

    def connection_lost(self) -> None:
        """The transport failed."""
        if self._open:
            self._lose(LossReason.CLOSED)

    def next_event(self) -> SenderEvent | None:
        return self._events.popleft() if self._events else None

    def data_to_send(self) -> bytes:
        octets = b"".join(self._out)
        self._out.clear()
        return octets

    def next_timer(self) -> float | None:
        """When ``handle_timer`` must be called, in monotonic seconds."""
        if not self._open:
            return None
        if self._asked is not None:
            return self._asked[1]
        idle = self._last_sent + self._limits.time1
        if self._uncovered_since is not None:
            return min(idle, self._uncovered_since + self._limits.confirm_after)
        return idle

    def handle_timer(self, now: float) -> None:
        due = self.next_timer()
        if due is None or now < due:
            return
        if self._asked is not None:
            self._lose(
                LossReason.SILENT,
                ProtocolError("the receiver did not answer a keep-alive within TIME3"),
            )
        else:
            self._ask(now)

    def _full(self) -> bool:
        return (
            len(self._unconfirmed) >= self._limits.window_pdus
            or self._octets >= self._limits.window_octets
        )

    def _ask(self, now: float) -> None:
        if self._asked is not None:
            return
        number = self._number
        self._number = (self._number + 1) % _MODULUS
        self._out.append(keepalive.request(self._template, number))
        self._asked = (number, now + self._limits.time3, len(self._unconfirmed))
        self._uncovered_since = None
        self._last_sent = now

    def _take(self, whole: bytes, now: float) -> None:
        pdu = decode(whole)
        kind = keepalive.alternative(pdu)
        if kind != keepalive.RESPONSE:
            self._events.append(UnexpectedReceived(kind or type(pdu.payload).__name__))
            return
        if self._asked is None or self._asked[0] != pdu.header.sequenceNumber:
            self._lose(
                LossReason.BREACH,
                ProtocolError("the receiver answered a keep-alive that was not sent"),
            )
            return
        covered = self._asked[2]
        self._asked = None
        for _ in range(covered):
            self._octets -= len(self._unconfirmed.popleft())
        if covered:
            self._events.append(Confirmed(covered))
        if self._full():  # the next question would otherwise wait for the next send
            self._ask(now)

    def _lose(self, reason: LossReason, error: ProtocolError | None = None) -> None:
        self._open = False
        self._asked = None
        self._out.clear()
        self._events.append(ConnectionLost(reason, error))
