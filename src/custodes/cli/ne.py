"""``custodes ne``: the network elements and mediation functions."""

from __future__ import annotations

from typing import Annotated

import typer

from custodes.cli.client_options import Admf, As, Json, client, outcome, show
from custodes.functions.admf import api

app = typer.Typer(help="Elements: list, ping, status.", no_args_is_help=True)


@app.command("list")
def list_(admf: Admf = None, as_folder: As = None, as_json: Json = False) -> None:
    """List the enrolled elements, the versions they are sent and what is tolerated from them, and
    whether they were reached."""
    with outcome(as_json):
        elements = client(as_folder, admf).elements().elements
        lines = [
            f"{e.neIdentifier:10} {e.kind:5} {e.x1:22} {e.x1Version:8} {e.x2x3Version:4} "
            f"{e.state:12} {' '.join((*e.leniencies, *e.x2x3Quirks))}".rstrip()
            for e in elements
        ]
        show(as_json, lines or ["No element is enrolled."], *elements)


@app.command("ping")
def ping(
    ne: Annotated[str, typer.Argument(help="The element's neIdentifier.")],
    admf: Admf = None,
    as_folder: As = None,
    as_json: Json = False,
) -> None:
    """Ask one element over X1 whether it answers; exit status 1 where it does not."""
    with outcome(as_json):
        answer = client(as_folder, admf).ping(ne)
        word = "answered" if answer.answered else f"did not answer: {answer.detail}"
        show(as_json, [f"{ne} {word}"], answer)
    if not answer.answered:
        raise typer.Exit(1)


@app.command("status")
def status(
    ne: Annotated[str | None, typer.Argument(help="One element; else all.")] = None,
    admf: Admf = None,
    as_folder: As = None,
    as_json: Json = False,
) -> None:
    """Show state, alarms and last reports; exit status 1 unless every element asked for is
    enrolled, reachable, refuses nothing and has no alarm."""
    with outcome(as_json):
        elements = client(as_folder, admf).elements().elements
    chosen = [e for e in elements if ne in (None, e.neIdentifier)]
    show(as_json, [line for e in chosen for line in _lines(e)], *chosen)
    if not chosen:
        typer.echo(f"element {ne} is not enrolled", err=True)
    if not chosen or any(e.alarms or e.state != "reachable" for e in chosen):
        raise typer.Exit(1)


def _lines(element: api.ElementLine) -> list[str]:
    number = "?" if element.tasks is None else str(element.tasks)
    detail = f" ({element.detail})" if element.detail else ""
    return [
        f"{element.neIdentifier}: {element.state}{detail}, {number} tasks",
        *(f"  ALARM {a.what}: {a.identifier}" for a in element.alarms),
        *(f"  {r.at.isoformat()} {r.message} {r.reportType} {r.detail}" for r in element.reports),
    ]
