"""From what should be and what is to the next steps. Pure and level-triggered.

A plan holds only what may be sent now: it is made again after every reading, so that a step that
failed, or that an element only acknowledged, is met again until a reading confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from custodes.functions.admf.altered import altered
from custodes.functions.admf.desired import Desired
from custodes.functions.admf.digests import digest_of
from custodes.functions.admf.linger import DEADLINE, Settled, in_step, liids, release_at
from custodes.functions.admf.share import kept, members, only
from custodes.functions.admf.specs import (
    HeldElement,
    HeldTask,
    Provisioning,
    WantedDestination,
    WantedElement,
    WantedTask,
)
from custodes.functions.admf.tries import ALARM_AFTER, Key, Tried, Tries, count
from custodes.model.grant import Grant


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
    tries: Tries | None = None,
) -> Plan:
    """The next steps towards ``desired``. ``held`` lacks the elements that could not be read;
    ``tries`` is what is still open and was asked for in vain so far."""
    planner = _Planner(desired, held, issued, settled, now, tries or {}, desired.wake)
    for name, wanted in desired.elements.items():
        planner.element(name, wanted)
    return Plan(
        tuple(sorted(planner.steps, key=lambda s: (s.phase, s.neIdentifier))),
        tuple(planner.waiting),
        tuple(planner.alarms),
        planner.wake,
        frozenset(planner.open),
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
    tries: Tries
    wake: datetime | None
    steps: list[Step] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    open: set[Key] = field(default_factory=set)

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
            else:
                needed |= self._task(name, want, held.tasks.get(xid), wanted.mediates)
        self._destinations(name, wanted, held, needed)

    def _step(self, phase: Phase, name: str, action: Action, *keys: Key) -> None:
        """Take a step, unless it was in vain and is not due again."""
        self.open.update(keys)
        tries = [t for key in keys if (t := self.tries.get(key)) is not None]
        for key in keys:
            tried = self.tries.get(key)
            if tried is not None and tried.refused >= ALARM_AFTER:
                self._alarm_refused(key, tried)
        late = [t for t in tries if not t.due(self.now)]
        if not late:
            self.steps.append(Step(phase, name, action, keys))
            return
        self._wait(name, keys[0].identifier, f"in vain so far: {late[0].why}")
        self._wake_at(max(t.again for t in late))

    def _alarm_refused(self, key: Key, tried: Tried) -> None:
        what = key.message if key.liid is None else f"taking in {key.liid}"
        alarm = Alarm(
            key.neIdentifier, key.identifier, f"{what} is refused again and again: {tried.why}"
        )
        if alarm not in self.alarms:
            self.alarms.append(alarm)

    def _wait(self, name: str, identifier: object, why: str) -> None:
        self.waiting.append(Waiting(name, str(identifier), why))

    def _wake_at(self, moment: datetime) -> None:
        self.wake = moment if self.wake is None else min(self.wake, moment)

    def _task(
        self, name: str, want: WantedTask, held: HeldTask | None, mediates: bool
    ) -> frozenset[DID]:
        """Plan a wanted task; which destinations the element needs for it now.

        What leaves a task goes first and alone; only then does anything join it.
        """
        xid = want.spec.xid
        if held is not None and altered(want, held, self.issued.dids, self.desired.liids):
            self.alarms.append(Alarm(name, str(xid), "a task that was changed"))
        keep = kept(want, held)
        if held is not None and (keep is None or not in_step(keep, held)):
            self._leave(name, keep, held, mediates)
            return frozenset(keep.spec.dids if keep is not None else ())
        present = members(want, held)
        ready = [
            g
            for g in want.grants
            if digest_of(g.intent) not in present and (mediates or self._mediated(g))
        ]
        if held is not None and held.provisioning is not Provisioning.COMPLETE and keep is not None:
            if held.provisioning is Provisioning.AWAITING:
                self._wait(name, xid, "acknowledged, not complete")
            else:
                phase = Phase.MDF_TASKS if mediates else Phase.POI_TASKS
                self._step(phase, name, ModifyTask(keep), Key(name, "Repair", str(xid)))
        if len(present) + len(ready) < len(want.grants):
            self._wait(name, xid, "the mediation function is not ready")
        if ready:
            self._join(name, want, present, ready, mediates)
        both = only(want, present | {digest_of(g.intent) for g in ready})
        return frozenset(both.spec.dids if both is not None else ())

    def _leave(self, name: str, keep: WantedTask | None, held: HeldTask, mediates: bool) -> None:
        """Take out of a task what is not wanted any more, and where that fails, take it away."""
        xid = held.xid
        leaving = liids(held.spec) - liids(keep.spec if keep is not None else None)
        if mediates and not self._released(name, xid, leaving):
            return
        phase = Phase.MDF_TASK_REMOVALS if mediates else Phase.POI_TASK_REMOVALS
        narrowing = Key(name, "ModifyTask", str(xid))
        self.open.add(narrowing)
        if keep is None or self._in_vain(narrowing, keep, held):
            key = Key(name, "DeactivateTask", str(xid))
            self._step(phase, name, DeactivateTask(xid), key)
        else:
            self._step(phase, name, ModifyTask(keep), narrowing)

    def _in_vain(self, narrowing: Key, keep: WantedTask, held: HeldTask) -> bool:
        """Whether a task that is too wide has to go, because it cannot be made narrower.

        One refusal is enough where it would go on delivering what nobody may have; where merely a
        grant too many covers what others may have, it has to be refused for good.
        """
        tried = self.tries.get(narrowing)
        if tried is None:
            return False
        enough = 1 if held.spec != keep.spec else ALARM_AFTER
        return tried.refused >= enough or self.now - tried.since >= DEADLINE

    def _join(
        self,
        name: str,
        want: WantedTask,
        present: frozenset[str],
        ready: Sequence[Grant],
        mediates: bool,
    ) -> None:
        """Add orders to a task: together, and one by one once one of them failed, so that none
        that is refused keeps another out. Those that failed least come first."""
        action = ModifyTask if present else ActivateTask
        keys = {
            g: Key(name, "Join", str(want.spec.xid), g.intent.liid)
            for g in sorted(ready, key=lambda g: g.intent.liid)
        }
        self.open.update(keys.values())
        due = [g for g, key in keys.items() if self._is_due(key)]
        chosen = [g for g in due if not count(self.tries, [keys[g]])]
        if not chosen:
            chosen = sorted(due or keys, key=lambda g: count(self.tries, [keys[g]]))[:1]
        for grant, key in keys.items():
            tried = self.tries.get(key)
            if grant not in chosen and tried is not None:
                if tried.refused >= ALARM_AFTER:
                    self._alarm_refused(key, tried)
                self._wait(name, want.spec.xid, f"order {key.liid} was not taken in: {tried.why}")
                if not tried.due(self.now):
                    self._wake_at(tried.again)
        joined = only(want, present | {digest_of(g.intent) for g in chosen})
        if joined is not None:
            phase = Phase.MDF_TASKS if mediates else Phase.POI_TASKS
            self._step(phase, name, action(joined), *(keys[g] for g in chosen))

    def _is_due(self, key: Key) -> bool:
        tried = self.tries.get(key)
        return tried is None or tried.due(self.now)

    def _mediated(self, grant: Grant) -> bool:
        """Whether every MDF is ready for one order."""
        digest = digest_of(grant.intent)
        for name, wanted in self.desired.elements.items():
            want = wanted.tasks.get(grant.intent.xid)
            alone = only(want, {digest}) if wanted.mediates and want is not None else None
            if alone is not None:
                held = self.held.get(name)
                if held is None or not carries(alone, held.tasks.get(grant.intent.xid)):
                    return False
        return True

    def _released(self, name: str, xid: XID, leaving: frozenset[LIID]) -> bool:
        moment = release_at(xid, leaving, self.desired, self.settled)
        if moment is None or moment <= self.now:
            return True
        self._wait(name, xid, "product of an order that is over may be under way")
        self._wake_at(moment)
        return False

    def _surplus(self, name: str, xid: XID, mediates: bool) -> None:
        if xid not in self.issued.xids:
            self.alarms.append(Alarm(name, str(xid), "a task that was never issued"))
        else:
            self._leave(name, None, self.held[name].tasks[xid], mediates)

    def _destinations(
        self, name: str, wanted: WantedElement, held: HeldElement, needed: set[DID]
    ) -> None:
        create = Phase.MDF_DESTINATIONS if wanted.mediates else Phase.POI_DESTINATIONS
        for did in sorted(needed):
            want = wanted.destinations[did]
            have = held.destinations.get(did)
            if have is None:
                key = Key(name, "CreateDestination", str(did))
                self._step(create, name, CreateDestination(self._covered(want, key)), key)
            elif have.spec != want.spec:
                # A DID never changes its address here, so somebody else changed it.
                self.alarms.append(Alarm(name, str(did), "a destination that was changed"))
                key = Key(name, "ModifyDestination", str(did))
                self._step(create, name, ModifyDestination(self._covered(want, key)), key)
        self._surplus_destinations(name, wanted, held)

    def _covered(self, want: WantedDestination, key: Key) -> WantedDestination:
        """Under every grant that names it; once that failed, under one after the other."""
        times = count(self.tries, [key])
        if not times:
            return want
        return WantedDestination(want.spec, (want.grants[(times - 1) % len(want.grants)],))

    def _surplus_destinations(self, name: str, wanted: WantedElement, held: HeldElement) -> None:
        remove = (
            Phase.MDF_DESTINATION_REMOVALS if wanted.mediates else Phase.POI_DESTINATION_REMOVALS
        )
        uses = [t.uses() for t in held.tasks.values()]
        used = None if None in uses else {did for each in uses if each for did in each}
        for did in sorted(held.destinations):
            if did in wanted.destinations:
                continue
            if did not in self.issued.dids:
                self.alarms.append(Alarm(name, str(did), "a destination that was never issued"))
            elif used is not None and did not in used:
                key = Key(name, "RemoveDestination", str(did))
                self._step(remove, name, RemoveDestination(did), key)
