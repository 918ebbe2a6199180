"""A monitor's client: reads what one function tells, as Prometheus would, but with its key pinned.

A monitor's folder holds ``cert.pem``, ``key.pem``, ``ca.pem``, ``registry.toml`` and
``monitor.toml``: a table for each function with ``address`` and ``party``, the enrolled name whose
key is expected there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from custodes.app.config import load_registry
from custodes.app.metrics.endpoint import PATH
from custodes.base.errors import ConfigurationError, DecodeError, RefusedError
from custodes.model.party import Party
from custodes.net.http import HTTPSClient
from custodes.net.tls import Material


@dataclass(frozen=True, slots=True)
class Told:
    """One sample as it was told."""

    name: str
    labels: dict[str, str]
    value: float


async def scrape(folder: Path, function: str) -> tuple[Told, ...]:
    """What ``function`` tells the monitor in ``folder``; raises CustodesError."""
    address, party = _where(folder, function)
    material = Material(folder / "cert.pem", folder / "key.pem", folder / "ca.pem")
    client = HTTPSClient(material)
    try:
        answer = await client.request("GET", f"https://{address}{PATH}", expected=party)
    finally:
        await client.close()
    if answer.status != 200:
        raise RefusedError(
            f"{function} does not tell its metrics here (HTTP status {answer.status})",
            remedy="is the certificate enrolled as a monitor, in the function's registry too?",
        )
    return parse(answer.body)


def parse(octets: bytes) -> tuple[Told, ...]:
    """The samples of Prometheus' text format; DecodeError where it is none."""
    try:
        families = list(text_string_to_metric_families(octets.decode()))
    except ValueError as error:
        raise DecodeError("what was told is not Prometheus' text format") from error
    return tuple(Told(s.name, dict(s.labels), float(s.value)) for f in families for s in f.samples)


def _where(folder: Path, function: str) -> tuple[str, Party]:
    path = folder / "monitor.toml"
    try:
        functions = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{path} cannot be read", remedy="--as names a monitor's folder"
        ) from error
    if function not in functions:
        raise ConfigurationError(
            f"{path} has no function {function}", remedy=f"it has {', '.join(functions)}"
        )
    try:
        address, name = str(functions[function]["address"]), functions[function]["party"]
    except (KeyError, TypeError) as error:
        raise ConfigurationError(f"{path} has no address and party for {function}") from error
    for party in load_registry(folder).parties:
        if party.name == name:
            return address, party
    raise ConfigurationError(f"{name} is not enrolled in {folder}")
