"""Messages on destinations (TS 103 221-1 clauses 6.3.1 to 6.3.3 and 6.4.3)."""

from __future__ import annotations

from typing import ClassVar

from custodes.base.ids import DID
from custodes.wire.x1.body import OKBody, RequestBody, ResponseBody
from custodes.wire.x1.common import D_ID
from custodes.wire.x1.destination import DestinationDetails, DestinationResponseDetails
from custodes.wire.x1.fields import one, sequence
from custodes.wire.x1.operations import RequestMessageType


@sequence
class CreateDestinationRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.CREATE_DESTINATION
    destinationDetails: DestinationDetails = one(DestinationDetails)


@sequence
class CreateDestinationResponse(OKBody):
    pass


@sequence
class ModifyDestinationRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.MODIFY_DESTINATION
    destinationDetails: DestinationDetails = one(DestinationDetails)


@sequence
class ModifyDestinationResponse(OKBody):
    pass


@sequence
class RemoveDestinationRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.REMOVE_DESTINATION
    dId: DID = one(D_ID)


@sequence
class RemoveDestinationResponse(OKBody):
    pass


@sequence
class GetDestinationDetailsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_DESTINATION_DETAILS
    dId: DID = one(D_ID)


@sequence
class GetDestinationDetailsResponse(ResponseBody):
    destinationResponseDetails: DestinationResponseDetails = one(DestinationResponseDetails)
