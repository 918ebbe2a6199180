"""``custodes officer``: who may approve."""

from __future__ import annotations

import typer

from custodes.cli.client_options import Admf, As, Json, client, outcome, show

app = typer.Typer(help="Officers: who may register, approve and end.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Officers: who may register, approve and end."""


@app.command("list")
def list_(admf: Admf = None, as_folder: As = None, as_json: Json = False) -> None:
    """List the enrolled officers; two keys of one person count as one."""
    with outcome(as_json):
        officers = client(as_folder, admf).officers().officers
        lines = [f"{o.name:20} {o.person:20} {o.fingerprint}" for o in officers]
        show(as_json, lines or ["No officer is enrolled."], *officers)
