"""The service ends orders by itself and tells its counters, without identities."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mdf_bench import Bench
from mdf_enrolment import destination, grant, task
from mdf_scene import ESTABLISHMENT, IMSI, SOURCE, A, Clock, X, x2, x3

from custodes.functions.mdf.intake import Intake
from custodes.functions.mdf.service import Service
from custodes.model.registry import ElementKind
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.task_messages import ActivateTaskRequest, DeactivateTaskRequest


class Ticks(Clock):
    """Both clocks stand until they are moved."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks = 0.0


class Told(list[Mapping[str, Any]]):
    """The counters that were told, and apart from them what was destroyed."""

    def __init__(self) -> None:
        super().__init__()
        self.destroyed: list[Mapping[str, Any]] = []

    def __call__(self, name: str, values: Mapping[str, Any]) -> None:
        (self if name == "mdf.counters" else self.destroyed).append(values)


def make(two: Bench, three: Bench) -> tuple[Service, Ticks, Told]:
    told, ticks = Told(), Ticks()
    sides = {
        "mdf2": (two.side, Intake(two.side, two.clock)),
        "mdf3": (three.side, Intake(three.side, three.clock)),
    }
    return Service(sides, ticks, told, keep_seconds=60.0), ticks, told


def tasked() -> Bench:
    bench = Bench()
    given = grant(A, seconds=30)
    bench.x1(CreateDestinationRequest(destinationDetails=destination(given)))
    bench.x1(ActivateTaskRequest(taskDetails=task(given)))
    return bench


def test_counters_are_told_on_change_and_at_most_once_a_second() -> None:
    two, three = tasked(), Bench(ElementKind.MDF3)
    service, ticks, told = make(two, three)
    service.tell_counters()
    assert len(told) == 1
    two.side.product(x2(ESTABLISHMENT), SOURCE)
    three.side.product(x3(), "upf")
    ticks.pass_(0.9)
    service.tell_counters()
    assert len(told) == 1
    ticks.pass_(0.1)
    two.wait(lambda: two.side.snapshot()["confirmed"] == 2)
    service.tell_counters()
    assert told[-1]["xiri"] == {"pDUSessionEstablishment": 1}
    assert told[-1]["xcc"] == 0
    assert told[-1]["mdf3"]["refused"] == {"no_task": 1}
    ticks.pass_(4.0)
    service.tell_counters()
    assert len(told) == 2
    assert service.close(5) == 0
    assert told[-1]["final"] is True
    assert len(told) == 3
    assert IMSI not in json.dumps(told)


def test_an_order_ends_without_anything_happening() -> None:
    two, three = tasked(), Bench(ElementKind.MDF3)
    service, _, _ = make(two, three)
    service.start()
    two.clock.pass_(30)
    two.wait(lambda: two.a.told() == ["activation", "deactivation"])
    assert service.close(5) == 0


def test_what_nobody_confirmed_is_told_at_the_end() -> None:
    two, three = Bench(), Bench(ElementKind.MDF3)
    two.reachable = False
    given = grant(A)
    two.x1(CreateDestinationRequest(destinationDetails=destination(given)))
    two.x1(ActivateTaskRequest(taskDetails=task(given)))
    service, _, told = make(two, three)
    assert two.side.wait_durable(two.side.position)
    assert service.close(0) == 1
    assert told[-1]["mdf2"]["kept"] == 1


def test_what_was_delivered_is_destroyed_after_the_delay_and_an_ended_orders_key_with_it() -> None:
    two, three = tasked(), Bench(ElementKind.MDF3)
    service, clock, told = make(two, three)
    two.side.product(x2(), SOURCE)
    two.x1(DeactivateTaskRequest(xId=X))
    two.wait(lambda: two.a.told() == ["activation", "iri", "deactivation"])
    two.wait(lambda: two.side.snapshot()["queue"] == 0)
    two.side.tick()
    service.destroy()
    assert told.destroyed == [], "not before the delay"
    clock.pass_(61)
    service.destroy()
    assert told.destroyed == [{"ne": "mdf2", "pdus": 3, "orders": [str(A)]}]
    service.destroy()
    assert len(told.destroyed) == 1
    assert service.close(0) == 0
