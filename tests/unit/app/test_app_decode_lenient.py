"""Leniencies: none by default, the option that would help is named, each use is shown."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from decode_vectors import capture, decode, segments, tcp, vector

from custodes.app.decode.lenient import ALL, Option, Reading
from custodes.app.decode.message import Message, to_object
from custodes.app.decode.render import lines
from custodes.app.decode.source import Source
from custodes.app.demo_packets import ipv4
from custodes.wire.x1.catalogue import RESPONSES

SWAPPED = vector("x2x3_invalid", "version-swapped")
MILLISECONDS = vector("x1_invalid", "timestamp-milliseconds")
REQUEST = vector("x1_valid", "get-task")


def lenient(octets: bytes, *options: Option) -> list[Message]:
    return list(Source("test", io.BytesIO(octets), reading=Reading(frozenset(options))).messages())


def untyped(name: str) -> bytes:
    return re.sub(rb'(<x1:x1ResponseMessage) xsi:type="[^"]*"', rb"\1", vector("x1_valid", name))


CASES: list[Any] = [
    (SWAPPED, Option.SWAPPED_VERSION, "X2 PDU/version"),
    (
        MILLISECONDS,
        Option.MILLISECOND_TIMES,
        "X1/X1Request/x1RequestMessage/messageTimestamp",
    ),
    (untyped("PingResponse"), Option.UNTYPED_RESPONSES, "X1/X1Response/x1ResponseMessage"),
]


@pytest.mark.parametrize(("octets", "option", "path"), CASES)
def test_strict_by_default_and_the_option_is_named(
    octets: bytes, option: Option, path: str
) -> None:
    (message,) = decode(octets)
    (error,) = to_object(message)["errors"]
    assert (error["lenient"], error["path"]) == (option.value, path)
    text = "\n".join("".join(t for t, _ in line) for line in lines(message))
    assert f"--lenient {option.value} reads it" in text
    others = [other for other in ALL if other is not option]
    assert lenient(octets, *others)[0].undecodable


@pytest.mark.parametrize(("octets", "option", "path"), CASES)
def test_each_use_is_shown_at_its_place(octets: bytes, option: Option, path: str) -> None:
    (message,) = lenient(octets, option)
    assert not message.undecodable
    (use,) = to_object(message)["tolerated"]
    assert (use["lenient"], use["path"]) == (option.value, path)
    text = "\n".join("".join(t for t, _ in line) for line in lines(message))
    assert f"~  tolerated by {option.value}" in text
    assert to_object(lenient(octets, *ALL)[0])["tolerated"] == [use]


def test_what_needs_none_uses_none() -> None:
    for octets in (
        vector("x2x3_valid", "attribute-8"),
        REQUEST,
        vector("x1_valid", "PingResponse"),
    ):
        (message,) = lenient(octets, *ALL)
        assert "tolerated" not in to_object(message)


def test_the_version_is_shown_as_it_is_meant() -> None:
    (message,) = lenient(SWAPPED, Option.SWAPPED_VERSION)
    assert to_object(message)["value"]["version"] == "0.5"
    (message,) = lenient(b"\x05\x01" + SWAPPED[2:], Option.SWAPPED_VERSION)
    assert message.undecodable
    assert "lenient" not in to_object(message)["errors"][0]
    (message,) = decode(b"\x07\x00" + SWAPPED[2:], "x2x3")
    assert "lenient" not in to_object(message)["errors"][0]


def test_several_options_that_are_needed_together_are_named() -> None:
    octets = untyped("PingResponse").replace(b"678901Z", b"678Z")
    error = to_object(decode(octets)[0])["errors"][0]
    assert error["lenient"] == "millisecondTimes --lenient untypedResponses"
    assert not lenient(octets, *ALL)[0].undecodable


def test_what_no_option_reads_names_none() -> None:
    for name in ("uuid-upper-case", "target-unknown", "empty"):
        for message in decode(vector("x1_invalid", name)):
            assert all("lenient" not in error for error in to_object(message)["errors"])


def test_an_answer_is_read_as_its_request_in_the_same_capture_says() -> None:
    # The answer to another operation has the same elements: only the request tells them apart.
    body = untyped("task-details")
    transaction = re.search(rb"<x1:x1TransactionId>([^<]*)<", body)
    assert transaction is not None
    request = re.sub(
        rb"(<x1:x1TransactionId>)[^<]*", rb"\g<1>" + transaction[1], vector("x1_valid", "get-task")
    )
    head = b"POST /X1/NE HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(request)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    reading = Reading(ALL)
    packets = [*segments(head + request, 200), _back(answer)]
    messages = list(Source("t", io.BytesIO(capture(packets)), reading=reading).messages())
    assert [m.kind for m in messages] == ["x1", "x1"]
    assert not any(m.undecodable for m in messages)
    assert [kind.__name__ for kind in reading.expected.values()] == ["GetTaskDetailsResponse"]
    wrong = Reading(ALL)
    for transaction_id in reading.expected:
        wrong.expect(transaction_id, RESPONSES["PingResponse"])
    (message,) = Source("t", io.BytesIO(body), reading=wrong).messages()
    assert message.undecodable


def _back(payload: bytes) -> bytes:
    segment = tcp(1, payload, 0x18, (2, 1))[20:]
    return ipv4("198.51.100.2", "192.0.2.1", 6, segment)


def test_a_foreign_error_code_is_told_and_needs_no_option() -> None:
    octets = re.sub(rb"(<x1:errorCode>)\d+", rb"\g<1>987654", vector("x1_valid", "error"))
    (message,) = decode(octets)
    assert not message.undecodable
    (violation,) = to_object(message)["violations"]
    assert "error code" in violation["what"]
    assert violation["path"].endswith("/errorCode")
