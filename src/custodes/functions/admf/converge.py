"""From what should be and what is to the next steps. Pure and level-triggered.

A plan holds only what may be sent now: it is made again after every reading, so that a step that
failed, or that an element only acknowledged, is met again until a reading confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from custodes.base.ids import DID, LIID, XID
from custodes.functions.admf.actions import (
    Action,
    ActivateTask,
    Alarm,
    CreateDestination,
    DeactivateTask,
    ModifyDestination,
    ModifyTask,
    Phase,
    Plan,
    RemoveDestination,
    Step,
    Waiting,
)
from custodes.functions.admf.desired import Desired
from custodes.functions.admf.linger import Settled, in_step, liids, release_at
from custodes.functions.admf.specs import (
    HeldElement,
    HeldTask,
    Provisioning,
    WantedElement,
    WantedTask,
)


@dataclass(frozen=True, slots=True)
class Issued:
    """Every identifier that this administration ever gave out; what is not here is not ours."""

    xids: frozenset[XID]
    dids: frozenset[DID]


def plan(
    desired: Desired,
    held: Mapping[str, HeldElement],
    issued: Issued,
    settled: Settled,
    now: datetime,
) -> Plan:
    """The next steps towards ``desired``. ``held`` lacks the elements that could not be read."""
    planner = _Planner(desired, held, issued, settled, now, desired.wake)
    for name, wanted in desired.elements.items():
        planner.element(name, wanted)
    return Plan(
        tuple(sorted(planner.steps, key=lambda s: (s.phase, s.neIdentifier))),
        tuple(planner.waiting),
        tuple(planner.alarms),
        planner.wake,
    )


def carries(wanted: WantedTask, held: HeldTask | None) -> bool:
    """Whether an MDF is ready for everything wanted of it (it may hold more for a while)."""
    return (
        held is not None
        and held.spec is not None
        and held.provisioning is Provisioning.COMPLETE
        and held.spec.subject == wanted.spec.subject
        and held.spec.product is wanted.spec.product
        and set(wanted.spec.mediation) <= set(held.spec.mediation)
        and set(wanted.spec.dids) <= set(held.spec.dids)
    )


@dataclass(slots=True)
class _Planner:
    desired: Desired
    held: Mapping[str, HeldElement]
    issued: Issued
    settled: Settled
    now: datetime
    wake: datetime | None
    steps: list[Step] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    def element(self, name: str, wanted: WantedElement) -> None:
        held = self.held.get(name)
        if held is None:
            self.waiting.append(Waiting(name, "", "not read yet or not reachable"))
            return
        needed: set[DID] = set()
        for xid in {**wanted.tasks, **held.tasks}:
            want = wanted.tasks.get(xid)
            if want is None:
                self._surplus(name, xid, wanted.mediates)
            elif self._task(name, want, held.tasks.get(xid), wanted.mediates):
                needed.update(want.spec.dids)
        self._destinations(name, wanted, held, needed)

    def _step(self, phase: Phase, name: str, action: Action) -> None:
        self.steps.append(Step(phase, name, action))

    def _wait(self, name: str, identifier: object, why: str) -> None:
        self.waiting.append(Waiting(name, str(identifier), why))

    def _task(self, name: str, want: WantedTask, held: HeldTask | None, mediates: bool) -> bool:
        """Plan a wanted task; whether its destinations are needed on the element now."""
        xid = want.spec.xid
        phase = Phase.MDF_TASKS if mediates else Phase.POI_TASKS
        if held is not None and in_step(want, held):
            if held.provisioning is Provisioning.AWAITING:
                self._wait(name, xid, "acknowledged, not complete")
            elif held.provisioning is Provisioning.FAILED:
                self._step(phase, name, ModifyTask(want))
            return True
        if mediates:
            leaving = liids(held.spec if held else None) - liids(want.spec)
            joining = bool(liids(want.spec) - liids(held.spec if held else None))
            if not self._released(name, xid, leaving, joining):
                return True
        elif not self._mediated(xid):
            self._wait(name, xid, "the mediation function is not ready")
            return held is not None
        self._step(phase, name, ActivateTask(want) if held is None else ModifyTask(want))
        return True

    def _mediated(self, xid: XID) -> bool:
        for name, wanted in self.desired.elements.items():
            want = wanted.tasks.get(xid)
            if wanted.mediates and want is not None:
                held = self.held.get(name)
                if held is None or not carries(want, held.tasks.get(xid)):
                    return False
        return True

    def _released(self, name: str, xid: XID, leaving: frozenset[LIID], joining: bool) -> bool:
        moment = release_at(xid, leaving, joining, self.desired, self.settled)
        if moment is None or moment <= self.now:
            return True
        self._wait(name, xid, "product of an order that is over may be under way")
        self.wake = moment if self.wake is None else min(self.wake, moment)
        return False

    def _surplus(self, name: str, xid: XID, mediates: bool) -> None:
        if xid not in self.issued.xids:
            self.alarms.append(Alarm(name, str(xid), "a task that was never issued"))
        elif not mediates:
            self._step(Phase.POI_TASK_REMOVALS, name, DeactivateTask(xid))
        elif self._released(name, xid, liids(self.held[name].tasks[xid].spec), False):
            self._step(Phase.MDF_TASK_REMOVALS, name, DeactivateTask(xid))

    def _destinations(
        self, name: str, wanted: WantedElement, held: HeldElement, needed: set[DID]
    ) -> None:
        create = Phase.MDF_DESTINATIONS if wanted.mediates else Phase.POI_DESTINATIONS
        for did in sorted(needed):
            want = wanted.destinations[did]
            have = held.destinations.get(did)
            if have is None:
                self._step(create, name, CreateDestination(want))
            elif have.spec != want.spec:
                # A DID never changes its address here, so somebody else changed it.
                self.alarms.append(Alarm(name, str(did), "a destination that was changed"))
                self._step(create, name, ModifyDestination(want))
        self._surplus_destinations(name, wanted, held)

    def _surplus_destinations(self, name: str, wanted: WantedElement, held: HeldElement) -> None:
        remove = (
            Phase.MDF_DESTINATION_REMOVALS if wanted.mediates else Phase.POI_DESTINATION_REMOVALS
        )
        specs = [t.spec for t in held.tasks.values()]
        if any(spec is None for spec in specs):
            return  # which destinations a task that we cannot read uses is not known
        used = {d for s in specs if s for d in (*s.dids, *(e for m in s.mediation for e in m.dids))}
        for did in sorted(held.destinations):
            if did in wanted.destinations:
                continue
            if did not in self.issued.dids:
                self.alarms.append(Alarm(name, str(did), "a destination that was never issued"))
            elif did not in used:
                self._step(remove, name, RemoveDestination(did))
