"""How long an order may last at one function, by that function's own clock (DESIGN, rule 2).

The end is held twice: as wall time, and as a reading of the monotonic clock computed when the task
came in. Whichever comes first ends it, so that no wall clock can lengthen an interception.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from custodes.base.clock import Clock
from custodes.base.ids import LIID


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until before ``end`` (aware, UTC), and never beyond ``deadline`` (seconds)."""

    start: datetime
    end: datetime
    deadline: float

    @classmethod
    def begin(cls, start: datetime, end: datetime, clock: Clock) -> Period:
        return cls(start, end, clock.monotonic() + (end - clock.now()).total_seconds())

    def started(self, clock: Clock) -> bool:
        return self.start <= clock.now()

    def ended(self, clock: Clock) -> bool:
        return clock.now() >= self.end or clock.monotonic() >= self.deadline

    def open(self, clock: Clock) -> bool:
        return self.started(clock) and not self.ended(clock)

    def seconds_to_change(self, clock: Clock) -> float | None:
        """Until it starts or ends; None once it has ended."""
        if self.ended(clock):
            return None
        now = clock.now()
        left = min((self.end - now).total_seconds(), self.deadline - clock.monotonic())
        return left if now >= self.start else min(left, (self.start - now).total_seconds())


class Deadlines:
    """The deadlines that one function has set: what an order was given once is never lengthened.

    Without this memory a wall clock set back before a task is modified, or deactivated and
    activated again, would lengthen its order. In memory only: a function that restarts holds no
    task. Not thread-safe.
    """

    def __init__(self) -> None:
        self._set: dict[LIID, dict[datetime, float]] = {}

    def bound(self, liid: LIID, period: Period) -> Period:
        """``period``, to last no longer than any that this order had to the same end or a later
        one. Only an end later than all before is given time of its own."""
        earlier = self._set.setdefault(liid, {})
        limits = [deadline for end, deadline in earlier.items() if end >= period.end]
        deadline = min([period.deadline, *limits])
        earlier[period.end] = deadline
        return replace(period, deadline=deadline)
