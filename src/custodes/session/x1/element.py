"""The element's side of X1: it holds tasks and destinations and answers its administration.

Order of every change: the standard's rules, then the function's consent (Acceptance), then the
tables, then the event. Whatever refuses, nothing has changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from custodes.base.errors import CustodesError
from custodes.base.ids import DID, XID
from custodes.session.x1 import events
from custodes.session.x1.acceptance import Acceptance, Activity, NoActivity
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.clearing import cleared
from custodes.session.x1.holdings import Holdings, TaskRecord
from custodes.session.x1.interrogation import Interrogation
from custodes.session.x1.responder import Responder, Side
from custodes.wire.x1 import bulk_messages as bulk
from custodes.wire.x1 import destination_messages as destinations_
from custodes.wire.x1 import liveness_messages as liveness
from custodes.wire.x1 import status_messages as status
from custodes.wire.x1 import task_messages as tasks_
from custodes.wire.x1.body import OK, RequestBody, ResponseBody
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination import DestinationDetails
from custodes.wire.x1.document import Limits
from custodes.wire.x1.extension import grants_of
from custodes.wire.x1.leniency import STRICT, Leniency, Use
from custodes.wire.x1.message import LIMITS
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.task import TaskDetails

_DONE = OK.ACKNOWLEDGED_AND_COMPLETED
# The code where a refusal brings none of its own.
_GENERIC = {
    RequestMessageType.ACTIVATE_TASK: ErrorCode.ACTIVATION_FAILED,
    RequestMessageType.MODIFY_TASK: ErrorCode.MODIFICATION_FAILED,
    RequestMessageType.DEACTIVATE_TASK: ErrorCode.DEACTIVATION_FAILED,
    RequestMessageType.CREATE_DESTINATION: ErrorCode.DESTINATION_CREATION_FAILED,
    RequestMessageType.MODIFY_DESTINATION: ErrorCode.DESTINATION_MODIFICATION_FAILED,
    RequestMessageType.REMOVE_DESTINATION: ErrorCode.DESTINATION_REMOVAL_FAILED,
}
# One message that ends every order, or blinds every one, is not for the wire: each is named.
_NOT_ENABLED = {
    RequestMessageType.DEACTIVATE_ALL_TASKS: ErrorCode.DEACTIVATE_ALL_NOT_ENABLED,
    RequestMessageType.REMOVE_ALL_DESTINATIONS: ErrorCode.REMOVE_ALL_NOT_ENABLED,
}


class ElementSession:
    """Pure: octets in, octets out, events for the function. One per NE identity."""

    def __init__(
        self,
        neIdentifier: str,
        acceptance: Acceptance,
        *,
        capabilities: Capabilities,
        activity: Activity | None = None,
        limits: Limits = LIMITS,
        leniency: Leniency = STRICT,
    ) -> None:
        self._acceptance = acceptance
        self._capabilities = capabilities
        self._holdings = Holdings()
        self._interrogation = Interrogation(self._holdings, activity or NoActivity())
        self._responder = Responder(neIdentifier, Side.NE, limits, leniency)
        # Leniencies that the last request needed, for the function to log.
        self.uses: tuple[Use, ...] = ()
        self._events: deque[events.ElementEvent] = deque()
        self._handlers: dict[type[RequestBody], Callable[[Any, datetime], ResponseBody]] = {
            tasks_.ActivateTaskRequest: self._activate,
            tasks_.ModifyTaskRequest: self._modify,
            tasks_.DeactivateTaskRequest: self._deactivate,
            destinations_.CreateDestinationRequest: self._create,
            destinations_.ModifyDestinationRequest: self._change,
            destinations_.RemoveDestinationRequest: self._remove,
            tasks_.GetTaskDetailsRequest: self._interrogation.task,
            destinations_.GetDestinationDetailsRequest: self._interrogation.destination,
            status.GetNEStatusRequest: self._interrogation.element,
            status.GetAllDetailsRequest: self._interrogation.everything,
            status.ListAllDetailsRequest: self._interrogation.identifiers,
            bulk.GetAllTaskDetailsRequest: self._interrogation.tasks,
            bulk.GetAllDestinationDetailsRequest: self._interrogation.destinations,
            liveness.PingRequest: lambda _, now: liveness.PingResponse(oK=_DONE),
            liveness.KeepaliveRequest: lambda _, now: liveness.KeepaliveResponse(oK=_DONE),
        }

    @property
    def tasks(self) -> Mapping[XID, TaskDetails]:
        return MappingProxyType({x: r.details for x, r in self._holdings.tasks.items()})

    @property
    def destinations(self) -> Mapping[DID, DestinationDetails]:
        return MappingProxyType(self._holdings.destinations)

    def handle(self, octets: bytes, peer_name: str, now: datetime) -> bytes:
        """The answer to one HTTP request body. ``peer_name``: the name of the TLS peer's party,
        which must be the admfIdentifier of every message. Never raises for what a peer sends."""
        exchange = self._responder.receive(octets, peer_name, now)
        self.uses = exchange.uses
        for request in exchange.requests:
            body, transaction = request.body, request.header.x1TransactionId
            handler = self._handlers.get(type(body))  # type: ignore[arg-type]
            if handler is None:
                code = _NOT_ENABLED.get(body.operation, ErrorCode.NOT_IMPLEMENTED)
                exchange.refuse(transaction, code, f"{body.operation} is not done here")
                continue
            try:
                exchange.answer(transaction, handler(body, now))
            except CustodesError as error:
                generic = _GENERIC.get(body.operation, ErrorCode.GENERIC)
                exchange.refuse(transaction, error.code or generic, error.what)
        return exchange.octets(now)

    def next_event(self) -> events.ElementEvent | None:
        return self._events.popleft() if self._events else None

    def deactivate(self, xId: XID) -> None:
        """End a task here (its orders have ended, or a keepalive ran out); makes the event."""
        record = self._holdings.task(xId)
        del self._holdings.tasks[xId]
        self._events.append(events.TaskDeactivated(record.details))

    def clear(self) -> None:
        """End every task and remove every destination; makes the events."""
        self._events.extend(cleared(self._holdings))

    def _activate(self, body: tasks_.ActivateTaskRequest, now: datetime) -> ResponseBody:
        details = body.taskDetails
        self._holdings.check_new_task(details)
        self._capabilities.check(details, ErrorCode.ACTIVATION_FAILED)
        grants = grants_of(details.taskDetailsExtensions)
        self._acceptance.check_task(details, grants, None, now)
        self._holdings.tasks[details.xId] = TaskRecord(details)
        self._events.append(events.TaskActivated(details))
        return tasks_.ActivateTaskResponse(oK=_DONE)

    def _modify(self, body: tasks_.ModifyTaskRequest, now: datetime) -> ResponseBody:
        details = body.taskDetails
        record = self._holdings.task(details.xId)
        self._capabilities.check(details, ErrorCode.MODIFICATION_FAILED)
        self._holdings.check_deliveries(details)
        grants = grants_of(details.taskDetailsExtensions)
        self._acceptance.check_task(details, grants, record.details, now)
        count = record.numberOfModifications + 1
        self._holdings.tasks[details.xId] = TaskRecord(details, now, count)
        self._events.append(events.TaskModified(record.details, details))
        return tasks_.ModifyTaskResponse(oK=_DONE)

    def _deactivate(self, body: tasks_.DeactivateTaskRequest, now: datetime) -> ResponseBody:
        self.deactivate(body.xId)
        return tasks_.DeactivateTaskResponse(oK=_DONE)

    def _create(self, body: destinations_.CreateDestinationRequest, now: datetime) -> ResponseBody:
        details = body.destinationDetails
        self._holdings.check_new_destination(details)
        grants = grants_of(details.destinationDetailsExtensions)
        self._acceptance.check_destination(details, grants, None, now)
        self._holdings.destinations[details.dId] = details
        self._events.append(events.DestinationCreated(details))
        return destinations_.CreateDestinationResponse(oK=_DONE)

    def _change(self, body: destinations_.ModifyDestinationRequest, now: datetime) -> ResponseBody:
        details = body.destinationDetails
        self._holdings.check_modified_destination(details)
        old = self._holdings.destination(details.dId)
        grants = grants_of(details.destinationDetailsExtensions)
        self._acceptance.check_destination(details, grants, old, now)
        self._holdings.destinations[details.dId] = details
        self._events.append(events.DestinationModified(old, details))
        return destinations_.ModifyDestinationResponse(oK=_DONE)

    def _remove(self, body: destinations_.RemoveDestinationRequest, now: datetime) -> ResponseBody:
        self._holdings.check_unused(body.dId)
        details = self._holdings.destinations.pop(body.dId)
        self._events.append(events.DestinationRemoved(details))
        return destinations_.RemoveDestinationResponse(oK=_DONE)
