"""How long a mediation entry outlives its order: product may still be under way.

It goes LINGER after every POI was seen without the order, and at the latest DEADLINE after the
order stopped: an element that cannot be reached must not keep a delivery open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from custodes.base.ids import LIID, XID
from custodes.functions.admf.desired import Desired
from custodes.functions.admf.share import kept
from custodes.functions.admf.specs import HeldElement, HeldTask, TaskSpec, WantedTask

LINGER = timedelta(seconds=2)
DEADLINE = timedelta(seconds=10)

Settled = Mapping[tuple[str, XID], datetime]
"""Since when each POI is known to hold, of an XID, nothing that it should not."""


def in_step(wanted: WantedTask | None, held: HeldTask | None) -> bool:
    """Whether an element holds of one XID exactly what it should, under the right grants."""
    if wanted is None or held is None:
        return wanted is None and held is None
    covered = held.covered_by is None or held.covered_by == wanted.covered_by()
    return held.spec == wanted.spec and covered


def settle(
    before: Settled, desired: Desired, held: Mapping[str, HeldElement], now: datetime
) -> dict[tuple[str, XID], datetime]:
    """``Settled`` at ``now``, for the XIDs of orders that are over."""
    after: dict[tuple[str, XID], datetime] = {}
    for xid in {s.xid for s in desired.stopped.values()}:
        for name, wanted in desired.elements.items():
            if wanted.mediates or name not in held:
                continue
            task = held[name].tasks.get(xid)
            # Not whether it has everything: what joins may be refused for ever.
            if in_step(kept(wanted.tasks.get(xid), task), task):
                after[name, xid] = before.get((name, xid), now)
    return after


def release_at(
    xid: XID, leaving: frozenset[LIID], desired: Desired, settled: Settled
) -> datetime | None:
    """When ``leaving`` entries of an MDF's task may go; None: at once (they were never ours)."""
    moments: list[datetime] = []
    pois = [n for n, wanted in desired.elements.items() if not wanted.mediates]
    for liid in leaving:
        stop = desired.stopped.get(liid)
        if stop is None or stop.xid != xid:
            continue
        times = [settled.get((poi, xid)) for poi in pois]
        seen = [t for t in times if t is not None]
        if len(seen) == len(times):
            moments.append(min(max([*seen, stop.at]) + LINGER, stop.at + DEADLINE))
        else:
            moments.append(stop.at + DEADLINE)
    return max(moments, default=None)


def liids(spec: TaskSpec | None) -> frozenset[LIID]:
    return frozenset(m.liid for m in spec.mediation) if spec else frozenset()
