"""Lines for a terminal of a certain width: what is too long goes on below, further in. Pure."""

from __future__ import annotations

from custodes.app.decode.render import Line

NARROWEST = 40
_FURTHER = 4
_BELOW_EACH_OTHER = frozenset({"octets", "mark"})
_DASHES = "   "  # as wide as the mark of a note


def fit(line: Line, width: int) -> list[Line]:
    """The line as lines of at most ``width`` characters, each piece in its own style.

    A note that has no room behind its value goes to lines of its own; what holds no blank to
    break at is broken anywhere.
    """
    if sum(len(text) for text, _ in line) <= width or width < NARROWEST:
        return [line]
    if line[0][1] in _BELOW_EACH_OTHER:
        # What a mark stands below must not move: its end, the octets as text, is left out.
        return [[(line[0][0][:width].rstrip(), line[0][1])]]
    margin = " " * min(_margin(line) + _FURTHER, width // 2)
    done: list[Line] = []
    current: Line = []
    used = 0
    for text, style in line:
        if style == "note" and used:
            done.append(current)
            current, used, text = [(margin, "")], len(margin), text.lstrip()
            margin += _DASHES
        while len(text) > width - used:
            cut = _break(text, width - used, bool(used > len(margin)))
            current.append((text[:cut].rstrip() if cut else "", style))
            done.append(current)
            current, used, text = [(margin, "")], len(margin), text[cut:].lstrip()
        current.append((text, style))
        used += len(text)
    return [*done, current]


def _margin(line: Line) -> int:
    """How far in the line's own text stands, columns of places included."""
    skipped = sum(len(text) for text, style in line if style == "place")
    text = next((text for text, style in line if style != "place"), "")
    return skipped + len(text) - len(text.lstrip())


def _break(text: str, room: int, may_wait: bool) -> int:
    """Where to break: at the last blank that fits, behind the last slash, or where room ends."""
    blank = text.rfind(" ", 0, room + 1)
    if blank > 0 and text[:blank].strip():
        return blank
    if may_wait and room < 16:
        return 0
    return text.rfind("/", 0, room) + 1 or max(room, 1)
