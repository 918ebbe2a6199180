"""The keepalives one side issues on one connection. ETSI TS 103 221-2 V1.10.1 clause 6.2.4.

Numbers have a counter of their own per connection, from 0. One is due every TIME_P1, idle or not;
each must be answered within TIME_P2. Only a number issued here and not yet answered counts.
"""

from __future__ import annotations

from custodes.session.x2x3.sequence import MODULUS


class Keepalives:
    """``interval`` None: this side issues none by itself."""

    def __init__(self, now: float, interval: float | None, patience: float) -> None:
        self._interval = interval
        self._patience = patience
        self._due = None if interval is None else now + interval
        self._number = 0
        self._outstanding: dict[int, float] = {}

    def issue(self, now: float) -> int:
        """A fresh number, outstanding from ``now``."""
        number = self._number
        self._number = (number + 1) % MODULUS
        self._outstanding[number] = now
        return number

    def answered(self, number: int) -> bool:
        """Strike a number; False where it is not outstanding."""
        return self._outstanding.pop(number, None) is not None

    def due(self, now: float) -> bool:
        """Whether one is to be sent now; sets the time of the next."""
        if self._due is None or self._interval is None or now < self._due:
            return False
        # From the time it was due, so that late timers do not stretch the period; from now where a
        # whole period was missed, so that they are not made up for in a burst.
        following = self._due + self._interval
        self._due = following if following > now else now + self._interval
        return True

    def overdue(self, now: float) -> bool:
        """Whether one was not answered in time."""
        deadline = self._deadline()
        return deadline is not None and now >= deadline

    def next_timer(self) -> float | None:
        """When to look again."""
        times = [t for t in (self._due, self._deadline()) if t is not None]
        return min(times, default=None)

    def _deadline(self) -> float | None:
        # Issued in order, so the first is the oldest.
        oldest = next(iter(self._outstanding.values()), None)
        return None if oldest is None else oldest + self._patience
