"""TRI payloads: every alternative as its value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from handover_pdus import BARE, HASH, PLAIN_TRI

from custodes.base.errors import EncodeError
from custodes.wire.ber.constructed import ChoiceNode
from custodes.wire.handover.operator_message import OperatorLeaMessage, OperatorLeaMessagePriority
from custodes.wire.handover.options import PDU_ACKNOWLEDGEMENT, OptionRequest, OptionResponse
from custodes.wire.handover.pdu import PSPDU, decode, encode
from custodes.wire.handover.schema import MODULE, schema
from custodes.wire.handover.tri import KEEP_ALIVE, KEEP_ALIVE_RESPONSE, TRI, from_value, to_value

MESSAGE = OperatorLeaMessage(messagePriority=OperatorLeaMessagePriority.ERROR, message=b"x")
EXTRA = (("", b"\x9f\x50\x00"),)
LATER = ("_unknown", b"\x9f\x51\x00")
VALUES: dict[str, Any] = {
    "integrityCheck": HASH,
    "paddingPDU": b"",
    "operatorLeaMessage": replace(MESSAGE, messagePriority=7, unknown=EXTRA),
    "optionRequest": OptionRequest(requestedOptions=(PDU_ACKNOWLEDGEMENT, LATER), unknown=EXTRA),
    "optionResponse": OptionResponse(
        acceptedOptions=(PDU_ACKNOWLEDGEMENT,), declinedOptions=(LATER,), unknown=EXTRA
    ),
    **dict.fromkeys((*PLAIN_TRI, "keep-alive", "keep-aliveResponse")),
}


def test_these_are_all() -> None:
    choice = schema().type(MODULE, "TRIPayload")
    assert isinstance(choice, ChoiceNode)
    assert {member.name for member in choice.members} == VALUES.keys()


@pytest.mark.parametrize("name", VALUES)
def test_an_alternative_comes_back_as_it_went(name: str) -> None:
    tri = TRI((name, VALUES[name]))
    assert from_value(to_value(tri)) == tri
    assert decode(encode(PSPDU(BARE, tri))).payload == tri


@pytest.mark.parametrize(
    "payload",
    [
        ("keep-alive", b""),
        ("cINReset", 0),
        ("paddingPDU", None),
        ("integrityCheck", {"checkValue": b""}),
        ("optionRequest", VALUES["optionResponse"]),
        ("operatorLeaMessage", replace(MESSAGE, message=b"")),
        ("operatorLeaMessage", replace(MESSAGE, message=bytes(256))),
        ("optionResponse", OptionResponse(acceptedOptions=(LATER,), declinedOptions=(LATER,))),
        ("anotherPDU", None),
        ("_unknown", b"\x83\x00"),  # which is known
    ],
)
def test_what_is_not_sent(payload: tuple[str, Any]) -> None:
    with pytest.raises(EncodeError):
        encode(PSPDU(BARE, TRI(payload)))


def test_keep_alives_are_named() -> None:
    assert encode(PSPDU(BARE, KEEP_ALIVE)).endswith(bytes.fromhex("a204a2028300"))
    assert encode(PSPDU(BARE, KEEP_ALIVE_RESPONSE)).endswith(bytes.fromhex("a204a2028400"))
