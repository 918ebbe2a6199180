"""packet/fragments.py: whole packets, refused overlaps, bounded memory, capture time."""

from __future__ import annotations

import itertools

import pytest

from custodes.functions.poi.packet.fragments import TIMEOUT_NS, Reassembler
from custodes.functions.poi.packet.ip import FragmentPlace, Packet
from custodes.functions.poi.packet.unreadable import UnreadableError

A, B = b"\1\1\1\1", b"\2\2\2\2"


def part(offset: int, payload: bytes, more: bool, number: int = 1) -> Packet:
    return Packet(A, B, 17, payload, FragmentPlace(number, offset, more))


PARTS = [part(0, b"a" * 8, True), part(8, b"b" * 16, True), part(24, b"c" * 3, False)]


def test_a_whole_packet_passes() -> None:
    packet = Packet(A, B, 17, b"x")
    assert Reassembler().take(packet, 0) is packet


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order(order: tuple[int, ...]) -> None:
    reassembler = Reassembler()
    results = [reassembler.take(PARTS[i], 0) for i in order]
    assert results[:2] == [None, None]
    assert results[2] == Packet(A, B, 17, b"a" * 8 + b"b" * 16 + b"c" * 3)


def test_a_repeat_is_no_overlap() -> None:
    reassembler = Reassembler()
    reassembler.take(PARTS[0], 0)
    assert reassembler.take(PARTS[0], 0) is None
    reassembler.take(PARTS[1], 0)
    assert reassembler.take(PARTS[2], 0) is not None


@pytest.mark.parametrize(
    "bad",
    [
        part(8, b"z" * 16, True),
        part(16, b"z" * 16, True),
        part(0, b"z" * 40, True),
        part(65528, b"z" * 16, True),
        part(8, b"", True),
    ],
)
def test_an_overlap_refuses_the_whole_packet(bad: Packet) -> None:
    reassembler = Reassembler()
    reassembler.take(PARTS[0], 0)
    reassembler.take(PARTS[1], 0)
    with pytest.raises(UnreadableError):
        reassembler.take(bad, 0)
    with pytest.raises(UnreadableError):
        reassembler.take(PARTS[2], 0)


def test_two_ends_are_refused() -> None:
    reassembler = Reassembler()
    reassembler.take(PARTS[2], 0)
    with pytest.raises(UnreadableError):
        reassembler.take(part(32, b"z", False), 0)


def test_old_fragments_are_forgotten() -> None:
    reassembler = Reassembler()
    reassembler.take(PARTS[0], 0)
    reassembler.take(PARTS[1], TIMEOUT_NS)
    assert reassembler.expired == 0
    assert reassembler.take(PARTS[2], TIMEOUT_NS + 1) is None
    assert reassembler.expired == 1


def test_memory_is_bounded() -> None:
    reassembler = Reassembler(limit_octets=100)
    for number in range(50):
        reassembler.take(part(0, b"x" * 40, True, number), 0)
    assert reassembler.expired == 48
