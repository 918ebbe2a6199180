"""What an order that joins is told of what began before it."""

from __future__ import annotations

from typing import Any

import pytest
from mdf_scene import ESTABLISHMENT, NS, REGISTRATION, X, x2

from custodes.base.ids import XID
from custodes.functions.mdf import iri
from custodes.functions.mdf.standing import Standing, Stood
from custodes.wire.iri.rules import check_mandatory
from custodes.wire.iri.times import to_ns

OTHER = XID(X.value.__class__(int=99))
SUPI = REGISTRATION[1]["sUPI"]
RELEASE: tuple[str, Any] = (
    "pDUSessionRelease",
    {"sUPI": SUPI, "pDUSessionID": 1},
)
DEREGISTRATION: tuple[str, Any] = (
    "deregistration",
    {
        "deregistrationDirection": "uEInitiated",
        "accessType": "threeGPPAccess",
        "sUPI": SUPI,
        "gUTI": REGISTRATION[1]["gUTI"],
    },
)


def stood(event: tuple[str, Any], correlation: int = 77, ns: int = NS) -> Stood:
    pdu = x2(event, correlation_id=0 if "egistration" in event[0] else correlation)
    return Stood(iri.read(pdu), pdu, ns)


def names(standing: Standing, xid: XID = X) -> list[str]:
    return [s.record.rule.event for s in standing.starts(xid)]


def test_nothing_known_nothing_told() -> None:
    assert names(Standing()) == []


def test_a_registration_and_each_session_up_are_told() -> None:
    standing = Standing()
    standing.take(X, stood(REGISTRATION))
    standing.take(X, stood(ESTABLISHMENT, 77))
    standing.take(X, stood(ESTABLISHMENT, 78))
    assert names(standing) == [
        "startOfInterceptionWithRegisteredUE",
        "startOfInterceptionWithEstablishedPDUSession",
        "startOfInterceptionWithEstablishedPDUSession",
    ]
    assert names(standing, OTHER) == []


@pytest.mark.parametrize("event", [REGISTRATION, ESTABLISHMENT])
def test_the_record_is_complete_says_when_it_began_and_not_where(event: tuple[str, Any]) -> None:
    standing = Standing()
    standing.take(X, stood(event))
    (start,) = standing.starts(X)
    check_mandatory((start.record.rule.event, start.record.value))
    (began,) = [v for k, v in start.record.value.items() if k.startswith("timeOf")]
    assert to_ns(began) == NS
    assert "location" in event[1]
    assert "location" not in start.record.value
    assert start.record.value["sUPI"] == SUPI


def test_what_ended_is_not_told() -> None:
    standing = Standing()
    for event in (REGISTRATION, ESTABLISHMENT, RELEASE):
        standing.take(X, stood(event))
    assert names(standing) == ["startOfInterceptionWithRegisteredUE"]
    standing.take(X, stood(DEREGISTRATION))
    assert names(standing) == []


def test_the_elements_own_record_is_told_as_it_is() -> None:
    first = Standing()
    first.take(X, stood(REGISTRATION))
    (made,) = first.starts(X)
    second = Standing()
    second.take(X, made)
    assert list(second.starts(X)) == [made]


def test_without_its_task_nothing_is_remembered() -> None:
    standing = Standing()
    standing.take(X, stood(REGISTRATION))
    standing.forget(X)
    assert names(standing) == []


def test_sessions_of_one_subject_are_bounded() -> None:
    standing = Standing()
    for correlation in range(1, 100):
        standing.take(X, stood(ESTABLISHMENT, correlation))
    assert len(names(standing)) == 64
