"""Clause and meaning of what the standards name. Facts from tables, words are ours."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from custodes.base.errors import EncodeError
from custodes.wire.ber.schema import load_table
from custodes.wire.iri.rules import rule_for


@cache
def _data(name: str) -> dict[str, Any]:
    text = (files("custodes.app.decode") / "data" / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _mandatory() -> dict[str, tuple[str, ...]]:
    table = load_table("custodes.wire.iri", "facts")["mandatory"]
    return {record: tuple(names) for record, names in table.items()}


def mandatory(record: str) -> tuple[str, ...]:
    """M column of a record or structure of TS 33.128."""
    return _mandatory().get(record, ())


def where(record_name: str) -> str:
    """Clause of its table, with a space before it, or nothing."""
    clause = _data("ts33128")["clauses"].get(record_name)
    return f" {clause}" if clause else ""


@cache
def record(name: str) -> str:
    """Note for a structure that has a table of its own."""
    clause = where(name)
    return f"TS 33.128{clause}" if clause else ""


@cache
def event(name: str) -> str:
    """What an event is, and what the IRI made of it must be."""
    said: str = _data("ts33128")["events"].get(name, "")
    try:
        rule = rule_for(name)
    except EncodeError:
        return said
    kind = f"IRI type {rule.iri_type.name}" if rule.iri_type else ""
    clause = f"TS 33.128{where(rule.record) or ' ' + rule.clause}"
    return "; ".join(part for part in (clause, said, kind) if part)


def payload(name: str) -> str:
    return str(_data("ts33128")["payloads"].get(name, ""))


def handover(field: str) -> str:
    """A field of the PS-PDU."""
    return str(_data("pspdu").get(field, ""))


def x1_message(name: str) -> str:
    return str(_data("x1")["messages"].get(name, ""))


def x1_field(name: str) -> str:
    return str(_data("x1")["fields"].get(name, ""))


@cache
def x2x3(group: str, number: int | str) -> tuple[str, str]:
    """(name, clause and meaning) of a header field, type, direction, format or attribute."""
    name, note = _data("x2x3")[group].get(str(number), ("", ""))
    return name, note
