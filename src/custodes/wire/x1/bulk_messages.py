"""Messages on all tasks or all destinations at once (TS 103 221-1 6.2.4, 6.3.4, 6.4.7, 6.4.8)."""

from __future__ import annotations

from typing import ClassVar

from custodes.wire.x1.body import OKBody, RequestBody, ResponseBody
from custodes.wire.x1.destination import DestinationResponseDetails
from custodes.wire.x1.fields import listing, sequence
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.task import TaskResponseDetails


@sequence
class DeactivateAllTasksRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.DEACTIVATE_ALL_TASKS


@sequence
class DeactivateAllTasksResponse(OKBody):
    pass


@sequence
class RemoveAllDestinationsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.REMOVE_ALL_DESTINATIONS


@sequence
class RemoveAllDestinationsResponse(OKBody):
    pass


@sequence
class GetAllTaskDetailsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_ALL_TASK_DETAILS


@sequence
class GetAllTaskDetailsResponse(ResponseBody):
    listOfTaskResponseDetails: tuple[TaskResponseDetails, ...] | None = listing(
        "taskResponseDetails", TaskResponseDetails, absent=True
    )


@sequence
class GetAllDestinationDetailsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_ALL_DESTINATION_DETAILS


@sequence
class GetAllDestinationDetailsResponse(ResponseBody):
    listOfDestinationResponseDetails: tuple[DestinationResponseDetails, ...] | None = listing(
        "destinationResponseDetails", DestinationResponseDetails, absent=True
    )
