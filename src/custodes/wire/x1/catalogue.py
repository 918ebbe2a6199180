"""Every message type of the schema, and those of its extensions that we only answer."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.wire.x1 import (
    bulk_messages,
    destination_messages,
    error_messages,
    liveness_messages,
    object_messages,
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
    (bulk_messages.DeactivateAllTasksRequest, bulk_messages.DeactivateAllTasksResponse),
    (bulk_messages.RemoveAllDestinationsRequest, bulk_messages.RemoveAllDestinationsResponse),
    (bulk_messages.GetAllTaskDetailsRequest, bulk_messages.GetAllTaskDetailsResponse),
    (bulk_messages.GetAllDestinationDetailsRequest, bulk_messages.GetAllDestinationDetailsResponse),
    (
        object_messages.GetAllGenericObjectDetailsRequest,
        object_messages.GetAllGenericObjectDetailsResponse,
    ),
    (object_messages.CreateObjectRequest, object_messages.CreateObjectResponse),
    (object_messages.ModifyObjectRequest, object_messages.ModifyObjectResponse),
    (object_messages.GetObjectRequest, object_messages.GetObjectResponse),
    (object_messages.DeleteObjectRequest, object_messages.DeleteObjectResponse),
    (object_messages.ListObjectsOfTypeRequest, object_messages.ListObjectsOfTypeResponse),
    (object_messages.DeleteAllObjectsRequest, object_messages.DeleteAllObjectsResponse),
)

REQUESTS: dict[str, type[RequestBody]] = {q.__name__: q for q, _ in _PAIRS}
RESPONSES: dict[str, type[ResponseBody]] = {p.__name__: p for _, p in _PAIRS} | {
    error_messages.ErrorResponse.__name__: error_messages.ErrorResponse
}
RESPONSE_OF: dict[type[RequestBody], type[ResponseBody]] = dict(_PAIRS)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnimplementedRequest:
    """A request of 3GPP's own extensions, whose content we do not read; a responder answers 1080.

    ``extendedRequestMessageType``: the type that was asked for, without its namespace.
    """

    operation: RequestMessageType
    extendedRequestMessageType: str | None = None
