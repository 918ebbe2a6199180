"""A destination's window on the outbox: what to send next, and what the receiver has."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from custodes.base.ids import DID
from custodes.functions.mdf.outbox_port import Outbox
from custodes.model.outbox import Stored


class Window:
    """Entries in the order of their numbers, each once. Not thread-safe.

    ``behind``: the disk has entries that are not here; they are read when the queue has run dry.
    """

    def __init__(self, did: DID, outbox: Outbox, capacity: int) -> None:
        self._capacity = capacity
        self._queue: deque[Stored] = deque()
        # (number, whether a connection was given it), between the mark and the queue.
        self._under_way: deque[tuple[int, bool]] = deque()
        self._had = outbox.confirmed(did)  # the last number queued here
        owed = outbox.backlog().get(did)
        self._last = self._had if owed is None else owed.last_id  # the last number on disk
        self.behind = self._last > self._had

    @property
    def ready(self) -> bool:
        return bool(self._queue)

    def written(self, entries: Sequence[Stored]) -> None:
        """The disk has these; they are queued where nothing is missing before them."""
        self._last = max(self._last, entries[-1].id)
        if not self.behind and len(self._queue) + len(entries) <= self._capacity:
            self._take(entries)
        self.behind = self._had < self._last

    @property
    def to_read(self) -> int | None:
        """Read what follows this number; None while there is no need."""
        return self._had if self.behind and not self._queue else None

    def read(self, entries: Sequence[Stored]) -> None:
        self._take(entries)
        self._last = max(self._last, self._had)
        # Nothing found: what the disk was said to have is gone (destroyed), or of a mark ahead.
        self.behind = bool(entries) and self._had < self._last

    def next(self) -> Stored:
        return self._queue.popleft()

    def sent(self, number: int) -> None:
        self._under_way.append((number, True))

    def left_out(self, number: int) -> int:
        """An entry that will never be sent; returns as ``confirmed`` does."""
        self._under_way.append((number, False))
        return self._settled(0)

    def confirmed(self, count: int) -> int:
        """The receiver has ``count`` more of those sent: the last number settled, or 0."""
        return self._settled(count)

    def _settled(self, count: int) -> int:
        last = 0
        while self._under_way and (count or not self._under_way[0][1]):
            last, sent = self._under_way.popleft()
            count -= sent
        return last

    def _take(self, entries: Sequence[Stored]) -> None:
        fresh = [entry for entry in entries if entry.id > self._had]
        self._queue += fresh
        if fresh:
            self._had = fresh[-1].id
