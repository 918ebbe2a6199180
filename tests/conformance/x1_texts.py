"""Texts of the schema's simple types, drawn by a seeded random.Random from xmlschema's model.

Patterns are walked as Python's own parser sees them; bounds and lengths are hit on their edges.
Nothing of the codec is used, and nothing that the codec refuses on purpose (x1_bounds) is drawn.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

_ZONES = ("Z", "+00:00", "-00:00", "+01:00", "-11:30", "+14:00", "-14:00")
_URIS = (
    "",
    "sip:a@example.com;transport=tcp",
    "urn:uuid:1",
    "https://example.com:8443/a/b?c=d&e#f",
    "http://[2001:db8::1]/",
    "//user%20name@192.0.2.1/a%2Fb",
    "../relative?query",
    "#fragment",
    "ldap://h/x'y(z)!*",
    "mailto:é@example.com",
)
_STRINGS = (
    "",
    " ",
    " a  b ",
    "a\tb\nc",
    "\r",
    "<a>&amp;]]>\"'",
    "naïve \U0001f512 文",
    "0",
    "\u00a0\u2028",
)
_TOKENS = ("", "admf", "ne-1", "a b c", "é", " \n a\t b ", "urn:x:1")
_MOMENTS = (
    *("2026-02-29T00:00:00.000000Z", "2024-02-29T00:00:00.000000Z", "2026-01-01T00:00:00.000000"),
    *("2026-01-01T24:00:00.000000Z", "2026-01-01T24:00:00.000001Z", "2026-01-01T00:60:00.000000Z"),
    *("2026-01-01T00:00:60.000000Z", "2026-13-01T00:00:00.000000Z", "2026-01-01T00:00:00Z"),
    *("2026-01-01T00:00:00.000000+14:00", "2026-01-01T00:00:00.000000+14:01"),
    *("2026-01-01T00:00:00.000000-13:60", "2026-01-01T00:00:00.000000-15:00"),
    *("2026-01-01T00:00:00.000Z", "2026-01-01 00:00:00.000000Z", "02026-01-01T00:00:00.000000Z"),
    *("-2026-01-01T00:00:00.000000Z", "0000-01-01T00:00:00.000000Z", "2026-00-01T00:00:00.000000Z"),
)
_LONGEST_REPEAT = 4
# libxml2 reads a restriction of anyURI by RFC 3986, xmlschema does not: drawn is what both take.
_DOUBTFUL_URI = re.compile(r"[\[\]]|#.*#|%(?![0-9A-Fa-f]{2})")


def text(kind: Any, dice: random.Random) -> str:
    """A text that the simple type allows."""
    for _ in range(200):
        found = _padded(kind, _draw(kind, dice), dice)
        if kind.is_valid(found):
            return found
    raise AssertionError(f"no text found for {kind.name}")


def around(kind: Any, dice: random.Random) -> list[str]:
    """Texts on and just beyond the edges of the type; whether they fit, the judge says."""
    found = ["", "x", " ", "1", text(kind, dice) + " ", "\n" + text(kind, dice)]
    for bound in (kind.min_value, kind.max_value):
        found += [] if bound is None else [str(int(bound) + n) for n in (-1, 0, 1)]
    for value in list(kind.enumeration or ())[:1]:
        found += [str(value).swapcase(), str(value)[:-1], f"{value}s"]
    base = text(kind, dice)
    for length in (kind.min_length, kind.max_length):
        for n in (-1, 0, 1) if length is not None else ():
            unit = 2 if kind.root_type.local_name == "hexBinary" else 1
            found.append("a" * max(0, (int(length) + n) * unit))
            found.append(base + "a" * max(0, int(length) + n - len(base)))
    if kind.root_type.local_name == "dateTime":
        found += _MOMENTS
    for _ in range(8 if _patterns(kind) else 2):
        base = text(kind, dice)
        at = dice.randrange(len(base) + 1)
        found.append(
            base[:at] + dice.choice(("", *"0aAgZ-.:@/# ")) + base[at + dice.choice((0, 1)) :]
        )
    return found


def _padded(kind: Any, found: str, dice: random.Random) -> str:
    if kind.white_space == "collapse" and dice.random() < 0.1:
        return f"\n {found}\t"
    return found


def _draw(kind: Any, dice: random.Random) -> str:
    if kind.enumeration is not None:
        return str(dice.choice(kind.enumeration))
    root, patterns = kind.root_type.local_name, _patterns(kind)
    if root == "dateTime":
        return _moment(dice)
    if patterns:
        found = _from_pattern(dice.choice(patterns), kind.max_length, dice)
        return _DOUBTFUL_URI.sub("", found) if root == "anyURI" else found
    if root == "boolean":
        return dice.choice(("true", "false", "1", "0"))
    if root == "hexBinary":
        octets = dice.randbytes((kind.min_length or 0) + dice.choice((0, 0, 1, 20))).hex()
        return octets.upper() if dice.random() < 0.3 else octets
    if root == "anyURI":
        return dice.choice(_URIS)
    if kind.is_decimal():
        return _integer(kind, dice)
    found = dice.choice(_TOKENS if kind.white_space == "collapse" else _STRINGS)
    if kind.max_length is not None and dice.random() < 0.2:
        return "x" * kind.max_length
    return found


def _moment(dice: random.Random) -> str:
    second = dice.randrange(365 * 86400 * 9000)
    moment = datetime(2, 1, 1, tzinfo=UTC) + timedelta(seconds=second, microseconds=second % 10**6)
    if dice.random() < 0.1:
        moment = moment.replace(year=2024, month=2, day=29)
    written = moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    if dice.random() < 0.1:
        written = written[:10] + "T24:00:00.000000"
    return written + dice.choice(_ZONES)


def _integer(kind: Any, dice: random.Random) -> str:
    least = -(10**18) if kind.min_value is None else int(kind.min_value)
    most = 10**18 if kind.max_value is None else int(kind.max_value)
    number = dice.choice((least, most, least + 1, most - 1, dice.randint(least, most)))
    sign = "-" if number < 0 else dice.choice(("", "", "", "+"))
    return sign + "0" * dice.choice((0, 0, 0, 2)) + str(abs(number))


def _patterns(kind: Any) -> list[str]:
    while kind is not None and kind.local_name is not None:
        if getattr(kind, "patterns", None) is not None:
            return [str(p) for p in kind.patterns.regexps]
        kind = kind.base_type
    return []


@cache
def _parsed(pattern: str) -> Any:
    return _parser.parse(pattern, re.ASCII)


def _from_pattern(pattern: str, longest: int | None, dice: random.Random) -> str:
    """Now and then as long as the expression and the type's length let it be."""
    top = longest if longest is not None and dice.random() < 0.1 else _LONGEST_REPEAT
    return "".join(_walk(_parsed(pattern), top, dice))[:longest]


def _walk(nodes: Any, top: int, dice: random.Random) -> list[str]:
    parts: list[str] = []
    for kind, value in nodes:
        if kind is _constants.LITERAL:
            parts.append(chr(value))
        elif kind is _constants.ANY:
            parts.append(dice.choice("a@é .-0\t"))
        elif kind is _constants.IN:
            parts.append(_member(value, dice))
        elif kind is _constants.MAX_REPEAT:
            least, most, inner = value
            most = min(int(most), max(least, top))
            for _ in range(dice.choice((least, most, dice.randint(least, most)))):
                parts += _walk(inner, top, dice)
        elif kind is _constants.SUBPATTERN:
            parts += _walk(value[3], top, dice)
        elif kind is _constants.BRANCH:
            parts += _walk(dice.choice(value[1]), top, dice)
        else:
            raise AssertionError(f"{kind} in a pattern")
    return parts


def _member(value: Any, dice: random.Random) -> str:
    if value[0][0] is _constants.NEGATE:  # whoever draws for it asks the type whether it fits
        return dice.choice("aZ9é-:/.")
    kind, inner = dice.choice(value)
    if kind is _constants.LITERAL:
        return chr(inner)
    if kind is _constants.RANGE:
        return chr(dice.choice((inner[0], inner[1], dice.randint(*inner))))
    return {
        _constants.CATEGORY_DIGIT: dice.choice("0123456789"),
        _constants.CATEGORY_SPACE: dice.choice(" \t\n"),
        _constants.CATEGORY_NOT_SPACE: dice.choice("aZ9é-<&>"),
    }[inner]
