"""Sequence numbers of the handover interfaces (TS 102 232-1 clause 5.2.5).

They count per (network element, LIID, CIN), IRI and CC apart [I]. A number becomes durable in the
transaction that holds its PDU, and only what is durable is delivered: so no number ever stands for
two PDUs, and a crash leaves no hole.
"""

from __future__ import annotations

from collections.abc import Mapping

from custodes.base.ids import CIN, LIID

_MODULUS = 1 << 32


class Numbering:
    """One side's counters, begun where the outbox says. Not thread-safe."""

    def __init__(self, durable: Mapping[str, int], ne_identifier: str) -> None:
        self._ne = ne_identifier
        self._next = dict(durable)
        self._changed: dict[str, int] = {}

    def next(self, liid: LIID, cin: CIN | None, kind: str) -> int:
        """The next number of the stream ``kind`` (``IRI``, ``CC``, ``HI4``), 0 to 2**32 - 1."""
        stream = f"{self._ne} {kind} {'-' if cin is None else cin} {liid}"
        number = self._next.get(stream, 0)
        self._next[stream] = self._changed[stream] = number + 1
        return number % _MODULUS

    def take_changes(self) -> dict[str, int]:
        """Stream to next number, for every stream used since the last call."""
        changed, self._changed = self._changed, {}
        return changed
