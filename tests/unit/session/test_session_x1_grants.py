"""Grants over X1: what arrives is what was approved, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.base.errors import CustodesError, RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.grant import Approval, Grant, Officers
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import (
    MAXIMUM_PERIOD,
    HeaderReporting,
    HeaderReportingKind,
    Order,
    Subject,
    SubjectKind,
)
from custodes.session.x1 import grants
from custodes.session.x1.requester import Requester
from custodes.wire.x1 import grant as wire
from custodes.wire.x1.extension import Extension, grants_of
from custodes.wire.x1.message import decode_request
from custodes.wire.x1.task_messages import ActivateTaskRequest
from unit.functions.x1gate import x1gate_scene as scene

OFFICERS = Officers((scene.ONE, scene.TWO))


def over_the_wire(*held: Grant) -> tuple[Grant, ...]:
    """Through the octets of a whole X1 message."""
    details = replace(scene.poi_task(), taskDetailsExtensions=(grants.to_extension(held),))
    requester = Requester(admfIdentifier="admf", neIdentifier="amf", ids=scene.Ids())
    octets = requester.request([ActivateTaskRequest(taskDetails=details)], scene.NOW)
    (message,) = decode_request(octets)
    body = message.body
    assert isinstance(body, ActivateTaskRequest)
    return grants.from_extensions(body.taskDetails.taskDetailsExtensions)


_names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", fullmatch=True)
_legal = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc", "Cs"),
        include_characters="\t\n\r",
        exclude_characters="\ufffe\uffff",
    ),
    min_size=1,
    max_size=60,
).filter(lambda t: bool(t.strip()))
_moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
_uuids = st.uuids()
_addresses = st.builds(
    lambda address, port: Address(str(address), port), st.ip_addresses(), st.integers(1, 65535)
)


@st.composite
def _orders(draw: st.DrawFn) -> Order:
    start = draw(_moments)
    period = draw(st.timedeltas(min_value=timedelta(microseconds=1), max_value=MAXIMUM_PERIOD))
    return Order(
        reference=draw(_names),
        authority=draw(_names),
        agency=draw(_names),
        legal_basis=draw(_legal),
        start=start,
        end=start + period,
        subject=Subject(SubjectKind.SUPIIMSI, draw(st.from_regex("[0-9]{6,15}", fullmatch=True))),
        content=draw(st.booleans()),
        location=draw(st.booleans()),
        header_reporting=HeaderReporting(draw(st.sampled_from(HeaderReportingKind)), draw(_names)),
    )


@st.composite
def _grants(draw: st.DrawFn) -> Grant:
    intent = Intent(
        order=draw(_orders()),
        xid=XID(draw(_uuids)),
        liid=LIID(draw(st.from_regex("[!-~]{1,25}", fullmatch=True))),
        elements=tuple(
            draw(st.lists(st.builds(ElementTask, _names, st.sampled_from(Product)), max_size=4))
        ),
        deliveries=tuple(
            draw(
                st.lists(
                    st.builds(
                        Delivery, st.builds(DID, _uuids), st.sampled_from(Purpose), _addresses
                    ),
                    max_size=4,
                )
            )
        ),
    )
    approvals = tuple(
        Approval(o.name, o.fingerprint, draw(_moments), intent.digest())
        for o in (scene.ONE, scene.TWO)
    )
    return Grant(intent, approvals)


@settings(max_examples=40, deadline=None)
@given(st.lists(_grants(), min_size=1, max_size=2))
def test_what_was_approved_arrives(held: list[Grant]) -> None:
    arrived = over_the_wire(*held)
    assert arrived == tuple(held)
    assert [g.intent.digest() for g in arrived] == [g.intent.digest() for g in held]
    assert [a.intentDigest for g in arrived for a in g.approvals] == [
        g.intent.digest() for g in held for _ in g.approvals
    ]


def test_a_zone_on_the_wire_does_not_change_the_digest() -> None:
    written = grants.to_wire([scene.grant()]).grant[0]
    zone = timezone(timedelta(hours=2))
    moved = replace(
        written, intent=replace(written.intent, start=written.intent.start.astimezone(zone))
    )
    (arrived,) = grants.from_wire(wire.Grants(grant=(moved,)))
    assert arrived.intent.digest() == scene.grant().intent.digest()
    OFFICERS.verify(arrived, scene.NOW)


# Every field of an intent, found by walking it: a new field that is not in the digest fails here.


def _changed(value: Any) -> Any:
    """Another value of the same kind."""
    changes: dict[type, Callable[[Any], Any]] = {
        bool: lambda v: not v,
        int: lambda v: v + 1,
        UUID: lambda v: UUID(int=v.int ^ (1 << 100)),
        datetime: lambda v: v + timedelta(microseconds=1),
        Product: lambda v: Product.X3 if v is Product.X2 else Product.X2,
        Purpose: lambda v: Purpose.X3 if v is Purpose.X2 else Purpose.X2,
        HeaderReportingKind: lambda v: HeaderReportingKind.PDHR,
    }
    if type(value) in changes:
        return changes[type(value)](value)
    if value in ("127.0.0.1", "192.0.2.7"):
        return "198.51.100.1"
    assert isinstance(value, str)
    return value[:-1] + ("7" if value[-1] != "7" else "8")


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, tuple):
        return [p for at, each in enumerate(value) for p in _paths(each, (*path, at))]
    if is_dataclass(value):
        return [p for f in fields(value) for p in _paths(getattr(value, f.name), (*path, f.name))]
    return [path]


def _mutate(value: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return _changed(value)
    step, *rest = path
    if isinstance(step, int):
        changed = _mutate(value[step], tuple(rest))
        return (*value[:step], changed, *value[step + 1 :])
    return replace(value, **{step: _mutate(getattr(value, step), tuple(rest))})


# A subject has one kind in this release; another is refused before any digest is compared.
_FIELDS = [p for p in _paths(scene.intent()) if p[-1] != "kind" or p[-2] != "subject"]


@pytest.mark.parametrize("path", _FIELDS, ids=lambda p: ".".join(map(str, p)))
def test_a_changed_field_is_not_what_was_approved(path: tuple[Any, ...]) -> None:
    approved = scene.grant()
    forged = replace(approved, intent=_mutate(approved.intent, path))
    (arrived,) = over_the_wire(forged)
    assert arrived.intent.digest() != approved.intent.digest()
    with pytest.raises(RefusedError, match="another intent"):
        OFFICERS.verify(arrived, scene.NOW)


@pytest.mark.parametrize("change", ["more elements", "fewer", "more deliveries", "other order"])
def test_a_changed_list_is_not_what_was_approved(change: str) -> None:
    intent = scene.intent()
    elements, deliveries = intent.elements, intent.deliveries
    forged = {
        "more elements": replace(intent, elements=(*elements, ElementTask("upf", Product.X3))),
        "fewer": replace(intent, elements=elements[:-1]),
        "more deliveries": replace(intent, deliveries=(*deliveries, deliveries[0])),
        "other order": replace(intent, elements=elements[::-1]),
    }[change]
    (arrived,) = over_the_wire(replace(scene.grant(), intent=forged))
    with pytest.raises(RefusedError):
        OFFICERS.verify(arrived, scene.NOW)


@pytest.mark.parametrize("field", ["officer", "fingerprint", "intentDigest"])
def test_a_changed_approval_is_none(field: str) -> None:
    held = scene.grant()
    forged = replace(held.approvals[0], **{field: _changed(getattr(held.approvals[0], field))})
    (arrived,) = over_the_wire(replace(held, approvals=(forged, held.approvals[1])))
    with pytest.raises(RefusedError):
        OFFICERS.verify(arrived, scene.NOW)


# What is on the wire and cannot be a grant of this release.


def _wire(**changes: Any) -> wire.Grants:
    written = grants.to_wire([scene.grant()]).grant[0]
    return wire.Grants(grant=(replace(written, intent=replace(written.intent, **changes)),))


_DELIVERY = wire.GrantDelivery(
    dId=scene.X2_DID, purpose=wire.GrantPurpose.X2, host="192.0.2.1", port=1
)


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": wire.GrantSubject(kind="ipv4Cidr", value="192.0.2.0/24")},
        {"subject": wire.GrantSubject(kind="supiimsi", value="00101*")},
        {"headerReporting": wire.GrantHeaderReporting(kind="all", agreement="a")},
        {"headerReporting": wire.GrantHeaderReporting(kind="none", agreement="no reference")},
        {"elements": (wire.GrantElement(neIdentifier="amf", product=wire.GrantProduct.BOTH),)},
        {"deliveries": (replace(_DELIVERY, host="999.1.1.1"),)},
        {"deliveries": (replace(_DELIVERY, host="2001:db8:0:0:0:0:0:1"),)},
        {"end": scene.NOW - timedelta(days=2)},
        {"end": scene.NOW + timedelta(days=200)},
        {"reference": "with space"},
        {"legalBasis": " "},
    ],
    ids=lambda c: next(iter(c)),
)
def test_what_is_not_understood_is_refused_and_nothing_else_leaks(changes: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        grants.from_wire(_wire(**changes))


def test_a_refusal_names_no_subject() -> None:
    with pytest.raises(CustodesError) as caught:
        grants.from_wire(_wire(subject=wire.GrantSubject(kind="imei", value=scene.DIGITS)))
    assert scene.DIGITS not in str(caught.value)


def test_grants_under_another_owner_are_none() -> None:
    mine = grants.to_extension([scene.grant()])
    assert grants.from_extensions([Extension(Owner="somebody", elements=mine.elements)]) == ()
    assert len(grants.from_extensions([mine, mine])) == 2
    assert grants_of([mine])[0] == grants.to_wire([scene.grant()])
