"""Product in: one X2 or X3 connection of one network element.

A keepalive is answered only when what came of everything before it on its connection is on disk
(TS 103 221-2: there is no acknowledgement per PDU).
"""

from __future__ import annotations

import threading

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.functions.mdf.ports import QuirkUsed as TellQuirk
from custodes.functions.mdf.ports import Stream
from custodes.functions.mdf.side import Side
from custodes.session.x2x3.events import (
    AcknowledgementRefused,
    ConnectionLost,
    KeepaliveReceived,
    LossReason,
    ProductReceived,
    QuirkUsed,
)
from custodes.session.x2x3.receiver import Receiver
from custodes.wire.x2x3.pdu import VERSION
from custodes.wire.x2x3.quirks import STRICT, Quirks

_STEP = 1.0


class Intake:
    """All connections of one side; ``serve`` runs in each connection's own thread.

    Each element is read, and answered, by the habits that are enrolled for its key.
    """

    def __init__(self, side: Side, clock: Clock, tell_quirk: TellQuirk = lambda *_: None) -> None:
        self._side = side
        self._clock = clock
        self._tell_quirk = tell_quirk
        self._closing = threading.Event()

    def close(self) -> None:
        self._closing.set()

    def serve(self, stream: Stream) -> None:
        """Until the element closes or breaks the rules, or this function stops."""
        counters, source = self._side.counters, stream.peer.name
        counters.add("intake_connections", peer=source)
        receiver = self._receiver(source)
        told: set[str] = set()
        try:
            while receiver.open and not self._closing.is_set():
                octets = stream.receive(self._wait(receiver))
                now = self._clock.monotonic()
                if octets is not None:
                    receiver.receive_data(octets, now)
                receiver.handle_timer(now)
                self._events(receiver, source, told)
                if answer := receiver.data_to_send():
                    stream.send(answer)
        except CustodesError as error:
            self._side.alarm("intake", f"an intake connection failed: {error.what}")
        except Exception as error:  # a fault of ours ends this connection, not everybody's
            counters.add("internal_errors", peer=source)
            # The type only: the text of an unforeseen error may quote what it was working on.
            self._side.alarm("internal", f"mediation failed: {type(error).__name__}")
        finally:
            counters.add("intake_ended", peer=source)
            account = receiver.account(self._clock.monotonic())
            self._side.setting.account("intake", source, account)

    def refused(self, what: str) -> None:
        """Somebody who is no enrolled element tried to connect."""
        self._side.counters.refused("unenrolled_peer")
        self._side.alarm("unenrolled_peer", f"an intake connection was refused: {what}")

    def _receiver(self, source: str) -> Receiver:
        element = self._side.setting.registry.find_element(source)
        habits = () if element is None else element.x2x3Quirks
        return Receiver(
            self._clock.monotonic(),
            version=VERSION if element is None else element.x2x3Version,
            quirks=Quirks(**dict.fromkeys(map(str, habits), True)) if habits else STRICT,
        )

    def _wait(self, receiver: Receiver) -> float:
        due = receiver.next_timer()
        if due is None:
            return _STEP
        return min(_STEP, max(0.0, due - self._clock.monotonic()))

    def _events(self, receiver: Receiver, source: str, told: set[str]) -> None:
        while (event := receiver.next_event()) is not None:
            if isinstance(event, ProductReceived):
                self._side.product(event.pdu, source)
            elif isinstance(event, QuirkUsed):
                self._quirk(event.kind, source, told)
            elif isinstance(event, KeepaliveReceived):
                if receiver.open and self._side.wait_durable(self._side.position):
                    receiver.acknowledge(event.number, self._clock.monotonic())
            elif isinstance(event, ConnectionLost):
                if event.reason is not LossReason.PEER_CLOSED:
                    self._side.counters.add("intake_lost", peer=source)
                    self._side.alarm("intake", f"an intake connection ended: {event.reason.value}")
            elif isinstance(event, AcknowledgementRefused):
                self._side.alarm("intake", "an element acknowledged what was not asked")

    def _quirk(self, kind: str, source: str, told: set[str]) -> None:
        """Every use is counted; a stream that needs one for each PDU says so once."""
        self._side.counters.add("quirks_used", peer=source)
        if kind not in told:
            told.add(kind)
            self._tell_quirk(source, kind)
