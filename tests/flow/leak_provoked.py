"""Whoever holds a stolen lab key says identities where they do not belong: what is refused, quoted
in an error, counted or alarmed must not carry them on.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from custodes.app.client import Client
from custodes.app.clock import RandomIds
from custodes.app.config import AdmfConfig, X1GateConfig, load
from custodes.app.lab import AGENCIES, OFFICERS, Lab
from custodes.base.errors import CustodesError
from custodes.base.ids import DID, XID
from custodes.functions.admf import api
from custodes.model.address import Address
from custodes.model.order import HeaderReportingKind, SubjectKind
from custodes.model.party import Party
from custodes.net.http import HTTPSClient
from custodes.net.stream import connect
from custodes.net.tls import Material
from custodes.session.x1.requester import Requester
from custodes.session.x2x3.sender import Sender
from custodes.wire.iri.payload import encode_xiri
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ListOfDIDs, TaskDetails
from custodes.wire.x1.task_messages import ActivateTaskRequest
from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    MatchedTargetIdentifier,
    SequenceNumber,
    Timestamp,
)
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType
from flow.between import stolen
from flow.lemf_load import registration

NAMESPACE = "http://uri.etsi.org/03221/X1/2017/10"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PAUSE = 0.3


class Provoker:
    """``told``: what was asked, and an HTTP status or what kind of no was the answer."""

    def __init__(self, lab: Lab, imsi: str, xid: str) -> None:
        self._lab, self._imsi, self._xid = lab, imsi, UUID(xid)
        self._registry = lab.registry()
        self.told: dict[str, str] = {}

    def everything(self) -> None:
        self._officer()
        self._x1()
        self._intake()
        self._receiver()

    def _party(self, name: str) -> Party:
        return next(party for party in self._registry.parties if party.name == name)

    def _officer(self) -> None:
        """Subjects in references, paths and bodies."""
        officer, now = Client(self._lab.officer(OFFICERS[0])), datetime.now(UTC)
        body = api.OrderBody(
            reference=f"case {self._imsi}",
            authority="authority-a",
            agency=AGENCIES[0],
            legalBasis="a test, no law",
            start=now,
            end=now + timedelta(hours=1),
            subject=api.SubjectBody(kind=SubjectKind.SUPIIMSI, value=self._imsi),
            content=False,
            location=False,
            headerReporting=api.HeaderReportingBody(kind=HeaderReportingKind.NONE, agreement="a"),
        )
        self._no("order by its subject", lambda: officer.new_order(body))
        self._no("order that is not", lambda: officer.order(f"imsi-{self._imsi}"))
        admf = _address(self._lab, "admf")
        for path in (f"/orders/{self._imsi}", f"/nowhere?subject={self._imsi}", "/orders"):
            octets = f'{{"subject": "imsi-{self._imsi}", '.encode()
            self._post(OFFICERS[0], "admf", f"https://{admf}{path}", octets)

    def _x1(self) -> None:
        """Tasks that nobody approved, X1 that is none, and a report that quotes a target."""
        task = TaskDetails(
            xId=XID(uuid4()),
            targetIdentifiers=(TargetIdentifier("supiimsi", self._imsi),),
            deliveryType=DeliveryType.X2_ONLY,
            listOfDIDs=ListOfDIDs(dId=(DID(uuid4()),)),
        )
        torn = f'<X1Request xmlns="{NAMESPACE}"><supiimsi>{self._imsi}</supi'.encode()
        gate, mdf2 = _address(self._lab, "x1gate"), self._registry.element("mdf2").x1
        amf = self._registry.element("amf").x1
        for thief, expected, ne, url in (
            ("admf", "x1gate", "amf", f"https://{gate}/X1/NE/amf"),
            ("admf", "x1gate", "amf", f"https://{gate}/X1/NE/{self._imsi}"),
            ("x1gate", "mdf2", "mdf2", f"https://{mdf2}/X1/NE"),
            ("x1gate", "amf", "amf", f"https://{amf}/X1/NE"),
        ):
            requester = Requester(admfIdentifier=thief, neIdentifier=ne, ids=RandomIds())
            asked = requester.request([ActivateTaskRequest(taskDetails=task)], datetime.now(UTC))
            for octets in (asked, torn, asked.replace(b"supiimsi", b"nonsense")):
                self._post(thief, expected, url, octets)
        report = self._report("amf", f"unknown target imsi-{self._imsi}, {self._imsi}@example.org")
        self._post("amf", "x1gate", f"https://{gate}/X1/ADMF", report)

    def _report(self, ne: str, what: str) -> bytes:
        time_ = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        head = (
            f"<admfIdentifier>x1gate</admfIdentifier><neIdentifier>{ne}</neIdentifier>"
            f"<messageTimestamp>{time_}</messageTimestamp><version>v1.6.1</version>"
            f"<x1TransactionId>{uuid4()}</x1TransactionId>"
        )
        body = (
            f"<typeOfNeIssueMessage>Alert</typeOfNeIssueMessage><description>{what}</description>"
        )
        message = (
            f'<x1RequestMessage xsi:type="ReportNEIssueRequest">{head}{body}</x1RequestMessage>'
        )
        whole = f'<X1Request xmlns="{NAMESPACE}" xmlns:xsi="{XSI}">{message}</X1Request>'
        return whole.encode()

    def _intake(self) -> None:
        """Product of a task that is none, of a format that is none, that does not decode."""
        digits = self._imsi.encode()
        name, event = registration(1)
        assert isinstance(event, dict)
        whole = encode_xiri((name, {**event, "sUPI": ("iMSI", self._imsi)}))
        for xid, form, payload in (
            (self._xid, PayloadFormat.TS_33_128, whole[:20] + digits),
            (self._xid, PayloadFormat.TS_33_128, whole),
            (self._xid, PayloadFormat.SIP, b"INVITE sip:" + digits),
            (uuid4(), PayloadFormat.TS_33_128, whole),
        ):
            self._send_product(xid, form, payload)
        self._send("amf", "mdf2", self._registry.element("mdf2").intake, digits * 20)

    def _send_product(self, xid: UUID, form: PayloadFormat, payload: bytes) -> None:
        sender = Sender(time.monotonic())
        attributes = (
            NFID(b"amf"),
            IPID(uuid4().hex[:8].encode()),
            SequenceNumber(0),
            Timestamp(time.time_ns()),
            MatchedTargetIdentifier(f"<supiimsi>{self._imsi}</supiimsi>"),
        )
        direction = PayloadDirection.FROM_TARGET
        sender.send(PDU(PDUType.X2, form, direction, xid, 0, attributes, payload), time.monotonic())
        intake = self._registry.element("mdf2").intake
        self._send("amf", "mdf2", intake, sender.data_to_send())

    def _receiver(self) -> None:
        """What is no PS-PDU, and what breaks the stream."""
        agency = self._registry.agency(AGENCIES[1])
        digits = self._imsi.encode()
        for octets in (bytes([0x30, len(digits) + 2, 4, len(digits)]) + digits, digits * 20):
            self._send("mdf2", agency.lemf.name, agency.hi2, octets)

    def _send(self, thief: str, expected: str, to: Address | None, octets: bytes) -> None:
        assert to is not None
        stream = connect(to.host, to.port, stolen(self._lab, thief), self._party(expected))
        with contextlib.closing(stream), contextlib.suppress(CustodesError):
            stream.send(octets)
            stream.receive(_PAUSE)
        self.told[f"{thief} to {expected} {len(self.told)}"] = "sent"

    def _post(self, thief: str, expected: str, url: str, octets: bytes) -> None:
        async def go() -> int:
            client = HTTPSClient(self._material(thief))
            try:
                answer = await client.request("POST", url, octets, expected=self._party(expected))
                return answer.status
            finally:
                await client.close()

        status = asyncio.run(go())
        self.told[f"{thief} to {expected} {len(self.told)}"] = str(status)

    def _material(self, name: str) -> Material:
        if name not in OFFICERS:
            return stolen(self._lab, name)
        folder = self._lab.officer(name)
        return Material(folder / "cert.pem", folder / "key.pem", folder / "ca.pem")

    def _no(self, what: str, ask: Callable[[], object]) -> None:
        try:
            ask()
        except CustodesError as error:
            self.told[what] = type(error).__name__
        else:
            raise AssertionError(f"{what} was not refused")


def _address(lab: Lab, function: str) -> Address:
    config = load(lab.function(function))
    assert isinstance(config, AdmfConfig | X1GateConfig)
    assert config.identity.listen is not None
    return config.identity.listen
