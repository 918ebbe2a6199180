"""The x1 gate's metrics."""

from __future__ import annotations

from collections.abc import Iterator

from custodes.app.metrics.collector import Sample
from custodes.app.metrics.words import Words, enrolled
from custodes.functions.x1gate.counters import OUTCOMES, Counters
from custodes.model.registry import Registry
from custodes.wire.x1.leniency import Tolerated
from custodes.wire.x1.operations import RequestMessageType


def words(registry: Registry) -> Words:
    return {
        **enrolled(registry),
        "operation": frozenset(map(str, RequestMessageType)),
        "outcome": OUTCOMES,
        "kind": frozenset(map(str, Tolerated)),
    }


class GateReader:
    """In the event loop only."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def __call__(self) -> Iterator[Sample]:
        for labels, number in self._counters.messages.items():
            yield Sample("custodes_x1gate_messages_total", labels, number)
        for used, number in self._counters.leniencies.items():
            yield Sample("custodes_x1gate_leniencies_used_total", used, number)
