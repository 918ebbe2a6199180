"""Everything an element holds, taken away at once: only its own watchdog may ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from custodes.session.x1.events import DestinationRemoved, ElementEvent, TaskDeactivated
from custodes.session.x1.holdings import Holdings


def cleared(holdings: Holdings) -> Iterator[ElementEvent]:
    """Empty the tables; the events for the function, tasks before the destinations they use."""
    while holdings.tasks:
        xId = next(iter(holdings.tasks))
        yield TaskDeactivated(holdings.tasks.pop(xId).details)
    while holdings.destinations:
        dId = next(iter(holdings.destinations))
        yield DestinationRemoved(holdings.destinations.pop(dId))
