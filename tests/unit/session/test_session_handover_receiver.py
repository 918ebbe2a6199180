"""The receiver: PDUs in order, gaps, repeats, keep-alives answered when told to."""

from __future__ import annotations

import pytest

from custodes.base.ids import CIN, LIID
from custodes.session.handover import keepalive
from custodes.session.handover.continuity import ContinuityLog
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
    UnexpectedReceived,
)
from custodes.session.handover.receiver import Receiver
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.operator_message import OperatorLeaMessage, OperatorLeaMessagePriority
from custodes.wire.handover.options import PDU_ACKNOWLEDGEMENT, OptionRequest, OptionResponse
from custodes.wire.handover.pdu import PSPDU, TRI, CCs, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.payload import encode_cc

MESSAGE = OperatorLeaMessage(
    messagePriority=OperatorLeaMessagePriority.ERROR, message=b"delivery is late"
)


def header(number: int, liid: str = "A-1") -> PSHeader:
    return PSHeader(liid=LIID(liid), operatorIdentifier=b"OP", sequenceNumber=number, cin=CIN(1))


def content(number: int) -> bytes:
    octets = encode_cc(("uPFCCPDU", b"\x30\xff\0\0\0\0\0\1"))
    item = CCItem(contents=("threeGPP33128DefinedCC", octets))
    return encode(PSPDU(header(number), CCs((item,))))


def drain(receiver: Receiver) -> list[ReceiverEvent]:
    found = []
    while (event := receiver.next_event()) is not None:
        found.append(event)
    return found


def test_pdus_come_in_order_whatever_the_pieces() -> None:
    stream = content(0) + content(1) + content(3)
    receiver = Receiver(0.0, ContinuityLog())
    for at in range(len(stream)):
        receiver.receive_data(stream[at : at + 1], 1.0)
    found = drain(receiver)
    assert [(e.continuity, e.missing) for e in found if isinstance(e, PDUReceived)] == [
        (Continuity.IN_ORDER, 0),
        (Continuity.IN_ORDER, 0),
        (Continuity.GAP, 1),
    ]
    assert len(found) == 3


def test_repeats_are_known_over_connections() -> None:
    log = ContinuityLog()
    for expected in (Continuity.IN_ORDER, Continuity.REPEAT):
        receiver = Receiver(0.0, log)
        receiver.receive_data(content(0), 1.0)
        (event,) = drain(receiver)
        assert isinstance(event, PDUReceived)
        assert event.continuity is expected
        assert event.octets == content(0)


def test_a_keep_alive_is_answered_when_told_and_echoes_its_number() -> None:
    receiver = Receiver(0.0, ContinuityLog())
    receiver.receive_data(content(0) + keepalive.request(header(0, "ka"), 41), 1.0)
    assert isinstance(receiver.next_event(), PDUReceived)
    assert receiver.next_event() == KeepAliveReceived(41)
    assert receiver.data_to_send() == b""
    receiver.acknowledge(41)
    answer = decode(receiver.data_to_send())
    assert keepalive.alternative(answer) == keepalive.RESPONSE
    assert answer.header.sequenceNumber == 41
    receiver.acknowledge(41)
    assert receiver.data_to_send() == b""


def test_one_value_that_is_no_pdu_is_kept_and_the_next_is_read() -> None:
    receiver = Receiver(0.0, ContinuityLog())
    receiver.receive_data(b"\x30\x03\x02\x01\x05" + content(0), 1.0)
    bad, good = drain(receiver)
    assert isinstance(bad, UndecodableReceived)
    assert bad.octets == b"\x30\x03\x02\x01\x05"
    assert isinstance(good, PDUReceived)


def test_a_lost_boundary_silence_and_a_close_end_it() -> None:
    receiver = Receiver(0.0, ContinuityLog())
    receiver.receive_data(b"GET / HTTP/1.1\r\n", 1.0)
    (lost,) = drain(receiver)
    assert isinstance(lost, ConnectionLost)
    assert lost.reason is LossReason.BREACH
    quiet = Receiver(0.0, ContinuityLog(), silence=10)
    assert quiet.next_timer() == 10
    quiet.handle_timer(10)
    (lost,) = drain(quiet)
    assert isinstance(lost, ConnectionLost)
    assert lost.reason is LossReason.SILENT
    closed = Receiver(0.0, ContinuityLog())
    closed.receive_data(b"", 1.0)
    assert drain(closed) == [ConnectionLost(LossReason.CLOSED)]


def test_a_pdu_above_the_limit_ends_it() -> None:
    receiver = Receiver(0.0, ContinuityLog(), max_pdu=16)
    receiver.receive_data(content(0), 1.0)
    (lost,) = drain(receiver)
    assert isinstance(lost, ConnectionLost)


def transport(name: str, value: object = None, number: int = 7) -> bytes:
    return encode(PSPDU(header(number), TRI((name, value))))


def test_without_a_checker_nobody_judges() -> None:
    receiver = Receiver(0.0)
    receiver.receive_data(content(5) + content(5), 1.0)
    assert [e.continuity for e in drain(receiver) if isinstance(e, PDUReceived)] == [None, None]


@pytest.mark.parametrize(
    ("name", "value"), [("testPDU", None), ("paddingPDU", b"\0\0"), ("optionComplete", None)]
)
def test_what_asks_for_nothing_is_ignored(name: str, value: object) -> None:
    receiver = Receiver(0.0)
    receiver.receive_data(transport(name, value), 1.0)
    assert drain(receiver) == [IgnoredReceived(name)]
    assert receiver.data_to_send() == b""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("keep-aliveResponse", None),
        ("pDUAcknowledgementResponse", None),
        ("optionResponse", OptionResponse()),
    ],
)
def test_an_answer_that_nobody_asked_for_is_told(name: str, value: object) -> None:
    receiver = Receiver(0.0)
    receiver.receive_data(transport(name, value), 1.0)
    assert drain(receiver) == [UnexpectedReceived(name)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("operatorLeaMessage", MESSAGE),
        ("cINReset", None),
        ("firstSegmentFlag", None),
        ("lastSegmentFlag", None),
    ],
)
def test_what_tells_of_the_delivery_is_kept(name: str, value: object) -> None:
    receiver = Receiver(0.0)
    octets = transport(name, value)
    receiver.receive_data(octets, 1.0)
    [event] = drain(receiver)
    assert isinstance(event, PDUReceived)
    assert event.octets == octets
    assert event.pdu.payload == TRI((name, value))


def test_an_acknowledgement_is_given_when_told_and_not_mixed_with_keep_alives() -> None:
    receiver = Receiver(0.0)
    receiver.receive_data(
        transport("pDUAcknowledgementRequest") + keepalive.request(header(0, "ka"), 7), 1.0
    )
    assert drain(receiver) == [AcknowledgementRequested(7), KeepAliveReceived(7)]
    assert receiver.data_to_send() == b""
    receiver.acknowledge_pdus(7)
    answer = decode(receiver.data_to_send())
    assert answer == PSPDU(header(7), TRI(("pDUAcknowledgementResponse", None)))
    receiver.acknowledge_pdus(7)
    assert receiver.data_to_send() == b""
    receiver.acknowledge(7)
    assert keepalive.alternative(decode(receiver.data_to_send())) == keepalive.RESPONSE


def test_only_the_option_we_have_is_accepted() -> None:
    later = ("_unknown", b"\x85\x01\x00")
    wanted = OptionRequest(requestedOptions=(PDU_ACKNOWLEDGEMENT, later, PDU_ACKNOWLEDGEMENT))
    receiver = Receiver(0.0)
    receiver.receive_data(transport("optionRequest", wanted), 1.0)
    assert drain(receiver) == [OptionsAnswered(("pDUAcknowledgement",), ("_unknown",))]
    answer = decode(receiver.data_to_send())
    assert answer.header == header(7)
    response = OptionResponse(acceptedOptions=(PDU_ACKNOWLEDGEMENT,), declinedOptions=(later,))
    assert answer.payload == TRI(("optionResponse", response))


def test_too_many_questions_end_it() -> None:
    receiver = Receiver(0.0)
    for number in range(1025):
        receiver.receive_data(transport("pDUAcknowledgementRequest", number=number), 1.0)
    assert not receiver.open
