"""``custodes init``, ``up`` and ``run``: make a lab, run all of it, run one function."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from custodes.app.lab import ADMINISTRATOR, OFFICERS, Lab
from custodes.app.run import run_function
from custodes.app.supervisor import Supervisor

START_SECONDS = 60.0
_CHUNK = 65536

LabFolder = Annotated[Path, typer.Option("--lab", help="The lab's folder (see `custodes init`).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def init(
    folder: Annotated[Path, typer.Argument(help="A new folder for the lab.")],
    as_json: AsJson = False,
) -> None:
    """Make a lab: a PKI marked LAB, one key per function, enrolment, configuration."""
    lab = Lab.create(folder, datetime.now(UTC))
    made = {
        "lab": str(lab.folder),
        "functions": list(lab.functions),
        "officers": [*OFFICERS, ADMINISTRATOR],
        "mark": "LAB",
    }
    if as_json:
        typer.echo(json.dumps(made))
        return
    typer.echo(
        f"LAB made in {lab.folder}: keys and certificates marked LAB prove nothing of people"
    )
    typer.echo(f"  functions: {', '.join(lab.functions)}")
    typer.echo(f"  people:    {', '.join([*OFFICERS, ADMINISTRATOR])} (folders in officers/)")
    typer.echo(f"next: custodes up --lab {lab.folder}")


def up(
    lab: LabFolder,
    capture: Annotated[
        Path | None,
        typer.Option(help="A capture for the probe to read once all is up; '-' is standard input."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line for each function that is up.")
    ] = False,
) -> None:
    """Run every function of a lab, each a process of its own, until interrupted."""
    opened = Lab.open(lab)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Supervisor(opened) as supervisor:
        typer.echo("LAB: this lab's keys prove nothing of people", err=True)
        if os.getuid() != 0:
            typer.echo("not root: all functions run under this user's id", err=True)
        supervisor.start_all(START_SECONDS, fed=["poi"])
        for name, process in supervisor.processes.items():
            told = {"function": name, "process": process.pid}
            typer.echo(json.dumps(told) if as_json else f"{name}: ready, process {process.pid}")
        if capture is not None:
            threading.Thread(target=_feed, args=(supervisor, capture), daemon=True).start()
        while not stop.wait(1.0):
            dead = [n for n, p in supervisor.processes.items() if not p.alive]
            if dead:
                typer.echo(
                    f"custodes: {', '.join(dead)} ended; see {opened.folder / 'log'}", err=True
                )
                raise typer.Exit(1)


def _feed(supervisor: Supervisor, capture: Path) -> None:
    """As octets come: a live capture must not wait for a full buffer."""
    tap = supervisor.processes["poi"].stdin
    source = sys.stdin.fileno() if str(capture) == "-" else os.open(capture, os.O_RDONLY)
    with contextlib.suppress(BrokenPipeError):  # the probe reads no more, and says why in its log
        while octets := os.read(source, _CHUNK):
            tap.write(octets)
            tap.flush()
        tap.close()


def run(
    function: Annotated[str, typer.Argument(help="admf, x1gate, poi, mdf, or lemf-<agency>.")],
    lab: Annotated[Path | None, typer.Option(help="The lab the function belongs to.")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="The function's own folder, outside a lab.")
    ] = None,
) -> None:
    """Run one function in this process until it is told to stop."""
    if (lab is None) == (folder is None):
        raise typer.BadParameter("name either --lab or --folder")
    where = folder if folder is not None else Lab.open(lab or Path()).function(function)
    raise typer.Exit(run_function(where))
