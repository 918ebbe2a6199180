"""A bad octet is shown where it stands: place, path, neighbours, what was expected, whose fault."""

from __future__ import annotations

import pytest
from decode_vectors import capture, decode, segments, tcp, vector
from hypothesis import given
from hypothesis import strategies as st

from custodes.app.decode import window
from custodes.app.decode.fit import fit
from custodes.app.decode.message import Message, to_object
from custodes.app.decode.render import Line, lines

X2 = vector("x2x3_valid", "attribute-17")
PS_PDU = vector("handover_valid", "ps-pdu-iri")


def shown(message: Message, offsets: bool = False) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines(message, offsets)]


@pytest.mark.parametrize(
    ("name", "offset", "expected", "path"),
    [
        ("attribute-8-length-3", 42, "4 octets", "X2 PDU/attributes/attribute/length"),
        ("attribute-past-header", 42, "a length of at most 3", "X2 PDU/attributes/attribute"),
        ("attribute-17-not-utf8", 44, "UTF-8", "X2 PDU/attributes/attribute/value"),
        ("attribute-21-length-23", 42, "24 or 28 octets", "X2 PDU/attributes/attribute/length"),
        ("version-swapped", 0, "major version 00", "X2 PDU/version"),
        ("type-5", 2, "0001 to 0004", "X2/X3 PDU"),
        (
            "timestamp-a-second-in-nanoseconds",
            48,
            "nanoseconds below 1,000,000,000",
            "X2 PDU/attributes/attribute/value",
        ),
    ],
)
def test_the_octet_and_the_way_to_it(name: str, offset: int, expected: str, path: str) -> None:
    octets = vector("x2x3_invalid", name)
    (message,) = decode(octets, "x2x3")
    error = to_object(message)["errors"][0]
    assert (error["offset"], error["expected"], error["path"]) == (offset, expected, path)
    assert error["fault"] == "the sender"
    first = max(0, offset - 8)
    assert error["octets"] == {"offset": first, "hex": octets[first : first + 16].hex()}
    for offsets in (False, True):
        rows = shown(message, offsets)
        at = next(n for n, row in enumerate(rows) if f"!! octet {offset}:" in row)
        assert f"expected: {expected}" in rows[at]
        assert f"in {path}; fault: the sender" in rows[at + 1]
        column = rows[at + 3].index("^^")
        assert rows[at + 2][column : column + 2] == f"{octets[offset]:02x}"


def test_elements_of_one_name_are_numbered_in_paths() -> None:
    octets = bytearray(vector("x2x3_valid", "attributes-all"))
    at = octets.index(b"\x00\x08\x00\x04") + 3
    octets[at] = 3
    paths = [error["path"] for error in to_object(decode(bytes(octets), "x2x3")[0])["errors"]]
    assert "/attribute[7]/" in paths[0]


def test_a_fault_behind_the_last_octet_is_marked_there() -> None:
    (message,) = decode(PS_PDU[:-5])
    rows = shown(message)
    assert rows[-2].endswith("^^ the end")
    error = to_object(message)["errors"][-1]
    assert error["offset"] == len(PS_PDU) - 5
    assert error["fault"] == "the file is cut, or the sender"


def test_in_a_capture_missing_octets_are_the_captures() -> None:
    (message,) = decode(capture(segments(X2[:-5], 40)))
    assert {error["fault"] for error in to_object(message)["errors"]} == {"the capture"}
    lost = segments(X2 * 3, 30)
    del lost[4]
    broken = next(m for m in decode(capture(lost)) if m.kind == "x2x3" and m.undecodable)
    assert {error["fault"] for error in to_object(broken)["errors"]} == {"the capture"}


def test_xml_is_shown_as_text() -> None:
    octets = vector("x1_invalid", "uuid-upper-case")
    (message,) = decode(octets)
    rows = shown(message)
    at = next(n for n, row in enumerate(rows) if "!! octet" in row)
    assert "xId is not a lower-case UUID, error 1010 of X1" in rows[at]
    assert rows[at + 2][rows[at + 3].index("^") :].startswith("<x1:xId>29F28E1C")


def test_octets_of_a_body_in_chunks_are_put_together() -> None:
    body = vector("x1_invalid", "uuid-upper-case")
    pieces = (
        b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:600], body[600:])) + b"0\r\n\r\n"
    )
    head = b"POST /X1/NE HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    (message,) = decode(head + pieces)
    assert message.item.length == len(head + pieces)
    (error,) = to_object(message)["errors"]
    assert bytes.fromhex(error["octets"]["hex"])[8:].startswith(b"<x1:xId>")


def test_elements_have_the_paths_of_errors() -> None:
    (message,) = decode(vector("x2x3_invalid", "attribute-8-length-3"))
    found = to_object(message, offsets=True)
    assert found["errors"][0]["path"] in [element["path"] for element in found["elements"]]


@given(st.binary(max_size=60), st.integers(0, 100), st.integers(-5, 170))
def test_the_mark_stands_below_the_octet(octets: bytes, base: int, at: int) -> None:
    for rows, size in ((window.rows, 2), (window.text_rows, 1)):
        found = rows(octets, base, at)
        if not base <= at <= base + len(octets) or not octets:
            assert found is None
            continue
        assert found is not None
        row, mark = found
        column = mark.index("^")
        if at == base + len(octets):
            assert mark.endswith(" the end")
        elif size == 2:
            assert row[column : column + 2] == f"{octets[at - base]:02x}"
        elif 0x20 <= octets[at - base] <= 0x7E:
            assert row[column] == chr(octets[at - base])


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("offsets", [False, True])
@pytest.mark.parametrize("octets", [PS_PDU, vector("x1_valid", "activate-everything")])
def test_lines_fit_a_terminal_and_lose_nothing(width: int, offsets: bool, octets: bytes) -> None:
    (message,) = decode(octets)
    for line in lines(message, offsets):
        parts = fit(line, width)
        assert all(sum(len(text) for text, _ in part) <= width for part in parts)
        assert _text(parts) == _text([line])


def _text(parts: list[Line]) -> str:
    return "".join("".join(text for text, _ in part) for part in parts).replace(" ", "")


def test_a_note_goes_below_its_value() -> None:
    line: Line = [
        ("    name", "name"),
        (": ", ""),
        ("v" * 20, "value"),
        ("  -- " + "n " * 9, "note"),
    ]
    first, *rest = fit(line, 44)
    assert [style for _, style in first] == ["name", "", "value"]
    assert rest[0] == [("        ", ""), ("-- " + "n " * 9, "note")]
    assert fit(line, 60) == [line]


@pytest.mark.parametrize("offsets", [False, True])
@pytest.mark.parametrize(
    "octets", [PS_PDU[:-5], vector("x1_invalid", "uuid-upper-case"), PS_PDU[:200] + PS_PDU[201:]]
)
def test_the_mark_stays_below_its_octet_at_80_columns(octets: bytes, offsets: bool) -> None:
    (message,) = decode(octets, "x1" if octets[:1] == b"<" else "pspdu")[:1]
    for line in lines(message, offsets):
        if line and line[0][1] in ("octets", "mark"):
            ((text, _),) = line
            (((fitted, _),),) = fit(line, 80)
            assert text.startswith(fitted)
            octets_only = text.partition("| ")[2][:47].rstrip()
            assert octets_only in fitted


def test_an_rst_in_the_middle_is_said() -> None:
    messages = decode(capture([*segments(X2 * 2, 50)[:-1], tcp(9999, b"", 0x04)]))
    assert messages[-1].undecodable
