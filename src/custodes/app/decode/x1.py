"""X1 messages of ETSI TS 103 221-1: the tree from the XML, the judgement from the codec."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from custodes.app.decode import meaning, x1_read, xml
from custodes.app.decode.item import Item, Shape
from custodes.app.decode.lenient import BY_USE, SENTENCES, Reading
from custodes.app.decode.reason import reason
from custodes.base.errors import DecodeError
from custodes.wire.x1.catalogue import REQUESTS, RESPONSES
from custodes.wire.x1.fields import Abstract, Choice, items

ROOTS = ("X1Request", "X1Response", "X1TopLevelErrorResponse")
_STEP = re.compile(r"([A-Za-z0-9_.-]+)(?:\[(\d+)\])?")


def document(
    octets: bytes, base: int, offset: int = 0, reading: Reading | None = None
) -> tuple[Item, int]:
    """The tree of the XML document at ``offset``, and where the next one begins."""
    item = Item("X1", base + offset, 0, Shape.STRUCT)
    stop = xml.fill(item, octets, base, offset)
    item.length = stop - offset
    if not item.faults:
        _judge(item, octets[offset:stop], Reading() if reading is None else reading)
    return item, stop


def is_x1(item: Item) -> bool:
    """Whether the document's root is one of X1's."""
    return bool(item.children) and item.children[0].name in ROOTS


def _judge(item: Item, octets: bytes, reading: Reading) -> None:
    root = item.children[0] if item.children else None
    if root is None or root.name not in ROOTS:
        found = root.name if root else "nothing"
        item.bad(item.offset, f"the root element is {found}", ", ".join(ROOTS))
        return
    root.note = root.note or meaning.x1_message(root.name)
    try:
        uses = x1_read.judge(root, octets.strip(), reading.options, reading)
    except DecodeError as error:
        at = _find(root, error.what)
        code = f", error {error.code} of X1" if error.code else ""
        what = f"{_sentence(reason(error))}{code}"
        expected = "what the schema of TS 103 221-1 allows"
        option = x1_read.would_read(root, octets.strip(), reading)
        at.bad(at.offset, what, expected, option=" --lenient ".join(option))
        return
    for use in uses:
        at = _find(root, use.path)
        if use.kind in BY_USE:
            at.tolerated(at.offset, SENTENCES[use.kind], BY_USE[use.kind])
        else:
            at.breach(SENTENCES[use.kind])


def _sentence(what: str) -> str:
    """The codec's sentence with the element's name for its path, which is shown by itself."""
    path, blank, rest = what.partition(" ")
    name = path.rpartition("/")[2]
    return f"{name}{blank}{rest}" if _STEP.match(name) else what


def _find(root: Item, what: str) -> Item:
    """The deepest element on the path that the codec's sentence begins with."""
    found = root
    for step in what.split(" ", 1)[0].split("/"):
        match = _STEP.fullmatch(step)
        if match is None:
            break
        same = [child for child in found.children if child.name == match[1]]
        number = int(match[2] or 1)
        if not 0 < number <= len(same):
            break
        found = same[number - 1]
    return found


@cache
def repeatable() -> frozenset[str]:
    """Elements that the schema lets come more than once: arrays in JSON even where one came."""
    names = {"x1RequestMessage", "x1ResponseMessage"}
    seen: set[Any] = set()
    todo: list[Any] = [*REQUESTS.values(), *RESPONSES.values()]
    while todo:
        kind = todo.pop()
        if isinstance(kind, Abstract):
            todo += [kind.base, *kind.known.values()]
            continue
        if not isinstance(kind, type) or kind in seen:
            continue
        seen.add(kind)
        table = kind.ARMS.items() if issubclass(kind, Choice) else items(kind)
        for name, entry in table:
            if entry.within:
                names.add(entry.within)
            elif entry.maximum is None and entry.of is not None:
                names.add(name)
            todo.append(entry.of)
    return frozenset(names)
