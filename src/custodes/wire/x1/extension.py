"""Extensions of X1: an owner, and elements of other namespaces (TS 103 221-1, Extension)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from custodes.wire.x1.common import STRING
from custodes.wire.x1.fields import Choice, Sequence, SimpleContent, foreign, one, sequence
from custodes.wire.x1.foreign import ForeignElement
from custodes.wire.x1.grant import OWNER, Grants
from custodes.wire.x1.threegpp import HeaderReporting, X1Extensions

T = TypeVar("T")
OWNER_3GPP = "3GPP"


@sequence
class Extension(Sequence):
    """``elements``: the values of foreign_catalogue, all others as ForeignElement."""

    Owner: str = one(STRING)
    elements: tuple[Choice | Sequence | SimpleContent | ForeignElement, ...] = foreign()


def grants_extension(grants: Grants) -> Extension:
    return Extension(Owner=OWNER, elements=(grants,))


def header_reporting_extension(reporting: HeaderReporting) -> Extension:
    value = X1Extensions("HeaderReporting", reporting)
    return Extension(Owner=OWNER_3GPP, elements=(value,))


def grants_of(extensions: Iterable[Extension]) -> tuple[Grants, ...]:
    """Every grants element under our own Owner."""
    ours = [extension for extension in extensions if extension.Owner == OWNER]
    return tuple(_of(Grants, ours))


def header_reporting_of(extensions: Iterable[Extension]) -> tuple[HeaderReporting, ...]:
    found = _of(X1Extensions, extensions)
    return tuple(e.value for e in found if isinstance(e.value, HeaderReporting))


def _of(kind: type[T], extensions: Iterable[Extension]) -> list[T]:
    return [e for extension in extensions for e in extension.elements if isinstance(e, kind)]
