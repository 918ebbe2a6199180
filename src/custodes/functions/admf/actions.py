"""The steps of a plan: the X1 messages that change an element, with the grants that cover them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from custodes.base.ids import DID, XID
from custodes.functions.admf.specs import (
    HeldElement,
    Provisioning,
    WantedDestination,
    WantedTask,
)
from custodes.functions.admf.tries import Key


class Phase(IntEnum):
    """The sequence of a plan. What stops comes first, on every element, so that it waits for
    nothing else (how long an MDF still holds what is over: linger.py); an MDF is ready before any
    POI (TS 33.128 V19.7.0, 5.2.2.2); destinations go when no task needs them."""

    POI_TASK_REMOVALS = 1
    MDF_TASK_REMOVALS = 2
    MDF_DESTINATIONS = 3
    MDF_TASKS = 4
    POI_DESTINATIONS = 5
    POI_TASKS = 6
    POI_DESTINATION_REMOVALS = 7
    MDF_DESTINATION_REMOVALS = 8


@dataclass(frozen=True, slots=True)
class CreateDestination:
    wanted: WantedDestination

    def done(self, held: HeldElement) -> bool:
        destination = held.destinations.get(self.wanted.spec.did)
        return destination is not None and destination.spec == self.wanted.spec


@dataclass(frozen=True, slots=True)
class ModifyDestination:
    wanted: WantedDestination

    def done(self, held: HeldElement) -> bool:
        destination = held.destinations.get(self.wanted.spec.did)
        return destination is not None and destination.spec == self.wanted.spec


@dataclass(frozen=True, slots=True)
class RemoveDestination:
    did: DID

    def done(self, held: HeldElement) -> bool:
        return self.did not in held.destinations


@dataclass(frozen=True, slots=True)
class ActivateTask:
    wanted: WantedTask

    def done(self, held: HeldElement) -> bool:
        return _complete(self.wanted, held)


@dataclass(frozen=True, slots=True)
class ModifyTask:
    wanted: WantedTask

    def done(self, held: HeldElement) -> bool:
        return _complete(self.wanted, held)


@dataclass(frozen=True, slots=True)
class DeactivateTask:
    xid: XID

    def done(self, held: HeldElement) -> bool:
        return self.xid not in held.tasks


def _complete(wanted: WantedTask, held: HeldElement) -> bool:
    task = held.tasks.get(wanted.spec.xid)
    return (
        task is not None and task.spec == wanted.spec and task.provisioning is Provisioning.COMPLETE
    )


Action = (
    CreateDestination
    | ModifyDestination
    | RemoveDestination
    | ActivateTask
    | ModifyTask
    | DeactivateTask
)


@dataclass(frozen=True, slots=True)
class Step:
    """One message to one element; ``keys``: what is remembered of it where it is in vain."""

    phase: Phase
    neIdentifier: str
    action: Action
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not yet as it should be and cannot be changed now, and why."""

    neIdentifier: str
    identifier: str
    why: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """What people must look at: what an element holds and never got from us (reported, never
    repaired), or what it refuses again and again."""

    neIdentifier: str
    identifier: str
    what: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send now (in phases), what has to wait, what people must look at, when to look again.

    ``steps`` and ``waiting`` empty: every element holds what it should, confirmed. ``open``: what
    is still to be done of what can be in vain.
    """

    steps: tuple[Step, ...]
    waiting: tuple[Waiting, ...]
    alarms: tuple[Alarm, ...]
    wake: datetime | None
    open: frozenset[Key] = frozenset()

    @property
    def converged(self) -> bool:
        return not self.steps and not self.waiting

    def of(self, ne_identifier: str) -> tuple[Step, ...]:
        return tuple(s for s in self.steps if s.neIdentifier == ne_identifier)
