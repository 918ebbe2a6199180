"""``custodes metrics``: what one function counts, read with a monitor's certificate."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer

from custodes.app.metrics.scrape import Told, scrape
from custodes.cli.client_options import As, Json, identity, outcome


def metrics(
    function: Annotated[str, typer.Argument(help="admf, x1gate, poi, mdf, or a receiver's name.")],
    as_folder: As = None,
    as_json: Json = False,
) -> None:
    """Show what a function counts; needs a monitor's folder (in a lab: lab/monitor)."""
    with outcome(as_json):
        told = asyncio.run(scrape(as_folder or identity(), function))
        for sample in told:
            typer.echo(json.dumps(asdict(sample)) if as_json else _line(sample))


def _line(sample: Told) -> str:
    labels = " ".join(f"{name}={value or '-'}" for name, value in sample.labels.items())
    return f"{sample.name:45} {sample.value:>14g}  {labels}".rstrip()
