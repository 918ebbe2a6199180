"""The X1 codec's judgement of a document, strict or with leniencies."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from custodes.app.decode.item import Item
from custodes.app.decode.lenient import ALL, BY_USE, Option, Reading, for_x1
from custodes.base.errors import DecodeError
from custodes.wire.x1.body import ResponseBody
from custodes.wire.x1.catalogue import RESPONSES
from custodes.wire.x1.leniency import Use
from custodes.wire.x1.message import decode_request, decode_response

MAX_UNTYPED = 16


def judge(root: Item, octets: bytes, options: frozenset[Option], reading: Reading) -> list[Use]:
    """The leniencies that were used; raises DecodeError where the codec refuses the document."""
    uses: list[Use] = []
    leniency = for_x1(options)
    if root.name == "X1Request":
        for message in decode_request(octets, leniency=leniency, uses=uses):
            kind = RESPONSES.get(f"{type(message.body).__name__.removesuffix('Request')}Response")
            if kind is not None:
                reading.expect(message.header.x1TransactionId, kind)
        return uses
    expected: Mapping[UUID, type[ResponseBody]] = reading.expected
    if leniency.untypedResponses:
        expected = dict(reading.expected) | _guessed(root, octets, options, reading)
    decode_response(octets, leniency=leniency, uses=uses, expected=expected)
    return uses


def _guessed(
    root: Item, octets: bytes, options: frozenset[Option], reading: Reading
) -> dict[UUID, type[ResponseBody]]:
    """Answers to requests that were not seen: the first kind of answer that has their elements."""
    found: dict[UUID, type[ResponseBody]] = {}
    for number, transaction in _untyped(root):
        if transaction in reading.expected:
            continue
        for kind in RESPONSES.values():
            found[transaction] = kind
            try:
                decode_response(
                    octets, leniency=for_x1(options), expected=dict(reading.expected) | found
                )
            except DecodeError as error:
                if error.what.startswith(f"x1ResponseMessage[{number}]"):
                    continue
            break
    return found


def _untyped(root: Item) -> list[tuple[int, UUID]]:
    """Number and transaction of each message that does not say its type."""
    found: list[tuple[int, UUID]] = []
    for number, message in enumerate(root.children, 1):
        named = {child.name: child.value for child in message.children}
        if "type" not in named and len(found) < MAX_UNTYPED:
            try:
                found.append((number, UUID(str(named.get("x1TransactionId")))))
            except ValueError:
                continue
    return found


def would_read(root: Item, octets: bytes, reading: Reading) -> tuple[str, ...]:
    """The options not given that would make the codec read a document it refuses."""
    try:
        uses = judge(root, octets, ALL, Reading(ALL, reading.expected.copy()))
    except DecodeError:
        return ()
    needed = {BY_USE[use.kind] for use in uses if use.kind in BY_USE}
    return tuple(sorted(option.value for option in needed - reading.options))
