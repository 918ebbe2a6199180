"""Whether an element's administration is still there (ETSI TS 103 221-1, Keepalive; WIRE.md [I]).

Any X1 request is a sign of life, an auditor's too. After TIME_P2 without one the element reports
9050; after TIME_P3 it deactivates everything and reports 10000, where it was made to: by default it
is not (docs/adr/0011). A report waits for the gate like any other; none is made twice in one
silence.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from custodes.session.transitions import Machine, Row
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.report_messages import TypeOfNeIssueMessage

TIME_P2 = 3600.0
TIME_P3 = 7200.0


class State(StrEnum):
    ADMINISTERED = "administered"
    SILENT = "silence reported"
    CLEARED = "everything deactivated"


class Input(StrEnum):
    REQUEST = "an X1 request"
    P2 = "no X1 request for TIME_P2"
    P3 = "no X1 request for TIME_P3"
    P3_KEPT = "the same, deactivation not configured"


class Action(StrEnum):
    RESTART = "count anew"
    REPORT = "report 9050"
    CLEAR = "deactivate everything, report 10000"
    ALL_CLEAR = "count anew, report 9000"
    IGNORE = "nothing: tasks run on"


WATCHDOG = Machine(
    title="X1 element: is the administration there?",
    module="session/x1/watchdog.py",
    clause="ETSI TS 103 221-1, Keepalive, TIME_P2 and TIME_P3",
    start=State.ADMINISTERED,
    rows=(
        Row(State.ADMINISTERED, (Input.REQUEST,), Action.RESTART, State.ADMINISTERED),
        Row(State.ADMINISTERED, (Input.P2,), Action.REPORT, State.SILENT),
        Row(State.SILENT, (Input.REQUEST,), Action.ALL_CLEAR, State.ADMINISTERED),
        Row(State.SILENT, (Input.P3,), Action.CLEAR, State.CLEARED),
        Row(State.SILENT, (Input.P3_KEPT,), Action.IGNORE, State.SILENT),
        Row(State.CLEARED, (Input.REQUEST,), Action.ALL_CLEAR, State.ADMINISTERED),
    ),
)
_CELLS = WATCHDOG.cells()


@dataclass(frozen=True, slots=True)
class NEReport:
    """What ReportNEIssue is to say; ``description`` holds no identity."""

    kind: TypeOfNeIssueMessage
    code: ErrorCode
    description: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Report it. ``clear``: first deactivate every task and remove every destination."""

    report: NEReport
    clear: bool = False


_REPORTS = {
    Action.REPORT: NEReport(
        TypeOfNeIssueMessage.FAULT_REPORT,
        ErrorCode.KEEPALIVES_NOT_RECEIVED,
        "no X1 request came for TIME_P2; tasks go on until their orders end",
    ),
    Action.CLEAR: NEReport(
        TypeOfNeIssueMessage.FAULT_REPORT,
        ErrorCode.DATABASE_CLEARED,
        "no X1 request came for TIME_P3: every task was deactivated, every destination removed",
    ),
    Action.ALL_CLEAR: NEReport(
        TypeOfNeIssueMessage.FAULT_CLEARED, ErrorCode.ERROR_CLEARED, "X1 requests come again"
    ),
}


class Watchdog:
    """Sans-I/O; ``now`` is monotonic seconds. It counts from its making, so an element that nobody
    ever administers reports as well. Not thread-safe."""

    def __init__(
        self,
        now: float,
        *,
        clears: bool = False,
        time_p2: float = TIME_P2,
        time_p3: float = TIME_P3,
    ) -> None:
        self._clears = clears
        self._p2, self._p3 = time_p2, time_p3
        self._heard_at = now
        self._state = State.ADMINISTERED
        self._events: deque[Silence] = deque()

    @property
    def state(self) -> State:
        return self._state

    def heard(self, now: float) -> None:
        """An X1 request came."""
        self._heard_at = now
        self._step(Input.REQUEST)

    def next_timer(self) -> float | None:
        """When ``handle_timer`` is to be called; None where only a request changes anything."""
        if self._state is State.ADMINISTERED:
            return self._heard_at + self._p2
        if self._state is State.SILENT and self._clears:
            return self._heard_at + self._p3
        return None

    def handle_timer(self, now: float) -> None:
        """Do what is due, each step once, however late the call."""
        while (due := self.next_timer()) is not None and now >= due:
            self._step(Input.P2 if self._state is State.ADMINISTERED else Input.P3)

    def next_event(self) -> Silence | None:
        return self._events.popleft() if self._events else None

    def _step(self, given: Input) -> None:
        row = _CELLS[self._state, given]
        self._state = State(row.to)
        action = Action(row.action)
        report = _REPORTS.get(action)
        if report is not None:
            self._events.append(Silence(report, clear=action is Action.CLEAR))
