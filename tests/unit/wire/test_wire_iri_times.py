"""GeneralizedTime."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.iri.times import generalized_time, generalized_time_ns, to_ns


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("19700101000000Z", 0),
        ("20260101000000Z", 1_767_225_600_000_000_000),
        ("20260101000000.5Z", 1_767_225_600_500_000_000),
        ("20260101000000,000000001Z", 1_767_225_600_000_000_001),
        ("20260101010000+0100", 1_767_225_600_000_000_000),
        ("20251231193000-0430", 1_767_225_600_000_000_000),
        ("20260101010000+01", 1_767_225_600_000_000_000),
        ("202601010000Z", 1_767_225_600_000_000_000),
        ("2026010100.5Z", 1_767_227_400_000_000_000),
    ],
)
def test_texts_that_are_times(text: str, ns: int) -> None:
    assert to_ns(text) == ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Z",
        "20260101000000",
        "20261301000000Z",
        "20260101000000.Zx",
        "20260101000000.xZ",
        "20260101000000+9900",
        "20260101000000+x",
        "２0260101000000Z",
        "2026010100000Z",
    ],
)
def test_texts_that_are_not(text: str) -> None:
    with pytest.raises(DecodeError):
        to_ns(text)


def test_a_datetime_is_written_in_utc() -> None:
    moment = datetime(2026, 1, 1, 1, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
    assert generalized_time(moment) == "20260101000000.25Z"
    assert generalized_time(datetime(2026, 1, 1, tzinfo=UTC)) == "20260101000000Z"
    with pytest.raises(EncodeError):
        generalized_time(datetime(2026, 1, 1))  # noqa: DTZ001


@given(st.integers(0, 4_000_000_000 * 10**9))
def test_nanoseconds_survive(ns: int) -> None:
    assert to_ns(generalized_time_ns(ns)) == ns


@given(st.text(max_size=24))
def test_only_our_error_leaves(text: str) -> None:
    with suppress(DecodeError):
        to_ns(text)
