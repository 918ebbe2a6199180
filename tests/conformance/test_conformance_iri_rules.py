"""The facts about the records of TS 33.128 against the tables that people read from its clauses."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from custodes.app.demo_capture import make_demo_capture
from custodes.wire.ber.schema import load_table
from custodes.wire.iri.presence import mandatory
from custodes.wire.iri.rules import CINRule, DirectionRule, EventRule, IRIType, rule_for
from custodes.wire.iri.schema import MODULE, schema, tables
from custodes.wire.x2x3.pdu import PayloadDirection
from poi_run import run

Row = dict[str, str]
CINS = {
    "CIN omitted": CINRule.OMITTED,
    "same CIN per": CINRule.SESSION,
    "new CIN per": CINRule.NEW,
    "CIN of the associated": CINRule.RELATED,
    "CIN of the other": CINRule.RELATED,
    "CIN of the triggering IRI, else omitted": CINRule.RELATED_IF_ANY,
    "CIN of the IRI that caused the retrieval": CINRule.RELATED_IF_ANY,
    "": CINRule.UNSPECIFIED,
}


@pytest.fixture(scope="module")
def read(shared: Path) -> Any:
    def rows(name: str) -> list[Row]:
        path = shared / "standards" / "3gpp" / f"ts33128_{name}.tsv"
        with path.open(encoding="utf-8") as lines:
            return list(csv.DictReader(lines, delimiter="\t"))

    return rows


def events() -> set[str]:
    """Those of the module that have a rule."""
    rules = {n for t in ("facts", "readings") for n in load_table("custodes.wire.iri", t)["events"]}
    choices = (schema().type(MODULE, name) for name in ("XIRIEvent", "IRIEvent"))
    known = {member.name for choice in choices for member in choice.members}  # type: ignore[attr-defined]
    return rules & known


def structures() -> dict[str, set[str]]:
    """SEQUENCE types of the module: their components."""
    types = tables()[0]["types"]
    return {
        name: {item[0] for item in spec["SEQUENCE"]}
        for name, spec in types.items()
        if isinstance(spec, dict) and "SEQUENCE" in spec
    }


def test_every_m_is_demanded_or_listed_with_a_reason(read: Any) -> None:
    listed = Counter(
        tuple(row[:3]) for row in load_table("custodes.wire.iri", "facts")["unchecked"]
    )
    components = structures()
    demanded = {(record, name) for record, names in mandatory().items() for name in names}
    seen = set()
    for row in read("presence"):
        where = row["clause"], row["record"], row["field"]
        key = row["asn1_record"], row["asn1_name"]
        if row["presence"] == "M" and key[1] in components.get(key[0], ()):
            assert key in demanded, where
            assert where not in listed, where
            seen.add(key)
        elif row["presence"] not in ("C", "O"):
            listed[where] -= 1
            assert listed[where] == 0, where
        else:
            assert key not in demanded, where
    assert seen == demanded, "nothing is demanded that no table demands"
    assert not any(listed.values())


def test_what_is_not_checked_says_why(read: Any) -> None:
    for clause, record, field, why in load_table("custodes.wire.iri", "facts")["unchecked"]:
        assert clause
        assert record
        assert field
        assert len(why) > 10
    notes = {row["note"] for row in read("presence") if row["presence"] not in ("M", "C", "O")}
    listed = {row[3] for row in load_table("custodes.wire.iri", "facts")["unchecked"]}
    assert notes <= listed


def test_iri_types_and_cins_are_the_tables(read: Any) -> None:
    found = set()
    for row in read("iri_types"):
        if not row["event"]:
            assert row["note"].startswith("not in module") or "." in row["record"], row
            continue
        rule = rule_for(row["event"])
        found.add(row["event"])
        assert rule.record == row["asn1_record"]
        assert rule.clause == row["clause"]
        types = tuple(IRIType[name] for name in row["iri_type"].split(" or ") if name)
        assert rule.iri_types == types, row
        starts = [cin for start, cin in CINS.items() if row["cin_rule"].startswith(start)]
        assert rule.cin is starts[0], row
    assert found == set(load_table("custodes.wire.iri", "facts")["events"])
    assert found <= events()


def test_directions_are_the_tables(read: Any) -> None:
    wanted: dict[str, set[str]] = {}
    for row in read("x2_directions"):
        if row["kind"] == "X2 direction" and row["record_or_procedure"] != "any record":
            wanted.setdefault(row["record_or_procedure"], set()).add(row["direction"][0])
    for event in events():
        rule = rule_for(event)
        values = wanted.pop(rule.record, None)
        if values is None:
            assert rule.direction is DirectionRule.INITIATOR, event
        else:
            allowed = {str(number) for number in range(6) if rule.direction.allows(number)}
            assert allowed == values, event
    assert not wanted, "each record with a direction of its own is an event"


def test_the_probe_sends_the_directions_that_the_rules_allow() -> None:
    records = run(make_demo_capture().capture).records
    assert {record.event[0] for record in records} == {"registration", "pDUSessionEstablishment"}
    for record in records:
        rule: EventRule = rule_for(record.event[0])
        assert rule.direction.allows(int(PayloadDirection[record.direction.name]))


def test_clauses_are_the_tables(read: Any) -> None:
    clauses: dict[str, set[str]] = {}
    for row in read("presence"):
        if row["asn1_record"] in schema().names(MODULE):
            clauses.setdefault(row["asn1_record"], set()).add(row["clause"])
    found = load_table("custodes.wire.iri", "facts")["clauses"]
    assert found.keys() == clauses.keys()
    assert all(found[name] in clauses[name] for name in found)
