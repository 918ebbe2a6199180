"""What passed over a connection, counted by the sessions themselves."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from custodes.base.ids import LIID
from custodes.session.account import Account, Tally
from custodes.session.handover import keepalive
from custodes.session.handover.continuity import ContinuityLog
from custodes.session.handover.receiver import Receiver as HandoverReceiver
from custodes.session.handover.sender import Limits
from custodes.session.handover.sender import Sender as HandoverSender
from custodes.session.x2x3.receiver import Receiver
from custodes.session.x2x3.sender import Sender
from custodes.session.x2x3.sequence import GapDetector
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.pdu import PSPDU, CCs, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.x2x3.attributes import SequenceNumber
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType
from custodes.wire.x2x3.pdu import encode as encode_x2x3
from custodes.wire.x2x3.rules import keepalive_acknowledgement

START = 100.0


def x2(number: int) -> PDU:
    return PDU(
        type=PDUType.X2,
        payload_format=PayloadFormat.TS_33_128,
        payload_direction=PayloadDirection.FROM_TARGET,
        xid=UUID(int=1),
        correlation_id=0,
        attributes=(SequenceNumber(number),),
        payload=b"xiri",
    )


def test_an_x2_connection_is_counted_the_same_on_both_sides() -> None:
    poi = Sender(START)
    mdf = Receiver(START, gaps=GapDetector(), own_keepalives=True)
    for number in (0, 1, 4):
        poi.send(x2(number), START + 1)
    keepalive_number = poi.drain(START + 2)
    there = poi.data_to_send()
    mdf.receive_data(there, START + 3)
    mdf.acknowledge(keepalive_number, START + 3)
    mdf.handle_timer(START + 60)
    back = mdf.data_to_send()
    foreign = encode_x2x3(
        keepalive_acknowledgement(9)
    )  # of a number never sent: it counts for nothing
    back += foreign
    poi.receive_data(back, START + 61)
    poi.receive_data(b"", START + 62)
    assert poi.account(START + 62) == Account(
        seconds=62,
        pdus_sent=3,
        octets_sent=len(there),
        octets_received=len(back),
        keepalives_sent=1,
        keepalives_sent_answered=1,
        keepalives_received=1,
        keepalives_received_answered=1,
        last_sent=2,
        last_heard=61,
    )
    assert mdf.account(START + 62) == Account(
        seconds=62,
        pdus_received=3,
        octets_sent=len(back) - len(foreign),
        octets_received=len(there),
        keepalives_sent=1,
        keepalives_received=1,
        keepalives_received_answered=1,
        gaps=1,
        missing=2,
        last_sent=60,
        last_heard=3,
    )


def test_a_handover_connection_is_counted_anew_with_each_connection() -> None:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=2)
    item = CCItem(contents=("threeGPP33128DefinedCC", b"\x30\x00"))
    product = encode(PSPDU(header, CCs((item,))))
    sender = HandoverSender(header, Limits(confirm_after=1))
    assert sender.account(START) is None
    sender.connect(START - 50)
    sender.send(product, START - 50)
    sender.connection_lost()
    sender.connect(START)
    receiver = HandoverReceiver(START, ContinuityLog())
    sender.handle_timer(START + 1)
    there = sender.data_to_send()
    receiver.receive_data(there, START + 2)
    receiver.acknowledge(0)
    back = receiver.data_to_send()
    assert back == keepalive.response(replace(header, sequenceNumber=0))
    sender.receive_data(back, START + 3)
    assert sender.account(START + 4) == Account(
        seconds=4,
        pdus_sent=1,
        octets_sent=len(there),
        octets_received=len(back),
        keepalives_sent=1,
        keepalives_sent_answered=1,
        last_sent=1,
        last_heard=3,
    )
    assert receiver.account(START + 4) == Account(
        seconds=4,
        pdus_received=1,
        octets_sent=len(back),
        octets_received=len(there),
        keepalives_received=1,
        keepalives_received_answered=1,
        gaps=1,
        missing=2,
        last_heard=2,
    )


def test_who_does_not_judge_numbers_says_nothing_of_gaps() -> None:
    assert Tally(0.0).account(1.0) == Account(seconds=1.0)
    assert Tally(0.0).account(1.0).gaps is None
    assert Tally(0.0, judges=True).account(1.0).gaps == 0


def test_a_log_line_tells_what_is_known() -> None:
    account = Account(seconds=1.23456, pdus_sent=3, gaps=0, last_sent=0.5)
    told = account.told()
    assert (told["seconds"], told["pdus_sent"], told["gaps"], told["last_sent"]) == (
        1.235,
        3,
        0,
        0.5,
    )
    assert "missing" not in told
    assert "last_heard" not in told
    assert told["pdus_received"] == 0
