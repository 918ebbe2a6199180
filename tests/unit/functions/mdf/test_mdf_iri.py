"""Every event that an element may send is mediated, or refused for one reason that is counted."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from mdf_scene import REGISTRATION, SOURCES, START, A, Clock, X, x2

from custodes.base.errors import EncodeError
from custodes.base.ids import CIN
from custodes.functions.mdf import iri
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.functions.mdf.tasks import Entry
from custodes.model.period import Period
from custodes.wire.handover.iri import IRIItem
from custodes.wire.iri.payload import decode_iri, decode_xiri
from custodes.wire.iri.rules import CINRule, IRIType, rule_for
from custodes.wire.x2x3.pdu import PDU

VECTORS = Path(__file__).resolve().parents[4] / "vectors" / "iri_events_valid.json"
OCTETS: dict[str, bytes] = {
    vector["value"]["event"][0]: bytes.fromhex(vector["hex"])
    for vector in json.loads(VECTORS.read_text(encoding="utf-8"))
}
NEVER_AN_IRI = {"n9HRPDUSessionInfo", "s8HRBearerInfo", "iPIRIPacketReport"}


def pdu(event: str, correlation: int = 77) -> PDU:
    return x2(payload=OCTETS[event], correlation_id=correlation, attributes=())


def mediated(record: iri.Record) -> IRIItem:
    clock = Clock()
    period = Period.begin(START, START + timedelta(seconds=60), clock)
    payload = iri.payload_for(record, Entry(X, A, period, (), True, (), SOURCES))
    item = payload.items[0]
    assert isinstance(item, IRIItem)
    return item


@pytest.mark.parametrize("event", sorted(OCTETS.keys() - NEVER_AN_IRI))
def test_an_event_becomes_an_iri_of_its_own_type(event: str) -> None:
    record = iri.read(pdu(event))
    item = mediated(record)
    assert item.type is rule_for(event).sent
    assert decode_iri(item.contents[1]).event == decode_xiri(OCTETS[event]).event


@pytest.mark.parametrize("event", sorted(NEVER_AN_IRI))
def test_an_event_that_no_iri_has_is_refused_with_the_reason(event: str) -> None:
    with pytest.raises(RefusedProductError, match="never an IRI") as caught:
        iri.read(pdu(event))
    assert caught.value.reason is Reason.UNKNOWN_EVENT
    assert rule_for(event).why in caught.value.what


def test_an_event_without_rules_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_event: str) -> Any:
        raise EncodeError("no rules")

    monkeypatch.setattr("custodes.functions.mdf.iri.rule_for", none)
    with pytest.raises(RefusedProductError) as caught:
        iri.read(x2(REGISTRATION))
    assert caught.value.reason is Reason.UNKNOWN_EVENT


@pytest.mark.parametrize("event", ["mMSSend", "pTCSessionStart", "lALSReport"])
def test_where_the_clause_gives_no_type_the_iri_has_none(event: str) -> None:
    assert mediated(iri.read(pdu(event))).type is None


def test_where_the_clause_gives_two_types_the_first_is_sent() -> None:
    item = mediated(iri.read(pdu("nEFUnsuccessfulProcedure")))
    assert item.type is IRIType.REPORT


def test_a_condition_of_the_clause_is_asked_for_too(monkeypatch: pytest.MonkeyPatch) -> None:
    name, value = decode_xiri(OCTETS["lALSReport"]).event
    monkeypatch.setattr("custodes.wire.iri.xiri.check_mandatory", lambda _event: None)
    lacking = {"location": value["location"]} if "location" in value else {}
    with pytest.raises(RefusedProductError, match="sUPI/gPSI/iMSI") as caught:
        iri.read(x2((name, lacking)))
    assert caught.value.reason is Reason.MANDATORY_MISSING


def session(correlation: int) -> CIN:
    return CIN(1000 + correlation)


def new() -> CIN:
    return CIN(1)


# Event; the CIN of its IRI where the xIRI names a correlation, and where it names none.
CINS: dict[str, tuple[int | None, int | None]] = {
    "registration": (None, None),
    "sMSMessage": (1077, 1),
    "lALSReport": (1077, None),
    "mMSSend": (1077, None),
}


@pytest.mark.parametrize("event", CINS)
def test_the_cin_follows_the_rule(event: str) -> None:
    for correlation, expected in zip((77, 0), CINS[event], strict=True):
        found = iri.cin_for(iri.read(pdu(event, correlation)), session, new)
        assert (found and found.value) == expected


@pytest.mark.parametrize(
    "event", [e for e in OCTETS if rule_for(e).cin in (CINRule.SESSION, CINRule.RELATED)]
)
def test_a_session_that_is_not_named_is_refused(event: str) -> None:
    with pytest.raises(RefusedProductError) as caught:
        iri.read(pdu(event, 0))
    assert caught.value.reason is Reason.NO_CORRELATION
    assert iri.cin_for(iri.read(pdu(event)), session, new) == CIN(1077)


@pytest.mark.parametrize(("direction", "expected"), [(2, True), (3, True), (1, False), (5, False)])
def test_the_direction_is_held_against_the_events_own(direction: int, expected: bool) -> None:
    one = x2(payload_direction=direction)
    assert iri.read(one).expected_direction is expected
