"""The error response (TS 103 221-1 clause 6.7)."""

from __future__ import annotations

from enum import StrEnum

from custodes.wire.x1.body import ResponseBody
from custodes.wire.x1.common import STRING
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.fields import Sequence, one, optional, sequence
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.simple import enumeration


class ExtensionSpecification(StrEnum):
    """The schema's one value, spelled as the schema spells it."""

    TS133128 = "TS133128"


@sequence
class ExtensionInformation(Sequence):
    extensionSpecification: ExtensionSpecification = one(
        enumeration("ExtensionSpecification", ExtensionSpecification)
    )
    extendedRequestMessageType: str = one(STRING)


@sequence
class ErrorResponse(ResponseBody):
    requestMessageType: RequestMessageType = one(
        enumeration("RequestMessageType", RequestMessageType)
    )
    errorInformation: ErrorInformation = one(ErrorInformation)
    extensionInformation: ExtensionInformation | None = optional(ExtensionInformation)
