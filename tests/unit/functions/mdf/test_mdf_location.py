"""Location leaves a record at any depth, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from custodes.functions.mdf.location import (
    _LOCATION_FIELDS,
    RELEASED,
    UnjudgedError,
    without_location,
)


def test_location_leaves_at_any_depth() -> None:
    value = {
        "registrationType": "initial",
        "location": {"locationInfo": {"userLocation": {"nRLocation": {}}}},
        "list": [{"tAI": 1, "keep": 2}],
        "choice": ("alternative", {"nCGI": 1, "keep": (1, 2, 3)}),
        "octets": b"\x01",
    }
    assert without_location(value) == {
        "registrationType": "initial",
        "list": [{"keep": 2}],
        "choice": ("alternative", {"keep": (1, 2, 3)}),
        "octets": b"\x01",
    }
    assert "location" in value


def test_what_is_not_known_leaves_or_stops_the_record() -> None:
    assert without_location({"a": 1, "_unknown": [("a", b"\x9f\x50\x00")]}) == {"a": 1}
    with pytest.raises(UnjudgedError):
        without_location({"a": ("_unknown", b"\x9f\x50\x00")})


def test_a_location_update_is_not_released() -> None:
    assert "locationUpdate" not in RELEASED
    assert "registration" in RELEASED


def test_every_name_stands_in_the_published_module(shared: Path) -> None:
    module = (shared / "standards/etsi/asn1/TS33128Payloads.asn").read_text()
    assert [name for name in sorted(_LOCATION_FIELDS) if f" {name} " not in module] == []
    assert [name for name in sorted(RELEASED) if f" {name} " not in module] == []
