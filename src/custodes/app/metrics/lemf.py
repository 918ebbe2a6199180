"""The lab receiver's metrics: its counters as they stand in receiver.json."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from custodes.app.metrics.collector import Sample
from custodes.app.metrics.words import Words, enrolled
from custodes.functions.lemf import evidence
from custodes.model.registry import Registry

# What the receiver counts besides: the names are in its files.
_OTHERS = frozenset(
    {
        "connections",
        "connections_lost",
        "refused_connections",
        "refused_unwritable",
        "ignored",
        "options_answered",
        "internal_errors",
        "journal_cut",
    }
)
COUNTED = _OTHERS.union(evidence.COUNTED)


def words(registry: Registry) -> Words:
    return {**enrolled(registry), "what": COUNTED}


class LemfReader:
    """``__call__`` may run in any thread."""

    def __init__(self, agency: str, counters: Callable[[], Mapping[str, int]]) -> None:
        self._agency = agency
        self._counters = counters

    def __call__(self) -> Iterator[Sample]:
        for what, number in self._counters().items():
            yield Sample("custodes_lemf_counted_total", (self._agency, what), number)
