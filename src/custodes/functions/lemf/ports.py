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


class Files(Protocol):
    """The evidence folder; names are relative, with ``/`` between parts."""

    def append(self, name: str, octets: bytes, header: bytes = b"") -> None:
        """Add to a file, after ``header`` where it is new. Returns when the system has it."""
        ...

    def folder(self, name: str) -> None:
        """Make a folder where there is none."""
        ...

    def folders(self) -> list[str]:
        """The folders at the top."""
        ...

    def replace(self, name: str, octets: bytes) -> None:
        """Write a whole file in one step: a reader sees the old one or the new one."""
        ...

    def manifest(self, without: str) -> dict[str, dict[str, object]]:
        """``sha256`` and ``size`` of every file but ``without``, by name, sorted."""
        ...
