"""Every vector through the decoder: what is valid is shown, what is not has its place."""

from __future__ import annotations

from typing import Any

import pytest
from decode_vectors import FILES, decode, load

from custodes.app.decode.item import to_json
from custodes.app.decode.render import lines

# Valid as X2/X3; the payload is not the xIRI that its format announces.
FOREIGN_PAYLOAD = {"x2-format-2"}
# Valid as PS-PDUs; where they hold a payload of TS 33.128, it may be another kind than is named.
MADE = "made-"
VALID = [(name, v) for name in FILES for v in load(f"{name}_valid")]
INVALID = [(name, v) for name in FILES for v in load(f"{name}_invalid")]


def _id(entry: Any) -> str:
    return entry if isinstance(entry, str) else str(entry["name"])


@pytest.mark.parametrize(("file", "vector"), VALID, ids=_id)
def test_valid_vectors_are_shown_whole(file: str, vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    (message,) = decode(octets)
    assert message.item.length == len(octets)
    if message.undecodable and vector["name"].startswith(MADE):
        assert all("relative OID" in fault.what for fault in message.faults if fault.undecodable)
    else:
        assert message.undecodable == (vector["name"] in FOREIGN_PAYLOAD)
    expected = {"x1": {"x1"}, "x2x3": {"x2x3"}, "handover": {"pspdu"}}
    assert message.kind in expected.get(file, {"xiri", "iri", "cc", "notification"})
    assert list(lines(message, offsets=True))


@pytest.mark.parametrize(("file", "vector"), INVALID, ids=_id)
def test_invalid_vectors_have_a_place(file: str, vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    messages = decode(octets)
    faults = [f for message in messages for f in message.faults if f.undecodable]
    assert faults
    assert all(0 <= fault.offset <= len(octets) and fault.what for fault in faults)


@pytest.mark.parametrize("vector", [v for n, v in VALID if n in ("iri", "handover")], ids=_id)
def test_the_tree_says_what_the_codec_says(vector: dict[str, Any]) -> None:
    (message,) = decode(bytes.fromhex(vector["hex"]))
    assert _as_vector(to_json(message.item)) == _tagged(vector["value"])


def _as_vector(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"octets", "decoded"}:
            return value["octets"]
        if value.keys() == {"value", "bits"}:
            return [value["value"], value["bits"]]
        return {name: _as_vector(inner) for name, inner in value.items()}
    return [_as_vector(inner) for inner in value] if isinstance(value, list) else value


def _tagged(value: Any, name: str = "") -> Any:
    """The vector's value in the shape of --json: (alternative, value) as an object."""
    if isinstance(value, dict):
        return {key: _tagged(inner, key) for key, inner in value.items() if key != "_unknown"} | (
            {"_unknown": _several([octets for _, octets in value["_unknown"]])}
            if "_unknown" in value
            else {}
        )
    if isinstance(value, list):
        if name.endswith(("OID", "DomainId", "domainID", "ObjId")) and all(
            isinstance(n, int) for n in value
        ):
            return ".".join(map(str, value))
        if len(value) == 2 and isinstance(value[0], str) and name not in _LISTS:
            return {value[0]: _tagged(value[1], value[0])}
        return [_tagged(inner) for inner in value]
    return value


_LISTS = frozenset({"networkInstances"})


def _several(found: list[str]) -> Any:
    return found if len(found) > 1 else found[0]
