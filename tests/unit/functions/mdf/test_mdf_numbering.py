"""Sequence numbers: per (NE, LIID, CIN, kind), begun where the disk says, wrapping at 32 bits."""

from __future__ import annotations

from custodes.base.ids import CIN, LIID
from custodes.functions.mdf.numbering import Numbering

A, B = LIID("A-1"), LIID("B-1")


def test_streams_count_apart() -> None:
    numbering = Numbering({}, "mdf2")
    assert [numbering.next(A, None, "IRI") for _ in range(3)] == [0, 1, 2]
    assert numbering.next(A, CIN(1), "IRI") == 0
    assert numbering.next(A, CIN(1), "CC") == 0
    assert numbering.next(B, None, "IRI") == 0
    assert numbering.next(A, None, "IRI") == 3


def test_what_was_made_durable_is_where_the_next_run_begins() -> None:
    first = Numbering({}, "mdf2")
    for _ in range(300):
        first.next(A, None, "IRI")
    second = Numbering(first.take_changes(), "mdf2")
    assert second.next(A, None, "IRI") == 300


def test_changes_are_told_once_and_only_of_what_was_used() -> None:
    numbering = Numbering({"mdf2 IRI - B-1": 7}, "mdf2")
    numbering.next(A, None, "IRI")
    assert numbering.take_changes() == {"mdf2 IRI - A-1": 1}
    assert numbering.take_changes() == {}
    assert numbering.next(A, None, "IRI") == 1


def test_numbers_wrap_to_zero() -> None:
    numbering = Numbering({"mdf3 CC 1 A-1": 2**32 - 1}, "mdf3")
    assert [numbering.next(A, CIN(1), "CC") for _ in range(2)] == [2**32 - 1, 0]
