"""The end of an order holds whatever the wall clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from custodes.functions.mdf.period import Period

START = datetime(2030, 1, 1, tzinfo=UTC)
END = START + timedelta(hours=1)


class Clock:
    def __init__(self, now: datetime, monotonic: float = 1000.0) -> None:
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
    clock = Clock(START)
    period = Period.begin(START, END, clock)
    clock.pass_(3600)
    clock.wall = START
    assert not period.open(clock)


def test_a_wall_clock_set_forward_ends_it() -> None:
    clock = Clock(START)
    period = Period.begin(START, END, clock)
    clock.wall = END
    assert not period.open(clock)


def test_a_modification_with_a_wall_clock_set_back_keeps_the_first_deadline() -> None:
    clock = Clock(START)
    first = Period.begin(START, END, clock)
    clock.ticks += 1800
    clock.wall = START
    again = Period.begin(START, END, clock).following(first)
    assert again.deadline == first.deadline
    shorter = Period.begin(START, START + timedelta(minutes=1), clock).following(first)
    assert shorter.deadline == clock.ticks + 60


def test_a_later_end_gets_a_deadline_of_its_own() -> None:
    clock = Clock(START)
    first = Period.begin(START, END, clock)
    longer = Period.begin(START, END + timedelta(hours=1), clock).following(first)
    assert longer.deadline == clock.ticks + 7200
