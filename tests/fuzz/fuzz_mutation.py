"""A plain mutator: seeded, so that a run can be had again."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

LONGEST = 1 << 16
_EDGES = (0, 1, 0x7F, 0x80, 0x81, 0x82, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutate(octets: bytes, others: list[bytes], random: Random) -> bytes:
    """One to six changes of one input, now and then with a piece of another."""
    found = bytearray(octets)
    for _ in range(random.randint(1, 6)):
        random.choice(_CHANGES)(found, others, random)
    return bytes(found[:LONGEST])


def _place(found: bytearray, random: Random) -> int:
    return random.randint(0, len(found))


def _flip(found: bytearray, _others: list[bytes], random: Random) -> None:
    if found:
        found[random.randrange(len(found))] ^= 1 << random.randrange(8)


def _set(found: bytearray, _others: list[bytes], random: Random) -> None:
    if found:
        found[random.randrange(len(found))] = random.choice((0, 0x80, 0xFF, random.randrange(256)))


def _insert(found: bytearray, _others: list[bytes], random: Random) -> None:
    at = _place(found, random)
    found[at:at] = random.randbytes(random.randint(1, 8))


def _delete(found: bytearray, _others: list[bytes], random: Random) -> None:
    at = _place(found, random)
    del found[at : at + random.choice((1, 2, 4, random.randint(1, 64)))]


def _number(found: bytearray, _others: list[bytes], random: Random) -> None:
    """Lengths and counts are where readers go wrong."""
    width = random.choice((1, 2, 4))
    value = random.choice(_EDGES) & ((1 << 8 * width) - 1)
    at = _place(found, random)
    found[at : at + width] = value.to_bytes(width, random.choice(("big", "little")))


def _nudge(found: bytearray, _others: list[bytes], random: Random) -> None:
    if found:
        at = random.randrange(len(found))
        found[at] = (found[at] + random.choice((-2, -1, 1, 2))) & 0xFF


def _cut(found: bytearray, _others: list[bytes], random: Random) -> None:
    del found[_place(found, random) :]


def _splice(found: bytearray, others: list[bytes], random: Random) -> None:
    other = random.choice(others)
    start = random.randint(0, len(other))
    at = _place(found, random)
    found[at:at] = other[start : start + random.randint(1, 256)]


def _repeat(found: bytearray, _others: list[bytes], random: Random) -> None:
    at = _place(found, random)
    piece = found[at : at + random.choice((1, 2, 4, 16, 64))]
    found[at:at] = piece * random.choice((2, 8, 64))


_CHANGES: tuple[Callable[[bytearray, list[bytes], Random], None], ...] = (
    _flip,
    _flip,
    _set,
    _insert,
    _delete,
    _number,
    _nudge,
    _nudge,
    _cut,
    _splice,
    _repeat,
)
