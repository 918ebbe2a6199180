"""What of an X1 task this mediation function can do; the rest is refused with X1's own codes.

TS 103 221-1 clause 6.7 for the codes, TS 33.128 V19.7.0 clause 5.2.2.2 for the fields. A criterion
that is not understood is refused, never ignored: ignoring it would deliver more than was ordered.
"""

from __future__ import annotations

from typing import NoReturn

from custodes.base.errors import DecodeError, EncodeError, RefusedError
from custodes.functions.mdf.identifiers import from_x1
from custodes.model.registry import ElementKind
from custodes.session.x1.refusal import X1Refused
from custodes.wire.iri.payload import encode_notification, li_notification
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.extension import header_reporting_of
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    MediationDeliveryType,
    MediationDetails,
    ServiceScopingOptions,
    TaskDetails,
)

_TYPES = {
    ElementKind.MDF2: (DeliveryType.X2_ONLY, MediationDeliveryType.HI2_ONLY),
    ElementKind.MDF3: (DeliveryType.X3_ONLY, MediationDeliveryType.HI3_ONLY),
}
_DO_NOT_REPORT = "doNotReport"


def own_delivery_type(kind: ElementKind) -> DeliveryType:
    """X1 has no delivery type for HI: X2Only on an MDF2 means HI2, X3Only on an MDF3 HI3."""
    return _TYPES[kind][0]


def check(details: TaskDetails, kind: ElementKind) -> None:
    """Raise RefusedError unless everything in ``details`` can be carried out.

    X1Refused where the standard has a code for it; otherwise the operation's generic one is
    answered.
    """
    if details.deliveryType is not _TYPES[kind][0]:
        _refuse(ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED, f"an {kind} takes {_TYPES[kind][0]}")
    _check_targets(details)
    unsupported = (
        ("correlationID", details.correlationID),
        ("productID", details.productID),
        ("implicitDeactivationAllowed", details.implicitDeactivationAllowed),
        ("listOfTrafficPolicyReferences", details.listOfTrafficPolicyReferences),
        ("listOfDIDs.dSId", details.listOfDIDs.dSId),
    )
    for name, value in unsupported:
        if value:
            _refuse(None, f"{name} is not supported")
    if details.listOfServiceTypes is not None:
        _refuse(ErrorCode.SERVICE_TYPE_NOT_SUPPORTED, "service types are not supported")
    if header_reporting_of(details.taskDetailsExtensions):
        _refuse(None, "header reporting by an MDF is not supported")
    if not details.listOfMediationDetails:
        _refuse(None, "listOfMediationDetails is missing or empty")
    liids = [entry.LIID for entry in details.listOfMediationDetails]
    if len(set(liids)) != len(liids):
        _refuse(None, "an LIID has two mediation details")
    for entry in details.listOfMediationDetails:
        _check_entry(entry, kind)


def may_report_location(entry: MediationDetails) -> bool:
    """False where any scoping says doNotReport (4.4.4)."""
    return not any(
        option.locationType is not None and option.locationType.name == _DO_NOT_REPORT
        for option in entry.serviceScopingOptions or ()
    )


def _check_targets(details: TaskDetails) -> None:
    if len(details.targetIdentifiers) != 1:
        _refuse(
            ErrorCode.TARGET_COMBINATION_NOT_SUPPORTED, "one task has one target identifier here"
        )
    for identifier in details.targetIdentifiers:
        if not _can_be_told(identifier):
            _refuse(ErrorCode.TARGET_TYPE_NOT_SUPPORTED, f"{identifier.name} is not supported")


def _can_be_told(identifier: TargetIdentifier) -> bool:
    """Whether an agency can be told of it: notifications and IRIs carry the identifier."""
    if not isinstance(identifier.value, str):
        return False
    try:
        target = from_x1(identifier.name, identifier.value)
        if target is None:
            return False
        encode_notification(li_notification("activation", target=target))
    except (DecodeError, EncodeError):
        return False
    return True


def _check_entry(entry: MediationDetails, kind: ElementKind) -> None:
    if entry.deliveryType is not _TYPES[kind][1]:
        _refuse(ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED, f"an {kind} mediates {_TYPES[kind][1]}")
    if entry.StartTime is None or entry.EndTime is None:
        _refuse(None, "mediation details have no StartTime or no EndTime")
    elif entry.EndTime <= entry.StartTime:
        _refuse(None, "mediation details end before they start")
    if entry.listOfDIDs is not None and entry.listOfDIDs.dSId:
        _refuse(None, "destination sets are not supported")
    if entry.mediationDetailsExtensions or entry.listOfTrafficPolicyReferences:
        _refuse(None, "extensions and traffic policies are not supported")
    for option in entry.serviceScopingOptions or ():
        _check_scoping(option)


def _check_scoping(option: ServiceScopingOptions) -> None:
    if option.serviceType is not None:
        _refuse(ErrorCode.SERVICE_TYPE_NOT_SUPPORTED, "service types are not supported")
    if option.suspendOnOutboundInternationalRoaming or option.reportPostDialledDigits:
        _refuse(None, "roaming and digits options are not supported")
    if option.locationType is not None and option.locationType.name != _DO_NOT_REPORT:
        _refuse(None, "of location options only doNotReport is supported")


def _refuse(code: ErrorCode | None, text: str) -> NoReturn:
    """Without a code of its own, the operation's generic one is answered (3000 or 3001)."""
    if code is None:
        raise RefusedError(text)
    raise X1Refused(code, text)
