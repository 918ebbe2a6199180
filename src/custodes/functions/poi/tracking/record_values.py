"""Our values as TS 33.128 types (module TS33128Payloads r19 version3, clauses of V19.7.0).

Shapes: SEQUENCE is a dict, CHOICE a (name, value) pair, ENUMERATED a name, BIT STRING a
(value, bits) pair. Names are the module's own.
"""

from __future__ import annotations

from typing import Any

from custodes.functions.poi.signalling.nas import RejectedSnssai
from custodes.functions.poi.signalling.ngap import RanTunnel
from custodes.functions.poi.signalling.values import (
    Access,
    Amf,
    Guti,
    Pei,
    Plmn,
    Snssai,
    Suci,
    Tai,
    Tunnel,
    UserLocation,
)

Value = dict[str, Any]

RAT_TYPE = {Access.NR: "nR", Access.EUTRA: "eUTRA"}
ACCESS_TYPE = {
    Access.NR: "threeGPPAccess",
    Access.EUTRA: "threeGPPAccess",
    Access.NON_3GPP: "nonThreeGPPAccess",
}


def sUPI(imsi: str) -> tuple[str, str]:
    return ("iMSI", imsi)


def pEI(pei: Pei) -> tuple[str, str]:
    return (pei.kind.value, pei.digits)


def pLMNID(plmn: Plmn) -> Value:
    return {"mCC": plmn.mcc, "mNC": plmn.mnc}


def sUCI(suci: Suci) -> Value | None:
    """None where the routing indicator is not 1 to 4 digits, which the type cannot hold."""
    digits = suci.routing_indicator
    if not digits.isdigit() or len(digits) > 4:
        return None
    value: Value = {
        "mCC": suci.plmn.mcc,
        "mNC": suci.plmn.mnc,
        "routingIndicator": int(digits),
        "protectionSchemeID": suci.scheme,
        "homeNetworkPublicKeyID": bytes([suci.key_id]),
        "schemeOutput": suci.output,
    }
    if len(digits) != len(str(int(digits))):
        value["routingIndicatorLength"] = len(digits)
    value["sUPIType"] = suci.supi_format
    return value


def fiveGGUTI(guti: Guti) -> Value:
    return {**pLMNID(guti.plmn), **aMFID(guti.amf), "fiveGTMSI": guti.tmsi}


def aMFID(amf: Amf) -> Value:
    return {"aMFRegionID": amf.region, "aMFSetID": amf.set, "aMFPointer": amf.pointer}


def sNSSAI(snssai: Snssai) -> Value:
    value: Value = {"sliceServiceType": snssai.sst}
    if snssai.sd is not None:
        value["sliceDifferentiator"] = snssai.sd
    if snssai.mapped_sst is not None:
        value["mappedHPLMNSliceServiceType"] = snssai.mapped_sst
    if snssai.mapped_sd is not None:
        value["mappedHPLMNSliceDifferentiator"] = snssai.mapped_sd
    return value


def rejectedSNSSAI(rejected: RejectedSnssai) -> Value:
    return {"causeValue": rejected.cause, "sNSSAI": sNSSAI(rejected.snssai)}


def tAI(tai: Tai) -> Value:
    return {"pLMNID": pLMNID(tai.plmn), "tAC": tai.tac}


def location(seen: UserLocation | None, gnb: tuple[Plmn, tuple[int, int]] | None) -> Value | None:
    """Location.locationInfo.userLocation (6.2.2.2.2), with the RAN node that NG Setup named."""
    if seen is None or seen.tai is None or seen.cell_plmn is None or seen.cell is None:
        return None
    cell_plmn = pLMNID(seen.cell_plmn)
    if seen.access is Access.NR:
        nr: Value = {
            "tAI": tAI(seen.tai),
            "nCGI": {"pLMNID": cell_plmn, "nRCellID": (seen.cell, 36)},
        }
        if gnb is not None:
            nr["globalGNbID"] = {"pLMNID": pLMNID(gnb[0]), "aNNodeID": ("gNbID", gnb[1])}
        user_location: Value = {"nRLocation": nr}
    else:
        eutra = {
            "tAI": tAI(seen.tai),
            "eCGI": {"pLMNID": cell_plmn, "eUTRACellID": (seen.cell, 28)},
        }
        user_location = {"eUTRALocation": eutra}
    return {"locationInfo": {"userLocation": user_location}}


def fTEID(tunnels: tuple[Tunnel, ...]) -> Value | None:
    """One F-TEID: the addresses of one TEID."""
    if not tunnels:
        return None
    value: Value = {"tEID": tunnels[0].teid}
    for tunnel in tunnels:
        value["iPv4Address" if len(tunnel.address) == 4 else "iPv6Address"] = tunnel.address
    return value


def qOSFlowTunnelInformation(ran: RanTunnel) -> Value | None:
    tunnel = fTEID(ran.tunnels)
    if tunnel is None:
        return None
    flows = [{"qFI": qfi} for qfi in ran.qfis]
    return {"uPTunnelInformation": tunnel, "associatedQOSFlowList": flows}


def uEEndpointAddress(address: bytes) -> tuple[str, bytes]:
    return ("iPv4Address" if len(address) == 4 else "iPv6Address", address)
