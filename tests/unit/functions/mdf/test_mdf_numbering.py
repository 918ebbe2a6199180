"""Sequence numbers: per (NE, LIID, CIN, kind), never twice, wrapping at 32 bits."""

from __future__ import annotations

from custodes.base.ids import CIN, LIID, XID
from custodes.functions.mdf.numbering import Numbering

A, B = LIID("A-1"), LIID("B-1")


class Store:
    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def cin(self, liid: LIID, xid: XID, correlation: int) -> CIN:
        raise NotImplementedError

    def new_cin(self, liid: LIID) -> CIN:
        raise NotImplementedError

    def next_numbers(self, stream: str) -> int:
        return self.numbers.get(stream, 0)

    def reserve(self, stream: str, end: int) -> None:
        self.numbers[stream] = end


def test_streams_count_apart() -> None:
    numbering = Numbering(Store(), "mdf2")
    assert [numbering.next(A, None, "IRI") for _ in range(3)] == [0, 1, 2]
    assert numbering.next(A, CIN(1), "IRI") == 0
    assert numbering.next(A, CIN(1), "CC") == 0
    assert numbering.next(B, None, "IRI") == 0
    assert numbering.next(A, None, "IRI") == 3


def test_a_clean_stop_continues_without_a_gap() -> None:
    store = Store()
    first = Numbering(store, "mdf2")
    for _ in range(300):
        first.next(A, None, "IRI")
    first.close()
    assert Numbering(store, "mdf2").next(A, None, "IRI") == 300


def test_a_crash_never_hands_a_number_out_twice() -> None:
    store = Store()
    first = Numbering(store, "mdf2")
    used = {first.next(A, None, "IRI") for _ in range(300)}
    assert Numbering(store, "mdf2").next(A, None, "IRI") not in used


def test_numbers_wrap_to_zero() -> None:
    store = Store()
    store.numbers["mdf3 CC 1 A-1"] = 2**32 - 1
    numbering = Numbering(store, "mdf3")
    assert [numbering.next(A, CIN(1), "CC") for _ in range(2)] == [2**32 - 1, 0]
