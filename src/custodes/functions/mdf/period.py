"""The period of a mediation entry, by our own clock (DESIGN, rule 2).

The end is held twice: as wall time, and as a reading of the monotonic clock computed when the task
came in. Whichever comes first ends it, so that no wall clock can lengthen an interception.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from custodes.base.clock import Clock


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` until before ``end`` (aware, UTC), and never beyond ``deadline`` (seconds)."""

    start: datetime
    end: datetime
    deadline: float

    @classmethod
    def begin(cls, start: datetime, end: datetime, clock: Clock) -> Period:
        return cls(start, end, clock.monotonic() + (end - clock.now()).total_seconds())

    def following(self, earlier: Period | None) -> Period:
        """This period, with the deadline of the task that it replaces where the end is no later.

        Otherwise a wall clock set back before a modification would lengthen it.
        """
        if earlier is None or self.end > earlier.end or earlier.deadline >= self.deadline:
            return self
        return replace(self, deadline=earlier.deadline)

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
        if now < self.start:
            return (self.start - now).total_seconds()
        return min((self.end - now).total_seconds(), self.deadline - clock.monotonic())
