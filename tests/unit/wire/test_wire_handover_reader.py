"""Cutting a stream into PS-PDUs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from handover_pdus import PDUS
from hypothesis import given
from hypothesis import strategies as st

from custodes.base.errors import DecodeError
from custodes.wire.handover.pdu import encode
from custodes.wire.handover.reader import Reader

ALL = [encode(pdu) for pdu in PDUS.values()]
INDEFINITE = bytes.fromhex("3080 a180 80010500 00 a203040100 0000".replace(" ", ""))


def drain(reader: Reader) -> list[bytes]:
    found = []
    while (pdu := reader.next_pdu()) is not None:
        found.append(pdu)
    return found


def test_octet_by_octet() -> None:
    reader, found = Reader(), []
    for octet in b"".join(ALL):
        reader.receive_data(bytes((octet,)))
        found += drain(reader)
    assert found == ALL
    assert reader.pending == 0


@given(st.lists(st.integers(0, 3000), max_size=12))
def test_in_any_pieces(cuts: list[int]) -> None:
    stream = b"".join(ALL) + INDEFINITE
    edges = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    reader, found = Reader(), []
    for start, end in pairwise(edges):
        reader.receive_data(stream[start:end])
        found += drain(reader)
    assert found == [*ALL, INDEFINITE]


def test_what_is_not_whole_stays_pending() -> None:
    reader = Reader()
    reader.receive_data(ALL[0] + ALL[1][:-1])
    assert drain(reader) == [ALL[0]]
    assert reader.pending == len(ALL[1]) - 1


@pytest.mark.parametrize("octets", [b"GET / HTTP/1.1", b"\x31\x00", b"\x00"])
def test_what_is_no_pdu_is_refused_at_its_first_octet(octets: bytes) -> None:
    reader = Reader()
    reader.receive_data(octets)
    with pytest.raises(DecodeError):
        reader.next_pdu()


@pytest.mark.parametrize(
    "octets",
    [
        b"\x30\x82\x03\xfd",  # one too many, refused by what it promises
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x80" + b"\x04\x82\x01\x00" + bytes(256) + b"\x04\x82\x02\xfb",
        b"\x30\x80" + b"\x05\x00" * 512,
    ],
)
def test_a_pdu_beyond_the_limit_is_refused(octets: bytes) -> None:
    reader = Reader(limit=1024)
    reader.receive_data(octets)
    with pytest.raises(DecodeError):
        reader.next_pdu()


def test_a_pdu_at_the_limit_passes() -> None:
    reader = Reader(limit=1024)
    reader.receive_data(b"\x30\x82\x03\xfc" + bytes(1020))
    assert len(reader.next_pdu() or b"") == 1024
