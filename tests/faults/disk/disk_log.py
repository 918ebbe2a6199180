"""What the recorder wrote: operations on files and what the process said, in one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from struct import Struct

_FIXED = Struct("<IIIIQQ")


class Kind(IntEnum):
    """As in recorder.c."""

    SAY = 1
    CREATE = 2
    MKDIR = 3
    WRITE = 4
    TRUNCATE = 5
    SYNC = 6
    SYNC_FOLDER = 7
    RENAME = 8
    UNLINK = 9
    RMDIR = 10


@dataclass(frozen=True, slots=True)
class Operation:
    """``file``: inode number. ``path`` is relative to the folder, "" for the folder itself;
    ``octets`` is what was written, what was said, or the new name."""

    kind: Kind
    file: int
    offset: int
    path: str
    octets: bytes


def read_log(path: Path) -> list[Operation]:
    octets, at = path.read_bytes(), 0
    found: list[Operation] = []
    while at < len(octets):
        kind, name, length, _, file, offset = _FIXED.unpack_from(octets, at)
        at += _FIXED.size
        text = octets[at : at + name].decode()
        at += name
        found.append(Operation(Kind(kind), file, offset, text, octets[at : at + length]))
        at += length
    return found


def said(operations: Iterable[Operation]) -> list[str]:
    """The whole lines that the process had said by then."""
    text = b"".join(one.octets for one in operations if one.kind is Kind.SAY)
    return [line.decode() for line in text.split(b"\n")[:-1]]
