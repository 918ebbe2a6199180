"""Vectors of PS-PDUs: whole, octet by octet through the reader, and with trailing data."""

from __future__ import annotations

from typing import Any

import pytest
from wire_vectors import as_json, load

from custodes.base.errors import DecodeError
from custodes.wire.handover.pdu import decode, encode
from custodes.wire.handover.reader import Reader
from custodes.wire.handover.schema import MODULE, schema

VALID = load("handover_valid.json")
INVALID = load("handover_invalid.json")


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_whole(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    assert as_json(schema().decode(MODULE, "PS-PDU", octets)) == vector["value"]
    pdu = decode(octets)
    assert (encode(pdu) == octets) is vector["canonical"]
    assert decode(encode(pdu)) == pdu


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_octet_by_octet(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    reader = Reader()
    for octet in octets[:-1]:
        reader.receive_data(bytes((octet,)))
        assert reader.next_pdu() is None
    reader.receive_data(octets[-1:])
    assert reader.next_pdu() == octets
    assert reader.next_pdu() is None


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_with_trailing_data(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    reader = Reader()
    reader.receive_data(octets + octets + b"\x30\x05\x01")
    assert [reader.next_pdu() for _ in range(3)] == [octets, octets, None]
    assert reader.pending == 3
    with pytest.raises(DecodeError):
        decode(octets + b"\x30")


@pytest.mark.parametrize("vector", INVALID, ids=lambda v: str(v["name"]))
def test_invalid(vector: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        decode(bytes.fromhex(vector["hex"]))
