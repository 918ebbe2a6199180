"""An element of somebody else's, over real TLS: X1 of its own, as text, without our codec.

Its habits: version v1.6.1, times with three digits, answers without xsi:type, codes of its own.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import Registry
from custodes.net.http import HTTPSClient, HTTPSServer, Request, Response, Route
from custodes.net.ports import LOOPBACK, free_ports
from custodes.net.tls import Directory, Material

VERSION = "v1.6.1"
TIME = "2026-01-02T03:04:05.678Z"
ROOT = '<{0} xmlns="http://uri.etsi.org/03221/X1/2017/10" xmlns:xsi="{1}"{2}>{3}</{0}>'
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_MESSAGE = re.compile(
    r'<x1:x1RequestMessage xsi:type="x1:(\w+)Request">(.*?)</x1:x1RequestMes', re.S
)
_DONE = "<oK>AcknowledgedAndCompleted</oK>"
_NO_FAULTS = "<listOfFaults/>"


@dataclass
class ForeignElement:
    """``untyped`` and ``short_times`` say which of its habits it has today; ``error`` is a code
    that it answers every Ping with."""

    name: str
    material: Material
    registry: Registry
    gate: Address
    untyped: bool = True
    short_times: bool = True
    error: int | None = None
    asked: list[str] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    tasks: dict[str, str] = field(default_factory=dict)
    destinations: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.address = Address(LOOPBACK, free_ports(1)[0])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> ForeignElement:
        self._thread.start()
        self._server = HTTPSServer(
            self.address.host,
            self.address.port,
            self.material,
            Directory(self.registry.parties),
            [Route("POST", "/X1/NE", frozenset({Role.X1GATE}), self._handle)],
        )
        self._run(self._server.start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._server.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def report(self, code: int, what: str) -> str:
        """What the gate answers to a ReportNEIssue."""
        body = (
            f"<typeOfNeIssueMessage>Alert</typeOfNeIssueMessage><description>{what}</description>"
            f"<issueCode>{code}</issueCode>"
        )
        head = self._head("x1gate", str(uuid4()))
        message = (
            f'<x1RequestMessage xsi:type="ReportNEIssueRequest">{head}{body}</x1RequestMessage>'
        )
        text = ROOT.format("X1Request", XSI, "", message)
        return self._run(self._post(text.encode())).body.decode()

    async def _post(self, octets: bytes) -> Response:
        client = HTTPSClient(self.material)
        gate: Party = next(p for p in self.registry.parties if p.role is Role.X1GATE)
        url = f"https://{self.gate}/X1/ADMF"
        try:
            return await client.request("POST", url, octets, expected=gate)
        finally:
            await client.close()

    async def _handle(self, request: Request) -> Response:
        text = request.body.decode()
        found = _MESSAGE.findall(text)
        assert found, "no request"
        answers = "".join(self._answer(operation, body) for operation, body in found)
        # The prefix of the request: what the element holds is shown as it was sent.
        extra = re.search(r"<x1:X1Request([^>]*)>", text)
        assert extra is not None
        declared = re.sub(r'xmlns:xsi="[^"]*"', "", extra[1])
        return Response(200, ROOT.format("X1Response", XSI, f" {declared}", answers).encode())

    def _answer(self, operation: str, body: str) -> str:
        self.asked.append(operation)
        self.versions.add(_one("version", body))
        kind, content = f"{operation}Response", self._do(operation, body)
        if self.error is not None and operation == "Ping":
            kind, content = "ErrorResponse", _error(operation, self.error)
        head = self._head(_one("admfIdentifier", body), _one("x1TransactionId", body))
        typed = "" if self.untyped else f' xsi:type="{kind}"'
        return f"<x1ResponseMessage{typed}>{head}{content}</x1ResponseMessage>"

    def _head(self, admf: str, transaction: str) -> str:
        return (
            f"<admfIdentifier>{admf}</admfIdentifier><neIdentifier>{self.name}</neIdentifier>"
            f"<messageTimestamp>{self._time()}</messageTimestamp><version>{VERSION}</version>"
            f"<x1TransactionId>{transaction}</x1TransactionId>"
        )

    def _time(self) -> str:
        return TIME if self.short_times else TIME.replace("678Z", "678000Z")

    def _do(self, operation: str, body: str) -> str:
        if operation in ("ActivateTask", "ModifyTask"):
            self.tasks[_one("xId", body)] = _whole("taskDetails", body)
        elif operation in ("CreateDestination", "ModifyDestination"):
            self.destinations[_one("dId", body)] = _whole("destinationDetails", body)
        elif operation == "DeactivateTask":
            self.tasks.pop(_one("xId", body), None)
        elif operation == "RemoveDestination":
            self.destinations.pop(_one("dId", body), None)
        return self._everything() if operation == "GetAllDetails" else _DONE

    def _everything(self) -> str:
        status = (
            f"<taskStatus><provisioningStatus>complete</provisioningStatus>{_NO_FAULTS}"
            f"<timeOfLastModification>{self._time()}</timeOfLastModification></taskStatus>"
        )
        delivers = (
            "<destinationStatus><destinationDeliveryStatus>activeAndWorking"
            f"</destinationDeliveryStatus>{_NO_FAULTS}</destinationStatus>"
        )
        tasks = (
            f"<taskResponseDetails>{t}{status}</taskResponseDetails>" for t in self.tasks.values()
        )
        places = (
            f"<destinationResponseDetails>{d}{delivers}</destinationResponseDetails>"
            for d in self.destinations.values()
        )
        return (
            f"<neStatusDetails><neStatus>OK</neStatus>{_NO_FAULTS}</neStatusDetails>"
            f"<listOfTaskResponseDetails>{''.join(tasks)}</listOfTaskResponseDetails>"
            "<listOfDestinationResponseDetails>"
            f"{''.join(places)}</listOfDestinationResponseDetails>"
        )

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)


def _error(operation: str, code: int) -> str:
    return (
        f"<requestMessageType>{operation}</requestMessageType><errorInformation>"
        f"<errorCode>{code}</errorCode><errorDescription>not today</errorDescription>"
        "</errorInformation>"
    )


def _one(tag: str, text: str) -> str:
    found = re.search(f"<x1:{tag}>([^<]*)</x1:{tag}>", text)
    assert found is not None, tag
    return found[1]


def _whole(tag: str, text: str) -> str:
    found = re.search(f"<x1:{tag}>.*</x1:{tag}>", text, re.S)
    assert found is not None, tag
    return found[0]
