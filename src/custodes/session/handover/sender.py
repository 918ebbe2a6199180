"""The mediation function's side of a handover connection, without I/O (TS 102 232-1 clause 6.3).

```
 send ──▶ unconfirmed ──▶ socket          a question is sent TIME1 after the last PDU, and
             ▲   │                        ``confirm_after`` after the first PDU that none followed;
  connect ───┘   └─▶ Confirmed            its answer proves that all PDUs before it were taken in
```
What is not confirmed stays here and is sent again on the next connection; the receiver knows
repeats. At most one question is unanswered; no answer within TIME3 ends the connection.

A question is a keep-alive. Where the receiver has accepted the option pDUAcknowledgement, product
is asked about with pDUAcknowledgementRequest instead. It proves no more, so by default the option
is not asked for. The transitions are the table ``rules.SENDER``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from custodes.base.errors import DecodeError, ProtocolError
from custodes.session.account import Account, Tally
from custodes.session.handover import keepalive
from custodes.session.handover.events import (
    Confirmed,
    ConnectionLost,
    LossReason,
    SenderEvent,
    UnexpectedReceived,
)
from custodes.session.handover.rules import SENDER, Action, Input, State
from custodes.wire.handover.options import PDU_ACKNOWLEDGEMENT, OptionRequest, OptionResponse
from custodes.wire.handover.pdu import PSPDU, TRI, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.reader import Reader

_MODULUS = 1 << 32
_REQUEST, _RESPONSE = "pDUAcknowledgementRequest", "pDUAcknowledgementResponse"
_LOSSES = {
    Input.UNREADABLE: (LossReason.BREACH, "the receiver sent no PDU"),
    Input.OTHER_ANSWER: (LossReason.BREACH, "the receiver answered a question that was not asked"),
    Input.OTHER_OPTIONS: (LossReason.BREACH, "the receiver settled options that were not asked"),
    Input.LATE: (LossReason.SILENT, "the receiver did not answer a question within TIME3"),
}


class Options(StrEnum):
    """What became of the option pDUAcknowledgement on the present connection."""

    NOT_ASKED = "not asked"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, PDUs and octets. TIME1 is 120-360 s, TIME3 60 s.

    ``confirm_after`` asks earlier than TIME1, so that little is held and little is repeated.
    ``negotiate``: ask each connection for pDUAcknowledgement before any product; a receiver that
    does not answer within ``options`` seconds is not asked again.
    """

    time1: float = 120.0
    time3: float = 60.0
    confirm_after: float = 0.25
    window_pdus: int = 1024
    window_octets: int = 8 * 1024 * 1024
    max_pdu: int = 64 * 1024
    negotiate: bool = False
    options: float = 10.0


@dataclass(frozen=True, slots=True)
class _Question:
    """``covers``: how many of the unconfirmed PDUs, of so many octets, were sent before it."""

    answer: str
    number: int
    deadline: float
    covers: int
    octets: int


class _Given(NamedTuple):
    """What came with an input."""

    input: Input
    now: float
    octets: bytes = b""
    pdu: PSPDU | None = None
    detail: str = ""


class Sender:
    """One destination's sender over any number of connections; ``now`` is monotonic seconds."""

    def __init__(self, template: PSHeader, limits: Limits | None = None) -> None:
        self._template = template
        self._limits = limits or Limits()
        self._unconfirmed: deque[bytes] = deque()
        self._octets = 0
        self._numbers = {keepalive.RESPONSE: 0, _RESPONSE: 0}
        self._events: deque[SenderEvent] = deque()
        self._out: list[bytes] = []
        self._state = State.AWAY
        self._reader = Reader(limit=self._limits.max_pdu)
        self._tally: Tally | None = None
        self._question: _Question | None = None
        self._options = Options.NOT_ASKED
        self._options_deadline = 0.0
        self._uncovered_since: float | None = None
        self._last_sent = 0.0

    @property
    def open(self) -> bool:
        return self._state is not State.AWAY

    @property
    def options(self) -> Options:
        """Of the present or the last connection."""
        return self._options

    @property
    def unconfirmed(self) -> int:
        return len(self._unconfirmed)

    @property
    def window_open(self) -> bool:
        """Whether one more PDU may be given to ``send``."""
        return not self._full()

    def account(self, now: float) -> Account | None:
        """What passed over the present or the last connection; None before the first."""
        return None if self._tally is None else self._tally.account(now)

    def connect(self, now: float) -> None:
        """A new connection stands: everything unconfirmed goes out again, in its order."""
        wanted = self._limits.negotiate and self._options is not Options.UNANSWERED
        self._step(_Given(Input.CONNECT_NEGOTIATING if wanted else Input.CONNECT, now))

    def send(self, octets: bytes, now: float) -> None:
        """Give one PS-PDU; it is kept until the receiver is known to have taken it in."""
        if self._full():
            self._step(_Given(Input.SEND_BEYOND, now))
        filling = self._full(1, len(octets))
        self._step(_Given(Input.SEND_FILLING if filling else Input.SEND, now, octets))

    def receive_data(self, octets: bytes, now: float) -> None:
        """What arrived from the receiver; empty when it closed."""
        if not self.open:
            return
        if not octets:
            self._step(_Given(Input.CLOSE, now))
            return
        if self._tally is not None:
            self._tally.heard(len(octets), now)
        try:
            self._reader.receive_data(octets)
            while self.open and (whole := self._reader.next_pdu()) is not None:
                pdu = decode(whole)
                self._step(_Given(self._input(pdu), now, pdu=pdu))
        except DecodeError as error:
            self._step(_Given(Input.UNREADABLE, now, detail=error.what))

    def connection_lost(self) -> None:
        """The transport failed."""
        self._step(_Given(Input.CLOSE, self._last_sent))

    def next_event(self) -> SenderEvent | None:
        return self._events.popleft() if self._events else None

    def data_to_send(self) -> bytes:
        octets = b"".join(self._out)
        self._out.clear()
        if self._tally is not None:
            self._tally.octets_sent += len(octets)
        return octets

    def next_timer(self) -> float | None:
        """When ``handle_timer`` must be called, in monotonic seconds."""
        if self._state is State.AWAY:
            return None
        if self._state is State.NEGOTIATING:
            return self._options_deadline
        if self._question is not None:
            return self._question.deadline
        idle = self._last_sent + self._limits.time1
        if self._uncovered_since is not None:
            return min(idle, self._uncovered_since + self._limits.confirm_after)
        return idle

    def handle_timer(self, now: float) -> None:
        due = self.next_timer()
        if due is not None and now >= due:
            self._step(_Given(_TIMERS[self._state], now))

    def _step(self, given: _Given) -> None:
        action, self._state = _STEPS[self._state, given.input]
        action(self, given)

    def _full(self, pdus: int = 0, octets: int = 0) -> bool:
        """Whether the window is, with so much more."""
        return (
            len(self._unconfirmed) + pdus >= self._limits.window_pdus
            or self._octets + octets >= self._limits.window_octets
        )

    def _input(self, pdu: PSPDU) -> Input:
        tri = pdu.payload
        kind = keepalive.alternative(pdu)
        if kind == keepalive.RESPONSE or (kind == _RESPONSE and self._options is Options.ACCEPTED):
            question = self._question
            answers = (kind, pdu.header.sequenceNumber)
            if question is None or answers != (question.answer, question.number):
                return Input.OTHER_ANSWER
            stays_full = self._full(-question.covers, -question.octets)
            return Input.ANSWER_FULL if stays_full else Input.ANSWER
        if isinstance(tri, TRI) and isinstance(tri.payload[1], OptionResponse):
            settled = (*tri.payload[1].acceptedOptions, *tri.payload[1].declinedOptions)
            asked = all(option in _WANTED for option in settled)
            return Input.OPTION_RESPONSE if asked else Input.OTHER_OPTIONS
        if isinstance(tri, TRI) and isinstance(tri.payload[1], OptionRequest):
            return Input.OPTION_REQUEST
        return Input.OTHER

    # What a row of the table does.

    def _begin(self, given: _Given) -> None:
        self._reader = Reader(limit=self._limits.max_pdu)
        self._tally = Tally(given.now)
        self._question = None
        self._out = []
        self._resume(given)

    def _resume(self, given: _Given) -> None:
        self._out += self._unconfirmed
        self._uncovered_since = given.now if self._unconfirmed else None
        self._last_sent = given.now
        if self._tally is not None and self._unconfirmed:
            self._tally.sent(given.now, len(self._unconfirmed))

    def _ask_options(self, given: _Given) -> None:
        self._reader = Reader(limit=self._limits.max_pdu)
        self._tally = Tally(given.now)
        self._question = self._uncovered_since = None
        self._options = Options.ASKED
        self._options_deadline = given.now + self._limits.options
        self._out = [self._transport(("optionRequest", OptionRequest(requestedOptions=_WANTED)))]

    def _settle(self, given: _Given) -> None:
        response = given.pdu.payload.payload[1] if given.pdu else None  # type: ignore[union-attr]
        accepted = PDU_ACKNOWLEDGEMENT in getattr(response, "acceptedOptions", ())
        self._options = Options.ACCEPTED if accepted else Options.DECLINED
        self._out.append(self._transport(("optionComplete", None)))
        self._resume(given)

    def _go_on(self, given: _Given) -> None:
        self._options = Options.UNANSWERED
        self._resume(given)

    def _keep(self, given: _Given) -> None:
        self._unconfirmed.append(given.octets)
        self._octets += len(given.octets)

    def _send(self, given: _Given) -> None:
        self._keep(given)
        self._out.append(given.octets)
        self._last_sent = given.now
        if self._tally is not None:
            self._tally.sent(given.now)
        if self._uncovered_since is None:
            self._uncovered_since = given.now

    def _send_and_ask(self, given: _Given) -> None:
        self._send(given)
        self._ask(given)

    def _ask(self, given: _Given) -> None:
        product = self._unconfirmed and self._options is Options.ACCEPTED
        answer = _RESPONSE if product else keepalive.RESPONSE
        number = self._numbers[answer]
        self._numbers[answer] = (number + 1) % _MODULUS
        if product:
            self._out.append(self._transport((_REQUEST, None), number))
        else:
            self._out.append(keepalive.request(self._template, number))
        deadline, covers = given.now + self._limits.time3, len(self._unconfirmed)
        self._question = _Question(answer, number, deadline, covers, self._octets)
        self._uncovered_since = None
        self._last_sent = given.now
        if self._tally is not None:
            self._tally.asked(given.now)

    def _confirm(self, given: _Given) -> None:
        covered = self._question.covers if self._question else 0
        self._question = None
        for _ in range(covered):
            self._octets -= len(self._unconfirmed.popleft())
        if covered:
            self._events.append(Confirmed(covered))
        if self._tally is not None:
            self._tally.keepalives_sent_answered += 1

    def _confirm_and_ask(self, given: _Given) -> None:
        self._confirm(given)
        self._ask(given)  # it would otherwise wait for the next send, and none may come

    def _decline(self, given: _Given) -> None:
        """The options of a delivery are the deliverer's to propose; the asker is told so."""
        if given.pdu is None or not isinstance(given.pdu.payload, TRI):
            return
        request: OptionRequest = given.pdu.payload.payload[1]
        declined = tuple(dict.fromkeys(request.requestedOptions))
        response = TRI(("optionResponse", OptionResponse(declinedOptions=declined)))
        self._out.append(encode(PSPDU(given.pdu.header, response)))
        self._tell(given)

    def _tell(self, given: _Given) -> None:
        if given.pdu is not None:
            kind = keepalive.alternative(given.pdu) or type(given.pdu.payload).__name__
            self._events.append(UnexpectedReceived(kind))

    def _lose(self, given: _Given) -> None:
        reason, what = _LOSSES.get(given.input, (LossReason.CLOSED, ""))
        detail = f": {given.detail}" if given.detail else ""
        error = ProtocolError(what + detail) if what else None
        self._question = None
        self._out.clear()
        self._events.append(ConnectionLost(reason, error))

    def _refuse(self, given: _Given) -> None:
        raise ProtocolError("the window is full: wait for a Confirmed event")

    def _ignore(self, given: _Given) -> None:
        """The table says so."""

    def _transport(self, payload: tuple[str, object], number: int = 0) -> bytes:
        return encode(PSPDU(replace(self._template, sequenceNumber=number), TRI(payload)))


_WANTED = (PDU_ACKNOWLEDGEMENT,)
_TIMERS = {
    State.NEGOTIATING: Input.LATE_OPTIONS,
    State.QUIET: Input.DUE,
    State.ASKED: Input.LATE,
}
_ACTIONS: dict[Action, Callable[[Sender, _Given], None]] = {
    Action.RESUME: Sender._begin,
    Action.ASK_OPTIONS: Sender._ask_options,
    Action.SETTLE: Sender._settle,
    Action.GO_ON: Sender._go_on,
    Action.KEEP: Sender._keep,
    Action.SEND: Sender._send,
    Action.SEND_AND_ASK: Sender._send_and_ask,
    Action.ASK: Sender._ask,
    Action.CONFIRM: Sender._confirm,
    Action.CONFIRM_AND_ASK: Sender._confirm_and_ask,
    Action.DECLINE: Sender._decline,
    Action.TELL: Sender._tell,
    Action.LOSE: Sender._lose,
    Action.REFUSE: Sender._refuse,
    Action.IGNORE: Sender._ignore,
}
_STEPS = {
    cell: (_ACTIONS[Action(row.action)], State(row.to)) for cell, row in SENDER.cells().items()
}
