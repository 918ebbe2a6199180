"""What a peer may do differently, with running functions: only where enrolled, each use logged.

The element on the other side is not ours: it writes X1 by itself (foreign_element.py), or X2 PDUs
with its version octets swapped.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from custodes.app.client import Client
from custodes.app.config import PoiConfig, X1GateConfig, load
from custodes.app.lab import AGENCIES, OFFICERS, Lab
from custodes.app.poi import _Poi
from custodes.app.supervisor import Supervisor
from custodes.cli import ne
from custodes.functions.admf import api
from custodes.model.order import HeaderReportingKind, SubjectKind
from custodes.model.registry import ElementKind, X1Leniency, X2X3Quirk
from custodes.net.stream import Stream, connect, serve
from custodes.net.tls import Directory
from custodes.wire.x2x3.attributes import NFID, SequenceNumber
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, encode
from custodes.wire.x2x3.reader import Reader
from custodes.wire.x2x3.rules import keepalive, keepalive_acknowledgement
from flow.between import stolen
from flow.foreign_element import TIME, VERSION, ForeignElement
from flow.scenes import settled

DIGITS = "001010000000001"
WAIT = 60.0


def enrol(lab: Lab, name: str, **habits: Any) -> None:
    """Everybody is handed an enrolment in which this element has these habits."""
    registry = lab.registry()
    elements = tuple(
        replace(e, **habits) if e.neIdentifier == name else e for e in registry.elements
    )
    lab.reenrol(replace(registry, elements=elements))


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not reached():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def said(lab: Lab, function: str, event: str) -> list[dict[str, Any]]:
    lines = map(json.loads, lab.log(function).read_text().splitlines())
    return [line for line in lines if line["event"] == event]


class Scene:
    """A lab whose AMF is somebody else's."""

    def __init__(self, lab: Lab, supervisor: Supervisor, amf: ForeignElement) -> None:
        self.lab, self.supervisor, self.amf = lab, supervisor, amf
        self.officers = tuple(Client(lab.officer(name)) for name in OFFICERS)

    def start(self, *functions: str, **habits: Any) -> None:
        enrol(self.lab, "amf", ours=False, x1=self.amf.address, **habits)
        for name in functions:
            self.supervisor.start(name, feed=name == "poi")
        for name in functions:
            self.supervisor.processes[name].wait_for(f"{name}.ready", WAIT)

    def element(self) -> api.ElementLine:
        found = self.officers[0].elements().elements
        return next(e for e in found if e.neIdentifier == "amf")

    def uses(self) -> list[dict[str, Any]]:
        return said(self.lab, "x1gate", "x1gate.leniency_used")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    lab = settled(Lab.create(tmp_path / "lab", datetime.now(UTC)))
    gate = load(lab.function("x1gate"))
    assert isinstance(gate, X1GateConfig)
    assert gate.identity.listen is not None
    foreign = ForeignElement("amf", stolen(lab, "amf"), lab.registry(), gate.identity.listen)
    with ExitStack() as stack:
        supervisor = stack.enter_context(Supervisor(lab))
        yield Scene(lab, supervisor, stack.enter_context(foreign))


def order() -> api.OrderBody:
    now = datetime.now(UTC)
    return api.OrderBody(
        reference="order-1",
        authority="authority-a",
        agency=AGENCIES[0],
        legalBasis="section 1",
        start=now - timedelta(hours=1),
        end=now + timedelta(hours=1),
        subject=api.SubjectBody(kind=SubjectKind.SUPIIMSI, value=DIGITS),
        content=False,
        location=True,
        headerReporting=api.HeaderReportingBody(kind=HeaderReportingKind.NONE, agreement="none-1"),
    )


def test_an_element_with_habits_is_tasked_where_they_are_enrolled(scene: Scene) -> None:
    habits = {"leniencies": frozenset(X1Leniency), "x1Version": VERSION}
    scene.start("mdf", "x1gate", "poi", "admf", **habits)
    first, second = scene.officers
    first.new_order(order())
    first.approve("order-1")
    second.approve("order-1")
    until(lambda: first.order("order-1").active)
    assert len(scene.amf.tasks) == len(scene.amf.destinations) == 1
    assert scene.amf.versions == {VERSION}
    line = scene.element()
    assert (line.state, line.x1Version) == ("reachable", VERSION)
    assert line.leniencies == ("millisecondTimes", "untypedResponses")
    officer = ["--as", str(scene.lab.officer(OFFICERS[0]))]
    shown = CliRunner().invoke(ne.app, ["list", *officer]).stdout.splitlines()
    (amf,) = (columns for columns in map(str.split, shown) if columns[0] == "amf")
    assert amf[3:] == ["v1.6.1", "0.6", "reachable", "millisecondTimes", "untypedResponses"]
    uses = scene.uses()
    assert {(u["peer"], u["level"]) for u in uses} == {("amf", "warning")}
    for kind, path in (
        ("untypedResponses", "x1ResponseMessage[1]"),
        ("millisecondTimes", "x1ResponseMessage[1]/messageTimestamp"),
    ):
        assert [u for u in uses if (u["kind"], u["path"]) == (kind, path)], (kind, path)
    in_task = [u for u in uses if u["path"].endswith("/taskStatus/timeOfLastModification")]
    assert in_task
    asked = len(scene.amf.asked)
    until(lambda: sum(u["kind"] == "untypedResponses" for u in scene.uses()) >= asked)

    first.end("order-1")
    until(lambda: first.order("order-1").cleared)
    assert scene.amf.tasks == {}
    log = scene.lab.log("x1gate").read_text()
    assert DIGITS not in log
    assert TIME not in log


def test_the_same_element_is_refused_where_nothing_is_enrolled(scene: Scene) -> None:
    scene.start("x1gate", "admf")
    answer = scene.officers[0].ping("amf")
    assert not answer.answered
    until(lambda: scene.element().state == "unreachable")
    assert scene.amf.asked, "it was asked, and its answer refused"
    assert scene.amf.versions == {"v1.22.1"}
    failed = [e for e in said(scene.lab, "x1gate", "x1gate.x1") if e["ne"] == "amf"]
    assert {e["outcome"] for e in failed} == {"failed"}
    assert "xsi:type" in failed[0]["why"]
    assert "<x1:errorCode>1010</x1:errorCode>" in scene.amf.report(9010, "what")
    assert scene.element().reports == ()
    assert scene.uses() == []

    # One of the two is not enough; without either habit it is an element like others.
    scene.amf.untyped = False
    assert not scene.officers[0].ping("amf").answered
    scene.amf.short_times = False
    assert scene.officers[0].ping("amf").answered
    # It answers in its own version, which is not the one asked: that needs no leave, and is told.
    assert {use["kind"] for use in scene.uses()} == {"otherVersion"}


def test_reports_and_codes_of_its_own_reach_the_administration_as_text(scene: Scene) -> None:
    scene.start("x1gate", "admf", leniencies=frozenset({X1Leniency.MILLISECOND_TIMES}))
    scene.amf.untyped = False
    answer = scene.amf.report(77001, "the door is open")
    assert "ReportNEIssueResponse" in answer
    assert VERSION in answer
    until(lambda: len(scene.element().reports) == 1)
    (report,) = scene.element().reports
    assert (report.detail, report.code) == (
        "the element's own error 77 001: the door is open",
        None,
    )
    assert {(u["kind"], u["path"]) for u in scene.uses() if "Request" in u["path"]} == {
        ("millisecondTimes", "x1RequestMessage[1]/messageTimestamp"),
        ("foreignErrorCode", "x1RequestMessage/issueCode"),
    }
    scene.amf.error = 4711
    ping = scene.officers[0].ping("amf")
    assert not ping.answered
    assert "the element's own error 4 711: not today" in ping.detail
    foreign = [u for u in scene.uses() if u["kind"] == "foreignErrorCode"]
    assert foreign[-1]["path"] == "x1ResponseMessage[1]/errorInformation/errorCode"
    assert "77001" not in scene.lab.log("x1gate").read_text()
    assert "4711" not in scene.lab.log("x1gate").read_text()


def product(number: int) -> PDU:
    return PDU(
        PDUType.X2,
        PayloadFormat.TS_33_128,
        PayloadDirection.FROM_TARGET,
        UUID(int=1),
        0,
        (NFID(b"amf"), SequenceNumber(number)),
        b"",
    )


def swapped(pdu: PDU) -> bytes:
    octets = b"\5\0" + encode(pdu)[2:]
    assert octets != encode(pdu)
    return octets


def intake(lab: Lab) -> Stream:
    """A connection of the AMF to the MDF2."""
    mdf2 = lab.registry().element("mdf2")
    assert mdf2.intake is not None
    return connect(mdf2.intake.host, mdf2.intake.port, stolen(lab, "amf"), mdf2.party)


STREAM = b"".join(swapped(product(n)) for n in range(50)) + swapped(keepalive(0))


@pytest.fixture
def mdf(tmp_path: Path) -> Iterator[Callable[..., Lab]]:
    """Starts a mediation function whose AMF has the habits that a test asks for."""
    lab = settled(Lab.create(tmp_path / "lab", datetime.now(UTC)))
    with Supervisor(lab) as supervisor:

        def start(**habits: Any) -> Lab:
            enrol(lab, "amf", **habits)
            supervisor.start("mdf").wait_for("mdf.ready", WAIT)
            return lab

        yield start


def test_swapped_octets_are_refused_by_default(mdf: Callable[..., Lab]) -> None:
    lab = mdf()
    stream = intake(lab)
    stream.send(STREAM)
    assert stream.receive(WAIT) == b"", "the connection ends, and nothing is answered"
    until(lambda: bool(said(lab, "mdf", "mdf.alarm")))
    assert said(lab, "mdf", "mdf.alarm")[0]["kind"] == "intake"
    assert said(lab, "mdf", "mdf.quirk_used") == []


def test_swapped_octets_are_taken_where_enrolled_and_the_log_says_so_once(
    mdf: Callable[..., Lab],
) -> None:
    lab = mdf(x2x3Quirks=frozenset(X2X3Quirk), x2x3Version=(0, 5))
    for connection in (1, 2):
        stream = intake(lab)
        stream.send(STREAM)
        assert stream.receive(WAIT) == encode(keepalive_acknowledgement(0, (0, 5)))
        stream.close()
        use = {"ne": "mdf2", "peer": "amf", "kind": "swappedVersion", "level": "warning"}
        until(lambda n=connection: len(said(lab, "mdf", "mdf.quirk_used")) >= n)  # type: ignore[misc]
        told = said(lab, "mdf", "mdf.quirk_used")
        assert [{k: u[k] for k in use} for u in told] == [use] * connection
    until(lambda: bool(said(lab, "mdf", "mdf.counters")))
    until(lambda: said(lab, "mdf", "mdf.counters")[-1]["mdf2"].get("quirks_used") == 102)


@pytest.mark.parametrize("version", [(0, 5), (0, 6)])
def test_the_probe_sends_each_mdf_the_version_that_is_enrolled_for_it(
    tmp_path: Path, version: tuple[int, int]
) -> None:
    lab = settled(Lab.create(tmp_path / "lab", datetime.now(UTC)))
    enrol(lab, "mdf2", x2x3Version=version)
    mdf2 = lab.registry().element("mdf2")
    assert mdf2.intake is not None
    got: list[PDU] = []

    def take(stream: Stream) -> None:
        reader = Reader()
        while octets := stream.receive(WAIT):
            reader.receive_data(octets)
            while (pdu := reader.next_pdu()) is not None:
                got.append(pdu)
                if pdu.type is PDUType.KEEPALIVE:
                    number = pdu.attribute(SequenceNumber)
                    assert number is not None
                    stream.send(encode(keepalive_acknowledgement(number.value)))

    material, directory = stolen(lab, "mdf2"), Directory(lab.registry().parties)
    server = serve(
        mdf2.intake.host,
        mdf2.intake.port,
        material,
        directory,
        {p.role for p in lab.registry().parties},
        take,
    )
    config = load(lab.function("poi"))
    assert isinstance(config, PoiConfig)
    probe = _Poi(lab.function("poi"), config)
    side = probe._sides[ElementKind.AMF]
    link = probe._open_link(side, side.mdf)
    try:
        link.send(product(0))
        assert link.drain(WAIT)
    finally:
        link.close()
        server.close()
    assert [pdu.type for pdu in got[:2]] == [PDUType.X2, PDUType.KEEPALIVE]
    assert {pdu.version for pdu in got} == {version}
