"""The tasks and destinations an element holds, and the rules between them (TS 103 221-1 clause 6).

Every method either changes the tables and returns, or raises X1Refused and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from custodes.base.ids import DID, XID
from custodes.session.x1.refusal import X1Refused
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.destination import DestinationDetails, ip_endpoint
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    MediationDeliveryType,
    MediationDetails,
    TaskDetails,
)

# A destination of an MDF has no HI delivery type: X2Only means HI2 there (TS 33.128 5.2.2.2).
_INTERFACES = {
    DeliveryType.X2_ONLY: frozenset("2"),
    DeliveryType.X3_ONLY: frozenset("3"),
    DeliveryType.X2_AND_X3: frozenset("23"),
    MediationDeliveryType.HI2_ONLY: frozenset("2"),
    MediationDeliveryType.HI3_ONLY: frozenset("3"),
    MediationDeliveryType.HI2_AND_HI3: frozenset("23"),
}


@dataclass(frozen=True, slots=True)
class TaskRecord:
    details: TaskDetails
    timeOfLastModification: datetime | None = None
    numberOfModifications: int = 0


class Holdings:
    """``tasks`` and ``destinations`` in the order in which they came."""

    def __init__(self) -> None:
        self.tasks: dict[XID, TaskRecord] = {}
        self.destinations: dict[DID, DestinationDetails] = {}

    def task(self, xId: XID) -> TaskRecord:
        if xId not in self.tasks:
            raise X1Refused(ErrorCode.XID_UNKNOWN, f"XID {xId} is not held here")
        return self.tasks[xId]

    def destination(self, dId: DID) -> DestinationDetails:
        if dId not in self.destinations:
            raise X1Refused(ErrorCode.DID_UNKNOWN, f"DID {dId} is not held here")
        return self.destinations[dId]

    def check_new_task(self, details: TaskDetails) -> None:
        if details.xId in self.tasks:
            raise X1Refused(ErrorCode.XID_EXISTS, f"XID {details.xId} is held already")
        self.check_deliveries(details)

    def check_new_destination(self, details: DestinationDetails) -> None:
        if details.dId in self.destinations:
            raise X1Refused(ErrorCode.DID_EXISTS, f"DID {details.dId} is held already")
        _check_address(details)

    def check_modified_destination(self, details: DestinationDetails) -> None:
        """A destination in use must go on fitting the tasks that use it."""
        self.destination(details.dId)
        _check_address(details)
        changed = {**self.destinations, details.dId: details}
        for record in self._users(details.dId):
            try:
                _check_deliveries(record.details, changed)
            except X1Refused:
                raise X1Refused(
                    ErrorCode.DESTINATION_MODIFICATION_FAILED,
                    f"DID {details.dId} would no longer fit a task that uses it",
                ) from None

    def check_unused(self, dId: DID) -> None:
        self.destination(dId)
        if next(iter(self._users(dId)), None) is not None:
            raise X1Refused(ErrorCode.DESTINATION_IN_USE, f"DID {dId} is in use by a task")

    def check_deliveries(self, details: TaskDetails) -> None:
        _check_deliveries(details, self.destinations)

    def _users(self, dId: DID) -> Iterable[TaskRecord]:
        for record in self.tasks.values():
            lists = [record.details.listOfDIDs]
            lists += [
                entry.listOfDIDs
                for entry in record.details.listOfMediationDetails or ()
                if entry.listOfDIDs is not None
            ]
            if any(dId in dids.dId for dids in lists):
                yield record


def _check_deliveries(details: TaskDetails, destinations: dict[DID, DestinationDetails]) -> None:
    """Destinations are known, each fits the task, together they carry all that it delivers."""
    wanted = _INTERFACES[details.deliveryType]
    mediation = details.listOfMediationDetails
    if details.listOfDIDs.dId or details.listOfDIDs.dSId or mediation is None:
        _check_list(details.listOfDIDs, wanted, destinations)
    seen: set[tuple[str, str]] = set()
    for entry in mediation or ():
        _check_entry(entry, details, destinations)
        for interface in _INTERFACES[entry.deliveryType]:
            if (str(entry.LIID), interface) in seen:
                raise X1Refused(
                    ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED, f"LIID {entry.LIID} is listed twice"
                )
            seen.add((str(entry.LIID), interface))


def _check_entry(
    entry: MediationDetails, task: TaskDetails, destinations: dict[DID, DestinationDetails]
) -> None:
    wanted = _INTERFACES[entry.deliveryType]
    if not wanted <= _INTERFACES[task.deliveryType]:
        raise X1Refused(
            ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED,
            f"LIID {entry.LIID}: {entry.deliveryType} does not fit {task.deliveryType}",
        )
    if entry.StartTime and entry.EndTime and entry.EndTime <= entry.StartTime:
        raise X1Refused(ErrorCode.SYNTAX, f"LIID {entry.LIID} ends before it starts")
    _check_list(entry.listOfDIDs or task.listOfDIDs, wanted, destinations)


def _check_list(
    dids: ListOfDIDs, wanted: frozenset[str], destinations: dict[DID, DestinationDetails]
) -> None:
    if dids.dSId:
        raise X1Refused(ErrorCode.DID_UNKNOWN, "destination sets are not supported")
    carried: frozenset[str] = frozenset()
    for dId in dids.dId:
        if dId not in destinations:
            raise X1Refused(ErrorCode.DID_UNKNOWN, f"DID {dId} is not held here")
        carries = _INTERFACES[destinations[dId].deliveryType]
        if not carries & wanted:
            raise X1Refused(
                ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED,
                f"DID {dId} is of another delivery type than the task",
            )
        carried |= carries
    if not wanted <= carried:
        raise X1Refused(
            ErrorCode.DELIVERY_TYPE_NOT_SUPPORTED,
            "the destinations do not carry all that is to be delivered",
        )


def _check_address(details: DestinationDetails) -> None:
    if ip_endpoint(details.deliveryAddress) is None:
        raise X1Refused(
            ErrorCode.ADDRESS_TYPE_NOT_SUPPORTED, "only an IP address with a TCP port is supported"
        )
