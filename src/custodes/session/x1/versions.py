"""Which versions of TS 103 221-1 we speak, whichever side we are."""

from __future__ import annotations

from custodes.wire.x1.header import version_number

_OLDEST = (6, 1)
_NEWEST = (22, 1)
SUPPORTED = "versions v1.6.1 to v1.22.1 are supported"


def supported(version: str) -> bool:
    """Whether a message may carry ``version``, as written: ``v1.x.y``."""
    number = version_number(version)
    return number is not None and _OLDEST <= number <= _NEWEST
