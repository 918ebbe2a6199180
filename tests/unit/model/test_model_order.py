"""What an order may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custodes.base.errors import CustodesError, RefusedError
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = Order(
    reference="order-1",
    authority="authority-a",
    agency="agency-a",
    legal_basis="section 1",
    start=NOW,
    end=NOW + timedelta(days=90),
    subject=Subject.parse("imsi-001010000000001"),
    content=True,
    location=False,
    header_reporting=HeaderReporting(HeaderReportingKind.PDHR, "agreement-1"),
)


@pytest.mark.parametrize(
    "change",
    [
        {"reference": ""},
        {"reference": "with space"},
        {"authority": "x" * 65},
        {"legal_basis": " "},
        {"end": NOW},
        {"end": NOW + timedelta(days=90, seconds=1)},
        {"start": datetime(2026, 1, 1)},  # noqa: DTZ001
    ],
    ids=["no reference", "space", "long", "no basis", "no period", "91 days", "no time zone"],
)
def test_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CustodesError):
        replace(ORDER, **change)


@pytest.mark.parametrize(
    "text", ["", "imsi-", "imsi-12345", "imsi-0010100000000012", "imsi-00101*"]
)
def test_a_subject_is_one_whole_identity(text: str) -> None:
    with pytest.raises(RefusedError):
        Subject.parse(text)


def test_header_reporting_names_an_agreement() -> None:
    with pytest.raises(RefusedError):
        HeaderReporting(HeaderReportingKind.NONE, "")


def test_it_runs_from_its_start_until_just_before_its_end() -> None:
    assert ORDER.runs_at(ORDER.start)
    assert not ORDER.runs_at(ORDER.start - timedelta(microseconds=1))
    assert not ORDER.runs_at(ORDER.end)
