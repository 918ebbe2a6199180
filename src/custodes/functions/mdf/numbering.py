"""Sequence numbers of the handover interfaces (TS 102 232-1 clause 5.2.5).

They count per (network element, LIID, CIN), IRI and CC apart [I]. A number is never handed out
twice, not even after a crash: numbers are reserved in blocks, a clean stop gives the rest back.
After a crash the receiver sees a gap, and is right to: what was in memory is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from custodes.base.ids import CIN, LIID
from custodes.functions.mdf.ports import CorrelationStore

_BLOCK = 256
_MODULUS = 1 << 32


@dataclass(slots=True)
class _Counter:
    next: int
    end: int


class Numbering:
    """One side's counters. Not thread-safe: the side calls it under its own lock."""

    def __init__(self, store: CorrelationStore, ne_identifier: str) -> None:
        self._store = store
        self._ne = ne_identifier
        self._counters: dict[str, _Counter] = {}

    def next(self, liid: LIID, cin: CIN | None, kind: str) -> int:
        """The next number of the stream ``kind`` (``IRI``, ``CC``, ``HI4``), 0 to 2**32 - 1."""
        stream = f"{self._ne} {kind} {'-' if cin is None else cin} {liid}"
        counter = self._counters.get(stream)
        if counter is None:
            first = self._store.next_numbers(stream)
            counter = self._counters[stream] = _Counter(first, first)
        if counter.next == counter.end:
            self._store.reserve(stream, counter.end + _BLOCK)
            counter.end += _BLOCK
        number = counter.next
        counter.next += 1
        return number % _MODULUS

    def close(self) -> None:
        """Give back what was reserved and not used."""
        for stream, counter in self._counters.items():
            self._store.reserve(stream, counter.next)
        self._counters.clear()
