"""PS-PDUs against pycrate with the whole published set of modules."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from asn1_oracle import Oracle, null_as_zero
from asn1_values import value

from custodes.wire.handover.pdu import CCs, decode, encode
from custodes.wire.handover.schema import MODULE, schema

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "wire"))
from handover_pdus import PDUS
from iri_records import ESTABLISHMENT


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Oracle:
    return Oracle(shared / "standards" / "etsi" / "asn1")


@pytest.mark.parametrize("name", PDUS)
def test_pycrate_reads_and_writes_the_same_pdu(oracle: Oracle, name: str) -> None:
    octets = encode(PDUS[name])
    assert oracle.again(MODULE, "PS-PDU", octets) == octets
    assert decode(octets) == PDUS[name]


def test_pycrate_sees_the_header_we_meant(oracle: Oracle) -> None:
    header = oracle.decode(MODULE, "PS-PDU", encode(PDUS["iri"]))["pSHeader"]
    assert header == {
        "li-psDomainId": (0, 4, 0, 2, 2, 5, 1, 43),
        "lawfulInterceptionIdentifier": b"ZZ-LAB-0001",
        "authorizationCountryCode": "ZZ",
        "communicationIdentifier": {
            "networkIdentifier": {
                "operatorIdentifier": b"99970",
                "networkElementIdentifier": b"smf",
            },
            "communicationIdentityNumber": 0xFFFF_FFFF,
            "deliveryCountryCode": "ZZ",
        },
        "sequenceNumber": 0xFFFF_FFFF,
        "interceptionPointID": "poi-1",
        "microSecondTimeStamp": {"seconds": 1_767_225_600, "microSeconds": 123_456},
        "timeStampQualifier": "timeOfInterception",
        "extendedInterceptionPointID": b"smf.poi",
        "networkFunctionIdentifier": b"smf",
    }


def test_pycrate_sees_the_items_we_meant(oracle: Oracle) -> None:
    kind, items = oracle.decode(MODULE, "PS-PDU", encode(PDUS["iri"]))["payload"]
    assert kind == "iRIPayloadSequence"
    assert [item["iRIType"] for item in items] == ["iRI-Begin", "iRI-End"]
    name, (inner, payload) = items[0]["iRIContents"]
    assert (name, inner) == ("threeGPP33128DefinedIRI", "IRIPayload")
    assert payload["event"] == ESTABLISHMENT
    kind, items = oracle.decode(MODULE, "PS-PDU", encode(PDUS["cc"]))["payload"]
    assert kind == "cCPayloadSequence"
    assert items[0]["payloadDirection"] == "fromTarget"
    assert items[0]["cCContents"][1][1]["pDU"] == ("uPFCCPDU", bytes(200))
    kind, items = oracle.decode(MODULE, "PS-PDU", encode(PDUS["hi4"]))["payload"]
    assert kind == "hI4Payload"
    assert items[0][1]["notification"][1]["appliedEndTime"] == "20260201123001.5Z"


def test_foreign_contents_stay_whole(oracle: Oracle) -> None:
    """Contents of TS 102 232-3, which our tables do not open, written by pycrate."""
    kind = oracle.kind(MODULE, "PS-PDU")
    base = {
        "li-psDomainId": (0, 4, 0, 2, 2, 5, 1, 43),
        "lawfulInterceptionIdentifier": b"ZZ-LAB-0001",
        "communicationIdentifier": {"networkIdentifier": {"operatorIdentifier": b"99970"}},
        "sequenceNumber": 1,
    }
    cc = {"cCContents": ("iPCC", {"iPCCObjId": (5, 3, 20, 2), "iPCCContents": ("iPPackets", b"x")})}
    kind.set_val({"pSHeader": base, "payload": ("cCPayloadSequence", [cc])})
    octets = bytes(kind.to_ber())
    pdu = decode(octets)
    assert isinstance(pdu.payload, CCs)
    assert isinstance(pdu.payload.items[0].contents[1], bytes)
    assert encode(pdu) == octets


@pytest.mark.parametrize(
    "name", ["IntegrityCheck", "OperatorLeaMessage", "OptionRequest", "OptionResponse",
             "EncryptionContainer", "HI4Notification", "TRIPayload", "MicroSecondTimeStamp"],
)  # fmt: skip
def test_our_types_mean_the_same_to_pycrate(oracle: Oracle, name: str) -> None:
    node = schema().type(MODULE, name)
    for seed in range(20):
        ours = value(node, Random(f"{name}/{seed}"))
        octets = schema().encode(MODULE, name, ours)
        assert oracle.decode(MODULE, name, octets) == null_as_zero(ours)
        assert oracle.again(MODULE, name, octets) == octets
        assert schema().decode(MODULE, name, octets) == ours
