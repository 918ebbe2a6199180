"""What an element can do, and the standard's refusals for what it cannot (TS 103 221-1, 6.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.session.x1.refusal import X1Refused
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.task import DeliveryType, ServiceType, TaskDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """``mediates``: an MDF, whose tasks have mediation details; a POI's have none."""

    targetIdentifiers: frozenset[str]
    deliveryTypes: frozenset[DeliveryType]
    mediates: bool
    severalTargetIdentifiers: bool = False
    severalDestinations: bool = True
    serviceTypes: frozenset[ServiceType] = frozenset()

    def check(self, details: TaskDetails, generic: ErrorCode) -> None:
        """Raise X1Refused for what this element does not support; never act on a part of it."""
        for identifier in details.targetIdentifiers:
            if identifier.name not in self.targetIdentifiers:
                raise X1Refused(
                    ErrorCode.TARGET_TYPE_NOT_SUPPORTED, f"{identifier.name} is not supported"
                )
        if len(details.targetIdentifiers) > 1 and not self.severalTargetIdentifiers:
            raise X1Refused(
                ErrorCode.TARGET_COMBINATION_NOT_SUPPORTED,
                "more than one target identifier is not supported",
            )
        if details.deliveryType not in self.deliveryTypes:
            raise X1Refused(
                ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED, f"{details.deliveryType} is not supported"
            )
        dids = details.listOfDIDs
        if len(dids.dId) + len(dids.dSId) > 1 and not self.severalDestinations:
            raise X1Refused(
                ErrorCode.SEVERAL_DESTINATIONS_NOT_SUPPORTED,
                "more than one destination is not supported",
            )
        if any(service not in self.serviceTypes for service in details.listOfServiceTypes or ()):
            raise X1Refused(ErrorCode.SERVICE_TYPE_NOT_SUPPORTED, "a service type is not supported")
        if self.mediates and not details.listOfMediationDetails:
            raise X1Refused(generic, "a task of a mediation function needs mediation details")
        if not self.mediates and details.listOfMediationDetails is not None:
            raise X1Refused(generic, "this element does not mediate")
        if details.listOfTrafficPolicyReferences is not None:
            raise X1Refused(generic, "traffic policies are not supported")
