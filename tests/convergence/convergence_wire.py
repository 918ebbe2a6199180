"""The line between the gate and one element, with everything that can go wrong on it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum

from convergence_machines import GATE, Foreign, Machine

from custodes.base.errors import CustodesError
from custodes.session.x1.responder import Responder
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.message import (
    ResponseMessage,
    TopLevelErrorResponse,
    decode_request,
    decode_response,
    encode_response,
)
from custodes.wire.x1.status_messages import GetAllDetailsRequest, GetAllDetailsResponse
from custodes.wire.x1.task_messages import ActivateTaskRequest, ModifyTaskRequest

PATIENCE = 5.0
"""Seconds that the gate waits for an element."""
COMPLETES_AFTER = 3.0


class Trouble(Enum):
    """What happens to the next request of one element."""

    REQUEST_LOST = "it never arrives"
    ANSWER_LOST = "it takes effect, the answer is lost"
    SLOW = "the answer takes two seconds"
    TOO_LATE = "it takes effect long after the gate has given up"
    CUT = "half an answer"
    EMPTY = "an empty answer"
    NO_XML = "a page for people"
    ANOTHER = "the answer to the request before"
    NOTHING_IN_IT = "a container without a message"
    PARTLY = "a reading that leaves out half of what is held"
    REFUSED = "it is refused"


@dataclass
class Line:
    """``machine`` answers; ``refusing``: types of requests that it refuses until told otherwise."""

    name: str
    machine: Machine
    down: bool = False
    slow: bool = False
    refusing: frozenset[type[RequestBody]] = frozenset()
    coming: deque[Trouble] = field(default_factory=deque)
    taken: list[bytes] = field(default_factory=list)
    seen: Callable[[], None] = field(default=lambda: None)
    _late: list[tuple[asyncio.TimerHandle, bytes]] = field(default_factory=list)
    _before: bytes = b""

    async def post(self, octets: bytes) -> bytes:
        if self.down:
            raise CustodesError(f"{self.name} cannot be reached")
        (request,) = decode_request(octets)
        trouble = self.coming.popleft() if self.coming else None
        if trouble is Trouble.REQUEST_LOST:
            raise await self._no_answer()
        if trouble is Trouble.TOO_LATE:
            self._later(3 * PATIENCE, octets)
            raise await self._no_answer()
        if trouble is Trouble.REFUSED or type(request.body) in self.refusing:
            return self._refuse(octets)
        if trouble is Trouble.SLOW:
            await asyncio.sleep(2.0)
        answer = self._take(octets, request.body)
        before, self._before = self._before, answer
        match trouble:
            case Trouble.ANSWER_LOST:
                raise await self._no_answer()
            case Trouble.CUT:
                return answer[: len(answer) // 2]
            case Trouble.EMPTY:
                return b""
            case Trouble.NO_XML:
                return b"<html><body>Please log in</body></html>"
            case Trouble.ANOTHER:
                return before
            case Trouble.NOTHING_IN_IT:
                return b'<X1Response xmlns="http://uri.etsi.org/03221/X1/2017/10"/>'
            case Trouble.PARTLY if isinstance(request.body, GetAllDetailsRequest):
                return _half(answer)
        return answer

    def flush(self) -> None:
        """Whatever is under way arrives now."""
        late, self._late = self._late, []
        for handle, octets in late:
            if not handle.cancelled():
                handle.cancel()
                self._apply(octets)

    def _later(self, seconds: float, octets: bytes) -> None:
        handle = asyncio.get_running_loop().call_later(seconds, self._arrive, octets)
        self._late.append((handle, octets))

    def _arrive(self, octets: bytes) -> None:
        self._late = [(h, o) for h, o in self._late if o is not octets]
        if not self.down:
            self._apply(octets)

    async def _no_answer(self) -> CustodesError:
        await asyncio.sleep(PATIENCE)
        return CustodesError(f"{self.name} did not answer in time")

    def _take(self, octets: bytes, body: RequestBody) -> bytes:
        answer = self._apply(octets)
        if (
            self.slow
            and isinstance(self.machine, Foreign)
            and isinstance(body, ActivateTaskRequest | ModifyTaskRequest)
        ):
            machine, xid = self.machine, body.taskDetails.xId
            if xid in machine.session.tasks:
                machine.awaiting.add(xid)
                loop = asyncio.get_running_loop()
                loop.call_later(COMPLETES_AFTER, machine.awaiting.discard, xid)
                return answer.replace(b"AcknowledgedAndCompleted", b"Acknowledged")
        return answer

    def _apply(self, octets: bytes) -> bytes:
        self.taken.append(octets)
        answer = self.machine.handle(octets)
        self.seen()
        return answer

    def _refuse(self, octets: bytes) -> bytes:
        now = decode_request(octets)[0].header.messageTimestamp
        exchange = Responder(self.name).receive(octets, GATE, now)
        for request in exchange.requests:
            exchange.refuse(request.header.x1TransactionId, ErrorCode.GENERIC, "not today")
        return exchange.octets(now)


def _half(answer: bytes) -> bytes:
    decoded = decode_response(answer)
    assert not isinstance(decoded, TopLevelErrorResponse)
    (message,) = decoded
    body = message.body
    if not isinstance(body, GetAllDetailsResponse):
        return answer
    return encode_response([_without(message, body)])


def _without(message: ResponseMessage, body: GetAllDetailsResponse) -> ResponseMessage:
    half = replace(
        body,
        listOfTaskResponseDetails=body.listOfTaskResponseDetails[1::2],
        listOfDestinationResponseDetails=body.listOfDestinationResponseDetails[1::2],
    )
    return replace(message, body=half)
