"""The mediation function's metrics, of both its sides."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from types import MappingProxyType

from custodes.app.alarms import ALARMS
from custodes.app.metrics.collector import Sample
from custodes.app.metrics.words import NOBODY, Words, agency_of, enrolled
from custodes.base.errors import EncodeError
from custodes.functions.mdf.counters import CONTENT, Reading
from custodes.functions.mdf.refusal import Reason
from custodes.functions.mdf.side import Side
from custodes.model.outgoing import Kind
from custodes.model.registry import Registry
from custodes.wire.iri.rules import rule_for

OVER_QUOTA = "over_quota"

# What counters.add counts, and the metric (without its prefix) that tells it.
OF_ELEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "repeats": "repeats_total",
        "gaps": "missing_total",
        "restarted_numbers": "restarted_numbers_total",
        "back_pressure": "back_pressure_total",
        "identifiers_unmapped": "unmapped_identifiers_total",
        "unexpected_direction": "unexpected_directions_total",
        "quirks_used": "quirks_used_total",
        "internal_errors": "internal_errors_total",
        "intake_connections": "intake_connections_total",
        "intake_lost": "intake_connections_lost_total",
    }
)
OF_AGENCIES: Mapping[str, str] = MappingProxyType(
    {
        "confirmed": "confirmed_total",
        "misrouted": "misrouted_total",
        "damaged": "damaged_total",
        "unexpected": "unexpected_total",
        "connections": "connections_total",
        "connections_lost": "connections_lost_total",
        "connect_failures": "connect_failures_total",
    }
)
OF_SIDES: Mapping[str, str] = MappingProxyType(
    {
        "starts_of_interception": "starts_of_interception_total",
        "destroyed": "destroyed_total",
        "kept": "kept",
        "unwritten": "kept",
    }
)
_ENDED = "intake_ended"


class _Events(Container[str]):
    """The records that TS 33.128 has."""

    def __contains__(self, name: object) -> bool:
        try:
            return name == CONTENT or bool(rule_for(str(name)))
        except EncodeError:
            return False


def words(registry: Registry) -> Words:
    kinds = {kind.kind for kind in ALARMS if kind.function == "mdf"}
    return {
        **enrolled(registry),
        "event": _Events(),
        "reason": frozenset({*map(str, Reason), OVER_QUOTA, "unenrolled_peer"}),
        "kind": frozenset({*map(str, Kind), *kinds}),
    }


class MdfReader:
    """``__call__`` may run in any thread."""

    def __init__(self, sides: Sequence[Side], registry: Registry) -> None:
        self._sides = sides
        self._agencies = agency_of(registry)

    def __call__(self) -> Iterator[Sample]:
        for side in self._sides:
            ne = side.setting.ne_identifier
            yield from self._counted(ne, side.counters.read())
            for party, connected, owed in side.destinations():
                labels = (ne, self._agency(party))
                yield _sample("connected", labels, int(connected))
                yield _sample("outbox_pdus", labels, owed.count if owed else 0)
                yield _sample("outbox_octets", labels, owed.octets if owed else 0)

    def _agency(self, party: str) -> str:
        return self._agencies.get(party, NOBODY)

    def _counted(self, ne: str, read: Reading) -> Iterator[Sample]:
        for (element, event), number in read.taken.items():
            yield _sample("taken_in_total", (ne, element, event), number)
        for (peer, reason), number in read.refused.items():
            if reason == OVER_QUOTA:
                yield _sample("over_quota_total", (ne, self._agency(peer)), number)
            else:
                yield _sample("refused_total", (ne, peer, reason), number)
        for kind, number in read.alarms.items():
            yield _sample("alarms_total", (ne, kind), number)
        for (peer, name), number in read.plain.items():
            yield from self._plain(ne, peer, name, number)

    def _plain(self, ne: str, peer: str, name: str, number: int) -> Iterator[Sample]:
        if name in OF_ELEMENTS:
            yield _sample(OF_ELEMENTS[name], (ne, peer), number)
            if name == "intake_connections":
                yield _sample(name, (ne, peer), number)
        elif name == _ENDED:
            yield _sample("intake_connections", (ne, peer), -number)
        elif name in OF_AGENCIES:
            yield _sample(OF_AGENCIES[name], (ne, self._agency(peer)), number)
        elif name in set(Kind):
            yield _sample("delivered_total", (ne, self._agency(peer), name), number)
        elif name in set(Reason):
            yield _sample("left_out_total", (ne, peer, name), number)
        else:
            yield _sample(OF_SIDES[name], (ne,), number)


def _sample(name: str, labels: tuple[str, ...], value: float) -> Sample:
    return Sample(f"custodes_mdf_{name}", labels, value)
