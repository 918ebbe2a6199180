"""What cannot be carried out is refused with X1's own code, never ignored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from mdf_enrolment import grant, task, with_entry
from mdf_scene import START, A, X

from custodes.base.errors import RefusedError
from custodes.functions.mdf.criteria import check, may_report_location
from custodes.model.registry import ElementKind
from custodes.wire.x1.extension import Extension, header_reporting_extension
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    LocationType,
    LocationTypeOptions,
    MediationDeliveryType,
    ServiceScopingOptions,
    ServiceType,
    TaskDetails,
)
from custodes.wire.x1.threegpp import HeaderReporting, PDHType

GOOD = task(grant(A))
NO_LOCATION = ServiceScopingOptions(locationType=LocationTypeOptions("doNotReport", ""))


def scoped(**options: Any) -> TaskDetails:
    return with_entry(GOOD, serviceScopingOptions=(ServiceScopingOptions(**options),))


def test_what_can_be_carried_out_passes() -> None:
    check(GOOD, ElementKind.MDF2)
    check(with_entry(GOOD, serviceScopingOptions=(NO_LOCATION,)), ElementKind.MDF2)
    hi3 = replace(GOOD, deliveryType=DeliveryType.X3_ONLY)
    hi3 = with_entry(hi3, deliveryType=MediationDeliveryType.HI3_ONLY)
    check(hi3, ElementKind.MDF3)


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (replace(GOOD, deliveryType=DeliveryType.X3_ONLY), 3040),
        (replace(GOOD, deliveryType=DeliveryType.X2_AND_X3), 3040),
        (with_entry(GOOD, deliveryType=MediationDeliveryType.HI3_ONLY), 3040),
        (with_entry(GOOD, deliveryType=MediationDeliveryType.HI2_AND_HI3), 3040),
        (replace(GOOD, targetIdentifiers=GOOD.targetIdentifiers * 2), 3020),
        (replace(GOOD, targetIdentifiers=(TargetIdentifier("tcpPort", 80),)), 3010),
        (replace(GOOD, targetIdentifiers=(TargetIdentifier("vrf", "x"),)), 3010),
        # Too short for the IMSI of a notification, though X1 and an order allow it.
        (replace(GOOD, targetIdentifiers=(TargetIdentifier("supiimsi", "00101"),)), 3010),
        (replace(GOOD, listOfServiceTypes=(ServiceType.DATA,)), 3050),
        (scoped(serviceType=(ServiceType.DATA,)), 3050),
        (scoped(suspendOnOutboundInternationalRoaming=True), None),
        (scoped(reportPostDialledDigits=True), None),
        (
            scoped(
                locationType=LocationTypeOptions(
                    "listOfLocationTypes", (LocationType(uponChange=True),)
                )
            ),
            None,
        ),
        (replace(GOOD, listOfMediationDetails=None), None),
        (replace(GOOD, listOfMediationDetails=()), None),
        (replace(GOOD, correlationID=1), None),
        (replace(GOOD, productID=X), None),
        (replace(GOOD, implicitDeactivationAllowed=True), None),
        (replace(GOOD, listOfTrafficPolicyReferences=(UUID(int=1),)), None),
        (replace(GOOD, listOfDIDs=ListOfDIDs(dSId=(UUID(int=1),))), None),
        (
            replace(
                GOOD,
                taskDetailsExtensions=(
                    header_reporting_extension(HeaderReporting(PDHType=PDHType("PDHR", ""))),
                ),
            ),
            None,
        ),
        (with_entry(GOOD, StartTime=None), None),
        (with_entry(GOOD, EndTime=None), None),
        (with_entry(GOOD, EndTime=START), None),
        (with_entry(GOOD, listOfDIDs=ListOfDIDs(dSId=(UUID(int=1),))), None),
        (with_entry(GOOD, mediationDetailsExtensions=(Extension(Owner="x", elements=()),)), None),
        (with_entry(GOOD, listOfTrafficPolicyReferences=(UUID(int=1),)), None),
        (
            replace(GOOD, listOfMediationDetails=(GOOD.listOfMediationDetails or ()) * 2),
            None,
        ),
    ],
)
def test_everything_else_is_refused(details: TaskDetails, code: int | None) -> None:
    with pytest.raises(RefusedError) as error:
        check(details, ElementKind.MDF2)
    assert error.value.code == code
    assert "00101" not in str(error.value)


def test_one_scoping_without_location_is_enough() -> None:
    (entry,) = GOOD.listOfMediationDetails or ()
    assert may_report_location(entry)
    both = replace(entry, serviceScopingOptions=(ServiceScopingOptions(), NO_LOCATION))
    assert not may_report_location(both)
