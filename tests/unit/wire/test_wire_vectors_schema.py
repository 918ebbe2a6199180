"""Every vector file obeys vectors/schema.json, and no vector is verified by what made it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).resolve().parents[3] / "vectors"
SCHEMA = json.loads((VECTORS / "schema.json").read_text(encoding="utf-8"))
FILES = sorted(f for f in VECTORS.glob("*.json") if f.name != "schema.json")
FOREIGN = {"pycrate"}
JUDGES = {"asn1tools", "custodes", "libxml2", "pycrate", "tshark"}
NOTES = {"$schema", "title", "description"}
KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}


def faults(schema: Any, value: Any, at: str = "$") -> list[str]:
    """What JSON Schema says against a value, for the keywords that schema.json uses."""
    if isinstance(schema, bool):
        return [] if schema else [f"{at}: does not belong here"]
    found: list[str] = []
    for keyword, wanted in schema.items():
        if keyword not in NOTES | {"then", "else"}:
            found += KEYWORDS[keyword](schema, wanted, value, at)
    return found


def _type(_schema: Any, wanted: Any, value: Any, at: str) -> list[str]:
    names = wanted if isinstance(wanted, list) else [wanted]
    fits = any(isinstance(value, KINDS[n]) for n in names)
    if isinstance(value, bool) and "boolean" not in names:
        fits = False
    return [] if fits else [f"{at}: is not of type {'/'.join(names)}"]


def _required(_schema: Any, wanted: list[str], value: Any, at: str) -> list[str]:
    return [f"{at}: lacks {name}" for name in wanted if name not in value]


def _properties(_schema: Any, wanted: dict[str, Any], value: Any, at: str) -> list[str]:
    present = [name for name in wanted if name in value]
    return [f for name in present for f in faults(wanted[name], value[name], f"{at}.{name}")]


def _additional(schema: Any, wanted: Any, value: Any, at: str) -> list[str]:
    extra = [name for name in value if name not in schema["properties"]]
    return [f for name in extra for f in faults(wanted, value[name], f"{at}.{name}")]


def _items(_schema: Any, wanted: Any, value: Any, at: str) -> list[str]:
    return [f for n, item in enumerate(value) for f in faults(wanted, item, f"{at}[{n}]")]


def _pattern(_schema: Any, wanted: str, value: Any, at: str) -> list[str]:
    fits = not isinstance(value, str) or re.search(wanted, value)
    return [] if fits else [f"{at}: does not match {wanted}"]


def _shortest(_schema: Any, wanted: int, value: Any, at: str) -> list[str]:
    fits = not isinstance(value, str | list) or len(value) >= wanted
    return [] if fits else [f"{at}: is shorter than {wanted}"]


def _one_of(_schema: Any, wanted: list[Any], value: Any, at: str) -> list[str]:
    return [] if value in wanted else [f"{at}: is not one of {wanted}"]


def _condition(schema: Any, wanted: Any, value: Any, at: str) -> list[str]:
    return faults(schema["else" if faults(wanted, value) else "then"], value, at)


KEYWORDS = {
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "pattern": _pattern,
    "minLength": _shortest,
    "minItems": _shortest,
    "enum": _one_of,
    "const": lambda schema, wanted, value, at: _one_of(schema, [wanted], value, at),
    "if": _condition,
}


def load(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def test_there_are_vectors_of_every_interface() -> None:
    interfaces = ("handover", "iri", "x1", "x2x3")
    wanted = {f"{name}_{verdict}.json" for name in interfaces for verdict in ("valid", "invalid")}
    assert wanted <= {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_file_obeys_the_schema(file: Path) -> None:
    assert not faults(SCHEMA, load(file))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_file_is_what_its_name_says(file: Path) -> None:
    vectors = load(file)
    assert {vector["valid"] for vector in vectors} == {file.stem.endswith("_valid")}
    names = [vector["name"] for vector in vectors]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_nobody_verifies_what_they_made(file: Path) -> None:
    def who(text: str) -> str:
        """The name in front: versions and remarks do not make another judge."""
        return re.split(r"[\s,:;(]", text.strip().lower(), maxsplit=1)[0]

    for vector in load(file):
        made, verified = vector["made_by"], vector["verified_by"]
        if verified is not None:  # else it is a freeze
            assert made != verified, vector["name"]
            assert who(made) != who(verified), vector["name"]
            assert who(verified) in JUDGES, vector["name"]  # a text that judges nothing is none
            # The codec is a second opinion only about octets that a foreign one wrote.
            assert who(verified) != "custodes" or who(made) in FOREIGN, vector["name"]


def test_every_refusal_of_x1_says_what_the_codec_says() -> None:
    """The code is nearly always the same; only the text tells one refusal from another."""
    assert not [v["name"] for v in load(VECTORS / "x1_invalid.json") if "error" not in v]


GOOD = {
    "name": "a",
    "spec": "s",
    "clause": "1",
    "hex": "00",
    "valid": True,
    "value": {},
    "made_by": "m",
    "verified_by": None,
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": "a b"}, "does not match"),
        ({"hex": "0"}, "does not match"),
        ({"hex": "AA"}, "does not match"),
        ({"valid": 1}, "boolean"),
        ({"code": True}, "integer"),
        ({"verified_by": ""}, "shorter"),
        ({"verified_by": 1}, "string/null"),
        ({"extra": 1}, "does not belong"),
        ({"valid": False}, "lacks why"),
        ({"why": "because"}, "does not belong"),
        ({"error": "because"}, "does not belong"),
        ({"kind": "reply"}, "not one of"),
        ({"spec": None}, "string"),
    ],
)
def test_the_schema_refuses(change: dict[str, Any], says: str) -> None:
    assert not faults(SCHEMA, [GOOD])
    assert any(says in fault for fault in faults(SCHEMA, [GOOD | change]))


def test_the_schema_asks_for_every_field() -> None:
    for name in GOOD:
        assert faults(SCHEMA, [{k: v for k, v in GOOD.items() if k != name}]), name
    assert faults(SCHEMA, [])
    assert faults(SCHEMA, {})
