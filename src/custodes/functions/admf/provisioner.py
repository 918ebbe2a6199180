"""Carries plans out: one worker per element, so that none holds up another.

Each worker reads its element, makes the plan from all that is known, sends its own steps, reads
again, and tells the others. A step counts as confirmed when a reading shows it complete.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError, RefusedError
from custodes.functions.admf.actions import (
    Action,
    ActivateTask,
    Alarm,
    DeactivateTask,
    ModifyTask,
    Plan,
    Step,
)
from custodes.functions.admf.converge import Issued, plan
from custodes.functions.admf.desired import Desired, desired
from custodes.functions.admf.linger import Settled, settle
from custodes.functions.admf.ports import ElementRepository, Log, OrderRecord
from custodes.functions.admf.specs import HeldElement, HeldTask, Provisioning
from custodes.functions.admf.tries import Tries, asked, count, failed
from custodes.functions.admf.x1port import X1Port
from custodes.model.registry import Registry


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between readings of a quiet element, and of any while an order is active; first and
    longest wait before another try."""

    interval: float = 5.0
    busy: float = 1.0
    first: float = 0.1
    longest: float = 5.0

    def between(self, *, active: bool) -> float:
        return min(self.interval, self.busy) if active else self.interval

    def retry(self, failures: int) -> float:
        return min(self.longest, self.first * 2.0 ** min(failures - 1, 16))


@dataclass(slots=True)
class Counters:
    """X1 messages: changes asked for, changes that a reading confirmed, readings."""

    x1_requests: int = 0
    x1_confirmed: int = 0
    x1_reads: int = 0


@dataclass(slots=True)
class _Element:
    """What is known of one element between two wakings of its worker."""

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    urgent: asyncio.Event = field(default_factory=asyncio.Event)
    held: HeldElement | None = None
    read_at: float = float("-inf")
    stale: bool = True
    failures: int = 0
    pending: list[Action] = field(default_factory=list)
    told: dict[object, frozenset[str]] = field(default_factory=dict)
    state: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What should be, what is, and the steps in between, at one moment."""

    desired: Desired
    held: dict[str, HeldElement]
    plan: Plan


class Provisioner:
    """Keeps every enrolled element at what the present orders demand."""

    def __init__(
        self,
        orders: Callable[[], tuple[Sequence[OrderRecord], Sequence[str]]],
        issued: Callable[[], Issued],
        elements: ElementRepository,
        registry: Registry,
        port: X1Port,
        clock: Clock,
        log: Log,
        pace: Pace | None = None,
    ) -> None:
        self._orders = orders
        self._issued = issued
        self._repository = elements
        self._registry = registry
        self._port = port
        self._clock = clock
        self._log = log
        self._pace = pace or Pace()
        self._elements = {e.neIdentifier: _Element() for e in registry.elements}
        self._settled: Settled = {}
        self._tries: Tries = {}
        self._interval = self._pace.between(active=True)
        self._alarms: frozenset[Alarm] = frozenset()
        self.counters = Counters()

    def changed(self) -> None:
        """Orders changed: everybody looks again."""
        for element in self._elements.values():
            element.wake.set()

    def refresh(self, ne_identifier: str) -> None:
        """Something was said about an element: read it again now."""
        element = self._elements.get(ne_identifier)
        if element is not None:
            element.stale = True
            element.urgent.set()
            element.wake.set()

    def picture(self) -> Picture:
        """The present state; raises ConfigurationError where the database is damaged."""
        now = self._clock.now()
        records, damaged = self._orders()
        wanted = desired(records, now, self._registry)
        held = {n: e.held for n, e in self._elements.items() if e.held is not None}
        self._settled = settle(self._settled, wanted, held, now)
        made = plan(wanted, held, self._issued(), self._settled, now, self._tries)
        self._tries = {
            k: t for k, t in self._tries.items() if k in made.open or k.neIdentifier not in held
        }
        tasked = [e.tasks for e in wanted.elements.values()] + [e.tasks for e in held.values()]
        self._interval = self._pace.between(active=any(tasked))
        self._raise_alarms(made, wanted.void, damaged)
        return Picture(wanted, held, made)

    def read_age(self, ne_identifier: str) -> float | None:
        """Seconds since the element was last read; None where it is not known what it holds."""
        element = self._elements[ne_identifier]
        return None if element.held is None else self._clock.monotonic() - element.read_at

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            for name in self._elements:
                group.create_task(self._worker(name))

    async def _worker(self, name: str) -> None:
        element = self._elements[name]
        while True:
            element.wake.clear()
            quiet = 0.0
            try:
                settled = await self._once(name, element)
                quiet = self._quiet_for(element)
            except CustodesError as error:
                element.held = None
                self._state(name, element, "unreachable", error.what)
                settled = False
            if not settled:
                element.failures += 1
                await self._pause(element)
                element.stale = True
                continue
            element.failures = 0
            with suppress(TimeoutError):
                async with asyncio.timeout(quiet):
                    await element.wake.wait()

    async def _pause(self, element: _Element) -> None:
        """Before another try; a word about the element cuts it short, another's change does not."""
        seconds = min(self._pace.retry(element.failures), self._interval)
        element.urgent.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await element.urgent.wait()

    def _quiet_for(self, element: _Element) -> float:
        moment = self.picture().plan.wake
        due = element.read_at + self._interval - self._clock.monotonic()
        if moment is not None:
            due = min(due, (moment - self._clock.now()).total_seconds() + 0.001)
        return max(0.0, due)

    async def _once(self, name: str, element: _Element) -> bool:
        """Read where due, send the steps, read again. False: not yet as it should be."""
        overdue = self._clock.monotonic() - element.read_at >= self._interval
        if element.held is None or element.stale or overdue:
            await self._read(name, element)
        steps = self.picture().plan.of(name)
        for step in steps:
            # The others' steps don't depend on a refused one; what does is refused by the element.
            with suppress(RefusedError):
                await self._send(name, element, step)
        if steps:
            await self._read(name, element)
            self.changed()
        left = self.picture().plan.of(name)  # and what was refused and matters no more is forgotten
        refused = [t.why for k, t in self._tries.items() if k.neIdentifier == name and t.refused]
        self._state(name, element, "refuses" if refused else "reachable", "".join(refused[:1]))
        return not element.pending and not set(steps) & set(left)

    async def _read(self, name: str, element: _Element) -> None:
        before = element.held
        self.counters.x1_reads += 1
        held = await self._port.read(name)
        element.held = HeldElement(
            {xid: _remembered(task, element) for xid, task in held.tasks.items()},
            held.destinations,
        )
        element.read_at = self._clock.monotonic()
        element.stale = False
        done = [action for action in element.pending if action.done(element.held)]
        self.counters.x1_confirmed += len(done)
        # What a reading contradicts is planned anew; what it calls unfinished stays pending.
        element.pending = [
            action
            for action in element.pending
            if action not in done and _unfinished(action, element.held)
        ]
        if element.held != before:
            self.changed()

    async def _send(self, name: str, element: _Element, step: Step) -> None:
        action = step.action
        message = type(action).__name__
        self.counters.x1_requests += 1
        try:
            await self._port.send(name, action)
        except CustodesError as error:
            pause = self._pace.retry(1 + count(self._tries, step.keys))
            self._tries = failed(
                self._tries,
                step.keys,
                self._clock.now(),
                str(error),
                pause,
                refused=isinstance(error, RefusedError),
            )
            self._log.warning("admf.x1", ne=name, message=message, outcome=str(error))
            raise
        self._tries = asked(self._tries, step.keys, self._clock.now())
        self._log.info("admf.x1", ne=name, message=message, outcome="acknowledged")
        element.pending = [*element.pending, action]
        if isinstance(action, ActivateTask | ModifyTask):
            element.told[action.wanted.spec.xid] = action.wanted.covered_by()
        elif isinstance(action, DeactivateTask):
            element.told.pop(action.xid, None)

    def _state(self, name: str, element: _Element, state: str, detail: str) -> None:
        if element.state != (state, detail):
            element.state = (state, detail)
            self._repository.set_state(name, self._clock.now(), state, detail)
            self._log.info("admf.element", ne=name, state=state, detail=detail)

    def _raise_alarms(self, made: Plan, void: Sequence[str], damaged: Sequence[str]) -> None:
        alarms = frozenset(made.alarms)
        alarms |= {Alarm("", reference, "approvals that do not verify") for reference in void}
        alarms |= {Alarm("", reference, "damaged in the database") for reference in damaged}
        for alarm in sorted(
            alarms - self._alarms, key=lambda a: (a.neIdentifier, a.identifier, a.what)
        ):
            self._log.warning(
                "admf.alarm", ne=alarm.neIdentifier, identifier=alarm.identifier, what=alarm.what
            )
        self._alarms = alarms

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        return tuple(sorted(self._alarms, key=lambda a: (a.neIdentifier, a.identifier)))


def _remembered(task: HeldTask, element: _Element) -> HeldTask:
    covered = task.covered_by if task.covered_by is not None else element.told.get(task.xid)
    return replace(task, covered_by=covered)


def _unfinished(action: Action, held: HeldElement) -> bool:
    if not isinstance(action, ActivateTask | ModifyTask):
        return False
    task = held.tasks.get(action.wanted.spec.xid)
    return (
        task is not None
        and task.spec == action.wanted.spec
        and task.provisioning is Provisioning.AWAITING
    )
