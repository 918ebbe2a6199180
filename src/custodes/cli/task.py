"""``custodes task``: what elements should hold and do hold."""

from __future__ import annotations

import typer

from custodes.cli.client_options import Admf, As, Json, client, outcome, show

app = typer.Typer(help="Tasks on elements: wanted and held.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Tasks on elements: wanted and held."""


@app.command("list")
def list_(admf: Admf = None, as_folder: As = None, as_json: Json = False) -> None:
    """List tasks per element, without subjects; exit status 1 where any is not in step."""
    with outcome(as_json):
        tasks = client(as_folder, admf).tasks().tasks
    lines = [
        f"{t.neIdentifier:8} {t.xid} {t.product or '?':7} wanted: {'yes' if t.wanted else 'no':4}"
        f"held: {'yes' if t.held else 'no':4}{t.provisioningStatus or '-'}"
        f"{'' if t.inStep else '  NOT IN STEP'}"
        f"  for {', '.join(t.heldLiids) or 'no order'}"
        for t in tasks
    ]
    show(as_json, lines or ["There are no tasks."], *tasks)
    if not all(t.inStep for t in tasks):
        raise typer.Exit(1)
