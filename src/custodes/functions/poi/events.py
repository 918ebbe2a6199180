"""What the probe says: records, packets, and where it is blind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from custodes.functions.poi.subject import Subject


class NE(StrEnum):
    """The network function at whose interfaces the event was seen."""

    AMF = "amf"
    SMF = "smf"
    UPF = "upf"


class Direction(Enum):
    """Relative to the subject. For a record: who began the procedure (TS 33.128 5.3.2)."""

    TO_TARGET = "to target"
    FROM_TARGET = "from target"
    NOT_APPLICABLE = "not applicable"


class BlindReason(StrEnum):
    """Why a session cannot be attributed or reported; nothing is guessed instead."""

    CONCEALED_SUCI = "concealed SUCI"
    TEMPORARY_IDENTITY = "temporary identity only"
    IDENTITY_CONFLICT = "two identities in one registration"
    CIPHERED_NAS = "ciphered NAS"
    CIPHERING_UNKNOWN = "NAS ciphering not seen"
    UNDECODABLE_NAS = "undecodable NAS"
    CONTEXT_UNKNOWN = "UE context began before the capture"
    CONTEXT_MISMATCH = "UE context ids changed"
    INCOMPLETE = "mandatory field not seen"
    SESSION_UNATTRIBUTED = "PDU session of an unknown subscriber"
    N4_MISMATCH = "N2 and N4 disagree on a session"
    CONFLICT = "two sessions claim one tunnel"
    EVICTED = "state limit reached"


@dataclass(frozen=True, slots=True)
class XIRIEvent:
    """One record for X2.

    ``event`` is (name, value) of XIRIEvent in TS33128Payloads r19 with the module's field names;
    ``correlation_id`` is 0 where the record belongs to no PDU session.
    """

    subject: Subject
    ne: NE
    event: tuple[str, dict[str, Any]] = field(repr=False)
    timestamp_ns: int
    correlation_id: int
    direction: Direction


@dataclass(frozen=True, slots=True)
class Content:
    """One packet for X3: the GTP-U packet from its header on, and what it carries."""

    subject: Subject
    ne: NE
    gtpu_packet: bytes = field(repr=False)
    inner: bytes = field(repr=False)
    timestamp_ns: int
    correlation_id: int
    direction: Direction
    qfi: int | None


@dataclass(frozen=True, slots=True)
class Blind:
    """A session that the probe cannot see into, told once per session and reason.

    ``session`` is a running number of this run and holds no identity; ``detail`` names a field
    of a record, never a value.
    """

    reason: BlindReason
    session: str
    timestamp_ns: int
    detail: str = ""


Event = XIRIEvent | Content | Blind
