"""PS-PDUs against pycrate with the whole published set of modules."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from asn1_oracle import Oracle

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.node import Node
from custodes.wire.handover.pdu import CCs, decode, encode
from custodes.wire.handover.schema import MODULE, schema

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "tests" / "unit" / "wire"), str(REPOSITORY / "tools")]
from handover_pdus import PDUS  # noqa: E402
from iri_records import ESTABLISHMENT  # noqa: E402

from make_handover_vectors import make  # noqa: E402


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


@pytest.mark.parametrize("file", ["handover_valid.json", "handover_invalid.json"])
def test_making_the_vectors_again_changes_nothing(shared: Path, file: str) -> None:
    made = make(shared / "standards")[file]
    assert made == (REPOSITORY / "vectors" / file).read_text(encoding="utf-8")


def test_the_vectors_hold_everything_a_ps_pdu_may_hold() -> None:
    """Every component and alternative of every type of LI-PS-PDU that a PS-PDU leads to."""
    text = (REPOSITORY / "vectors" / "handover_valid.json").read_text(encoding="utf-8")
    pdu = schema().type(MODULE, "PS-PDU")
    found: set[tuple[str, str]] = set()
    for vector in json.loads(text):
        collect(pdu, vector["value"], found)
    own = set(map(id, map(partial(schema().type, MODULE), schema().names(MODULE))))
    due, seen, missing = [pdu], set(), set()
    while due:
        node = due.pop()
        if id(node) in seen or id(node) not in own:
            continue
        seen.add(id(node))
        if isinstance(node, SequenceNode | ChoiceNode):
            missing |= {(node.name, m.name) for m in node.members} - found
            due += [inside(member.node) for member in node.members]
    assert not missing
    assert len(seen) > 30


def inside(node: Node) -> Node:
    return inside(node.item.node) if isinstance(node, ListNode) else node


def collect(node: Node, value: Any, found: set[tuple[str, str]]) -> None:
    """(type, component or alternative) of all that a value has."""
    if isinstance(node, SequenceNode):
        for member in node.members:
            if member.name in value:
                found.add((node.name, member.name))
                collect(member.node, value[member.name], found)
    elif isinstance(node, ListNode):
        for inner in value:
            collect(node.item.node, inner, found)
    elif isinstance(node, ChoiceNode):
        member = node.member(value[0])
        found.add((node.name, value[0]))
        if member is not None:
            collect(member.node, value[1], found)
