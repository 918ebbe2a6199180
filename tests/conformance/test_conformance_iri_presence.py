"""No field that TS 33.128 demands can be left out of any record unnoticed."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from iri_whole import records, shown, whole

from custodes.base.errors import EncodeError
from custodes.wire.ber.node import Node
from custodes.wire.iri.payload import decode_xiri, encode_xiri
from custodes.wire.iri.presence import conditions, mandatory, missing
from custodes.wire.iri.rules import check_mandatory
from custodes.wire.iri.schema import MODULE, schema


def alternatives(choice: str) -> dict[str, Node]:
    node = schema().type(MODULE, choice)
    return {member.name: member.node for member in node.members}  # type: ignore[attr-defined]


EVENTS = alternatives("XIRIEvent") | alternatives("IRIEvent")


@pytest.mark.parametrize("event", EVENTS)
def test_a_record_that_lacks_nothing_is_sent_and_read_back(event: str) -> None:
    for seed in range(3):
        record = (event, whole(EVENTS[event], Random(f"{event}/{seed}")))
        check_mandatory(record)
        if event in alternatives("XIRIEvent"):
            assert decode_xiri(encode_xiri(record)).event == record


@pytest.mark.parametrize("event", EVENTS)
def test_each_mandatory_field_of_an_event_is_missed_by_name(event: str) -> None:
    value = whole(EVENTS[event], Random(f"{event}/mutated"))
    for record, fields, path in records(EVENTS[event], value):
        for name in mandatory().get(record, ()):
            kept = fields.pop(name)
            with pytest.raises(EncodeError) as caught:
                check_mandatory((event, value))
            lacking = f"{event}{shown((*path, name))}"
            assert caught.value.what == f"mandatory fields are missing: {lacking}"
            fields[name] = kept
    check_mandatory((event, value))


@pytest.mark.parametrize("record", sorted(mandatory()))
def test_each_mandatory_field_of_a_structure_is_missed_by_name(record: str) -> None:
    node = schema().type(MODULE, record)
    value = whole(node, Random(record))
    assert not list(missing(node, value, record))
    for name in mandatory()[record]:
        less = {key: inner for key, inner in value.items() if key != name}
        assert list(missing(node, less, record)) == [f"{record}.{name}"]


@pytest.mark.parametrize("record", sorted(conditions()))
def test_each_condition_is_missed(record: str) -> None:
    node = schema().type(MODULE, record)
    for condition in conditions()[record]:
        for kept in ((), *((name,) for name in condition.fields), condition.fields):
            value = of(node, record, condition.fields, kept)
            found = list(missing(node, value, record))
            too_few = len(kept) < condition.least
            too_many = condition.most is not None and len(kept) > condition.most
            assert len(found) == (too_few or too_many), (kept, found)
            assert all(condition.clause in what for what in found)
            assert not any(name not in found[0] for name in condition.fields if found)


def of(node: Any, record: str, fields: tuple[str, ...], kept: tuple[str, ...]) -> dict[str, Any]:
    """A value with ``kept`` of ``fields`` only."""
    random = Random(record)
    value = {k: v for k, v in whole(node, random).items() if k not in fields}
    for member in node.members:
        if member.name in kept:
            value[member.name] = whole(member.node, random)
    return value
