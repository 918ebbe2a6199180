"""The monitoring facility's side of a handover connection, without I/O (TS 102 232-1 clause 6.3).

Whole PS-PDUs become events in their order. A keep-alive is an event too: it is answered when the
function says that everything before it is taken in; so is a pDUAcknowledgementRequest. One BER
value that is no PS-PDU is reported and kept; a stream whose boundaries are lost ends the
connection.

The transitions are the table ``rules.RECEIVER``. What says something about the delivery is kept
as a PDU: operatorLeaMessage, integrityCheck, cINReset, the flags of segments, alternatives of later
modules. Nothing is put together from segments: a flag is a PDU of its own, and the module does not
say what stands between two of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from custodes.base.errors import DecodeError, ProtocolError
from custodes.session.account import Account, Tally
from custodes.session.handover import keepalive
from custodes.session.handover.continuity import stream_key
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
    StreamKey,
    UndecodableReceived,
    UnexpectedReceived,
)
from custodes.session.handover.rules import RECEIVER, TRANSPORT, Action, Input, State
from custodes.wire.handover.options import PDU_ACKNOWLEDGEMENT, OptionRequest, OptionResponse
from custodes.wire.handover.pdu import PSPDU, TRI, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.reader import Reader

# A peer that says nothing for longer than the longest TIME1 plus TIME3 is gone.
SILENCE = 360.0 + 60.0
# What X2 may carry (4 MiB), with room for what mediation adds.
MAX_PDU = 8 * 1024 * 1024
_MAX_UNANSWERED = 1024

_ACKNOWLEDGEMENT_REQUEST = "pDUAcknowledgementRequest"
_ACKNOWLEDGEMENT_RESPONSE = "pDUAcknowledgementResponse"
_SUPPORTED = (PDU_ACKNOWLEDGEMENT,)


class Checker(Protocol):
    """custodes.session.handover.continuity.ContinuityLog, for example."""

    def check(self, key: StreamKey, number: int, octets: bytes) -> tuple[Continuity, int]: ...


class Receiver:
    """One connection; ``now`` is monotonic seconds. The checker, where there is one, outlives it.

    Without a checker nobody judges the numbers here: a function that writes what arrives judges in
    the step in which it writes.
    """

    def __init__(
        self,
        now: float,
        checker: Checker | None = None,
        *,
        max_pdu: int = MAX_PDU,
        silence: float = SILENCE,
    ) -> None:
        self._reader = Reader(limit=max_pdu)
        self._checker = checker
        self._silence = silence
        self._heard = now
        self._events: deque[ReceiverEvent] = deque()
        self._out: list[bytes] = []
        self._unanswered: dict[tuple[str, int], PSHeader] = {}
        self._open = True
        self._tally = Tally(now, judges=checker is not None)

    @property
    def open(self) -> bool:
        return self._open

    def account(self, now: float) -> Account:
        """What passed so far; also after the end."""
        return self._tally.account(now)

    def receive_data(self, octets: bytes, now: float) -> None:
        """What arrived; empty when the peer closed."""
        if not self._open:
            return
        if not octets:
            self._lose(LossReason.CLOSED)
            return
        self._heard = now
        self._tally.heard(len(octets), now)
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
        header = self._unanswered.pop((keepalive.REQUEST, number), None)
        if header is not None and self._open:
            self._tally.keepalives_received_answered += 1
            self._out.append(keepalive.response(header))

    def acknowledge_pdus(self, number: int) -> None:
        """Answer the pDUAcknowledgementRequest ``number``: everything before it is taken in."""
        header = self._unanswered.pop((_ACKNOWLEDGEMENT_REQUEST, number), None)
        if header is not None and self._open:
            self._tally.keepalives_received_answered += 1
            self._answer(header, TRI((_ACKNOWLEDGEMENT_RESPONSE, None)))

    def data_to_send(self) -> bytes:
        octets = b"".join(self._out)
        self._out.clear()
        self._tally.octets_sent += len(octets)
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
        given = Input.PRODUCT
        if isinstance(pdu.payload, TRI):
            given = TRANSPORT.get(pdu.payload.payload[0], Input.ABOUT_DELIVERY)
        _ACTIONS[given](self, pdu, whole)

    def _hand_over(self, pdu: PSPDU, whole: bytes) -> None:
        self._tally.pdus_received += 1
        continuity, missing = None, 0
        if self._checker is not None:
            number = pdu.header.sequenceNumber
            continuity, missing = self._checker.check(stream_key(pdu), number, whole)
            if missing:
                self._tally.gap(missing)
        self._events.append(PDUReceived(pdu, whole, continuity, missing))

    def _asked(self, pdu: PSPDU, _whole: bytes) -> None:
        if len(self._unanswered) >= _MAX_UNANSWERED:
            self._lose(LossReason.BREACH, ProtocolError("too many unanswered questions at once"))
            return
        kind, number = keepalive.alternative(pdu) or "", pdu.header.sequenceNumber
        self._tally.keepalives_received += 1
        self._unanswered[kind, number] = pdu.header
        if kind == keepalive.REQUEST:
            self._events.append(KeepAliveReceived(number))
        else:
            self._events.append(AcknowledgementRequested(number))

    def _options(self, pdu: PSPDU, _whole: bytes) -> None:
        request = pdu.payload.payload[1] if isinstance(pdu.payload, TRI) else None
        assert isinstance(request, OptionRequest)  # noqa: S101 - the codec made it
        wanted = list(dict.fromkeys(request.requestedOptions))
        accepted = tuple(option for option in wanted if option in _SUPPORTED)
        declined = tuple(option for option in wanted if option not in _SUPPORTED)
        response = OptionResponse(acceptedOptions=accepted, declinedOptions=declined)
        self._answer(pdu.header, TRI(("optionResponse", response)))
        names = [tuple(name for name, _ in options) for options in (accepted, declined)]
        self._events.append(OptionsAnswered(*names))

    def _told(self, pdu: PSPDU, _whole: bytes) -> None:
        kind = keepalive.alternative(pdu) or ""
        asks_nothing = TRANSPORT[kind] is Input.OPTION_COMPLETE
        self._events.append(IgnoredReceived(kind) if asks_nothing else UnexpectedReceived(kind))

    def _answer(self, header: PSHeader, tri: TRI) -> None:
        """The answer has the header of the question: its number tells which one it answers."""
        self._out.append(encode(PSPDU(header, tri)))

    def _lose(self, reason: LossReason, error: ProtocolError | None = None) -> None:
        self._open = False
        self._out.clear()
        self._events.append(ConnectionLost(reason, error))


_METHODS: dict[Action, Callable[[Receiver, PSPDU, bytes], None]] = {
    Action.HAND_OVER: Receiver._hand_over,
    Action.TELL_QUESTION: Receiver._asked,
    Action.ANSWER_OPTIONS: Receiver._options,
    Action.TELL: Receiver._told,
}
_ACTIONS = {
    given: _METHODS[Action(RECEIVER.cells()[State.OPEN, given].action)]
    for given in (Input.PRODUCT, Input.ABOUT_DELIVERY, *TRANSPORT.values())
}
