"""Reports of our own elements to the administration: ReportNEIssue over X1, through the gate.

Callable from any thread, never blocks: reports wait in a bounded queue, in order; what does not
fit is counted and told with the next report that gets through.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from types import TracebackType

import structlog

from custodes.base.clock import Clock, IdSource
from custodes.base.errors import CustodesError
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.net.http import HTTPSClient
from custodes.net.tls import Material
from custodes.session.x1.requester import Requester
from custodes.wire.x1.report_messages import ReportNEIssueRequest, TypeOfNeIssueMessage

_LIMIT = 1000
_RETRY_SECONDS = 1.0


class Reports:
    """An async context manager: reports are sent while it is open."""

    def __init__(
        self,
        *,
        gate: Address,
        party: Party,
        materials: Mapping[str, Material],
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._url = f"https://{gate}/X1/ADMF"
        self._party = party
        self._clients = {name: HTTPSClient(material) for name, material in materials.items()}
        self._clock = clock
        self._ids = ids
        self._log = structlog.get_logger()
        self._waiting: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue(_LIMIT)
        self._unsaid = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Reports:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._send_all())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for client in self._clients.values():
            await client.close()

    def ne_issue(self, ne_identifier: str, kind: str, description: str) -> None:
        """``kind`` is a TypeOfNeIssueMessage; ``description`` holds no identity."""
        if self._loop is None:
            raise CustodesError("a report before the function was started")
        self._loop.call_soon_threadsafe(self._enqueue, (ne_identifier, kind, description))

    def _enqueue(self, report: tuple[str, str, str]) -> None:
        try:
            self._waiting.put_nowait(report)
        except asyncio.QueueFull:
            self._unsaid += 1

    async def _send_all(self) -> None:
        while True:
            ne_identifier, kind, description = await self._waiting.get()
            if self._unsaid:
                description += f"; {self._unsaid} reports before this one found no room"
                self._unsaid = 0
            while not await self._send(ne_identifier, kind, description):
                await asyncio.sleep(_RETRY_SECONDS)

    async def _send(self, ne_identifier: str, kind: str, description: str) -> bool:
        requester = Requester(
            admfIdentifier=self._party.name, neIdentifier=ne_identifier, ids=self._ids
        )
        body = ReportNEIssueRequest(
            typeOfNeIssueMessage=TypeOfNeIssueMessage(kind), description=description
        )
        try:
            response = await self._clients[ne_identifier].request(
                "POST",
                self._url,
                requester.request([body], self._clock.now()),
                expected=self._party,
            )
            requester.response(response.body)
        except CustodesError as error:
            self._log.warning("report.unsent", ne=ne_identifier, why=str(error))
            return False
        return True
