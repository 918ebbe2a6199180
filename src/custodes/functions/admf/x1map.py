"""Between the administration's words and X1's (TS 103 221-1 V1.22.1; TS 33.128 V19.7.0, 5.2.2).

Reading is strict: details that we would never have written come out as None, so that they differ
from whatever is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from custodes.base.errors import CustodesError
from custodes.base.ids import DID, XID
from custodes.functions.admf.digests import digest_of
from custodes.functions.admf.specs import (
    DestinationSpec,
    Handover,
    HeldDestination,
    HeldElement,
    HeldTask,
    MediationSpec,
    Provisioning,
    TaskSpec,
    WantedDestination,
    WantedTask,
)
from custodes.model.address import Address
from custodes.model.grant import Grant
from custodes.model.intent import Product
from custodes.model.order import HeaderReportingKind, Subject, SubjectKind
from custodes.session.x1 import grants as x1_grants
from custodes.wire.x1.destination import DestinationDetails, ip_delivery, ip_endpoint
from custodes.wire.x1.extension import Extension, header_reporting_extension, header_reporting_of
from custodes.wire.x1.status_messages import GetAllDetailsResponse
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    LocationTypeOptions,
    MediationDeliveryType,
    MediationDetails,
    ServiceScopingOptions,
    TaskDetails,
    TaskResponseDetails,
)
from custodes.wire.x1.threegpp import (
    HeaderReporting,
    PDHType,
    PDSRParameters,
    PDSRTriggerType,
)

SUMMARY_SECONDS = 60
"""PDSR needs at least one trigger (TS 33.128 V19.7.0, 6.2.3.9.3) and an order names none yet."""

# TS 33.128 V19.7.0, 4.4.4: an order without location is served by an MDF2 that is told so.
_DO_NOT_REPORT = (ServiceScopingOptions(locationType=LocationTypeOptions("doNotReport", "")),)


def task_details(wanted: WantedTask) -> TaskDetails:
    """A task as X1 writes it, its grants in our own extension."""
    spec = wanted.spec
    return TaskDetails(
        xId=spec.xid,
        targetIdentifiers=(TargetIdentifier(spec.subject.kind.value, spec.subject.value),),
        deliveryType=DeliveryType(spec.product.value),
        listOfDIDs=ListOfDIDs(dId=spec.dids),
        listOfMediationDetails=tuple(map(_mediation_details, spec.mediation)) or None,
        taskDetailsExtensions=(*_reporting(spec.headerReporting), _grants(wanted.grants)),
    )


def destination_details(wanted: WantedDestination) -> DestinationDetails:
    """A destination as X1 writes it, its grants in our own extension."""
    spec = wanted.spec
    return DestinationDetails(
        dId=spec.did,
        deliveryType=DeliveryType(spec.product.value),
        deliveryAddress=ip_delivery(spec.address.host, spec.address.port),
        destinationDetailsExtensions=(_grants(wanted.grants),),
    )


def held_element(response: GetAllDetailsResponse) -> HeldElement:
    """Everything an element says it holds."""
    tasks = map(_held_task, response.listOfTaskResponseDetails)
    destinations = (d.destinationDetails for d in response.listOfDestinationResponseDetails)
    return HeldElement(
        {task.xid: task for task in tasks},
        {d.dId: HeldDestination(d.dId, _destination_spec(d)) for d in destinations},
    )


def _grants(grants: Sequence[Grant]) -> Extension:
    return x1_grants.to_extension(grants)


def _reporting(kinds: Iterable[HeaderReportingKind]) -> tuple[Extension, ...]:
    summary = PDSRParameters(PDSRTriggerType=(PDSRTriggerType("TimerExpiry", SUMMARY_SECONDS),))
    values = {
        HeaderReportingKind.PDHR: PDHType("PDHR", ""),
        HeaderReportingKind.PDSR: PDHType("PDSR", summary),
    }
    return tuple(
        header_reporting_extension(HeaderReporting(PDHType=values[kind]))
        for kind in kinds
        if kind is not HeaderReportingKind.NONE
    )


def _mediation_details(spec: MediationSpec) -> MediationDetails:
    return MediationDetails(
        LIID=spec.liid,
        deliveryType=MediationDeliveryType(spec.deliveryType.value),
        StartTime=spec.startTime,
        EndTime=spec.endTime,
        listOfDIDs=ListOfDIDs(dId=spec.dids),
        mediationDetailsExtensions=_reporting([spec.headerReporting]),
        serviceScopingOptions=_DO_NOT_REPORT if spec.doNotReportLocation else None,
    )


def _held_task(response: TaskResponseDetails) -> HeldTask:
    details = response.taskDetails
    return HeldTask(
        xid=details.xId,
        spec=_task_spec(details),
        provisioning=Provisioning(response.taskStatus.provisioningStatus.value),
        covered_by=_covered_by(details.taskDetailsExtensions, details.xId),
        places=_places(details),
    )


def _places(details: TaskDetails) -> frozenset[DID] | None:
    lists = [details.listOfDIDs]
    lists += [m.listOfDIDs for m in details.listOfMediationDetails or () if m.listOfDIDs]
    if any(each.dSId for each in lists):
        return None  # what is in a set of destinations is not known here
    return frozenset(did for each in lists for did in each.dId)


def _covered_by(extensions: Sequence[Extension], xid: XID) -> frozenset[str] | None:
    try:
        found = x1_grants.from_extensions(extensions)
    except CustodesError:
        return frozenset()
    return frozenset(digest_of(g.intent) for g in found if g.intent.xid == xid) or None


def _task_spec(details: TaskDetails) -> TaskSpec | None:
    try:
        ((name, value),) = ((t.name, t.value) for t in details.targetIdentifiers)
        mediation = tuple(
            sorted(map(_mediation_spec, details.listOfMediationDetails or ()), key=lambda m: m.liid)
        )
        spec = TaskSpec(
            xid=details.xId,
            subject=Subject(SubjectKind(name), value),
            product=Product(details.deliveryType.value),
            dids=tuple(sorted(details.listOfDIDs.dId)),
            mediation=mediation,
            headerReporting=tuple(sorted(_reported(details.taskDetailsExtensions))),
        )
    except (CustodesError, ValueError, TypeError):
        return None
    return spec if _says_no_more(details) else None


def _mediation_spec(details: MediationDetails) -> MediationSpec:
    if details.StartTime is None or details.EndTime is None or details.listOfDIDs is None:
        raise ValueError
    scoping = details.serviceScopingOptions or ()
    if scoping not in ((), _DO_NOT_REPORT) or details.listOfTrafficPolicyReferences:
        raise ValueError
    kinds = _reported(details.mediationDetailsExtensions) or (HeaderReportingKind.NONE,)
    (kind,) = kinds
    return MediationSpec(
        liid=details.LIID,
        deliveryType=Handover(details.deliveryType.value),
        startTime=details.StartTime,
        endTime=details.EndTime,
        dids=tuple(sorted(details.listOfDIDs.dId)),
        headerReporting=kind,
        doNotReportLocation=scoping == _DO_NOT_REPORT,
    )


def _reported(extensions: Sequence[Extension]) -> tuple[HeaderReportingKind, ...]:
    return tuple(HeaderReportingKind(r.PDHType.name) for r in header_reporting_of(extensions))


def _says_no_more(details: TaskDetails) -> bool:
    beyond = (
        details.correlationID,
        details.productID,
        details.listOfServiceTypes,
        details.listOfTrafficPolicyReferences,
        details.listOfDIDs.dSId or None,
    )
    return all(value is None for value in beyond)


def _destination_spec(details: DestinationDetails) -> DestinationSpec | None:
    endpoint = ip_endpoint(details.deliveryAddress)
    try:
        product = Product(details.deliveryType.value)
        return DestinationSpec(details.dId, product, Address(*endpoint)) if endpoint else None
    except (CustodesError, ValueError):
        return None
