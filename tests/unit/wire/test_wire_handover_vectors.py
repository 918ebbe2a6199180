"""The vectors of the PS-PDU as the values that the rest of the system works with.

Whole, octet by octet and with trailing data, they are run in test_wire_vectors.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from wire_vectors import load

from custodes.wire.handover.encryption import EncryptionContainer
from custodes.wire.handover.hi1 import HI1
from custodes.wire.handover.integrity import IntegrityCheck
from custodes.wire.handover.operator_message import OperatorLeaMessage
from custodes.wire.handover.options import OptionRequest, OptionResponse
from custodes.wire.handover.payload import HI4, CCs, IRIs, Unknown
from custodes.wire.handover.pdu import decode
from custodes.wire.handover.tri import TRI

VALID = load("handover_valid.json")
PAYLOADS = {
    "iRIPayloadSequence": IRIs,
    "cCPayloadSequence": CCs,
    "tRIPayload": TRI,
    "hI1-Operation": HI1,
    "encryptionContainer": EncryptionContainer,
    "threeGPP-HI1-Operation": Unknown,
    "iLHIPayload": Unknown,
    "hI4Payload": HI4,
    "_unknown": Unknown,
}
TYPED = {
    "integrityCheck": IntegrityCheck,
    "operatorLeaMessage": OperatorLeaMessage,
    "optionRequest": OptionRequest,
    "optionResponse": OptionResponse,
}


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_a_payload_is_a_value_of_its_own_type(vector: dict[str, Any]) -> None:
    payload = decode(bytes.fromhex(vector["hex"])).payload
    name, value = vector["value"]["payload"]
    assert type(payload) is PAYLOADS[name]
    if isinstance(payload, IRIs):
        assert [item.contents[0] for item in payload.items] == names(value, "iRIContents")
    if isinstance(payload, CCs):
        assert [item.contents[0] for item in payload.items] == names(value, "cCContents")
    if isinstance(payload, TRI):
        assert payload.payload[0] == value[0]
        assert isinstance(payload.payload[1], TYPED.get(value[0], bytes | None))


def names(items: list[dict[str, Any]], component: str) -> list[str]:
    return [item[component][0] for item in items]


def test_there_is_one_of_each() -> None:
    assert {vector["value"]["payload"][0] for vector in VALID} == PAYLOADS.keys()


def test_contents_of_other_modules_are_kept_as_they_came() -> None:
    kept = 0
    for vector in VALID:
        octets = bytes.fromhex(vector["hex"])
        payload = decode(octets).payload
        if isinstance(payload, IRIs | CCs):
            for item in payload.items:
                inner = item.contents[1]
                inner = inner[1] if isinstance(inner, tuple) else inner
                if isinstance(inner, bytes):
                    assert inner in octets
                    kept += 1
    assert kept > 50
