"""Counters: always the same names, and only numbers."""

from __future__ import annotations

from custodes.functions.mdf.counters import Counters


def test_a_snapshot_has_every_usual_name_and_the_rest_when_counted() -> None:
    counters = Counters()
    empty = counters.snapshot()
    assert empty["xiri"] == {}
    assert empty["refused"] == {}
    assert all(empty[n] == 0 for n in ("xcc", "hi2", "hi3", "hi4", "confirmed", "misrouted"))
    counters.event("registration")
    counters.refused("no_task")
    counters.add("xcc", 2)
    counters.add("connections")
    full = counters.snapshot()
    assert full["xiri"] == {"registration": 1}
    assert full["refused"] == {"no_task": 1}
    assert (full["xcc"], full["connections"]) == (2, 1)
    assert "connections" not in empty
