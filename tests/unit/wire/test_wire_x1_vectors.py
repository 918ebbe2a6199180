"""Every vector of X1: whole, cut short, and with something after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from x1_plain import plain

from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.message import (
    BadRequest,
    TopLevelErrorResponse,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    encode_top_level_error,
    read_request,
)

VECTORS = Path(__file__).resolve().parents[3] / "vectors"
VALID = json.loads((VECTORS / "x1_valid.json").read_text())
INVALID = json.loads((VECTORS / "x1_invalid.json").read_text())


def name(vector: dict[str, Any]) -> str:
    return str(vector["name"])


def decode(vector: dict[str, Any], octets: bytes) -> Any:
    return decode_request(octets) if vector["kind"] == "request" else decode_response(octets)


def encode(value: Any) -> bytes:
    if isinstance(value, TopLevelErrorResponse):
        return encode_top_level_error(value)
    return encode_request(value) if hasattr(value[0].body, "operation") else encode_response(value)


@pytest.mark.parametrize("vector", VALID, ids=name)
def test_a_valid_vector_is_its_value_and_back(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    value = decode(vector, octets)
    assert plain(value) == vector["value"]
    assert encode(value) == octets


@pytest.mark.parametrize("vector", VALID, ids=name)
def test_a_valid_vector_cut_or_continued_is_refused(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    for end in range(0, len(octets) - 1, 13):
        with pytest.raises(X1DecodeError):
            decode(vector, octets[:end])
    for more in (b"x", b"\x00", b"<a/>", octets):
        with pytest.raises(X1DecodeError):
            decode(vector, octets + more)


@pytest.mark.parametrize("vector", INVALID, ids=name)
def test_an_invalid_vector_is_refused_with_its_code(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    with pytest.raises(X1DecodeError):
        decode_request(octets)
    try:
        [message] = read_request(octets)
    except X1DecodeError as error:
        found = error
    else:
        assert isinstance(message, BadRequest)
        found = message.error
    assert found.code == vector["code"]
    assert "\n" not in found.what
    assert "001010000000001" not in str(found)


@pytest.mark.parametrize("vector", VALID, ids=name)
def test_any_octet_changed_is_refused_or_another_value(vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    for at in range(0, len(octets), 11):
        for new in (b"\x00", b"<", b"&", b"A"):
            try:
                decode(vector, octets[:at] + new + octets[at + 1 :])
            except X1DecodeError:
                continue
