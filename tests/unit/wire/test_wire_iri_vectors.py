"""Vectors of TS 33.128 payloads: whole, cut at every octet, and with something behind."""

from __future__ import annotations

from typing import Any

import pytest
from wire_vectors import as_json, load

from custodes.base.errors import DecodeError
from custodes.wire.ber.schema import load_table
from custodes.wire.iri.rules import check_mandatory
from custodes.wire.iri.schema import MODULE, schema

PACKAGE = "custodes.wire.iri"
VALID = load("iri_valid.json") + load("iri_events_valid.json")
INVALID = load("iri_invalid.json")


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_valid(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    value = schema().decode(vector["module"], vector["type"], octets)
    assert as_json(value) == vector["value"]
    again = schema().encode(vector["module"], vector["type"], value)
    assert (again == octets) is vector["canonical"]
    assert schema().decode(vector["module"], vector["type"], again) == value


@pytest.mark.parametrize("vector", load("iri_events_valid.json"), ids=lambda v: str(v["name"]))
def test_an_event_is_complete(vector: dict[str, Any]) -> None:
    value = schema().decode(MODULE, "XIRIPayload", bytes.fromhex(vector["hex"]))
    check_mandatory(value["event"])


def test_there_is_a_vector_of_every_event_that_has_a_rule() -> None:
    events = {member.name for member in schema().type(MODULE, "XIRIEvent").members}  # type: ignore[attr-defined]
    rules = {n for table in ("facts", "readings") for n in load_table(PACKAGE, table)["events"]}
    assert {v["value"]["event"][0] for v in load("iri_events_valid.json")} == events & rules


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


@pytest.mark.parametrize("vector", load("iri_events_invalid.json"), ids=lambda v: str(v["name"]))
def test_a_component_that_is_missing_is_named(vector: dict[str, Any]) -> None:
    with pytest.raises(DecodeError, match=vector["why"]):
        schema().decode(MODULE, "XIRIPayload", bytes.fromhex(vector["hex"]))
