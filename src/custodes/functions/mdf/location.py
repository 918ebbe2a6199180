"""Service scoping "do not report location" (TS 33.128 V19.7.0, 4.4.4; TS 103 221-1 Annex C).

Where an order may not have the location, every field that tells where the target is leaves the
record before it is encoded for that order, at any depth. The names are those of the TS 33.128
module. Only records listed here are released to such an order: of any other it was not judged
which of its fields tell a location, and some (a location update) are nothing else.
"""

from __future__ import annotations

from typing import Any

from custodes.base.errors import CustodesError

RELEASED = frozenset(
    {
        "registration",
        "deregistration",
        "startOfInterceptionWithRegisteredUE",
        "unsuccessfulAMProcedure",
        "pDUSessionEstablishment",
        "pDUSessionModification",
        "pDUSessionRelease",
        "startOfInterceptionWithEstablishedPDUSession",
        "unsuccessfulSMProcedure",
    }
)

# Beside where the target is: the base station, edge site or cell group that serves it. A tunnel's
# address at the RAN names the base station as its identifier does; a PCC rule (mandatory
# trafficRoutes) names the edge site.
_LOCATION_FIELDS = frozenset(
    {
        "additionalCellIDs",
        "additionalInstanceLocation",
        "additionalLocation",
        "areaOfInterestList",
        "areaScopeofMDT",
        "cellBased",
        "cellCAGInfo",
        "cellInformation",
        "cellRadioRelatedInformation",
        "cellSiteInformation",
        "cellSiteinformation",
        "cGI",
        "coarseLocation",
        "connectedENGNBList",
        "currentLocationIndicator",
        "deprecatedNGInformation",
        "dLRANTunnelInformation",
        "eASServiceArea",
        "eCGI",
        "eCGIList",
        "ePSLocationInformation",
        "ePSTAIList",
        "ePSUserLocationInformation",
        "eUTRALocation",
        "expACGeoServArea",
        "extendedRANNodeName",
        "fiveGSTAIList",
        "forbiddenAreaInformation",
        "forbiddenTAIList",
        "fourGLocationInfo",
        "fourGPositioningInfo",
        "gEOSatelliteID",
        "gERALocation",
        "geoInfo",
        "geodeticInformation",
        "geographicalCoordinates",
        "geographicalInformation",
        "globalENbID",
        "globalENbIDList",
        "globalGNbID",
        "globalNGENbID",
        "globalRANNodeID",
        "globalRANNodeIDList",
        "iABMTUserLocation",
        "iMSLocation",
        "lAI",
        "location",
        "locationData",
        "locationEstimate",
        "locationInfo",
        "locationNumber",
        "locationPresenceReport",
        "mMELocationInformation",
        "n3GALocation",
        "n3IWFID",
        "nCGI",
        "nCGIList",
        "nPNAccessInformation",
        "nRLocation",
        "nRNTNTAIInfo",
        "non3GPPAccessEndpoint",
        "pCCRules",
        "positioningInfo",
        "positionInfo",
        "rAI",
        "rANCGI",
        "rANNodeName",
        "reportArea",
        "s1UeNodeBFTEID",
        "sAI",
        "satelliteBackhaulCategory",
        "serviceArea",
        "serviceAreaInformation",
        "serviceAreaList",
        "sourceDNAI",
        "sourceToTargetContainer",
        "sourceTrafficRouting",
        "supportedTAList",
        "tAI",
        "tAIBased",
        "tAIList",
        "tAISliceSupportList",
        "targetDNAI",
        "targetToSourceContainer",
        "targetToSourceContainers",
        "targetTrafficRouting",
        "timeOfLocation",
        "timeZone",
        "trackingAreaList",
        "uEAreaIndication",
        "uELoc",
        "uELocation",
        "uELocationDerivedNTNTAC",
        "uELocationTimestamp",
        "uTRALocation",
        "userLocation",
    }
)


# How the codec keeps what its tables do not know (wire/ber): nobody can judge what that tells.
_UNKNOWN = "_unknown"


class UnjudgedError(CustodesError):
    """A record holds an alternative that this release does not know: it cannot be released."""


def without_location(value: Any) -> Any:
    """The same value without any field that tells a location, nor any that is not known by name.

    UnjudgedError where an unknown alternative stands in the place of a value.
    """
    if isinstance(value, dict):
        return {
            name: without_location(inner)
            for name, inner in value.items()
            if name not in _LOCATION_FIELDS and name != _UNKNOWN
        }
    if isinstance(value, list):
        return [without_location(item) for item in value]
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
        if value[0] == _UNKNOWN:
            raise UnjudgedError("a record holds a value of a later release")
        return (value[0], without_location(value[1]))
    return value
