"""The probe's metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields

from custodes.app.metrics.collector import Sample
from custodes.app.metrics.words import Words, enrolled
from custodes.functions.poi.counters import Counters
from custodes.functions.poi.events import BlindReason
from custodes.functions.poi.service import ProbeService
from custodes.model.registry import Registry

# Told under a metric of its own.
_APART = ("frames", "unreadable", "blind")
PACKETS = tuple(f.name for f in fields(Counters) if f.name not in _APART)


def words(registry: Registry) -> Words:
    reasons = frozenset(map(str, BlindReason))
    return {**enrolled(registry), "what": frozenset(PACKETS), "reason": reasons}


class PoiReader:
    """``counters`` gives the probe's, once a capture is read."""

    def __init__(self, service: ProbeService, counters: Callable[[], Counters | None]) -> None:
        self._service = service
        self._counters = counters

    def __call__(self) -> Iterator[Sample]:
        counters = self._counters() or Counters()
        yield _sample("frames_total", (), counters.frames)
        yield _sample("unreadable_total", (), sum(list(counters.unreadable.values())))
        for name in PACKETS:
            yield _sample("packets_total", (name,), getattr(counters, name))
        for reason, number in dict(self._service.blind).items():
            yield _sample("blind_total", (reason,), number)
        yield _sample("incomplete_total", (), self._service.incomplete)
        for ne, mdf, link in self._service.links():
            counted, labels = link.counters, (ne, mdf)
            yield _sample("link_sent_total", labels, counted.sent)
            yield _sample("link_resent_total", labels, counted.resent)
            yield _sample("link_acknowledged_total", labels, counted.acknowledged)
            yield _sample("link_lost_total", labels, counted.lost)
            yield _sample("link_waiting", labels, link.waiting)
            yield _sample("link_connections_total", labels, counted.connections)
            yield _sample("link_failures_total", labels, counted.failures)


def _sample(name: str, labels: tuple[str, ...], value: float) -> Sample:
    return Sample(f"custodes_poi_{name}", labels, value)
