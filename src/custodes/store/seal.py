"""Sealing of product at rest: AES-256-GCM (NIST SP 800-38D), a random 96-bit nonce each time.

What a sealed value stands for (its context) is authenticated with it: moved elsewhere it does not
open. A sealed value is the nonce, the ciphertext and the 128-bit tag.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from custodes.base.errors import ConfigurationError

KEY_OCTETS = 32
_NONCE_OCTETS = 12


class Sealer:
    """Seals and opens under one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, octets: bytes, context: bytes) -> bytes:
        nonce = os.urandom(_NONCE_OCTETS)
        return nonce + self._cipher.encrypt(nonce, octets, context)

    def open(self, sealed: bytes, context: bytes) -> bytes | None:
        """What was sealed; None where it was changed or stands for something else."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_OCTETS], sealed[_NONCE_OCTETS:], context)
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            return None


def fingerprint(key: bytes) -> bytes:
    """Tells keys apart without giving one away."""
    return hashlib.sha256(b"custodes sealing key\0" + key).digest()


def load_key(path: Path, *, may_make: bool) -> bytes:
    """The 32 octets of the key file ``path``; made where it is absent and ``may_make``.

    A new file is readable by its owner only, and on disk with its name when this returns. Raises
    ConfigurationError for a file that is absent, open to others or of another size.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(KEY_OCTETS + 1)
    except FileNotFoundError:
        if not may_make:
            raise ConfigurationError(
                f"the sealing key {path} is absent, and what it sealed is still there",
                remedy="put the key file back; without it the stored product cannot be opened",
            ) from None
        return _make(path)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigurationError(f"others may use {path}", remedy="chmod 600")
    if len(key) != KEY_OCTETS:
        raise ConfigurationError(f"{path} does not hold a sealing key of {KEY_OCTETS} octets")
    return key


def _make(path: Path) -> bytes:
    key = os.urandom(KEY_OCTETS)
    made = path.with_name(f"{path.name}.new")  # a crash leaves no half key under the real name
    try:
        made.unlink(missing_ok=True)
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(descriptor)
        made.rename(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be made: {error.strerror}") from error
    return key
