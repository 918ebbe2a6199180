"""Every message type of the schema: those with a class, and those known by name only."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.wire.x1 import (
    destination_messages,
    error_messages,
    liveness_messages,
    report_messages,
    status_messages,
    task_messages,
)
from custodes.wire.x1.body import RequestBody, ResponseBody
from custodes.wire.x1.operations import RequestMessageType

_PAIRS: tuple[tuple[type[RequestBody], type[ResponseBody]], ...] = (
    (task_messages.ActivateTaskRequest, task_messages.ActivateTaskResponse),
    (task_messages.ModifyTaskRequest, task_messages.ModifyTaskResponse),
    (task_messages.DeactivateTaskRequest, task_messages.DeactivateTaskResponse),
    (task_messages.GetTaskDetailsRequest, task_messages.GetTaskDetailsResponse),
    (
        destination_messages.CreateDestinationRequest,
        destination_messages.CreateDestinationResponse,
    ),
    (
        destination_messages.ModifyDestinationRequest,
        destination_messages.ModifyDestinationResponse,
    ),
    (
        destination_messages.RemoveDestinationRequest,
        destination_messages.RemoveDestinationResponse,
    ),
    (
        destination_messages.GetDestinationDetailsRequest,
        destination_messages.GetDestinationDetailsResponse,
    ),
    (status_messages.GetNEStatusRequest, status_messages.GetNEStatusResponse),
    (status_messages.GetAllDetailsRequest, status_messages.GetAllDetailsResponse),
    (status_messages.ListAllDetailsRequest, status_messages.ListAllDetailsResponse),
    (report_messages.ReportTaskIssueRequest, report_messages.ReportTaskIssueResponse),
    (
        report_messages.ReportDestinationIssueRequest,
        report_messages.ReportDestinationIssueResponse,
    ),
    (report_messages.ReportNEIssueRequest, report_messages.ReportNEIssueResponse),
    (liveness_messages.PingRequest, liveness_messages.PingResponse),
    (liveness_messages.KeepaliveRequest, liveness_messages.KeepaliveResponse),
)

REQUESTS: dict[str, type[RequestBody]] = {q.__name__: q for q, _ in _PAIRS}
RESPONSES: dict[str, type[ResponseBody]] = {p.__name__: p for _, p in _PAIRS} | {
    error_messages.ErrorResponse.__name__: error_messages.ErrorResponse
}
RESPONSE_OF: dict[type[RequestBody], type[ResponseBody]] = dict(_PAIRS)
# Operations the schema has and we do not do yet (bulk, objects): answered 1080, never ignored.
KNOWN_BY_NAME: dict[str, RequestMessageType] = {
    f"{operation}Request": operation
    for operation in RequestMessageType
    if operation is not RequestMessageType.EXTENDED and f"{operation}Request" not in REQUESTS
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnimplementedRequest:
    """A request of the schema whose content we do not read; a responder answers 1080."""

    operation: RequestMessageType
