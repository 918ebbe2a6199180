"""Vectors of TS 33.128 payloads: whole, cut at every octet, and with something behind."""

from __future__ import annotations

from typing import Any

import pytest
from wire_vectors import as_json, load

from custodes.base.errors import DecodeError
from custodes.wire.iri.schema import schema

VALID = load("iri_valid.json")
INVALID = load("iri_invalid.json")


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_valid(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    value = schema().decode(vector["module"], vector["type"], octets)
    assert as_json(value) == vector["value"]
    again = schema().encode(vector["module"], vector["type"], value)
    assert (again == octets) is vector["canonical"]
    assert schema().decode(vector["module"], vector["type"], again) == value


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_valid_but_cut_or_continued(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    for wrong in (octets[:end] for end in range(len(octets))):
        with pytest.raises(DecodeError):
            schema().decode(vector["module"], vector["type"], wrong)
    with pytest.raises(DecodeError):
        schema().decode(vector["module"], vector["type"], octets + b"\x00")


@pytest.mark.parametrize("vector", INVALID, ids=lambda v: str(v["name"]))
def test_invalid(vector: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        schema().decode(vector["module"], vector["type"], bytes.fromhex(vector["hex"]))
