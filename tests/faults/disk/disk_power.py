"""What a disk may hold after its power was cut.

A strict reading of POSIX, stricter than any one file system: what was synced is there. Of the rest
any part may be: a write whole, the beginning of it, any of its sectors of 512 octets; a file longer
than what was written of it; names made or changed since their folder was synced, or not.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from faults.disk.disk_log import Kind, Operation

SECTOR = 512
_LIKELY = (0.0, 0.3, 0.7, 1.0)
# SQLite's index of its log: memory that happens to have a name. It may hold anything at a start.
_MAPPED = "-shm"
_MAPPED_OCTETS = 32768

# Name, inode number, octets (None: a folder) of everything in a folder.
Snapshot = tuple[tuple[str, int, bytes | None], ...]


def snapshot(folder: Path) -> Snapshot:
    return tuple(
        (
            path.relative_to(folder).as_posix(),
            path.stat().st_ino,
            None if path.is_dir() else path.read_bytes(),
        )
        for path in sorted(folder.rglob("*"))
    )


def recorded(held: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """Without what a process writes to as memory, which no recorder sees."""
    return {name: octets for name, octets in held.items() if not name.endswith(_MAPPED)}


@dataclass(slots=True, eq=False)
class File:
    """``now`` is what the process reads; ``pending`` the writes and cuts since the last sync."""

    now: bytearray = field(default_factory=bytearray)
    durable: bytes = b""
    pending: list[Operation] = field(default_factory=list)

    def take(self, operation: Operation) -> None:
        _apply(self.now, operation)
        self.pending.append(operation)

    def sync(self) -> None:
        self.durable = bytes(self.now)
        self.pending.clear()

    def after(self, chance: random.Random) -> bytes:
        left, likely = bytearray(self.durable), chance.choice(_LIKELY)
        for one in self.pending:
            if chance.random() < likely:
                _apply(left, one)
            elif one.kind is Kind.WRITE and chance.random() < likely + 0.3:
                for part in _torn(one, chance):
                    _apply(left, part)
        if len(left) < len(self.now) and chance.random() < 0.3:
            left += bytes(chance.randint(0, len(self.now) - len(left)))
        return bytes(left)


Node = File | None  # None: a folder
_Change = dict[str, Node | str]  # a name and what it names now; a text: nothing any more
_GONE = "gone"


class Disk:
    """Follows one process. ``obeys``: whether a sync means anything to it."""

    def __init__(self, start: Snapshot, *, obeys: bool = True) -> None:
        self._obeys = obeys
        self._files: dict[int, File] = {}
        self._now: dict[str, Node] = {}
        for name, number, octets in start:
            if octets is None:
                self._now[name] = None
            else:
                self._files[number] = self._now[name] = File(bytearray(octets), octets)
        self._durable = dict(self._now)
        self._pending: list[_Change] = []

    def take(self, one: Operation) -> None:
        if one.kind in (Kind.WRITE, Kind.TRUNCATE):
            self._files[one.file].take(one)
        elif one.kind is Kind.CREATE:
            self._files[one.file] = File()
            self._change({one.path: self._files[one.file]})
        elif one.kind is Kind.MKDIR:
            self._change({one.path: None})
        elif one.kind is Kind.RENAME:
            self._change({one.path: _GONE, one.octets.decode(): self._now[one.path]})
        elif one.kind in (Kind.UNLINK, Kind.RMDIR):
            self._change({one.path: _GONE})
        elif one.kind is Kind.SYNC and self._obeys:
            self._files[one.file].sync()
        elif one.kind is Kind.SYNC_FOLDER and self._obeys:
            self._sync_folder(one.path)

    def holds(self) -> dict[str, bytes | None]:
        """Every name, as the process sees it; folders with None."""
        return {n: None if f is None else bytes(f.now) for n, f in self._now.items()}

    def after(self, chance: random.Random) -> dict[str, bytes | None]:
        """Every name that a power cut at this moment may leave; ``chance`` picks."""
        names = dict(self._durable)
        likely = chance.choice(_LIKELY)
        in_order = chance.random() < 0.5  # as a journal of the file system keeps them
        for change in self._pending:
            if chance.random() < likely:
                _rename(names, change)
            elif in_order:
                break
        contents: dict[File, bytes] = {}
        left: dict[str, bytes | None] = {}
        for name, file in sorted(names.items()):
            folder = name.rpartition("/")[0]
            if folder and left.get(folder, b"") is not None:
                continue  # its folder was lost
            if file is not None and file not in contents:
                mapped = name.endswith(_MAPPED)
                contents[file] = chance.randbytes(_MAPPED_OCTETS) if mapped else file.after(chance)
            left[name] = None if file is None else contents[file]
        return left

    def _change(self, change: _Change) -> None:
        assert len({_folder(name) for name in change}) == 1, "a rename to another folder"
        _rename(self._now, change)
        self._pending.append(change)

    def _sync_folder(self, folder: str) -> None:
        kept = []
        for change in self._pending:
            if _folder(next(iter(change))) == folder:
                _rename(self._durable, change)
            else:
                kept.append(change)
        self._pending = kept


def cuts(
    start: Snapshot, operations: Sequence[Operation], moments: Iterable[int], *, obeys: bool = True
) -> Iterator[tuple[int, Disk]]:
    """The disk at each of those moments: before the operation of that number, in rising order."""
    disk, at = Disk(start, obeys=obeys), 0
    for moment in sorted(moments):
        for one in operations[at:moment]:
            disk.take(one)
        at = moment
        yield moment, disk


def moments(operations: Sequence[Operation], count: int, chance: random.Random) -> list[int]:
    """Half of them right after something was said: there the most was promised the shortest ago."""
    spoken = [at + 1 for at, one in enumerate(operations) if one.kind is Kind.SAY]
    some = [chance.choice(spoken) for _ in range(count // 2)]
    return some + [chance.randint(0, len(operations)) for _ in range(count - len(some))]


def rebuild(folder: Path, left: dict[str, bytes | None]) -> None:
    folder.mkdir(mode=0o700)
    for name, octets in sorted(left.items()):
        if octets is None:
            (folder / name).mkdir(mode=0o700)
        else:
            (folder / name).write_bytes(octets)
            (folder / name).chmod(0o600)


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _rename(names: dict[str, Node], change: _Change) -> None:
    for name, node in change.items():
        if isinstance(node, str):
            names.pop(name, None)
        else:
            names[name] = node


def _apply(octets: bytearray, one: Operation) -> None:
    missing = one.offset - len(octets)
    if missing > 0:
        octets += bytes(missing)
    if one.kind is Kind.TRUNCATE:
        del octets[one.offset :]
    else:
        octets[one.offset : one.offset + len(one.octets)] = one.octets


def _torn(one: Operation, chance: random.Random) -> Iterator[Operation]:
    """The beginning of a write, or any of its sectors."""
    if chance.random() < 0.3:
        yield _part(one, 0, chance.randint(0, len(one.octets)))
        return
    at, end = 0, len(one.octets)
    while at < end:
        after = min(end, at + SECTOR - (one.offset + at) % SECTOR)
        if chance.random() < 0.5:
            yield _part(one, at, after)
        at = after


def _part(one: Operation, begin: int, end: int) -> Operation:
    return Operation(one.kind, one.file, one.offset + begin, one.path, one.octets[begin:end])
