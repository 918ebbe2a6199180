"""What was asked for in vain: how often, since when, and when it is due again. Pure.

A plan made without this memory would meet the same refusal for ever, and with it everything that
waits behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from custodes.base.ids import LIID

ALARM_AFTER = 3
"""Refusals of the same thing until people have to look."""

LONGEST = timedelta(seconds=60)
"""No pause is longer; one that seems to be comes from a clock that was set back."""


@dataclass(frozen=True, slots=True)
class Key:
    """One thing asked of one element. ``identifier``: XID or DID; ``liid``: of an order that joins
    a task, None otherwise."""

    neIdentifier: str
    message: str
    identifier: str
    liid: LIID | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """``refused``: answered with no; ``lost``: not answered at all; ``again``: not before."""

    since: datetime
    again: datetime
    refused: int = 0
    lost: int = 0
    why: str = ""

    def due(self, now: datetime) -> bool:
        return not timedelta(0) < self.again - now <= LONGEST


Tries = Mapping[Key, Tried]


def asked(tries: Tries, keys: Iterable[Key], now: datetime) -> dict[Key, Tried]:
    """``tries`` after an acknowledgement: only a reading tells whether it came to anything."""
    return {**tries, **{key: replace(_of(tries, key, now), again=now) for key in keys}}


def failed(
    tries: Tries, keys: Iterable[Key], now: datetime, why: str, pause: float, *, refused: bool
) -> dict[Key, Tried]:
    """``tries`` after a refusal, or after no answer; not to be repeated for ``pause`` seconds."""
    after = dict(tries)
    for key in keys:
        tried = _of(tries, key, now)
        after[key] = replace(
            tried,
            again=now + timedelta(seconds=pause),
            refused=tried.refused + refused,
            lost=tried.lost + (not refused),
            why=why,
        )
    return after


def count(tries: Tries, keys: Iterable[Key]) -> int:
    """How often the most fruitless of ``keys`` failed."""
    return max((t.refused + t.lost for k in keys if (t := tries.get(k)) is not None), default=0)


def _of(tries: Tries, key: Key, now: datetime) -> Tried:
    return tries.get(key) or Tried(since=now, again=now)
