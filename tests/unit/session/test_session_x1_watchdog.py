"""Silence of the administration: every row of its table, and the times."""

from __future__ import annotations

from typing import Any

import pytest

from custodes.session.transitions import Row
from custodes.session.x1.watchdog import (
    TIME_P2,
    TIME_P3,
    WATCHDOG,
    Action,
    Input,
    Silence,
    State,
    Watchdog,
)
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.report_messages import TypeOfNeIssueMessage

START = 500.0
CODES = {
    Action.REPORT: ErrorCode.KEEPALIVES_NOT_RECEIVED,
    Action.CLEAR: ErrorCode.DATABASE_CLEARED,
    Action.ALL_CLEAR: ErrorCode.ERROR_CLEARED,
}


def taken(watchdog: Watchdog) -> list[Silence]:
    return list(iter(watchdog.next_event, None))


def at(state: State, clears: bool) -> Watchdog:
    watchdog = Watchdog(START, clears=clears or state is State.CLEARED)
    if state is not State.ADMINISTERED:
        watchdog.handle_timer(START + (TIME_P3 if state is State.CLEARED else TIME_P2))
    taken(watchdog)
    return watchdog


@pytest.mark.parametrize(
    ("row", "given"),
    [pytest.param(r, i, id=f"{r.state}, {i}") for r in WATCHDOG.rows for i in r.inputs],
)
def test_every_row_is_what_the_watchdog_does(row: Row, given: Input) -> None:
    watchdog = at(State(row.state), clears=given is not Input.P3_KEPT)
    assert watchdog.state is row.state
    if given is Input.REQUEST:
        watchdog.heard(START + TIME_P3 + 1)
    else:
        watchdog.handle_timer(START + (TIME_P2 if given is Input.P2 else TIME_P3))
    assert watchdog.state is row.to
    events = taken(watchdog)
    expected: Any = CODES.get(Action(row.action))
    assert [event.report.code for event in events] == ([] if expected is None else [expected])
    assert [event.clear for event in events] == [row.action is Action.CLEAR] * len(events)


def test_the_times_count_from_the_last_request() -> None:
    watchdog = Watchdog(START, clears=True)
    assert watchdog.next_timer() == START + TIME_P2
    watchdog.heard(START + 3599)
    assert watchdog.next_timer() == START + 3599 + TIME_P2
    watchdog.handle_timer(START + 3599 + TIME_P2 - 0.001)
    assert taken(watchdog) == []
    watchdog.handle_timer(START + 3599 + TIME_P2)
    assert [e.report.kind for e in taken(watchdog)] == [TypeOfNeIssueMessage.FAULT_REPORT]
    assert watchdog.next_timer() == START + 3599 + TIME_P3
    watchdog.handle_timer(START + 3599 + TIME_P3)
    assert [e.clear for e in taken(watchdog)] == [True]
    assert watchdog.next_timer() is None


def test_a_late_timer_does_each_step_once_and_in_order() -> None:
    watchdog = Watchdog(START, clears=True)
    watchdog.handle_timer(START + 10 * TIME_P3)
    watchdog.handle_timer(START + 11 * TIME_P3)
    assert [e.report.code for e in taken(watchdog)] == [9050, 10000]


def test_by_default_nothing_is_deactivated_however_long_it_lasts() -> None:
    watchdog = Watchdog(START)
    watchdog.handle_timer(START + 100 * TIME_P3)
    assert [(e.report.code, e.clear) for e in taken(watchdog)] == [(9050, False)]
    assert watchdog.next_timer() is None
    watchdog.heard(START + 100 * TIME_P3)
    (back,) = taken(watchdog)
    assert back.report.kind is TypeOfNeIssueMessage.FAULT_CLEARED
    assert watchdog.next_timer() == START + 100 * TIME_P3 + TIME_P2
