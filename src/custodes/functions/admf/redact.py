"""Identities in text: kept out of what a peer wrote, and found in what an officer wrote.

A peer may quote what it was sent, so that nothing that looks like an identity stays. An officer's
text may hold dates and case numbers, so that only the identities of subjects are looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_IDENTITY = re.compile(r"[0-9]{5,}|[^\s@]+@[^\s@]+")
_LONGEST = 300


def redacted(text: str) -> str:
    """``text`` without runs of five digits or more, without addresses, on one line, cut."""
    return " ".join(_IDENTITY.sub("…", text).split())[:_LONGEST]


# Shorter subjects may well be part of a longer number that means something else.
_TELLING = 10
_SEPARATORS = re.compile(r"[\s._/()-]+")
_DIGITS = re.compile(r"[0-9]+")


def names_subject(text: str, subjects: Iterable[str]) -> bool:
    """Whether the digits of a subject stand in ``text``: as a number of their own or, from ten
    digits on, within a longer one or spread by separators; in any script's digits."""
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    numbers = set(_DIGITS.findall(plain))
    joined = _SEPARATORS.sub("", plain)
    return any(
        subject in numbers or (len(subject) >= _TELLING and subject in joined)
        for subject in subjects
    )
