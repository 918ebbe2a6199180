"""X1 before foreign judges: the published schemas (libxml2) and foreign samples."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from x1_bounds import message as ping
from x1_instances import X1, published
from x1_mutants import (
    MUTATIONS,
    mutate,
    only_libxml2_refuses_its_uri,
    without_unknown_extensions,
)
from x1_schema import schema_files, x1_schema
from x1_values import requests, responses

from custodes.session.x1.responder import Responder
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.error_messages import ErrorResponse
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.header import CURRENT_VERSION
from custodes.wire.x1.liveness_messages import PingResponse
from custodes.wire.x1.message import (
    BadRequest,
    RequestMessage,
    ResponseMessage,
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
PAGE = Path(__file__).resolve().parents[2] / "docs" / "interfaces" / "x1.md"
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
# The samples that are refused, and how; all others are accepted.
BAD_SAMPLES = {
    "NoResponsesInResponseContainer_example.xml": "1010",
    "X1HttpServerHandlerTest/EmptyRequest_example.xml": "1010, top-level error",
    "X1HttpServerHandlerTest/BadVersionRequest_example.xml": "1020",
}


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    return x1_schema(shared)


def samples(shared: Path) -> dict[str, bytes]:
    """All of them, by their path below the folder."""
    folder = shared / "samples" / "x1_xml"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.xml"))}


def judge(schema: etree.XMLSchema, octets: bytes) -> None:
    assert schema.validate(etree.fromstring(octets)), schema.error_log.last_error


def decode(octets: bytes) -> Any:
    is_request = etree.fromstring(octets).tag == f"{{{X1}}}X1Request"
    return decode_request(octets) if is_request else decode_response(octets)


def encode(value: Any) -> bytes:
    if isinstance(value, TopLevelErrorResponse):
        return encode_top_level_error(value)
    return (encode_request if isinstance(value[0], RequestMessage) else encode_response)(value)


def verdict(octets: bytes) -> str:
    """How a sample is taken: the error, in the words of the page, or ``accepted``."""
    if etree.fromstring(octets).tag != f"{{{X1}}}X1Request":
        try:
            decode_response(octets)
        except X1DecodeError as error:
            return f"{error.code}"
        return "accepted"
    exchange = Responder("neID").receive(octets, "admfID", NOW)
    if exchange.error is not None:
        assert isinstance(decode_response(exchange.octets(NOW)), TopLevelErrorResponse)
        return f"{exchange.error.code}, top-level error"
    if exchange.complete:
        return "accepted"
    [refused] = decode_response(exchange.octets(NOW))
    return f"{refused.body.errorInformation.errorCode}"


def test_the_samples_are_accepted_but_for_three(shared: Path, schema: etree.XMLSchema) -> None:
    found = {name: verdict(octets) for name, octets in samples(shared).items()}
    assert len(found) == 13
    assert {name: v for name, v in found.items() if v != "accepted"} == BAD_SAMPLES
    for name, octets in samples(shared).items():
        assert schema.validate(etree.fromstring(octets)) == (name not in BAD_SAMPLES), name


def test_an_accepted_sample_round_trips(shared: Path, schema: etree.XMLSchema) -> None:
    for name in set(samples(shared)) - set(BAD_SAMPLES):
        messages = decode(samples(shared)[name])
        octets = encode(messages)
        judge(schema, octets)
        assert decode(octets) == messages


def test_the_page_says_which_error_a_bad_sample_gets() -> None:
    part = PAGE.read_text().split("\n### Samples\n", 1)[1].split("\n#", 1)[0]
    rows = [line.split("|") for line in part.splitlines() if line.startswith("| `")]
    assert {row[1].strip(" `"): row[2].strip() for row in rows} == BAD_SAMPLES


def test_a_bad_version_is_an_error_of_version_bound_to_its_message(shared: Path) -> None:
    octets = samples(shared)["X1HttpServerHandlerTest/BadVersionRequest_example.xml"]
    [bad] = read_request(octets)
    assert isinstance(bad, BadRequest)
    assert bad.error.code == ErrorCode.VERSION
    assert str(bad.x1TransactionId) == "3741800e-971b-4aa9-85f4-466d2b1adc7f"


def answer_to(schema: etree.XMLSchema, version: str) -> ResponseMessage:
    """A responder's answer to a ping of that version; it is valid whatever was asked."""
    exchange = Responder("ne").receive(ping(version=version).encode(), "admf", NOW)
    for request in exchange.requests:
        exchange.answer(request.header.x1TransactionId, PingResponse(oK="AcknowledgedAndCompleted"))
    octets = exchange.octets(NOW)
    judge(schema, octets)
    [message] = decode_response(octets)
    assert message.header.x1TransactionId == UUID(int=1)
    return message


VERSIONS = [f"v1.{minor}.{patch}" for minor in range(6, 23) for patch in range(1, 4)][:-2]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_in_the_field_is_answered_in_kind(schema: etree.XMLSchema, version: str) -> None:
    message = answer_to(schema, version)
    assert message.body == PingResponse(oK="AcknowledgedAndCompleted")
    assert message.header.version == version


@pytest.mark.parametrize(
    "version",
    [
        *("v1.5.1", "v1.5.999", "v1.6.0", "v1.22.2", "v1.23.1", "v1.100.1", "v1.0.0", "v0.6.1"),
        *("v2.6.1", "v2.1.1", "v11.6.1", "V1.22.1", "1.22.1", "v1.22", "v1.22.1.1", "v1.22.1 "),
        *("v1.-6.1", "v1.+6.1", "", "v1.1234567890.1"),
    ],
)
def test_another_version_is_refused_as_such(schema: etree.XMLSchema, version: str) -> None:
    message = answer_to(schema, version)
    assert isinstance(message.body, ErrorResponse)
    assert message.body.errorInformation.errorCode == ErrorCode.VERSION
    assert message.header.version == CURRENT_VERSION


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


def test_what_the_schema_refuses_of_ours_we_refuse(shared: Path, schema: etree.XMLSchema) -> None:
    """Of any namespace: extensions of 3GPP's are read as strictly as X1 itself."""
    known = frozenset(schema_files(shared))
    invalid: Counter[str] = Counter()

    @settings(_SLOW, max_examples=150)
    @given(message=requests() | responses(), seed=st.integers(0, 2**32))
    def run(message: Any, seed: int) -> None:
        dice = random.Random(seed)
        octets = encode([message])
        for name in MUTATIONS:
            mutant = mutate(octets, name, dice)
            if mutant is None:
                continue
            root = without_unknown_extensions(etree.fromstring(mutant), known)
            if schema.validate(root) or only_libxml2_refuses_its_uri(
                schema, published(shared), root
            ):
                continue
            invalid[name] += 1
            with pytest.raises(X1DecodeError):
                decode(mutant)

    run()
    assert set(invalid) == set(MUTATIONS)
    assert sum(invalid.values()) > 1000
