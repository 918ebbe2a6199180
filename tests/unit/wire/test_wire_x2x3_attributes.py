"""The table of attributes: complete, and the same in both directions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from custodes.wire.x2x3 import attributes
from custodes.wire.x2x3.attributes import Attribute
from custodes.wire.x2x3.attributes.table import BY_TYPE, CLASSES, check, octets_by_type
from custodes.wire.x2x3.errors import X2X3DecodeError

VECTORS = Path(__file__).resolve().parents[3] / "vectors"


def test_every_number_of_the_vectors_has_one_class_with_a_name_and_a_meaning() -> None:
    """A class is found where it is defined; the vectors say which there are to be."""
    vectors = json.loads((VECTORS / "x2x3_valid.json").read_text())
    lone = {int(n) for v in vectors if (n := v["name"].removeprefix("attribute-")).isdigit()}
    assert set(BY_TYPE) == lone
    assert len(CLASSES) == len(BY_TYPE)
    for kind in CLASSES:
        assert kind.NAME
        assert kind.NOTE.startswith(f"TS 103 221-2 5.3.{kind.TYPE + 1}, ")
        assert len(kind.NOTE) <= 90


@pytest.mark.parametrize("kind", CLASSES, ids=lambda k: k.__name__)
def test_check_refuses_what_from_octets_refuses(kind: type[Attribute]) -> None:
    """A list is checked when it arrives and decoded later: both must agree on every length."""
    for length in range(40):
        value = bytes(length)
        octets = int(kind.TYPE).to_bytes(2, "big") + length.to_bytes(2, "big") + value
        try:
            check(octets, 0, len(octets))
        except X2X3DecodeError:
            with pytest.raises(X2X3DecodeError):
                kind.from_octets(value)
        else:
            assert kind.from_octets(value).to_octets() == value


def test_the_first_of_each_type_is_found_undecoded() -> None:
    octets = b"\0\x08\0\1a" + b"\0\x07\0\0" + b"\0\x08\0\1b"
    assert octets_by_type(octets) == {8: b"a", 7: b""}


def test_attributes_of_different_types_are_never_equal() -> None:
    assert attributes.SourcePort(1) != attributes.DestinationPort(1)


def test_a_session_description_is_text_that_is_not_printed() -> None:
    """Clause 5.3.23: attribute 22."""
    found = BY_TYPE[22].from_octets(b"v=0\r\nc=IN IP4 192.0.2.1\r\n")
    assert found.to_octets() == b"v=0\r\nc=IN IP4 192.0.2.1\r\n"
    assert "192.0.2.1" not in repr(found)
    with pytest.raises(X2X3DecodeError):
        BY_TYPE[22].from_octets(b"\xff")
