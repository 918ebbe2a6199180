"""Counters: always the same names, and only numbers."""

from __future__ import annotations

from custodes.functions.mdf.counters import CONTENT, Counters


def test_a_snapshot_has_every_usual_name_and_the_rest_when_counted() -> None:
    counters = Counters()
    empty = counters.snapshot()
    assert empty["xiri"] == {}
    assert empty["refused"] == {}
    assert all(empty[n] == 0 for n in ("xcc", "hi2", "hi3", "hi4", "confirmed", "misrouted"))
    counters.taken("amf", "registration")
    counters.refused("no_task")
    counters.taken("upf", CONTENT)
    counters.taken("upf", CONTENT)
    counters.add("connections")
    full = counters.snapshot()
    assert full["xiri"] == {"registration": 1}
    assert full["refused"] == {"no_task": 1}
    assert (full["xcc"], full["connections"]) == (2, 1)
    assert "connections" not in empty


def test_a_snapshot_adds_up_what_peers_did_and_names_none_of_them() -> None:
    counters = Counters()
    for element in ("amf", "smf", "amf"):
        counters.taken(element, "registration")
        counters.refused("no_task", element)
        counters.add("repeats", 2, element)
    counters.alarm("gap")
    told = counters.snapshot()
    assert told["xiri"] == {"registration": 3}
    assert told["refused"] == {"no_task": 3}
    assert told["repeats"] == 6
    assert "amf" not in str(told)


def test_a_reading_keeps_peers_apart_and_does_not_change() -> None:
    counters = Counters()
    counters.taken("amf", "registration")
    counters.refused("no_task", "smf")
    counters.add("hi2", 2, "lemf-a")
    counters.alarm("no_task")
    read = counters.read()
    counters.taken("amf", "registration")
    assert read.taken == {("amf", "registration"): 1}
    assert read.refused == {("smf", "no_task"): 1}
    assert read.plain == {("lemf-a", "hi2"): 2}
    assert read.alarms == {"no_task": 1}
