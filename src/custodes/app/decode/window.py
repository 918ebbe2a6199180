"""The octets around a place, with a mark below the one that is meant. Pure."""

from __future__ import annotations

BEFORE = 8
ROW = 16
TEXT_BEFORE, TEXT_ROW = 10, 48


def around(octets: bytes, base: int, at: int) -> tuple[int, bytes]:
    """(offset of the first, octets): up to 16 of them, with ``at`` among them or just behind.

    ``base``: offset of the first of ``octets``; ``at`` counts as it does.
    """
    start = max(0, min(at - base, len(octets)) - BEFORE)
    return base + start, octets[start : start + ROW]


def rows(octets: bytes, base: int, at: int) -> tuple[str, str] | None:
    """(the octets in hex behind their offset, the mark), or None where they are not at hand."""
    if not base <= at <= base + len(octets):
        return None
    first, shown = around(octets, base, at)
    if not shown:
        return None
    label = f"{first:>8} | "
    text = "".join(chr(octet) if 0x20 <= octet <= 0x7E else "." for octet in shown)
    mark = " " * (len(label) + 3 * (at - first)) + "^^"
    if at == base + len(octets):
        mark += " the end"
    return f"{label}{shown.hex(' '):<{3 * ROW - 1}}  {text}", mark


def text_rows(octets: bytes, base: int, at: int) -> tuple[str, str] | None:
    """As ``rows``, of a line of text: XML is read as text."""
    if not base <= at <= base + len(octets) or not octets:
        return None
    here = at - base
    start = max(octets.rfind(b"\n", 0, here) + 1, here - TEXT_BEFORE)
    stop = octets.find(b"\n", here)
    line = octets[start : min(len(octets) if stop < 0 else stop, start + TEXT_ROW)]
    # One character for one octet: the mark must stand below the octet.
    text = "".join(chr(octet) if 0x20 <= octet <= 0x7E else "." for octet in line)
    label = f"{base + start:>8} | "
    end = " the end" if here == len(octets) else ""
    return label + text, f"{' ' * (len(label) + here - start)}^{end}"
