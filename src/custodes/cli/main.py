"""The ``custodes`` command: one module per command group."""

from __future__ import annotations

import sys

import typer

from custodes import __version__
from custodes.base.errors import CustodesError
from custodes.cli import decode, demo, lab, metrics, ne, officer, order, task

app = typer.Typer(
    name="custodes",
    help="Lawful interception that only an order can start, and that can be checked.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("init")(lab.init)
app.command("up")(lab.up)
app.command("run")(lab.run)
app.command("demo")(demo.demo)
app.command("decode")(decode.decode)
app.command("metrics")(metrics.metrics)
app.add_typer(order.app, name="order")
app.add_typer(officer.app, name="officer")
app.add_typer(ne.app, name="ne")
app.add_typer(task.app, name="task")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"custodes {__version__}")
        raise typer.Exit


@app.callback()
def custodes(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Say the version and stop."
    ),
) -> None:
    """Lawful interception that only an order can start, and that can be checked."""


def main() -> None:
    """Entry point: an error of ours is one line and exit status 1, never a traceback."""
    try:
        app()
    except CustodesError as error:
        typer.echo(f"custodes: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
