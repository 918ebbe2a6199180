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


def test_namespaces_are_bounded_below_the_root_as_well() -> None:
    # 335,000 octets took 20 seconds: each xsi:type below was looked up in all of them.
    declared = b"".join(b' xmlns:n%d="u:%d"' % (n, n) for n in range(200))
    one = b"<b" + declared + b">%s</b>"
    assert parse(b"<a>" + one % b"" + one % b"" + b"</a>", Limits()).tag == "a"
    more = declared.replace(b"xmlns:n", b"xmlns:m")
    assert "namespaces" in refusal(b"<a>" + one % (b"<c" + more + b"/>") + b"</a>")
    assert "namespaces" in refusal(b"<a>" + one % (b"<b" + declared + b"/>") + b"</a>")


def test_attributes_of_one_element_are_bounded() -> None:
    # 80,000 of them took canonical XML 24 seconds.
    def root(count: int) -> bytes:
        return b"<a" + b"".join(b' a%d=""' % n for n in range(count)) + b"/>"

    assert len(parse(root(256), Limits()).attrib) == 256
    assert "attributes" in refusal(root(257))


def test_ascii_is_held_to_its_declaration() -> None:
    for name in ("US-ASCII", "ascii"):
        declared = b'<?xml version="1.0" encoding="%s"?>' % name.encode()
        assert parse(declared + b"<a>e</a>", Limits()).text == "e"
        assert "ASCII" in refusal(declared + "<a>\u00e9</a>".encode())
    parse(b'<?xml version="1.0" encoding="UTF8"?><a/>', Limits())


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


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{_LAUGHS}]><a>&l9;</a>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>',
        '<!DOCTYPE a PUBLIC "-//A//B" "http://192.0.2.1/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]><a/>',
        '<!DOCTYPE a [<!ATTLIST a b CDATA "default">]><a/>',
        '<?xml version="1.0"?>\n<!-- first -->\n<!DOCTYPE a><a/>',
        "\ufeff<!DOCTYPE a><a/>",
        "<a><![CDATA[<!ENTITY]]></a>",
    ],
)
def test_definitions_are_refused_whatever_they_define(document: str) -> None:
    assert refusal(document.encode()) == "the document has a document type definition"


@pytest.mark.parametrize("entity", ["&x;", "&nbsp;", "&#0;", "&#x0;", "&#xFFFE;", "&#xD800;", "&"])
def test_an_entity_that_xml_does_not_have_is_refused(entity: str) -> None:
    assert "not well-formed" in refusal(f"<a>{entity}</a>".encode())
    assert "not well-formed" in refusal(f'<a b="{entity}"/>'.encode())


def test_xml_s_own_entities_are_their_characters() -> None:
    assert parse(b"<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x41;</a>", Limits()).text == "<>&\"'AA"


def test_what_nests_deeper_than_the_parser_goes_is_refused_early() -> None:
    for levels in (300, 300_000):
        assert "too deep" in refusal(b"<a>" * levels + b"</a>" * levels)
        assert "too deep" in refusal(b"<a>" * levels)


def test_text_and_attributes_are_bounded_by_the_document() -> None:
    size = Limits().octets - 100
    assert len(parse(b"<a>" + b"x" * size + b"</a>", Limits()).text or "") == size
    assert len(parse(b'<a b="' + b"x" * size + b'"/>', Limits()).get("b") or "") == size
    for octets in (b"<a>" + b"x" * size * 2 + b"</a>", b'<a b="' + b"x" * size * 2 + b'"/>'):
        assert "longer than" in refusal(octets)
    assert "not well-formed" in refusal(b"<" + b"a" * 60_000 + b"/>")
    assert "not well-formed" in refusal(b'<a b="1" b="1"/>')


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1", "cp500", "shift-jis"])
def test_octets_of_another_encoding_are_refused(encoding: str) -> None:
    text = "é" if encoding in ("latin-1", "cp500") else "日"
    for start in ("", f'<?xml version="1.0" encoding="{encoding}"?>'):
        assert "not UTF-8" in refusal(f"{start}<a>{text}</a>".encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-7"])
def test_octets_that_look_like_utf_8_but_are_no_xml_are_refused(encoding: str) -> None:
    octets = "<a/>".encode(encoding) if encoding != "utf-7" else b"+ADw-a/+AD4-"
    assert "not well-formed" in refusal(octets)


@pytest.mark.parametrize(
    "octets",
    [b"<a>\xc0\xbcb/></a>", b"<a>\xed\xa0\x80</a>", b"<a>\xf4\x90\x80\x80</a>", b"\xff<a/>"],
)
def test_utf_8_is_the_shortest_form_of_a_character_that_there_is(octets: bytes) -> None:
    assert "not UTF-8" in refusal(octets)


def test_a_byte_order_mark_stands_first_and_once() -> None:
    mark = b"\xef\xbb\xbf"
    assert parse(mark + b'<?xml version="1.0"?>' + ROOT, Limits()).tag == "a"
    assert parse(b"<a>" + mark + b"</a>", Limits()).text == "\ufeff"
    for octets in (mark + mark + ROOT, b" " + mark + ROOT, ROOT + mark):
        assert "not well-formed" in refusal(octets)


@pytest.mark.parametrize(
    "octets", [b"\0<a/>", b"<a/>\0", b"<\0a/>", b'<a b="\0"/>', b"<a>\x01</a>"]
)
def test_nul_and_control_characters_are_refused(octets: bytes) -> None:
    assert "not well-formed" in refusal(octets)


def test_instructions_and_comments_are_as_if_they_were_not() -> None:
    octets = (
        b'<?xml-stylesheet href="http://192.0.2.1/x"?><!-- c --><a>b<?pi x?>c<!-- d -->d</a><?pi?>'
    )
    root = parse(octets, Limits())
    assert root.text == "bcd"
    assert len(root) == 0
    assert root.getprevious() is None


def test_nothing_is_included() -> None:
    include = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="x" parse="text"/>'
    root = parse(b"<a>" + include + b"</a>", Limits())
    assert root[0].tag == "{http://www.w3.org/2001/XInclude}include"


@pytest.mark.parametrize(
    "octets",
    [
        b'<?xml version="1.0"?><?xml version="1.0"?><a/>',
        b' <?xml version="1.0"?><a/>',
        b"<a/><a/>",
        b"<p:a/>",
        b'<a p:b="1"/>',
        b"<!doctype a><a/>",
        b"   ",
    ],
)
def test_a_second_start_or_an_unbound_prefix_is_refused(octets: bytes) -> None:
    assert "not well-formed" in refusal(octets)


def test_a_refusal_is_one_line_and_repeats_nothing() -> None:
    for octets in (b"<secret>", b'<?xml version="1.0" encoding="secret"?><a/>', b"<a>&secret;</a>"):
        what = refusal(octets)
        assert "\n" not in what
        assert "secret" not in what
