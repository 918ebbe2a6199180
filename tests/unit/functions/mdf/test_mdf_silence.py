"""An mdf whose administration falls silent (docs/adr/0011)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from mdf_bench import Bench
from mdf_enrolment import destination, grant, task
from mdf_scene import SOURCE, A, x2

from custodes.functions.mdf.side import Side
from custodes.session.x1.requester import Answered, Completed
from custodes.session.x1.watchdog import TIME_P2, TIME_P3, NEReport
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.status_messages import ListAllDetailsRequest, ListAllDetailsResponse
from custodes.wire.x1.task_messages import ActivateTaskRequest

FOR_A = grant(A, seconds=86_400)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.side.close(0)


def remade(bench: Bench, *, clears: bool) -> list[NEReport]:
    """The same side, configured otherwise."""
    bench.side.close(0)
    reports: list[NEReport] = []
    setting = replace(bench.side.setting, clears=clears, report=reports.append)
    bench.side = Side(setting)
    bench.side.start()
    return reports


def order(bench: Bench) -> None:
    created = CreateDestinationRequest(destinationDetails=destination(FOR_A))
    activated = ActivateTaskRequest(taskDetails=task(FOR_A))
    assert bench.x1(created, activated) == [Completed(), Completed()]


def told(bench: Bench) -> list[str]:
    return [what.split(":")[0] for kind, what, _ in bench.alarms if kind == "administration"]


def held(bench: Bench) -> tuple[int, int]:
    (answer,) = bench.x1(ListAllDetailsRequest(), now=bench.clock.wall)
    assert isinstance(answer, Answered)
    assert isinstance(answer.body, ListAllDetailsResponse)
    return len(answer.body.ListOfXIDs), len(answer.body.ListOfDIDs.dId)


def test_silence_is_an_alarm_once_and_its_end_another_while_orders_run_on(bench: Bench) -> None:
    order(bench)
    bench.clock.pass_(TIME_P2 - 60)
    bench.side.tick()
    assert told(bench) == []
    bench.clock.pass_(120)
    bench.side.tick()
    bench.clock.pass_(TIME_P3)
    bench.side.tick()
    assert told(bench) == ["9050"]
    bench.side.product(x2(), SOURCE)
    bench.wait(lambda: bench.a.told() == ["activation", "iri"])
    bench.x1(PingRequest())
    bench.side.tick()
    bench.clock.pass_(60)
    bench.side.tick()  # alarms of one kind come at most once a minute
    assert told(bench) == ["9050", "9000"]
    assert held(bench) == (1, 1)


def test_where_it_is_configured_everything_ends_after_p3_and_agencies_are_told(
    bench: Bench,
) -> None:
    reports = remade(bench, clears=True)
    order(bench)
    for seconds in (TIME_P2 + 1, TIME_P3):
        bench.clock.pass_(seconds)
        bench.side.tick()
    assert [report.code for report in reports] == [9050, 10000]
    bench.wait(lambda: bench.a.told() == ["activation", "deactivation"])
    assert held(bench) == (0, 0)
    bench.side.tick()
    assert [report.code for report in reports] == [9050, 10000, 9000]
    assert told(bench) == []


def test_any_request_is_a_sign_of_life(bench: Bench) -> None:
    reports = remade(bench, clears=True)
    order(bench)
    for _ in range(3):
        bench.clock.pass_(TIME_P2 - 60)
        bench.side.tick()
        bench.x1(PingRequest())
    assert reports == []
    assert held(bench) == (1, 1)
