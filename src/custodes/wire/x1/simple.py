"""Simple types: how one text becomes a value and back, with XSD's white space rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Refusal(Exception):  # noqa: N818 - internal: the codec turns it into its own error
    """A value does not fit; the text says what was expected, never what came."""


class WhiteSpace(Enum):
    """XSD's whiteSpace facet."""

    PRESERVE = "preserve"
    REPLACE = "replace"
    COLLAPSE = "collapse"

    def apply(self, text: str) -> str:
        if self is WhiteSpace.PRESERVE:
            return text
        replaced = re.sub(r"[\t\n\r]", " ", text)
        if self is WhiteSpace.REPLACE:
            return replaced
        return re.sub(" +", " ", replaced).strip(" ")


@dataclass(frozen=True, slots=True)
class Simple:
    """One simple type. ``parse`` raises Refusal; ``render`` is its inverse."""

    name: str
    parse: Callable[[str], Any]
    render: Callable[[Any], str]
    space: WhiteSpace = WhiteSpace.COLLAPSE

    def read(self, text: str) -> Any:
        return self.parse(self.space.apply(text))

    def write(self, value: Any) -> str:
        """The text of a value; Refusal where reading it back would not give the value."""
        try:
            text = self.render(value)
        except (TypeError, ValueError, AttributeError, OverflowError):
            raise Refusal(f"is not a value of {self.name}") from None
        if not isinstance(text, str) or self.read(text) != value:
            raise Refusal(f"is not a value of {self.name}")
        return text


def pattern(
    name: str,
    expression: str,
    *,
    expected: str | None = None,
    longest: int | None = None,
    space: WhiteSpace = WhiteSpace.COLLAPSE,
) -> Simple:
    """A restriction of a string by one expression (and a greatest length)."""
    compiled = re.compile(expression, re.ASCII)
    wanted = expected or f"a value of {name}"

    def parse(text: str) -> str:
        if (longest is not None and len(text) > longest) or not compiled.fullmatch(text):
            raise Refusal(f"is not {wanted}")
        return text

    return Simple(name, parse, _same, space)


def text(
    name: str, *, longest: int | None = None, space: WhiteSpace = WhiteSpace.PRESERVE
) -> Simple:
    def parse(value: str) -> str:
        if longest is not None and len(value) > longest:
            raise Refusal(f"is longer than {longest} characters")
        return value

    return Simple(name, parse, _same, space)


def integer(name: str, least: int | None = None, greatest: int | None = None) -> Simple:
    def parse(value: str) -> int:
        # 24 digits: more than any counter, less than a denial of service.
        if not re.fullmatch(r"[+-]?[0-9]{1,24}", value):
            raise Refusal("is not an integer")
        number = int(value)
        if (least is not None and number < least) or (greatest is not None and number > greatest):
            raise Refusal(f"is not an integer allowed for {name}")
        return number

    return Simple(name, parse, _integer)


def enumeration(name: str, values: type[Enum]) -> Simple:
    """A string enumeration; compared without touching white space, as xs:string is."""

    def parse(value: str) -> Enum:
        try:
            return values(value)
        except ValueError:
            raise Refusal(f"is not one of the values of {name}") from None

    return Simple(name, parse, lambda v: str(values(v).value), WhiteSpace.PRESERVE)


def _same(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _integer(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return str(value)
