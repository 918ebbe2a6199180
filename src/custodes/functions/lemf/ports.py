"""What the lab receiver asks of the world."""

from __future__ import annotations

from typing import Protocol

from custodes.model.party import Party


class Stream(Protocol):
    """An authenticated octet stream; errors are CustodesError only."""

    @property
    def peer(self) -> Party: ...

    def send(self, octets: bytes) -> None: ...

    def receive(self, timeout: float | None) -> bytes | None:
        """Octets; None after ``timeout`` seconds without any; empty when the peer has closed."""
        ...

    def close(self) -> None: ...


class GrowingFile(Protocol):
    """A file that is added to at its end, or cut. Errors are CustodesError only."""

    def size(self) -> int: ...

    def append(self, octets: bytes) -> None:
        """Returns when the system has all of it. After an error it may have a part."""
        ...

    def sync(self) -> None:
        """Returns when everything before is on the disk, the file's name included."""
        ...

    def cut(self, length: int) -> None:
        """Nothing after ``length`` octets remains."""
        ...

    def read(self, offset: int, size: int) -> bytes:
        """``size`` octets, or as many as there are."""
        ...

    def close(self) -> None: ...


class Files(Protocol):
    """The evidence folder; names are relative, with ``/`` between parts."""

    def append(self, name: str, octets: bytes, header: bytes = b"") -> None:
        """Add to a file, after ``header`` where it is new. Returns when the system has it."""
        ...

    def read(self, name: str, offset: int, size: int) -> bytes:
        """``size`` octets, or as many as there are; none where there is no such file."""
        ...

    def cut(self, name: str, length: int) -> int:
        """Nothing after ``length`` octets remains; returns how many octets that were."""
        ...

    def remove(self, name: str) -> None:
        """Take a file away, or a folder that is empty; anything else stays."""
        ...

    def folder(self, name: str) -> None:
        """Make a folder where there is none."""
        ...

    def listed(self) -> tuple[dict[str, int], list[str]]:
        """The size of every file, and every folder, a folder before those in it."""
        ...

    def replace(self, name: str, octets: bytes) -> None:
        """Write a whole file in one step: a reader sees the old one or the new one."""
        ...

    def manifest(self, without: str) -> dict[str, dict[str, object]]:
        """``sha256`` and ``size`` of every file but ``without``, by name, sorted."""
        ...

    def growing(self, name: str) -> GrowingFile:
        """A file for one writer alone; made where there is none.

        Raises ConfigurationError where somebody else writes to it."""
        ...
