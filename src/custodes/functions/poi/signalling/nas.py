"""NAS messages that the probe reads (3GPP TS 24.501 V18, clauses 8.2 and 8.3), as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from custodes.functions.poi.signalling.values import Guti, Pei, Plmn, Snssai, Suci, Tai


class SecurityHeader(IntEnum):
    """TS 24.501, 9.3.1."""

    PLAIN = 0
    INTEGRITY = 1
    CIPHERED = 2
    INTEGRITY_NEW_CONTEXT = 3
    CIPHERED_NEW_CONTEXT = 4

    @property
    def ciphered(self) -> bool:
        return self in (SecurityHeader.CIPHERED, SecurityHeader.CIPHERED_NEW_CONTEXT)


NULL_CIPHERING = 0  # 5G-EA0, TS 24.501 9.11.3.34

MobileIdentity = Suci | Guti | Pei | None


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """``capability`` and ``update_type``: octets of the element without tag and length."""

    registration_type: int
    identity: MobileIdentity
    capability: bytes | None
    update_type: bytes | None


@dataclass(frozen=True, slots=True)
class RejectedSnssai:
    cause: int
    snssai: Snssai


@dataclass(frozen=True, slots=True)
class RegistrationAccept:
    """``result``: 1 3GPP access, 2 non-3GPP access, 3 both (9.11.3.6)."""

    result: int
    sms_allowed: bool
    emergency: bool
    guti: Guti | None
    tai_list: tuple[Tai, ...]
    allowed: tuple[Snssai, ...]
    configured: tuple[Snssai, ...]
    rejected: tuple[RejectedSnssai, ...]
    equivalent_plmns: tuple[Plmn, ...]


@dataclass(frozen=True, slots=True)
class RegistrationComplete:
    pass


@dataclass(frozen=True, slots=True)
class RegistrationReject:
    cause: int


@dataclass(frozen=True, slots=True)
class IdentityRequest:
    """``identity_type``: 1 SUCI, 2 5G-GUTI, 3 IMEI, 5 IMEISV (9.11.3.3)."""

    identity_type: int


@dataclass(frozen=True, slots=True)
class IdentityResponse:
    identity: MobileIdentity


@dataclass(frozen=True, slots=True)
class Authentication:
    """Authentication request, response, result or reject; ``message_type`` tells which."""

    message_type: int


@dataclass(frozen=True, slots=True)
class SecurityModeCommand:
    """``ciphering``: 0 is 5G-EA0, the null algorithm."""

    ciphering: int


@dataclass(frozen=True, slots=True)
class SecurityModeComplete:
    pei: Pei | None
    container: RegistrationRequest | None
    """The registration request again, whole, where the first one was partly protected."""


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    pass


@dataclass(frozen=True, slots=True)
class PDUSessionEstablishmentRequest:
    pdu_session_id: int
    session_type: int | None


@dataclass(frozen=True, slots=True)
class PDUSessionEstablishmentAccept:
    """``ipv4`` 4 octets, ``interface_id`` 8 octets of the IPv6 link-local address."""

    pdu_session_id: int
    session_type: int
    ipv4: bytes | None
    interface_id: bytes | None
    snssai: Snssai | None
    dnn: str | None
    multi_access: bool


@dataclass(frozen=True, slots=True)
class PDUSessionEstablishmentReject:
    pdu_session_id: int
    cause: int


@dataclass(frozen=True, slots=True)
class OtherSM:
    """A 5GSM message of no use to the probe."""

    pdu_session_id: int
    message_type: int


SMMessage = (
    PDUSessionEstablishmentRequest
    | PDUSessionEstablishmentAccept
    | PDUSessionEstablishmentReject
    | OtherSM
)


def sm_type(message: SMMessage) -> int:
    """Message type, table 9.7.2."""
    match message:
        case PDUSessionEstablishmentRequest():
            return 193
        case PDUSessionEstablishmentAccept():
            return 194
        case PDUSessionEstablishmentReject():
            return 195
        case OtherSM():
            return message.message_type


@dataclass(frozen=True, slots=True)
class ULNASTransport:
    pdu_session_id: int | None
    request_type: int | None
    snssai: Snssai | None
    dnn: str | None
    message: SMMessage | None


@dataclass(frozen=True, slots=True)
class DLNASTransport:
    pdu_session_id: int | None
    message: SMMessage | None


@dataclass(frozen=True, slots=True)
class Deregistration:
    """A deregistration request or accept of either side."""

    message_type: int


@dataclass(frozen=True, slots=True)
class OtherNAS:
    """Decoded, and of no use to the probe."""

    message_type: int


NASMessage = (
    RegistrationRequest
    | RegistrationAccept
    | RegistrationComplete
    | RegistrationReject
    | IdentityRequest
    | IdentityResponse
    | Authentication
    | SecurityModeCommand
    | SecurityModeComplete
    | ServiceRequest
    | ULNASTransport
    | DLNASTransport
    | Deregistration
    | OtherNAS
)


@dataclass(frozen=True, slots=True)
class NASEnvelope:
    """Security header of a NAS message and what is under it, still octets."""

    header: SecurityHeader
    message: bytes


def open_envelope(octets: bytes) -> NASEnvelope | None:
    """Take off the security header (9.1.1); None for what is no 5GMM message."""
    if len(octets) < 3 or octets[0] != 0x7E:
        return None
    kind = octets[1] & 0x0F
    if kind == SecurityHeader.PLAIN:
        return NASEnvelope(SecurityHeader.PLAIN, octets)
    if kind > SecurityHeader.CIPHERED_NEW_CONTEXT or len(octets) <= 7:
        return None
    return NASEnvelope(SecurityHeader(kind), octets[7:])
