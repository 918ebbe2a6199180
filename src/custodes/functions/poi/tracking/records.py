"""The records of TS 33.128 V19.7.0 that the probe makes: fields as the interfaces showed them.

AMFRegistration 6.2.2.2.2, SMFPDUSessionEstablishment 6.2.3.2.2. A conditional field that was not
seen is left out; a mandatory one that was not seen means that there is no record.
``initialRANUEContextSetup`` is left out: its type demands a PDU session, a registration has none.
"""

from __future__ import annotations

from typing import Any

from custodes.functions.poi.signalling.nas import (
    PDUSessionEstablishmentAccept,
    RegistrationAccept,
)
from custodes.functions.poi.signalling.ngap import SessionSetup
from custodes.functions.poi.signalling.values import Guti
from custodes.functions.poi.tracking import record_values as values
from custodes.functions.poi.tracking.session import PDUSession
from custodes.functions.poi.tracking.ue import UE, SessionRequest

Record = tuple[str, dict[str, Any]]

REGISTRATION, ESTABLISHMENT = "registration", "pDUSessionEstablishment"

MANDATORY = {
    REGISTRATION: ("registrationType", "registrationResult", "sUPI", "gUTI"),
    ESTABLISHMENT: (
        "pDUSessionID",
        "gTPTunnelID",
        "pDUSessionType",
        "dNN",
        "requestType",
        "gTPTunnelInfo",
    ),
}

# TS 24.501 9.11.3.7, 9.11.3.6, 9.11.4.11, 9.11.3.47 -> names of the module's enumerations.
REGISTRATION_TYPE = {
    1: "initial",
    2: "mobility",
    3: "periodic",
    4: "emergency",
    5: "sNPNOnboarding",
    6: "disasterMobility",
    7: "disasterInitial",
}
REGISTRATION_RESULT = {
    1: "threeGPPAccess",
    2: "nonThreeGPPAccess",
    3: "threeGPPAndNonThreeGPPAccess",
}
SESSION_TYPE = {1: "iPv4", 2: "iPv6", 3: "iPv4v6", 4: "unstructured", 5: "ethernet"}
REQUEST_TYPE = {
    1: "initialRequest",
    2: "existingPDUSession",
    3: "initialEmergencyRequest",
    4: "existingEmergencyPDUSession",
    5: "modificationRequest",
    # A multi-access request that the network answers with a single-access session is reported
    # as an initial request (table 6.2.3.2.2-1).
    6: "initialRequest",
}
# NGAP 9.3.1.111 (from 0) -> EstablishmentCause (from 1).
RRC_CAUSE = {
    "emergency": "emergency",
    "highPriorityAccess": "highPriorityAccess",
    "mt-Access": "mtAccess",
    "mo-Signalling": "moSignalling",
    "mo-Data": "moData",
    "mo-VoiceCall": "moVoiceCall",
    "mo-VideoCall": "moVideoCall",
    "mo-SMS": "moSMS",
    "mps-PriorityAccess": "mpsPriorityAccess",
    "mcs-PriorityAccess": "mcsPriorityAccess",
    "notAvailable": "notAvailable",
    "mo-ExceptionData": "exceptionData",
}


def missing(record: Record) -> tuple[str, ...]:
    """Mandatory fields that were not seen."""
    name, value = record
    return tuple(field for field in MANDATORY[name] if value.get(field) is None)


def registration(ue: UE, imsi: str, accept: RegistrationAccept) -> Record:
    request = ue.request
    identity = request.identity if request else None
    guti = accept.guti or (identity if isinstance(identity, Guti) else None)
    cause = RRC_CAUSE.get(ue.rrc_establishment_cause or "")
    record = {
        "registrationType": REGISTRATION_TYPE.get(request.registration_type) if request else None,
        "registrationResult": REGISTRATION_RESULT.get(accept.result),
        "slice": _slice(accept),
        "sUPI": values.sUPI(imsi),
        "sUCI": values.sUCI(ue.suci) if ue.suci else None,
        "pEI": values.pEI(ue.pei) if ue.pei else None,
        "gUTI": values.fiveGGUTI(guti) if guti else None,
        "location": _location(ue),
        "fiveGSTAIList": [values.tAI(tai) for tai in accept.tai_list] or None,
        "sMSOverNasIndicator": (
            "sMSOverNASAllowed" if accept.sms_allowed else "sMSOverNASNotAllowed"
        ),
        "oldGUTI": (
            ("fiveGGUTI", values.fiveGGUTI(identity)) if isinstance(identity, Guti) else None
        ),
        "rATType": values.RAT_TYPE.get(ue.location.access) if ue.location else None,
        "rRCEstablishmentCause": ("fiveGCEstablishmentCause", cause) if cause else None,
        "nASTransportInitialInformation": {"rANUENGAPID": ue.ran_ue_id},
        "equivalentPLMNList": [values.pLMNID(p) for p in accept.equivalent_plmns] or None,
        "fiveGMMCapability": request.capability if request else None,
        "fiveGSUpdateType": request.update_type if request else None,
    }
    return REGISTRATION, _present(record)


def establishment(
    ue: UE, request: SessionRequest, accept: PDUSessionEstablishmentAccept, setup: SessionSetup
) -> dict[str, Any]:
    """The record without what only the RAN's answer and N4 tell: see :func:`complete`."""
    snssai = accept.snssai or setup.snssai or request.snssai
    dnn = request.dnn or accept.dnn
    selected = accept.dnn if accept.dnn and accept.dnn.lower() != (dnn or "").lower() else None
    plmn = ue.amf_plmn or (ue.location.tai.plmn if ue.location and ue.location.tai else None)
    amf = ue.amf or (ue.guti.amf if ue.guti else None)
    access = ue.location.access if ue.location else None
    return {
        "sUPI": values.sUPI(ue.imsi) if ue.imsi else None,
        "sUPIUnauthenticated": ue.emergency and not ue.authenticated,
        "pEI": values.pEI(ue.pei) if ue.pei else None,
        "pDUSessionID": accept.pdu_session_id,
        "gTPTunnelID": values.fTEID(setup.uplink_tunnels),
        "pDUSessionType": SESSION_TYPE.get(accept.session_type),
        "sNSSAI": values.sNSSAI(snssai) if snssai else None,
        "location": _location(ue),
        "dNN": dnn,
        "aMFID": values.aMFID(amf) if amf else None,
        "requestType": REQUEST_TYPE.get(request.request_type or 1),
        "accessType": values.ACCESS_TYPE[access] if access else None,
        "rATType": values.RAT_TYPE.get(access) if access else None,
        "selectedDNN": selected,
        "servingNetwork": {"pLMNID": values.pLMNID(plmn)} if plmn else None,
    }


def complete(session: PDUSession) -> Record:
    """The establishment's record with UE addresses and tunnels as known by now."""
    tunnels = {
        "uLNGUUPTunnelInformation": values.fTEID(session.uplink),
        "additionalULNGUUPTunnelInformation": [
            values.fTEID((tunnel,)) for tunnel in session.additional_uplink
        ]
        or None,
        "dLRANTunnelInformation": _downlink(session),
    }
    record = {
        **(session.record or {}),
        "uEEndpoint": [values.uEEndpointAddress(a) for a in session.subject.ue_addresses] or None,
        "gTPTunnelInfo": {"fiveGSGTPTunnels": _present(tunnels)} if session.uplink else None,
    }
    return ESTABLISHMENT, _present(record)


def _downlink(session: PDUSession) -> dict[str, Any] | None:
    if session.downlink is None:
        return None
    additional = [values.qOSFlowTunnelInformation(one) for one in session.additional_downlink]
    found = {
        "dLQOSFlowTunnelInformation": values.qOSFlowTunnelInformation(session.downlink),
        "additionalDLQOSFlowTunnelInformation": [one for one in additional if one] or None,
    }
    return _present(found) or None


def _slice(accept: RegistrationAccept) -> dict[str, Any] | None:
    found = {
        "allowedNSSAI": [values.sNSSAI(s) for s in accept.allowed] or None,
        "configuredNSSAI": [values.sNSSAI(s) for s in accept.configured] or None,
        "rejectedNSSAI": [values.rejectedSNSSAI(r) for r in accept.rejected] or None,
    }
    return _present(found) or None


def _location(ue: UE) -> dict[str, Any] | None:
    return values.location(ue.location, (ue.gnb.plmn, ue.gnb.gnb_id) if ue.gnb else None)


def _present(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None}
