"""Instances made from the XSD by another library (xmlschema), judged by libxml2 and by our codec.

Valid: accepted, and decode, encode, decode give equal values. Mutated and refused by the schema:
refused by us with one line.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from test_conformance_x1 import _mutate
from x1_instances import documents, message_types, published
from x1_schema import x1_schema
from x1_values import headers, values

from custodes.wire.x1.catalogue import REQUESTS, RESPONSES
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.message import (
    RequestMessage,
    ResponseMessage,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)

_FEW = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
KINDS = sorted([*REQUESTS, *RESPONSES])

# Whole tasks take the generator minutes: not generated here. The two requests among them are made
# from our own model and mutated in test_what_the_schema_refuses_we_refuse; the responses are not.
_SLOW_KINDS = {
    "ActivateTaskRequest",
    "ModifyTaskRequest",
    "GetTaskDetailsResponse",
    "GetAllTaskDetailsResponse",
    "GetAllDetailsResponse",
}


@pytest.fixture(scope="session")
def judge(shared: Path) -> etree.XMLSchema:
    return x1_schema(shared)


def decode(kind: str, octets: bytes) -> Any:
    return decode_request(octets) if kind in REQUESTS else decode_response(octets)


def test_the_codec_has_every_message_type_of_the_schema(shared: Path) -> None:
    schema = published(shared)
    assert message_types(schema, "X1RequestMessage") == sorted(REQUESTS)
    assert message_types(schema, "X1ResponseMessage") == sorted(RESPONSES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_type_of_our_model_is_valid(judge: etree.XMLSchema, kind: str) -> None:
    body = REQUESTS.get(kind) or RESPONSES[kind]

    @_FEW
    @given(header=headers(), value=values(body))
    def run(header: Any, value: Any) -> None:
        if kind in REQUESTS:
            octets = encode_request([RequestMessage(header=header, body=value)])
        else:
            octets = encode_response([ResponseMessage(header=header, body=value)])
        assert judge.validate(etree.fromstring(octets)), judge.error_log.last_error
        [message] = decode(kind, octets)
        assert (message.header, message.body) == (header, value)

    run()


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in _SLOW_KINDS])
def test_a_generated_instance_is_accepted_and_its_mutants_judged(
    shared: Path, judge: etree.XMLSchema, kind: str
) -> None:
    @settings(_FEW, max_examples=3)
    @given(text=documents(published(shared), kind), seed=st.integers(0, 2**32))
    def run(text: str, seed: int) -> None:
        root = etree.fromstring(text)
        assert judge.validate(root), judge.error_log.last_error
        messages = decode(kind, text.encode())
        again = (encode_request if kind in REQUESTS else encode_response)(messages)
        assert judge.validate(etree.fromstring(again)), judge.error_log.last_error
        assert decode(kind, again) == messages
        dice = random.Random(seed)
        for _ in range(4):
            octets = etree.tostring(_mutate(root, dice))
            if judge.validate(etree.fromstring(octets)):
                continue
            with pytest.raises(X1DecodeError) as caught:
                decode(kind, octets)
            assert caught.value.what
            assert "\n" not in caught.value.what

    run()
