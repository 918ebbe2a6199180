"""The mediation function's reader: every counter has its metric, each under the right peer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from metrics_scene import LEMF_A, LEMF_B, REGISTRY, A, B
from metrics_scene import values as summed

from custodes.app.metrics.collector import Sample
from custodes.app.metrics.mdf import OF_AGENCIES, OF_ELEMENTS, OF_SIDES, MdfReader, words
from custodes.app.metrics.table import BY_NAME
from custodes.functions.mdf.counters import CONTENT, Counters
from custodes.functions.mdf.refusal import Reason
from custodes.functions.mdf.side import Side
from custodes.model.outbox import Backlog
from custodes.model.outgoing import Kind

MDF = Path(__file__).resolve().parents[4] / "src" / "custodes" / "functions" / "mdf"


def read(counters: Counters, *destinations: tuple[str, bool, Backlog | None]) -> list[Sample]:
    side: Any = SimpleNamespace(
        setting=SimpleNamespace(ne_identifier="mdf2"),
        counters=counters,
        destinations=lambda: destinations,
    )
    return list(MdfReader([cast(Side, side)], REGISTRY)())


def values(samples: list[Sample], name: str) -> dict[tuple[str, ...], float]:
    return summed(samples, f"custodes_mdf_{name}")


def counted_names() -> Iterator[str]:
    """What functions/mdf counts under a literal name."""
    for path in MDF.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                if called.endswith(("counters.add", "self._count")):
                    yield str(node.args[0].value)


def test_every_name_that_is_counted_has_a_metric() -> None:
    known = {*OF_ELEMENTS, *OF_AGENCIES, *OF_SIDES, "intake_ended"}
    counted = set(counted_names())
    assert len(counted) > 15
    assert counted <= known
    told = {*OF_ELEMENTS.values(), *OF_AGENCIES.values(), *OF_SIDES.values()}
    assert all(f"custodes_mdf_{name}" in BY_NAME for name in told)


def test_a_name_without_a_metric_is_a_fault_and_not_left_out() -> None:
    counters = Counters()
    counters.add("something new")
    with pytest.raises(KeyError):
        read(counters)


def test_product_is_told_by_element_and_event() -> None:
    counters = Counters()
    counters.taken("amf", "registration")
    counters.taken("amf", "registration")
    counters.taken("upf", CONTENT)
    counters.refused(Reason.NO_TASK.value, "smf")
    counters.refused("unenrolled_peer")
    counters.add("gaps", 3, "amf")
    counters.add(Reason.LOCATION_WITHHELD.value, 2)
    counters.alarm("gap")
    samples = read(counters)
    assert values(samples, "taken_in_total") == {
        ("mdf2", "amf", "registration"): 2,
        ("mdf2", "upf", "content"): 1,
    }
    assert values(samples, "refused_total") == {
        ("mdf2", "smf", "no_task"): 1,
        ("mdf2", "", "unenrolled_peer"): 1,
    }
    assert values(samples, "missing_total") == {("mdf2", "amf"): 3}
    assert values(samples, "left_out_total") == {("mdf2", "", "location_withheld"): 2}
    assert values(samples, "alarms_total") == {("mdf2", "gap"): 1}


def test_delivery_is_told_by_agency_and_not_by_receiver() -> None:
    counters = Counters()
    for kind in Kind:
        counters.add(kind.value, 2, LEMF_A.name)
    counters.add("confirmed", 5, LEMF_B.name)
    counters.refused("over_quota", LEMF_B.name)
    samples = read(counters)
    assert values(samples, "delivered_total") == {("mdf2", A, kind.value): 2 for kind in Kind}
    assert values(samples, "confirmed_total") == {("mdf2", B): 5}
    assert values(samples, "over_quota_total") == {("mdf2", B): 1}
    assert values(samples, "refused_total") == {}


def test_open_intakes_are_those_made_and_not_ended() -> None:
    counters = Counters()
    for _ in range(3):
        counters.add("intake_connections", peer="amf")
    counters.add("intake_ended", peer="amf")
    samples = read(counters)
    assert values(samples, "intake_connections_total") == {("mdf2", "amf"): 3}
    assert values(samples, "intake_connections") == {("mdf2", "amf"): 2}


def test_destinations_of_an_agency_are_added_up_and_nobodys_are_told_too() -> None:
    samples = read(
        Counters(),
        (LEMF_A.name, True, Backlog(2, 300, 9)),
        (LEMF_A.name, False, Backlog(1, 50, 9)),
        (LEMF_B.name, True, None),
        ("", False, Backlog(7, 700, 9)),
    )
    assert values(samples, "outbox_pdus") == {("mdf2", A): 3, ("mdf2", B): 0, ("mdf2", ""): 7}
    assert values(samples, "outbox_octets") == {("mdf2", A): 350, ("mdf2", B): 0, ("mdf2", ""): 700}
    assert values(samples, "connected") == {("mdf2", A): 1, ("mdf2", B): 1, ("mdf2", ""): 0}


def test_events_are_those_of_the_standard() -> None:
    events = words(REGISTRY)["event"]
    assert "registration" in events
    assert CONTENT in events
    assert "imsi-001010000000001" not in events
