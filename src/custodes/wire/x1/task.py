"""Tasks: what to intercept and where it goes (TS 103 221-1 clauses 6.2.1.2 and 6.4.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from custodes.base.ids import DID, LIID, XID
from custodes.wire.x1 import common
from custodes.wire.x1.extension import Extension
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.fields import (
    Choice,
    Item,
    Sequence,
    arm,
    arms_listing,
    listing,
    many,
    one,
    optional,
    sequence,
)
from custodes.wire.x1.simple import enumeration
from custodes.wire.x1.target import TargetIdentifier


class DeliveryType(StrEnum):
    X2_ONLY = "X2Only"
    X3_ONLY = "X3Only"
    X2_AND_X3 = "X2andX3"


class MediationDeliveryType(StrEnum):
    HI2_ONLY = "HI2Only"
    HI3_ONLY = "HI3Only"
    HI2_AND_HI3 = "HI2andHI3"


class ServiceType(StrEnum):
    VOICE = "voice"
    DATA = "data"
    MESSAGING = "messaging"
    PUSH_TO_TALK = "pushToTalk"
    LALS = "LALS"
    RCS = "RCS"


class ProvisioningStatus(StrEnum):
    AWAITING_PROVISIONING = "awaitingProvisioning"
    FAILED = "failed"
    COMPLETE = "complete"


DELIVERY_TYPE = enumeration("DeliveryType", DeliveryType)
_MEDIATION_TYPE = enumeration("MediationDeliveryType", MediationDeliveryType)
_SERVICE_TYPE = enumeration("ServiceType", ServiceType)
_STATUS = enumeration("ProvisioningStatus", ProvisioningStatus)


@sequence
class ListOfDIDs(Sequence):
    """Destinations, and destination sets, by identifier."""

    dId: tuple[DID, ...] = many(common.D_ID)
    dSId: tuple[UUID, ...] = many(common.UUID_TEXT)


@sequence
class LocationType(Sequence):
    beginningAndEnd: bool | None = optional(common.BOOLEAN)
    uponChange: bool | None = optional(common.BOOLEAN)
    LALS: bool | None = optional(common.BOOLEAN)


@dataclass(frozen=True, slots=True)
class LocationTypeOptions(Choice):
    """``("doNotReport", "")`` or ``("listOfLocationTypes", (LocationType, ...))``."""

    ARMS: ClassVar[Mapping[str, Item]] = {
        "doNotReport": arm(common.EMPTY),
        "listOfLocationTypes": arms_listing("locationType", LocationType),
    }


@sequence
class ServiceScopingOptions(Sequence):
    serviceType: tuple[ServiceType, ...] | None = listing(
        "serviceType", _SERVICE_TYPE, minimum=1, absent=True
    )
    locationType: LocationTypeOptions | None = optional(LocationTypeOptions)
    suspendOnOutboundInternationalRoaming: bool | None = optional(common.BOOLEAN)
    reportPostDialledDigits: bool | None = optional(common.BOOLEAN)


@sequence
class MediationDetails(Sequence):
    """What an MDF does for one warrant (TS 33.128 5.2.2.2): one entry per agency and interface."""

    LIID: LIID = one(common.LIID_TEXT)
    deliveryType: MediationDeliveryType = one(_MEDIATION_TYPE)
    StartTime: datetime | None = optional(common.MICROSECOND_TIME)
    EndTime: datetime | None = optional(common.MICROSECOND_TIME)
    listOfDIDs: ListOfDIDs | None = optional(ListOfDIDs)
    mediationDetailsExtensions: tuple[Extension, ...] = many(Extension)
    serviceScopingOptions: tuple[ServiceScopingOptions, ...] | None = listing(
        "serviceScopingOptions", ServiceScopingOptions, absent=True
    )
    listOfTrafficPolicyReferences: tuple[UUID, ...] | None = listing(
        "trafficPolicyReference", common.UUID_TEXT, absent=True
    )


@sequence
class TaskDetails(Sequence):
    """One task. An absent list is None, an empty one ()."""

    xId: XID = one(common.X_ID)
    targetIdentifiers: tuple[TargetIdentifier, ...] = listing(
        "targetIdentifier", TargetIdentifier, minimum=1
    )
    deliveryType: DeliveryType = one(DELIVERY_TYPE)
    listOfDIDs: ListOfDIDs = one(ListOfDIDs)
    listOfMediationDetails: tuple[MediationDetails, ...] | None = listing(
        "mediationDetails", MediationDetails, absent=True
    )
    correlationID: int | None = optional(common.COUNT)
    implicitDeactivationAllowed: bool | None = optional(common.BOOLEAN)
    productID: XID | None = optional(common.X_ID)
    listOfServiceTypes: tuple[ServiceType, ...] | None = listing(
        "serviceType", _SERVICE_TYPE, minimum=1, absent=True
    )
    taskDetailsExtensions: tuple[Extension, ...] = many(Extension)
    listOfTrafficPolicyReferences: tuple[UUID, ...] | None = listing(
        "trafficPolicyReference", common.UUID_TEXT, absent=True
    )


@sequence
class TaskStatus(Sequence):
    """The raw material of the audit. What is optional and absent is unknown, not clean."""

    provisioningStatus: ProvisioningStatus = one(_STATUS)
    listOfFaults: tuple[ErrorInformation, ...] = listing("unresolvedFault", ErrorInformation)
    timeOfLastIntercept: datetime | None = optional(common.MICROSECOND_TIME)
    amountOfX2Data: int | None = optional(common.INTEGER)
    amountOfX3Data: int | None = optional(common.INTEGER)
    timeOfLastModification: datetime | None = optional(common.MICROSECOND_TIME)
    numberOfModifications: int | None = optional(common.INTEGER)
    taskStatusExtensions: tuple[Extension, ...] = many(Extension)


@sequence
class TaskResponseDetails(Sequence):
    taskDetails: TaskDetails = one(TaskDetails)
    taskStatus: TaskStatus = one(TaskStatus)
