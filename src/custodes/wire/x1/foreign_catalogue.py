"""What is read as a value where the schema allows any element of another namespace."""

from __future__ import annotations

from typing import Any

from custodes.wire.x1 import threegpp_targets as targets
from custodes.wire.x1.delegated_task import DelegatedTaskStatus
from custodes.wire.x1.grant import Grants
from custodes.wire.x1.state_transfer import POILIState, TFLIState
from custodes.wire.x1.threegpp import IdentifierAssociationExtensions, X1Extensions

_KINDS: tuple[Any, ...] = (
    Grants,
    X1Extensions,
    IdentifierAssociationExtensions,
    DelegatedTaskStatus,
    TFLIState,
    POILIState,
    targets.PTCLIX1TargetIdentifierExtensions,
    targets.ECX1TargetIdentifierExtensions,
    targets.UPFLIT3TargetIdentifierExtensions,
    targets.PINLIX1TargetIdentifier,
    targets.AKMATargetIdentifier,
    targets.HRLIT1TargetIdentifierExtensions,
    targets.RCSTargetIdentifierExtensions,
    targets.IMST3TargetIdentifierExtensions,
    targets.APN,
    targets.DNN,
    targets.HR,
    targets.IMSSignaling,
    targets.IdentityAssociationTargetIdentifier,
)
FOREIGN: dict[str, type] = {f"{{{kind.NAMESPACE}}}{kind.TAG}": kind for kind in _KINDS}
