"""Error information (TS 103 221-1 clause 6.7)."""

from __future__ import annotations

from custodes.wire.x1.common import ERROR_CODE, STRING
from custodes.wire.x1.fields import Sequence, one, sequence


@sequence
class ErrorInformation(Sequence):
    """``errorCode`` is kept as it came: peers use numbers outside the standard's."""

    errorCode: int = one(ERROR_CODE)
    errorDescription: str = one(STRING)
