"""Every field that a payload or a PS-PDU can have has a meaning, and nothing else has."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from custodes.app.decode import meaning
from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.member import Member
from custodes.wire.ber.node import Node
from custodes.wire.ber.raw import Raw
from custodes.wire.handover import schema as handover
from custodes.wire.iri import schema as iri

PAYLOADS = ("XIRIPayload", "IRIPayload", "CCPayload", "LINotificationPayload")
FOLDER = "src/custodes/app/decode/data"
LONGEST = 90
DATA = files("custodes.app.decode") / "data"


@cache
def read(family: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{family}.json").read_text(encoding="utf-8"))
    return found


def collect(node: Node, seen: dict[int, tuple[str, tuple[str, ...]]], entries: set[str]) -> None:
    """Every SEQUENCE and CHOICE from ``node`` on: name and fields, by identity of the type."""
    if isinstance(node, ListNode):
        if isinstance(node.item.node, SequenceNode):
            entries.add(node.item.node.name)
        collect(node.item.node, seen, entries)
    elif isinstance(node, SequenceNode | ChoiceNode) and id(node) not in seen:
        seen[id(node)] = node.name, tuple(member.name for member in node.members)
        for member in node.members:
            collect(member.node, seen, entries)


@cache
def reachable() -> tuple[dict[int, tuple[str, tuple[str, ...]]], set[str]]:
    seen: dict[int, tuple[str, tuple[str, ...]]] = {}
    entries: set[str] = set()
    for name in PAYLOADS:
        collect(iri.schema().type(iri.MODULE, name), seen, entries)
    collect(handover.schema().type(handover.MODULE, "PS-PDU"), seen, entries)
    return seen, entries


def structures() -> list[tuple[str, tuple[str, ...]]]:
    return list(reachable()[0].values())


def events() -> set[str]:
    named = [fields for name, fields in structures() if name in meaning.EVENT_CHOICES]
    return {field for fields in named for field in fields}


def others() -> list[tuple[str, tuple[str, ...]]]:
    return [item for item in structures() if item[0] not in meaning.EVENT_CHOICES]


def sentences() -> list[tuple[str, str, str]]:
    """(file, place in it, meaning) of everything that is written."""
    found = []
    for family in meaning.families():
        data = read(family)
        for owner, fields in data.get("types", {}).items():
            found += [(family, f"{owner}.{name}", said) for name, said in fields.items()]
        for key in ("fields", "events"):
            found += [(family, f"{key}.{name}", said) for name, said in data.get(key, {}).items()]
    return found


def test_the_walk_finds_the_modules() -> None:
    names = {name for name, _ in structures()}
    assert len(names) > 500
    assert {"AMFRegistration", "LALSReport", "PSHeader", "IntegrityCheck"} <= names
    assert len(events()) > 180


def test_every_field_has_a_meaning() -> None:
    lacking = [
        f"{name}.{field}: no meaning; write it in {FOLDER}/meanings or {FOLDER}/pspdu.json"
        for name, fields in others()
        for field in fields
        if not meaning.field(name, field)
    ]
    assert not lacking, "\n".join(lacking)


def test_every_event_has_a_meaning() -> None:
    told = read("meanings/ts33128-events")["events"]
    edit = f"edit {FOLDER}/meanings/ts33128-events.json"
    lacking = sorted(events() - set(told))
    assert not lacking, f"{lacking} have no meaning: {edit}"
    assert not set(told) - events(), f"{set(told) - events()} are no events: {edit}"
    assert all(told[name] in meaning.event(name) for name in told)


def test_every_entry_of_a_list_says_what_it_is() -> None:
    """A list shows its entries as [0], [1]: the type is all that can name them."""
    own = {"IRIPayload", "CCPayload"}  # of LI-PS-PDU: TS 33.128 has others of the same name
    lacking = sorted(name for name in reachable()[1] - own if not meaning.structure(name))
    assert not lacking, f'{lacking} lack a meaning for "" in {FOLDER}/meanings'


def test_no_meaning_is_of_something_that_does_not_exist() -> None:
    fields: dict[str, set[str]] = {}
    for name, names in structures():
        fields.setdefault(name, set()).update(names)
    for family in meaning.families():
        for name, told in read(family).get("types", {}).items():
            assert name in fields, f"{family}: no type {name}"
            unknown = set(told) - fields[name] - {""}
            assert not unknown, f"{family}: {name} has no {unknown}"


def test_no_fall_back_is_idle_or_told_twice() -> None:
    typed: dict[str, set[str]] = {}
    told: dict[str, str] = {}
    for family in meaning.families():
        for name, fields in read(family).get("types", {}).items():
            typed.setdefault(name, set()).update(fields)
        for name in read(family).get("fields", {}):
            assert name not in told, f"{name} stands in {family} and {told[name]}"
            told[name] = family
    used = {
        field for name, fields in others() for field in fields if field not in typed.get(name, ())
    }
    idle = {f"{told[name]}: {name}" for name in set(told) - used}
    assert not idle, f"no field needs {idle}"


def test_a_type_is_told_once_in_each_module() -> None:
    """Where two modules have a type of one name, their fields must not be told apart by it."""
    seen: dict[tuple[str, str], str] = {}
    for family in meaning.families():
        for name, fields in read(family).get("types", {}).items():
            for field in fields:
                other = seen.setdefault((name, field), family)
                assert other == family, f"{name}.{field} stands in {family} and {other}"


def test_a_meaning_is_a_short_phrase() -> None:
    for family, place, said in sentences():
        assert said.strip() == said, f"{family}: {place} has blanks around it"
        assert said, f"{family}: {place} is empty"
        assert len(said) <= LONGEST, f"{family}: {place} has {len(said)} characters"
        assert said.isprintable(), f"{family}: {place} cannot be printed"
        assert not said.endswith("."), f"{family}: {place} is no sentence"


def test_the_type_goes_before_the_fall_back() -> None:
    assert meaning.field("GPSI", "mSISDN") == meaning.field("EPSSubscriberIDs", "mSISDN")
    own = meaning.field("FTEID", "iPv4Address")
    assert "endpoint" in own
    assert own != meaning.field("UEEndpointAddress", "iPv4Address")
    assert meaning.field("FTEID", "nobodyHasThis") == ""


def test_two_modules_may_have_a_type_of_one_name() -> None:
    assert "object identifier" in meaning.field("IRIPayload", "iRIPayloadOID")
    assert "5.2.10" in meaning.field("IRIPayload", "iRIType")
    assert meaning.structure("IRIPayload").startswith("TS 33.128")


NAS = Member("eMMCause", 1, Raw(), 0)


def test_the_note_of_a_leaf_is_its_meaning() -> None:
    said = meaning.field("MMEFailureCause", "eMMCause")
    assert meaning.note("MMEFailureCause", NAS) == said


def test_the_note_of_an_alternative_begins_with_that_of_the_choice() -> None:
    noted = meaning.note("MMEFailureCause", NAS, "why it failed")
    assert noted == f"why it failed; {meaning.field('MMEFailureCause', 'eMMCause')}"


@pytest.mark.parametrize("owner", sorted(meaning.EVENT_CHOICES))
def test_an_event_has_its_meaning_once(owner: str) -> None:
    """At the event; the record below it has the clause of its table."""
    node = iri.schema().type(iri.MODULE, "AMFRegistration")
    noted = meaning.note(owner, Member("registration", 1, node, 0), "what happened")
    assert noted == "TS 33.128 6.2.2.2.2"
    assert "registered" in meaning.event("registration")


def test_a_structure_has_its_clause_before_its_meaning() -> None:
    node = iri.schema().type(iri.MODULE, "TAI")
    noted = meaning.note("NRLocation", Member("tAI", 1, node, 0))
    assert noted == "TS 33.128 7.3.3.2.23; tracking area"
    assert meaning.record("TAI") == "TS 33.128 7.3.3.2.23; a tracking area"
