"""X1 before foreign judges: the published schemas (libxml2) and foreign samples."""

from __future__ import annotations

import copy
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from x1_schema import x1_schema
from x1_values import requests, responses

from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.message import (
    BadRequest,
    TopLevelErrorResponse,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    encode_top_level_error,
    read_request,
)

_SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
    ],
)
REQUESTS = ("ActivateTaskRequest_example", "MultiRequest_example", "PingRequest_example")
RESPONSES = (
    "ActivateTaskResponse_example",
    "ErrorResponse_example",
    "MultipleResponses_example",
    "PingResponse_example",
    "ConverterTest/ActivateTaskResponse_example",
)
TOP_LEVEL = ("TopLevelErrorResponse_example", "ConverterTest/TopLevelErrorResponse_example")


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    return x1_schema(shared)


def sample(shared: Path, name: str) -> bytes:
    return (shared / "samples" / "x1_xml" / f"{name}.xml").read_bytes()


def judge(schema: etree.XMLSchema, octets: bytes) -> None:
    assert schema.validate(etree.fromstring(octets)), schema.error_log.last_error


@pytest.mark.parametrize("name", REQUESTS)
def test_a_sample_request_round_trips(shared: Path, schema: etree.XMLSchema, name: str) -> None:
    messages = decode_request(sample(shared, name))
    octets = encode_request(messages)
    judge(schema, octets)
    assert decode_request(octets) == messages


@pytest.mark.parametrize("name", RESPONSES)
def test_a_sample_response_round_trips(shared: Path, schema: etree.XMLSchema, name: str) -> None:
    messages = decode_response(sample(shared, name))
    assert isinstance(messages, tuple)
    octets = encode_response(messages)
    judge(schema, octets)
    assert decode_response(octets) == messages


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_a_sample_top_level_error_round_trips(
    shared: Path, schema: etree.XMLSchema, name: str
) -> None:
    error = decode_response(sample(shared, name))
    assert isinstance(error, TopLevelErrorResponse)
    octets = encode_top_level_error(error)
    judge(schema, octets)
    assert decode_response(octets) == error


def test_a_response_without_messages_is_refused(shared: Path) -> None:
    with pytest.raises(X1DecodeError, match="holds no message") as caught:
        decode_response(sample(shared, "NoResponsesInResponseContainer_example"))
    assert caught.value.code == ErrorCode.SYNTAX


def test_a_request_without_messages_is_refused(shared: Path) -> None:
    octets = sample(shared, "X1HttpServerHandlerTest/EmptyRequest_example")
    with pytest.raises(X1DecodeError, match="holds no message") as caught:
        read_request(octets)
    assert caught.value.code == ErrorCode.SYNTAX


def test_a_bad_version_is_an_error_of_version_bound_to_its_message(shared: Path) -> None:
    octets = sample(shared, "X1HttpServerHandlerTest/BadVersionRequest_example")
    [bad] = read_request(octets)
    assert isinstance(bad, BadRequest)
    assert bad.error.code == ErrorCode.VERSION
    assert str(bad.x1TransactionId) == "3741800e-971b-4aa9-85f4-466d2b1adc7f"


@_SLOW
@given(messages=st.lists(requests(), min_size=1, max_size=2))
def test_every_request_we_can_make_is_valid(schema: etree.XMLSchema, messages: list) -> None:
    octets = encode_request(messages)
    judge(schema, octets)
    assert list(decode_request(octets)) == messages


@_SLOW
@given(messages=st.lists(responses(), min_size=1, max_size=2))
def test_every_response_we_can_make_is_valid(schema: etree.XMLSchema, messages: list) -> None:
    octets = encode_response(messages)
    judge(schema, octets)
    decoded = decode_response(octets)
    assert isinstance(decoded, tuple)
    assert list(decoded) == messages


_WRONG_TEXTS = ("", " ", "x", "0", "-1", "1 2", "TRUE", "99999999999", "2026-01-01T00:00:00Z", "é")


def _mutate(root: etree._Element, dice: random.Random) -> etree._Element:
    """One small change somewhere: what a schema must judge."""
    root = copy.deepcopy(root)
    nodes = [n for n in root.iter() if n is not root]
    node = dice.choice(nodes)
    parent = node.getparent()
    change = dice.randrange(7)
    if change == 0:
        parent.remove(node)
    elif change == 1:
        node.addnext(copy.deepcopy(node))
    elif change == 2:
        node.text = dice.choice(_WRONG_TEXTS)
    elif change == 3:
        node.tag = dice.choice(nodes).tag
    elif change == 4:
        node.set(dice.choice(["a", "id"]), "1")
    elif change == 5:
        dice.choice(nodes).append(copy.deepcopy(node)) if len(node) == 0 else node.clear()
    else:
        node.tail = "x"
    return root


@settings(_SLOW, max_examples=120)
@given(message=requests(), seed=st.integers(0, 2**32))
def test_what_the_schema_refuses_we_refuse(
    schema: etree.XMLSchema, message: object, seed: int
) -> None:
    original = etree.fromstring(encode_request([message]))
    mutant = _mutate(original, random.Random(seed))
    octets = etree.tostring(mutant)
    valid = schema.validate(etree.fromstring(octets))
    try:
        decode_request(octets)
    except X1DecodeError:
        return
    raw = [n for n in mutant.iter() if str(n.tag).startswith("{urn:3GPP")]
    assert valid or raw, schema.error_log.last_error
