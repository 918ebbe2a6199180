"""SEQUENCE, SEQUENCE OF, SET OF and CHOICE (X.690 clauses 8.9-8.13).

What the tables do not know is kept: a SEQUENCE value then has the key ``_unknown`` with a list of
(name of the known component before it, or "", octets of the element); a CHOICE value is
("_unknown", octets of the element). Both are written back octet by octet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from custodes.wire.ber.errors import BERDecodeError, BEREncodeError
from custodes.wire.ber.member import MANDATORY, OPTIONAL, Member
from custodes.wire.ber.node import UNKNOWN, Node
from custodes.wire.ber.raw import check_element
from custodes.wire.ber.strings import check_size
from custodes.wire.ber.tlv import MAX_DEPTH, header, tag_text

Members = Callable[[], Sequence[Member]]


def _by_tag(members: Sequence[Member]) -> dict[int, tuple[int, Member]]:
    found: dict[int, tuple[int, Member]] = {}
    for at, member in enumerate(members):
        for tag in member.tags():
            found.setdefault(tag, (at, member))
    return found


class SequenceNode(Node):
    """dict by component name; absent components have no key. Components are made on first use."""

    __slots__ = ("_by_tag", "_make", "_members", "_names", "name")
    tag = 16
    constructed = True

    def __init__(self, name: str, make: Members) -> None:
        self.name = name
        self._make = make
        self._members: Sequence[Member] | None = None
        self._by_tag: dict[int, tuple[int, Member]] = {}
        self._names: frozenset[str] = frozenset()

    @property
    def members(self) -> Sequence[Member]:
        if self._members is None:
            made = self._make()
            self._by_tag = _by_tag(made)
            self._names = frozenset(member.name for member in made)
            self._members = made
        return self._members

    def decode(
        self, buf: bytes, start: int, end: int, constructed: bool, depth: int
    ) -> dict[str, Any]:
        members = self.members
        if not constructed or depth > MAX_DEPTH:
            raise BERDecodeError(f"{self.name}: primitive, or nested too deep", offset=start)
        by_tag = self._by_tag
        value: dict[str, Any] = {}
        unknown: list[tuple[str, bytes]] = []
        due, before, pos = 0, "", start
        while pos < end:
            found = header(buf, pos, end)
            entry = by_tag.get(found[0])
            if entry is None:
                unknown.append((before, bytes(buf[pos : found[4]])))
            else:
                at, member = entry if entry[0] >= due else self._next(found[0], due, pos)
                before = member.name
                value[before] = member.decode(buf, found, pos, depth + 1)
                due = at + 1
            pos = found[4]
        for member in members:
            if member.presence == MANDATORY and member.name not in value:
                raise BERDecodeError(f"{self.name}: {member.name} is missing", offset=start)
        if unknown:
            value[UNKNOWN] = unknown
        return value

    def _next(self, tag: int, due: int, pos: int) -> tuple[int, Member]:
        """A later component with the same tag: IPv4AddressUDPTCPPortRange has two tagged [2]."""
        for at, member in enumerate(self.members):
            if at >= due and tag in member.tags():
                return at, member
        what = f"{self.name}: {tag_text(tag)} is out of place or comes twice"
        raise BERDecodeError(what, offset=pos)

    def encode(self, value: Any) -> bytes:
        members = self.members
        if not isinstance(value, dict):
            raise BEREncodeError(f"{self.name}: not a dict")
        extra = self._extensions(value)
        pieces = extra.get("", [])
        for member in members:
            name = member.name
            if name in value:
                pieces.append(member.encode(value[name]))
            elif member.presence != OPTIONAL:
                raise BEREncodeError(f"{self.name} lacks it", (name,))
            if extra:
                pieces += extra.get(name, ())
        return b"".join(pieces)

    def _extensions(self, value: dict[str, Any]) -> dict[str, list[bytes]]:
        if value.keys() <= self._names:
            return {}
        if foreign := value.keys() - self._names - {UNKNOWN}:
            raise BEREncodeError(f"{self.name} has no such component", (min(map(str, foreign)),))
        extra: dict[str, list[bytes]] = {}
        if not isinstance(value[UNKNOWN], list):
            raise BEREncodeError("not a list", (UNKNOWN,))
        for item in value[UNKNOWN]:
            if not (isinstance(item, tuple) and len(item) == 2):
                raise BEREncodeError("not (component before, octets)", (UNKNOWN,))
            before, octets = item
            if not isinstance(before, str) or (before and before not in value):
                raise BEREncodeError("follows a component that is absent", (UNKNOWN,))
            if check_element(octets) in self._by_tag:
                raise BEREncodeError("an element that is not unknown", (UNKNOWN,))
            extra.setdefault(before, []).append(octets)
        return extra


class ListNode(Node):
    """SEQUENCE OF and SET OF: list, in the order of the wire."""

    __slots__ = ("_item", "_make", "high", "low", "tag")
    constructed = True

    def __init__(
        self,
        tag: int,
        make: Callable[[], Member],
        low: int | None = None,
        high: int | None = None,
    ) -> None:
        self.tag, self.low, self.high = tag, low, high
        self._make = make
        self._item: Member | None = None

    @property
    def item(self) -> Member:
        if self._item is None:
            self._item = self._make()
        return self._item

    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> list[Any]:
        if not constructed or depth > MAX_DEPTH:
            raise BERDecodeError("a list is primitive, or nested too deep", offset=start)
        item = self.item
        tags = item.tags()
        found: list[Any] = []
        pos = start
        while pos < end:
            head = header(buf, pos, end)
            # A CHOICE keeps alternatives it does not know, so any tag may start one.
            if head[0] not in tags and item.node.tag is not None:
                raise BERDecodeError(f"{tag_text(head[0])} does not belong in a list", offset=pos)
            found.append(item.decode(buf, head, pos, depth + 1))
            pos = head[4]
        return found

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, list | tuple):
            raise BEREncodeError("not a list")
        check_size(len(value), self.low, self.high, "entries")
        item = self.item
        return b"".join([item.encode(entry) for entry in value])


class ChoiceNode(Node):
    """(name of the alternative, value)."""

    __slots__ = ("_by_name", "_by_tag", "_make", "name")
    constructed = True

    def __init__(self, name: str, make: Members) -> None:
        self.name = name
        self._make = make
        self._by_tag: dict[int, tuple[int, Member]] | None = None
        self._by_name: dict[str, Member] = {}

    def _ready(self) -> dict[int, tuple[int, Member]]:
        if self._by_tag is None:
            members = self._make()
            self._by_name = {member.name: member for member in members}
            self._by_tag = _by_tag(members)
        return self._by_tag

    def tags(self) -> tuple[int, ...]:
        return tuple(self._ready())

    @property
    def members(self) -> Sequence[Member]:
        self._ready()
        return tuple(self._by_name.values())

    def member(self, name: str) -> Member | None:
        """The alternative of that name."""
        self._ready()
        return self._by_name.get(name)

    def decode(
        self, buf: bytes, start: int, end: int, constructed: bool, depth: int
    ) -> tuple[str, Any]:
        return self.decode_element(buf, start, end, depth)

    def encode(self, value: Any) -> bytes:
        return self.encode_element(value)

    def decode_element(self, buf: bytes, pos: int, limit: int, depth: int) -> tuple[str, Any]:
        by_tag = self._ready()
        if depth > MAX_DEPTH:
            raise BERDecodeError(f"{self.name}: nested too deep", offset=pos)
        found = header(buf, pos, limit)
        if found[4] != limit:
            raise BERDecodeError(f"{self.name}: octets follow the alternative", offset=found[4])
        entry = by_tag.get(found[0])
        if entry is None:
            return UNKNOWN, bytes(buf[pos:limit])
        return entry[1].name, entry[1].decode(buf, found, pos, depth + 1)

    def encode_element(self, value: Any) -> bytes:
        by_tag = self._ready()
        if not (isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str)):
            raise BEREncodeError(f"{self.name}: not (alternative, value)")
        name, inner = value
        if name == UNKNOWN:
            if check_element(inner) in by_tag:
                raise BEREncodeError(f"{self.name}: the alternative is not unknown")
            return bytes(inner)
        member = self._by_name.get(name)
        if member is None:
            raise BEREncodeError(f"{self.name} has no such alternative", (name,))
        return member.encode(inner)
