"""Reports of our own elements to the administration: ReportNEIssue over X1, through the gate.

Callable from any thread, never blocks: reports wait in a bounded queue, in order, for as long as
the gate is down; what does not fit is counted and told with the next report that gets through.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from types import TracebackType

import structlog

from custodes.base.clock import Clock, IdSource
from custodes.base.errors import CustodesError, EncodeError
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.net.http import HTTPSClient
from custodes.net.tls import Material
from custodes.session.x1.requester import Refused, Requester, Result
from custodes.wire.x1.report_messages import ReportNEIssueRequest, TypeOfNeIssueMessage

_LIMIT = 1000
_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 30.0

# neIdentifier, kind, description, issueCode
_Report = tuple[str, str, str, int | None]


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
        self._waiting: asyncio.Queue[_Report] = asyncio.Queue(_LIMIT)
        self._unsaid = 0
        self._open = 0
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
            self._task = None
        if left := self._open + self._unsaid:
            self._log.error("report.lost", reports=left, why="stopped before they were sent")
        for client in self._clients.values():
            await client.close()

    def ne_issue(
        self, ne_identifier: str, kind: str, description: str, code: int | None = None
    ) -> None:
        """``kind`` is a TypeOfNeIssueMessage; ``description`` holds no identity; ``code`` is the
        issueCode, where the standard has one."""
        if self._loop is None or ne_identifier not in self._clients:
            raise CustodesError("a report before the function was started, or of another element")
        if kind not in set(TypeOfNeIssueMessage):
            raise CustodesError(f"{kind} is no kind of report")
        try:
            report = (ne_identifier, kind, description, code)
            self._loop.call_soon_threadsafe(self._enqueue, report)
        except RuntimeError:  # the loop is closed: the function has stopped
            self._log.error("report.lost", reports=1, why="made after the function had stopped")

    def _enqueue(self, report: _Report) -> None:
        try:
            self._waiting.put_nowait(report)
            self._open += 1
        except asyncio.QueueFull:
            self._unsaid += 1

    async def _send_all(self) -> None:
        while True:
            ne_identifier, kind, description, code = await self._waiting.get()
            unsaid = self._unsaid
            if unsaid:
                description += f"; {unsaid} other reports found no room"
            if await self._deliver(ne_identifier, kind, description, code):
                self._unsaid -= unsaid
            self._open -= 1

    async def _deliver(
        self, ne_identifier: str, kind: str, description: str, code: int | None
    ) -> bool:
        """Until the gate has answered; False where asking again would not change the answer."""
        pause = _RETRY_SECONDS
        while True:
            try:
                result = await self._send(ne_identifier, kind, description, code)
            except EncodeError as error:
                self._log.error("report.lost", reports=1, ne=ne_identifier, why=str(error))
                return False
            except CustodesError as error:
                self._log.warning("report.unsent", ne=ne_identifier, why=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_RETRY_SECONDS)
                continue
            if isinstance(result, Refused):
                why = f"refused with {result.code}"
                self._log.error("report.lost", reports=1, ne=ne_identifier, why=why)
                return False
            return True

    async def _send(
        self, ne_identifier: str, kind: str, description: str, code: int | None
    ) -> Result:
        requester = Requester(
            admfIdentifier=self._party.name, neIdentifier=ne_identifier, ids=self._ids
        )
        body = ReportNEIssueRequest(
            typeOfNeIssueMessage=TypeOfNeIssueMessage(kind), description=description, issueCode=code
        )
        response = await self._clients[ne_identifier].request(
            "POST",
            self._url,
            requester.request([body], self._clock.now()),
            expected=self._party,
        )
        (result,) = requester.response(response.body)
        return result
