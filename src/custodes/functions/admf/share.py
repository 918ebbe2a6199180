"""Which orders a task that several of them share acts for. Pure.

One XID is one subject, so orders of several agencies meet in one task. What leaves it must never
wait for what joins it: both are told apart here, order by order.
"""

from __future__ import annotations

from collections.abc import Collection

from custodes.functions.admf.digests import digest_of
from custodes.functions.admf.specs import HeldTask, TaskSpec, WantedTask
from custodes.model.grant import Grant


def only(want: WantedTask, orders: Collection[str]) -> WantedTask | None:
    """``want`` for some of its orders (digests of their intents); None where none is left."""
    grants = tuple(g for g in want.grants if digest_of(g.intent) in orders)
    if not grants:
        return None
    dids = {d.did for g in grants for d in g.intent.deliveries}
    liids = {g.intent.liid for g in grants}
    kinds = {g.intent.order.header_reporting.kind for g in grants}
    spec = want.spec
    narrow = TaskSpec(
        xid=spec.xid,
        subject=spec.subject,
        product=spec.product,
        dids=tuple(d for d in spec.dids if d in dids),
        mediation=tuple(m for m in spec.mediation if m.liid in liids),
        headerReporting=tuple(k for k in spec.headerReporting if k in kinds),
    )
    return WantedTask(narrow, grants)


def members(want: WantedTask, held: HeldTask | None) -> frozenset[str]:
    """The wanted orders that a task acts for already.

    On an MDF its entries tell; on a POI the grants that it was last told to run under, and where
    nobody knows those, what it does. Of a task that cannot be understood, or is aimed at somebody
    else, all count: it is to be set right and not to be added to.
    """
    if held is None:
        return frozenset()
    return frozenset(digest_of(g.intent) for g in want.grants if _member(want, g, held))


def kept(want: WantedTask | None, held: HeldTask | None) -> WantedTask | None:
    """What is both wanted and held of one task: what may stay while everything else leaves."""
    return None if want is None else only(want, members(want, held))


def _member(want: WantedTask, grant: Grant, held: HeldTask) -> bool:
    spec, digest = held.spec, digest_of(grant.intent)
    if spec is None or spec.subject != want.spec.subject or spec.product is not want.spec.product:
        return not held.covered_by or digest in held.covered_by
    if want.spec.mediation:
        return any(m.liid == grant.intent.liid for m in spec.mediation)
    if held.covered_by:
        return digest in held.covered_by
    alone = only(want, {digest})
    return (
        alone is not None
        and set(alone.spec.dids) <= set(spec.dids)
        and set(alone.spec.headerReporting) <= set(spec.headerReporting)
    )
