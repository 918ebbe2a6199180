"""Every element and message of X1, and all of X2/X3, has a meaning; nothing else has."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from custodes.app.decode import meaning
from custodes.wire.x1.catalogue import REQUESTS, RESPONSES
from custodes.wire.x1.fields import Abstract, Choice, Sequence, items
from custodes.wire.x1.foreign_catalogue import FOREIGN
from custodes.wire.x1.header import Header, TopLevelHeader
from custodes.wire.x2x3.attributes.table import BY_TYPE
from custodes.wire.x2x3.types import PayloadDirection, PayloadFormat, PDUType

X1_FILE = "src/custodes/app/decode/data/x1.json"
DATA = files("custodes.app.decode") / "data"
CONTAINERS = {"X1Request", "X1Response", "X1TopLevelErrorResponse"}
ENTRIES = {"x1RequestMessage", "x1ResponseMessage"}


def data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


@cache
def known() -> tuple[set[str], set[str]]:
    """(elements, types that xsi:type may name but the messages)."""
    names: set[str] = set(ENTRIES) | {tag.rpartition("}")[2] for tag in FOREIGN}
    types: set[str] = set()
    seen: set[Any] = set()
    todo: list[Any] = [*REQUESTS.values(), *RESPONSES.values(), Header, TopLevelHeader]
    todo += FOREIGN.values()
    while todo:
        kind = todo.pop()
        if isinstance(kind, Abstract):
            types |= {name.rpartition("}")[2] for name in kind.known}
            todo += [kind.base, *kind.known.values()]
        elif isinstance(kind, type) and issubclass(kind, Sequence | Choice) and kind not in seen:
            seen.add(kind)
            table = kind.ARMS.items() if issubclass(kind, Choice) else items(kind)
            for name, entry in table:
                names |= {each for each in (name, entry.within) if each is not None}
                todo.append(entry.of)
    return names, types


def test_every_element_has_a_meaning() -> None:
    names, _ = known()
    assert len(names) > 250
    lacking = sorted(name for name in names if not meaning.x1_field(name))
    assert not lacking, f"{lacking} have no meaning: edit {X1_FILE}"


def test_every_message_and_type_has_a_meaning() -> None:
    wanted = {*REQUESTS, *RESPONSES, *CONTAINERS, *known()[1]}
    lacking = sorted(name for name in wanted if not meaning.x1_message(name))
    assert not lacking, f"{lacking} have no meaning: edit {X1_FILE}"


def test_nothing_is_told_of_what_x1_does_not_have() -> None:
    told, (names, types) = data("x1"), known()
    assert set(told["fields"]) <= names
    assert set(told["types"]) == types
    assert set(told["messages"]) == {*REQUESTS, *RESPONSES, *CONTAINERS}


def test_what_is_told_of_x1_is_short() -> None:
    told = data("x1")
    for group in ("fields", "messages", "types"):
        for name, said in told[group].items():
            assert 0 < len(said) <= 90, f"{X1_FILE}: {name} has {len(said)} characters"
            assert said.strip() == said
            assert said.isprintable()


def test_all_of_x2_and_x3_has_a_name_and_a_meaning() -> None:
    told = data("x2x3")
    wanted: dict[str, Iterable[int]] = {
        "types": PDUType,
        "directions": PayloadDirection,
        "formats": PayloadFormat,
    }
    for group, numbers in wanted.items():
        assert set(told[group]) == {str(int(number)) for number in numbers}, group
        for number in numbers:
            name, said = meaning.x2x3(group, int(number))
            assert name, (group, number)
            assert 0 < len(said) <= 90, (group, number)
    for number in BY_TYPE:
        assert all(meaning.x2x3("attributes", number))
    assert all(name and 0 < len(said) <= 90 for name, said in told["header"].values())
