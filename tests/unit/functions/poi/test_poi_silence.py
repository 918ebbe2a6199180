"""A probe's element whose administration falls silent (docs/adr/0011)."""

from __future__ import annotations

from datetime import timedelta

from poi_order_scene import NOW, Clock, Tasked, element, grant, order

from custodes.functions.poi.side import Side
from custodes.model.grant import Officers
from custodes.model.registry import ElementKind
from custodes.session.x1.watchdog import TIME_P2, TIME_P3
from custodes.wire.x1.liveness_messages import PingRequest

LONG = grant(order(content=True, end=NOW + timedelta(days=1)))


def tasked(*, clears: bool) -> Tasked:
    made = Tasked(clock=Clock())
    officers = made.side._officers
    assert isinstance(officers, Officers)
    made.side = Side(element(ElementKind.AMF), made.mdf, officers, made.clock, clears=clears)
    made.ask(made.destination(LONG))
    return made.activated(LONG)


def silent(made: Tasked) -> list[int]:
    codes = []
    for seconds in (TIME_P2 - 1, 1, TIME_P3):
        made.clock.pass_by(seconds)
        codes += [int(report.code) for report in made.side.watch()]
    return codes


def test_silence_is_reported_and_the_order_runs_on() -> None:
    made = tasked(clears=False)
    assert silent(made) == [9050]
    assert made.runs
    made.ask(PingRequest())
    assert [int(report.code) for report in made.side.watch()] == [9000]


def test_where_it_is_configured_the_task_ends_after_p3_and_may_come_again() -> None:
    made = tasked(clears=True)
    assert silent(made) == [9050, 10000]
    assert not made.runs
    made.ask(made.destination(LONG))
    assert made.activated(LONG).runs


def test_any_request_is_a_sign_of_life() -> None:
    made = tasked(clears=True)
    for _ in range(4):
        made.clock.pass_by(TIME_P2 - 1)
        assert made.side.watch() == []
        made.ask(PingRequest())
    assert made.runs
