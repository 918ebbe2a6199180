"""Records that several tests share: whole ones, of test identities only."""

from __future__ import annotations

from typing import Any

PLMN = {"mCC": "001", "mNC": "01"}
TAI = {"pLMNID": PLMN, "tAC": b"\x00\x00\x01"}
LOCATION = {
    "locationInfo": {
        "userLocation": {
            "nRLocation": {
                "tAI": TAI,
                "nCGI": {"pLMNID": PLMN, "nRCellID": (0x10, 36)},
                "ageOfLocationInfo": 0,
                "uELocationTimestamp": "20260101000000Z",
            }
        }
    }
}
UPLINK = {"tEID": 0xFFFF_FFFF, "iPv4Address": bytes((192, 0, 2, 1))}
DOWNLINK = {"tEID": 1, "iPv4Address": bytes((192, 0, 2, 129))}

REGISTRATION: tuple[str, dict[str, Any]] = (
    "registration",
    {
        "registrationType": "initial",
        "registrationResult": "threeGPPAccess",
        "slice": {
            "allowedNSSAI": [{"sliceServiceType": 1, "sliceDifferentiator": b"\x01\x02\x03"}],
            "configuredNSSAI": [{"sliceServiceType": 1}, {"sliceServiceType": 2}],
        },
        "sUPI": ("iMSI", "001010000000001"),
        "sUCI": {
            "mCC": "001",
            "mNC": "01",
            "routingIndicator": 0,
            "protectionSchemeID": 0,
            "homeNetworkPublicKeyID": b"\x00",
            "schemeOutput": bytes.fromhex("00000000f1"),
        },
        "pEI": ("iMEISV", "4370816125816151"),
        "gPSI": ("mSISDN", "12025550100"),
        "gUTI": {
            "mCC": "001",
            "mNC": "01",
            "aMFRegionID": 202,
            "aMFSetID": 1016,
            "aMFPointer": 0,
            "fiveGTMSI": 0xC000_0001,
        },
        "location": LOCATION,
        "fiveGSTAIList": [TAI],
        "rATType": "nR",
    },
)

ESTABLISHMENT: tuple[str, dict[str, Any]] = (
    "pDUSessionEstablishment",
    {
        "sUPI": ("iMSI", "001010000000001"),
        "sUPIUnauthenticated": False,
        "pEI": ("iMEISV", "4370816125816151"),
        "gPSI": ("mSISDN", "12025550100"),
        "pDUSessionID": 5,
        "gTPTunnelID": UPLINK,
        "pDUSessionType": "iPv4",
        "sNSSAI": {"sliceServiceType": 1, "sliceDifferentiator": b"\x01\x02\x03"},
        "uEEndpoint": [("iPv4Address", bytes((198, 51, 100, 7)))],
        "location": LOCATION,
        "dNN": "internet",
        "aMFID": {"aMFRegionID": 202, "aMFSetID": 1016, "aMFPointer": 0},
        "requestType": "initialRequest",
        "accessType": "threeGPPAccess",
        "rATType": "nR",
        "gTPTunnelInfo": {
            "fiveGSGTPTunnels": {
                "uLNGUUPTunnelInformation": UPLINK,
                "dLRANTunnelInformation": {
                    "dLQOSFlowTunnelInformation": {
                        "uPTunnelInformation": DOWNLINK,
                        "associatedQOSFlowList": [{"qFI": 1}],
                    }
                },
            }
        },
    },
)
