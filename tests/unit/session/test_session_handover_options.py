"""The option pDUAcknowledgement: asked for at connect where configured, never waited for long."""

from __future__ import annotations

from typing import Any

import pytest

from custodes.base.ids import LIID
from custodes.session.handover import keepalive
from custodes.session.handover.events import (
    AcknowledgementRequested,
    Confirmed,
    ConnectionLost,
    KeepAliveReceived,
    LossReason,
    OptionsAnswered,
    PDUReceived,
    UnexpectedReceived,
)
from custodes.session.handover.receiver import Receiver
from custodes.session.handover.sender import Limits, Options, Sender
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.options import PDU_ACKNOWLEDGEMENT, OptionRequest, OptionResponse
from custodes.wire.handover.pdu import PSPDU, TRI, CCs, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.reader import Reader

TEMPLATE = PSHeader(liid=LIID("keepalive"), operatorIdentifier=b"OP", sequenceNumber=0)
LIMITS = Limits(confirm_after=1, negotiate=True, options=10)
REQUEST, RESPONSE = "pDUAcknowledgementRequest", "pDUAcknowledgementResponse"


def product(number: int) -> bytes:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=number)
    item = CCItem(contents=("threeGPP33128DefinedCC", b"\x30\x00"))
    return encode(PSPDU(header, CCs((item,))))


def transport(kind: str, value: object = None, number: int = 0) -> bytes:
    header = PSHeader(liid=LIID("x"), operatorIdentifier=b"OP", sequenceNumber=number)
    return encode(PSPDU(header, TRI((kind, value))))


def kinds(octets: bytes) -> list[str]:
    reader = Reader()
    reader.receive_data(octets)
    return [keepalive.alternative(decode(w)) or "product" for w in iter(reader.next_pdu, None)]


def events(session: Any) -> list[Any]:
    return list(iter(session.next_event, None))


def talk(sender: Sender, receiver: Receiver, now: float) -> list[Any]:
    """Until neither has anything to say; the receiver takes everything in at once."""
    told: list[Any] = []
    while octets := sender.data_to_send():
        receiver.receive_data(octets, now)
        for event in events(receiver):
            told.append(event)
            if isinstance(event, KeepAliveReceived):
                receiver.acknowledge(event.number)
            elif isinstance(event, AcknowledgementRequested):
                receiver.acknowledge_pdus(event.number)
        if answer := receiver.data_to_send():
            sender.receive_data(answer, now)
    return told


def test_with_our_receiver_product_is_acknowledged_and_idleness_kept_alive() -> None:
    sender, receiver = Sender(TEMPLATE, LIMITS), Receiver(0.0)
    sender.send(product(0), 0.0)
    sender.connect(0.0)
    assert sender.options is Options.ASKED
    told = talk(sender, receiver, 0.1)
    assert isinstance(told[0], OptionsAnswered)
    assert [type(event) for event in told[2:]] == [PDUReceived]
    assert sender.options is Options.ACCEPTED
    for number, now in ((1, 1.1), (2, 2.2)):
        sender.handle_timer(now)
        (asked,) = talk(sender, receiver, now)
        assert asked == AcknowledgementRequested(number - 1)
        assert events(sender) == [Confirmed(1)]
        sender.send(product(number), now)
        talk(sender, receiver, now)
    sender.handle_timer(3.3)
    talk(sender, receiver, 3.3)
    assert sender.unconfirmed == 0
    sender.handle_timer(200.0)
    assert talk(sender, receiver, 200.0) == [KeepAliveReceived(0)]


def test_a_receiver_that_declines_or_says_nothing_of_it_is_asked_with_keep_alives() -> None:
    for response in (
        OptionResponse(declinedOptions=(PDU_ACKNOWLEDGEMENT,)),
        OptionResponse(),
    ):
        sender = Sender(TEMPLATE, LIMITS)
        sender.connect(0.0)
        sender.send(product(0), 0.0)
        assert kinds(sender.data_to_send()) == ["optionRequest"]
        sender.receive_data(transport("optionResponse", response), 0.1)
        assert sender.options is Options.DECLINED
        assert kinds(sender.data_to_send()) == ["optionComplete", "product"]
        sender.handle_timer(1.1)
        assert kinds(sender.data_to_send()) == [keepalive.REQUEST]


def test_a_receiver_that_knows_no_options_gets_its_product_and_is_not_asked_again() -> None:
    sender = Sender(TEMPLATE, LIMITS)
    sender.send(product(0), 0.0)
    sender.connect(0.0)
    sender.data_to_send()
    assert sender.next_timer() == 10.0
    sender.handle_timer(10.0)
    assert (sender.open, sender.options) == (True, Options.UNANSWERED)
    assert kinds(sender.data_to_send()) == ["product"]
    sender.receive_data(transport("optionResponse", OptionResponse()), 10.1)  # too late
    assert events(sender) == [UnexpectedReceived("optionResponse")]
    sender.connection_lost()
    sender.connect(20.0)
    assert kinds(sender.data_to_send()) == ["product"]


def test_each_connection_is_negotiated_for_itself() -> None:
    sender = Sender(TEMPLATE, LIMITS)
    for _ in range(2):
        sender.connect(0.0)
        assert kinds(sender.data_to_send()) == ["optionRequest"]
        accepted = OptionResponse(acceptedOptions=(PDU_ACKNOWLEDGEMENT,))
        sender.receive_data(transport("optionResponse", accepted), 0.1)
        assert sender.options is Options.ACCEPTED
        sender.connection_lost()
    sender = Sender(TEMPLATE)
    sender.connect(0.0)
    assert (sender.options, sender.data_to_send()) == (Options.NOT_ASKED, b"")


@pytest.mark.parametrize(("kind", "number"), [(RESPONSE, 7), (keepalive.RESPONSE, 0)])
def test_only_the_answer_of_its_kind_and_number_confirms(kind: str, number: int) -> None:
    sender = Sender(TEMPLATE, LIMITS)
    sender.connect(0.0)
    accepted = OptionResponse(acceptedOptions=(PDU_ACKNOWLEDGEMENT,))
    sender.receive_data(transport("optionResponse", accepted), 0.0)
    sender.send(product(0), 0.0)
    sender.handle_timer(1.0)
    sender.data_to_send()
    sender.receive_data(transport(kind, number=number), 1.1)
    (lost,) = events(sender)
    assert isinstance(lost, ConnectionLost)
    assert lost.reason is LossReason.BREACH
    assert sender.unconfirmed == 1


def test_an_acknowledgement_that_was_never_agreed_is_told_and_confirms_nothing() -> None:
    sender = Sender(TEMPLATE, Limits())
    sender.connect(0.0)
    sender.send(product(0), 0.0)
    sender.receive_data(transport(RESPONSE), 0.1)
    assert events(sender) == [UnexpectedReceived(RESPONSE)]
    assert (sender.open, sender.unconfirmed) == (True, 1)


def test_what_the_receiver_asks_for_is_declined_with_its_own_header() -> None:
    sender = Sender(TEMPLATE)
    sender.connect(0.0)
    wanted = OptionRequest(requestedOptions=(PDU_ACKNOWLEDGEMENT, PDU_ACKNOWLEDGEMENT))
    sender.receive_data(transport("optionRequest", wanted, number=5), 0.1)
    answer = decode(sender.data_to_send())
    assert answer.header.sequenceNumber == 5
    response = OptionResponse(declinedOptions=(PDU_ACKNOWLEDGEMENT,))
    assert answer.payload == TRI(("optionResponse", response))
    assert events(sender) == [UnexpectedReceived("optionRequest")]
