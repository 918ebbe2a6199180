"""The operator's own nodes, where the operator says which they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nodes:
    """Addresses of 4 or 16 octets: AMFs and gNBs, gNBs and UPFs, SMFs and UPFs.

    What was overheard cannot prove who sent it; only who is meant to speak can be said beforehand.
    An empty set admits nothing on its interface.
    """

    n2: frozenset[bytes]
    n3: frozenset[bytes]
    n4: frozenset[bytes]
