"""What ``custodes decode --json`` says of our PS-PDUs, beside what pycrate reads."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from asn1_oracle import Oracle

from custodes.app.decode.message import to_object
from custodes.app.decode.source import Source
from custodes.wire.handover.pdu import encode
from custodes.wire.handover.schema import MODULE

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "wire"))
from handover_pdus import PDUS


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Oracle:
    return Oracle(shared / "standards" / "etsi" / "asn1")


def _decoded(octets: bytes) -> Any:
    (message,) = Source("judged", io.BytesIO(octets)).messages()
    assert not message.undecodable
    return to_object(message)["value"]


def agrees(ours: Any, theirs: Any) -> bool:
    """Our JSON value and pycrate's Python value of the same element."""
    if isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(agrees(ours[n], theirs[n]) for n in theirs)
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(agrees, ours, theirs))
    if isinstance(theirs, bytes):
        return (ours["octets"] if isinstance(ours, dict) else ours) == theirs.hex()
    if isinstance(theirs, tuple):
        if isinstance(ours, dict) and ours.keys() == {"octets", "decoded"}:
            # An OCTET STRING CONTAINING another module's type: pycrate has opened it as well.
            return agrees(ours["decoded"][theirs[0]], theirs[1])
        if isinstance(theirs[0], str) and len(theirs) > 2:
            # A time, in parts.
            return bool(ours == "".join(part for part in theirs if part))
        if isinstance(theirs[0], str):
            return list(ours) == [theirs[0]] and agrees(ours[theirs[0]], theirs[1])
        if isinstance(ours, dict):
            return (ours["value"], ours["bits"]) == theirs
        return ours == ".".join(map(str, theirs))
    # pycrate's NULL is 0.
    return bool(ours == theirs) or (ours is None and theirs == 0)


@pytest.mark.parametrize("name", PDUS)
def test_pycrate_reads_the_same_ps_pdu(oracle: Oracle, name: str) -> None:
    octets = encode(PDUS[name])
    assert agrees(_decoded(octets), oracle.decode(MODULE, "PS-PDU", octets))


@pytest.mark.parametrize(
    ("contents", "module_type", "sequence"),
    [
        ("threeGPP33128DefinedIRI", "IRIPayload", "iRIPayloadSequence"),
        ("threeGPP33128DefinedCC", "CCPayload", "cCPayloadSequence"),
    ],
)
def test_pycrate_reads_the_same_payload_inside(
    oracle: Oracle, contents: str, module_type: str, sequence: str
) -> None:
    name = "iri" if sequence.startswith("iRI") else "cc"
    value = _decoded(encode(PDUS[name]))["payload"][sequence]
    entry = next(iter(v for k, v in value[0].items() if k.endswith("Contents")))[contents]
    theirs = oracle.decode("TS33128Payloads", module_type, bytes.fromhex(entry["octets"]))
    assert agrees(entry["decoded"][module_type], theirs)


def test_a_difference_is_seen(oracle: Oracle) -> None:
    octets = encode(PDUS["iri"])
    value = _decoded(octets)
    value["pSHeader"]["sequenceNumber"] += 1
    assert not agrees(value, oracle.decode(MODULE, "PS-PDU", octets))


def test_x1_samples_are_judged_as_their_authors_meant_them(shared: Path) -> None:
    bad = {"NoResponsesInResponseContainer", "BadVersionRequest", "EmptyRequest"}
    for file in sorted((shared / "samples" / "x1_xml").rglob("*.xml")):
        (message,) = Source(file.name, io.BytesIO(file.read_bytes())).messages()
        assert message.kind == "x1"
        assert message.undecodable == (file.stem.removesuffix("_example") in bad), file.name
