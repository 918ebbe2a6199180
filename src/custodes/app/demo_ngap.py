"""NGAP messages of the demo's capture, encoded by pycrate (3GPP TS 38.413)."""

from __future__ import annotations

from typing import Any

from custodes.app.demo_nas import AMF_POINTER, AMF_REGION, AMF_SET, PLMN, SESSION_ID, TAC
from custodes.app.demo_packets import address

INITIATING, SUCCESSFUL = "initiatingMessage", "successfulOutcome"
SLICE = {"sST": b"\x01"}
GUAMI = {
    "pLMNIdentity": PLMN,
    "aMFRegionID": (AMF_REGION, 8),
    "aMFSetID": (AMF_SET, 10),
    "aMFPointer": (AMF_POINTER, 6),
}
ALGORITHMS = (0xC000, 16)

IE = tuple[int, str, str, Any]
"""ProtocolIE-ID, criticality, type name, value."""


class NGAPEncoder:
    """Makes the octets of NGAP messages; pycrate is imported when one is made."""

    def __init__(self) -> None:
        from pycrate_asn1dir import NGAP

        self._pdu: Any = NGAP.NGAP_PDU_Descriptions.NGAP_PDU

    def _message(
        self, outcome: str, procedure: int, criticality: str, name: str, *ies: IE
    ) -> bytes:
        content = [
            {"id": number, "criticality": critical, "value": (kind, value)}
            for number, critical, kind, value in ies
        ]
        self._pdu.set_val(
            (
                outcome,
                {
                    "procedureCode": procedure,
                    "criticality": criticality,
                    "value": (name, {"protocolIEs": content}),
                },
            )
        )
        octets: bytes = self._pdu.to_aper()
        return octets

    def ng_setup_request(self) -> bytes:
        node = ("globalGNB-ID", {"pLMNIdentity": PLMN, "gNB-ID": ("gNB-ID", (1, 24))})
        broadcast = {"pLMNIdentity": PLMN, "tAISliceSupportList": [{"s-NSSAI": SLICE}]}
        areas = [{"tAC": TAC, "broadcastPLMNList": [broadcast]}]
        return self._message(
            INITIATING,
            21,
            "reject",
            "NGSetupRequest",
            (27, "reject", "GlobalRANNodeID", node),
            (102, "reject", "SupportedTAList", areas),
            (21, "ignore", "PagingDRX", "v128"),
        )

    def ng_setup_response(self) -> bytes:
        support = [{"pLMNIdentity": PLMN, "sliceSupportList": [{"s-NSSAI": SLICE}]}]
        return self._message(
            SUCCESSFUL,
            21,
            "reject",
            "NGSetupResponse",
            (1, "reject", "AMFName", "demo"),
            (96, "reject", "ServedGUAMIList", [{"gUAMI": GUAMI}]),
            (86, "ignore", "RelativeAMFCapacity", 255),
            (80, "reject", "PLMNSupportList", support),
        )

    def initial_ue_message(self, ran: int, nas: bytes) -> bytes:
        return self._message(
            INITIATING,
            15,
            "ignore",
            "InitialUEMessage",
            (85, "reject", "RAN-UE-NGAP-ID", ran),
            (38, "reject", "NAS-PDU", nas),
            _location("reject"),
            (90, "ignore", "RRCEstablishmentCause", "mo-Signalling"),
            (112, "ignore", "UEContextRequest", "requested"),
        )

    def uplink(self, amf: int, ran: int, nas: bytes) -> bytes:
        return self._message(
            INITIATING,
            46,
            "ignore",
            "UplinkNASTransport",
            *_ids(amf, ran, "reject"),
            (38, "reject", "NAS-PDU", nas),
            _location("ignore"),
        )

    def downlink(self, amf: int, ran: int, nas: bytes) -> bytes:
        return self._message(
            INITIATING,
            4,
            "ignore",
            "DownlinkNASTransport",
            *_ids(amf, ran, "reject"),
            (38, "reject", "NAS-PDU", nas),
        )

    def context_request(self, amf: int, ran: int, nas: bytes) -> bytes:
        capabilities = {
            "nRencryptionAlgorithms": ALGORITHMS,
            "nRintegrityProtectionAlgorithms": ALGORITHMS,
            "eUTRAencryptionAlgorithms": (0, 16),
            "eUTRAintegrityProtectionAlgorithms": (0, 16),
        }
        return self._message(
            INITIATING,
            14,
            "reject",
            "InitialContextSetupRequest",
            *_ids(amf, ran, "reject"),
            (28, "reject", "GUAMI", GUAMI),
            (0, "reject", "AllowedNSSAI", [{"s-NSSAI": SLICE}]),
            (119, "reject", "UESecurityCapabilities", capabilities),
            (94, "reject", "SecurityKey", (0, 256)),
            (38, "ignore", "NAS-PDU", nas),
        )

    def context_response(self, amf: int, ran: int) -> bytes:
        return self._message(
            SUCCESSFUL, 14, "reject", "InitialContextSetupResponse", *_ids(amf, ran, "ignore")
        )

    def session_request(
        self, amf: int, ran: int, nas: bytes, upf: tuple[str, int], qfi: int
    ) -> bytes:
        quality = {
            "qosCharacteristics": ("nonDynamic5QI", {"fiveQI": 9}),
            "allocationAndRetentionPriority": {
                "priorityLevelARP": 8,
                "pre-emptionCapability": "shall-not-trigger-pre-emption",
                "pre-emptionVulnerability": "not-pre-emptable",
            },
        }
        flow = {"qosFlowIdentifier": qfi, "qosFlowLevelQosParameters": quality}
        elements: list[IE] = [
            (139, "reject", "UPTransportLayerInformation", _tunnel(*upf)),
            (134, "reject", "PDUSessionType", "ipv4"),
            (136, "reject", "QosFlowSetupRequestList", [flow]),
        ]
        transfer = {
            "protocolIEs": [
                {"id": number, "criticality": critical, "value": (kind, value)}
                for number, critical, kind, value in elements
            ]
        }
        session = {
            "pDUSessionID": SESSION_ID,
            "pDUSessionNAS-PDU": nas,
            "s-NSSAI": SLICE,
            "pDUSessionResourceSetupRequestTransfer": (
                "PDUSessionResourceSetupRequestTransfer",
                transfer,
            ),
        }
        return self._message(
            INITIATING,
            29,
            "reject",
            "PDUSessionResourceSetupRequest",
            *_ids(amf, ran, "reject"),
            (74, "reject", "PDUSessionResourceSetupListSUReq", [session]),
        )

    def session_response(self, amf: int, ran: int, gnb: tuple[str, int], qfi: int) -> bytes:
        flows = {
            "uPTransportLayerInformation": _tunnel(*gnb),
            "associatedQosFlowList": [{"qosFlowIdentifier": qfi}],
        }
        session = {
            "pDUSessionID": SESSION_ID,
            "pDUSessionResourceSetupResponseTransfer": (
                "PDUSessionResourceSetupResponseTransfer",
                {"dLQosFlowPerTNLInformation": flows},
            ),
        }
        return self._message(
            SUCCESSFUL,
            29,
            "reject",
            "PDUSessionResourceSetupResponse",
            *_ids(amf, ran, "ignore"),
            (75, "ignore", "PDUSessionResourceSetupListSURes", [session]),
        )


def _ids(amf: int, ran: int, criticality: str) -> tuple[IE, IE]:
    return (
        (10, criticality, "AMF-UE-NGAP-ID", amf),
        (85, criticality, "RAN-UE-NGAP-ID", ran),
    )


def _location(criticality: str) -> IE:
    place = {
        "nR-CGI": {"pLMNIdentity": PLMN, "nRCellIdentity": (0x10, 36)},
        "tAI": {"pLMNIdentity": PLMN, "tAC": TAC},
    }
    return (121, criticality, "UserLocationInformation", ("userLocationInformationNR", place))


def _tunnel(where: str, teid: int) -> tuple[str, dict[str, Any]]:
    return (
        "gTPTunnel",
        {
            "transportLayerAddress": (int.from_bytes(address(where)), 32),
            "gTP-TEID": teid.to_bytes(4),
        },
    )
