"""Clause and meaning of what the standards name. Facts from tables, words are ours.

``data/meanings`` is TS 33.128 by family, ``data/pspdu.json`` the envelope, ``data/x1.json`` and
``data/x2x3.json`` their interfaces. A meaning is one phrase of at most 90 characters.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from custodes.base.errors import EncodeError
from custodes.wire.ber.constructed import ChoiceNode, SequenceNode
from custodes.wire.ber.member import Member
from custodes.wire.ber.schema import load_table
from custodes.wire.iri.rules import rule_for
from custodes.wire.x2x3.attributes.table import BY_TYPE

_DATA = files("custodes.app.decode") / "data"
EVENT_CHOICES = frozenset({"XIRIEvent", "IRIEvent"})
"""Their alternatives are events: what one means stands once, at the event."""
_NOTHING: Mapping[str, str] = {}


@cache
def _data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def families() -> tuple[str, ...]:
    """Names of the files that hold types and fields in BER."""
    names = (entry.name for entry in (_DATA / "meanings").iterdir())
    found = sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))
    return (*(f"meanings/{name}" for name in found), "pspdu")


@cache
def _types() -> dict[str, ChainMap[str, str]]:
    """Meanings by type and field; "" is the type itself. Modules may share a type's name: what
    two of them say of it stands side by side."""
    found: dict[str, ChainMap[str, str]] = {}
    for family in families():
        for name, meanings in _data(family).get("types", {}).items():
            found[name] = ChainMap(meanings, *found[name].maps if name in found else ())
    return found


@cache
def _fields() -> dict[str, str]:
    """Meanings of fields that are the same in whatever type they stand."""
    return {
        name: said
        for family in families()
        for name, said in _data(family).get("fields", {}).items()
    }


@cache
def _mandatory() -> dict[str, tuple[str, ...]]:
    table = load_table("custodes.wire.iri", "facts")["mandatory"]
    return {record: tuple(names) for record, names in table.items()}


def mandatory(record: str) -> tuple[str, ...]:
    """M column of a record or structure of TS 33.128."""
    return _mandatory().get(record, ())


@cache
def _clauses() -> dict[str, str]:
    found: dict[str, str] = load_table("custodes.wire.iri", "facts")["clauses"]
    return found


def where(record_name: str) -> str:
    """Clause of its table, with a space before it, or nothing."""
    clause = _clauses().get(record_name)
    return f" {clause}" if clause else ""


def _clause(name: str) -> str:
    clause = where(name)
    return f"TS 33.128{clause}" if clause else ""


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def structure(name: str) -> str:
    """What a SEQUENCE or CHOICE is."""
    return _types().get(name, _NOTHING).get("", "")


@cache
def record(name: str) -> str:
    """Note for a structure: the clause of its table, and what it is."""
    return _joined(_clause(name), structure(name))


def field(type_name: str, field_name: str) -> str:
    """What a field is: as its type says, else as it is everywhere."""
    said = _types().get(type_name, _NOTHING).get(field_name)
    return _fields().get(field_name, "") if said is None else said


def note(owner: str, member: Member, above: str = "") -> str:
    """Note for a component of ``owner``; ``above`` is that of the CHOICE it is taken from, which
    is shown on one line with it."""
    node = member.node
    of = node.name if isinstance(node, SequenceNode | ChoiceNode) else ""
    return _note(owner, member.name, of, above)


@cache
def _note(owner: str, field_name: str, of: str, above: str) -> str:
    if owner in EVENT_CHOICES:
        return _clause(of)
    return _joined(_clause(of), above, field(owner, field_name))


@cache
def event(name: str) -> str:
    """What an event is, and what the IRI made of it must be."""
    said: str = _data("meanings/ts33128-events")["events"].get(name, "")
    try:
        rule = rule_for(name)
    except EncodeError:
        return said
    kind = f"IRI type {rule.iri_type.name}" if rule.iri_type else ""
    clause = f"TS 33.128{where(rule.record) or ' ' + rule.clause}"
    return _joined(clause, said, kind)


def payload(name: str) -> str:
    """A payload of TS 33.128 as a whole."""
    return structure(name)


def handover(name: str) -> str:
    """A structure of the PS-PDU; its fields have their notes from ``note``."""
    return str(_data("pspdu")["types"].get(name, {}).get("", ""))


def x1_message(name: str) -> str:
    """A message, or a type that xsi:type names."""
    data = _data("x1")
    return str(data["messages"].get(name) or data["types"].get(name, ""))


def x1_field(name: str) -> str:
    return str(_data("x1")["fields"].get(name, ""))


@cache
def x2x3(group: str, number: int | str) -> tuple[str, str]:
    """(name, clause and meaning) of a header field, type, direction, format or attribute."""
    if group == "attributes":
        known = BY_TYPE.get(int(number))
        return ("", "") if known is None else (known.NAME, known.NOTE)
    name, said = _data("x2x3")[group].get(str(number), ("", ""))
    return name, said
