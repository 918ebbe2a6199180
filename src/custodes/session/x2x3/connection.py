"""What both sides of an X2/X3 connection share: octets in, events out, timers, one end.

The transitions are the tables of ``rules``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from custodes.base.errors import ProtocolError
from custodes.session.account import Account, Tally
from custodes.session.x2x3.events import (
    AcknowledgementRefused,
    ConnectionLost,
    Event,
    KeepaliveAcknowledged,
    KeepaliveReceived,
    ProductReceived,
    QuirkUsed,
)
from custodes.session.x2x3.keepalive import Keepalives
from custodes.session.x2x3.rules import ENDS, Action, Input
from custodes.wire.x2x3 import rules as wire_rules
from custodes.wire.x2x3.attributes.number import SequenceNumber
from custodes.wire.x2x3.errors import X2X3DecodeError
from custodes.wire.x2x3.pdu import PDU, encode
from custodes.wire.x2x3.reader import Reader
from custodes.wire.x2x3.types import PDUType


class Connection:
    """Sans-I/O. ``now`` is monotonic seconds; octets and events are taken by the caller.

    Nothing raises for the peer's fault: a breach is the event ConnectionLost, in its place after
    what was good before it. ProtocolError is raised to a caller that goes on after that event.
    """

    def __init__(
        self,
        may_be_sent: Mapping[PDUType, Action],
        reader: Reader,
        keepalives: Keepalives,
        version: tuple[int, int],
        tally: Tally,
    ) -> None:
        self._may_be_sent = may_be_sent
        self._reader = reader
        self._keepalives = keepalives
        self._version = version
        self._tally = tally
        self._events: deque[Event] = deque()
        self._out = bytearray()
        self._open = True

    @property
    def open(self) -> bool:
        """Whether the connection is of use; events may be left even where it is not."""
        return self._open

    def receive_data(self, octets: bytes, now: float) -> None:
        """Take in what the peer sent; no octets mean that it closed."""
        self._must_be_open()
        if not octets:
            self._peer_closed()
            return
        self._reader.receive_data(octets)
        self._tally.heard(len(octets), now)
        self._heard(now)
        try:
            while self._open and (pdu := self._reader.next_pdu()) is not None:
                for use in self._reader.uses:
                    self._events.append(QuirkUsed(use.kind))
                self._take(pdu)
        except X2X3DecodeError as error:
            self._breach(error.what)

    def next_event(self) -> Event | None:
        """The next event in order, or None."""
        return self._events.popleft() if self._events else None

    def data_to_send(self) -> bytes:
        """Everything to be sent now; each octet is handed out once."""
        octets = bytes(self._out)
        self._out.clear()
        self._tally.octets_sent += len(octets)
        return octets

    def account(self, now: float) -> Account:
        """What passed so far; also after the end."""
        return self._tally.account(now)

    def next_timer(self) -> float | None:
        """When ``handle_timer`` is to be called at the latest; None where the session has ended."""
        return self._keepalives.next_timer() if self._open else None

    def handle_timer(self, now: float) -> None:
        """Do what is due; harmless when nothing is."""
        if not self._open:
            return
        if self._keepalives.overdue(now):
            self._end(Input.UNANSWERED)
        elif self._keepalives.due(now):
            self._issue_keepalive(now)

    def _issue_keepalive(self, now: float) -> int:
        number = self._keepalives.issue(now)
        self._tally.asked(now)
        self._out += encode(wire_rules.keepalive(number, self._version))
        return number

    def _answer(self, number: int) -> None:
        self._tally.keepalives_received_answered += 1
        self._out += encode(wire_rules.keepalive_acknowledgement(number, self._version))

    def _take(self, pdu: PDU) -> None:
        action = self._may_be_sent.get(pdu.type)
        if action is None:
            self._breach(f"{pdu.type.name} is not allowed on this connection in this direction")
            return
        fault = wire_rules.fault(pdu)
        if fault is not None:
            self._breach(fault)
        elif action is Action.HAND_OVER:
            self._product(pdu)
        else:
            self._keepalive(pdu, action)

    def _keepalive(self, pdu: PDU, action: Action) -> None:
        attribute = pdu.attribute(SequenceNumber)
        if attribute is None:
            return
        number = attribute.value
        if action is Action.COUNT:
            known = self._keepalives.answered(number)
            self._tally.keepalives_sent_answered += known
            self._events.append(
                KeepaliveAcknowledged(number) if known else AcknowledgementRefused(number)
            )
            return
        self._tally.keepalives_received += 1
        self._events.append(KeepaliveReceived(number))
        if action is Action.ANSWER:
            self._answer(number)
        else:
            self._asked(number)

    def _product(self, pdu: PDU) -> None:
        self._tally.pdus_received += 1
        self._events.append(ProductReceived(pdu))

    def _asked(self, number: int) -> None:
        """A keepalive came that the function is to answer."""

    def _heard(self, now: float) -> None:
        """The peer gave a sign of life."""

    def _peer_closed(self) -> None:
        left = self._reader.pending
        error = ProtocolError(f"closed {left} octets into a PDU") if left else None
        self._end(Input.CLOSE, error)

    def _breach(self, what: str) -> None:
        self._end(Input.UNREADABLE, ProtocolError(what))

    def _end(self, why: Input, error: ProtocolError | None = None) -> None:
        self._open = False
        self._out.clear()
        self._events.append(ConnectionLost(ENDS[why], error))

    def _must_be_open(self) -> None:
        if not self._open:
            raise ProtocolError("the X2/X3 connection has ended", remedy="connect again")
