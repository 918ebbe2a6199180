"""X1 over HTTP/1.1 in files and captures: chunks, several messages, packed bodies."""

from __future__ import annotations

import gzip

import pytest
from decode_vectors import capture, decode, kinds, segments, vector

X1 = vector("x1_valid", "ping")
ANSWER = vector("x1_valid", "PingResponse")


def http(body: bytes, *fields: bytes, chunk: int = 0, start: bytes = b"POST /X1 HTTP/1.1") -> bytes:
    if not chunk:
        head = (start, b"Content-Length: %d" % len(body), *fields)
        return b"\r\n".join(head) + b"\r\n\r\n" + body
    pieces = [body[at : at + chunk] for at in range(0, len(body), chunk)]
    framed = b"".join(b"%X;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    head = (start, b"Transfer-Encoding: chunked", *fields)
    return b"\r\n".join(head) + b"\r\n\r\n" + framed + b"0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize("size", [1, 13, 1400])
@pytest.mark.parametrize("chunk", [0, 1, 100, 9999])
def test_several_requests_of_one_connection(size: int, chunk: int) -> None:
    octets = http(X1, chunk=chunk) + http(X1) + http(X1, chunk=chunk)
    messages = decode(capture(segments(octets, size)))
    assert kinds(messages) == ["x1"] * 3
    assert not any(m.undecodable for m in messages)
    assert sum(m.item.length for m in messages) == len(octets)


def test_answers_and_what_is_not_x1() -> None:
    octets = http(ANSWER, start=b"HTTP/1.1 200 OK") + http(b"<html/>", start=b"HTTP/1.1 404 Gone")
    octets += b"HTTP/1.1 204 No Content\r\n\r\n" + http(ANSWER, start=b"HTTP/1.1 200 OK")
    messages = decode(octets)
    assert kinds(messages) == ["x1", "http", "http", "x1"]
    assert messages[0].item.note == "HTTP/1.1 200 OK"
    assert not any(m.undecodable for m in messages)


@pytest.mark.parametrize("chunk", [0, 50])
def test_a_packed_body_is_said_and_the_next_is_read(chunk: int) -> None:
    fields = (b"Content-Encoding: gzip", b"Content-Type: application/xml")
    octets = http(gzip.compress(X1), *fields, chunk=chunk) + http(X1)
    packed, plain = decode(octets)
    (fault,) = packed.faults
    assert "packed (gzip)" in fault.what
    assert fault.undecodable
    assert (plain.kind, plain.undecodable) == ("x1", False)
    (other,) = decode(http(gzip.compress(b"{}"), b"content-encoding: gzip"))
    assert [fault.undecodable for fault in other.faults] == [False]
    (plain,) = decode(http(X1, b"Content-Encoding: identity"))
    assert plain.kind == "x1"


def test_empty_lines_before_a_message_are_let_pass() -> None:
    octets = http(X1) + b"\r\n" + http(X1) + b"\r\n\r\n\r\n" + http(X1)
    for messages in (decode(octets), decode(capture(segments(octets, 1)))):
        assert [(m.kind, m.undecodable) for m in messages] == [("x1", False)] * 3


def test_what_is_no_http_behind_a_message_is_said() -> None:
    whole, rest = decode(http(X1) + b"\xff\xfe\xfd" * 9)
    assert not whole.undecodable
    assert rest.undecodable
    assert rest.item.offset == len(http(X1))
