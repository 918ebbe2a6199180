"""Octets that are cut, in a row, written as text, or nothing at all."""

from __future__ import annotations

import base64
from types import ModuleType

import pytest
from decode_vectors import decode, kinds, load, vector
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.app.decode import ber_walk, xml
from custodes.app.decode.message import Message, to_object
from custodes.app.decode.render import lines
from custodes.app.decode.stream import KINDS, StreamDecoder
from custodes.wire.iri.schema import MODULE, schema
from custodes.wire.iri.xiri import decode_xiri

REGISTRATION = vector("iri_valid", "xiri-registration")
PS_PDU = vector("handover_valid", "ps-pdu-iri")
X2 = vector("x2x3_valid", "attribute-17")
X1 = vector("x1_valid", "activate-plain")


def shown(messages: list[Message]) -> str:
    return "\n".join("".join(t for t, _ in line) for m in messages for line in lines(m, True))


@pytest.mark.parametrize("octets", [REGISTRATION, PS_PDU, X2, X1])
def test_cut_anywhere_it_is_said_and_what_came_before_is_shown(octets: bytes) -> None:
    for size in range(len(octets)):
        messages = decode(octets[:size])
        faults = [f for m in messages for f in m.faults if f.undecodable]
        assert faults, size
        assert all(f.offset <= size for f in faults), size
        assert shown(messages)
    late = shown(decode(octets[:-1]))
    for name in ("registrationResult", "pSHeader", "Matched Target Identifier", "taskDetails"):
        if name in shown(decode(octets)):
            assert name in late


@pytest.mark.parametrize("name", ["x1", "x2x3", "iri", "handover"])
def test_octet_by_octet_is_the_same_as_at_once(name: str) -> None:
    for entry in load(f"{name}_valid") + load(f"{name}_invalid"):
        octets = bytes.fromhex(entry["hex"])
        at_once, slowly = StreamDecoder("s", None), StreamDecoder("s", None)
        first = [*at_once.receive(octets), *at_once.finish()]
        second = [m for n in range(len(octets)) for m in slowly.receive(octets[n : n + 1])]
        second += slowly.finish()
        assert any(m.undecodable for m in first) == any(m.undecodable for m in second)
        if not any(m.undecodable for m in first):
            assert [to_object(m) for m in first] == [to_object(m) for m in second]


def test_messages_in_a_row_have_their_offsets() -> None:
    messages = decode(X2 * 3)
    assert [m.item.offset for m in messages] == [0, len(X2), 2 * len(X2)]
    messages = decode(PS_PDU + vector("handover_valid", "ps-pdu-keep-alive"))
    assert kinds(messages) == ["pspdu", "pspdu"]
    assert messages[1].item.offset == len(PS_PDU)


def test_behind_a_bad_header_the_next_message_is_found() -> None:
    bad = bytearray(X2)
    bad[3] = 9
    messages = decode(X2 + bytes(bad) + X2)
    assert kinds(messages) == ["x2x3", "x2x3", "x2x3"]
    assert [m.item.offset for m in messages] == [0, len(X2), 2 * len(X2)]
    assert [m.undecodable for m in messages] == [False, True, False]
    assert messages[1].item.length == len(X2)
    assert messages[1].faults[0].offset == len(X2) + 2
    assert "PDU type 9" in messages[1].faults[0].what


def test_what_fits_nothing_is_told_what_was_expected() -> None:
    (message,) = decode(b"\x05\x00\x00\x01" + bytes(60))
    assert message.kind == "unrecognised"
    (fault,) = message.faults
    for name in ("X1", "X2/X3: octet 0: 00", "PS-PDU"):
        assert name in fault.expected


def test_forced_shows_the_tree_of_what_it_is_not() -> None:
    (message,) = decode(b"\x05\x00" + X2[2:], "x2x3")
    assert message.kind == "x2x3"
    assert message.faults[0].offset == 0


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(octets=st.binary(max_size=400))
def test_random_octets_are_said_not_raised(kind: str, octets: bytes) -> None:
    for forced in (None, kind):
        for message in decode(octets, forced):
            assert list(lines(message, True))
            to_object(message, True)


@settings(max_examples=300, deadline=None)
@given(
    octets=st.sampled_from([REGISTRATION, PS_PDU, X2, X1]),
    at=st.integers(min_value=0),
    value=st.integers(0, 255),
)
def test_one_wrong_octet_never_raises(octets: bytes, at: int, value: int) -> None:
    changed = bytearray(octets)
    changed[at % len(octets)] = value
    for message in decode(bytes(changed)):
        assert list(lines(message, True))
        to_object(message, True)


def test_depth_is_bounded() -> None:
    deep = b"\x30\x80" * 5000
    assert any(m.undecodable for m in decode(deep, "pspdu"))
    nested = b"\x81\x05\x04\x13\x13\x03\x01"
    inside = b"\x05\x00"
    for _ in range(400):
        inside = b"\xa1" + _length(len(inside)) + inside
    body = nested + b"\xa2" + _length(len(inside)) + inside
    assert list(decode(b"\x30" + _length(len(body)) + body))
    assert any(m.undecodable for m in decode(b"<a>" * 3000))


def _length(size: int) -> bytes:
    return b"\x82" + size.to_bytes(2)


@pytest.mark.parametrize("module", [ber_walk, xml])
def test_elements_are_bounded(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ELEMENTS", 10)
    octets = PS_PDU if module is ber_walk else X1
    (message,) = decode(octets)
    assert "too many elements" in [fault.what for fault in message.faults]
    assert len(list(message.item.walk())) < 30


def test_a_document_type_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    (message,) = decode(bomb)
    assert "document type" in message.faults[0].what


def _xxd(octets: bytes) -> str:
    rows = []
    for at in range(0, len(octets), 16):
        row = octets[at : at + 16]
        words = " ".join(row[n : n + 2].hex() for n in range(0, len(row), 2))
        text = "".join(chr(c) if 32 <= c < 127 else "." for c in row)
        rows.append(f"{at:08x}: {words:<39}  {text}")
    return "\n".join(rows) + "\n"


def _hexdump(octets: bytes) -> str:
    rows = []
    for at in range(0, len(octets), 16):
        row = octets[at : at + 16]
        left, right = row[:8].hex(" "), row[8:].hex(" ")
        text = "".join(chr(c) if 32 <= c < 127 else "." for c in row)
        rows.append(f"{at:08x}  {left:<23}  {right:<23}  |{text}|")
    return "\n".join([*rows, f"{len(octets):08x}"]) + "\n"


def _words(octets: bytes) -> str:
    rows = []
    for at in range(0, len(octets), 16):
        row = octets[at : at + 16]
        rows.append(
            f"{at:07x} " + " ".join(row[n : n + 2][::-1].hex() for n in range(0, len(row), 2))
        )
    return "\n".join([*rows, f"{len(octets):07x}"]) + "\n"


TEXTS = {
    "plain": bytes.hex,
    "upper": lambda o: o.hex().upper() + "\n",
    "spaces": lambda o: o.hex(" "),
    "colons": lambda o: o.hex(":"),
    "lines": lambda o: "\n".join(o[n : n + 20].hex() for n in range(0, len(o), 20)),
    "0x": lambda o: ", ".join(f"0x{c:02x}" for c in o),
    "xxd": _xxd,
    "hexdump -C": _hexdump,
    "hexdump": _words,
    "wireshark": lambda o: "\n".join(
        f"{n:04x}  {o[n : n + 16].hex(' ')}" for n in range(0, len(o), 16)
    ),
    "base64": lambda o: base64.encodebytes(o).decode(),
}


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("octets", [REGISTRATION, PS_PDU, X2 + bytes(0)])
def test_octets_written_as_text(form: str, octets: bytes) -> None:
    if form == "hexdump" and len(octets) % 2:
        octets += octets
    text = TEXTS[form](octets).encode()
    assert [to_object(m)["value"] for m in decode(text)] == [
        to_object(m)["value"] for m in decode(octets)
    ]


def test_repeated_rows_of_hexdump() -> None:
    # Three rows of zeros: the payload of one PDU.
    pdu = bytearray(vector("x2x3_valid", "direction-1")[:40])
    pdu[4:12] = (40).to_bytes(4) + (8 + 48).to_bytes(4)
    octets = bytes(pdu) + bytes(56)
    text = _hexdump(octets).splitlines()
    starred = [*text[:4], "*", text[-1]]
    (message,) = decode("\n".join(starred).encode())
    assert not message.undecodable
    assert message.item.length == len(octets)


@pytest.mark.parametrize("gap", ["", " "])
def test_hex_in_one_line_longer_than_what_is_read_at_once(gap: str) -> None:
    text = gap.join([X2.hex(" ") if gap else X2.hex()] * 5000).encode()
    messages = decode(text)
    assert len(messages) == 5000
    assert not any(m.undecodable for m in messages)


def test_documents_in_a_row() -> None:
    messages = decode((X1 + b"\n") * 3)
    assert [m.item.offset for m in messages] == [0, len(X1) + 1, 2 * len(X1) + 2]
    assert not any(m.undecodable for m in messages)


def test_a_wrong_digit_has_its_line() -> None:
    messages = decode(X2[:20].hex().encode() + b"\n12zz\n", "x2x3")
    assert "line 2" in messages[-1].faults[0].what
    (message,) = decode(b"00060001zz\n")
    assert "line 1 of the hex text: column 9" in message.faults[0].what


def test_another_domain_has_its_place() -> None:
    octets = vector("handover_invalid", "ps-pdu-other-domain")
    (message,) = decode(octets)
    assert octets[message.faults[0].offset] == 0x80
    assert message.faults[0].expected == "0.4.0.2.2.5.1.(version)"


def test_http_that_carries_x1() -> None:
    head = b"POST /X1/NE HTTP/1.1\r\nHost: ne.example\r\nContent-Length: %d\r\n\r\n" % len(X1)
    answer = vector("x1_valid", "ActivateTaskResponse")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
        len(answer),
        answer,
    )
    other = b"GET / HTTP/1.1\r\n\r\n"
    messages = decode(head + X1 + chunked + other)
    assert kinds(messages) == ["x1", "x1", "http"]
    assert not any(m.undecodable for m in messages)
    root = messages[0].item.children[0]
    assert root.offset == len(head) + X1.index(b"<x1:X1Request")


def test_http_that_is_cut_is_said_and_a_response_may_end_with_its_stream() -> None:
    answer = vector("x1_valid", "ActivateTaskResponse")
    octets = b"POST /X1/NE HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(X1), X1)
    for size in range(20, len(octets)):
        assert any(m.undecodable for m in decode(octets[:size])), size
    (message,) = decode(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + answer)
    assert message.kind == "x1"
    assert not message.undecodable


def test_x1_answers_have_the_place_of_their_error() -> None:
    octets = vector("x1_invalid", "version-malformed")
    (message,) = decode(octets)
    (fault,) = message.faults
    assert octets[fault.offset :].startswith(b"<x1:version")
    assert "error 1020" in fault.what


def test_json_arrays_follow_the_schema_not_the_count() -> None:
    (message,) = decode(X1)
    (request,) = to_object(message)["value"]["X1Request"]["x1RequestMessage"]
    assert request["type"] == "ActivateTaskRequest"
    assert isinstance(request["taskDetails"]["targetIdentifiers"]["targetIdentifier"], list)


def test_mandatory_fields_of_the_text_are_asked_for() -> None:
    # The module has gTPTunnelInfo OPTIONAL, the table of the clause has it M.
    name, record = decode_xiri(vector("iri_valid", "xiri-session-establishment")).event
    del record["gTPTunnelInfo"]
    value = {"xIRIPayloadOID": (4, 19, 19, 3, 1), "event": (name, record)}
    (message,) = decode(schema().encode(MODULE, "XIRIPayload", value))
    assert not message.undecodable
    (violation,) = to_object(message)["violations"]
    assert violation["what"] == "missing mandatory: gTPTunnelInfo (TS 33.128 6.2.3.2.2)"
    assert violation["path"] == "XIRIPayload/event/pDUSessionEstablishment"


def test_attributes_that_ts_33128_asks_for() -> None:
    head = bytearray(vector("x2x3_valid", "direction-5")[:40])
    head[4:16] = (40).to_bytes(4) + len(REGISTRATION).to_bytes(4) + b"\x00\x02\x00\x03"
    (message,) = decode(bytes(head) + REGISTRATION)
    assert not message.undecodable
    assert [fault.what.split(",")[0] for fault in message.faults] == [
        "no attribute 6 (NFID)",
        "no attribute 7 (IPID)",
        "no attribute 8 (Sequence Number)",
        "no attribute 9 (Timestamp)",
        "no attribute 17 (Matched Target Identifier)",
    ]
    inside = message.item.children[-1].children[0]
    assert inside.name == "XIRIPayload"
    assert inside.offset == 40


def test_control_characters_of_a_peer_stay_off_the_terminal() -> None:
    octets = X1.replace(b"<x1:neIdentifier>", b"<x1:neIdentifier>&#x9b;31m&#xd;")
    assert "\x9b" not in shown(decode(octets))
    assert "\\x9b31m" in shown(decode(octets))
