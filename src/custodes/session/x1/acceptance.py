"""What an element's function brings to its X1 session: its consent, and what it knows of product.

The session checks the standard's rules first and asks the function last; a refusal of either
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from custodes.base.ids import DID, XID
from custodes.wire.x1.destination import DestinationDetails
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.grant import Grants
from custodes.wire.x1.task import ProvisioningStatus, TaskDetails


class Acceptance(Protocol):
    """Both raise X1Refused (its code is answered) or any other CustodesError (the operation's
    generic code is answered); returning is consent."""

    def check_task(
        self,
        details: TaskDetails,
        grants: tuple[Grants, ...],
        previous: TaskDetails | None,
        now: datetime,
    ) -> None:
        """``grants``: decoded from taskDetailsExtensions of Owner custodes, () where there are
        none; ``previous``: the task that a ModifyTask would replace."""
        ...

    def check_destination(
        self,
        details: DestinationDetails,
        grants: tuple[Grants, ...],
        previous: DestinationDetails | None,
        now: datetime,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskActivity:
    """What TaskStatus reports of one task. None is "not known", never "none"."""

    provisioningStatus: ProvisioningStatus = ProvisioningStatus.COMPLETE
    faults: tuple[ErrorInformation, ...] = ()
    timeOfLastIntercept: datetime | None = None
    amountOfX2Data: int | None = None
    amountOfX3Data: int | None = None


class Activity(Protocol):
    """The function's own knowledge, asked whenever an interrogation is answered."""

    def task(self, xId: XID) -> TaskActivity: ...

    def destination_faults(self, dId: DID) -> tuple[ErrorInformation, ...]: ...

    def element_faults(self) -> tuple[ErrorInformation, ...]: ...


class NoActivity:
    """For a function that has nothing to tell: every amount stays unknown."""

    def task(self, xId: XID) -> TaskActivity:
        return TaskActivity()

    def destination_faults(self, dId: DID) -> tuple[ErrorInformation, ...]:
        return ()

    def element_faults(self) -> tuple[ErrorInformation, ...]:
        return ()
