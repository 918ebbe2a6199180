"""Values inside NGAP elements (3GPP TS 38.413, clause 9.3), from pycrate's shapes to ours."""

from __future__ import annotations

from typing import Any

from custodes.functions.poi.signalling.ngap import RanTunnel, SessionSetup, SessionSetupDone
from custodes.functions.poi.signalling.values import (
    Access,
    Amf,
    Plmn,
    Snssai,
    Tai,
    Tunnel,
    UserLocation,
    plmn,
)

UPLINK_TNL, ADDITIONAL_UPLINK_TNL = 139, 126  # ProtocolIE-ID of the transfer's elements


def tai(value: dict[str, Any]) -> Tai:
    return Tai(plmn(value["pLMNIdentity"]), value["tAC"])


def user_location(value: tuple[str, Any] | None) -> UserLocation | None:
    """User Location Information, 9.3.1.16."""
    if value is None:
        return None
    kind, content = value
    if kind == "userLocationInformationNR":
        cell = content["nR-CGI"]
        return UserLocation(
            Access.NR,
            tai(content["tAI"]),
            plmn(cell["pLMNIdentity"]),
            cell["nRCellIdentity"][0],
        )
    if kind == "userLocationInformationEUTRA":
        cell = content["eUTRA-CGI"]
        return UserLocation(
            Access.EUTRA,
            tai(content["tAI"]),
            plmn(cell["pLMNIdentity"]),
            cell["eUTRACellIdentity"][0],
        )
    return UserLocation(Access.NON_3GPP, None, None, None)


def guami(value: dict[str, Any] | None) -> tuple[Plmn | None, Amf | None]:
    """GUAMI, 9.3.3.3."""
    if value is None:
        return None, None
    amf = Amf(value["aMFRegionID"][0], value["aMFSetID"][0], value["aMFPointer"][0])
    return plmn(value["pLMNIdentity"]), amf


def gnb(value: tuple[str, Any] | None) -> tuple[Plmn | None, tuple[int, int] | None]:
    """PLMN and gNB ID of Global RAN Node ID, 9.3.1.5."""
    if value is None or value[0] != "globalGNB-ID":
        return None, None
    _kind, gnb_id = value[1]["gNB-ID"]
    return plmn(value[1]["pLMNIdentity"]), (gnb_id[0], gnb_id[1])


def ue_id_pairs(value: tuple[str, Any]) -> tuple[int, int | None]:
    """UE NGAP IDs, 9.3.3.20: both, or the AMF's alone."""
    kind, content = value
    if kind == "uE-NGAP-ID-pair":
        return content["aMF-UE-NGAP-ID"], content["rAN-UE-NGAP-ID"]
    return content, None


def snssai(value: dict[str, Any] | None) -> Snssai | None:
    if value is None:
        return None
    return Snssai(value["sST"][0], value.get("sD"))


def tunnels(value: tuple[str, Any] | None) -> tuple[Tunnel, ...]:
    """UP Transport Layer Information, 9.3.2.2: IPv4 (32 bits), IPv6 (128) or both (160)."""
    if value is None or value[0] != "gTPTunnel":
        return ()
    number, bits = value[1]["transportLayerAddress"]
    teid = int.from_bytes(value[1]["gTP-TEID"])
    octets = number.to_bytes(bits // 8)
    match bits:
        case 32 | 128:
            return (Tunnel(octets, teid),)
        case 160:
            return (Tunnel(octets[:4], teid), Tunnel(octets[4:], teid))
        case _:
            return ()


def sessions_requested(items: list[dict[str, Any]] | None) -> tuple[SessionSetup, ...]:
    """PDU Session Resource Setup List, in a resource setup or a context setup request."""
    return tuple(map(_session_requested, items or ()))


def _session_requested(item: dict[str, Any]) -> SessionSetup:
    transfer = _contained(item["pDUSessionResourceSetupRequestTransfer"])
    ies = {ie["id"]: ie["value"][1] for ie in transfer.get("protocolIEs", ())}
    additional = ies.get(ADDITIONAL_UPLINK_TNL) or ()
    return SessionSetup(
        pdu_session_id=item["pDUSessionID"],
        nas=item.get("pDUSessionNAS-PDU", item.get("nAS-PDU")),
        snssai=snssai(item.get("s-NSSAI")),
        uplink_tunnels=tunnels(ies.get(UPLINK_TNL)),
        additional_uplink_tunnels=tuple(
            tunnel for one in additional for tunnel in tunnels(one["nGU-UP-TNLInformation"])
        ),
    )


def sessions_done(items: list[dict[str, Any]] | None) -> tuple[SessionSetupDone, ...]:
    """PDU Session Resource Setup Response List."""
    return tuple(map(_session_done, items or ()))


def _session_done(item: dict[str, Any]) -> SessionSetupDone:
    transfer = _contained(item["pDUSessionResourceSetupResponseTransfer"])
    flows = transfer.get("dLQosFlowPerTNLInformation")
    additional = transfer.get("additionalDLQosFlowPerTNLInformation") or ()
    return SessionSetupDone(
        pdu_session_id=item["pDUSessionID"],
        downlink=None if flows is None else ran_tunnel(flows),
        additional_downlink=tuple(
            ran_tunnel(one["qosFlowPerTNLInformation"]) for one in additional
        ),
    )


def ran_tunnel(value: dict[str, Any]) -> RanTunnel:
    """QoS Flow per TNL Information, 9.3.2.8."""
    qfis = tuple(flow["qosFlowIdentifier"] for flow in value["associatedQosFlowList"])
    return RanTunnel(tunnels(value["uPTransportLayerInformation"]), qfis)


def _contained(value: Any) -> dict[str, Any]:
    """An octet string that pycrate has decoded is (type, value); otherwise it is left octets."""
    return value[1] if isinstance(value, tuple) and isinstance(value[1], dict) else {}
