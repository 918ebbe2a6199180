"""The sender keeps what is not confirmed and finds out what is."""

from __future__ import annotations

import pytest

from custodes.base.errors import ProtocolError
from custodes.base.ids import LIID
from custodes.session.handover import keepalive
from custodes.session.handover.events import (
    Confirmed,
    ConnectionLost,
    LossReason,
    UnexpectedReceived,
)
from custodes.session.handover.sender import Limits, Sender
from custodes.wire.handover.pdu import PSPDU, TRI, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.reader import Reader

TEMPLATE = PSHeader(liid=LIID("keepalive"), operatorIdentifier=b"OP", sequenceNumber=0)
LIMITS = Limits(time1=120, time3=60, confirm_after=5, window_pdus=4)


def product(number: int) -> bytes:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=number)
    return encode(PSPDU(header, TRI(("testPDU", None))))


def pdus(octets: bytes) -> list[PSPDU]:
    reader = Reader()
    reader.receive_data(octets)
    found = []
    while (whole := reader.next_pdu()) is not None:
        found.append(decode(whole))
    return found


def answer(octets: bytes) -> bytes:
    asked = [p for p in pdus(octets) if keepalive.alternative(p) == keepalive.REQUEST]
    return b"".join(keepalive.response(p.header) for p in asked)


def events(sender: Sender) -> list[object]:
    found = []
    while (event := sender.next_event()) is not None:
        found.append(event)
    return found


def connected() -> Sender:
    sender = Sender(TEMPLATE, LIMITS)
    sender.connect(0.0)
    return sender


def test_a_keep_alive_follows_the_product_and_its_answer_confirms_it() -> None:
    sender = connected()
    sender.send(product(0), 1.0)
    sender.send(product(1), 2.0)
    assert sender.data_to_send() == product(0) + product(1)
    assert sender.next_timer() == 6.0
    sender.handle_timer(5.9)
    assert sender.data_to_send() == b""
    sender.handle_timer(6.0)
    asked = sender.data_to_send()
    sender.send(product(2), 6.5)  # after the question: its answer says nothing of this one
    sender.receive_data(answer(asked), 7.0)
    assert events(sender) == [Confirmed(2)]
    assert sender.unconfirmed == 1


def test_an_idle_connection_is_asked_after_time1() -> None:
    sender = connected()
    assert sender.next_timer() == 120.0
    sender.handle_timer(120.0)
    asked = sender.data_to_send()
    assert [keepalive.alternative(p) for p in pdus(asked)] == [keepalive.REQUEST]
    assert sender.next_timer() == 180.0
    sender.receive_data(answer(asked), 121.0)
    assert events(sender) == []
    assert sender.next_timer() == 240.0


def test_no_answer_within_time3_ends_the_connection_and_loses_nothing() -> None:
    sender = connected()
    sender.send(product(0), 0.0)
    sender.handle_timer(5.0)
    sender.data_to_send()
    sender.handle_timer(64.9)
    assert sender.open
    sender.handle_timer(65.0)
    (lost,) = events(sender)
    assert isinstance(lost, ConnectionLost)
    assert lost.reason is LossReason.SILENT
    sender.connect(70.0)
    assert sender.data_to_send() == product(0)
    sender.handle_timer(75.0)
    sender.receive_data(answer(sender.data_to_send()), 75.5)
    assert events(sender) == [Confirmed(1)]


def test_what_is_given_while_disconnected_goes_out_on_the_next_connection_in_order() -> None:
    sender = connected()
    sender.send(product(0), 0.0)
    sender.connection_lost()
    sender.send(product(1), 1.0)
    assert sender.data_to_send() == b""
    assert sender.next_timer() is None
    sender.connect(2.0)
    assert sender.data_to_send() == product(0) + product(1)


def test_the_window_closes_and_asks_at_once() -> None:
    sender = connected()
    for number in range(4):
        sender.send(product(number), 0.0)
    assert not sender.window_open
    with pytest.raises(ProtocolError):
        sender.send(product(4), 0.0)
    sender.receive_data(answer(sender.data_to_send()), 0.1)
    assert sender.window_open
    assert events(sender) == [Confirmed(4)]


def test_a_window_that_filled_behind_a_question_is_asked_about_when_that_is_answered() -> None:
    sender = connected()
    sender.handle_timer(120.0)
    asked = sender.data_to_send()
    for number in range(4):
        sender.send(product(number), 120.0)
    sender.data_to_send()
    sender.receive_data(answer(asked), 121.0)
    sender.receive_data(answer(sender.data_to_send()), 122.0)
    assert events(sender) == [Confirmed(4)]


def test_only_the_number_that_was_asked_confirms() -> None:
    sender = connected()
    sender.send(product(0), 0.0)
    sender.handle_timer(5.0)
    (_, asked) = pdus(sender.data_to_send())
    other = PSHeader(liid=LIID("x"), operatorIdentifier=b"OP", sequenceNumber=99)
    assert asked.header.sequenceNumber != 99
    sender.receive_data(keepalive.response(other), 6.0)
    (lost,) = events(sender)
    assert isinstance(lost, ConnectionLost)
    assert lost.reason is LossReason.BREACH
    assert sender.unconfirmed == 1


def test_an_answer_from_the_connection_before_confirms_nothing() -> None:
    sender = connected()
    sender.send(product(0), 0.0)
    sender.handle_timer(5.0)
    late = answer(sender.data_to_send())
    sender.connection_lost()
    sender.connect(6.0)
    sender.receive_data(late, 6.1)
    assert not any(isinstance(e, Confirmed) for e in events(sender))
    assert sender.unconfirmed == 1


def test_octets_that_are_no_pdu_and_a_close_end_the_connection() -> None:
    for octets, reason in ((b"\xff\xff", LossReason.BREACH), (b"", LossReason.CLOSED)):
        sender = connected()
        sender.receive_data(octets, 1.0)
        (lost,) = events(sender)
        assert isinstance(lost, ConnectionLost)
        assert lost.reason is reason


def test_what_has_no_place_here_is_told() -> None:
    sender = connected()
    sender.receive_data(product(0), 1.0)
    assert events(sender) == [UnexpectedReceived("testPDU")]
    assert sender.open


def test_the_window_counts_octets_and_opens_with_each_answer() -> None:
    size = len(product(0))
    sender = Sender(TEMPLATE, Limits(confirm_after=5, window_octets=2 * size))
    sender.connect(0.0)
    for now in (0.0, 10.0, 20.0):
        sender.send(product(0), now)
        sender.handle_timer(now + 5)
        asked = sender.data_to_send()
        sender.send(product(1), now + 5)
        assert not sender.window_open
        sender.data_to_send()
        sender.receive_data(answer(asked), now + 6)
        assert events(sender) == [Confirmed(1)]
        assert sender.window_open
        assert sender.data_to_send() == b""  # open again: nothing to ask yet
        assert sender.next_timer() == now + 10
        sender.handle_timer(now + 10)
        sender.receive_data(answer(sender.data_to_send()), now + 10)
        assert events(sender) == [Confirmed(1)]
