"""A session's transition table as data: code acts on it, tests walk it, the docs are made of it.

An input is a message that came, a timer that is due, or a call of the function. Where one message
leads to two places, it is two inputs. Every pair of a state and an input stands in one row: what
is not said is not allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Row:
    """In ``state``, each of ``inputs`` leads to ``action`` and then to the state ``to``."""

    state: StrEnum
    inputs: tuple[StrEnum, ...]
    action: StrEnum
    to: StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """``module`` is the file that acts on it, below the package; ``clause`` where it comes from."""

    title: str
    module: str
    clause: str
    start: StrEnum
    rows: tuple[Row, ...]

    @property
    def states(self) -> tuple[StrEnum, ...]:
        """In the order in which they are first named."""
        return tuple(dict.fromkeys([self.start, *(row.state for row in self.rows)]))

    @property
    def inputs(self) -> tuple[StrEnum, ...]:
        return tuple(dict.fromkeys(i for row in self.rows for i in row.inputs))

    def cells(self) -> dict[tuple[StrEnum, StrEnum], Row]:
        """The row of each pair of a state and an input."""
        return {(row.state, i): row for row in self.rows for i in row.inputs}
