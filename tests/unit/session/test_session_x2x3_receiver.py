"""The MDF's side, as a dialogue over octets and time; and both sides against each other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_session_x2x3_sender import START, XID, ack, product

from custodes.base.errors import EncodeError, ProtocolError
from custodes.session.x2x3.connection import Connection
from custodes.session.x2x3.events import (
    AcknowledgementRefused,
    ConnectionLost,
    KeepaliveAcknowledged,
    KeepaliveReceived,
    LossReason,
    ProductReceived,
    QuirkUsed,
)
from custodes.session.x2x3.receiver import Receiver
from custodes.session.x2x3.rules import TIME_P1, TIME_P2
from custodes.session.x2x3.sender import Sender
from custodes.session.x2x3.sequence import Context, GapDetected, GapDetector
from custodes.wire.x2x3.pdu import PayloadDirection, PayloadFormat, PDUType, encode
from custodes.wire.x2x3.quirks import Quirks, Tolerated
from custodes.wire.x2x3.rules import keepalive, keepalive_acknowledgement


def events(session: Connection) -> list[Any]:
    return list(iter(session.next_event, None))


def test_product_and_keepalives_come_in_order_and_nothing_is_answered_unasked() -> None:
    receiver = Receiver(START)
    receiver.receive_data(
        encode(product(0)) + encode(keepalive(0)) + encode(product(1, type=PDUType.X3)), START
    )
    assert events(receiver) == [
        ProductReceived(product(0)),
        KeepaliveReceived(0),
        ProductReceived(product(1, type=PDUType.X3)),
    ]
    assert receiver.data_to_send() == b""


def test_an_acknowledgement_is_sent_when_told_and_once() -> None:
    receiver = Receiver(START, version=(0, 5))
    receiver.receive_data(encode(keepalive(9)), START)
    receiver.acknowledge(9, START + 5)
    assert receiver.data_to_send() == encode(keepalive_acknowledgement(9, (0, 5)))
    for number in (9, 10):
        with pytest.raises(EncodeError, match="not waiting"):
            receiver.acknowledge(number, START + 6)
    assert receiver.data_to_send() == b""


@pytest.mark.parametrize("admitted", [PDUType.X2, PDUType.X3])
def test_a_connection_may_be_for_one_type_only(admitted: PDUType) -> None:
    receiver = Receiver(START, admitted=[admitted])
    receiver.receive_data(encode(keepalive(0)), START)
    first = product(0, type=admitted)
    receiver.receive_data(encode(first), START)
    other = PDUType.X3 if admitted is PDUType.X2 else PDUType.X2
    receiver.receive_data(encode(product(1, type=other)), START)
    keep, got, lost = events(receiver)
    assert (keep, got) == (KeepaliveReceived(0), ProductReceived(first))
    assert lost.reason is LossReason.PROTOCOL_ERROR


def test_a_forbidden_format_is_a_breach_and_an_unknown_one_is_handed_over() -> None:
    receiver = Receiver(START)
    unknown = product(payload_format=18)
    receiver.receive_data(encode(unknown) + encode(product(payload_format=12)), START)
    got, lost = events(receiver)
    assert got == ProductReceived(unknown)
    assert lost.reason is LossReason.PROTOCOL_ERROR
    assert "format 12 is not permitted in X2" in str(lost.error)


def test_a_direction_of_keepalives_is_a_breach() -> None:
    receiver = Receiver(START)
    receiver.receive_data(encode(product(payload_direction=PayloadDirection.KEEPALIVE)), START)
    (lost,) = events(receiver)
    assert lost.reason is LossReason.PROTOCOL_ERROR


def test_an_acknowledgement_never_asked_for_counts_for_nothing() -> None:
    receiver = Receiver(START)
    receiver.receive_data(ack(0), START)
    assert events(receiver) == [AcknowledgementRefused(0)]


def test_closing_inside_a_pdu_is_said() -> None:
    receiver = Receiver(START)
    receiver.receive_data(encode(product())[:30], START)
    receiver.receive_data(b"", START)
    (lost,) = events(receiver)
    assert lost.reason is LossReason.PEER_CLOSED
    assert "30 octets into a PDU" in str(lost.error)


def test_a_poi_that_sends_nothing_for_p2_is_lost() -> None:
    receiver = Receiver(START)
    assert receiver.next_timer() == START + TIME_P2
    receiver.receive_data(b"\0", START + 100)
    receiver.handle_timer(START + TIME_P2)
    assert receiver.open
    receiver.handle_timer(START + 100 + TIME_P2)
    assert events(receiver) == [ConnectionLost(LossReason.PEER_SILENT)]
    assert receiver.next_timer() is None
    with pytest.raises(ProtocolError):
        receiver.acknowledge(0, START)


def test_keepalives_without_end_are_a_breach() -> None:
    receiver = Receiver(START)
    receiver.receive_data(b"".join(encode(keepalive(n)) for n in range(1100)), START)
    *asked, lost = events(receiver)
    assert len(asked) == 1025
    assert lost.reason is LossReason.PROTOCOL_ERROR


def test_own_keepalives_are_sent_and_must_be_answered() -> None:
    receiver = Receiver(START, own_keepalives=True)
    assert receiver.next_timer() == START + TIME_P1
    receiver.handle_timer(START + TIME_P1)
    assert receiver.data_to_send() == encode(keepalive(0))
    receiver.receive_data(ack(0), START + 61)
    assert events(receiver) == [KeepaliveAcknowledged(0)]
    receiver.handle_timer(START + 2 * TIME_P1)
    receiver.receive_data(b"\0", START + 299)
    receiver.handle_timer(START + 2 * TIME_P1 + TIME_P2)
    assert events(receiver) == [ConnectionLost(LossReason.KEEPALIVE_UNANSWERED)]


def test_gaps_are_told_before_the_pdu_that_shows_them_and_over_connections() -> None:
    gaps = GapDetector()
    first, second = Receiver(START, gaps=gaps), Receiver(START, gaps=gaps)
    first.receive_data(encode(product(5)) + encode(product(6)), START)
    second.receive_data(encode(product(9)), START)
    assert len(events(first)) == 2
    context = Context(PDUType.X2, XID, None, None, None, 0)
    assert events(second) == [GapDetected(context, 7, 9), ProductReceived(product(9))]


def test_the_quirk_and_the_limit_are_the_receivers() -> None:
    octets = b"\6\0" + encode(product())[2:]
    quirky = Receiver(START, quirks=Quirks(swappedVersion=True))
    quirky.receive_data(octets + encode(product(1)) + b"\5\0" + encode(keepalive(0))[2:], START)
    assert events(quirky) == [
        QuirkUsed(Tolerated.SWAPPED_VERSION),
        ProductReceived(product(swappedVersion=True)),
        ProductReceived(product(1)),
        QuirkUsed(Tolerated.SWAPPED_VERSION),
        KeepaliveReceived(0),
    ]
    quirky.acknowledge(0, START)
    assert quirky.data_to_send() == encode(keepalive_acknowledgement(0)), "we never swap"
    default = Receiver(START)
    default.receive_data(octets, START)
    (lost,) = events(default)
    assert lost.reason is LossReason.PROTOCOL_ERROR
    strict = Receiver(START, max_pdu=47)
    strict.receive_data(encode(product()), START)
    assert events(strict)[0].reason is LossReason.PROTOCOL_ERROR


class Link:
    """A sender and a receiver whose function takes product in and acknowledges."""

    def __init__(self) -> None:
        self.now = START
        self.sender, self.receiver = Sender(START), Receiver(START)
        self.taken: list[int] = []
        self.proven: list[int] = []

    def carry(self, pieces: list[int]) -> None:
        octets = self.sender.data_to_send()
        for size in [*pieces, len(octets)]:
            if octets[:size]:
                self.receiver.receive_data(octets[:size], self.now)
            octets = octets[size:]
            for event in events(self.receiver):
                if isinstance(event, ProductReceived):
                    self.taken.append(len(self.taken))
                else:
                    assert isinstance(event, KeepaliveReceived)
                    self.receiver.acknowledge(event.number, self.now)
        if back := self.receiver.data_to_send():
            self.sender.receive_data(back, self.now)
        for event in events(self.sender):
            assert isinstance(event, KeepaliveAcknowledged)
            self.proven.append(event.number)


@given(st.lists(st.sampled_from(["send", "drain", "wait"]), max_size=60), st.data())
def test_both_sides_understand_each_other_whatever_is_cut(
    steps: list[str], data: st.DataObject
) -> None:
    link, sent, asked = Link(), 0, 0
    for step in steps:
        if step == "send":
            pdu = product(sent, type=PDUType.X3, payload_format=PayloadFormat.GTP_U)
            link.sender.send(pdu, link.now)
            sent += 1
        elif step == "drain":
            assert link.sender.drain(link.now) == asked
            asked += 1
        else:
            link.now = link.sender.next_timer() or link.now
            link.sender.handle_timer(link.now)
            link.receiver.handle_timer(link.now)
            asked += 1
        link.carry(data.draw(st.lists(st.integers(1, 60), max_size=3)))
    assert len(link.taken) == sent
    assert link.proven == list(range(asked))
    assert link.sender.open
    assert link.receiver.open
