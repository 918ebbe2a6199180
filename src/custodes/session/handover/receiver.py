"""The monitoring facility's side of a handover connection, without I/O (TS 102 232-1 clause 6.3).

Whole PS-PDUs become events in their order. A keep-alive is an event too: it is answered when the
function says that everything before it is taken in. One BER value that is no PS-PDU is reported
and kept; a stream whose boundaries are lost ends the connection.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

from custodes.base.errors import DecodeError, ProtocolError
from custodes.session.handover import keepalive
from custodes.session.handover.events import (
    ConnectionLost,
    Continuity,
    KeepAliveReceived,
    LossReason,
    PDUReceived,
    ReceiverEvent,
    StreamKey,
    UndecodableReceived,
    UnexpectedReceived,
)
from custodes.wire.handover.pdu import HI4, PSPDU, TRI, CCs, IRIs, decode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.reader import Reader

# A peer that says nothing for longer than the longest TIME1 plus TIME3 is gone.
SILENCE = 360.0 + 60.0
# What X2 may carry (4 MiB), with room for what mediation adds.
MAX_PDU = 8 * 1024 * 1024
_MAX_UNANSWERED = 1024

_KINDS: dict[type, str] = {IRIs: "IRI", CCs: "CC", HI4: "HI4"}


class Checker(Protocol):
    """custodes.session.handover.continuity.ContinuityLog, or one that guards it."""

    def check(self, key: StreamKey, number: int, octets: bytes) -> tuple[Continuity, int]: ...


class Receiver:
    """One connection; ``now`` is monotonic seconds. The checker outlives it."""

    def __init__(
        self, now: float, checker: Checker, *, max_pdu: int = MAX_PDU, silence: float = SILENCE
    ) -> None:
        self._reader = Reader(limit=max_pdu)
        self._checker = checker
        self._silence = silence
        self._heard = now
        self._events: deque[ReceiverEvent] = deque()
        self._out: list[bytes] = []
        self._unanswered: dict[int, PSHeader] = {}
        self._open = True

    @property
    def open(self) -> bool:
        return self._open

    def receive_data(self, octets: bytes, now: float) -> None:
        """What arrived; empty when the peer closed."""
        if not self._open:
            return
        if not octets:
            self._lose(LossReason.CLOSED)
            return
        self._heard = now
        try:
            self._reader.receive_data(octets)
            while self._open and (whole := self._reader.next_pdu()) is not None:
                self._take(whole)
        except DecodeError as error:
            self._lose(
                LossReason.BREACH, ProtocolError(f"the stream is not BER values: {error.what}")
            )

    def next_event(self) -> ReceiverEvent | None:
        return self._events.popleft() if self._events else None

    def acknowledge(self, number: int) -> None:
        """Answer the keep-alive ``number``: everything before it is taken in."""
        header = self._unanswered.pop(number, None)
        if header is not None and self._open:
            self._out.append(keepalive.response(header))

    def data_to_send(self) -> bytes:
        octets = b"".join(self._out)
        self._out.clear()
        return octets

    def next_timer(self) -> float | None:
        return self._heard + self._silence if self._open else None

    def handle_timer(self, now: float) -> None:
        due = self.next_timer()
        if due is not None and now >= due:
            self._lose(LossReason.SILENT, ProtocolError("the sender fell silent"))

    def _take(self, whole: bytes) -> None:
        try:
            pdu = decode(whole)
        except DecodeError as error:
            self._events.append(UndecodableReceived(whole, error.what))
            return
        if isinstance(pdu.payload, TRI):
            self._take_tri(pdu)
            return
        kind = _KINDS.get(type(pdu.payload), "other")
        key = StreamKey(
            pdu.header.networkElementIdentifier or b"", pdu.header.liid, pdu.header.cin, kind
        )
        continuity, missing = self._checker.check(key, pdu.header.sequenceNumber, whole)
        self._events.append(PDUReceived(pdu, whole, continuity, missing))

    def _take_tri(self, pdu: PSPDU) -> None:
        kind = keepalive.alternative(pdu)
        if kind != keepalive.REQUEST:
            self._events.append(UnexpectedReceived(kind or "tRIPayload"))
            return
        if len(self._unanswered) >= _MAX_UNANSWERED:
            self._lose(LossReason.BREACH, ProtocolError("too many keep-alives at once"))
            return
        number = pdu.header.sequenceNumber
        self._unanswered[number] = pdu.header
        self._events.append(KeepAliveReceived(number))

    def _lose(self, reason: LossReason, error: ProtocolError | None = None) -> None:
        self._open = False
        self._out.clear()
        self._events.append(ConnectionLost(reason, error))
