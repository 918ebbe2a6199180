"""Messages that ask an element what it holds and how it is (TS 103 221-1 clause 6.4.4 to 6.4.6)."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from custodes.base.ids import XID
from custodes.wire.x1.body import RequestBody, ResponseBody
from custodes.wire.x1.common import UUID_TEXT, X_ID
from custodes.wire.x1.destination import DestinationResponseDetails
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.fields import Sequence, listing, one, sequence
from custodes.wire.x1.generic_object import GenericObjectResponseDetails
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.simple import enumeration
from custodes.wire.x1.task import ListOfDIDs, TaskResponseDetails


class NeStatus(StrEnum):
    OK = "OK"
    FAULTS = "Faults"


@sequence
class NeStatusDetails(Sequence):
    neStatus: NeStatus = one(enumeration("NeStatus", NeStatus))
    listOfFaults: tuple[ErrorInformation, ...] = listing("unresolvedFault", ErrorInformation)


@sequence
class GetNEStatusRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_NE_STATUS


@sequence
class GetNEStatusResponse(ResponseBody):
    neStatusDetails: NeStatusDetails = one(NeStatusDetails)


@sequence
class GetAllDetailsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_ALL_DETAILS


@sequence
class GetAllDetailsResponse(ResponseBody):
    neStatusDetails: NeStatusDetails = one(NeStatusDetails)
    listOfTaskResponseDetails: tuple[TaskResponseDetails, ...] = listing(
        "taskResponseDetails", TaskResponseDetails
    )
    listOfDestinationResponseDetails: tuple[DestinationResponseDetails, ...] = listing(
        "destinationResponseDetails", DestinationResponseDetails
    )
    listOfGenericObjectResponseDetails: tuple[GenericObjectResponseDetails, ...] | None = listing(
        "genericObjectResponseDetails", GenericObjectResponseDetails, absent=True
    )


@sequence
class ListAllDetailsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.LIST_ALL_DETAILS


@sequence
class ListAllDetailsResponse(ResponseBody):
    ListOfXIDs: tuple[XID, ...] = listing("xId", X_ID)
    ListOfDIDs: ListOfDIDs = one(ListOfDIDs)
    ListOfGenericObjectIDs: tuple[UUID, ...] | None = listing("objectId", UUID_TEXT, absent=True)
