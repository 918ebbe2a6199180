"""``custodes decode``: what captured or stored octets of the interfaces say."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.text import Text

from custodes.app.decode.message import Message, to_object
from custodes.app.decode.readable import printable
from custodes.app.decode.render import Line, lines
from custodes.app.decode.source import Source

LARGE = 16 * 1024 * 1024
_STYLES = {
    "head": "bold",
    "name": "cyan",
    "note": "dim",
    "place": "dim",
    "bad": "bold red",
    "breach": "yellow",
}


class Kind(StrEnum):
    """What --as takes."""

    X1 = "x1"
    X2X3 = "x2x3"
    PSPDU = "pspdu"
    XIRI = "xiri"
    IRI = "iri"
    CC = "cc"
    NOTIFICATION = "notification"


def decode(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Octets, hex, base64, XML, pcap or pcapng; - is standard input.",
        ),
    ],
    kind: Annotated[
        Kind | None, typer.Option("--as", help="Read it as this, whatever it looks like.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per message and line.")
    ] = False,
    offsets: Annotated[
        bool, typer.Option("--offsets", help="Offset and length of every element.")
    ] = False,
) -> None:
    """Decode X1, X2/X3, PS-PDU (HI2, HI3, HI4), xIRI, IRI and CC, from files or captures.

    What it is, is recognised by its content. Exit status: 0 all was decoded, 1 something could
    not be, 2 the command or a file cannot be used.
    """
    forced = None if kind is None else kind.value
    if isinstance(sys.stdout, TextIOWrapper):
        # Text of a peer may hold what this terminal's character set has not.
        sys.stdout.reconfigure(errors="backslashreplace")
    write = _json_writer(offsets) if as_json else _people_writer(offsets)
    undecodable = False
    try:
        for name in files:
            with _opened(name) as octets:
                source = Source(name, octets, forced, _progress(name))
                for message in source.messages():
                    undecodable |= message.undecodable
                    write(message)
                for line in source.summary:
                    print(printable(line), file=sys.stderr if as_json else sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (head, less): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if undecodable:
        raise typer.Exit(1)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        typer.echo(f"custodes: {name}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    with file:
        try:
            yield file
        except IsADirectoryError as error:
            typer.echo(f"custodes: {name}: {error.strerror}", err=True)
            raise typer.Exit(2) from None


def _json_writer(offsets: bool) -> Callable[[Message], None]:
    encode = json.JSONEncoder(separators=(",", ":")).encode
    write = sys.stdout.write

    def line(message: Message) -> None:
        write(encode(to_object(message, offsets)) + "\n")

    return line


def _people_writer(offsets: bool) -> Callable[[Message], None]:
    if sys.stdout.isatty():
        console = Console(highlight=False, soft_wrap=True)

        def coloured(message: Message) -> None:
            for line in lines(message, offsets):
                console.print(_text(line))

        return coloured
    write = sys.stdout.write

    def plain(message: Message) -> None:
        rows = ["".join(text for text, _ in line) for line in lines(message, offsets)]
        write("\n".join(rows) + "\n")

    return plain


def _text(line: Line) -> Text:
    text = Text()
    for piece, style in line:
        text.append(piece, _STYLES.get(style, ""))
    return text


def _progress(name: str) -> Callable[[int], None] | None:
    """On a terminal, and only where it takes long enough to wonder."""
    if name == "-" or not sys.stderr.isatty():
        return None
    size = Path(name).stat().st_size
    if size < LARGE:
        return None

    def told(done: int) -> None:
        end = "\r" if done < size else "\n"
        print(f"{name}: {100 * done // size} %", end=end, file=sys.stderr, flush=True)

    return told
