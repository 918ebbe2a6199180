"""Messages on tasks (TS 103 221-1 clauses 6.2.1 to 6.2.3 and 6.4.2)."""

from __future__ import annotations

from typing import ClassVar

from custodes.base.ids import XID
from custodes.wire.x1.body import OKBody, RequestBody, ResponseBody
from custodes.wire.x1.common import X_ID
from custodes.wire.x1.fields import one, sequence
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.task import TaskDetails, TaskResponseDetails


@sequence
class ActivateTaskRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.ACTIVATE_TASK
    taskDetails: TaskDetails = one(TaskDetails)


@sequence
class ActivateTaskResponse(OKBody):
    pass


@sequence
class ModifyTaskRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.MODIFY_TASK
    taskDetails: TaskDetails = one(TaskDetails)


@sequence
class ModifyTaskResponse(OKBody):
    pass


@sequence
class DeactivateTaskRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.DEACTIVATE_TASK
    xId: XID = one(X_ID)


@sequence
class DeactivateTaskResponse(OKBody):
    pass


@sequence
class GetTaskDetailsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_TASK_DETAILS
    xId: XID = one(X_ID)


@sequence
class GetTaskDetailsResponse(ResponseBody):
    taskResponseDetails: TaskResponseDetails = one(TaskResponseDetails)
