"""TS 33.128 payloads against the published module: tables, pycrate, and every event."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

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
