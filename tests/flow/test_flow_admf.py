"""The administration as a process: officers' clients on one side, a gate of elements on the other.

Everything is real but the gate, which here holds the elements itself: ElementSessions behind
mutual TLS, each checking the grants as our own functions do.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from custodes.app.client import AdmfRefusedError, Client
from custodes.app.clock import RandomIds
from custodes.app.config import AdmfConfig, X1GateConfig, load
from custodes.app.lab import ADMINISTRATOR, OFFICERS, Lab
from custodes.app.pki import LabCA
from custodes.base.errors import CustodesError, RefusedError
from custodes.base.ids import DID, XID
from custodes.cli import ne, officer, order, task
from custodes.functions.admf import api
from custodes.model.grant import Officers
from custodes.model.order import HeaderReportingKind, Subject
from custodes.model.party import Role
from custodes.model.registry import Element, Registry
from custodes.net.http import HTTPSClient, HTTPSServer, Request, Response, Route
from custodes.net.tls import Directory
from custodes.session.x1 import coverage, grants
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.session.x1.requester import Completed, Requester
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.grant import Grants
from custodes.wire.x1.report_messages import ReportTaskIssueRequest, TaskReportType
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ListOfDIDs, TaskDetails
from custodes.wire.x1.task_messages import ActivateTaskRequest

SUBJECT = "001010000000077"
ROGUE = XID(UUID("0bad0bad-0000-4000-8000-000000000000"))


class Covered:
    """An element's consent: only what grants cover, checked as our own functions check it."""

    def __init__(
        self, element: Element, registry: Registry, refused: set[HeaderReportingKind]
    ) -> None:
        self._name = element.neIdentifier
        self._officers = Officers(registry.parties)
        self._refused = refused

    def check_task(
        self, details: TaskDetails, held: tuple[Grants, ...], _previous: object, now: datetime
    ) -> None:
        found = tuple(g for each in held for g in grants.from_wire(each))
        if any(g.intent.order.header_reporting.kind in self._refused for g in found):
            raise RefusedError("this header reporting is not supported", code=3000)
        coverage.check_task(details, found, self._name, self._officers, now)

    def check_destination(
        self, details: DestinationDetails, held: tuple[Grants, ...], _p: object, now: datetime
    ) -> None:
        found = tuple(g for each in held for g in grants.from_wire(each))
        coverage.check_destination(details, found, self._name, self._officers, now)


class Anything(Covered):
    """An element that somebody else tasks."""

    def check_task(self, *_: object) -> None:
        return

    def check_destination(self, *_: object) -> None:
        return


@dataclass
class FakeGate:
    """The gate's URL per element, served in a thread of its own."""

    lab: Lab
    sessions: dict[str, ElementSession] = field(default_factory=dict)
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    away: set[str] = field(default_factory=set)
    refused: set[HeaderReportingKind] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.registry = self.lab.registry()
        for element in self.registry.elements:
            self.forget(element.neIdentifier)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def forget(self, name: str) -> None:
        """An element that was restarted and kept nothing."""
        element = self.registry.element(name)
        can = Capabilities(
            targetIdentifiers=frozenset({"supiimsi"}),
            deliveryTypes=frozenset({DeliveryType(element.kind.product.value)}),
            mediates=element.kind.mediates,
        )
        consent = Covered(element, self.registry, self.refused)
        self.sessions[name] = ElementSession(name, consent, capabilities=can)

    def start(self) -> None:
        folder = self.lab.function("x1gate")
        config = load(folder)
        assert isinstance(config, X1GateConfig)
        assert config.identity.listen is not None
        listen = config.identity.listen
        self.material = config.identity.material(folder)
        self._server = HTTPSServer(
            listen.host,
            listen.port,
            self.material,
            Directory(self.registry.parties),
            [Route("POST", "/X1/NE/{ne}", frozenset({Role.ADMF}), self._relay)],
        )
        self._thread.start()
        self.run(self._server.start())

    def stop(self) -> None:
        self.run(self._server.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def run(self, work):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _relay(self, request: Request) -> Response:
        name = request.parameters["ne"]
        if name in self.away:
            return Response(502)
        self.asked.append((name, request.body))
        now = datetime.now(UTC)
        return Response(200, self.sessions[name].handle(request.body, request.peer.name, now))

    def slip_in(self, name: str, *bodies: RequestBody) -> None:
        """What somebody else does to an element, beside the administration."""
        session = self.sessions[name]
        kept, session._acceptance = (
            session._acceptance,
            Anything(self.registry.element(name), self.registry, set()),
        )
        requester = Requester(admfIdentifier="other", neIdentifier=name, ids=RandomIds())
        now = datetime.now(UTC)
        answers = requester.response(session.handle(requester.request(bodies, now), "other", now))
        assert answers == [Completed()] * len(bodies)
        session._acceptance = kept

    def tasked(self) -> set[str]:
        return {name for name, session in self.sessions.items() if session.tasks}

    def changes(self) -> list[str]:
        return [name for name, octets in self.asked if b"GetAllDetails" not in octets]


class Admf:
    """The process, and what it said."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.lines: list[str] = []

    def start(self) -> None:
        code = (
            "import sys, pathlib; from custodes.app.admf import run; run(pathlib.Path(sys.argv[1]))"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, str(self._lab.function("admf"))],
            stdout=subprocess.PIPE,
            text=True,
        )
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(ready,), daemon=True)
        self._reader.start()
        assert ready.wait(30), self.lines

    def _read(self, ready: threading.Event) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line)
            if json.loads(line)["event"] == "admf.ready":
                ready.set()

    def stop(self) -> None:
        self._process.terminate()
        assert self._process.wait(30) == 0
        self._reader.join()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(30)


@dataclass
class Stage:
    lab: Lab
    gate: FakeGate
    admf: Admf

    def client(self, name: str) -> Client:
        return Client(self.lab.officer(name))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    lab = Lab.create(tmp_path / "lab", datetime.now(UTC))
    ca = LabCA(lab.folder / "pki")
    again = lab.officer("officer-1-again")
    _, party = ca.issue(
        again, "officer-1-again", Role.OFFICER, datetime.now(UTC), person=OFFICERS[0]
    )
    registry = lab.registry()
    lab.reenrol(Registry((*registry.parties, party), registry.elements, registry.agencies))
    for name in ("ca.pem", "client.toml", "registry.toml"):
        (again / name).write_bytes((lab.officer(OFFICERS[0]) / name).read_bytes())
    gate, admf = FakeGate(lab), Admf(lab)
    gate.start()
    admf.start()
    yield Stage(lab, gate, admf)
    admf.kill()
    gate.stop()


def body(reference: str = "A-1", **fields: object) -> api.OrderBody:
    now = datetime.now(UTC)
    letter = fields.pop("letter", "a")
    subject = Subject.parse(SUBJECT)
    values: dict[str, object] = {
        "reference": reference,
        "authority": f"authority-{letter}",
        "agency": f"agency-{letter}",
        "legalBasis": "§ 1",
        "start": now,
        "end": now + timedelta(hours=1),
        "subject": api.SubjectBody(kind=subject.kind, value=subject.value),
        "content": True,
        "location": True,
        "headerReporting": api.HeaderReportingBody(kind=HeaderReportingKind.PDHR, agreement="g-1"),
    }
    return api.OrderBody(**{**values, **fields})  # type: ignore[arg-type]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, "never happened"
        time.sleep(0.05)


def converged(client: Client) -> bool:
    return client.status().converged


def test_from_an_order_to_tasks_and_back(stage: Stage) -> None:
    one, two = stage.client(OFFICERS[0]), stage.client(OFFICERS[1])
    new = one.new_order(body("A/1"))
    one.approve("A/1")
    until(lambda: converged(one))
    assert stage.gate.tasked() == set()
    two.approve("A/1")
    until(lambda: one.order("A/1").active)
    assert stage.gate.tasked() == {"amf", "smf", "upf", "mdf2", "mdf3"}
    one.new_order(body("B-1", letter="b", content=False))
    one.approve("B-1")
    two.approve("B-1")
    until(lambda: one.order("B-1").active and converged(one))
    (on_mdf2,) = stage.gate.sessions["mdf2"].tasks.values()
    liids = [m.LIID for m in on_mdf2.listOfMediationDetails or ()]
    assert sorted(map(str, liids)) == sorted([new.intent.liid, one.order("B-1").intent.liid])
    first_poi = next(i for i, n in enumerate(stage.gate.changes()) if not n.startswith("mdf"))
    assert set(stage.gate.changes()[:first_poi]) == {"mdf2", "mdf3"}
    two.end("A/1")
    until(lambda: one.order("A/1").cleared)
    assert stage.gate.tasked() == {"amf", "smf", "mdf2"}
    two.end("B-1")
    until(lambda: one.order("B-1").cleared and converged(one))
    assert stage.gate.tasked() == set()
    assert not any(s.destinations for s in stage.gate.sessions.values())
    status = one.status()
    assert status.x1_requests == status.x1_confirmed == len(stage.gate.changes())
    stage.admf.stop()
    assert SUBJECT not in "".join(stage.admf.lines)


def mediated(gate: FakeGate, name: str) -> set[str]:
    tasks = gate.sessions[name].tasks.values()
    return {str(m.LIID) for t in tasks for m in t.listOfMediationDetails or ()}


def test_an_ended_order_goes_while_another_on_its_subject_is_refused(stage: Stage) -> None:
    one, two = stage.client(OFFICERS[0]), stage.client(OFFICERS[1])
    runner, as_ = CliRunner(), ["--as", str(stage.lab.officer(OFFICERS[0]))]
    stage.gate.refused.add(HeaderReportingKind.PDSR)
    reporting = api.HeaderReportingBody(kind=HeaderReportingKind.PDSR, agreement="g-2")
    for each in (body("A-1"), body("B-1", letter="b", headerReporting=reporting)):
        one.new_order(each)
        one.approve(each.reference)
        two.approve(each.reference)
        until(lambda: one.order("A-1").active)
    until(lambda: any("refused again" in a.what for a in one.status().alarms))
    until(lambda: runner.invoke(ne.app, ["status", "mdf2", *as_]).exit_code == 1)
    assert "refused again" in runner.invoke(ne.app, ["status", "mdf2", *as_]).stdout
    assert one.order("A-1").active
    first, second = (one.order(r).intent.liid for r in ("A-1", "B-1"))
    assert mediated(stage.gate, "mdf2") == mediated(stage.gate, "mdf3") == {first}
    (line,) = (t for t in one.tasks().tasks if t.neIdentifier == "mdf2")
    assert (set(line.liids), line.heldLiids, line.inStep) == ({first, second}, (first,), False)
    one.end("A-1")
    until(lambda: one.order("A-1").cleared)
    assert not any(mediated(stage.gate, name) for name in ("mdf2", "mdf3"))
    assert stage.gate.tasked() == set()
    assert not one.order("B-1").active
    stage.gate.refused.clear()
    until(lambda: one.order("B-1").active and converged(one))
    assert one.status().alarms == ()
    assert mediated(stage.gate, "mdf2") == {second}
    assert runner.invoke(ne.app, ["status", *as_]).exit_code == 0


def test_an_element_that_lost_everything_or_is_away_is_told(stage: Stage) -> None:
    one, two = stage.client(OFFICERS[0]), stage.client(OFFICERS[1])
    as_ = ["--as", str(stage.lab.officer(OFFICERS[0]))]
    one.new_order(body())
    one.approve("A-1")
    two.approve("A-1")
    until(lambda: converged(one) and one.order("A-1").active)
    stage.gate.forget("amf")
    until(lambda: "amf" in stage.gate.tasked())
    until(lambda: converged(one))
    stage.gate.away.add("amf")
    until(lambda: CliRunner().invoke(ne.app, ["status", "amf", *as_]).exit_code == 1)
    assert CliRunner().invoke(ne.app, ["status", "smf", *as_]).exit_code == 0
    stage.gate.away.clear()
    until(lambda: CliRunner().invoke(ne.app, ["status", "amf", *as_]).exit_code == 0)


def test_two_people_and_not_two_certificates(stage: Stage) -> None:
    one = stage.client(OFFICERS[0])
    one.new_order(body())
    one.approve("A-1")
    for same in (OFFICERS[0], "officer-1-again"):
        with pytest.raises(AdmfRefusedError) as refused:
            stage.client(same).approve("A-1")
        assert refused.value.status == 409
    assert one.order("A-1").state == "registered"
    assert stage.gate.changes() == []


def test_an_administrator_sees_no_subject_and_changes_nothing(stage: Stage) -> None:
    stage.client(OFFICERS[0]).new_order(body())
    administrator = stage.client(ADMINISTRATOR)
    seen = administrator.order("A-1").order
    assert (seen.subject, seen.legalBasis, seen.headerReporting.agreement) == (None, "", "")
    assert SUBJECT not in administrator.orders().model_dump_json()
    for attempt in (
        lambda: administrator.new_order(body("A-2")),
        lambda: administrator.end("A-1"),
    ):
        with pytest.raises(AdmfRefusedError) as refused:
            attempt()
        assert refused.value.status == 403
    with pytest.raises(CustodesError):
        administrator.approve("A-1")


def test_nobody_else_gets_in(stage: Stage) -> None:
    """An element's certificate, enrolled and valid, is no key to the API; nor to the reports."""
    admf = load(stage.lab.function("admf"))
    assert isinstance(admf, AdmfConfig)
    party = next(p for p in stage.gate.registry.parties if p.role is Role.ADMF)
    folder = stage.lab.function("poi")
    material = load(folder).amf.material(folder)  # type: ignore[union-attr]

    async def knock(method: str, path: str) -> int:
        client = HTTPSClient(material)
        try:
            url = f"https://{admf.identity.listen}{path}"
            return (await client.request(method, url, expected=party)).status
        finally:
            await client.close()

    assert stage.gate.run(knock("GET", "/orders")) == 403
    assert stage.gate.run(knock("POST", "/X1/ADMF")) == 403


def test_a_restart_arms_only_what_the_orders_cover(stage: Stage) -> None:
    one, two = stage.client(OFFICERS[0]), stage.client(OFFICERS[1])
    for each in (body("A-1"), body("B-1", letter="b", content=False)):
        one.new_order(each)
        one.approve(each.reference)
        two.approve(each.reference)
    until(lambda: converged(one))
    stage.gate.away = set(stage.gate.sessions)
    one.end("A-1")
    stage.admf.kill()
    for name in ("amf", "mdf2"):
        stage.gate.forget(name)
    stage.gate.away.clear()
    asked = len(stage.gate.asked)
    stage.admf.start()
    until(lambda: converged(one))
    assert stage.gate.tasked() == {"amf", "smf", "mdf2"}
    kept = one.order("B-1").intent.liid.encode()
    ended = one.order("A-1").intent.liid.encode()
    arming = [
        o for _, o in stage.gate.asked[asked:] if b"<x1:taskDetails" in o or b"taskDetails>" in o
    ]
    assert arming
    assert all(kept in octets and ended not in octets for octets in arming)


def test_what_is_not_ours_is_alarmed_and_left(stage: Stage) -> None:
    administrator = stage.client(ADMINISTRATOR)
    did = DID(ROGUE.value)
    stage.gate.slip_in(
        "amf",
        CreateDestinationRequest(
            destinationDetails=DestinationDetails(
                dId=did,
                deliveryType=DeliveryType.X2_ONLY,
                deliveryAddress=ip_delivery("203.0.113.66", 6666),
            )
        ),
        ActivateTaskRequest(
            taskDetails=TaskDetails(
                xId=ROGUE,
                targetIdentifiers=(TargetIdentifier("supiimsi", SUBJECT),),
                deliveryType=DeliveryType.X2_ONLY,
                listOfDIDs=ListOfDIDs(dId=(did,)),
            )
        ),
    )
    until(lambda: len(administrator.status().alarms) == 2)
    assert {a.neIdentifier for a in administrator.status().alarms} == {"amf"}
    assert ROGUE in stage.gate.sessions["amf"].tasks
    assert SUBJECT not in administrator.tasks().model_dump_json()
    assert stage.gate.changes() == []


def test_reports_are_kept_and_shown(stage: Stage) -> None:
    one = stage.client(OFFICERS[0])
    xid = XID.parse(one.new_order(body()).intent.xid)
    admf = load(stage.lab.function("admf"))
    assert isinstance(admf, AdmfConfig)
    party = next(p for p in stage.gate.registry.parties if p.role is Role.ADMF)
    requester = Requester(admfIdentifier=party.name, neIdentifier="smf", ids=RandomIds())

    async def report() -> bytes:
        client = HTTPSClient(stage.gate.material)
        octets = requester.request(
            [
                ReportTaskIssueRequest(
                    xId=xid,
                    taskReportType=TaskReportType.NON_TERMINATING_FAULT,
                    taskIssueErrorCode=3000,
                    taskIssueDetails=f"blind for imsi-{SUBJECT}",
                )
            ],
            datetime.now(UTC),
        )
        try:
            url = f"https://{admf.identity.listen}/X1/ADMF"
            return (await client.request("POST", url, octets, expected=party)).body
        finally:
            await client.close()

    assert requester.response(stage.gate.run(report())) == [Completed()]
    (shown,) = one.order("A-1").reports
    assert (shown.neIdentifier, shown.code, shown.detail) == ("smf", 3000, "blind for imsi-…")
    smf = next(e for e in one.elements().elements if e.neIdentifier == "smf")
    assert smf.reports == (shown,)


def test_the_commands(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner = CliRunner()
    secret = tmp_path / "subject"
    secret.write_text(f"imsi-{SUBJECT}\n")
    first, second = (str(stage.lab.officer(name)) for name in OFFICERS)
    new = [
        *("new", "--reference", "A-1", "--authority", "authority-a", "--agency", "agency-a"),
        *("--legal-basis", "§ 1", "--end", "+1h", "--subject", f"@{secret}", "--iri-only"),
        *("--agreement", "g-1", "--header-reporting", "PDHR"),
    ]

    def order_(*arguments: str) -> tuple[int, str]:
        result = runner.invoke(order.app, [*arguments])
        return result.exit_code, result.stdout

    assert order_(*new, "--as", first)[0] == 0
    code, text = order_("approve", "A-1", "--as", first)
    assert code == 0
    assert SUBJECT in text  # the officer sees what the officer approves
    assert "IRI only, without location" in text
    code, text = order_("approve", "A-1", "--as", first, "--json")
    assert code == 1
    assert set(json.loads(text)) == {"error", "remedy"}
    code, text = order_("approve", "A-1", "--as", second, "--json")
    assert (code, json.loads(text)["state"]) == (0, "running")
    monkeypatch.setenv("CUSTODES_IDENTITY", first)
    until(lambda: json.loads(order_("show", "A-1", "--json")[1])["active"])
    until(lambda: runner.invoke(task.app, ["list"]).exit_code == 0)
    code, text = order_("list", "--json")
    assert (code, json.loads(text)["reference"]) == (0, "A-1")
    listed = runner.invoke(officer.app, ["list", "--json"]).stdout.splitlines()
    assert [json.loads(line)["name"] for line in listed] == [*OFFICERS, "officer-1-again"]
    assert runner.invoke(ne.app, ["list"]).exit_code == 0
    assert runner.invoke(ne.app, ["status", "amf"]).exit_code == 0
    assert runner.invoke(ne.app, ["ping", "amf"]).exit_code == 0
    stage.gate.away.add("amf")
    assert runner.invoke(ne.app, ["ping", "amf"]).exit_code == 1
    stage.gate.away.clear()
    assert json.loads(order_("end", "A-1", "--json")[1])["state"] == "ended"
    assert order_("show", "A-9")[0] == 1
    assert order_("new")[0] == 2
