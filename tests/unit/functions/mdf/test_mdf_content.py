"""Content over the fast path: the octets of the generic encoder, per order and place."""

from __future__ import annotations

from typing import Any

import pytest
from mdf_scene import GTPU, INNER, NS, A, B, x3

from custodes.base.ids import CIN, LIID
from custodes.functions.mdf import content
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.direction import PayloadDirection
from custodes.wire.handover.pdu import PSPDU, CCs, decode, encode
from custodes.wire.iri.payload import decode_cc, encode_cc
from custodes.wire.x2x3.attributes import IPID, NFID, SequenceNumber, Timestamp
from custodes.wire.x2x3.pdu import PDU, PayloadFormat
from custodes.wire.x2x3.pdu import PayloadDirection as X3Direction

ORIGIN = Origin.of("XX", "OPERATOR", "mdf3")


def generic(pdu: PDU, direction: PayloadDirection, liid: LIID, cin: CIN, number: int) -> bytes:
    contents: tuple[str, Any] = (TS33128_CC, encode_cc(("uPFCCPDU", pdu.payload)))
    stamp = pdu.attribute(Timestamp)
    assert stamp is not None
    header = ORIGIN.product(pdu, liid, cin, number, stamp.ns)
    return encode(PSPDU(header, CCs((CCItem(contents=contents, payloadDirection=direction),))))


PLACES: list[tuple[Any, ...]] = [
    (Timestamp(NS),),
    (NFID(b"upf-1"), IPID(b"poi-1"), SequenceNumber(1), Timestamp(NS + 1000)),
    (NFID(b"upf-2"), IPID(b"poi-1"), Timestamp(NS)),
    (NFID(b"poi-1"), Timestamp(NS)),
    (IPID(b"poi-1"), Timestamp(NS), NFID(b""), NFID(b"the first counts")),
    (NFID(b"upf-1"), IPID(b"poi-2"), Timestamp(NS), Timestamp(1)),
]


def test_one_writer_keeps_orders_communications_and_places_apart() -> None:
    writer = content.ContentWriter(ORIGIN)
    for _ in range(2):
        for place in PLACES:
            pdu = x3(attributes=place)
            xcc = content.read(pdu)
            for liid in (A, B):
                for cin in (CIN(1), CIN(70_000)):
                    assert writer.write(xcc, liid, cin, 200) == generic(
                        pdu, PayloadDirection.FROM_TARGET, liid, cin, 200
                    )


def test_a_full_table_of_encoders_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_MOST", 2)
    writer = content.ContentWriter(ORIGIN)
    xcc = content.read(x3())
    for cin in (1, 2, 3, 1):
        assert writer.write(xcc, A, CIN(cin), 0) == generic(
            xcc.pdu, PayloadDirection.FROM_TARGET, A, CIN(cin), 0
        )


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        (X3Direction.UNKNOWN, PayloadDirection.INDETERMINATE),
        (X3Direction.TO_TARGET, PayloadDirection.TO_TARGET),
        (X3Direction.FROM_TARGET, PayloadDirection.FROM_TARGET),
        (X3Direction.MULTIPLE, PayloadDirection.COMBINED),
        (X3Direction.NOT_APPLICABLE, PayloadDirection.NOT_APPLICABLE),
    ],
)
def test_directions_are_translated(direction: X3Direction, expected: PayloadDirection) -> None:
    xcc = content.read(x3(payload_direction=direction))
    assert xcc.direction is expected
    octets = content.ContentWriter(ORIGIN).write(xcc, A, CIN(1), 0)
    assert octets == generic(xcc.pdu, expected, A, CIN(1), 0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"attributes": (NFID(b"upf"),)}, Reason.NO_TIMESTAMP),
        ({"payload": GTPU + b"\0"}, Reason.NOT_IP),
        ({"payload": b"\x30\xfe" + GTPU[2:]}, Reason.NOT_IP),
        ({"correlation_id": 0}, Reason.NO_CORRELATION),
        ({"payload_direction": 6}, Reason.UNDECODABLE),
        ({"payload_format": PayloadFormat.IPV4, "payload": b"\x60" + INNER[1:]}, Reason.NOT_IP),
        ({"payload_format": PayloadFormat.IPV6, "payload": INNER}, Reason.NOT_IP),
        ({"payload_format": PayloadFormat.IPV6, "payload": b""}, Reason.NOT_IP),
        ({"payload_format": PayloadFormat.ETHERNET, "payload": bytes(13)}, Reason.UNDECODABLE),
    ],
)
def test_what_is_not_content_of_a_session_is_refused(
    changes: dict[str, Any], reason: Reason
) -> None:
    with pytest.raises(RefusedProductError) as error:
        content.read(x3(**changes))
    assert error.value.reason is reason


@pytest.mark.parametrize(
    ("payload_format", "payload", "name"),
    [
        (PayloadFormat.IPV4, INNER, "uPFIPCC"),
        (PayloadFormat.IPV6, b"\x60" + bytes(39), "uPFIPCC"),
        (PayloadFormat.ETHERNET, bytes(12) + b"\x08\x00" + INNER, "uPFEthernetCC"),
    ],
)
def test_content_without_gtpu_leaves_as_extended_content(
    payload_format: PayloadFormat, payload: bytes, name: str
) -> None:
    xcc = content.read(x3(payload_format=payload_format, payload=payload))
    pdu = decode(content.ContentWriter(ORIGIN).write(xcc, A, CIN(7), 3))
    assert isinstance(pdu.payload, CCs)
    (item,) = pdu.payload.items
    assert decode_cc(item.contents[1]).pDU == ("extendedUPFCCPDU", {"payload": (name, payload)})
    assert (pdu.header.liid, pdu.header.cin, pdu.header.sequenceNumber) == (A, CIN(7), 3)
    assert pdu.header.timestamp == NS // 1000 * 1000
    assert item.payloadDirection is PayloadDirection.FROM_TARGET
