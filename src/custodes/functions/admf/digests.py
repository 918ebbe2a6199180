"""The digests of intents, each computed once: a plan compares every order of every task by them."""

from __future__ import annotations

from functools import lru_cache

from custodes.model.intent import Intent


@lru_cache(maxsize=4096)
def digest_of(intent: Intent) -> str:
    """``intent.digest()``. Equal intents have equal digests: every time in one is UTC."""
    return intent.digest()
