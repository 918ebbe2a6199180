"""``custodes demo``: from an order to evidence in under a minute, in words for newcomers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from custodes.app.demo import Demo, DemoOrder, DemoResult, Progress, capture_file, scene
from custodes.app.demo_capture import make_demo_capture
from custodes.app.lab import Lab
from custodes.app.verdict import Verdict
from custodes.base.errors import ConfigurationError
from custodes.cli.picture import picture
from custodes.cli.steps import Steps


def demo(
    capture: Annotated[
        Path | None, typer.Option(help="A pcap or pcapng file; without it, one made here.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="The subscriber to order, imsi-… or @FILE that holds it.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Where the lab and its evidence go: a new folder.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on one line, and nothing else.")
    ] = False,
) -> None:
    """Carry out three orders in a lab and say what arrived where.

    Exit status 0 only where nothing was lost and nothing reached anybody it was not for.
    """
    subject, octets = _source(capture, target)
    where = folder or Path("custodes-demo") / datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    console = Console(stderr=as_json, highlight=False)
    lab = Lab.create(where, datetime.now(UTC))
    orders = scene(subject)
    if as_json:
        result, verdict = _run(lab, orders, octets, lambda _: None)
    elif console.is_terminal:
        with Steps(console) as steps:
            result, verdict = _run(lab, orders, octets, steps)
    else:
        result, verdict = _run(lab, orders, octets, lambda text: print(text, flush=True))
    if as_json:
        typer.echo(json.dumps(result.as_dict()))
    else:
        for line in picture(orders, result, verdict):
            console.print(line, markup=False, soft_wrap=True)
    sys.stdout.flush()
    raise typer.Exit(0 if verdict.clean else 1)


def _run(
    lab: Lab, orders: Sequence[DemoOrder], octets: Iterable[bytes], progress: Progress
) -> tuple[DemoResult, Verdict]:
    with Demo(lab, orders, progress) as running:
        return running.run(octets)


def _source(capture: Path | None, target: str | None) -> tuple[str, Iterable[bytes]]:
    if (capture is None) != (target is None):
        raise typer.BadParameter("--capture and --target go together")
    if capture is None or target is None:
        scene_made = make_demo_capture()
        return scene_made.target, [scene_made.capture]
    if not capture.is_file():
        raise ConfigurationError(f"{capture} is not a file")
    if target.startswith("@"):
        try:
            target = Path(target[1:]).read_text().strip()
        except OSError as error:
            raise ConfigurationError(f"{target[1:]} cannot be read: {error.strerror}") from error
    return target, capture_file(capture)
