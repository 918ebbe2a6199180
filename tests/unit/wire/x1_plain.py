"""X1 values as plain JSON, for vectors."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from custodes.base.ids import DID, LIID, XID
from custodes.wire.x1.fields import Choice


def plain(value: Any) -> Any:
    if isinstance(value, XID | DID | LIID | UUID | Enum):
        return str(value.value if isinstance(value, Enum) else value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Choice):
        return {value.name: plain(value.value)}
    if is_dataclass(value):
        named = {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        return {"type": type(value).__name__} | {k: v for k, v in named.items() if v is not None}
    return value
