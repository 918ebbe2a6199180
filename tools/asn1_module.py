"""Reads the type assignments of one ASN.1 module: names, tags, types, optionality, bounds.

Covers the part of X.680 that TS 33.128, TS 102 232-1 and TS 103 280 use and stops at anything
else, so that nothing is ever read wrongly in silence. Independent of pycrate on purpose: pycrate
is the judge of what comes out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"--.*?(?:--|$)|(?P<token>::=|\.\.\.|\.\.|[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*"
    r"|-?\d+|[{}()\[\],;.|:])|\s+|(?P<bad>.)",
    re.MULTILINE,
)
_TWO_WORDS = {"OCTET": "STRING", "BIT": "STRING", "OBJECT": "IDENTIFIER"}
_BUILTIN = {
    "BOOLEAN", "INTEGER", "NULL", "OCTET STRING", "BIT STRING", "OBJECT IDENTIFIER",
    "RELATIVE-OID", "UTF8String", "PrintableString", "NumericString", "IA5String",
    "VisibleString", "GeneralizedTime", "UTCTime", "SEQUENCE", "SET", "CHOICE", "ENUMERATED",
}  # fmt: skip
_BOUNDED = {"INTEGER", "OCTET STRING", "BIT STRING"} | {n for n in _BUILTIN if "String" in n}


@dataclass
class Module:
    """One module: its name, the numbers of its OID, its types as table values."""

    name: str
    oid: list[int]
    imports: dict[str, str] = field(default_factory=dict)
    types: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    """Types this tool cannot read, and why: no table may need one."""


class Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        for match in _TOKEN.finditer(text):
            if match["bad"]:
                raise SystemExit(f"unexpected character {match['bad']!r} in the module")
            if match["token"]:
                self.tokens.append(match["token"])
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if expected is not None and token != expected:
            around = " ".join(self.tokens[max(0, self.at - 8) : self.at + 4])
            raise SystemExit(f"expected {expected!r}, found {token!r} near: {around}")
        self.at += 1
        return token

    def accept(self, token: str) -> bool:
        if self.peek() == token:
            self.at += 1
            return True
        return False

    def skip_balanced(self, opening: str, closing: str) -> list[str]:
        """The tokens between a pair of brackets."""
        self.take(opening)
        start, depth = self.at, 1
        while depth:
            token = self.take()
            depth += (token == opening) - (token == closing)
        return self.tokens[start : self.at - 1]

    def module(self) -> Module:
        name = self.take()
        oid = [int(t) for t in self.skip_balanced("{", "}") if t.lstrip("-").isdigit()]
        module = Module(name, oid)
        self.take("DEFINITIONS")
        tagging: list[str] = []
        while not self.accept("::="):
            tagging.append(self.take())
        if tagging[:2] != ["IMPLICIT", "TAGS"]:
            raise SystemExit(f"{name}: only IMPLICIT TAGS modules are known, not {tagging}")
        self.take("BEGIN")
        if self.accept("IMPORTS"):
            module.imports = self.imported()
        while not self.accept("END"):
            self.assignment(module)
        return module

    def imported(self) -> dict[str, str]:
        names: list[str] = []
        found: dict[str, str] = {}
        while not self.accept(";"):
            word = self.take()
            if word == "FROM":
                source = self.take()
                if self.peek() == "{":
                    self.skip_balanced("{", "}")
                found.update(dict.fromkeys(names, source))
                names = []
            elif word != ",":
                names.append(word)
        return found

    def assignment(self, module: Module) -> None:
        name = self.take()
        if name[0].islower() or self.peek() != "::=":  # a value or an information object (set)
            while not self.accept("::="):
                self.take()
            if self.peek() == "{":
                self.skip_balanced("{", "}")
            else:
                self.take()
            return
        self.take("::=")
        start = self.at
        try:
            module.types[name] = self.type()
        except SystemExit as fault:
            module.unread[name] = str(fault)
            self.at = start
            self.skip_to_assignment()

    def skip_to_assignment(self) -> None:
        depth = 0
        while depth or (self.peek(1) != "::=" and self.peek() != "END"):
            depth += {"{": 1, "}": -1}.get(self.take(), 0)

    def type(self) -> Any:
        word = self.take()
        if word in _TWO_WORDS:
            word += " " + self.take(_TWO_WORDS[word])
        if word in ("SEQUENCE", "SET"):
            return self.sequence(word)
        if word == "CHOICE":
            return {"CHOICE": [item[:3] for item in self.items()]}
        if word == "ENUMERATED":
            return {"ENUMERATED": self.numbers()}
        if word == "[" or not word[0].isupper() or word in ("IMPLICIT", "EXPLICIT", "ANY"):
            raise SystemExit(f"a type this tool does not know: {word!r}")
        if word in ("BIT STRING", "INTEGER") and self.peek() == "{":
            self.skip_balanced("{", "}")
        if self.accept("."):
            word += "." + self.take()
        bounds = self.constraint()
        return {word: bounds} if bounds and word in _BOUNDED else word

    def sequence(self, word: str) -> Any:
        if self.peek() == "{":
            return {word: self.items()}
        self.accept("SIZE")
        bounds = self.constraint()
        self.take("OF")
        return {f"{word} OF": [self.type(), *(bounds or ())]}

    def items(self) -> list[list[Any]]:
        """[name, tag or None, type, 1 where OPTIONAL] of each component or alternative."""
        found: list[list[Any]] = []
        self.take("{")
        while not self.accept("}"):
            if self.accept(",") or self.accept("..."):
                continue
            name = self.take()
            tag = int(self.skip_balanced("[", "]")[0]) if self.peek() == "[" else None
            item = [name, tag, self.type(), int(self.accept("OPTIONAL"))]
            if self.peek() not in (",", "}"):
                raise SystemExit(f"{name}: {self.peek()!r} is not known to this tool")
            found.append(item)
        return found

    def numbers(self) -> dict[str, int]:
        found: dict[str, int] = {}
        self.take("{")
        while not self.accept("}"):
            if self.accept(",") or self.accept("..."):
                continue
            name = self.take()
            self.take("(")
            found[name] = int(self.take())
            self.take(")")
        return found

    def constraint(self) -> list[int | None] | None:
        """[lowest, highest] of a value range or a SIZE; None where there is none to check."""
        if self.peek() != "(":
            return None
        inside = [t for t in self.skip_balanced("(", ")") if t not in ("SIZE", "(", ")")]
        if "..." in inside or "CONTAINING" in inside or "|" in inside:
            return None
        if len(inside) == 1 and inside[0][0].islower():
            return None  # a value by its name: an object identifier
        if len(inside) == 1:
            return [int(inside[0])] * 2
        if len(inside) == 3 and inside[1] == ".." and not inside[2][0].islower():
            return [None if t in ("MIN", "MAX") else int(t) for t in (inside[0], inside[2])]
        raise SystemExit(f"a constraint this tool does not know: {inside}")


def read_module(text: str) -> Module:
    return Reader(text).module()


def references(spec: Any) -> set[str]:
    """The names of the types a table value refers to."""
    if isinstance(spec, str):
        return set() if spec in _BUILTIN else {spec}
    ((kind, inside),) = spec.items()
    if kind.endswith(" OF"):
        return references(inside[0])
    if kind in ("SEQUENCE", "SET", "CHOICE"):
        return set().union(*(references(item[2]) for item in inside))
    return set()


def qualify(spec: Any, names: dict[str, str]) -> Any:
    """The same value with imported names written as Module.Name."""
    if isinstance(spec, str):
        return f"{names[spec]}.{spec}" if spec in names else spec
    ((kind, inside),) = spec.items()
    if kind.endswith(" OF"):
        return {kind: [qualify(inside[0], names), *inside[1:]]}
    if kind in ("SEQUENCE", "SET", "CHOICE"):
        return {kind: [[*i[:2], qualify(i[2], names), *i[3:]] for i in inside]}
    return spec
