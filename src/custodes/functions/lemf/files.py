"""The evidence folder on a disk."""

from __future__ import annotations

import contextlib
import fcntl
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
            _make_folder(root)
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

    def read(self, name: str, offset: int, size: int) -> bytes:
        try:
            with (self._root / name).open("rb") as file:
                file.seek(offset)
                return file.read(size)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _failed(error) from error

    def cut(self, name: str, length: int) -> int:
        path = self._root / name
        try:
            more = max(0, path.stat().st_size - length)
            if more:
                os.truncate(path, length)
            return more
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise _failed(error) from error

    def remove(self, name: str) -> None:
        path = self._root / name
        with contextlib.suppress(OSError):  # a folder with something in it
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()

    def folder(self, name: str) -> None:
        try:
            (self._root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(error) from error

    def listed(self) -> tuple[dict[str, int], list[str]]:
        files: dict[str, int] = {}
        folders: list[str] = []
        try:
            for path in sorted(self._root.rglob("*")):
                name = path.relative_to(self._root).as_posix()
                if path.is_dir():
                    folders.append(name)
                else:
                    files[name] = path.lstat().st_size
        except OSError as error:
            raise _failed(error) from error
        return files, folders

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
        try:
            for path in sorted(self._root.rglob("*")):
                name = path.relative_to(self._root).as_posix()
                if path.is_file() and name != without and not path.name.endswith(".new"):
                    found[name] = _summed(path)
        except OSError as error:
            raise _failed(error) from error
        return found

    def growing(self, name: str) -> GrowingDiskFile:
        return GrowingDiskFile(self._root / name)


class GrowingDiskFile:
    """custodes.functions.lemf.ports.GrowingFile, locked for as long as this process lives."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._named = False
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _failed(error) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise ConfigurationError(
                "another receiver writes to this evidence folder",
                remedy="stop it, or give each receiver a folder of its own",
            ) from error

    def size(self) -> int:
        return os.fstat(self._descriptor).st_size

    def append(self, octets: bytes) -> None:
        view = memoryview(octets)
        try:
            end = os.lseek(self._descriptor, 0, os.SEEK_END)
            while view:
                written = os.pwrite(self._descriptor, view, end)
                view, end = view[written:], end + written
        except OSError as error:
            raise _failed(error) from error

    def sync(self) -> None:
        try:
            os.fsync(self._descriptor)
            if not self._named:
                _sync_folder(self._path.parent)
                self._named = True
        except OSError as error:
            raise _failed(error) from error

    def cut(self, length: int) -> None:
        try:
            if self.size() > length:
                os.ftruncate(self._descriptor, length)
        except OSError as error:
            raise _failed(error) from error

    def read(self, offset: int, size: int) -> bytes:
        try:
            return os.pread(self._descriptor, size, offset)
        except OSError as error:
            raise _failed(error) from error

    def close(self) -> None:
        os.close(self._descriptor)


def _summed(path: Path) -> dict[str, object]:
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _make_folder(folder: Path) -> None:
    """Make it and those above it. Their names are on the disk when this returns: what is synced in
    a folder whose own name a loss of power takes away is gone with it."""
    made = not folder.is_dir()
    if made:
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        _sync_folder(folder.parent)  # also where it stood: who made it may have been killed at once
    except PermissionError:  # above what is this user's own
        if made:
            raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(error: OSError) -> CustodesError:
    return CustodesError(
        f"evidence cannot be written: {error.strerror}", remedy="check the disk of the receiver"
    )
