"""LI state that moves with a PDU session (TS 33.128 V19.7.0 6.2.3.10; 3GPPStateTransfer r19:v0)."""

from __future__ import annotations

from typing import ClassVar

from custodes.base import ids
from custodes.wire.x1 import names
from custodes.wire.x1.common import COUNT, TOKEN, UNSIGNED_INT, X_ID
from custodes.wire.x1.fields import Sequence, listing, one, sequence
from custodes.wire.x1.simple import integer

_PDU_SESSION_ID = integer("PDUSessionID", 0, 255)


@sequence
class TriggeredTask(Sequence):
    NAMESPACE: ClassVar[str] = names.STATE_TRANSFER
    XID: ids.XID = one(X_ID)
    NEID: str = one(TOKEN)


@sequence
class TFLIState(Sequence):
    """A triggering function's state of one session."""

    NAMESPACE: ClassVar[str] = names.STATE_TRANSFER
    TAG: ClassVar[str] = "TFLIState"
    PDUSessionID: int = one(_PDU_SESSION_ID)
    XID: ids.XID = one(X_ID)
    CorrelationID: int = one(COUNT)
    TriggeredTasks: tuple[TriggeredTask, ...] = listing("TriggeredTask", TriggeredTask)


@sequence
class POILIState(Sequence):
    """A point of interception's state of one session; ``SequenceNumber`` goes on where it was."""

    NAMESPACE: ClassVar[str] = names.STATE_TRANSFER
    TAG: ClassVar[str] = "POILIState"
    PDUSessionID: int = one(_PDU_SESSION_ID)
    XID: ids.XID = one(X_ID)
    SequenceNumber: int = one(UNSIGNED_INT)
    CorrelationID: int = one(COUNT)
