"""What is known in memory of each destination of an outbox: made from the rows at every start."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from custodes.base.ids import DID
from custodes.model.outbox import Backlog


@dataclass(slots=True)
class Destination:
    """``marks`` are confirmations whose rows are not destroyed yet: (when, up to which id)."""

    number: int
    did: DID
    confirmed: int = 0
    last: int = 0
    count: int = 0
    octets: int = 0
    marks: deque[tuple[datetime, int]] = field(default_factory=deque)


class Counts:
    """Safe from any thread; it never waits for a disk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._destinations: dict[DID, Destination] = {}

    def get(self, did: DID) -> Destination | None:
        with self._lock:
            return self._destinations.get(did)

    def put(self, destination: Destination) -> None:
        with self._lock:
            self._destinations[destination.did] = destination

    def all(self) -> list[Destination]:
        with self._lock:
            return list(self._destinations.values())

    def committed(self, destination: Destination, last: int, count: int, octets: int) -> None:
        with self._lock:
            self._destinations[destination.did] = destination
            destination.last = last
            destination.count += count
            destination.octets += octets

    def confirmed(self, did: DID) -> int:
        with self._lock:
            destination = self._destinations.get(did)
            return destination.confirmed if destination is not None else 0

    def confirm(
        self, destination: Destination, up_to: int, now: datetime, count: int, octets: int
    ) -> None:
        with self._lock:
            destination.confirmed = up_to
            destination.count -= count
            destination.octets -= octets
            destination.marks.append((now, up_to))

    def due(self, destination: Destination, before: datetime) -> int:
        """The id up to which all was confirmed before that moment; 0 where nothing was."""
        up_to = 0
        with self._lock:
            for when, mark in destination.marks:
                if when >= before:
                    break
                up_to = mark
        return up_to

    def destroyed(self, destination: Destination, up_to: int) -> None:
        with self._lock:
            while destination.marks and destination.marks[0][1] <= up_to:
                destination.marks.popleft()

    def backlog(self) -> dict[DID, Backlog]:
        with self._lock:
            return {
                d.did: Backlog(d.count, d.octets, d.last)
                for d in self._destinations.values()
                if d.count
            }
