"""What X1's interrogations are told of product and delivery (TS 103 221-1 clause 6.4.2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from custodes.base.ids import DID, LIID, XID
from custodes.model.intent import Product
from custodes.session.x1.acceptance import TaskActivity
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.fault import ErrorInformation

_DISCONNECTED = ErrorInformation(
    errorCode=int(ErrorCode.NON_TERMINATING_FAULT),
    errorDescription="the destination is not connected; product is kept for it",
)


@dataclass(slots=True)
class _Taken:
    last: datetime
    pdus: int = 0
    octets: int = 0


class SideActivity:
    """custodes.session.x1.acceptance.Activity; called under the side's lock.

    Amounts are of what was taken in and mediated since this process began: of X2 the PDUs, of X3
    the octets of their payloads. What an amount counts is our reading, the same as the probe's: the
    schema says integer and no more. What was lost to an order is told as a fault of its task.
    """

    def __init__(
        self,
        product: Product,
        connected: Callable[[DID], bool | None],
        orders: Callable[[XID], Iterable[LIID]],
    ) -> None:
        self._product = product
        self._connected = connected
        self._orders = orders
        self._taken: dict[XID, _Taken] = {}
        self._lost: Counter[LIID] = Counter()

    def intercepted(self, xid: XID, octets: int, now: datetime) -> None:
        taken = self._taken.get(xid)
        if taken is None:
            taken = self._taken[xid] = _Taken(now)
        taken.last = now
        taken.pdus += 1
        taken.octets += octets

    def lost(self, liid: LIID) -> None:
        """A PS-PDU of the order was not kept."""
        self._lost[liid] += 1

    def task(self, xId: XID) -> TaskActivity:
        """Nothing is known of a task before its first product: that is not the same as none."""
        taken, faults = self._taken.get(xId), self._losses(xId)
        if taken is None:
            return TaskActivity(faults=faults)
        content = self._product is Product.X3
        return TaskActivity(
            faults=faults,
            timeOfLastIntercept=taken.last,
            amountOfX2Data=None if content else taken.pdus,
            amountOfX3Data=taken.octets if content else None,
        )

    def _losses(self, xid: XID) -> tuple[ErrorInformation, ...]:
        return tuple(
            ErrorInformation(
                errorCode=int(ErrorCode.NON_TERMINATING_FAULT),
                errorDescription=f"order {liid}: {self._lost[liid]} PS-PDUs were not kept, "
                "the share of its receiver was full",
            )
            for liid in sorted(self._orders(xid))
            if self._lost[liid]
        )

    def destination_faults(self, dId: DID) -> tuple[ErrorInformation, ...]:
        return (_DISCONNECTED,) if self._connected(dId) is False else ()

    def element_faults(self) -> tuple[ErrorInformation, ...]:
        return ()
