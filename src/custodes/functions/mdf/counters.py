"""What one side has taken in, refused and sent. Numbers and names of events only, no identities."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any


class Counters:
    """Counters of one side; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plain: Counter[str] = Counter()
        self._events: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    def add(self, name: str, number: int = 1) -> None:
        with self._lock:
            self._plain[name] += number

    def event(self, name: str) -> None:
        """One xIRI was taken in."""
        with self._lock:
            self._events[name] += 1

    def refused(self, reason: str) -> None:
        with self._lock:
            self._refused[reason] += 1

    def snapshot(self) -> dict[str, Any]:
        """As it goes into the log: ``xiri`` per event name, ``refused`` per reason, the rest."""
        with self._lock:
            values: dict[str, Any] = {
                "xiri": dict(sorted(self._events.items())),
                "refused": dict(sorted(self._refused.items())),
            }
            for name in _ALWAYS:
                values[name] = self._plain[name]
            values.update(
                {name: self._plain[name] for name in sorted(self._plain) if name not in _ALWAYS}
            )
            return values


_ALWAYS = ("xcc", "hi2", "hi3", "hi4", "confirmed", "gaps", "back_pressure", "misrouted")
