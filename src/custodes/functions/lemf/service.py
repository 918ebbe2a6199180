"""The lab receiver of one agency: connections in, evidence out.

A keep-alive is answered when everything before it is on the disk. While evidence cannot be written
connections are ended and refused, and writing is tried again every second: senders keep what is not
confirmed. Only what a person has to look at ends the receiver (``failed``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from custodes.base.clock import Clock
from custodes.base.errors import ConfigurationError, CustodesError
from custodes.functions.lemf.evidence import Evidence, Recovery
from custodes.functions.lemf.journal import JournalDamagedError
from custodes.functions.lemf.ports import Stream
from custodes.session.handover.events import (
    AcknowledgementRequested,
    ConnectionLost,
    Continuity,
    IgnoredReceived,
    KeepAliveReceived,
    LossReason,
    OptionsAnswered,
    PDUReceived,
    ReceiverEvent,
    UndecodableReceived,
)
from custodes.session.handover.receiver import Receiver
from custodes.wire.handover.pdu import TRI

_STEP = 1.0
_QUIET_SECONDS = 0.5
_TICK = 0.25
_TOLD_EVERY = 1.0
_RETRY = 1.0
_OPERATOR_MESSAGE = "operatorLeaMessage"

T = TypeVar("T")
# (name of a log line, its values); never an identity but the LIID.
Say = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class _Connection:
    receiver: Receiver
    peer: str
    generation: int


class Service:
    """``serve`` runs in each connection's own thread; ``failed`` is set when the evidence needs a
    person."""

    def __init__(self, evidence: Evidence, clock: Clock, say: Say) -> None:
        self._evidence = evidence
        self._clock = clock
        self._say = say
        self._closing = threading.Event()
        self.failed = threading.Event()
        self._state = threading.Lock()
        self._unwritable = False
        self._tried_at = float("-inf")
        self._told: dict[str, int] = {}
        self._told_at = float("-inf")
        self._heard_at = clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="manifest", daemon=True)

    def start(self) -> None:
        """Read the journal back. Raises CustodesError where a person has to look; a disk that takes
        nothing is no reason: it is tried again."""
        self._recover()
        self._settle()
        self._thread.start()

    def close(self) -> None:
        """Stop receiving and settle the evidence; raises CustodesError where it cannot be."""
        self._closing.set()
        self._thread.join()
        try:
            self._evidence.settle()
        finally:
            self._tell(final=True)
            self._evidence.close()

    def serve(self, stream: Stream) -> None:
        """One connection of a mediation function, until either side ends it."""
        self._evidence.count("connections")
        generation = self._evidence.generation
        if not self._evidence.usable:
            self._evidence.count("refused_unwritable")
            return
        receiver = Receiver(self._clock.monotonic())
        connection = _Connection(receiver, stream.peer.name, generation)
        try:
            while receiver.open and not self._closing.is_set() and self._writable(generation):
                octets = stream.receive(_STEP)
                now = self._clock.monotonic()
                if octets is not None:
                    receiver.receive_data(octets, now)
                receiver.handle_timer(now)
                while (event := receiver.next_event()) is not None:
                    self._heard_at = self._clock.monotonic()
                    self._event(connection, event)
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

    def _writable(self, generation: int) -> bool:
        return self._evidence.usable and self._evidence.generation == generation

    def _event(self, connection: _Connection, event: ReceiverEvent) -> None:
        receiver, evidence = connection.receiver, self._evidence
        arrival, peer = self._clock.now_ns(), connection.peer
        if isinstance(event, PDUReceived):
            self._judged(self._kept(partial(evidence.receive, event, arrival, peer)))
        elif isinstance(event, UndecodableReceived):
            self._kept(partial(evidence.undecodable, event.octets, event.what, arrival, peer))
            self._say("lemf.undecodable", {"why": event.what})
        elif isinstance(event, KeepAliveReceived):
            self._kept(partial(evidence.sync, connection.generation))
            receiver.acknowledge(event.number)
        elif isinstance(event, AcknowledgementRequested):
            self._kept(partial(evidence.sync, connection.generation))
            receiver.acknowledge_pdus(event.number)
        elif isinstance(event, IgnoredReceived):
            evidence.count("ignored")
        elif isinstance(event, OptionsAnswered):
            evidence.count("options_answered")
            self._say("lemf.options", {"accepted": event.accepted, "declined": event.declined})
        elif isinstance(event, ConnectionLost):
            if event.reason is not LossReason.CLOSED:
                evidence.count("connections_lost")
                why = event.error.what if event.error else event.reason.value
                self._say("lemf.connection_failed", {"why": why})
        else:
            self._unexpected(event.kind)

    def _judged(self, event: PDUReceived) -> None:
        """Say what is remarkable about a PDU that was taken in."""
        continuity, payload = event.continuity, event.pdu.payload
        if continuity in (Continuity.GAP, Continuity.OUT_OF_ORDER):
            told = {"liid": str(event.pdu.header.liid), "continuity": str(continuity)}
            self._say("lemf.gap", {**told, "missing": event.missing})
        if isinstance(payload, TRI) and continuity is not Continuity.REPEAT:
            kind = payload.payload[0]
            if kind == _OPERATOR_MESSAGE:
                self._say("lemf.operator_message", {"liid": str(event.pdu.header.liid)})
            else:
                self._unexpected(kind)

    def _unexpected(self, kind: str) -> None:
        self._evidence.count("unexpected")
        self._say("lemf.unexpected", {"kind": kind})

    def _kept(self, write: Callable[[], T]) -> T:
        """Nothing after a failed write is acknowledged: the connection ends with the error."""
        try:
            return write()
        except CustodesError as error:
            self._cannot_write(error)
            raise

    def _cannot_write(self, error: CustodesError) -> None:
        with self._state:
            if self._unwritable or self._evidence.usable:
                return  # said already, or over already
            self._unwritable = True
        self._say("lemf.unwritable", {"why": error.what})

    def _recover(self) -> None:
        self._tried_at = self._clock.monotonic()
        try:
            recovery = self._evidence.recover()
        except (JournalDamagedError, ConfigurationError):
            raise
        except CustodesError as error:
            self._cannot_write(error)
            return
        self._recovered(recovery)

    def _recovered(self, recovery: Recovery) -> None:
        with self._state:
            was, self._unwritable = self._unwritable, False
        if recovery.cut:
            self._say("lemf.journal_cut", {"octets": recovery.cut})
        mended = recovery.mended
        if mended.anything:
            done = {"written": mended.octets, "cut": mended.cut, "removed": mended.removed}
            self._say("lemf.mended", {"frames": recovery.frames, **done})
        if was:
            self._say("lemf.writable", {"frames": recovery.frames})

    def _settle(self) -> None:
        if not self._evidence.usable:
            return
        try:
            self._evidence.settle()
        except CustodesError as error:
            self._cannot_write(error)

    def _tell(self, *, final: bool = False) -> None:
        now = self._clock.monotonic()
        counters = self._evidence.counters()
        if final or (counters != self._told and now - self._told_at >= _TOLD_EVERY):
            self._told, self._told_at = counters, now
            self._say("lemf.received", {"final": final, **counters})

    def _run(self) -> None:
        while not self._closing.wait(_TICK):
            self._tell()
            now = self._clock.monotonic()
            if not self._evidence.usable:
                if now - self._tried_at >= _RETRY:
                    try:
                        self._recover()
                    except CustodesError as error:
                        self._say("lemf.failed", {"why": str(error)})
                        self.failed.set()
                        return
            elif now - self._heard_at >= _QUIET_SECONDS:
                self._settle()
