"""The one error that leaves a decoder of N2."""

from __future__ import annotations

from custodes.base.errors import DecodeError


class SignallingError(DecodeError):
    """A message of N2 that cannot be decoded."""
