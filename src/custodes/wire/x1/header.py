"""What every message carries (TS 103 221-1 clause 6.1)."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from custodes.wire.x1.common import MICROSECOND_TIME, TOKEN, UUID_TEXT
from custodes.wire.x1.fields import Sequence, one, sequence
from custodes.wire.x1.simple import WhiteSpace, pattern

_VERSION = r"v1\.[0-9]{1,9}\.[0-9]{1,9}"
VERSION = pattern("Version", _VERSION, expected="v1.x.y", space=WhiteSpace.PRESERVE)
CURRENT_VERSION = "v1.22.1"


@sequence
class Header(Sequence):
    admfIdentifier: str = one(TOKEN)
    neIdentifier: str = one(TOKEN)
    messageTimestamp: datetime = one(MICROSECOND_TIME)
    version: str = one(VERSION)
    x1TransactionId: UUID = one(UUID_TEXT)


@sequence
class TopLevelHeader(Sequence):
    """The whole of an X1TopLevelErrorResponse: no transaction, no code."""

    admfIdentifier: str = one(TOKEN)
    neIdentifier: str = one(TOKEN)
    messageTimestamp: datetime = one(MICROSECOND_TIME)
    version: str = one(VERSION)


def version_number(version: str) -> tuple[int, int] | None:
    """(minor, patch) of ``v1.minor.patch``, or None."""
    if not re.fullmatch(_VERSION, version):
        return None
    _, minor, patch = version[1:].split(".")
    return int(minor), int(patch)
