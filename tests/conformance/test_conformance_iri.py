"""TS 33.128 payloads against the published module: tables, pycrate, and every event."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import asn1tools
import pytest
from asn1_oracle import Oracle, null_as_zero
from asn1_values import value

from custodes.wire.iri.payload import (
    decode_cc,
    decode_iri,
    decode_xiri,
    encode_cc,
    encode_iri,
    encode_notification,
    encode_xiri,
    li_notification,
    target_identifier,
)
from custodes.wire.iri.schema import MODULE, schema

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tools"))
sys.path.insert(0, str(REPOSITORY / "tests" / "unit" / "wire"))
from iri_records import ESTABLISHMENT, REGISTRATION  # noqa: E402
from wire_vectors import load  # noqa: E402

from make_asn1_tables import make  # noqa: E402


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Oracle:
    return Oracle(shared / "standards" / "etsi" / "asn1")


def test_tables_are_what_the_tool_makes_of_the_published_modules(shared: Path) -> None:
    root = REPOSITORY / "src" / "custodes" / "wire"
    for name, text in make(shared / "standards").items():
        assert (root / name).read_text(encoding="utf-8") == text, f"{name}: run the tool again"


def test_tables_hold_every_type_of_the_module(oracle: Oracle) -> None:
    assert set(schema().names(MODULE)) == oracle.types(MODULE)


@pytest.mark.parametrize("event", [REGISTRATION, ESTABLISHMENT], ids=lambda e: str(e[0]))
def test_pycrate_reads_and_writes_the_same_xiri(oracle: Oracle, event: tuple[str, dict]) -> None:
    octets = encode_xiri(event)
    assert oracle.decode(MODULE, "XIRIPayload", octets)["event"] == event
    assert oracle.again(MODULE, "XIRIPayload", octets) == octets
    assert decode_xiri(octets).event == event


def test_pycrate_reads_and_writes_the_same_iri(oracle: Oracle) -> None:
    identifiers = [target_identifier(("iMSI", "001010000000001"), "matchedOn")]
    octets = encode_iri(ESTABLISHMENT, identifiers, (4, 19, 18, 12, 1))
    read = oracle.decode(MODULE, "IRIPayload", octets)
    assert read["event"] == ESTABLISHMENT
    assert read["targetIdentifiers"] == identifiers
    assert read["mediatedFromIndicator"] == ("xIRIRelativeOID", (4, 19, 18, 12, 1))
    assert oracle.again(MODULE, "IRIPayload", octets) == octets
    assert decode_iri(octets).mediatedFromIndicator == read["mediatedFromIndicator"]


@pytest.mark.parametrize(
    "pdu",
    [
        ("uPFCCPDU", bytes(300)),
        ("extendedUPFCCPDU", {"payload": ("uPFIPCC", b"\x45" + bytes(19)), "qFI": 63}),
    ],
)
def test_pycrate_reads_and_writes_the_same_cc(oracle: Oracle, pdu: tuple[str, object]) -> None:
    octets = encode_cc(pdu)
    assert oracle.decode(MODULE, "CCPayload", octets)["pDU"] == pdu
    assert oracle.again(MODULE, "CCPayload", octets) == octets
    assert decode_cc(octets).pDU == pdu


def test_pycrate_reads_and_writes_the_same_notification(oracle: Oracle) -> None:
    octets = encode_notification(li_notification("modification", target=("mSISDN", "12025550100")))
    assert oracle.again(MODULE, "LINotificationPayload", octets) == octets


@pytest.mark.parametrize("payload", ["XIRIPayload", "IRIPayload"])
def test_every_event_means_the_same_to_pycrate(oracle: Oracle, payload: str) -> None:
    oid_name = {"XIRIPayload": "xIRIPayloadOID", "IRIPayload": "iRIPayloadOID"}[payload]
    choice = schema().type(MODULE, "XIRIEvent" if payload[0] == "X" else "IRIEvent")
    for member in choice.members:  # type: ignore[attr-defined]
        for seed in range(4):
            random = Random(f"{member.name}/{seed}")
            event = (member.name, value(member.node, random))
            ours = {oid_name: (4, 19, 19, 3, 1), "event": event}
            octets = schema().encode(MODULE, payload, ours)
            assert oracle.decode(MODULE, payload, octets) == null_as_zero(ours), member.name
            assert oracle.again(MODULE, payload, octets) == octets, member.name
            assert schema().decode(MODULE, payload, octets) == ours, member.name


def test_every_type_of_the_module_survives_our_codec() -> None:
    for name in schema().names(MODULE):
        node = schema().type(MODULE, name)
        for seed in range(3):
            ours = value(node, Random(f"{name}/{seed}"))
            assert schema().decode(MODULE, name, schema().encode(MODULE, name, ours)) == ours, name


EVENTS = load("iri_events_valid.json")


@pytest.fixture(scope="module")
def second(shared: Path) -> Any:
    """asn1tools on the published module. It knows neither RELATIVE-OID, which becomes OCTET STRING,
    nor a type that is qualified by its module: the one event that needs it becomes octets."""
    modules = shared / "standards" / "etsi" / "asn1"
    text = (modules / "TS33128Payloads.asn").read_text(encoding="utf-8")
    text = re.sub(r"^IMPORTS.*?;", "", text, count=1, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^\w+\s+RELATIVE-OID ::=.*$", "", text, flags=re.MULTILINE)
    text = text.replace("RELATIVE-OID", "OCTET STRING")
    text = text.replace("IPAccessPDU.IPIRIPacketReport", "OCTET STRING")
    return asn1tools.compile_string(text, "ber")


def plain(value: Any) -> Any:
    """A value of asn1tools as a vector has it."""
    if isinstance(value, datetime):
        return value.strftime("%Y%m%d%H%M%SZ")
    if isinstance(value, dict):
        found = {name: plain(inner) for name, inner in value.items()}
        if "moduleIdentifier" in found:  # the only OBJECT IDENTIFIER of the module
            found["moduleIdentifier"] = [int(n) for n in found["moduleIdentifier"].split(".")]
        return found
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], bytes | bytearray):
        octets, bits = value
        return [int.from_bytes(octets, "big") >> (-bits % 8), bits]
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.hex() if isinstance(value, bytes | bytearray) else value


@pytest.mark.parametrize("vector", EVENTS, ids=lambda v: str(v["name"]))
def test_asn1tools_reads_the_event(second: Any, vector: dict[str, Any]) -> None:
    if vector["verified_by"] is None:
        assert vector["name"] == "xiri-iPIRIPacketReport"
        return
    read = second.decode("XIRIPayload", bytes.fromhex(vector["hex"]))
    assert plain(read["event"]) == vector["value"]["event"]


@pytest.mark.parametrize("vector", load("iri_events_invalid.json"), ids=lambda v: str(v["name"]))
def test_asn1tools_refuses_the_event(second: Any, vector: dict[str, Any]) -> None:
    with pytest.raises(asn1tools.DecodeError):
        second.decode("XIRIPayload", bytes.fromhex(vector["hex"]))


def test_the_events_are_what_the_tool_makes(shared: Path, tmp_path: Path) -> None:
    tool = REPOSITORY / "tools" / "make_iri_vectors.py"
    command = [sys.executable, str(tool), str(shared / "standards"), str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    for name in ("iri_events_valid.json", "iri_events_invalid.json"):
        kept = (REPOSITORY / "vectors" / name).read_bytes()
        assert (tmp_path / name).read_bytes() == kept, "run the tool again"


def test_the_vectors_of_events_use_none_of_the_codec() -> None:
    for name in ("make_iri_vectors.py", "iri_values.py"):
        text = (REPOSITORY / "tools" / name).read_text(encoding="utf-8")
        assert "import custodes" not in text
        assert "from custodes" not in text
