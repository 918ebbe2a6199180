"""Whether somebody changed a task of ours on an element. Pure.

An element may lag behind, forget, or come back with what it held before: all of that some order
asked for once. What no order can ever have asked for is another's doing, and people are told.
"""

from __future__ import annotations

from collections.abc import Collection

from custodes.base.ids import DID, LIID
from custodes.functions.admf.specs import HeldTask, WantedTask


def altered(
    want: WantedTask, held: HeldTask, dids: Collection[DID], liids: Collection[LIID]
) -> bool:
    """Whether a task says what no order can have asked for: another subject or product, a
    destination or an order that is not ours, an order's entry that is not as the order says.

    ``dids`` and ``liids`` are all that were ever given out. An order never changes, so an entry of
    one that is wanted does not either.
    """
    spec = held.spec
    if spec is None or spec.subject != want.spec.subject or spec.product is not want.spec.product:
        return True
    entries = {m.liid: m for m in want.spec.mediation}
    return any(did not in dids for did in held.uses() or ()) or any(
        m.liid not in liids or entries.get(m.liid, m) != m for m in spec.mediation
    )
