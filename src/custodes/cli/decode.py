"""``custodes decode``: what captured or stored octets of the interfaces say."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.text import Text

from custodes.app.decode.fit import fit
from custodes.app.decode.lenient import ALL, Option, Reading
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
    "octets": "",
    "mark": "bold red",
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


class Leniency(StrEnum):
    """What --lenient takes."""

    MILLISECOND_TIMES = Option.MILLISECOND_TIMES.value
    UNTYPED_RESPONSES = Option.UNTYPED_RESPONSES.value
    SWAPPED_VERSION = Option.SWAPPED_VERSION.value
    ALL = "all"


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
    lenient: Annotated[
        list[Leniency] | None,
        typer.Option("--lenient", help="Read this although the standard refuses it; repeatable."),
    ] = None,
) -> None:
    """Decode X1, X2/X3, PS-PDU (HI2, HI3, HI4), xIRI, IRI and CC, from files or captures.

    What it is, is recognised by its content. Exit status: 0 all was decoded, 1 something could
    not be, 2 the command or a file cannot be used (the other files are read all the same).
    """
    forced = None if kind is None else kind.value
    if isinstance(sys.stdout, TextIOWrapper):
        # Text of a peer may hold what this terminal's character set has not.
        sys.stdout.reconfigure(errors="backslashreplace")
    run = _Run(forced, _options(lenient or []), _writer(as_json, offsets), as_json)
    try:
        for name in files:
            run.file(name)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (head, less): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if run.status:
        raise typer.Exit(run.status)


def _options(given: list[Leniency]) -> frozenset[Option]:
    if Leniency.ALL in given:
        return ALL
    return frozenset(Option(one.value) for one in given)


@dataclass
class _Run:
    """All the files of one command; ``status`` becomes the exit status."""

    forced: str | None
    options: frozenset[Option]
    write: Callable[[Message], None]
    as_json: bool
    status: int = 0

    def file(self, name: str) -> None:
        """One file, to its end or to where it cannot be read; the next ones are read all the
        same."""
        try:
            with _opened(name) as octets:
                self._decode(name, octets)
        except BrokenPipeError:
            raise
        except OSError as error:
            sys.stdout.flush()
            why = error.strerror or type(error).__name__
            typer.echo(f"custodes: {printable(name)}: {why}", err=True)
            self.status = 2

    def _decode(self, name: str, octets: BinaryIO) -> None:
        reading = Reading(self.options)
        source = Source(name, octets, self.forced, _progress(name), reading=reading)
        for message in source.messages():
            if message.undecodable:
                self.status = self.status or 1
            self.write(message)
        for line in source.summary:
            print(printable(line), file=sys.stderr if self.as_json else sys.stdout)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file


def _writer(as_json: bool, offsets: bool) -> Callable[[Message], None]:
    return _json_writer(offsets) if as_json else _people_writer(offsets)


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
                for part in fit(line, console.width):
                    console.print(_text(part))

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
    """On a terminal that shows nothing else, and only where it takes long enough to wonder."""
    if name == "-" or not sys.stderr.isatty() or sys.stdout.isatty():
        return None
    try:
        size = Path(name).stat().st_size
    except OSError:
        return None
    if size < LARGE:
        return None

    def told(done: int) -> None:
        end = "\r" if done < size else "\n"
        print(f"{printable(name)}: {100 * done // size} %", end=end, file=sys.stderr, flush=True)

    return told
