"""Makes the readable files what the journal says, whatever state a crash left them in.

All that they should hold comes by once, in order. What a file holds already is compared and stays;
from the first difference on it is cut and written anew. So a file is at every moment a beginning of
what it should be, nothing is needed twice on the disk, and a mending that is itself interrupted is
simply done again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from custodes.functions.lemf import layout
from custodes.functions.lemf.placement import Addition, Folder, Step
from custodes.functions.lemf.ports import Files

_PART = 256 * 1024
_ALL = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mended:
    """``octets`` written anew or added; ``cut`` taken away; ``removed`` files and folders."""

    octets: int
    cut: int
    removed: int

    @property
    def anything(self) -> bool:
        return bool(self.octets or self.cut or self.removed)


class Mending:
    """One pass over one evidence folder; ``take`` every step, then ``finish``."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._ends: dict[str, int] = {}
        self._waiting: dict[str, bytearray] = {}
        self._held = 0
        self._folders: set[str] = set()
        self._octets = 0
        self._cut = 0

    def take(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if isinstance(step, Folder):
                self._files.folder(step.name)
                self._folders.add(step.name)
            else:
                self._add(step)

    def finish(self) -> Mended:
        """Cut what is too much and take away what the journal knows nothing of."""
        self._flush_all()
        sizes, folders = self._files.listed()
        removed = 0
        for name, size in sizes.items():
            if name in self._ends:
                if size > self._ends[name]:
                    self._cut += self._files.cut(name, self._ends[name])
            elif layout.is_made(name):
                self._files.remove(name)
                removed += 1
        kept = self._folders | {name.rpartition("/")[0] for name in self._ends}
        for name in reversed(folders):  # what is in a folder goes before it
            if name not in kept:
                self._files.remove(name)
        return Mended(self._octets, self._cut, removed)

    def _add(self, step: Addition) -> None:
        waiting = self._waiting.get(step.name)
        if waiting is None:
            new = step.name not in self._ends
            waiting = self._waiting[step.name] = bytearray(step.header if new else b"")
            self._ends.setdefault(step.name, 0)
        waiting += step.octets
        self._held += len(step.octets)
        if len(waiting) >= _PART:
            self._flush(step.name)
        elif self._held >= _ALL:
            self._flush_all()

    def _flush_all(self) -> None:
        for name in list(self._waiting):
            self._flush(name)

    def _flush(self, name: str) -> None:
        octets = bytes(self._waiting.pop(name))
        self._held = max(0, self._held - len(octets))
        end = self._ends[name]
        found = self._files.read(name, end, len(octets))
        if found != octets:
            same = _common(found, octets)
            self._cut += self._files.cut(name, end + same)
            self._files.append(name, octets[same:])
            self._octets += len(octets) - same
        self._ends[name] = end + len(octets)


def _common(one: bytes, other: bytes) -> int:
    """How many octets at the beginning are the same."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
