"""State of one PDU session of a known subscriber."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from custodes.functions.poi.signalling.ngap import RanTunnel
from custodes.functions.poi.signalling.values import Tunnel
from custodes.functions.poi.subject import Subject


@dataclass(slots=True, eq=False)
class PDUSession:
    """``record`` is the establishment's record as far as it is known, until it is sent.

    ``on_n4`` tells that a PFCP session is joined: then N4 decides when it ends, not N2. ``on_n2``
    are the tunnels that N2 itself named, as (address, TEID); ``ran`` is the label of the UE context
    that holds the radio side, ``""`` where none does.
    """

    label: str
    correlation_id: int
    pdu_session_id: int
    subject: Subject
    record: dict[str, Any] | None = field(default=None, repr=False)
    accepted_ns: int = 0
    uplink: tuple[Tunnel, ...] = ()
    additional_uplink: tuple[Tunnel, ...] = ()
    downlink: RanTunnel | None = None
    additional_downlink: tuple[RanTunnel, ...] = ()
    on_n4: bool = False
    on_n2: set[tuple[bytes, int]] = field(default_factory=set)
    ran: str = ""
    association: Hashable = None
    mismatch_said: bool = False
    ended: bool = False
