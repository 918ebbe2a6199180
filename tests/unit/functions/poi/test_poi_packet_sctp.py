"""packet/sctp.py, packet/sctp_messages.py: chunks, repeats, fragments."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.functions.poi.packet import sctp
from custodes.functions.poi.packet.sctp import DataChunk
from custodes.functions.poi.packet.sctp_messages import (
    MAXIMUM_FRAGMENTS,
    MessageAssembler,
    UserMessage,
)
from custodes.functions.poi.packet.unreadable import UnreadableError

WAY = (b"\1\1\1\1", 1, b"\2\2\2\2", 2, 3)


def data(tsn: int, payload: bytes, flags: int = 3, stream: int = 0) -> bytes:
    chunk = struct.pack(">BBHIHHI", 0, flags, 16 + len(payload), tsn, stream, 5, 60) + payload
    return chunk + b"\0" * (-len(payload) % 4)


def packet(*chunks: bytes) -> bytes:
    return struct.pack(">HHII", 9487, 38412, 77, 0) + b"".join(chunks)


def chunk(tsn: int, payload: bytes, begin: bool, end: bool, stream: int = 0) -> DataChunk:
    return DataChunk(tsn, stream, 0, 60, begin, end, False, payload)


def test_several_chunks_in_one_packet() -> None:
    sack = struct.pack(">BBHIIHH", 3, 0, 16, 1, 2, 0, 0)
    parsed = sctp.parse(packet(sack, data(10, b"one"), data(11, b"four")))
    assert (parsed.source_port, parsed.destination_port, parsed.verification_tag) == (
        9487,
        38412,
        77,
    )
    assert [(c.tsn, c.payload, c.protocol) for c in parsed.data] == [
        (10, b"one", 60),
        (11, b"four", 60),
    ]
    assert parsed.chunk_types == (3,)


@pytest.mark.parametrize(
    "octets",
    [
        b"short",
        packet(struct.pack(">BBH", 3, 0, 2)),
        packet(data(1, b"abcd")[:-1]),
        packet(data(1, b"")),
    ],
)
def test_a_chunk_that_does_not_fit(octets: bytes) -> None:
    with pytest.raises(UnreadableError):
        sctp.parse(octets)


def test_repeats_are_dropped_by_tsn_and_direction() -> None:
    assembler = MessageAssembler()
    one = chunk(1, b"m", True, True)
    assert assembler.take(WAY, one) == UserMessage(60, b"m")
    assert assembler.take(WAY, one) is None
    assert assembler.repeats == 1
    assert assembler.take((*WAY[:4], 99), one) is not None


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_fragments_join_across_the_wrap_of_tsn(order: tuple[int, ...]) -> None:
    parts = [
        chunk(0xFFFF_FFFF, b"a", True, False),
        chunk(0, b"b", False, False),
        chunk(1, b"c", False, True),
    ]
    assembler = MessageAssembler()
    results = [assembler.take(WAY, parts[i]) for i in order]
    assert results == [None, None, UserMessage(60, b"abc")]


def test_a_missing_fragment_joins_nothing() -> None:
    assembler = MessageAssembler()
    assert assembler.take(WAY, chunk(1, b"a", True, False)) is None
    assert assembler.take(WAY, chunk(3, b"c", False, True)) is None
    assert assembler.take(WAY, chunk(4, b"n", True, True)) == UserMessage(60, b"n")


def test_fragments_of_two_streams_are_no_message() -> None:
    assembler = MessageAssembler()
    assembler.take(WAY, chunk(1, b"a", True, False, stream=1))
    assert assembler.take(WAY, chunk(2, b"b", False, True, stream=2)) is None
    assert assembler.dropped_fragments == 2


@given(st.permutations(range(12)), st.sampled_from([0, 5, 0xFFFF_FFFA]))
def test_any_order_of_fragments_gives_every_message_once(order: list[int], first: int) -> None:
    """Messages of 1, 2, 3 and 6 chunks, which follow each other without a gap."""
    sizes = (3, 1, 6, 2)
    parts = [
        chunk((first + at) & 0xFFFF_FFFF, b"%d" % size, number == 0, number == size - 1)
        for at, (size, number) in enumerate((s, n) for s in sizes for n in range(s))
    ]
    assembler = MessageAssembler()
    found = [m.payload for n in order if (m := assembler.take(WAY, parts[n])) is not None]
    assert sorted(found) == sorted(b"%d" % size * size for size in sizes)
    assert (assembler.repeats, assembler.dropped_fragments) == (0, 0)


def test_a_message_ends_where_it_says_whatever_stands_beside_it() -> None:
    assembler = MessageAssembler()
    for stray in (1, 4):
        assembler.take(WAY, chunk(stray, b"?", False, False))
    assert assembler.take(WAY, chunk(2, b"a", True, False)) is None
    assert assembler.take(WAY, chunk(3, b"b", False, True)) == UserMessage(60, b"ab")


def test_a_repeat_that_is_older_than_the_memory_is_not_counted_twice() -> None:
    assembler = MessageAssembler()
    assembler.take(WAY, chunk(1, b"a", True, False))
    for tsn in range(10, 10 + 4200):
        assembler.take(WAY, chunk(tsn, b"x", True, True))
    assert assembler.take(WAY, chunk(1, b"a", True, False)) is None
    assert assembler.repeats == 1
    assert assembler.take(WAY, chunk(2, b"b", False, True)) == UserMessage(60, b"ab")


def test_fragments_of_no_message_are_forgotten_in_time() -> None:
    assembler = MessageAssembler()
    for tsn in range(MAXIMUM_FRAGMENTS + 1):
        assembler.take(WAY, chunk(tsn, b"x", False, False))
    assert assembler.dropped_fragments == MAXIMUM_FRAGMENTS + 1
    assembler.take(WAY, chunk(90_000, b"a", True, False))
    assert assembler.take(WAY, chunk(90_001, b"b", False, True)) == UserMessage(60, b"ab")


def test_memory_is_bounded() -> None:
    assembler = MessageAssembler()
    for tsn in range(0, 200, 2):
        assembler.take(WAY, chunk(tsn, bytes(65_000), False, False))
    assert assembler.dropped_fragments > 0
