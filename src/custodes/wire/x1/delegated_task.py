"""Tasks that a triggering function holds elsewhere (TS 33.128 V19.7.0 5.2.5; schema r19:v2).

DelegatedTaskStatus rides in taskStatusExtensions of the trigger's own answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from custodes.wire.x1 import names
from custodes.wire.x1.common import MICROSECOND_TIME, TOKEN
from custodes.wire.x1.destination import IPAddress
from custodes.wire.x1.fields import Sequence, listing, one, optional, sequence
from custodes.wire.x1.task import TaskDetails, TaskStatus


@sequence
class DelegatedTask(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    NEID: str = one(TOKEN)
    TaskDetails: TaskDetails = one(TaskDetails)
    TaskStatus: TaskStatus | None = optional(TaskStatus)
    LastTaskStatusTime: datetime | None = optional(MICROSECOND_TIME)
    NEIPAddress: IPAddress | None = optional(IPAddress)


@sequence
class DelegatedTaskStatus(Sequence):
    NAMESPACE: ClassVar[str] = names.THREEGPP
    TAG: ClassVar[str] = "DelegatedTaskStatus"
    ListOfDelegatedTasks: tuple[DelegatedTask, ...] = listing("DelegatedTask", DelegatedTask)
