"""Phases of mediation entries and what agencies are told of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from custodes.base.ids import DID, LIID, XID
from custodes.functions.mdf.tasks import Entry, Notice, TaskTable
from custodes.model.period import Period

START = datetime(2030, 1, 1, tzinfo=UTC)
X = XID(UUID(int=1))
D = DID(UUID(int=2))
A, B = LIID("A-1"), LIID("B-1")


class Clock:
    def __init__(self) -> None:
        self.wall, self.ticks = START, 50.0

    def now(self) -> datetime:
        return self.wall

    def now_ns(self) -> int:
        return 0

    def monotonic(self) -> float:
        return self.ticks

    def pass_(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


def entry(clock: Clock, liid: LIID, start: float, end: float, *, location: bool = True) -> Entry:
    period = Period.begin(START + timedelta(seconds=start), START + timedelta(seconds=end), clock)
    return Entry(X, liid, period, (D,), location, (), frozenset())


def told(changes: object) -> list[tuple[str, str]]:
    return [(str(c.notice), str(c.entry.liid)) for c in changes]  # type: ignore[attr-defined]


def test_an_entry_becomes_active_at_its_start_and_ends_by_itself() -> None:
    clock = Clock()
    table = TaskTable(clock)
    assert table.put(X, [entry(clock, A, 10, 20)]) == []
    assert table.seconds_to_change() == 10
    assert table.active(X) == ()
    clock.pass_(10)
    assert told(table.due()) == [("activation", "A-1")]
    assert [e.liid for e in table.active(X)] == [A]
    assert table.due() == []
    clock.pass_(10)
    assert table.active(X) == ()
    assert told(table.due()) == [("deactivation", "A-1")]
    assert table.seconds_to_change() is None
    assert table.remove(X) == []


def test_a_second_order_joins_and_the_first_leaves() -> None:
    clock = Clock()
    table = TaskTable(clock)
    assert told(table.put(X, [entry(clock, A, 0, 100)])) == [("activation", "A-1")]
    both = [entry(clock, A, 0, 100), entry(clock, B, 0, 50)]
    assert told(table.put(X, both)) == [("activation", "B-1")]
    assert told(table.put(X, both[1:])) == [("deactivation", "A-1")]
    assert [e.liid for e in table.active(X)] == [B]
    assert told(table.remove(X)) == [("deactivation", "B-1")]
    assert not table.known(X)


def test_a_change_of_an_active_entry_is_a_modification() -> None:
    clock = Clock()
    table = TaskTable(clock)
    table.put(X, [entry(clock, A, 0, 100)])
    assert table.put(X, [entry(clock, A, 0, 100)]) == []
    assert told(table.put(X, [entry(clock, A, 0, 60)])) == [("modification", "A-1")]
    assert told(table.put(X, [entry(clock, A, 0, 60, location=False)])) == [("modification", "A-1")]


def test_an_ended_entry_stays_ended_when_the_wall_clock_goes_back() -> None:
    clock = Clock()
    table = TaskTable(clock)
    table.put(X, [entry(clock, A, 0, 10)])
    clock.pass_(10)
    assert told(table.due()) == [("deactivation", "A-1")]
    clock.wall = START
    assert table.due() == []
    assert table.active(X) == ()
    assert table.put(X, [entry(clock, A, 0, 10)]) == []
    assert table.active(X) == ()


def test_a_modification_with_the_wall_clock_set_back_does_not_lengthen() -> None:
    clock = Clock()
    table = TaskTable(clock)
    table.put(X, [entry(clock, A, 0, 10)])
    clock.pass_(8)
    clock.wall = START
    table.put(X, [entry(clock, A, 0, 10)])
    clock.pass_(2)
    assert table.active(X) == ()


def test_tasking_again_with_the_wall_clock_set_back_does_not_lengthen() -> None:
    clock = Clock()
    table = TaskTable(clock)
    table.put(X, [entry(clock, A, 0, 10)])
    clock.pass_(8)
    table.remove(X)
    clock.wall = START
    table.put(X, [entry(clock, A, 0, 10)])
    assert len(table.active(X)) == 1
    clock.pass_(2)
    assert table.active(X) == ()


def test_a_later_end_starts_it_again() -> None:
    clock = Clock()
    table = TaskTable(clock)
    table.put(X, [entry(clock, A, 0, 10)])
    clock.pass_(11)
    table.due()
    assert told(table.put(X, [entry(clock, A, 0, 60)])) == [(Notice.ACTIVATION.value, "A-1")]


def test_the_repr_of_an_entry_names_no_target() -> None:
    named = Entry(
        X, A, Period(START, START, 0.0), (D,), True, (("iMSI", "001010000000001"),), frozenset()
    )
    assert "00101" not in repr(named)
