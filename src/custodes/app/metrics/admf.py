"""The administration's metrics: how many, never which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from custodes.app.alarms import ALARMS, admf_kind
from custodes.app.metrics.collector import Sample
from custodes.app.metrics.words import OTHER, Words
from custodes.base.clock import Clock
from custodes.functions.admf.ports import ElementRepository, OrderRepository
from custodes.functions.admf.provisioner import Provisioner
from custodes.functions.admf.states import State, state_of
from custodes.model.registry import Registry

UNKNOWN = "unknown"
_ELEMENT_STATES = frozenset({"reachable", "refuses", "unreachable", UNKNOWN})


class Store(Protocol):
    """The administration's database."""

    @property
    def orders(self) -> OrderRepository: ...
    @property
    def elements(self) -> ElementRepository: ...


def words() -> Words:
    return {
        "state": frozenset({*map(str, State), *_ELEMENT_STATES}),
        "kind": frozenset(alarm.kind for alarm in ALARMS if alarm.function == "admf"),
    }


class AdmfReader:
    """In the event loop only. Raises ConfigurationError where the database is damaged."""

    def __init__(
        self, store: Store, provisioner: Provisioner, registry: Registry, clock: Clock
    ) -> None:
        self._store = store
        self._provisioner = provisioner
        self._registry = registry
        self._clock = clock

    def __call__(self) -> Iterator[Sample]:
        records, damaged = self._store.orders.all()
        now = self._clock.now()
        yield from _counted("orders", (state_of(record, now) for record in records), State)
        yield _sample("orders_damaged", (), len(damaged))
        known = {s.neIdentifier: s.state for s in self._store.elements.states()}
        states = (known.get(e.neIdentifier, UNKNOWN) for e in self._registry.elements)
        yield from _counted("elements", states, _ELEMENT_STATES)
        counters = self._provisioner.counters
        yield _sample("x1_requests_total", (), counters.x1_requests)
        yield _sample("x1_confirmed_total", (), counters.x1_confirmed)
        yield _sample("x1_reads_total", (), counters.x1_reads)
        plan = self._provisioner.picture().plan
        yield _sample("steps_open", (), len(plan.steps))
        yield _sample("steps_waiting", (), len(plan.waiting))
        kinds = (admf_kind(alarm.what) or OTHER for alarm in self._provisioner.alarms)
        yield from _counted("alarms", kinds)


def _counted(name: str, found: Iterable[str], always: Iterable[str] = ()) -> Iterator[Sample]:
    """How many there are of each; of those that ``always`` names also where there are none."""
    numbers: Counter[str] = Counter(map(str, found))
    for word in sorted({*map(str, always), *numbers}):
        yield _sample(name, (word,), numbers[word])


def _sample(name: str, labels: tuple[str, ...], value: float) -> Sample:
    return Sample(f"custodes_admf_{name}", labels, value)
