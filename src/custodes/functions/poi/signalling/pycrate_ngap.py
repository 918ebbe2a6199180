"""NGAP by pycrate: its values become ours here, and its exceptions end here.

The identifiers are ProtocolIE-ID and ProcedureCode of TS 38.413, clause 9.4.7.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from custodes.functions.poi.signalling import ngap
from custodes.functions.poi.signalling.ngap_values import (
    gnb,
    guami,
    sessions_done,
    sessions_requested,
    ue_id_pairs,
    user_location,
)

AMF_UE, RAN_UE, NAS, LOCATION, RRC_CAUSE, GUAMI = 10, 85, 38, 121, 90, 28
SETUP_REQUEST_LIST, SETUP_RESPONSE_LIST = 74, 75
CONTEXT_REQUEST_LIST, CONTEXT_RESPONSE_LIST = 71, 72
RELEASE_LIST, UE_NGAP_IDS, RESET_TYPE, GLOBAL_RAN_NODE = 79, 114, 88, 27

INITIATING, SUCCESSFUL = "initiatingMessage", "successfulOutcome"

IEs = dict[int, Any]


def ngap_message(pdu: tuple[str, dict[str, Any]]) -> ngap.NGAPMessage | None:
    """A decoded NGAP-PDU as one of our messages, None where the probe does not use it.

    Raises whatever a PDU without its mandatory elements makes it raise; the caller catches.
    """
    outcome, message = pdu
    reader = _READERS.get((outcome, message["procedureCode"]))
    if reader is None:
        return None
    _name, content = message["value"]
    ies: IEs = {ie["id"]: ie["value"][1] for ie in content["protocolIEs"]}
    return reader(ies)


def _ng_setup(ies: IEs) -> ngap.NGSetupRequest:
    plmn, gnb_id = gnb(ies.get(GLOBAL_RAN_NODE))
    return ngap.NGSetupRequest(plmn, gnb_id)


def _ng_reset(ies: IEs) -> ngap.NGReset:
    kind, value = ies[RESET_TYPE]
    if kind == "nG-Interface":
        return ngap.NGReset(everything=True)
    pairs = tuple((i.get("aMF-UE-NGAP-ID"), i.get("rAN-UE-NGAP-ID")) for i in value)
    return ngap.NGReset(everything=False, ue_ids=pairs)


def _initial_ue_message(ies: IEs) -> ngap.InitialUEMessage:
    return ngap.InitialUEMessage(
        ies[RAN_UE], ies[NAS], user_location(ies.get(LOCATION)), ies.get(RRC_CAUSE)
    )


def _uplink(ies: IEs) -> ngap.UplinkNASTransport:
    return ngap.UplinkNASTransport(
        ies[AMF_UE], ies[RAN_UE], ies[NAS], user_location(ies.get(LOCATION))
    )


def _downlink(ies: IEs) -> ngap.DownlinkNASTransport:
    return ngap.DownlinkNASTransport(ies[AMF_UE], ies[RAN_UE], ies[NAS])


def _context_request(ies: IEs) -> ngap.InitialContextSetupRequest:
    plmn, amf = guami(ies.get(GUAMI))
    return ngap.InitialContextSetupRequest(
        ies[AMF_UE],
        ies[RAN_UE],
        ies.get(NAS),
        amf,
        plmn,
        sessions_requested(ies.get(CONTEXT_REQUEST_LIST)),
    )


def _resource_request(ies: IEs) -> ngap.PDUSessionResourceSetupRequest:
    sessions = sessions_requested(ies.get(SETUP_REQUEST_LIST))
    return ngap.PDUSessionResourceSetupRequest(ies[AMF_UE], ies[RAN_UE], ies.get(NAS), sessions)


def _context_response(ies: IEs) -> ngap.SetupResponse:
    done = sessions_done(ies.get(CONTEXT_RESPONSE_LIST))
    return ngap.SetupResponse(ies[AMF_UE], ies[RAN_UE], done)


def _resource_response(ies: IEs) -> ngap.SetupResponse:
    done = sessions_done(ies.get(SETUP_RESPONSE_LIST))
    return ngap.SetupResponse(ies[AMF_UE], ies[RAN_UE], done)


def _resource_release(ies: IEs) -> ngap.PDUSessionResourceReleaseCommand:
    released = tuple(item["pDUSessionID"] for item in ies.get(RELEASE_LIST) or ())
    return ngap.PDUSessionResourceReleaseCommand(ies[AMF_UE], ies[RAN_UE], ies.get(NAS), released)


def _context_release(ies: IEs) -> ngap.UEContextReleaseCommand:
    amf_ue_id, ran_ue_id = ue_id_pairs(ies[UE_NGAP_IDS])
    return ngap.UEContextReleaseCommand(amf_ue_id, ran_ue_id)


def _context_released(ies: IEs) -> ngap.UEContextReleaseComplete:
    return ngap.UEContextReleaseComplete(ies[AMF_UE], ies[RAN_UE])


_READERS: dict[tuple[str, int], Callable[[IEs], ngap.NGAPMessage]] = {
    (INITIATING, 4): _downlink,
    (INITIATING, 14): _context_request,
    (SUCCESSFUL, 14): _context_response,
    (INITIATING, 15): _initial_ue_message,
    (INITIATING, 20): _ng_reset,
    (INITIATING, 21): _ng_setup,
    (INITIATING, 28): _resource_release,
    (INITIATING, 29): _resource_request,
    (SUCCESSFUL, 29): _resource_response,
    (INITIATING, 41): _context_release,
    (SUCCESSFUL, 41): _context_released,
    (INITIATING, 46): _uplink,
}
