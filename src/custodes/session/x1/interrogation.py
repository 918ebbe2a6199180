"""What an element tells of what it holds (TS 103 221-1 clause 6.4). It changes nothing."""

from __future__ import annotations

from datetime import datetime

from custodes.session.x1.acceptance import Activity
from custodes.session.x1.holdings import Holdings, TaskRecord
from custodes.wire.x1.body import ResponseBody
from custodes.wire.x1.bulk_messages import (
    GetAllDestinationDetailsRequest,
    GetAllDestinationDetailsResponse,
    GetAllTaskDetailsRequest,
    GetAllTaskDetailsResponse,
)
from custodes.wire.x1.destination import (
    DestinationDeliveryStatus,
    DestinationDetails,
    DestinationResponseDetails,
    DestinationStatus,
)
from custodes.wire.x1.destination_messages import (
    GetDestinationDetailsRequest,
    GetDestinationDetailsResponse,
)
from custodes.wire.x1.status_messages import (
    GetAllDetailsRequest,
    GetAllDetailsResponse,
    GetNEStatusRequest,
    GetNEStatusResponse,
    ListAllDetailsRequest,
    ListAllDetailsResponse,
    NeStatus,
    NeStatusDetails,
)
from custodes.wire.x1.task import ListOfDIDs, TaskResponseDetails, TaskStatus
from custodes.wire.x1.task_messages import GetTaskDetailsRequest, GetTaskDetailsResponse


class Interrogation:
    """Answers from the holdings and from what the function knows of its product."""

    def __init__(self, holdings: Holdings, activity: Activity) -> None:
        self._holdings = holdings
        self._activity = activity

    def task(self, body: GetTaskDetailsRequest, now: datetime) -> ResponseBody:
        return GetTaskDetailsResponse(taskResponseDetails=self._task(self._holdings.task(body.xId)))

    def destination(self, body: GetDestinationDetailsRequest, now: datetime) -> ResponseBody:
        details = self._holdings.destination(body.dId)
        return GetDestinationDetailsResponse(destinationResponseDetails=self._destination(details))

    def element(self, body: GetNEStatusRequest, now: datetime) -> ResponseBody:
        return GetNEStatusResponse(neStatusDetails=self._element())

    def everything(self, body: GetAllDetailsRequest, now: datetime) -> ResponseBody:
        return GetAllDetailsResponse(
            neStatusDetails=self._element(),
            listOfTaskResponseDetails=self._tasks(),
            listOfDestinationResponseDetails=self._destinations(),
        )

    def tasks(self, body: GetAllTaskDetailsRequest, now: datetime) -> ResponseBody:
        return GetAllTaskDetailsResponse(listOfTaskResponseDetails=self._tasks())

    def destinations(self, body: GetAllDestinationDetailsRequest, now: datetime) -> ResponseBody:
        return GetAllDestinationDetailsResponse(
            listOfDestinationResponseDetails=self._destinations()
        )

    def identifiers(self, body: ListAllDetailsRequest, now: datetime) -> ResponseBody:
        return ListAllDetailsResponse(
            ListOfXIDs=tuple(self._holdings.tasks),
            ListOfDIDs=ListOfDIDs(dId=tuple(self._holdings.destinations)),
        )

    def _element(self) -> NeStatusDetails:
        faults = self._activity.element_faults()
        return NeStatusDetails(
            neStatus=NeStatus.FAULTS if faults else NeStatus.OK, listOfFaults=faults
        )

    def _tasks(self) -> tuple[TaskResponseDetails, ...]:
        return tuple(map(self._task, self._holdings.tasks.values()))

    def _destinations(self) -> tuple[DestinationResponseDetails, ...]:
        return tuple(map(self._destination, self._holdings.destinations.values()))

    def _task(self, record: TaskRecord) -> TaskResponseDetails:
        activity = self._activity.task(record.details.xId)
        return TaskResponseDetails(
            taskDetails=record.details,
            taskStatus=TaskStatus(
                provisioningStatus=activity.provisioningStatus,
                listOfFaults=activity.faults,
                timeOfLastIntercept=activity.timeOfLastIntercept,
                amountOfX2Data=activity.amountOfX2Data,
                amountOfX3Data=activity.amountOfX3Data,
                timeOfLastModification=record.timeOfLastModification,
                numberOfModifications=record.numberOfModifications,
            ),
        )

    def _destination(self, details: DestinationDetails) -> DestinationResponseDetails:
        faults = self._activity.destination_faults(details.dId)
        state = (
            DestinationDeliveryStatus.DELIVERY_FAULT
            if faults
            else DestinationDeliveryStatus.ACTIVE_AND_WORKING
        )
        return DestinationResponseDetails(
            destinationDetails=details,
            destinationStatus=DestinationStatus(
                destinationDeliveryStatus=state, listOfFaults=faults
            ),
        )
