"""Captures: streams put together in any order of their segments, gaps said, TLS named."""

from __future__ import annotations

import json
import struct
from random import Random

import pytest
from decode_vectors import capture, decode, kinds, segments, tcp, vector
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.app.decode import tcp as tcp_module
from custodes.app.decode.message import Message, to_object
from custodes.app.decode.render import lines
from custodes.app.decode.stream import KINDS
from custodes.app.decode.tcp import Direction, Gap, Segment
from custodes.app.demo_packets import ipv4

X2 = vector("x2x3_valid", "attribute-17")
PS_PDU = vector("handover_valid", "ps-pdu-iri")
X1 = vector("x1_valid", "ping")
STREAM = X2 * 20


def offsets(messages: list[Message]) -> list[int]:
    return [m.item.offset for m in messages if m.kind == "x2x3"]


WHOLE = [n * len(X2) for n in range(20)]


@pytest.mark.parametrize("size", [1, 7, 100, 1400])
@pytest.mark.parametrize("first", [1000, (1 << 32) - 300])
def test_pdus_split_anywhere_and_sequence_numbers_that_wrap(size: int, first: int) -> None:
    messages = decode(capture(segments(STREAM, size, first)))
    assert offsets(messages) == WHOLE
    assert not any(m.undecodable for m in messages)
    assert messages[0].stream == "192.0.2.1:1 > 198.51.100.2:2"
    assert messages[0].time_ns is not None


@pytest.mark.parametrize("seed", range(5))
def test_out_of_order_repeated_and_overlapping(seed: int) -> None:
    random = Random(seed)
    syn, *data = segments(STREAM, 50)
    data += random.sample(data, 10)
    data += [tcp(1001 + at, STREAM[at : at + 133], 0x18) for at in range(0, 900, 97)]
    random.shuffle(data)
    messages = decode(capture([syn, *data]))
    assert offsets(messages) == WHOLE
    assert not any(m.undecodable for m in messages)


def test_begun_within_a_connection_and_out_of_order() -> None:
    one, two, three, *rest = segments(STREAM, 80)[1:]
    messages = decode(capture([two, one, three, *rest]))
    assert offsets(messages) == WHOLE


def test_both_directions_are_streams_of_their_own() -> None:
    back = struct.pack(">HHIIBBHHH", 2, 1, 5, 0, 0x50, 0x18, 65535, 0, 0) + PS_PDU
    packets = [*segments(STREAM, 500), ipv4("198.51.100.2", "192.0.2.1", 6, back)]
    messages = decode(capture(packets))
    assert kinds(messages).count("x2x3") == 20
    assert [m.stream for m in messages if m.kind == "pspdu"] == ["198.51.100.2:2 > 192.0.2.1:1"]


def test_a_gap_within_a_pdu_costs_that_pdu_only() -> None:
    packets = segments(STREAM, 20)
    at = (2 * len(X2) + 38) // 20
    del packets[1 + at]
    messages = decode(capture(packets))
    assert [(m.item.offset, m.item.value) for m in messages if m.kind == "gap"] == [(at * 20, 20)]
    bad = [m.item.offset for m in messages if m.kind == "x2x3" and m.undecodable]
    assert bad == [2 * len(X2)]
    assert offsets(messages) == WHOLE


def test_a_gap_of_whole_pdus_is_said_and_decoding_goes_on() -> None:
    packets = segments(STREAM, len(X2))
    del packets[3:5]
    messages = decode(capture(packets))
    assert [m.item.value for m in messages if m.kind == "gap"] == [2 * len(X2)]
    assert offsets(messages) == [*WHOLE[:2], *WHOLE[4:]]
    assert not any(m.undecodable for m in messages)


def test_behind_a_gap_octets_without_a_boundary_are_said() -> None:
    packets = segments(STREAM, len(X2) + 10)
    del packets[2:4]
    messages = decode(capture(packets))
    rest = [m for m in messages if m.kind == "unrecognised"]
    assert rest
    assert rest[0].undecodable


def test_octets_behind_a_gap_that_are_too_few_to_tell_are_said_too() -> None:
    packets = segments(X2 * 3, len(X2))
    del packets[2]
    packets[2] = tcp(1001 + 2 * len(X2), X2[:3], 0x18)
    messages = decode(capture(packets))
    assert kinds(messages) == ["x2x3", "gap", "unrecognised"]
    assert messages[2].item.value == 3
    assert messages[2].undecodable


def test_tls_is_named_and_other_streams_are_no_error() -> None:
    hello = b"\x16\x03\x01\x00\x05hello"
    other = tcp(1, b"SSH-2.0-x\r\n", 0x18, (5, 22))
    messages = decode(capture([tcp(1, hello, 0x18, (4, 443)), other, *segments(X2, 50)]))
    assert sorted(kinds(messages)) == ["tls", "unrecognised", "x2x3"]
    assert not any(m.undecodable for m in messages)


def test_a_stream_that_ended_is_told_once() -> None:
    hello = b"\x16\x03\x01\x00\x05hello"
    fin = tcp(1 + len(hello), b"", 0x11)
    messages = decode(capture([tcp(0, b"", 0x02), tcp(1, hello), fin, tcp(1, hello), fin]))
    assert kinds(messages) == ["tls"]


def test_what_lacks_before_the_end_of_a_connection_is_said() -> None:
    packets = segments(X2 * 2, len(X2))
    packets[2] = tcp(1001 + 2 * len(X2), b"", 0x11)
    messages = decode(capture(packets))
    assert kinds(messages) == ["x2x3", "gap"]
    assert messages[1].item.value == len(X2)


def test_ip_version_6() -> None:
    segment = tcp(1, X2)[20:]
    source, destination = bytes.fromhex("20010db8" + "00" * 11 + "01"), bytes(15) + b"\x02"
    packet = b"\x60\0\0\0" + len(segment).to_bytes(2) + b"\x06\x40" + source + destination
    (message,) = decode(capture([packet + segment]))
    assert message.stream == "[2001:db8::1]:1 > [::2]:2"


def test_a_capture_without_anything_known_is_an_error() -> None:
    messages = decode(capture([tcp(1, b"SSH-2.0-x\r\n", 0x18, (5, 22))]))
    assert any(m.undecodable for m in messages)


def test_a_new_connection_on_the_same_ports() -> None:
    first = [*segments(X2, 50), tcp(1001 + len(X2), b"", 0x11)]
    again = tcp(1001, X2, 0x18)
    messages = decode(capture([*first, again, *segments(X2, 50, 99_000)]))
    assert kinds(messages) == ["x2x3", "x2x3"]


def test_fragments_of_ip() -> None:
    packet = tcp(1, X2, 0x18)
    header, body = bytearray(packet[:20]), packet[20:]
    pieces = []
    for at in range(0, len(body), 40):
        piece = body[at : at + 40]
        more = at + 40 < len(body)
        header[2:4] = (20 + len(piece)).to_bytes(2)
        header[6:8] = (at // 8 | (0x2000 if more else 0)).to_bytes(2)
        pieces.append(bytes(header) + piece)
    assert kinds(decode(capture(reversed(pieces)))) == ["x2x3"]


def test_http_over_tcp() -> None:
    octets = b"POST /X1/NE HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(X1), X1)
    messages = decode(capture(segments(octets * 2, 33)))
    assert kinds(messages) == ["x1", "x1"]
    assert messages[1].item.offset == len(octets)


def test_forced_in_a_capture_means_every_stream() -> None:
    octets = b"POST /X1/NE HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(X1), X1)
    packets = [*segments(octets, 33), tcp(1, PS_PDU, 0x18, (4, 9))]
    messages = decode(capture(packets), "x1")
    assert sorted(kinds(messages)) == ["unrecognised", "x1"]
    lost = segments(STREAM, len(X2) + 10)
    del lost[2:4]
    lost.insert(3, tcp(1001 + 5 * (len(X2) + 10), PS_PDU, 0x18))
    assert set(kinds(decode(capture(lost), "x2x3"))) <= {"x2x3", "gap", "unrecognised"}


@settings(max_examples=150, deadline=None)
@given(
    forced=st.sampled_from([None, *KINDS]),
    changes=st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 255)), max_size=8),
    lost=st.sets(st.integers(0, 20), max_size=4),
    size=st.sampled_from([20, 61, 333]),
)
def test_whatever_a_capture_holds_is_said(
    forced: str | None, changes: list[tuple[int, int]], lost: set[int], size: int
) -> None:
    packets = segments(X2 * 3 + PS_PDU, size) + segments(PS_PDU * 2, size, 9)
    octets = bytearray(capture(p for n, p in enumerate(packets) if n not in lost))
    for at, value in changes:
        octets[at % len(octets)] = value
    for message in decode(bytes(octets), forced):
        assert list(lines(message, True))
        json.dumps(to_object(message, True))


def test_a_capture_cut_anywhere_is_said() -> None:
    octets = capture(segments(X2, 60))
    for size in range(4, len(octets)):
        assert any(m.undecodable for m in decode(octets[:size])) or size == len(octets)


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp_module, "MAX_WAITING", 100)
    direction = Direction()
    assert not list(direction.take(Segment(1, 2, 0, True, False, False, b"")))
    found = []
    for at in range(11, 400, 10):
        found += direction.take(Segment(1, 2, at, False, False, False, bytes(10)))
        assert direction.held <= 100
    assert found[0] == Gap(10)


def test_octets_of_the_past_are_not_given_twice() -> None:
    direction = Direction()
    found = []
    for sequence, payload in ((9, b""), (10, b"abc"), (13, b"def"), (10, b"abcdefgh"), (8, b"x")):
        found += direction.take(Segment(1, 2, sequence, sequence == 9, False, False, payload))
    found += direction.flush()
    assert b"".join(piece for piece in found if isinstance(piece, bytes)) == b"abcdefgh"
