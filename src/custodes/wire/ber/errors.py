"""The two errors that leave the BER codec. Neither carries a value, only names and offsets."""

from __future__ import annotations

from custodes.base.errors import DecodeError, EncodeError


class BERDecodeError(DecodeError):
    """The octets are not BER, or not of the type expected."""


class BEREncodeError(EncodeError):
    """The value is not of the type. ``path`` names the component, outermost first."""

    def __init__(self, what: str, path: tuple[str, ...] = ()) -> None:
        where = ".".join(path)
        super().__init__(f"{where}: {what}" if where else what)
        self.reason = what
        self.path = path

    def inside(self, name: str) -> BEREncodeError:
        """The same error seen from the container of ``name``."""
        return BEREncodeError(self.reason, (name, *self.path))
