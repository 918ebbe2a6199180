"""The demo: a lab from nothing, three orders, a capture, and a verdict on what arrived where.

Each step is a method, so that tests can put a liar between two functions and run the same demo.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from custodes.app.client import Client
from custodes.app.lab import AGENCIES, OFFICERS, Lab
from custodes.app.supervisor import Supervisor
from custodes.app.verdict import Expected, Sent, Verdict, judge
from custodes.base.errors import ConfigurationError, CustodesError
from custodes.functions.admf import api
from custodes.model.order import HeaderReportingKind, Subject

START_SECONDS = 60.0
CONVERGE_SECONDS = 60.0
READ_SECONDS = 600.0
_PERIOD = timedelta(hours=1)
_CHUNK = 65536
_POLL_SECONDS = 0.1
# Neither is ever a subscriber of a capture the demo reads: the second is for captures of the first.
_ABSENT = ("imsi-999700000000404", "imsi-001010000000404")

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """One order of the scene."""

    reference: str
    agency: str
    subject: str = field(repr=False)
    content: bool
    location: bool


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What `custodes demo --json` prints."""

    orders: int
    agencies: int
    x1_requests: int
    x1_confirmed: int
    xiri: dict[str, int]
    xcc: int
    hi2: int
    hi3: int
    hi4: int
    lost: int
    misdelivered: int
    evidence: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def scene(target: str) -> tuple[DemoOrder, ...]:
    """A wants all of the target, B its events without location, and B wants one who is absent."""
    target = target if target.startswith("imsi-") else f"imsi-{target}"
    absent = next(a for a in _ABSENT if a != target)
    return (
        DemoOrder("order-1", AGENCIES[0], target, content=True, location=True),
        DemoOrder("order-2", AGENCIES[1], target, content=False, location=False),
        DemoOrder("order-3", AGENCIES[1], absent, content=True, location=True),
    )


class Demo:
    """One run. Use as a context manager: leaving it stops every process."""

    def __init__(self, lab: Lab, orders: Iterable[DemoOrder], progress: Progress) -> None:
        self.lab = lab
        self.orders = tuple(orders)
        self.supervisor = Supervisor(lab)
        self._say = progress
        self._liids: dict[str, str] = {}
        self._xids: dict[str, str] = {}
        self._read: dict[str, Any] = {}
        self._status: api.StatusBody | None = None

    def __enter__(self) -> Demo:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.supervisor.stop()

    def run(self, capture: Iterable[bytes]) -> tuple[DemoResult, Verdict]:
        self.start()
        self.place_orders()
        self.read_capture(capture)
        self.end_orders()
        return self.verdict()

    def start(self) -> None:
        names = self.lab.functions
        self._say(f"starting {len(names)} functions, each a process with its own key")
        self.supervisor.start_all(START_SECONDS, fed=["poi"])

    def place_orders(self) -> None:
        """One officer registers and approves each order; the second approves; it becomes active."""
        first, second = (Client(self.lab.officer(name)) for name in OFFICERS)
        agencies = {a.name: a for a in self.lab.registry().agencies}
        start = datetime.now(UTC)
        for order in self.orders:
            subject = Subject.parse(order.subject)
            body = api.OrderBody(
                reference=order.reference,
                authority=agencies[order.agency].authority,
                agency=order.agency,
                legalBasis="demonstration, no law",
                start=start,
                end=start + _PERIOD,
                subject=api.SubjectBody(kind=subject.kind, value=subject.value),
                content=order.content,
                location=order.location,
                headerReporting=api.HeaderReportingBody(
                    kind=HeaderReportingKind.NONE, agreement="demonstration"
                ),
            )
            first.new_order(body)
            first.approve(order.reference)
            self._say(
                f"{order.reference} for {order.agency}: {OFFICERS[0]} approved; nothing runs yet"
            )
            second.approve(order.reference)
            self._say(f"{order.reference} for {order.agency}: {OFFICERS[1]} approved")
        self._say(
            "waiting until every mediation function and every element has confirmed its tasks"
        )
        self._wait(
            lambda status: all(order.active for order in status.orders.values()), "be active"
        )
        for order in self.orders:
            intent = first.order(order.reference).intent
            self._liids[order.reference] = intent.liid
            self._xids[order.reference] = intent.xid

    def read_capture(self, capture: Iterable[bytes]) -> None:
        probe = self.supervisor.processes["poi"]
        self._say("the probe reads the capture")
        with contextlib.suppress(BrokenPipeError):  # it died: wait_for says so
            for octets in capture:
                probe.stdin.write(octets)
            probe.stdin.close()
        self._read = probe.wait_for("poi.capture_end", READ_SECONDS)
        if self._read["error"]:
            raise ConfigurationError(f"the capture cannot be read: {self._read['error']}")
        cut = " (the file ends in the middle of one)" if self._read["cut"] else ""
        self._say(f"the probe has read {self._read['frames']} frames{cut}")

    def end_orders(self) -> None:
        """One officer ends every order; each agency is told (HI4) after its last product."""
        officer = Client(self.lab.officer(OFFICERS[0]))
        for order in self.orders:
            officer.end(order.reference)
        self._say("one officer has ended the orders; waiting until no element holds a task")
        self._wait(lambda s: s.converged and all(o.cleared for o in s.orders.values()), "end")
        self._status = officer.status()
        self.supervisor.stop()

    def verdict(self) -> tuple[DemoResult, Verdict]:
        if self._status is None:
            raise CustodesError("a verdict before the orders have ended")
        judged = judge(self.lab.evidence(), self._expected())
        taken = self.supervisor.processes["mdf"].last("mdf.counters") or {}
        result = DemoResult(
            orders=len(self.orders),
            agencies=len({o.agency for o in self.orders}),
            x1_requests=self._status.x1_requests,
            x1_confirmed=self._status.x1_confirmed,
            xiri=taken.get("xiri", {}),
            xcc=taken.get("xcc", 0),
            hi2=judged.hi2,
            hi3=judged.hi3,
            hi4=judged.hi4,
            lost=judged.lost,
            misdelivered=judged.misdelivered,
            evidence=str(self.lab.evidence()),
        )
        return result, judged

    def _expected(self) -> list[Expected]:
        sent = {
            entry["xid"]: Sent(entry["events"], entry["packets"], int(entry["digest"], 16))
            for entry in self._read["product"]
        }
        nothing = Sent({}, 0, 0)
        return [
            Expected(
                order.reference,
                order.agency,
                self._liids[order.reference],
                order.subject.removeprefix("imsi-"),
                order.content,
                sent.get(self._xids[order.reference], nothing),
            )
            for order in self.orders
        ]

    def _wait(self, reached: Callable[[api.StatusBody], bool], what: str) -> None:
        """Ask the administration until it says so; the functions must live meanwhile."""
        officer = Client(self.lab.officer(OFFICERS[0]))
        deadline = time.monotonic() + CONVERGE_SECONDS
        while True:
            status = officer.status()
            if reached(status):
                return
            dead = [name for name, p in self.supervisor.processes.items() if not p.alive]
            if dead or time.monotonic() > deadline:
                why = f"{', '.join(dead)} ended" if dead else f"not within {CONVERGE_SECONDS:g} s"
                raise CustodesError(
                    f"the orders did not {what}: {why}", remedy=f"see {self.lab.folder / 'log'}"
                )
            time.sleep(_POLL_SECONDS)


def capture_file(path: Path) -> Iterable[bytes]:
    """A capture in pieces; ConfigurationError where it cannot be read."""
    try:
        with path.open("rb") as file:
            while octets := file.read(_CHUNK):
                yield octets
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
