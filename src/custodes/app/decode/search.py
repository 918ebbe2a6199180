"""Where, among octets that are nothing known, a message begins. Pure.

Stricter than recognising what stands at a known beginning: a dozen octets must fit at once, so
that what is found in the middle of something else is hardly ever an accident.
"""

from __future__ import annotations

import re
from functools import cache

from custodes.app.decode.recognise import ber_kind, x2x3
from custodes.wire.x2x3.pdu import HEADER_LENGTH

OVERLAP = 40
"""Octets to search again together with what comes next: no mark is longer."""

_LENGTH = rb"(?:[\x00-\x7f]|\x80|\x81.|\x82..|\x83...|\x84....)"
# Each alternative begins with one literal octet: that makes the search fast.
_MARKS = {
    # Version, type, lengths below 64 KiB and 16 MiB, format, direction: 16 octets.
    "x2x3": rb"\x00[\x00-\x1f]\x00[\x01-\x04]\x00\x00..\x00...\x00[\x00-\x1f]\x00[\x00-\x05]",
    "ber": rb"\x30" + _LENGTH + rb"(?:\xa1" + _LENGTH + rb"\x80[\x07-\x10]\x04\x00\x02\x02\x05\x01"
    rb"|\x81[\x05-\x08]\x04\x13..)",
    "http": rb"POST [/h]|GET [/h]|PUT [/h]|HTTP/1\.[01] [1-5][0-9][0-9]",
    "xml": rb"<\?xml |<(?:[A-Za-z][\w.-]{0,16}:)?X1(?:Request|Response|TopLevelError)[\s>/R]",
}
_KIND = {0x00: "x2x3", 0x30: "ber", 0x3C: "xml"}


def first(octets: bytes, kinds: tuple[str, ...], start: int = 0) -> tuple[int, str] | None:
    """(index, kind of stream) of the first message that begins at or after ``start``."""
    pattern = _pattern(kinds)
    while (match := pattern.search(octets, start)) is not None:
        at = match.start()
        kind = _KIND.get(octets[at], "http")
        if _fits(octets, kind, at):
            return at, kind
        start = at + 1
    return None


def begins(octets: bytes, kinds: tuple[str, ...]) -> str | None:
    """The kind of stream whose message these octets begin with."""
    if not kinds or _pattern(kinds).match(octets) is None:
        return None
    kind = _KIND.get(octets[0], "http")
    return kind if _fits(octets, kind, 0) else None


@cache
def _pattern(kinds: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(_MARKS[kind] for kind in kinds), re.DOTALL)


def _fits(octets: bytes, kind: str, at: int) -> bool:
    if kind == "ber":
        return isinstance(ber_kind(octets[at : at + 64]), str)
    if kind != "x2x3":
        return True
    return x2x3(octets[at : at + HEADER_LENGTH]) is True and _attributes(octets, at)


def _attributes(octets: bytes, at: int) -> bool:
    """The attributes fill the header exactly, as far as they are there."""
    end = at + int.from_bytes(octets[at + 4 : at + 8])
    pos = at + HEADER_LENGTH
    while pos < end and pos + 4 <= len(octets):
        pos += 4 + int.from_bytes(octets[pos + 2 : pos + 4])
    return pos <= end
