"""The tasks of one side, as X1 holds them, and the phases that each mediation entry goes through.

```
            start            end, DeactivateTask, ModifyTask without it
 pending ──────────▶ active ───────────────────────────────────────────▶ ended
              HI4 activation          HI4 deactivation
```
A change of an active entry is an HI4 modification (TS 33.128 V19.7.0, 5.6.2). An ended entry stays
ended, whatever the wall clock says later: only a task with a later end starts it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from custodes.base.clock import Clock
from custodes.base.ids import DID, LIID, XID
from custodes.functions.mdf.identifiers import Identifier
from custodes.model.period import Deadlines, Period


class Notice(StrEnum):
    """LINotificationType of TS 33.128."""

    ACTIVATION = "activation"
    MODIFICATION = "modification"
    DEACTIVATION = "deactivation"


class Phase(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Entry:
    """One order on one side: MediationDetails that were checked, and nothing unchecked.

    ``provided`` are the task's identifiers as the IRI names them; ``sources`` the elements that the
    order's intent names: product of any other is not this order's.
    """

    xid: XID
    liid: LIID
    period: Period
    dids: tuple[DID, ...]
    location: bool
    provided: tuple[Identifier, ...]
    sources: frozenset[str]

    def same_order(self, other: Entry) -> bool:
        """Whether an agency need not be told of a modification."""
        return (
            self.period.start == other.period.start
            and self.period.end == other.period.end
            and self.dids == other.dids
            and self.location == other.location
        )

    def __repr__(self) -> str:
        return f"Entry({self.liid})"


@dataclass(frozen=True, slots=True)
class Change:
    """What an agency is told about an entry."""

    notice: Notice
    entry: Entry


@dataclass(slots=True)
class _Held:
    entry: Entry
    phase: Phase


class TaskTable:
    """XID to entries. Not thread-safe: the side calls it under its own lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: dict[XID, dict[LIID, _Held]] = {}
        self._deadlines = Deadlines()

    def put(self, xid: XID, entries: Iterable[Entry]) -> list[Change]:
        """ActivateTask or ModifyTask: from now on the task has exactly these entries."""
        before = self._tasks.get(xid, {})
        after: dict[LIID, _Held] = {}
        changes: list[Change] = []
        for asked in entries:
            entry = replace(asked, period=self._deadlines.bound(asked.liid, asked.period))
            held = before.get(entry.liid)
            if held is None:
                after[entry.liid] = _Held(entry, Phase.PENDING)
                continue
            phase = held.phase
            if phase is Phase.ENDED and entry.period.end > held.entry.period.end:
                phase = Phase.PENDING
            elif phase is Phase.ACTIVE and not entry.same_order(held.entry):
                changes.append(Change(Notice.MODIFICATION, entry))
            after[entry.liid] = _Held(entry, phase)
        gone = [held for liid, held in before.items() if liid not in after]
        self._tasks[xid] = after
        return [*_ended(gone), *changes, *self.due()]

    def remove(self, xid: XID) -> list[Change]:
        """DeactivateTask."""
        return _ended(self._tasks.pop(xid, {}).values())

    def due(self) -> list[Change]:
        """What starts or ends by now."""
        changes: list[Change] = []
        for held in self._all():
            if held.phase is Phase.ENDED:
                continue
            if held.entry.period.ended(self._clock):
                changes += _ended([held])
            elif held.phase is Phase.PENDING and held.entry.period.started(self._clock):
                held.phase = Phase.ACTIVE
                changes.append(Change(Notice.ACTIVATION, held.entry))
        return changes

    def seconds_to_change(self) -> float | None:
        """Until ``due`` has something to say by itself."""
        waits = [
            seconds
            for held in self._all()
            if held.phase is not Phase.ENDED
            and (seconds := held.entry.period.seconds_to_change(self._clock)) is not None
        ]
        return min(waits, default=None)

    def known(self, xid: XID) -> bool:
        return xid in self._tasks

    def runs(self, liid: LIID) -> bool:
        """Whether an entry of the order is active or will be."""
        return any(h.entry.liid == liid and h.phase is not Phase.ENDED for h in self._all())

    def liids(self, xid: XID) -> frozenset[LIID]:
        """The orders that the task serves, whatever their phase."""
        return frozenset(self._tasks.get(xid, {}))

    def subject(self, xid: XID) -> Identifier | None:
        """The task's subject as agencies are told of it; one task has one subject."""
        for held in self._tasks.get(xid, {}).values():
            return held.entry.provided[0] if held.entry.provided else None
        return None

    def active(self, xid: XID) -> tuple[Entry, ...]:
        """The entries that may have product at this moment; ``due`` was called just before."""
        return tuple(
            held.entry
            for held in self._tasks.get(xid, {}).values()
            if held.phase is Phase.ACTIVE and held.entry.period.open(self._clock)
        )

    def _all(self) -> Iterator[_Held]:
        for task in self._tasks.values():
            yield from task.values()


def _ended(helds: Iterable[_Held]) -> list[Change]:
    """End them; those that were active are told to their agencies."""
    changes = []
    for held in helds:
        if held.phase is Phase.ACTIVE:
            changes.append(Change(Notice.DEACTIVATION, held.entry))
        held.phase = Phase.ENDED
    return changes
