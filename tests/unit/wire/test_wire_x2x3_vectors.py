"""Every vector: whole, octet by octet, with trailing data, cut anywhere, and back to its octets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from custodes.wire.x2x3.attributes import (
    AdditionalXIDRelatedInformation,
    Attribute,
    Timestamp,
)
from custodes.wire.x2x3.attributes.table import BY_TYPE
from custodes.wire.x2x3.errors import X2X3DecodeError
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, decode, encode
from custodes.wire.x2x3.reader import Reader

VECTORS = Path(__file__).resolve().parents[3] / "vectors"


def load(name: str) -> list[Any]:
    vectors = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return [pytest.param(v, id=v["name"]) for v in vectors]


VALID = load("x2x3_valid.json")
INVALID = load("x2x3_invalid.json")


def plain(attribute: Attribute) -> Any:
    """A value as JSON has it."""
    if isinstance(attribute, Timestamp):
        return attribute.ns
    if isinstance(attribute, AdditionalXIDRelatedInformation):
        return [str(attribute.xid), attribute.correlation_id, attribute.sequence_number]
    value = getattr(attribute, "xml", None) or getattr(attribute, "value", None)
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, int) else str(value)


@pytest.mark.parametrize("vector", VALID)
def test_a_vector_decodes_to_its_value(vector: dict[str, Any]) -> None:
    pdu, value = decode(bytes.fromhex(vector["hex"])), vector["value"]
    assert pdu.version == tuple(value["version"])
    assert pdu.type is PDUType(value["type"])
    assert pdu.payload_format == value["payload_format"]
    assert pdu.payload_direction == value["payload_direction"]
    assert pdu.xid == UUID(value["xid"])
    assert pdu.correlation_id == value["correlation_id"]
    assert pdu.payload.hex() == value["payload"]
    assert [a.type for a in pdu.attributes] == [a["type"] for a in value["attributes"]]
    for attribute, expected in zip(pdu.attributes, value["attributes"], strict=True):
        assert attribute.to_octets().hex() == expected["hex"]
        if "value" in expected:
            assert plain(attribute) == expected["value"]


@pytest.mark.parametrize("vector", VALID)
def test_a_vector_is_encoded_to_its_octets_again(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    pdu = decode(octets)
    assert encode(pdu) == octets
    rebuilt = PDU(
        pdu.type,
        pdu.payload_format,
        pdu.payload_direction,
        pdu.xid,
        pdu.correlation_id,
        pdu.attributes,
        pdu.payload,
        pdu.version,
    )
    assert rebuilt == pdu
    assert encode(rebuilt) == octets


@pytest.mark.parametrize("vector", VALID)
def test_a_vector_octet_by_octet_and_with_trailing_data(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    reader = Reader()
    for number in range(len(octets)):
        assert reader.next_pdu() is None
        reader.receive_data(octets[number : number + 1])
    assert reader.next_pdu() == decode(octets)
    assert reader.next_pdu() is None
    assert reader.pending == 0
    reader.receive_data(octets + octets + b"\0\6")
    assert reader.next_pdu() == reader.next_pdu() == decode(octets)
    assert reader.next_pdu() is None
    assert reader.pending == 2


@pytest.mark.parametrize("vector", VALID)
def test_a_vector_with_trailing_data_or_cut_is_no_pdu(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    with pytest.raises(X2X3DecodeError):
        decode(octets + b"\0")
    for length in range(len(octets)):
        with pytest.raises(X2X3DecodeError):
            decode(octets[:length])


@pytest.mark.parametrize("vector", INVALID)
def test_an_invalid_vector_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(X2X3DecodeError):
        decode(bytes.fromhex(vector["hex"]))


@pytest.mark.parametrize("vector", [v for v in INVALID if v.id != "empty"])
def test_a_reader_refuses_an_invalid_vector_however_it_comes_and_for_good(
    vector: dict[str, Any],
) -> None:
    octets = bytes.fromhex(vector["hex"])
    whole, pieces = Reader(), Reader()
    whole.receive_data(octets)
    with pytest.raises(X2X3DecodeError) as first:
        whole.next_pdu()
    whole.receive_data(bytes.fromhex(VALID[0].values[0]["hex"]))  # type: ignore[index]
    with pytest.raises(X2X3DecodeError) as again:
        whole.next_pdu()
    assert again.value is first.value

    def feed() -> None:
        for number in range(len(octets)):
            pieces.receive_data(octets[number : number + 1])
            pieces.next_pdu()

    with pytest.raises(X2X3DecodeError):
        feed()


def test_the_vectors_cover_every_format_direction_type_and_attribute() -> None:
    values = [v.values[0]["value"] for v in VALID]  # type: ignore[index]
    for payload_format in PayloadFormat:
        for kind, permitted in (
            (PDUType.X2, payload_format.x2),
            (PDUType.X3, payload_format.x3),
        ):
            found = any(v["type"] == kind and v["payload_format"] == payload_format for v in values)
            assert found == permitted
    assert {v["type"] for v in values} == set(PDUType)
    assert {v["payload_direction"] for v in values} >= set(PayloadDirection)
    assert {a["type"] for v in values for a in v["attributes"]} >= set(BY_TYPE)
