"""What the gate lets through, message by message, and the message of its own that it then sends.

Reading passes. Stopping passes: it is always possible. Everything else needs a grant that covers
it, and the gate sends what it built from understood values, never the octets it was sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from custodes.base.errors import RefusedError
from custodes.model.grant import Grant, Officers
from custodes.model.registry import Element
from custodes.session.x1 import coverage, grants
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.bulk_messages import (
    DeactivateAllTasksRequest,
    GetAllDestinationDetailsRequest,
    GetAllTaskDetailsRequest,
    RemoveAllDestinationsRequest,
)
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination import DestinationDetails
from custodes.wire.x1.destination_messages import (
    CreateDestinationRequest,
    GetDestinationDetailsRequest,
    ModifyDestinationRequest,
    RemoveDestinationRequest,
)
from custodes.wire.x1.extension import Extension, header_reporting_extension, header_reporting_of
from custodes.wire.x1.liveness_messages import KeepaliveRequest, PingRequest
from custodes.wire.x1.object_messages import (
    GetAllGenericObjectDetailsRequest,
    GetObjectRequest,
    ListObjectsOfTypeRequest,
)
from custodes.wire.x1.status_messages import (
    GetAllDetailsRequest,
    GetNEStatusRequest,
    ListAllDetailsRequest,
)
from custodes.wire.x1.task import TaskDetails
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    GetTaskDetailsRequest,
    ModifyTaskRequest,
)

_READING = (
    GetTaskDetailsRequest,
    GetDestinationDetailsRequest,
    GetNEStatusRequest,
    GetAllDetailsRequest,
    ListAllDetailsRequest,
    GetAllTaskDetailsRequest,
    GetAllDestinationDetailsRequest,
    GetAllGenericObjectDetailsRequest,
    GetObjectRequest,
    ListObjectsOfTypeRequest,
    PingRequest,
    KeepaliveRequest,
)
_STOPPING = (DeactivateTaskRequest, RemoveDestinationRequest)
# Bulk operations end orders that nobody named; they are refused as not enabled.
_BULK = {
    DeactivateAllTasksRequest: ErrorCode.DEACTIVATE_ALL_NOT_ENABLED,
    RemoveAllDestinationsRequest: ErrorCode.REMOVE_ALL_NOT_ENABLED,
}


def decide(body: RequestBody, element: Element, officers: Officers, now: datetime) -> RequestBody:
    """The body to send to the element, or RefusedError with the X1 error code."""
    if isinstance(body, _READING + _STOPPING):
        return body
    if isinstance(body, ActivateTaskRequest | ModifyTaskRequest):
        code = (
            ErrorCode.ACTIVATION_FAILED
            if isinstance(body, ActivateTaskRequest)
            else ErrorCode.MODIFICATION_FAILED
        )
        try:
            return replace(body, taskDetails=_task(body.taskDetails, element, officers, now))
        except RefusedError as error:
            raise RefusedError(error.what, remedy=error.remedy, code=code) from error
    if isinstance(body, CreateDestinationRequest | ModifyDestinationRequest):
        details = body.destinationDetails
        try:
            return replace(body, destinationDetails=_destination(details, element, officers, now))
        except RefusedError as error:
            code = ErrorCode.GENERIC
            raise RefusedError(error.what, remedy=error.remedy, code=code) from error
    code = _BULK.get(type(body), ErrorCode.NOT_IMPLEMENTED)
    raise RefusedError(f"no grant covers {body.operation}", code=code)


def _task(details: TaskDetails, element: Element, officers: Officers, now: datetime) -> TaskDetails:
    held = grants.from_extensions(details.taskDetailsExtensions)
    coverage.check_task(details, held, element.neIdentifier, officers, now)
    if element.kind.mediates != (details.listOfMediationDetails is not None):
        raise RefusedError(f"mediation details do not belong on a {element.kind}, or are missing")
    return replace(
        details, taskDetailsExtensions=_extensions(details.taskDetailsExtensions, held, element)
    )


def _destination(
    details: DestinationDetails, element: Element, officers: Officers, now: datetime
) -> DestinationDetails:
    held = grants.from_extensions(details.destinationDetailsExtensions)
    coverage.check_destination(details, held, element.neIdentifier, officers, now)
    return DestinationDetails(
        dId=details.dId,
        deliveryType=details.deliveryType,
        deliveryAddress=details.deliveryAddress,
        destinationDetailsExtensions=_extensions((), held, element),
    )


def _extensions(
    asked: tuple[Extension, ...], held: tuple[Grant, ...], element: Element
) -> tuple[Extension, ...]:
    """Header reporting as it was understood; the grants only for functions that check them."""
    built = tuple(header_reporting_extension(r) for r in header_reporting_of(asked))
    return (*built, grants.to_extension(held)) if element.ours else built
