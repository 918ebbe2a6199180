"""Messages on generic objects (TS 103 221-1, CreateObject to DeleteAllObjects)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from custodes.wire.x1.body import OKBody, RequestBody, ResponseBody
from custodes.wire.x1.common import UUID_TEXT
from custodes.wire.x1.fields import listing, one, optional, sequence
from custodes.wire.x1.generic_object import (
    ANY_OBJECT,
    OBJECT_TYPE,
    AnyObject,
    GenericObjectResponseDetails,
)
from custodes.wire.x1.operations import RequestMessageType


@sequence
class CreateObjectRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.CREATE_OBJECT
    createObject: AnyObject = one(ANY_OBJECT)


@sequence
class CreateObjectResponse(OKBody):
    pass


@sequence
class ModifyObjectRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.MODIFY_OBJECT
    modifyObject: AnyObject = one(ANY_OBJECT)


@sequence
class ModifyObjectResponse(OKBody):
    pass


@sequence
class GetObjectRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_OBJECT
    objectId: UUID = one(UUID_TEXT)


@sequence
class GetObjectResponse(ResponseBody):
    genericObjectResponseDetails: GenericObjectResponseDetails = one(GenericObjectResponseDetails)


@sequence
class DeleteObjectRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.DELETE_OBJECT
    objectId: UUID = one(UUID_TEXT)


@sequence
class DeleteObjectResponse(OKBody):
    pass


@sequence
class ListObjectsOfTypeRequest(RequestBody):
    """``objectType`` as Q{namespace}name."""

    operation: ClassVar[RequestMessageType] = RequestMessageType.LIST_OBJECTS_OF_TYPE
    objectType: str = one(OBJECT_TYPE)


@sequence
class ListObjectsOfTypeResponse(ResponseBody):
    listOfObjects: tuple[UUID, ...] = listing("objectId", UUID_TEXT)


@sequence
class DeleteAllObjectsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.DELETE_ALL_OBJECTS


@sequence
class DeleteAllObjectsResponse(OKBody):
    pass


@sequence
class GetAllGenericObjectDetailsRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.GET_ALL_GENERIC_OBJECT_DETAILS
    objectType: str | None = optional(OBJECT_TYPE)


@sequence
class GetAllGenericObjectDetailsResponse(ResponseBody):
    listOfGenericObjectResponseDetails: tuple[GenericObjectResponseDetails, ...] | None = listing(
        "genericObjectResponseDetails", GenericObjectResponseDetails, absent=True
    )
