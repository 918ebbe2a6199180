"""Alarms come at once, then rarely, and never lose count."""

from __future__ import annotations

from custodes.functions.mdf.alarms import Alarms


def test_first_at_once_then_counted_then_rarely() -> None:
    raised: list[tuple[str, str, int]] = []
    alarms = Alarms(lambda kind, what, count: raised.append((kind, what, count)), interval=60)
    alarms.report("no_task", "first", 0.0)
    assert raised == [("no_task", "first", 1)]
    for second in range(1, 60):
        alarms.report("no_task", "more", float(second))
    assert len(raised) == 1
    alarms.report("other", "another kind does not wait", 5.0)
    assert raised[-1] == ("other", "another kind does not wait", 1)
    alarms.flush(60.0)
    assert raised[-1] == ("no_task", "more", 59)
    alarms.flush(200.0)
    assert len(raised) == 3


def test_at_the_end_nothing_stays_untold() -> None:
    raised: list[int] = []
    alarms = Alarms(lambda _kind, _what, count: raised.append(count))
    alarms.report("k", "w", 0.0)
    alarms.report("k", "w", 1.0)
    alarms.flush(2.0, everything=True)
    assert raised == [1, 1]
