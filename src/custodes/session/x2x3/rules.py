"""What each side may be sent, as a table. ETSI TS 103 221-2 V1.10.1 clauses 5.2.2 and 6.2.4.

X2 and X3 flow from the point of interception (POI) to the mediation function (MDF) only. The POI
must send keepalives, the MDF may; whoever gets one answers with its number. A type absent from a
side's row is a breach and ends the connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from custodes.wire.x2x3.types import PDUType

# Clause 6.2.4, seconds.
TIME_P1 = 60.0
TIME_P2 = 180.0


class Action(Enum):
    """What a session does with a PDU it may be sent."""

    HAND_OVER = "give the product to the function"
    ANSWER = "acknowledge at once: this side has nothing to take in first"
    ASK = "tell the function, which acknowledges when all before is taken in"
    COUNT = "strike the number from those outstanding"


POI_MAY_BE_SENT: Mapping[PDUType, Action] = {
    PDUType.KEEPALIVE: Action.ANSWER,
    PDUType.KEEPALIVE_ACKNOWLEDGEMENT: Action.COUNT,
}

MDF_MAY_BE_SENT: Mapping[PDUType, Action] = {
    PDUType.X2: Action.HAND_OVER,
    PDUType.X3: Action.HAND_OVER,
    PDUType.KEEPALIVE: Action.ASK,
    PDUType.KEEPALIVE_ACKNOWLEDGEMENT: Action.COUNT,
}
