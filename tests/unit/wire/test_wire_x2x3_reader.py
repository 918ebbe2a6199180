"""The stream reader: any cut gives the same PDUs, and nothing it is fed costs more than it is."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.wire.x2x3.attributes import SequenceNumber
from custodes.wire.x2x3.errors import X2X3DecodeError
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, encode
from custodes.wire.x2x3.quirks import Quirks, Tolerated
from custodes.wire.x2x3.reader import Reader

SWAPS = Quirks(swappedVersion=True)
XID = UUID("7b0c3c1e-5d0a-4b6e-9c52-0a1b2c3d4e5f")


def product(number: int, size: int) -> PDU:
    return PDU(
        PDUType.X3,
        PayloadFormat.GTP_U,
        PayloadDirection.TO_TARGET,
        XID,
        1,
        (SequenceNumber(number),),
        b"x" * size,
    )


@given(st.lists(st.integers(0, 300), max_size=8), st.lists(st.integers(1, 400), max_size=40))
def test_pieces_of_any_size_give_the_same_pdus(sizes: list[int], cuts: list[int]) -> None:
    pdus = [product(number, size) for number, size in enumerate(sizes)]
    stream = b"".join(encode(p) for p in pdus)
    reader, got = Reader(), []
    for cut in [*cuts, len(stream)]:
        piece, stream = stream[:cut], stream[cut:]
        reader.receive_data(piece)
        while (pdu := reader.next_pdu()) is not None:
            got.append(pdu)
    assert got == pdus
    assert reader.pending == 0


def test_a_large_pdu_in_small_pieces_is_joined_a_bounded_number_of_times() -> None:
    octets = encode(product(1, 100_000))
    reader = Reader()
    joins = 0
    held = reader._buffer
    for start in range(0, len(octets), 10):
        assert reader.next_pdu() is None
        joins += reader._buffer is not held
        held = reader._buffer
        reader.receive_data(octets[start : start + 10])
    assert reader.next_pdu() == product(1, 100_000)
    assert joins <= 2


def test_an_announced_size_above_the_limit_is_refused_with_the_header() -> None:
    reader = Reader(max_pdu=1000)
    reader.receive_data(encode(product(1, 1000))[:40])
    with pytest.raises(X2X3DecodeError, match="above the limit"):
        reader.next_pdu()


def test_another_protocol_is_refused_at_its_first_octet() -> None:
    reader = Reader()
    reader.receive_data(b"G")
    with pytest.raises(X2X3DecodeError, match="major version"):
        reader.next_pdu()


def test_what_was_good_before_an_error_is_handed_out() -> None:
    reader = Reader()
    reader.receive_data(encode(product(1, 5)) + b"\1")
    assert reader.next_pdu() == product(1, 5)
    with pytest.raises(X2X3DecodeError):
        reader.next_pdu()


def test_zero_lengths_end() -> None:
    reader = Reader()
    reader.receive_data(bytes(12) + bytes(28))
    with pytest.raises(X2X3DecodeError):
        reader.next_pdu()


def test_swapped_version_octets_only_where_configured() -> None:
    octets = b"\6\0" + encode(product(1, 5))[2:]
    strict = Reader()
    strict.receive_data(octets[:1])
    with pytest.raises(X2X3DecodeError, match="major version 6"):
        strict.next_pdu()
    reader = Reader(quirks=SWAPS)
    reader.receive_data(octets[:1])
    assert reader.next_pdu() is None
    reader.receive_data(octets[1:])
    assert reader.next_pdu() == product(1, 5)._replace(swappedVersion=True)


def test_each_use_of_a_quirk_is_told_with_its_pdu() -> None:
    plain = encode(product(1, 5))
    reader = Reader(quirks=SWAPS)
    reader.receive_data(plain + (b"\5\0" + plain[2:]) * 2 + plain)
    used = []
    while reader.next_pdu() is not None:
        used.append([use.kind for use in reader.uses])
    assert used == [[], [Tolerated.SWAPPED_VERSION], [Tolerated.SWAPPED_VERSION], []]


@pytest.mark.parametrize("octets", [b"G", b"\1", b"\1\0", b"\4"])
def test_another_protocol_is_refused_at_its_first_octet_with_the_quirk_too(octets: bytes) -> None:
    reader = Reader(quirks=SWAPS)
    reader.receive_data(octets)
    with pytest.raises(X2X3DecodeError, match="major version"):
        reader.next_pdu()
