"""The evidence folder on a disk."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from custodes.base.errors import ConfigurationError, CustodesError

_CHUNK = 1 << 20


class FolderFiles:
    """custodes.functions.lemf.ports.Files in one folder. Not thread-safe."""

    def __init__(self, root: Path) -> None:
        self._root = root
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"the evidence folder {root} cannot be made: {error.strerror}"
            ) from error

    def append(self, name: str, octets: bytes, header: bytes = b"") -> None:
        path = self._root / name
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(octets if file.tell() else header + octets)
        except OSError as error:
            raise _failed(error) from error

    def folder(self, name: str) -> None:
        try:
            (self._root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(error) from error

    def folders(self) -> list[str]:
        return sorted(path.name for path in self._root.iterdir() if path.is_dir())

    def replace(self, name: str, octets: bytes) -> None:
        path = self._root / name
        beside = path.with_name(f".{path.name}.new")
        try:
            with beside.open("wb") as file:
                file.write(octets)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            raise _failed(error) from error

    def manifest(self, without: str) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for path in sorted(self._root.rglob("*")):
            name = path.relative_to(self._root).as_posix()
            if path.is_file() and name != without and not path.name.endswith(".new"):
                digest, size = sha256(), 0
                with path.open("rb") as file:
                    while chunk := file.read(_CHUNK):
                        digest.update(chunk)
                        size += len(chunk)
                found[name] = {"sha256": digest.hexdigest(), "size": size}
        return found


def _failed(error: OSError) -> CustodesError:
    return CustodesError(
        f"evidence cannot be written: {error.strerror}", remedy="check the disk of the receiver"
    )
