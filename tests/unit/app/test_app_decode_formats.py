"""What X2 and X3 PDUs carry, by payload format."""

from __future__ import annotations

import struct
from typing import Any
from uuid import UUID

import pytest
from decode_vectors import decode, vector

from custodes.app.decode.item import Item
from custodes.app.decode.message import Message, to_object
from custodes.app.decode.render import lines
from custodes.app.demo_packets import ipv4
from custodes.wire.x2x3.pdu import PDU, PDUType, encode
from custodes.wire.x2x3.types import PayloadDirection

X2, X3 = PDUType.X2, PDUType.X3
XID = UUID("7b0c3c1e-5d0a-4b6e-9c52-0a1b2c3d4e5f")
PS_PDU = vector("handover_valid", "ps-pdu-iri")
REGISTRATION = vector("iri_valid", "xiri-registration")
CC = vector("iri_valid", "cc-gtp-u")


def carried(kind: PDUType, form: int, payload: bytes) -> Message:
    pdu = PDU(kind, form, PayloadDirection.NOT_APPLICABLE, XID, 0, (), payload)
    (message,) = decode(encode(pdu))
    return message


def shown(message: Message) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines(message))


def decoded(message: Message) -> Any:
    return to_object(message)["value"]["payload"]["decoded"]


def names(item: Item) -> list[str]:
    return [part.name for part in item.walk()]


@pytest.mark.parametrize("form", [1, 17])
@pytest.mark.parametrize("kind", [X2, X3])
def test_a_ps_pdu_is_opened(kind: PDUType, form: int) -> None:
    message = carried(kind, form, PS_PDU)
    assert not message.undecodable
    header = decoded(message)["PS-PDU"]["pSHeader"]
    assert header["lawfulInterceptionIdentifier"] == b"ZZ-LAB-0001".hex()
    assert "pDUSessionEstablishment" in names(message.item)


@pytest.mark.parametrize("form", [1, 17])
def test_the_payload_of_a_ps_pdu_alone_is_opened(form: int) -> None:
    whole = carried(X2, form, PS_PDU)
    payload = next(part for part in whole.item.walk() if part.name == "iRIPayloadSequence")
    octets = PS_PDU[payload.offset - 40 :][: payload.length]
    alone = carried(X2, form, octets)
    assert not alone.undecodable
    there = decoded(whole)["PS-PDU"]["payload"]
    assert decoded(alone)["payload"] == there


@pytest.mark.parametrize("form", [1, 17])
def test_a_broken_ps_pdu_has_its_place(form: int) -> None:
    message = carried(X2, form, PS_PDU[:10] + b"\x7f" + PS_PDU[11:])
    assert message.undecodable
    assert all(40 <= fault.offset <= 40 + len(PS_PDU) for fault in message.faults)


@pytest.mark.parametrize("form", [1, 3, 14, 17])
def test_modules_that_are_not_known_are_shown_by_their_tags(form: int) -> None:
    octets = bytes.fromhex("a20d 020105 0403666f6f a203 0a0102".replace(" ", ""))
    if form in (1, 17):
        octets = b"\x30" + octets[1:]
    message = carried(X2, form, octets)
    assert not message.undecodable
    (element,) = decoded(message)["ber"]
    assert element["elements"] == [
        {"tag": "INTEGER", "octets": "05"},
        {"tag": "OCTET STRING", "octets": "666f6f"},
        {"tag": "[2]", "elements": [{"tag": "ENUMERATED", "octets": "02"}]},
    ]
    text = shown(message)
    assert "INTEGER: 5" in text
    assert "shown by its tags" in text
    inner = next(part for part in message.item.walk() if part.name == "ENUMERATED")
    assert (inner.offset, inner.length) == (40 + 12, 3)


def test_what_is_no_ber_from_some_octet_on_is_said_there() -> None:
    message = carried(X2, 3, bytes.fromhex("020105") + b"\x04\x7fabc")
    assert not message.undecodable
    (violation,) = to_object(message)["violations"]
    assert (violation["offset"], violation["what"]) == (43, "no BER from here on")
    (violation,) = to_object(carried(X2, 14, b"\x04\x7fabc"))["violations"]
    assert violation["what"] == "this is no BER"


def test_format_2_on_x3_tells_by_itself_what_it_is() -> None:
    message = carried(X3, 2, CC)
    assert not message.undecodable
    assert list(decoded(message)) == ["CCPayload"]
    assert list(decoded(carried(X3, 2, b"\x30\x00"))) == ["ber"]


def test_x2_carries_xiris_only() -> None:
    assert list(decoded(carried(X2, 2, REGISTRATION))) == ["XIRIPayload"]
    message = carried(X2, 2, CC)
    assert any("X2 carries an XIRIPayload" in fault.what for fault in message.faults)
    assert carried(X2, 2, b"\x30\x00").undecodable


SIP = (
    b"INVITE sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a\r\nCall-ID: 12@a\r\n"
    b"CSeq: 7 INVITE\r\n\r\nbody"
)
DHCP = (
    bytes((1, 1, 6, 0))
    + bytes.fromhex("0a0b0c0d")
    + bytes(20)
    + bytes.fromhex("02000000000a")
    + bytes(202)
    + b"\x63\x82\x53\x63\x00\x0c\x01x\x35\x01\x03\xff"
)


@pytest.mark.parametrize(
    ("kind", "form", "octets", "line"),
    [
        (X2, 9, SIP, '"INVITE sip:b@example.com SIP/2.0", Call-ID 12@a, CSeq 7 INVITE'),
        (X2, 10, DHCP, "DHCPREQUEST, transaction 0x0a0b0c0d, client 02:00:00:00:00:0a"),
        (X2, 10, DHCP[:236], "DHCP BOOTREQUEST, transaction 0x0a0b0c0d"),
        (X2, 11, b"\x04\x09\x00\x14" + bytes(16), "RADIUS Accounting-Request, identifier 9"),
        (
            X2,
            11,
            b"\x63\x09\x00\x20" + bytes(16),
            "RADIUS code 99, identifier 9, 32 octets, 12 are",
        ),
        (
            X3,
            8,
            b"\x80\x88\x00\x07\x00\x00\x00\x0a\xde\xad\xbe\xef",
            "RTP type 8, sequence number 7",
        ),
        (X3, 13, b"MSRP a SEND\r\n", '"MSRP a SEND" (13 octets)'),
        (X3, 15, b"Hello\n", '"Hello" (6 octets)'),
        (X3, 16, b"\x01\x02", "payload: 0102"),
    ],
)
def test_one_line(kind: PDUType, form: int, octets: bytes, line: str) -> None:
    message = carried(kind, form, octets)
    assert line in shown(message)
    assert to_object(message)["value"]["payload"] == {"octets": octets.hex(), "decoded": None}
    assert "violations" not in to_object(message)


@pytest.mark.parametrize(
    ("kind", "form"), [(X2, 9), (X2, 10), (X2, 11), (X3, 8), (X3, 13), (X3, 15)]
)
def test_octets_that_are_not_the_format_are_a_breach(kind: PDUType, form: int) -> None:
    for octets in (b"\x00\xff\x00", b"\xff" * 300):
        message = carried(kind, form, octets)
        assert not message.undecodable
        (violation,) = to_object(message)["violations"]
        assert violation["what"].startswith("this does not begin as")
    assert "violations" not in to_object(carried(kind, form, b""))


def test_packets_have_a_line_of_their_own() -> None:
    packet = ipv4("192.0.2.1", "198.51.100.2", 17, struct.pack(">HHHH", 53, 5000, 12, 0) + b"data")
    assert "ip: UDP 192.0.2.1:53 > 198.51.100.2:5000, 12 octets in it" in shown(
        carried(X3, 5, packet)
    )
    tunnelled = b"\x34\xff" + (8 + len(packet)).to_bytes(2) + b"\x00\x00\x00\x07"
    tunnelled += b"\x00\x00\x00\x85\x01\x10\x09\x00" + packet
    text = shown(carried(X3, 12, tunnelled))
    assert "gtpu: TEID 0x00000007, QFI 9" in text
    assert "198.51.100.2:5000" in text
    frame = bytes(6) + b"\x02" + bytes(5) + b"\x81\x00\x00\x2a\x08\x00" + packet
    text = shown(carried(X3, 7, frame))
    assert "vlan: 42" in text
    assert "198.51.100.2:5000" in text
