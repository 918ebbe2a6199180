"""Mediation and two lab receivers as processes, over mutual TLS; the test is the gate and the POI.

Two agencies in every scene: product reaches only the agency whose order it is.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from custodes.app.clock import RandomIds
from custodes.app.config import X1GateConfig, load
from custodes.app.lab import AGENCIES, OFFICERS, Lab
from custodes.base.ids import DID, LIID, XID
from custodes.model.grant import Approval, Grant
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import (
    HeaderReporting,
    HeaderReportingKind,
    Order,
    Subject,
    SubjectKind,
)
from custodes.model.party import Party, Role
from custodes.model.registry import Registry
from custodes.net.http import HTTPSClient, HTTPSServer, Request, Response, Route
from custodes.net.stream import Stream, connect
from custodes.net.tls import Directory, Material
from custodes.session.x1.grants import to_extension
from custodes.session.x1.reports import ReportReceiver
from custodes.session.x1.requester import Completed, Refused, Requester, Result
from custodes.session.x2x3.events import KeepaliveAcknowledged
from custodes.session.x2x3.sender import Sender
from custodes.wire.iri.payload import encode_xiri
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    MediationDeliveryType,
    MediationDetails,
    TaskDetails,
)
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    ModifyTaskRequest,
)
from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    MatchedTargetIdentifier,
    SequenceNumber,
    Timestamp,
)
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType
from flow.scenes import settled

IMSI, OTHER_IMSI = "001010000000001", "001010000000002"
NS = 1_700_000_000_123_456_000
SESSION = 0x1_0000_0007
FTEID = {"tEID": 7, "iPv4Address": bytes([192, 0, 2, 9])}
PACKETS = [
    bytes.fromhex("450000160000000040010000c6336407cb007109") + bytes([number, 0xEE])
    for number in range(3)
]
_WAIT = 20.0
_RUN = "import sys; from pathlib import Path; from custodes.app.run import run_function; "
_RUN += "sys.exit(run_function(Path(sys.argv[1])))"


def registration(imsi: str = IMSI) -> tuple[str, Any]:
    guti = {"mCC": "001", "mNC": "01", "aMFRegionID": 1, "aMFSetID": 1, "aMFPointer": 0}
    return (
        "registration",
        {
            "registrationType": "initial",
            "registrationResult": "threeGPPAccess",
            "sUPI": ("iMSI", imsi),
            "gUTI": {**guti, "fiveGTMSI": 1},
        },
    )


def establishment(imsi: str = IMSI) -> tuple[str, Any]:
    return (
        "pDUSessionEstablishment",
        {
            "sUPI": ("iMSI", imsi),
            "pDUSessionID": 1,
            "gTPTunnelID": FTEID,
            "pDUSessionType": "iPv4",
            "dNN": "internet",
            "requestType": "initialRequest",
            "gTPTunnelInfo": {"fiveGSGTPTunnels": {"uLNGUUPTunnelInformation": FTEID}},
        },
    )


def gtpu(packet: bytes) -> bytes:
    return b"\x30\xff" + len(packet).to_bytes(2, "big") + b"\0\0\0\7" + packet


@dataclass
class Process:
    """A function started like the supervisor starts it."""

    name: str
    popen: subprocess.Popen[str]
    events: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def start(cls, lab: Lab, name: str) -> Process:
        popen = subprocess.Popen(
            [sys.executable, "-c", _RUN, str(lab.function(name))],
            stdout=subprocess.PIPE,
            text=True,
        )
        return cls(name, popen)

    def wait_for(self, event: str) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.events.append(json.loads(line))
            if self.events[-1]["event"] == event:
                return
        pytest.fail(f"{self.name} ended before {event}")

    def stop(self) -> int:
        self.popen.terminate()
        out, _ = self.popen.communicate(timeout=_WAIT)
        self.events += [json.loads(line) for line in out.splitlines()]
        return self.popen.returncode

    def last(self, event: str) -> dict[str, Any]:
        return next(e for e in reversed(self.events) if e["event"] == event)


class Gate:
    """Speaks X1 with the gate's key, and takes reports in as the gate does."""

    def __init__(self, lab: Lab, registry: Registry) -> None:
        self._registry = registry
        folder = lab.function("x1gate")
        identity = folder / "x1gate"
        self._material = Material(identity / "cert.pem", identity / "key.pem", folder / "ca.pem")
        self.reports: list[str] = []
        self._receiver = ReportReceiver("x1gate")

    def ask(self, ne: str, *bodies: RequestBody) -> list[Result]:
        return asyncio.run(self._ask(ne, bodies))

    async def _ask(self, ne: str, bodies: tuple[RequestBody, ...]) -> list[Result]:
        element = self._registry.element(ne)
        requester = Requester(admfIdentifier="x1gate", neIdentifier=ne, ids=RandomIds())
        client = HTTPSClient(self._material)
        octets = requester.request(bodies, datetime.now(UTC))
        url = f"https://{element.x1}/X1/NE"
        try:
            answer = await client.request("POST", url, octets, expected=element.party)
        finally:
            await client.close()
        assert answer.status == 200
        return list(requester.response(answer.body))

    def collect(self, host: str, port: int, reached: Callable[[], bool]) -> None:
        """Take reports in until ``reached``."""
        asyncio.run(self._collect(host, port, reached))

    async def _collect(self, host: str, port: int, reached: Callable[[], bool]) -> None:
        async def report(request: Request) -> Response:
            octets = self._receiver.handle(request.body, request.peer.name, datetime.now(UTC))
            while (event := self._receiver.next_event()) is not None:
                self.reports.append(f"{event.neIdentifier} {event.report.description}")  # type: ignore[union-attr]
            return Response(200, octets)

        route = Route("POST", "/X1/ADMF", frozenset({Role.MDF}), report)
        directory = Directory(self._registry.parties)
        server = HTTPSServer(host, port, self._material, directory, [route])
        await server.start()
        try:
            async with asyncio.timeout(_WAIT):
                while not reached():
                    await asyncio.sleep(0.02)
        finally:
            await server.close()


class Poi:
    """One connection of an element to an intake; ``drain`` returns when all is taken in."""

    def __init__(self, lab: Lab, registry: Registry, name: str, mdf: str) -> None:
        folder = lab.function("poi")
        identity = folder / name
        material = Material(identity / "cert.pem", identity / "key.pem", folder / "ca.pem")
        element = registry.element(mdf)
        assert element.intake is not None
        self._stream: Stream = connect(
            element.intake.host, element.intake.port, material, element.party
        )
        self._sender = Sender(time.monotonic())
        self._name = name
        self._number = 0

    def xiri(self, xid: XID, event: tuple[str, Any], correlation: int = 0) -> None:
        self._send(PDUType.X2, PayloadFormat.TS_33_128, xid, correlation, encode_xiri(event))

    def xcc(self, xid: XID, packet: bytes, correlation: int = SESSION) -> None:
        self._send(PDUType.X3, PayloadFormat.GTP_U, xid, correlation, gtpu(packet))

    def other(self, xid: XID, payload_format: PayloadFormat) -> None:
        self._send(PDUType.X2, payload_format, xid, 0, b"INVITE")

    def drain(self) -> None:
        number = self._sender.drain(time.monotonic())
        while True:
            if octets := self._sender.data_to_send():
                self._stream.send(octets)
            octets = self._stream.receive(_WAIT) or b""
            assert octets, "the mediation function closed the connection"
            self._sender.receive_data(octets, time.monotonic())
            while (event := self._sender.next_event()) is not None:
                if event == KeepaliveAcknowledged(number):
                    return

    def close(self) -> None:
        self._stream.close()

    def _send(
        self, kind: PDUType, form: PayloadFormat, xid: XID, correlation: int, payload: bytes
    ) -> None:
        attributes = (
            NFID(self._name.encode()),
            IPID(b"poi"),
            SequenceNumber(self._number),
            Timestamp(NS),
            MatchedTargetIdentifier(f"<supiimsi>{IMSI}</supiimsi>"),
        )
        direction = PayloadDirection.FROM_TARGET
        pdu = PDU(kind, form, direction, xid.value, correlation, attributes, payload)
        self._number += 1
        self._sender.send(pdu, time.monotonic())


class Scene:
    """A lab with two agencies, its mediation function and their receivers running."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.registry = lab.registry()
        self.gate = Gate(lab, self.registry)
        self.processes = {
            name: Process.start(lab, name)
            for name in (*(f"lemf-{agency}" for agency in AGENCIES), "mdf")
        }
        for name, process in self.processes.items():
            process.wait_for("mdf.ready" if name == "mdf" else "lemf.ready")

    def stop(self) -> dict[str, int]:
        order = ("mdf", *(f"lemf-{agency}" for agency in AGENCIES))
        return {name: self.processes[name].stop() for name in order}

    def poi(self, name: str) -> Poi:
        return Poi(self.lab, self.registry, name, "mdf3" if name == "upf" else "mdf2")

    def grant(
        self, agency: str, xid: XID, *, content: bool, seconds: float = 3600, imsi: str = IMSI
    ) -> Grant:
        now = datetime.now(UTC)
        enrolled = self.registry.agency(agency)
        order = Order(
            reference=f"ORDER-{agency}-{uuid4().hex[:6]}",
            authority=enrolled.authority,
            agency=agency,
            legal_basis="a test, no law",
            start=now - timedelta(seconds=1),
            end=now + timedelta(seconds=seconds),
            subject=Subject(SubjectKind.SUPIIMSI, imsi),
            content=content,
            location=True,
            header_reporting=HeaderReporting(HeaderReportingKind.NONE, "a-test"),
        )
        elements = [ElementTask(name, Product.X2) for name in ("amf", "smf", "mdf2")]
        deliveries = [Delivery(did(agency, Purpose.HI2), Purpose.HI2, enrolled.hi2)]
        if content:
            elements += [ElementTask(name, Product.X3) for name in ("upf", "mdf3")]
            deliveries.append(Delivery(did(agency, Purpose.HI3), Purpose.HI3, enrolled.hi3))
        liid = LIID(f"L-{agency}-{uuid4().hex[:6]}")
        intent = Intent(order, xid, liid, tuple(elements), tuple(deliveries))
        return Grant(intent, tuple(self._approval(name, intent, now) for name in OFFICERS))

    def _approval(self, name: str, intent: Intent, now: datetime) -> Approval:
        party = next(p for p in self.registry.parties if p.name == name)
        return Approval(name, party.fingerprint, now, intent.digest())

    def create(self, ne: str, grant: Grant) -> list[Result]:
        purpose = Purpose.HI3 if ne == "mdf3" else Purpose.HI2
        delivery = next(d for d in grant.intent.deliveries if d.purpose is purpose)
        details = DestinationDetails(
            dId=delivery.did,
            deliveryType=delivery_type(ne),
            deliveryAddress=ip_delivery(delivery.address.host, delivery.address.port),
            destinationDetailsExtensions=(to_extension([grant]),),
        )
        return self.gate.ask(ne, CreateDestinationRequest(destinationDetails=details))

    def must(self, results: list[Result]) -> None:
        assert results == [Completed()] * len(results), results

    def evidence(self, agency: str, grant: Grant) -> Path:
        return self.lab.evidence(agency) / str(grant.intent.liid)

    def wait(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _WAIT
        while not reached():
            assert time.monotonic() < deadline, "it did not come to pass"
            time.sleep(0.02)


def did(agency: str, purpose: Purpose) -> DID:
    return DID(UUID(int=100 + 10 * AGENCIES.index(agency) + list(Purpose).index(purpose)))


def delivery_type(ne: str) -> DeliveryType:
    return DeliveryType.X3_ONLY if ne == "mdf3" else DeliveryType.X2_ONLY


def task(ne: str, *grants: Grant, changed_did: DID | None = None) -> TaskDetails:
    purpose = Purpose.HI3 if ne == "mdf3" else Purpose.HI2
    kind = MediationDeliveryType.HI3_ONLY if ne == "mdf3" else MediationDeliveryType.HI2_ONLY
    entries = []
    for grant in grants:
        own = did(grant.intent.order.agency, purpose)
        entries.append(
            MediationDetails(
                LIID=grant.intent.liid,
                deliveryType=kind,
                StartTime=grant.intent.order.start,
                EndTime=grant.intent.order.end,
                listOfDIDs=ListOfDIDs(dId=(changed_did or own,)),
            )
        )
    dids = tuple(sorted({d for e in entries if e.listOfDIDs for d in e.listOfDIDs.dId}))
    return TaskDetails(
        xId=grants[0].intent.xid,
        targetIdentifiers=(TargetIdentifier("supiimsi", grants[0].intent.order.subject.value),),
        deliveryType=delivery_type(ne),
        listOfDIDs=ListOfDIDs(dId=dids),
        listOfMediationDetails=tuple(entries),
        taskDetailsExtensions=(to_extension(grants),),
    )


def activate(ne: str, *grants: Grant) -> ActivateTaskRequest:
    return ActivateTaskRequest(taskDetails=task(ne, *grants))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def packets(path: Path) -> list[bytes]:
    octets, found, at = path.read_bytes() if path.exists() else b"", [], 24
    while at < len(octets):
        size = int.from_bytes(octets[at + 8 : at + 12], "little")
        found.append(octets[at + 16 : at + 16 + size])
        at += 16 + size
    return found


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(settled(Lab.create(tmp_path / "lab", datetime.now(UTC))))
    try:
        yield made
    finally:
        for process in made.processes.values():
            if process.popen.poll() is None:
                process.popen.kill()
                process.popen.wait()


def test_two_agencies_each_get_their_own_and_nothing_else(scene: Scene) -> None:
    a, b = AGENCIES
    xid, absent, strange = (XID(uuid4()) for _ in range(3))
    for_a = scene.grant(a, xid, content=True)
    for_b = scene.grant(b, xid, content=False)
    for_nobody = scene.grant(b, absent, content=True, imsi=OTHER_IMSI)
    for grant in (for_a, for_b):
        scene.must(scene.create("mdf2", grant))
    for grant in (for_a, for_nobody):
        scene.must(scene.create("mdf3", grant))
    scene.must(scene.gate.ask("mdf2", activate("mdf2", for_a)))
    scene.must(scene.gate.ask("mdf3", activate("mdf3", for_a)))
    joined = ModifyTaskRequest(taskDetails=task("mdf2", for_a, for_b))
    scene.must(scene.gate.ask("mdf2", joined))
    scene.must(scene.gate.ask("mdf2", activate("mdf2", for_nobody)))
    scene.must(scene.gate.ask("mdf3", activate("mdf3", for_nobody)))

    amf, smf, upf = (scene.poi(name) for name in ("amf", "smf", "upf"))
    amf.xiri(xid, registration())
    amf.xiri(strange, registration())
    amf.other(xid, PayloadFormat.SIP)
    smf.xiri(xid, establishment(), SESSION)
    for packet in PACKETS:
        upf.xcc(xid, packet)
    for poi in (amf, smf, upf):
        poi.drain()
        poi.close()
    for ne in ("mdf2", "mdf3"):
        for grant in (for_a, for_nobody):
            ending = DeactivateTaskRequest(xId=grant.intent.xid)
            scene.must(scene.gate.ask(ne, ending))
    assert scene.stop() == dict.fromkeys(scene.processes, 0)

    iri_a = lines(scene.evidence(a, for_a) / "iri.jsonl")
    iri_b = lines(scene.evidence(b, for_b) / "iri.jsonl")
    for iri, grant in ((iri_a, for_a), (iri_b, for_b)):
        assert sorted(line["event"] for line in iri) == ["pDUSessionEstablishment", "registration"]
        assert {line["liid"] for line in iri} == {str(grant.intent.liid)}
        assert not any("continuity" in line for line in iri)
    assert packets(scene.evidence(a, for_a) / "content.pcap") == PACKETS
    assert [p.name for p in scene.evidence(b, for_b).iterdir()] == ["iri.jsonl"]
    assert list(scene.evidence(b, for_nobody).iterdir()) == []
    folders = {
        agency: {p.name for p in scene.lab.evidence(agency).iterdir() if p.is_dir()}
        for agency in AGENCIES
    }
    assert folders == {
        a: {str(for_a.intent.liid)},
        b: {str(for_b.intent.liid), str(for_nobody.intent.liid)},
    }
    told = [
        (line["liid"], line["notificationType"], line["header"]["networkElementIdentifier"])
        for line in lines(scene.lab.evidence(b) / "notifications.jsonl")
    ]
    assert sorted(told) == sorted(
        [
            *((str(for_b.intent.liid), kind, "mdf2") for kind in ("activation", "deactivation")),
            *(
                (str(for_nobody.intent.liid), kind, side)
                for kind in ("activation", "deactivation")
                for side in ("mdf2", "mdf3")
            ),
        ]
    )
    counters = scene.processes["mdf"].last("mdf.counters")
    assert counters["final"] is True
    assert counters["xiri"] == {"registration": 1, "pDUSessionEstablishment": 1}
    assert counters["xcc"] == 3
    mdf2, mdf3 = counters["mdf2"], counters["mdf3"]
    assert mdf2["refused"] == {"no_task": 1, "wrong_format": 1}
    assert (mdf2["hi2"], mdf2["hi4"], mdf2["queue"], mdf2["misrouted"]) == (4, 6, 0, 0)
    assert (mdf3["hi3"], mdf3["hi4"], mdf3["queue"], mdf3["misrouted"]) == (3, 4, 0, 0)
    kinds = [e["kind"] for e in scene.processes["mdf"].events if e["event"] == "mdf.alarm"]
    assert {"no_task", "wrong_format"} <= set(kinds)
    for process in scene.processes.values():
        assert IMSI not in json.dumps(process.events)


def test_an_order_ends_by_itself_though_nobody_deactivates(scene: Scene) -> None:
    a, b = AGENCIES
    xid = XID(uuid4())
    short = scene.grant(a, xid, content=False, seconds=4)
    long = scene.grant(b, xid, content=False)
    for grant in (short, long):
        scene.must(scene.create("mdf2", grant))
    scene.must(scene.gate.ask("mdf2", activate("mdf2", short, long)))
    amf = scene.poi("amf")
    amf.xiri(xid, registration())
    amf.drain()
    notices = scene.lab.evidence(a) / "notifications.jsonl"
    scene.wait(lambda: len(lines(notices)) == 2)
    assert [line["notificationType"] for line in lines(notices)] == ["activation", "deactivation"]
    assert datetime.now(UTC) >= short.intent.order.end
    amf.xiri(xid, registration())
    amf.drain()
    amf.close()
    assert scene.stop()["mdf"] == 0
    assert len(lines(scene.evidence(a, short) / "iri.jsonl")) == 1
    assert len(lines(scene.evidence(b, long) / "iri.jsonl")) == 2


def test_what_no_grant_covers_is_refused_and_changes_nothing(scene: Scene) -> None:
    a, b = AGENCIES
    xid = XID(uuid4())
    for_a = scene.grant(a, xid, content=False)
    for_b = scene.grant(b, xid, content=False)
    for grant in (for_a, for_b):
        scene.must(scene.create("mdf2", grant))
    once = Grant(for_a.intent, (for_a.approvals[0], for_a.approvals[0]))
    crossed = task("mdf2", for_a, changed_did=did(b, Purpose.HI2))
    bare = TaskDetails(
        xId=xid,
        targetIdentifiers=crossed.targetIdentifiers,
        deliveryType=crossed.deliveryType,
        listOfDIDs=ListOfDIDs(dId=(did(a, Purpose.HI2),)),
        listOfMediationDetails=task("mdf2", for_a).listOfMediationDetails,
    )
    refused = [
        activate("mdf2", once),
        ActivateTaskRequest(taskDetails=crossed),
        ActivateTaskRequest(taskDetails=bare),
    ]
    for request in refused:
        (result,) = scene.gate.ask("mdf2", request)
        assert isinstance(result, Refused)
        assert result.code == 3000
        assert IMSI not in result.text
    stranger = DestinationDetails(
        dId=DID(uuid4()),
        deliveryType=DeliveryType.X2_ONLY,
        deliveryAddress=ip_delivery("192.0.2.66", 4000),
        destinationDetailsExtensions=(to_extension([for_a]),),
    )
    (result,) = scene.gate.ask("mdf2", CreateDestinationRequest(destinationDetails=stranger))
    assert isinstance(result, Refused)
    amf = scene.poi("amf")
    amf.xiri(xid, registration())
    amf.drain()
    amf.close()
    assert scene.stop()["mdf"] == 0
    for agency in AGENCIES:
        assert not any(p.is_dir() for p in scene.lab.evidence(agency).iterdir())
    assert scene.processes["mdf"].last("mdf.counters")["mdf2"]["refused"] == {"no_task": 1}


def test_a_receiver_that_dies_gets_everything_when_it_is_back(scene: Scene) -> None:
    a, _ = AGENCIES
    xid = XID(uuid4())
    grant = scene.grant(a, xid, content=True)
    scene.must(scene.create("mdf3", grant))
    scene.must(scene.gate.ask("mdf3", activate("mdf3", grant)))
    upf = scene.poi("upf")
    upf.xcc(xid, PACKETS[0])
    upf.drain()
    content = scene.evidence(a, grant) / "content.pcap"
    scene.wait(lambda: packets(content) == PACKETS[:1])
    name = f"lemf-{a}"
    scene.processes[name].stop()
    upf.xcc(xid, PACKETS[1])
    upf.xcc(xid, PACKETS[2])
    upf.drain()
    upf.close()
    scene.processes[name] = Process.start(scene.lab, name)
    scene.processes[name].wait_for("lemf.ready")
    scene.wait(lambda: packets(content) == PACKETS)
    assert scene.stop()["mdf"] == 0
    assert scene.processes["mdf"].last("mdf.counters")["mdf3"]["queue"] == 0


def test_refusals_reach_the_administration_through_the_gate(scene: Scene) -> None:
    smf = scene.poi("smf")
    smf.xiri(XID(uuid4()), establishment(), SESSION)
    smf.drain()
    smf.close()
    config = load(scene.lab.function("x1gate"))
    assert isinstance(config, X1GateConfig)
    address = config.identity.listen
    assert address is not None
    reports = scene.gate.reports
    scene.gate.collect(address.host, address.port, lambda: any("no_task" in r for r in reports))
    assert reports[0].startswith("mdf2 no_task: ")


def test_strangers_reach_neither_intake_nor_receiver(scene: Scene) -> None:
    officer = scene.lab.officer(OFFICERS[0])
    material = Material(officer / "cert.pem", officer / "key.pem", officer / "ca.pem")
    element = scene.registry.element("mdf2")
    assert element.intake is not None
    agency = scene.registry.agency(AGENCIES[0])
    for host, port, party in (
        (element.intake.host, element.intake.port, element.party),
        (agency.hi2.host, agency.hi2.port, agency.lemf),
    ):
        assert _is_closed(host, port, material, party)
    scene.stop()
    refused = scene.processes["mdf"].last("mdf.counters")["mdf2"]["refused"]
    assert refused == {"unenrolled_peer": 1}
    received = scene.processes[f"lemf-{AGENCIES[0]}"].last("lemf.received")
    assert received["refused_connections"] == 1


def _is_closed(host: str, port: int, material: Material, party: Party) -> bool:
    stream = connect(host, port, material, party)
    try:
        return stream.receive(_WAIT) == b""
    finally:
        stream.close()
