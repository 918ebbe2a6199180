"""Every X1 vector that names libxml2 as its verifier is put before libxml2 here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from x1_schema import x1_schema

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "wire"))
from wire_vectors import load

VALID = load("x1_valid.json")
INVALID = load("x1_invalid.json")
BY_SCHEMA = "libxml2 with the published schemas"
BY_PARSER = "libxml2: not well-formed"


def of(verifier: str) -> Any:
    chosen = [v for v in INVALID if v["verified_by"] == verifier]
    return pytest.mark.parametrize("vector", chosen, ids=lambda v: str(v["name"]))


def parsed(vector: dict[str, Any]) -> etree._Element:
    """The document; XMLSyntaxError where it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(bytes.fromhex(vector["hex"]), parser)


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return x1_schema(shared)


def test_every_claim_is_one_that_is_checked_here() -> None:
    assert {v["verified_by"] for v in INVALID} == {BY_SCHEMA, BY_PARSER, None}
    assert all(v["verified_by"].startswith(BY_SCHEMA) for v in VALID)


@pytest.mark.parametrize("vector", VALID, ids=lambda v: str(v["name"]))
def test_the_schemas_accept_the_valid(schema: etree.XMLSchema, vector: dict[str, Any]) -> None:
    schema.assertValid(parsed(vector))


@of(BY_SCHEMA)
def test_the_schemas_refuse_the_invalid(schema: etree.XMLSchema, vector: dict[str, Any]) -> None:
    """It is well-formed, so that the schemas are what refuses it."""
    assert not schema.validate(parsed(vector))


@of(BY_PARSER)
def test_the_parser_refuses_what_is_not_well_formed(vector: dict[str, Any]) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        parsed(vector)
