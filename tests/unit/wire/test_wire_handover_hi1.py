"""hI1-Operation as a value of its own module."""

from __future__ import annotations

from typing import Any

import pytest
from handover_pdus import ALARM, BARE

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.handover.hi1 import DOMAIN, HI1
from custodes.wire.handover.pdu import PSPDU, decode, encode

NOTICE = {
    "lawfulInterceptionIdentifier": b"ZZ-LAB-0001",
    "timeStamp": (
        "localTime",
        {"generalizedTime": "20260101000000Z", "winterSummerIndication": "winterTime"},
    ),
}
OPERATIONS: list[tuple[str, Any]] = [
    ("liActivated", NOTICE),
    ("liDeactivated", NOTICE | {"target-Information": bytes(256)}),
    ("liModified", NOTICE | {"domainID": DOMAIN}),
    ("alarms-indicator", ALARM),
    ("national-HI1-ASN1parameters", {"countryCode": "ZZ"}),
    ("_unknown", b"\x9f\x50\x00"),
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: str(o[0]))
def test_an_operation_comes_back_as_it_went(operation: tuple[str, Any]) -> None:
    pdu = PSPDU(BARE, HI1(operation))
    assert decode(encode(pdu)) == pdu


@pytest.mark.parametrize(
    "operation",
    [
        ("liActivated", NOTICE | {"domainID": DOMAIN[:-1]}),
        ("liModified", NOTICE | {"national-HI1-ASN1parameters":
                                 {"countryCode": "ZZ", "domainID": (0, 4, 0)}}),
        ("liActivated", {}),
        ("liActivated", NOTICE | {"target-Information": b""}),
        ("alarms-indicator", ALARM | {"alarm-information": bytes(257)}),
        ("national-HI1-ASN1parameters", {"countryCode": "ZZZ"}),
        ("liActivated", b"\x30\x00"),
    ],
)  # fmt: skip
def test_what_is_not_sent(operation: tuple[str, Any]) -> None:
    with pytest.raises(EncodeError):
        encode(PSPDU(BARE, HI1(operation)))


def test_another_domain_is_read() -> None:
    """Versions before the sixth had another last arc."""
    octets = encode(PSPDU(BARE, HI1(OPERATIONS[2])))
    older = octets.replace(bytes.fromhex("04000202000106"), bytes.fromhex("04000202000105"))
    payload = decode(older).payload
    assert isinstance(payload, HI1)
    assert payload.operation[1]["domainID"] == (*DOMAIN[:-1], 5)


def test_an_operation_without_its_time_is_refused() -> None:
    octets = encode(PSPDU(BARE, HI1(("national-HI1-ASN1parameters", {"countryCode": "ZZ"}))))
    with pytest.raises(DecodeError):
        decode(octets.replace(b"\xa5\x04\x81\x02", b"\xa1\x04\x81\x02"))
