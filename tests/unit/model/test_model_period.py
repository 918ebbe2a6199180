"""The end of an order holds whatever the wall clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.base.ids import LIID
from custodes.model.period import Deadlines, Period

START = datetime(2030, 1, 1, tzinfo=UTC)
END = START + timedelta(hours=1)
ONE, OTHER = LIID("LI-1"), LIID("LI-2")


class Clock:
    def __init__(self, now: datetime = START, monotonic: float = 1000.0) -> None:
        self.wall = now
        self.ticks = monotonic

    def now(self) -> datetime:
        return self.wall

    def now_ns(self) -> int:
        return int(self.wall.timestamp() * 1e9)

    def monotonic(self) -> float:
        return self.ticks

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


def test_it_opens_at_start_and_closes_at_end() -> None:
    clock = Clock(START - timedelta(seconds=10))
    period = Period.begin(START, END, clock)
    assert not period.open(clock)
    assert period.seconds_to_change(clock) == 10
    clock.pass_(10)
    assert period.open(clock)
    assert period.seconds_to_change(clock) == 3600
    clock.pass_(3599.5)
    assert period.open(clock)
    clock.pass_(0.5)
    assert not period.open(clock)
    assert period.seconds_to_change(clock) is None


def test_a_wall_clock_set_back_does_not_lengthen_it() -> None:
    clock = Clock()
    period = Period.begin(START, END, clock)
    clock.ticks += 3599
    assert period.open(clock)
    assert period.seconds_to_change(clock) == 1
    clock.ticks += 1
    assert not period.open(clock)


def test_a_wall_clock_set_back_before_the_start_keeps_the_end_in_sight() -> None:
    clock = Clock()
    period = Period.begin(START, END, clock)
    clock.wall -= timedelta(days=1)
    assert not period.open(clock)
    assert period.seconds_to_change(clock) == 3600


def test_a_wall_clock_set_forward_ends_it() -> None:
    clock = Clock()
    period = Period.begin(START, END, clock)
    clock.wall = END
    assert not period.open(clock)


def begin(deadlines: Deadlines, clock: Clock, end: datetime = END, liid: LIID = ONE) -> float:
    return deadlines.bound(liid, Period.begin(START, end, clock)).deadline


def test_the_first_deadline_of_an_end_stays() -> None:
    clock, deadlines = Clock(), Deadlines()
    first = begin(deadlines, clock)
    assert first == 4600
    clock.ticks += 1800
    assert begin(deadlines, clock) == first  # the wall clock was set back by half an hour
    clock.wall = END - timedelta(seconds=60)
    assert begin(deadlines, clock) == clock.ticks + 60  # it was right after all
    clock.wall = START
    assert begin(deadlines, clock) == clock.ticks + 60


def test_an_earlier_end_is_no_way_to_more_time() -> None:
    clock, deadlines = Clock(), Deadlines()
    first = begin(deadlines, clock)
    clock.pass_(3000)
    clock.wall = START
    assert begin(deadlines, clock, END - timedelta(seconds=1)) == first
    assert begin(deadlines, clock, START + timedelta(seconds=60)) == clock.ticks + 60


def test_a_later_end_and_another_order_have_deadlines_of_their_own() -> None:
    clock, deadlines = Clock(), Deadlines()
    begin(deadlines, clock)
    clock.ticks += 1800
    assert begin(deadlines, clock, END + timedelta(hours=1)) == clock.ticks + 7200
    assert begin(deadlines, clock, liid=OTHER) == clock.ticks + 3600
    assert begin(deadlines, clock) == 4600


@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(-5000, 5000), st.integers(1, 3600))))
def test_whatever_is_tasked_under_which_clock_it_ends_in_time(
    steps: list[tuple[int, int, int]],
) -> None:
    """However often an order is tasked again, to no later an end, the first deadline ends it."""
    clock, deadlines = Clock(), Deadlines()
    first = begin(deadlines, clock)
    for ticks, shift, end in steps:
        clock.ticks += ticks
        clock.wall = START + timedelta(seconds=shift)
        period = deadlines.bound(ONE, Period.begin(START, START + timedelta(seconds=end), clock))
        assert period.deadline <= first
        assert period.open(clock) is (
            period.start <= clock.wall < period.end and clock.ticks < period.deadline
        )


@pytest.mark.parametrize("wall", [START, END - timedelta(microseconds=1)])
def test_at_the_deadline_it_is_over(wall: datetime) -> None:
    clock = Clock()
    period = Period.begin(START, END, clock)
    clock.wall, clock.ticks = wall, period.deadline
    assert period.ended(clock)
    clock.ticks -= 0.001
    assert period.open(clock)
