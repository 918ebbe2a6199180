"""What every command of a person's client shares: its options, its output, its exit status."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from custodes.app.client import Client, parse_address
from custodes.base.errors import ConfigurationError, CustodesError

ENVIRONMENT = "CUSTODES_IDENTITY"

Admf = Annotated[
    str | None,
    typer.Option("--admf", metavar="HOST:PORT", help="The administration; else client.toml's."),
]
As = Annotated[
    Path | None,
    typer.Option(
        "--as",
        metavar="FOLDER",
        help=f"Folder of the certificate to act with; else ${ENVIRONMENT}, else identity.toml.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output and nothing else.")]


def client(folder: Path | None, admf: str | None) -> Client:
    """The client of the folder that was named, or of the one that this place names."""
    return Client(folder or identity(), parse_address(admf) if admf else None)


def identity() -> Path:
    if ENVIRONMENT in os.environ:
        return Path(os.environ[ENVIRONMENT])
    path = Path("identity.toml")
    if path.is_file():
        try:
            return path.parent / str(tomllib.loads(path.read_text())["identity"])
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise ConfigurationError(f"{path} names no identity: {error}") from error
    raise ConfigurationError(
        "no certificate to act with", remedy=f"say --as FOLDER, or set {ENVIRONMENT}"
    )


@contextmanager
def outcome(as_json: bool) -> Iterator[None]:
    """Turns an error into words (or one JSON object) and exit status 1."""
    try:
        yield
    except CustodesError as error:
        if as_json:
            typer.echo(json.dumps({"error": error.what, "remedy": error.remedy}))
        else:
            typer.echo(f"Refused or failed: {error}", err=True)
        raise typer.Exit(1) from None


def show(as_json: bool, lines: list[str], *bodies: BaseModel) -> None:
    """One JSON object per line, or the lines for a person."""
    for line in [body.model_dump_json() for body in bodies] if as_json else lines:
        typer.echo(line)
