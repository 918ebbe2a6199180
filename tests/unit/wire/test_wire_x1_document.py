"""Hardened reading of XML: what a document may cost is bounded before it is paid."""

from __future__ import annotations

import pytest

from custodes.wire.x1.document import Limits, parse
from custodes.wire.x1.errors import X1DecodeError

ROOT = b"<a/>"


def refusal(octets: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(X1DecodeError) as error:
        parse(octets, limits or Limits())
    return error.value.what


def test_a_declaration_is_read() -> None:
    for encoding in ("UTF-8", "utf-8", "US-ASCII"):
        assert (
            parse(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode(), Limits()).tag == "a"
        )
    assert parse(b"\xef\xbb\xbf" + ROOT, Limits()).tag == "a"


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-7", "ISO-8859-1", "EBCDIC-CP-US", ""])
def test_another_encoding_is_refused(encoding: str) -> None:
    octets = f"<?xml version='1.0' encoding='{encoding}'?><a/>".encode()
    assert "another encoding" in refusal(octets)


def test_a_declaration_without_end_is_refused_before_it_is_searched() -> None:
    # Searching this took time in the square of its length: minutes for what Limits allow.
    octets = b'<?xml version="1.0" ' + b'encoding="" ' * 300_000 + ROOT
    assert "declaration" in refusal(octets)


def test_namespaces_are_bounded() -> None:
    # Each message looks its prefix up in all of the root's: messages times namespaces.
    def root(count: int) -> bytes:
        return b"<a" + b"".join(b' xmlns:n%d="u:%d"' % (n, n) for n in range(count)) + b"/>"

    assert parse(root(256), Limits()).tag == "a"
    assert "namespaces" in refusal(root(257))


def test_size_depth_and_definitions_are_bounded() -> None:
    assert "longer than 10 octets" in refusal(b"<a>" + b" " * 8 + b"</a>", Limits(octets=10))
    deep = b"<a>" * 5 + b"</a>" * 5
    assert parse(deep, Limits(depth=5)).tag == "a"
    assert "deeper than 4" in refusal(deep, Limits(depth=4))
    for octets in (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', b"<!DOCTYPE a><a/>"):
        assert "document type" in refusal(octets)


@pytest.mark.parametrize("octets", [b"", b"<a>", b"\xff\xfea", b"<a>&x;</a>", b"<a>\0</a>"])
def test_what_is_no_document_is_refused(octets: bytes) -> None:
    assert refusal(octets)
