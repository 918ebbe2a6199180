"""Text that a peer wrote may quote what it was sent: nothing that looks like an identity stays."""

from __future__ import annotations

import re

_IDENTITY = re.compile(r"[0-9]{5,}|[^\s@]+@[^\s@]+")
_LONGEST = 300


def redacted(text: str) -> str:
    """``text`` without runs of five digits or more, without addresses, on one line, cut."""
    return " ".join(_IDENTITY.sub("…", text).split())[:_LONGEST]
