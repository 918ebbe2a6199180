"""Location leaves a record at any depth, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from custodes.functions.mdf.location import (
    _LOCATION_FIELDS,
    RELEASED,
    UnjudgedError,
    without_location,
)
from custodes.wire.iri.payload import decode_iri, encode_iri
from custodes.wire.iri.rules import check_mandatory
from unit.wire import iri_records


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


@pytest.mark.parametrize("event", [iri_records.REGISTRATION, iri_records.ESTABLISHMENT])
def test_a_record_without_location_is_still_complete(event: tuple[str, dict[str, Any]]) -> None:
    name, value = event
    stripped = without_location(value)
    check_mandatory((name, stripped))
    _, decoded = decode_iri(encode_iri((name, stripped))).event
    assert decoded == stripped
    gone = set(value) - set(stripped)
    assert gone == {"location", "fiveGSTAIList"} & set(value)
    assert not names(decoded) & _LOCATION_FIELDS


def test_the_base_stations_end_of_a_tunnel_names_the_base_station() -> None:
    value = iri_records.ESTABLISHMENT[1]
    tunnels = value["gTPTunnelInfo"]["fiveGSGTPTunnels"]
    assert "dLRANTunnelInformation" in tunnels
    stripped = without_location(value)
    uplink = {"uLNGUUPTunnelInformation": tunnels["uLNGUUPTunnelInformation"]}
    assert stripped["gTPTunnelInfo"] == {"fiveGSGTPTunnels": uplink}


def names(value: Any) -> set[str]:
    """Every name of a field in a value, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    if isinstance(value, list | tuple):
        return set().union(*map(names, value))
    return set()


def test_a_location_update_is_not_released() -> None:
    assert "locationUpdate" not in RELEASED
    assert "registration" in RELEASED


def test_every_name_stands_in_the_published_module(shared: Path) -> None:
    module = (shared / "standards/etsi/asn1/TS33128Payloads.asn").read_text()
    assert [name for name in sorted(_LOCATION_FIELDS) if f" {name} " not in module] == []
    assert [name for name in sorted(RELEASED) if f" {name} " not in module] == []
