"""Garbage between messages, several kinds in a file, streams begun before, packed files."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

import pytest
from decode_vectors import capture, decode, kinds, segments, tcp, vector
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.app.decode import search, stream
from custodes.app.decode.gunzip import Gunzip
from custodes.app.decode.message import Message
from custodes.app.decode.source import Source
from custodes.app.decode.stream import StreamDecoder
from custodes.base.errors import DecodeError

X2 = vector("x2x3_valid", "attribute-17")
KEEPALIVE = vector("x2x3_valid", "keepalive")
PS_PDU = vector("handover_valid", "ps-pdu-iri")
INDEFINITE = vector("handover_valid", "ps-pdu-indefinite")
REGISTRATION = vector("iri_valid", "xiri-registration")
X1 = vector("x1_valid", "ping")
HTTP = b"POST /X1/NE HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(X1), X1)
GARBAGE = b"\xff\xfe garbage \x00\x30\x80 of somebody \x99"
WHOLE = [X2, KEEPALIVE, PS_PDU, INDEFINITE, REGISTRATION]


def good(messages: list[Message]) -> list[tuple[str, int]]:
    return [(m.kind, m.item.offset) for m in messages if m.decoded and not m.undecodable]


def covered(messages: list[Message], size: int) -> bool:
    """Every octet is in a message that is shown or said, and in one only."""
    at = 0
    for message in messages:
        if message.item.offset != at:
            return False
        at += message.item.length
    return at == size


@pytest.mark.parametrize("octets", WHOLE)
def test_garbage_before_and_between_is_said_and_the_next_message_found(octets: bytes) -> None:
    whole = GARBAGE + octets + GARBAGE + octets + octets
    messages = decode(whole)
    assert [at for _, at in good(messages)] == [
        len(GARBAGE),
        2 * len(GARBAGE) + len(octets),
        2 * len(GARBAGE) + 2 * len(octets),
    ]
    assert covered(messages, len(whole))
    assert [m.undecodable for m in messages] == [True, False, True, False, False]


@pytest.mark.parametrize("octets", WHOLE)
def test_it_is_found_however_the_octets_come(octets: bytes) -> None:
    decoder = StreamDecoder("s", None)
    whole = GARBAGE + octets + GARBAGE + octets
    messages = [m for n in range(len(whole)) for m in decoder.receive(whole[n : n + 1])]
    messages += decoder.finish()
    found = [at for _, at in good(messages)]
    assert found == [len(GARBAGE), 2 * len(GARBAGE) + len(octets)]


def test_messages_of_several_kinds_in_one_file() -> None:
    whole = X2 + PS_PDU + HTTP + X2 + X1 + b"\r\n" + REGISTRATION + X1 + X1
    messages = decode(whole)
    assert kinds(messages) == ["x2x3", "pspdu", "x1", "x2x3", "x1", "xiri", "x1", "x1"]
    assert not any(m.undecodable for m in messages)


def test_garbage_between_documents() -> None:
    messages = decode(X1 + b"~~~" + X1 + b"\n<x1:broken " + X1)
    assert [m.kind for m in messages if not m.undecodable] == ["x1"] * 3
    assert [m.item.offset for m in messages][:3] == [0, len(X1), len(X1) + 3]


def test_only_what_is_asked_for_is_looked_for() -> None:
    octets = GARBAGE + PS_PDU + GARBAGE + X2
    assert [m.kind for m in decode(octets, "x2x3") if not m.undecodable] == ["x2x3"]


@pytest.mark.parametrize("octets", [bytes(5000), b"\xff" * 5000, bytes(range(256)) * 20])
def test_nothing_is_found_where_nothing_is(octets: bytes) -> None:
    assert search.first(octets, ("x2x3", "ber", "http", "xml")) is None
    (message,) = decode(b"\x99" + octets)
    assert message.kind == "unrecognised"


@given(st.binary(max_size=300))
def test_what_is_found_is_what_recognition_takes(octets: bytes) -> None:
    for whole in (octets, octets + X2, octets + PS_PDU):
        found = search.first(whole, ("x2x3", "ber"))
        if found is None:
            assert whole == octets
        else:
            assert found[1] in ("x2x3", "ber")
            assert found[0] <= len(octets)


def test_attributes_that_do_not_fill_the_header_are_no_beginning() -> None:
    at = X2.index(b"\x00\x11")
    wrong = X2[: at + 2] + (int.from_bytes(X2[at + 2 : at + 4]) + 1).to_bytes(2) + X2[at + 4 :]
    assert search.first(b"\x99" + X2, ("x2x3",)) == (1, "x2x3")
    assert search.first(b"\x99" + wrong, ("x2x3",)) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*WHOLE, HTTP, X1, GARBAGE, b"\0", b"\x30", b"<"]), max_size=8),
    st.integers(1, 400),
)
def test_every_octet_is_in_one_message(pieces: list[bytes], size: int) -> None:
    decoder = StreamDecoder("s", None)
    whole = b"".join(pieces)
    messages = [
        m for at in range(0, len(whole), size) for m in decoder.receive(whole[at : at + size])
    ]
    messages += decoder.finish()
    # Nothing is left out; a mark across two pieces may be counted with what came before it.
    assert sum(m.item.length for m in messages) >= len(whole.rstrip()) - 8 * pieces.count(X1)


def test_changes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LARGE", 0)
    monkeypatch.setattr(stream, "MAX_CHANGES", 3)
    messages = decode((X2 + PS_PDU) * 20)
    assert 3 < len(messages) < 12
    assert any(m.undecodable for m in messages)


@pytest.mark.parametrize("at", [1, 40, 79, 80])
def test_a_connection_that_was_begun_before_the_capture(at: int) -> None:
    octets = (X2 * 4)[at:]
    packets = [tcp(7000 + n, octets[n : n + 33], 0x18) for n in range(0, len(octets), 33)]
    messages = decode(capture(packets))
    rest = len(X2) - at
    assert [at for _, at in good(messages)] == [rest, rest + len(X2), rest + 2 * len(X2)]
    assert messages[0].undecodable
    assert messages[0].item.length == rest


def test_a_foreign_stream_is_still_no_error() -> None:
    foreign = tcp(1, b"SSH-2.0-x\r\n" + bytes(range(256)), 0x18, (5, 22))
    http_2 = tcp(1, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0x18, (5, 80))
    messages = decode(capture([foreign, http_2, *segments(X2, 50)]))
    assert not any(m.undecodable for m in messages)
    assert any("HTTP/2" in m.item.note for m in messages)


def test_gzip() -> None:
    packed = gzip.compress(capture(segments(X2 * 3, 50)))
    assert kinds(decode(packed)) == ["x2x3"] * 3
    assert kinds(decode(gzip.compress(X2) + gzip.compress(X2) + bytes(9))) == ["x2x3"] * 2
    assert kinds(decode(gzip.compress(X2.hex().encode()))) == ["x2x3"]


def test_gzip_that_is_cut_or_damaged_is_said_and_what_is_there_shown() -> None:
    packed = gzip.compress(b"".join(struct.pack(">I", n) for n in range(5000)))
    cut = decode(gzip.compress(X2 * 3)[:-9])
    assert cut[0].kind == "x2x3"
    assert "end mark" in cut[-1].faults[0].what
    damaged = decode(packed[:2000] + b"\xff" * 40 + packed[2040:])
    assert damaged[-1].faults[0].what == "the gzip data are damaged"
    for size in range(2, 30):
        assert any(m.undecodable for m in decode(packed[:size]))


@given(st.binary(max_size=500), st.integers(1, 50), st.integers(1, 50))
def test_gunzip_reads_as_a_file_does(octets: bytes, size: int, piece: int) -> None:
    packed = io.BytesIO(gzip.compress(octets))
    reader = Gunzip(b"", lambda: packed.read(piece))
    found = []
    while read := reader.read(size):
        assert len(read) <= size
        found.append(read)
    assert b"".join(found) == octets


def test_a_bomb_is_read_in_pieces() -> None:
    member = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = member.compress(bytes(50_000_000)) + member.flush()
    reader = Gunzip(packed, lambda: b"")
    assert len(reader.read(1000)) <= 1000
    with pytest.raises(DecodeError):
        Gunzip(b"\x1f\x8b nothing of the kind", lambda: b"").read(10)


def test_a_source_that_cannot_be_read_says_so_itself() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        list(Source("s", Broken()).messages())
