"""Alarms: at once the first time, then at most once per interval with the number in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# (kind, what happened, how many since the last such alarm)
Raise = Callable[[str, str, int], None]


@dataclass(slots=True)
class _Kind:
    last: float
    waiting: int
    what: str


class Alarms:
    """Rate limit per kind; ``now`` is monotonic seconds. Not thread-safe."""

    def __init__(self, raise_alarm: Raise, interval: float = 60.0) -> None:
        self._raise = raise_alarm
        self._interval = interval
        self._kinds: dict[str, _Kind] = {}

    def report(self, kind: str, what: str, now: float) -> None:
        """``kind`` groups, ``what`` is one sentence; neither holds an identity."""
        known = self._kinds.get(kind)
        if known is None:
            self._kinds[kind] = _Kind(now, 0, what)
            self._raise(kind, what, 1)
            return
        known.waiting += 1
        known.what = what
        self.flush(now)

    def flush(self, now: float, *, everything: bool = False) -> None:
        """Raise what waits and is due; at the end of a process, everything that waits."""
        for kind, known in self._kinds.items():
            if known.waiting and (everything or now - known.last >= self._interval):
                count, known.waiting, known.last = known.waiting, 0, now
                self._raise(kind, known.what, count)
