"""The service ends orders by itself and tells its counters, without identities."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mdf_bench import Bench
from mdf_enrolment import destination, grant, task
from mdf_scene import ESTABLISHMENT, IMSI, SOURCE, A, x2, x3

from custodes.functions.mdf.intake import Intake
from custodes.functions.mdf.service import Service
from custodes.model.registry import ElementKind
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.task_messages import ActivateTaskRequest


class Ticks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def make(two: Bench, three: Bench) -> tuple[Service, Ticks, list[Mapping[str, Any]]]:
    told: list[Mapping[str, Any]] = []
    ticks = Ticks()
    sides = {
        "mdf2": (two.side, Intake(two.side, two.clock)),
        "mdf3": (three.side, Intake(three.side, three.clock)),
    }
    return Service(sides, ticks, told.append), ticks, told


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
    ticks.now = 0.9
    service.tell_counters()
    assert len(told) == 1
    ticks.now = 1.0
    two.wait(lambda: two.side.snapshot()["confirmed"] == 2)
    service.tell_counters()
    assert told[-1]["xiri"] == {"pDUSessionEstablishment": 1}
    assert told[-1]["xcc"] == 0
    assert told[-1]["mdf3"]["refused"] == {"no_task": 1}
    ticks.now = 5.0
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
    assert service.close(0) == 1
    assert told[-1]["mdf2"]["undelivered"] == 1
