"""The POI's side, as a dialogue over octets and time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from custodes.base.errors import ProtocolError
from custodes.session.x2x3.events import (
    AcknowledgementRefused,
    ConnectionLost,
    KeepaliveAcknowledged,
    KeepaliveReceived,
    LossReason,
)
from custodes.session.x2x3.rules import TIME_P1, TIME_P2
from custodes.session.x2x3.sender import Sender
from custodes.wire.x2x3.attributes import SequenceNumber
from custodes.wire.x2x3.errors import X2X3EncodeError
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, encode
from custodes.wire.x2x3.reader import Reader
from custodes.wire.x2x3.rules import keepalive, keepalive_acknowledgement

XID = UUID("7b0c3c1e-5d0a-4b6e-9c52-0a1b2c3d4e5f")
START = 1000.0


def product(number: int = 0, **changes: Any) -> PDU:
    fields: dict[str, Any] = {
        "type": PDUType.X2,
        "payload_format": PayloadFormat.TS_33_128,
        "payload_direction": PayloadDirection.FROM_TARGET,
        "xid": XID,
        "correlation_id": 0,
        "attributes": (SequenceNumber(number),),
        "payload": b"xiri",
    }
    return PDU(**{**fields, **changes})


def events(session: Sender) -> list[Any]:
    return list(iter(session.next_event, None))


def ack(number: int) -> bytes:
    return encode(keepalive_acknowledgement(number))


def test_product_is_sent_in_order_and_once() -> None:
    sender = Sender(START)
    sender.send(product(0), START)
    sender.send(product(1, type=PDUType.X3), START)
    assert sender.data_to_send() == encode(product(0)) + encode(product(1, type=PDUType.X3))
    assert sender.data_to_send() == b""
    assert events(sender) == []


@pytest.mark.parametrize("version", [(0, 5), (0, 6)])
def test_everything_is_sent_in_the_peers_version(version: tuple[int, int]) -> None:
    sender = Sender(START, version=version)
    for number, own in enumerate([(0, 5), (0, 6)]):
        sender.send(product(number, version=own), START)
    sender.send(product(2, version=(0, 6), swappedVersion=True), START)
    sender.drain(START)
    sender.receive_data(encode(keepalive(9)), START)
    octets, heads = sender.data_to_send(), []
    reader = Reader()
    reader.receive_data(octets)
    while (pdu := reader.next_pdu()) is not None:
        heads.append((pdu.version, pdu.type))
    assert heads == [
        (version, PDUType.X2),
        (version, PDUType.X2),
        (version, PDUType.X2),
        (version, PDUType.KEEPALIVE),
        (version, PDUType.KEEPALIVE_ACKNOWLEDGEMENT),
    ]


def test_a_keepalive_every_p1_idle_or_not() -> None:
    sender, now = Sender(START), START
    for number in range(5):
        due = sender.next_timer()
        assert due == now + TIME_P1
        sender.send(product(number), due - 1)
        sender.handle_timer(due - 0.001)
        assert sender.data_to_send() == encode(product(number))
        sender.handle_timer(due)
        assert sender.data_to_send() == encode(keepalive(number))
        sender.receive_data(ack(number), due)
        assert events(sender) == [KeepaliveAcknowledged(number)]
        now = due


def test_a_late_timer_does_not_stretch_the_period_nor_make_a_burst() -> None:
    sender = Sender(START)
    sender.handle_timer(START + 70)
    sender.receive_data(ack(0), START + 70)
    assert sender.next_timer() == START + 120
    sender.handle_timer(START + 400)
    sender.handle_timer(START + 400)
    assert sender.data_to_send() == encode(keepalive(0)) + encode(keepalive(1))
    assert sender.next_timer() == START + 460


def test_no_answer_within_p2_ends_the_connection() -> None:
    sender = Sender(START)
    for _ in range(3):
        sender.handle_timer(sender.next_timer() or 0.0)
    sender.receive_data(ack(1) + ack(2), START + 181)  # the first stays unanswered
    assert events(sender) == [KeepaliveAcknowledged(1), KeepaliveAcknowledged(2)]
    lost_at = START + TIME_P1 + TIME_P2
    sender.handle_timer(lost_at - 0.001)
    assert sender.open
    assert sender.next_timer() == lost_at
    sender.handle_timer(lost_at)
    assert events(sender) == [ConnectionLost(LossReason.KEEPALIVE_UNANSWERED)]
    assert not sender.open
    assert sender.next_timer() is None
    assert sender.data_to_send() == b""


def test_only_a_number_issued_here_and_outstanding_counts() -> None:
    sender = Sender(START)
    sender.handle_timer(START + TIME_P1)
    sender.receive_data(ack(1) + ack(0) + ack(0), START + 61)
    assert events(sender) == [
        AcknowledgementRefused(1),
        KeepaliveAcknowledged(0),
        AcknowledgementRefused(0),
    ]
    assert sender.open


def test_drain_asks_at_once_and_the_answer_proves_what_was_before() -> None:
    sender = Sender(START)
    sender.send(product(), START)
    number = sender.drain(START + 1)
    assert sender.data_to_send() == encode(product()) + encode(keepalive(number))
    assert sender.next_timer() == START + TIME_P1  # the regular ones go on
    sender.receive_data(ack(number), START + 2)
    assert events(sender) == [KeepaliveAcknowledged(number)]
    assert sender.drain(START + 3) == number + 1


def test_a_drain_that_is_not_answered_ends_the_connection_as_well() -> None:
    sender = Sender(START, time_p1=1000.0)
    sender.drain(START)
    assert sender.next_timer() == START + TIME_P2
    sender.handle_timer(START + TIME_P2)
    assert events(sender) == [ConnectionLost(LossReason.KEEPALIVE_UNANSWERED)]


def test_a_keepalive_of_the_mdf_is_answered_at_once() -> None:
    sender = Sender(START, version=(0, 5))
    sender.receive_data(encode(keepalive(77)), START)
    assert events(sender) == [KeepaliveReceived(77)]
    assert sender.data_to_send() == encode(keepalive_acknowledgement(77, (0, 5)))


@pytest.mark.parametrize("kind", [PDUType.X2, PDUType.X3])
def test_product_towards_a_poi_is_a_breach(kind: PDUType) -> None:
    sender = Sender(START)
    sender.receive_data(encode(product(type=kind)), START)
    (lost,) = events(sender)
    assert lost.reason is LossReason.PROTOCOL_ERROR
    assert isinstance(lost.error, ProtocolError)
    assert "not allowed" in str(lost.error)


@pytest.mark.parametrize(
    "octets",
    [
        encode(keepalive(1)).replace(b"\0\6\0\3", b"\0\6\0\5", 1),
        b"\1",
        encode(PDU(PDUType.KEEPALIVE, 0, 0, XID, 0, (SequenceNumber(1),))),
        encode(PDU(PDUType.KEEPALIVE_ACKNOWLEDGEMENT, 0, 0, UUID(int=0), 0)),
        encode(keepalive(1))[:4] + b"\0\0\x20\0" + encode(keepalive(1))[8:],
    ],
)
def test_a_breach_ends_the_connection_after_what_was_good(octets: bytes) -> None:
    sender = Sender(START)
    sender.handle_timer(START + TIME_P1)
    sender.receive_data(ack(0) + octets + ack(0), START)
    good, lost = events(sender)
    assert good == KeepaliveAcknowledged(0)
    assert lost.reason is LossReason.PROTOCOL_ERROR


def test_after_the_end_nothing_goes_on() -> None:
    sender = Sender(START)
    sender.send(product(), START)
    sender.receive_data(b"", START)
    assert events(sender) == [ConnectionLost(LossReason.PEER_CLOSED)]
    assert sender.data_to_send() == b""
    sender.handle_timer(START + 1000)
    assert events(sender) == []
    for use in (
        lambda: sender.send(product(), START),
        lambda: sender.drain(START),
        lambda: sender.receive_data(b"", START),
    ):
        with pytest.raises(ProtocolError):
            use()


@pytest.mark.parametrize(
    "pdu",
    [
        keepalive(0),
        product(payload_format=PayloadFormat.GTP_U),
        product(payload_direction=PayloadDirection.KEEPALIVE),
        product(attributes=()),
        product(correlation_id=-1),
    ],
)
def test_what_the_standard_does_not_allow_is_not_sent(pdu: PDU) -> None:
    sender = Sender(START)
    with pytest.raises(X2X3EncodeError):
        sender.send(pdu, START)
    assert sender.data_to_send() == b""
    assert sender.open
