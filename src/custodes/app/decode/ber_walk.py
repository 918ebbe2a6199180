"""BER octets to a tree, by the tables of the codec, with the place of every element.

Reads as ``custodes.wire.ber`` reads. Where that raises, this puts a fault on the element, keeps
what it has, and goes on behind the element where its end is still known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from custodes.app.decode import ber_raw, leaf, meaning
from custodes.app.decode.item import Blame, Item, Shape
from custodes.app.decode.reason import reason
from custodes.app.decode.tags import tag_name
from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.errors import BERDecodeError
from custodes.wire.ber.member import MANDATORY, Member
from custodes.wire.ber.node import UNKNOWN, Node
from custodes.wire.ber.raw import Raw
from custodes.wire.ber.tlv import INDEFINITE, MAX_DEPTH, header, peek

MAX_ELEMENTS = 200_000
"""Of one message: a tree has a bound, whatever a peer sends."""

UNKNOWN_MODULE = "its module is not known to custodes yet: shown by its tags"

Head = tuple[int, bool, int, int, int]
Nested = Callable[["Walk", Item, int, int], bool]
Seen = Callable[[Item, SequenceNode, bool], None]


class Walk:
    """One message: ``buf`` holds it whole, its first octet stands at ``base`` of the source.

    ``nested`` may open an OCTET STRING (True: it did); ``seen`` looks at each SEQUENCE read
    (and is told whether it is whole).
    """

    def __init__(self, buf: bytes, base: int, nested: Nested, seen: Seen) -> None:
        self.buf, self.base = buf, base
        self._nested, self._seen = nested, seen
        # Where a length was cut to what is there: what lacks at such an end is already said.
        self._cut: set[int] = set()
        self._left = MAX_ELEMENTS

    def element(self, item: Item, node: Node, pos: int, limit: int, depth: int = 0) -> None:
        """The one element that must fill buf[pos:limit]."""
        head = self._head(item, pos, limit, "an element")
        if head is None:
            return
        if isinstance(node, ChoiceNode):
            self._choice(item, node, pos, limit, depth)
            return
        if head[0] != node.tag:
            wanted = tag_name(node.tag) if node.tag is not None else "another element"
            item.bad(self.base + pos, f"{tag_name(head[0])} stands here", wanted)
            return
        if head[4] != limit:
            item.bad(self.base + head[4], "octets follow where the element ends", "the end")
        self._contents(item, node, head, depth)

    def _head(self, item: Item, pos: int, limit: int, expected: str | _Due) -> Head | None:
        """The header at ``pos``; a length that is too great is said and cut to what is there."""
        self._left -= 1
        if self._left < 0:
            if self._left == -1:
                item.bad(self.base + pos, "too many elements", f"at most {MAX_ELEMENTS}")
            return None
        try:
            return header(self.buf, pos, limit)
        except BERDecodeError as error:
            head = self._shorter(item, pos, limit)
            if head is None and limit not in self._cut:
                at = pos if error.offset is None else error.offset
                item.bad(self.base + at, reason(error), str(expected))
            return head

    def _shorter(self, item: Item, pos: int, limit: int) -> Head | None:
        try:
            found = peek(self.buf, pos, limit)
        except BERDecodeError:
            return None
        if found is None or found[0] == 0:
            return None
        tag, constructed, length, start = found
        if limit not in self._cut:
            self._cut.add(limit)
            if length == INDEFINITE:
                what = "an indefinite length has no end"
                item.bad(self.base + limit, what, "0000", blame=Blame.CUT)
            elif limit == len(self.buf):
                lacking = start + length - limit
                what = f"the octets end here, {lacking} are missing"
                expected = f"{length} octets of {tag_name(tag)}"
                item.bad(self.base + limit, what, expected, blame=Blame.CUT)
            else:
                what = f"a length of {length} reaches beyond its container"
                item.bad(self.base + pos, what, f"at most {limit - start}")
        return tag, constructed, start, limit, limit

    def _member(self, item: Item, member: Member, head: Head, pos: int, depth: int) -> None:
        node = member.node
        if _is(type(node), Raw):
            item.value = self.buf[pos : head[4]].hex()
            item.note = "; ".join(filter(None, (item.note, UNKNOWN_MODULE)))
            ber_raw.fill(item, self.buf, head[2], head[3], self.base, depth, head[1])
        elif member.explicit:
            if head[1]:
                self.element(item, node, head[2], head[3], depth)
            else:
                item.bad(item.offset, "it is primitive", "a constructed element")
        elif member.tag is None and node.tag is None:
            self.element(item, node, pos, head[4], depth)
        else:
            self._contents(item, node, head, depth)

    def _contents(self, item: Item, node: Node, head: Head, depth: int) -> None:
        _, constructed, start, end, _ = head
        kind = type(node)
        if _is(kind, SequenceNode) or _is(kind, ListNode):
            self._constructed(item, node, head, depth)
            return
        try:
            value: Any = node.decode(self.buf, start, end, constructed, depth)
        except BERDecodeError as error:
            at = start if error.offset is None else error.offset
            item.value = self.buf[start:end].hex()
            if end in self._cut:
                return
            item.bad(self.base + at, reason(error), type(node).__name__)
            return
        leaf.fill(item, node, value)
        if isinstance(value, bytes) and not constructed:
            self._nested(self, item, start, end)

    def _constructed(self, item: Item, node: Node, head: Head, depth: int) -> None:
        _, constructed, start, end, _ = head
        sequence = isinstance(node, SequenceNode)
        item.shape = Shape.STRUCT if sequence else Shape.LIST
        if not constructed or depth > MAX_DEPTH:
            item.bad(item.offset, "it is primitive, or nested too deep", "a constructed one")
        elif isinstance(node, SequenceNode):
            self._sequence(item, node, start, end, depth)
        elif isinstance(node, ListNode):
            self._list(item, node, start, end, depth)

    def _sequence(self, item: Item, node: SequenceNode, start: int, end: int, depth: int) -> None:
        members, pos, due = node.members, start, 0
        present: set[str] = set()
        while pos < end:
            head = self._head(item, pos, end, _Due(members, due))
            if head is None:
                break
            at = _place(members, head[0], due)
            if at is None:
                if any(head[0] in member.tags() for member in members):
                    what = f"{tag_name(head[0])} is out of place or comes twice"
                    item.bad(self.base + pos, what, str(_Due(members, due)))
                unknown = item.leaf(
                    UNKNOWN, self.base + pos, head[4] - pos, self.buf[pos : head[4]].hex()
                )
                unknown.note = "not in the module used here; kept"
            else:
                member = members[at]
                child = Item(member.name, self.base + pos, head[4] - pos)
                child.note = meaning.note(node.name, member)
                item.children.append(child)
                present.add(member.name)
                self._member(child, member, head, pos, depth + 1)
                due = at + 1
            pos = head[4]
        else:
            if end not in self._cut:
                for member in members:
                    if member.presence == MANDATORY and member.name not in present:
                        item.bad(self.base + end, f"{member.name} is missing", member.name)
            self._seen(item, node, end not in self._cut)

    def _list(self, item: Item, node: ListNode, start: int, end: int, depth: int) -> None:
        entry, pos = node.item, start
        tags = entry.tags()
        while pos < end:
            head = self._head(item, pos, end, "an entry of the list")
            if head is None:
                return
            child = Item(f"[{len(item.children)}]", self.base + pos, head[4] - pos)
            item.children.append(child)
            if head[0] not in tags and entry.node.tag is not None:
                child.value = self.buf[pos : head[4]].hex()
                wanted = " or ".join(map(tag_name, tags))
                child.bad(self.base + pos, f"{tag_name(head[0])} stands in the list", wanted)
            else:
                self._member(child, entry, head, pos, depth + 1)
            pos = head[4]

    def _choice(self, item: Item, node: ChoiceNode, pos: int, limit: int, depth: int) -> None:
        item.shape = Shape.CHOICE
        head = self._head(item, pos, limit, "an alternative")
        if head is None or depth > MAX_DEPTH:
            if head is not None:
                item.bad(self.base + pos, "nested too deep", f"at most {MAX_DEPTH} levels")
            return
        if head[4] != limit:
            item.bad(self.base + head[4], "octets follow the alternative", "the end")
        for member in node.members:
            if head[0] in member.tags():
                child = Item(member.name, self.base + pos, head[4] - pos)
                child.note, item.note = meaning.note(node.name, member, item.note), ""
                item.children.append(child)
                self._member(child, member, head, pos, depth + 1)
                return
        octets = self.buf[pos : head[4]]
        unknown = item.leaf(UNKNOWN, self.base + pos, len(octets), octets.hex())
        unknown.note = "an alternative that is not in the module used here; kept"


def _place(members: Sequence[Member], tag: int, due: int) -> int | None:
    """The first component with the tag at or after ``due``."""
    for at in range(due, len(members)):
        if tag in members[at].tags():
            return at
    return None


class _Due:
    """What may stand at a place: the components up to and with the next mandatory one.

    Made for every element, read only where one is wrong.
    """

    __slots__ = ("_at", "_members")

    def __init__(self, members: Sequence[Member], at: int) -> None:
        self._members, self._at = members, at

    def __str__(self) -> str:
        names = []
        for member in self._members[self._at :]:
            tags = " or ".join(map(tag_name, member.tags()[:2]))
            names.append(f"{member.name} {tags}".strip())
            if member.presence == MANDATORY or len(names) == 4:
                break
        return ", ".join(names) or "the end"


@cache
def _is(kind: type, of: type) -> bool:
    """issubclass, but the answer is known the second time: the nodes are abstract classes."""
    return issubclass(kind, of)
