"""Mandatory fields and conditions: the tables themselves, and a few records by hand."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from iri_records import ESTABLISHMENT

from custodes.base.errors import EncodeError
from custodes.wire.ber.schema import load_table
from custodes.wire.iri.presence import Condition, conditions, mandatory
from custodes.wire.iri.rules import check_mandatory, rule_for
from custodes.wire.iri.schema import MODULE, schema, tables

IMSI = "001010000000001"


def types() -> dict[str, Any]:
    found: dict[str, Any] = tables()[0]["types"]
    return found


def test_what_is_demanded_are_fields_of_structures_of_the_module() -> None:
    known = types()
    assert len(mandatory()) > 290
    for record, names in mandatory().items():
        assert record in schema().names(MODULE), record
        assert set(names) <= {item[0] for item in known[record]["SEQUENCE"]}, record


def test_no_two_modules_have_a_structure_of_one_name() -> None:
    """Mandatory fields are looked up by the name of the structure alone."""
    checked = set(mandatory()) | set(conditions())
    assert tables()[0]["module"] == MODULE
    for table in tables()[1:]:
        structures = {name for name, spec in table["types"].items() if "SEQUENCE" in spec}
        assert not checked & structures


def test_conditions_are_about_optional_fields_and_say_where_they_stand() -> None:
    assert sum(map(len, conditions().values())) == 13
    for record, entries in conditions().items():
        items = {item[0]: item[3] for item in types()[record]["SEQUENCE"]}
        for condition in entries:
            assert len(condition.fields) > 1
            assert 1 <= condition.least <= (condition.most or len(condition.fields))
            assert condition.where.startswith(f"table {condition.clause}-")
            for name in condition.fields:
                assert items[name] == 1, (record, name)
                assert name not in mandatory().get(record, ())


def test_readings_give_an_event_only_what_no_table_gives() -> None:
    facts, read = (load_table("custodes.wire.iri", name) for name in ("facts", "readings"))
    for event, entry in read["events"].items():
        assert facts["events"].get(event, ["", ""])[1] == "", event
        assert entry[4] in read["reasons"]
    assert set(read["reasons"]) == {entry[4] for entry in read["events"].values()}
    open_ = {event for event, entry in facts["events"].items() if not entry[1]}
    assert open_ <= set(read["events"])


def test_a_rule_names_the_record_that_the_module_has_there() -> None:
    read = load_table("custodes.wire.iri", "readings")["events"]
    facts = load_table("custodes.wire.iri", "facts")["events"]
    kinds = {i[0]: i[2] for c in ("XIRIEvent", "IRIEvent") for i in types()[c]["CHOICE"]}
    for event in {*read, *facts}:
        assert rule_for(event).record == kinds[event].rpartition(".")[2], event


def test_a_session_needs_one_identity() -> None:
    name, record = deepcopy(ESTABLISHMENT)
    for identity in ("sUPI", "pEI", "gPSI"):
        check_mandatory((name, record))
        del record[identity]
    with pytest.raises(EncodeError, match=r"one of sUPI/pEI/gPSI \(6\.2\.3\.2\.2\)") as caught:
        check_mandatory((name, record))
    assert IMSI not in str(caught.value)


def test_a_location_report_has_one_identity_and_not_two() -> None:
    check_mandatory(("lALSReport", {"iMSI": IMSI}))
    with pytest.raises(EncodeError, match="only one of sUPI/gPSI") as caught:
        check_mandatory(("lALSReport", {"iMSI": IMSI, "sUPI": ("iMSI", IMSI)}))
    assert IMSI not in str(caught.value)


def test_a_condition_inside_a_record_is_found() -> None:
    record = {
        "originatingSMSParty": {},
        "terminatingSMSParty": {"sMSAddress": b"\x91\x21"},
        "direction": "fromTarget",
        "linkTransferStatus": "transferSucceeded",
    }
    with pytest.raises(EncodeError) as caught:
        check_mandatory(("sMSMessage", record))
    assert "sMSMessage.originatingSMSParty: one of sUPI/pEI/gPSI/sMSAddress" in caught.value.what
    assert "terminatingSMSParty" not in caught.value.what


@pytest.mark.parametrize(
    ("value", "breach"),
    [({}, "one of a/b"), ({"a": 0}, None), ({"b": 0}, None), ({"a": 0, "b": 0}, "only one of a/b")],
)
def test_a_condition_counts(value: dict[str, int], breach: str | None) -> None:
    assert Condition(("a", "b"), 1, 1, "1", "").breach(value) == breach
    if len(value) == 2:
        assert Condition(("a", "b"), 1, None, "1", "").breach(value) is None
