"""State of one UE context on one NG association."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from custodes.functions.poi.events import BlindReason
from custodes.functions.poi.signalling.nas import (
    PDUSessionEstablishmentAccept,
    RegistrationRequest,
)
from custodes.functions.poi.signalling.values import (
    Amf,
    Guti,
    Pei,
    Plmn,
    Snssai,
    Suci,
    Tunnel,
    UserLocation,
)
from custodes.functions.poi.tracking.session import PDUSession


@dataclass(frozen=True, slots=True)
class GNB:
    """What NG Setup said of the RAN node of an association."""

    plmn: Plmn
    gnb_id: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A PDU session establishment that the UE asked for and that is not answered yet."""

    request_type: int | None
    dnn: str | None
    snssai: Snssai | None


@dataclass(slots=True)
class UE:
    """What N2 has said so far. ``claimed`` is the UE's own word, ``imsi`` the network's.

    ``asked_identity`` is the type the network's identity request named, until the registration is
    answered; ``completed`` is who the security mode complete of this registration named, and
    ``contested`` tells that a registered UE has named somebody else since.

    A SUPI that a UE names in the clear is a claim until the AMF accepts the registration: only
    then it has been verified (TS 33.128 6.2.2.4), and only then anything is attributed to it.
    """

    label: str
    ran_ue_id: int
    association: Hashable = None
    amf_ue_id: int | None = None
    request: RegistrationRequest | None = None
    answered: bool = False
    suci: Suci | None = field(default=None, repr=False)
    claimed: str | None = field(default=None, repr=False)
    imsi: str | None = field(default=None, repr=False)
    conflicting: bool = False
    asked_identity: int | None = None
    commanded: bool = False
    completed: tuple[str | None, Pei | None] | None = field(default=None, repr=False)
    contested: bool = False
    pei: Pei | None = None
    guti: Guti | None = None
    location: UserLocation | None = None
    rrc_establishment_cause: str | None = None
    gnb: GNB | None = None
    amf: Amf | None = None
    amf_plmn: Plmn | None = None
    ciphering: int | None = None
    authenticated: bool = False
    emergency: bool = False
    requests: dict[int, SessionRequest] = field(default_factory=dict)
    accepts: dict[int, PDUSessionEstablishmentAccept] = field(default_factory=dict)
    sessions: dict[int, PDUSession] = field(default_factory=dict)
    announced: dict[int, tuple[Tunnel, ...]] = field(default_factory=dict)
    """Downlink tunnels that the RAN named in this context, by PDU session."""
    kept: dict[int, PDUSession] = field(default_factory=dict)
    """Known sessions whose tunnel an unidentified context named."""
    unowned: dict[int, tuple[Tunnel, ...]] = field(default_factory=dict)
    """Tunnels of its sessions that can be nobody's, by PDU session."""
    blind: set[tuple[BlindReason, str]] = field(default_factory=set)
