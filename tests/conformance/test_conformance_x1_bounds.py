"""Where the codec and the published schema part, on purpose: all of it is on the page."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from lxml import etree
from x1_bounds import REFUSED, TAKEN, message, nested, task
from x1_instances import published
from x1_schema import x1_schema

from custodes.wire.x1.common import ANY_URI
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.message import decode_request, encode_request
from custodes.wire.x1.simple import Refusal

PAGE = Path(__file__).resolve().parents[2] / "docs" / "interfaces" / "x1.md"


@pytest.fixture(scope="session")
def judge(shared: Path) -> etree.XMLSchema:
    return x1_schema(shared)


def octets(document: str | bytes) -> bytes:
    return document.encode() if isinstance(document, str) else document


def listed(heading: str) -> list[str]:
    """The first cells of the table under a heading of the page."""
    part = PAGE.read_text().split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")]
    return [row.split("|")[1].strip().strip("`") for row in rows[1:]]


def valid(judge: etree.XMLSchema, document: bytes) -> bool:
    return bool(judge.validate(etree.fromstring(document, etree.XMLParser(huge_tree=True))))


def test_the_page_lists_every_difference() -> None:
    assert listed("Allowed by the schema, refused by us") == list(REFUSED)
    assert listed("Refused by the schema, taken by us") == list(TAKEN)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bound_of_ours_is_narrower_than_the_schema(judge: etree.XMLSchema, name: str) -> None:
    what, documents = REFUSED[name]
    for document in map(octets, documents):
        assert valid(judge, document), judge.error_log.last_error
        with pytest.raises(X1DecodeError) as caught:
            decode_request(document)
        assert re.search(what, caught.value.what)
        assert "\n" not in caught.value.what


@pytest.mark.parametrize(
    "document",
    [
        message(version="v1.123456789.123456789"),
        message(moment="9999-12-31T23:59:59.999999+14:00"),
        message(moment="2026-12-31T24:00:00.000000Z"),
        message(before='<?xml version="1.0"?>\n<!-- a comment --><?pi x?>'),
        task(f"<correlationID>{'1' * 24}</correlationID>"),
        nested(8),
    ],
)
def test_what_is_just_within_a_bound_is_accepted(judge: etree.XMLSchema, document: str) -> None:
    assert valid(judge, octets(document)), judge.error_log.last_error
    messages = decode_request(octets(document))
    assert decode_request(encode_request(messages)) == messages


@pytest.mark.parametrize("name", TAKEN)
def test_what_we_take_beyond_the_judge(shared: Path, judge: etree.XMLSchema, name: str) -> None:
    for document in map(octets, TAKEN[name]):
        assert not valid(judge, document)
        messages = decode_request(document)
        if name != "unread request":  # it is answered, never sent on
            assert decode_request(encode_request(messages)) == messages
        if not name.startswith("un"):  # the schema is not what is wanting: the judges differ
            assert published(shared).is_valid(etree.fromstring(document))


_PARTS = (
    *("http", "sip", "a", "1", "99999999999", "::1", "[::1]", "2001:db8::1", "é", "\U0001f512"),
    *(":", "/", "//", "?", "#", "[", "]", "@", "%", "%20", "%4", "%g0", " ", "\u00a0", "-", "+"),
    *(".", "\\", "<", "|", "^", "{", "`", '"', "'", "~", "_", "$", "&", "=", ",", ";", "!", "("),
)


def test_a_uri_is_what_libxml2_says_it_is() -> None:
    source = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:element name="u" type="xs:anyURI"/></xs:schema>'
    )
    alone, dice, node = (
        etree.XMLSchema(etree.fromstring(source)),
        random.Random(1),
        etree.Element("u"),
    )
    verdicts = [0, 0]
    for _ in range(30_000):
        node.text = "".join(dice.choices(_PARTS, k=dice.randint(1, 8)))
        try:
            ANY_URI.read(node.text)
        except Refusal:
            accepted = False
        else:
            accepted = True
        assert accepted == alone.validate(node), node.text
        verdicts[accepted] += 1
    assert min(verdicts) > 5_000
