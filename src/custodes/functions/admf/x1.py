"""X1 towards the gate, which looks like the elements: one URL per element, one message at a time.

The HTTP client is a port: octets out, octets in, for one element.
"""

from __future__ import annotations

from typing import Protocol

from custodes.base.clock import Clock, IdSource
from custodes.base.errors import ProtocolError, RefusedError
from custodes.functions.admf.actions import (
    Action,
    ActivateTask,
    CreateDestination,
    DeactivateTask,
    ModifyDestination,
    ModifyTask,
    RemoveDestination,
)
from custodes.functions.admf.redact import redacted
from custodes.functions.admf.specs import HeldElement
from custodes.functions.admf.x1map import destination_details, held_element, task_details
from custodes.session.x1.requester import Acknowledged, Answered, Completed, Refused, Requester
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.destination_messages import (
    CreateDestinationRequest,
    ModifyDestinationRequest,
    RemoveDestinationRequest,
)
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.status_messages import GetAllDetailsRequest, GetAllDetailsResponse
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    ModifyTaskRequest,
)


class HttpPort(Protocol):
    """One POST of an X1 request to the gate's URL of an element; CustodesError where it fails."""

    async def post(self, ne_identifier: str, octets: bytes) -> bytes: ...


class GateX1:
    """``X1Port`` over the gate."""

    def __init__(self, admf_identifier: str, http: HttpPort, ids: IdSource, clock: Clock) -> None:
        self._admf_identifier = admf_identifier
        self._http = http
        self._ids = ids
        self._clock = clock

    async def read(self, ne_identifier: str) -> HeldElement:
        answer = await self._ask(ne_identifier, GetAllDetailsRequest())
        if not isinstance(answer, Answered) or not isinstance(answer.body, GetAllDetailsResponse):
            raise ProtocolError(f"{ne_identifier} did not answer GetAllDetails with its details")
        return held_element(answer.body)

    async def send(self, ne_identifier: str, action: Action) -> None:
        answer = await self._ask(ne_identifier, _request(action))
        if not isinstance(answer, Completed | Acknowledged):
            raise ProtocolError(f"{ne_identifier} did not acknowledge {type(action).__name__}")

    async def ping(self, ne_identifier: str) -> None:
        await self._ask(ne_identifier, PingRequest())

    async def _ask(
        self, ne_identifier: str, body: RequestBody
    ) -> Completed | Acknowledged | Answered:
        requester = Requester(
            admfIdentifier=self._admf_identifier, neIdentifier=ne_identifier, ids=self._ids
        )
        octets = requester.request([body], self._clock.now())
        (answer,) = requester.response(await self._http.post(ne_identifier, octets))
        if isinstance(answer, Refused):
            raise RefusedError(
                f"{type(body).__name__} was refused for {ne_identifier}: {redacted(answer.text)}",
                code=answer.code,
            )
        return answer


def _request(action: Action) -> RequestBody:
    match action:
        case CreateDestination(wanted):
            return CreateDestinationRequest(destinationDetails=destination_details(wanted))
        case ModifyDestination(wanted):
            return ModifyDestinationRequest(destinationDetails=destination_details(wanted))
        case RemoveDestination(did):
            return RemoveDestinationRequest(dId=did)
        case ActivateTask(wanted_task):
            return ActivateTaskRequest(taskDetails=task_details(wanted_task))
        case ModifyTask(wanted_task):
            return ModifyTaskRequest(taskDetails=task_details(wanted_task))
        case DeactivateTask(xid):
            return DeactivateTaskRequest(xId=xid)
