"""NGAP messages that the probe reads (3GPP TS 38.413 V18, clause 9.2), as values.

``amf_ue_id`` is the AMF UE NGAP ID, ``ran_ue_id`` the RAN UE NGAP ID. NAS PDUs stay octets: they
are decoded where it is known whether they are ciphered.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from custodes.functions.poi.signalling.values import Amf, Plmn, Snssai, Tunnel, UserLocation

PAYLOAD_PROTOCOL = 60  # SCTP payload protocol identifier of NGAP (TS 38.412, clause 7)
PAYLOAD_PROTOCOL_DTLS = 66


@dataclass(frozen=True, slots=True)
class SessionSetup:
    """One PDU session of a setup request: N3 tunnels at the UPF, in the order of the message."""

    pdu_session_id: int
    nas: bytes | None = field(repr=False)
    snssai: Snssai | None
    uplink_tunnels: tuple[Tunnel, ...]
    additional_uplink_tunnels: tuple[Tunnel, ...] = ()


@dataclass(frozen=True, slots=True)
class RanTunnel:
    """One N3 tunnel at the RAN with the QoS flows (QFI) it takes."""

    tunnels: tuple[Tunnel, ...]
    qfis: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SessionSetupDone:
    pdu_session_id: int
    downlink: RanTunnel | None
    additional_downlink: tuple[RanTunnel, ...] = ()

    def tunnels(self) -> tuple[Tunnel, ...]:
        every = (self.downlink, *self.additional_downlink)
        return tuple(tunnel for ran in every if ran for tunnel in ran.tunnels)


@dataclass(frozen=True, slots=True)
class NGSetupRequest:
    """Begins an NG association anew: all its UE contexts are erased (clause 8.7.1)."""

    plmn: Plmn | None
    gnb_id: tuple[int, int] | None
    """Value and length in bits."""


@dataclass(frozen=True, slots=True)
class NGReset:
    """``everything`` is the whole interface; otherwise only some UE contexts."""

    everything: bool
    ue_ids: tuple[tuple[int | None, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class InitialUEMessage:
    ran_ue_id: int
    nas: bytes = field(repr=False)
    location: UserLocation | None
    rrc_establishment_cause: str | None


@dataclass(frozen=True, slots=True)
class UplinkNASTransport:
    amf_ue_id: int
    ran_ue_id: int
    nas: bytes = field(repr=False)
    location: UserLocation | None


@dataclass(frozen=True, slots=True)
class DownlinkNASTransport:
    amf_ue_id: int
    ran_ue_id: int
    nas: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class InitialContextSetupRequest:
    amf_ue_id: int
    ran_ue_id: int
    nas: bytes | None = field(repr=False)
    amf: Amf | None
    amf_plmn: Plmn | None
    sessions: tuple[SessionSetup, ...]


@dataclass(frozen=True, slots=True)
class PDUSessionResourceSetupRequest:
    amf_ue_id: int
    ran_ue_id: int
    nas: bytes | None = field(repr=False)
    sessions: tuple[SessionSetup, ...]


@dataclass(frozen=True, slots=True)
class SetupResponse:
    """Initial Context Setup Response or PDU Session Resource Setup Response."""

    amf_ue_id: int
    ran_ue_id: int
    sessions: tuple[SessionSetupDone, ...]


@dataclass(frozen=True, slots=True)
class PDUSessionResourceReleaseCommand:
    amf_ue_id: int
    ran_ue_id: int
    nas: bytes | None = field(repr=False)
    pdu_session_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UEContextReleaseCommand:
    """``ran_ue_id`` is absent where only the AMF's id names the context."""

    amf_ue_id: int
    ran_ue_id: int | None


@dataclass(frozen=True, slots=True)
class UEContextReleaseComplete:
    amf_ue_id: int
    ran_ue_id: int


NGAPMessage = (
    NGSetupRequest
    | NGReset
    | InitialUEMessage
    | UplinkNASTransport
    | DownlinkNASTransport
    | InitialContextSetupRequest
    | PDUSessionResourceSetupRequest
    | SetupResponse
    | PDUSessionResourceReleaseCommand
    | UEContextReleaseCommand
    | UEContextReleaseComplete
)
