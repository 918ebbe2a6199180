"""What X1's interrogations are told of product and delivery (TS 103 221-1 clause 6.4.2.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from custodes.base.ids import DID, XID
from custodes.session.x1.acceptance import TaskActivity
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.fault import ErrorInformation

_DISCONNECTED = ErrorInformation(
    errorCode=int(ErrorCode.NON_TERMINATING_FAULT),
    errorDescription="the destination is not connected; product is kept for it",
)


class SideActivity:
    """custodes.session.x1.acceptance.Activity; called under the side's lock."""

    def __init__(self, connected: Callable[[DID], bool | None]) -> None:
        self._connected = connected
        self._last: dict[XID, datetime] = {}

    def intercepted(self, xid: XID, now: datetime) -> None:
        self._last[xid] = now

    def task(self, xId: XID) -> TaskActivity:
        """Amounts stay unknown: what an amount counts is not settled (octets or PDUs)."""
        return TaskActivity(timeOfLastIntercept=self._last.get(xId))

    def destination_faults(self, dId: DID) -> tuple[ErrorInformation, ...]:
        return (_DISCONNECTED,) if self._connected(dId) is False else ()

    def element_faults(self) -> tuple[ErrorInformation, ...]:
        return ()
