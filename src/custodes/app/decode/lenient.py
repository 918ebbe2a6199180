"""What may be read although the standard refuses it, and what one reading learns on the way.

Nothing is tolerated unless it is asked for by name, and each use is shown at its place.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from custodes.wire.x1.body import ResponseBody
from custodes.wire.x1.leniency import Leniency, Tolerated

MAX_EXPECTED = 65_536


class Option(StrEnum):
    """Names of ``--lenient``."""

    MILLISECOND_TIMES = "millisecondTimes"
    UNTYPED_RESPONSES = "untypedResponses"
    SWAPPED_VERSION = "swappedVersion"


ALL = frozenset(Option)
BY_USE = {
    Tolerated.MILLISECOND_TIME: Option.MILLISECOND_TIMES,
    Tolerated.UNTYPED_RESPONSE: Option.UNTYPED_RESPONSES,
}
SENTENCES = {
    Tolerated.MILLISECOND_TIME: "a time with 3 fractional digits, the schema asks for 6",
    Tolerated.UNTYPED_RESPONSE: "an answer without xsi:type, read as its elements and its request"
    " say",
    Tolerated.FOREIGN_ERROR_CODE: "an error code that is none of the standard's",
}


def for_x1(options: frozenset[Option]) -> Leniency:
    """The X1 codec's own value of the options."""
    return Leniency(
        millisecondTimes=Option.MILLISECOND_TIMES in options,
        untypedResponses=Option.UNTYPED_RESPONSES in options,
    )


@dataclass(slots=True)
class Reading:
    """The options of one run, and the answers that X1 requests seen so far ask for."""

    options: frozenset[Option] = frozenset()
    expected: OrderedDict[UUID, type[ResponseBody]] = field(default_factory=OrderedDict)

    def expect(self, transaction: UUID, kind: type[ResponseBody]) -> None:
        """The answer to this transaction is of this kind; the oldest are forgotten."""
        self.expected[transaction] = kind
        while len(self.expected) > MAX_EXPECTED:
            self.expected.popitem(last=False)
