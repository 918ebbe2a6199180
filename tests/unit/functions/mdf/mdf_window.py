"""Entries of a window, and all that it gives out."""

from __future__ import annotations

from mdf_scene import DA, A

from custodes.functions.mdf.outbox_port import Outbox
from custodes.functions.mdf.window import Window
from custodes.model.outgoing import Kind, Outgoing


def made(number: int) -> Outgoing:
    return Outgoing(Kind.HI2, A, DA, b"%d" % number)


def drain(window: Window, outbox: Outbox) -> list[bytes]:
    """What comes out until nothing more does, reading the disk when the window asks for it."""
    found: list[bytes] = []
    while True:
        if (after := window.to_read) is not None:
            window.read(outbox.read(DA, after, 2, 1 << 20))
        if not window.ready:
            return found
        entry = window.next()
        assert entry.outgoing is not None
        found.append(entry.outgoing.octets)
