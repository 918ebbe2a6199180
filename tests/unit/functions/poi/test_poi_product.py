"""What leaves the probe: PDUs that the receiving session takes, numbered without a gap."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from custodes.base.errors import EncodeError
from custodes.functions.poi.events import NE, Content, Direction, XIRIEvent
from custodes.functions.poi.product import Product, target_fragment
from custodes.functions.poi.side import Produced, Task
from custodes.functions.poi.signalling.values import Pei, PeiKind
from custodes.functions.poi.subject import Subject
from custodes.session.x2x3.sender import Sender
from custodes.session.x2x3.sequence import GapDetector
from custodes.wire.iri.payload import decode_xiri
from custodes.wire.x1 import names
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    MatchedTargetIdentifier,
    OtherTargetIdentifier,
    SequenceNumber,
    Timestamp,
)
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, decode, encode
from unit.functions.mdf.mdf_scene import GTPU, INNER, NS, REGISTRATION
from unit.functions.poi.poi_order_scene import DIGITS, XID_1

TASK = Task(XID_1, TargetIdentifier("supiimsi", DIGITS), (), Produced())
SUBJECT = Subject(imsi=DIGITS, pei=Pei(PeiKind.IMEISV, "0010170000000101"), gpsi="491700000001")
RECORD = XIRIEvent(SUBJECT, NE.AMF, REGISTRATION, NS, 7, Direction.FROM_TARGET)
PACKET = Content(SUBJECT, NE.UPF, GTPU, INNER, NS, 7, Direction.TO_TARGET, None)
UNSPEAKABLE = 2**32 * 1_000_000_000  # the first moment that 32 bits of seconds cannot say


def number(pdu: PDU) -> int:
    found = pdu.attribute(SequenceNumber)
    assert found is not None
    return found.value


def test_a_record_is_an_x2_pdu_with_all_that_ts_33_128_asks_for() -> None:
    pdu = decode(encode(Product(b"custodes-probe/1").xiri(RECORD, TASK, "amf")))
    assert (pdu.type, pdu.payload_format) == (PDUType.X2, PayloadFormat.TS_33_128)
    assert pdu.payload_direction == PayloadDirection.FROM_TARGET
    assert (pdu.xid, pdu.correlation_id) == (XID_1.value, 7)
    assert pdu.attribute(NFID) == NFID(b"amf")
    assert pdu.attribute(IPID) is not None
    assert pdu.attribute(Timestamp) == Timestamp(NS)
    assert number(pdu) == 0
    (matched,) = pdu.each(MatchedTargetIdentifier)
    assert matched.xml == target_fragment(TASK.target)
    others = [etree.fromstring(o.xml)[0] for o in pdu.each(OtherTargetIdentifier)]
    assert [(etree.QName(o).localname, o.text) for o in others] == [
        ("peiImeisv", "0010170000000101"),
        ("gpsiMsisdn", "491700000001"),
    ]
    assert decode_xiri(pdu.payload).event[0] == "registration"


def test_a_packet_is_an_x3_pdu_with_the_whole_gtpu_packet() -> None:
    pdu = decode(encode(Product(b"custodes-probe/1").xcc(PACKET, TASK, "upf")))
    assert (pdu.type, pdu.payload_format) == (PDUType.X3, PayloadFormat.GTP_U)
    assert pdu.payload_direction == PayloadDirection.TO_TARGET
    assert pdu.payload == GTPU
    assert pdu.attribute(NFID) == NFID(b"upf")
    assert pdu.attribute(Timestamp) == Timestamp(NS)
    assert not pdu.each(MatchedTargetIdentifier)


def test_the_sending_session_takes_both() -> None:
    product, sender = Product(b"custodes-probe/1"), Sender(0.0)
    sender.send(product.xiri(RECORD, TASK, "amf"), 0.0)
    sender.send(product.xcc(PACKET, TASK, "upf"), 0.0)
    assert sender.data_to_send()


def test_numbers_count_per_context() -> None:
    product = Product(b"custodes-probe/1")
    assert [number(product.xiri(RECORD, TASK, "amf")) for _ in range(3)] == [0, 1, 2]
    assert number(product.xcc(PACKET, TASK, "amf")) == 0  # X3 apart from X2
    assert number(product.xiri(RECORD, TASK, "smf")) == 0  # another NFID
    assert number(product.xiri(replace(RECORD, correlation_id=8), TASK, "amf")) == 0
    assert number(product.xiri(RECORD, TASK, "amf")) == 3


def test_what_is_not_sent_takes_no_number() -> None:
    product, gaps = Product(b"custodes-probe/1"), GapDetector()
    gaps.check(product.xiri(RECORD, TASK, "amf"))
    gaps.check(product.xcc(PACKET, TASK, "upf"))
    for bad in (replace(RECORD, event=("registration", {})), replace(RECORD, timestamp_ns=-1)):
        with pytest.raises(EncodeError):
            product.xiri(bad, TASK, "amf")
    with pytest.raises(EncodeError):
        product.xiri(replace(RECORD, timestamp_ns=UNSPEAKABLE), TASK, "amf")
    with pytest.raises(EncodeError):
        product.xcc(replace(PACKET, timestamp_ns=UNSPEAKABLE), TASK, "upf")
    assert gaps.check(product.xiri(RECORD, TASK, "amf")) is None
    assert gaps.check(product.xcc(PACKET, TASK, "upf")) is None


def test_an_error_of_encoding_names_no_identity() -> None:
    record = replace(RECORD, event=("registration", {"sUPI": ("iMSI", DIGITS)}))
    with pytest.raises(EncodeError) as caught:
        Product(b"custodes-probe/1").xiri(record, TASK, "amf")
    assert DIGITS not in str(caught.value)


def test_a_fragment_is_xml_of_x1() -> None:
    root = etree.fromstring(target_fragment(TASK.target))
    assert root.tag == f"{{{names.X1}}}targetIdentifier"
    assert [(child.tag, child.text) for child in root] == [(f"{{{names.X1}}}supiimsi", DIGITS)]


def test_a_record_in_a_direction_that_is_not_its_events_is_not_sent() -> None:
    """TS 33.128 5.3.2: a registration is begun by the UE, or by the network."""
    record = replace(RECORD, direction=Direction.NOT_APPLICABLE)
    with pytest.raises(EncodeError):
        Product(b"custodes-probe/1").xiri(record, TASK, "amf")
