"""Payloads of a PS-PDU: what their values promise beyond the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from handover_pdus import BARE, CC, ENCRYPTED, HEADER, IRI, NOTIFICATION

from custodes.base.errors import EncodeError
from custodes.wire.handover.payload import HI4, CCs, IRIs, Unknown, from_value, to_value
from custodes.wire.handover.pdu import PSPDU, decode, encode
from custodes.wire.handover.times import TimeStampQualifier


def test_aggregated_content_has_a_time_each() -> None:
    bare = replace(CC, timestamp=None, timeStampQualifier=None)
    assert decode(encode(PSPDU(HEADER, CCs((bare,))))).payload == CCs((bare,))
    for items in ((CC, bare), (bare, CC), (bare, bare)):
        with pytest.raises(EncodeError, match="a time of each"):
            to_value(CCs(items))


def test_a_qualifier_without_a_time_is_not_sent() -> None:
    for item in (replace(CC, timestamp=None), replace(IRI, timestamp=None)):
        payload = CCs((item,)) if item.contents == CC.contents else IRIs((item,))  # type: ignore[arg-type]
        with pytest.raises(EncodeError, match="without a time"):
            to_value(payload)


@pytest.mark.parametrize(
    "name",
    ["iRIPayloadSequence", "cCPayloadSequence", "tRIPayload", "hI1-Operation",
     "encryptionContainer", "hI4Payload"],
)  # fmt: skip
def test_a_payload_with_a_type_is_not_sent_around_its_checks(name: str) -> None:
    with pytest.raises(EncodeError, match="type of its own"):
        to_value(Unknown((name, [])))


@pytest.mark.parametrize(
    "payload",
    [("threeGPP-HI1-Operation", b"\xa5\x02\x05\x00"), ("iLHIPayload", [b"\x30\x00"]),
     ("_unknown", b"\x9f\x50\x00")],
)  # fmt: skip
def test_what_is_not_opened_is_kept(payload: tuple[str, Any]) -> None:
    pdu = PSPDU(BARE, Unknown(payload))
    assert decode(encode(pdu)) == pdu


def test_values_are_values_of_the_table() -> None:
    for payload in (IRIs((IRI,)), CCs((CC, CC)), HI4((NOTIFICATION,)), ENCRYPTED):
        assert from_value(*to_value(payload)) == payload


def test_only_the_newer_form_of_a_time_is_sent() -> None:
    header = replace(HEADER, timeStampQualifier=TimeStampQualifier.AGGREGATION)
    octets = encode(PSPDU(header, CCs((CC,))))
    assert b"\x85\x0f2026" not in octets
    assert octets.count(bytes.fromhex("0b80046955b900810301e240")) == 2
