"""Which PDUs the standard allows."""

from __future__ import annotations

from uuid import UUID

import pytest

from custodes.wire.x2x3.attributes import SequenceNumber
from custodes.wire.x2x3.pdu import (
    NO_XID,
    PDU,
    PayloadDirection,
    PayloadFormat,
    PDUType,
    encode,
)
from custodes.wire.x2x3.rules import fault, keepalive, keepalive_acknowledgement

XID = UUID("7b0c3c1e-5d0a-4b6e-9c52-0a1b2c3d4e5f")
UNKNOWN = PayloadDirection.UNKNOWN


@pytest.mark.parametrize("payload_format", PayloadFormat)
def test_a_format_is_permitted_as_its_columns_say(payload_format: PayloadFormat) -> None:
    for kind, permitted in ((PDUType.X2, payload_format.x2), (PDUType.X3, payload_format.x3)):
        assert (fault(PDU(kind, payload_format, UNKNOWN, XID, 0)) is None) is permitted


def test_an_unknown_format_is_for_the_function_to_judge() -> None:
    assert fault(PDU(PDUType.X2, 18, UNKNOWN, XID, 0)) is None


def test_direction_0_is_for_keepalives() -> None:
    pdu = PDU(PDUType.X2, PayloadFormat.SIP, PayloadDirection.KEEPALIVE, XID, 0)
    assert "reserved" in (fault(pdu) or "")


def test_a_keepalive_is_48_octets_and_nearly_all_zero() -> None:
    octets = encode(keepalive(0x01020304, (0, 5)))
    assert octets.hex() == (
        "00050003" + "00000030" + "00000000" + "00000000" + "00" * 24 + "00080004" + "01020304"
    )
    assert encode(keepalive_acknowledgement(0)).hex().startswith("0006000400000030")
    assert fault(keepalive(1)) is None
    assert fault(keepalive_acknowledgement(1)) is None


@pytest.mark.parametrize(
    "pdu",
    [
        PDU(PDUType.KEEPALIVE, 0, 0, NO_XID, 0),
        PDU(PDUType.KEEPALIVE, 4, 0, NO_XID, 0, (SequenceNumber(1),)),
        PDU(PDUType.KEEPALIVE, 0, 1, NO_XID, 0, (SequenceNumber(1),)),
        PDU(PDUType.KEEPALIVE, 0, 0, XID, 0, (SequenceNumber(1),)),
        PDU(PDUType.KEEPALIVE, 0, 0, NO_XID, 1, (SequenceNumber(1),)),
        PDU(PDUType.KEEPALIVE_ACKNOWLEDGEMENT, 0, 0, NO_XID, 0, (SequenceNumber(1),), b"x"),
    ],
)
def test_a_keepalive_with_anything_else_is_a_fault(pdu: PDU) -> None:
    assert fault(pdu)
