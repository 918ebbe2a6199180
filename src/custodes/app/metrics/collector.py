"""From a function's counters to Prometheus' text, at the moment of a scrape.

Functions count for themselves and know nothing of this; a *reader* (one file per function) turns
what they have counted into samples. There is one registry per process, and it is not the library's
global one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from custodes import __version__
from custodes.app.metrics.table import BY_NAME
from custodes.app.metrics.words import Words, closed


@dataclass(frozen=True, slots=True)
class Sample:
    """A metric of the table with its labels' values, in the table's order."""

    name: str
    labels: tuple[str, ...]
    value: float


Read = Callable[[], Iterable[Sample]]
_Family = CounterMetricFamily | GaugeMetricFamily


class FunctionCollector(Collector):
    """Asks ``read`` at every scrape; nothing is kept in between."""

    def __init__(self, read: Read, words: Words) -> None:
        self._read = read
        self._words = words

    def describe(self) -> Iterable[_Family]:
        """Nothing: else the registry would read before the function is ready."""
        return ()

    def collect(self) -> Iterator[_Family]:
        # Several samples may meet under one set of labels ("other"): a scrape tells their sum.
        sums: dict[str, Counter[tuple[str, ...]]] = {}
        for sample in self._read():
            metric = BY_NAME[sample.name]
            labels = closed(self._words, metric.labels, sample.labels)
            sums.setdefault(sample.name, Counter())[labels] += sample.value  # type: ignore[assignment]
        for name, values in sums.items():
            metric = BY_NAME[name]
            kind = CounterMetricFamily if metric.counts else GaugeMetricFamily
            family: _Family = kind(name, metric.help, labels=metric.labels)
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family


class Exposition:
    """One process's metrics: of the function, and of the process itself."""

    def __init__(self, function: str, read: Read, words: Words, *, lab: bool) -> None:
        self._registry = CollectorRegistry()
        about = (
            Sample("custodes_build_info", (function, __version__), 1),
            Sample("custodes_lab", (), int(lab)),
        )
        known = {"function": (function,), "version": (__version__,)}
        self._registry.register(FunctionCollector(lambda: about, known))
        self._registry.register(FunctionCollector(read, words))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """Prometheus' text format, version 0.0.4."""
        return generate_latest(self._registry)
