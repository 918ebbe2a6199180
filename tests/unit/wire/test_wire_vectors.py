"""Every vector of every interface: whole, octet by octet, and with trailing data."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from vector_families import FAMILIES, Family, Streamed
from wire_vectors import VECTORS, load

Case = tuple[str, dict[str, Any]]

FILES = sorted(file.name for file in VECTORS.glob("*.json") if file.name != "schema.json")
CASES = [(name.split("_")[0], vector) for name in FILES for vector in load(name)]


def cases(valid: bool, streamed: bool | None = None) -> Any:
    chosen = [
        pytest.param(FAMILIES[family], vector, id=f"{family}-{vector['name']}")
        for family, vector in CASES
        if vector["valid"] is valid and streamed in (None, isinstance(FAMILIES[family], Streamed))
    ]
    return pytest.mark.parametrize(("family", "vector"), chosen)


def octets_of(vector: dict[str, Any]) -> bytes:
    return bytes.fromhex(vector["hex"])


def test_no_vector_is_left_out() -> None:
    assert {family for family, _ in CASES} == set(FAMILIES)
    for family in FAMILIES:
        assert {vector["valid"] for name, vector in CASES if name == family} == {True, False}


def test_every_vector_says_who_made_and_who_verified_it_or_is_a_freeze() -> None:
    for _, vector in CASES:
        freeze = vector["verified_by"] is None
        assert freeze or vector["made_by"].lower() != vector["verified_by"].lower(), vector["name"]


@cases(valid=True)
def test_whole(family: Family, vector: dict[str, Any]) -> None:
    value = family.decode(vector, octets_of(vector))
    assert family.as_json(value, vector["value"]) == vector["value"]


@cases(valid=True, streamed=True)
def test_written_again(family: Family, vector: dict[str, Any]) -> None:
    octets = octets_of(vector)
    again = family.write(vector, family.decode(vector, octets))
    assert (again == octets) is vector.get("canonical", True)


@cases(valid=True, streamed=True)
def test_octet_by_octet(family: Streamed, vector: dict[str, Any]) -> None:
    octets = octets_of(vector)
    value, stream = family.decode(vector, octets), family.stream(vector)
    for at in range(len(octets) - 1):
        assert stream.feed(octets[at : at + 1]) == []
        assert stream.pending == at + 1
    assert stream.feed(octets[-1:]) == [value]
    assert stream.pending == 0


@cases(valid=True, streamed=True)
def test_what_follows_stays_in_the_stream(family: Streamed, vector: dict[str, Any]) -> None:
    octets = octets_of(vector)
    value, stream = family.decode(vector, octets), family.stream(vector)
    assert stream.feed(octets + octets[:1]) == [value]
    assert stream.pending == 1
    assert stream.feed(octets[1:] + octets + octets[:-1]) == [value, value]
    assert stream.pending == len(octets) - 1
    assert stream.feed(octets[-1:]) == [value]


@cases(valid=True)
def test_a_part_is_refused(family: Family, vector: dict[str, Any]) -> None:
    """X1 has no stream: its octets one by one are its beginnings, refused up to the last."""
    octets = octets_of(vector).rstrip()
    octets = octets if octets.endswith(b">") and octets.startswith(b"<") else octets_of(vector)
    for end in range(len(octets)):
        with pytest.raises(family.error):
            family.decode(vector, octets[:end])


@cases(valid=True)
def test_trailing_data_is_refused(family: Family, vector: dict[str, Any]) -> None:
    octets = octets_of(vector)
    for more in (b"x", b"\0", b"\0\0", b"<a/>", octets[:1], octets):
        with pytest.raises(family.error):
            family.decode(vector, octets + more)


@cases(valid=False)
def test_the_invalid_is_refused(family: Family, vector: dict[str, Any]) -> None:
    error = family.refusal(vector, octets_of(vector))
    assert isinstance(error, family.error)
    assert vector.get("error", "") in str(error)
    assert vector.get("code") == getattr(error, "code", None)
    assert "\n" not in str(error)


@cases(valid=False, streamed=True)
def test_the_invalid_octet_by_octet(family: Streamed, vector: dict[str, Any]) -> None:
    """Refused at some octet, or something that is not whole is left where the stream ends."""
    octets, stream = octets_of(vector), family.stream(vector)
    refused = False
    with suppress(family.error):
        refused = True
        for at in range(len(octets)):
            stream.feed(octets[at : at + 1])
        refused = False
    assert refused or stream.pending or not octets
