"""The lab receiver of one agency: connections in, evidence out.

A keep-alive is answered when everything before it stands in the evidence. A receiver that cannot
write stops: its senders keep what it has not confirmed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.functions.lemf.evidence import Evidence
from custodes.functions.lemf.ports import Stream
from custodes.session.handover.continuity import ContinuityLog
from custodes.session.handover.events import (
    ConnectionLost,
    Continuity,
    KeepAliveReceived,
    LossReason,
    PDUReceived,
    StreamKey,
    UndecodableReceived,
)
from custodes.session.handover.receiver import Receiver

_STEP = 1.0
_QUIET_SECONDS = 0.5
_TICK = 0.25
_TOLD_EVERY = 1.0

# (name of a log line, its values); never an identity but the LIID.
Say = Callable[[str, Mapping[str, Any]], None]


class _Shared:
    """One ContinuityLog for the threads of all connections."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log = ContinuityLog()

    def check(self, key: StreamKey, number: int, octets: bytes) -> tuple[Continuity, int]:
        with self._lock:
            return self._log.check(key, number, octets)


class Service:
    """``serve`` runs in each connection's own thread; ``failed`` is set when evidence cannot be
    written."""

    def __init__(self, evidence: Evidence, clock: Clock, say: Say) -> None:
        self._evidence = evidence
        self._clock = clock
        self._say = say
        self._numbers = _Shared()
        self._closing = threading.Event()
        self.failed = threading.Event()
        self._told: dict[str, int] = {}
        self._told_at = float("-inf")
        self._heard_at = clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="manifest", daemon=True)

    def start(self) -> None:
        self._evidence.settle()
        self._thread.start()

    def close(self) -> None:
        """Stop receiving and settle the evidence; raises CustodesError where it cannot be."""
        self._closing.set()
        self._thread.join()
        self._evidence.settle()
        self._tell(final=True)

    def serve(self, stream: Stream) -> None:
        """One connection of a mediation function, until either side ends it."""
        self._evidence.count("connections")
        receiver = Receiver(self._clock.monotonic(), self._numbers)
        try:
            while receiver.open and not self._closing.is_set() and not self.failed.is_set():
                octets = stream.receive(_STEP)
                now = self._clock.monotonic()
                if octets is not None:
                    receiver.receive_data(octets, now)
                receiver.handle_timer(now)
                self._events(receiver)
                if answer := receiver.data_to_send():
                    stream.send(answer)
        except CustodesError as error:
            self._say("lemf.connection_failed", {"why": error.what})
        except Exception as error:  # a fault of ours: nothing after it is acknowledged
            self._evidence.count("internal_errors")
            self._say("lemf.connection_failed", {"why": f"internal: {type(error).__name__}"})

    def refused(self, what: str) -> None:
        """Somebody who is no enrolled mediation function tried to connect."""
        self._evidence.count("refused_connections")
        self._say("lemf.refused", {"why": what})

    def _events(self, receiver: Receiver) -> None:
        while (event := receiver.next_event()) is not None:
            self._heard_at = self._clock.monotonic()
            if isinstance(event, PDUReceived):
                self._kept(partial(self._evidence.receive, event))
                if event.continuity in (Continuity.GAP, Continuity.OUT_OF_ORDER):
                    self._say(
                        "lemf.gap",
                        {
                            "liid": str(event.pdu.header.liid),
                            "continuity": event.continuity.value,
                            "missing": event.missing,
                        },
                    )
            elif isinstance(event, UndecodableReceived):
                self._kept(partial(self._evidence.undecodable, event.octets, event.what))
                self._say("lemf.undecodable", {"why": event.what})
            elif isinstance(event, KeepAliveReceived):
                receiver.acknowledge(event.number)
            elif isinstance(event, ConnectionLost):
                if event.reason is not LossReason.CLOSED:
                    self._evidence.count("connections_lost")
                    why = event.error.what if event.error else event.reason.value
                    self._say("lemf.connection_failed", {"why": why})
            else:
                self._evidence.count("unexpected")
                self._say("lemf.unexpected", {"kind": event.kind})

    def _kept(self, write: Callable[[], None]) -> None:
        """Nothing after a failed write is acknowledged: the connection ends with the error."""
        try:
            write()
        except CustodesError as error:
            self.failed.set()
            self._say("lemf.failed", {"why": error.what})
            raise

    def _tell(self, *, final: bool = False) -> None:
        now = self._clock.monotonic()
        counters = self._evidence.counters()
        if final or (counters != self._told and now - self._told_at >= _TOLD_EVERY):
            self._told, self._told_at = counters, now
            self._say("lemf.received", {"final": final, **counters})

    def _run(self) -> None:
        while not self._closing.wait(_TICK) and not self.failed.is_set():
            self._tell()
            if self._clock.monotonic() - self._heard_at >= _QUIET_SECONDS:
                try:
                    self._evidence.settle()
                except CustodesError as error:
                    self.failed.set()
                    self._say("lemf.failed", {"why": error.what})
