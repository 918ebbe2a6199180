"""Times of PS-PDUs: 1970 to 2106, whoever says otherwise."""

from __future__ import annotations

import pytest

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.handover.times import END_SECONDS, microseconds, read_time, write_time

LAST = END_SECONDS * 1_000_000_000 - 1


@pytest.mark.parametrize("ns", [0, 1_000, 1_767_603_600_123_456_000, LAST // 1000 * 1000])
def test_a_time_is_read_as_written(ns: int) -> None:
    assert read_time(write_time(ns, None)) == ns


@pytest.mark.parametrize("ns", [-1, LAST + 1])
def test_no_other_time_is_sent(ns: int) -> None:
    with pytest.raises(EncodeError):
        microseconds(ns)


@pytest.mark.parametrize(
    "value",
    [
        {"microSecondTimeStamp": {"seconds": END_SECONDS, "microSeconds": 0}},
        {"microSecondTimeStamp": {"seconds": (1 << 64) - 1, "microSeconds": 0}},
        {"microSecondTimeStamp": {"seconds": -1, "microSeconds": 0}},
        {"microSecondTimeStamp": {"seconds": 1, "microSeconds": 1_000_000}},
        {"timeStamp": "19691231235959Z"},
        {"timeStamp": "00010101000000Z"},
        {"timeStamp": "99991231235959Z"},
    ],
)
def test_no_other_time_is_read(value: dict[str, object]) -> None:
    with pytest.raises(DecodeError):
        read_time(value)
