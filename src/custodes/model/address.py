"""Where a function listens or delivers to."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from custodes.base.errors import ConfigurationError


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """An IP address (canonical text) and a TCP port."""

    host: str
    port: int

    def __post_init__(self) -> None:
        try:
            canonical = str(ip_address(self.host))
        except ValueError:
            raise ConfigurationError(f"{self.host!r} is not an IP address") from None
        if canonical != self.host:
            raise ConfigurationError(f"{self.host!r} is written {canonical!r}")
        if not 0 < self.port < 65536:
            raise ConfigurationError(f"{self.port} is not a TCP port")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"
