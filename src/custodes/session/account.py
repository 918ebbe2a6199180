"""What passed over one connection, counted: for the log line at its end. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """PDUs are product and notifications; octets are everything.

    ``keepalives_*`` count every question that asks whether all before it was taken in. Seconds
    count from the connection's begin; None: never. ``gaps`` and ``missing`` (how many gaps, how
    many PDUs in them) are None where the session does not judge numbers.
    """

    seconds: float
    pdus_sent: int = 0
    octets_sent: int = 0
    pdus_received: int = 0
    octets_received: int = 0
    keepalives_sent: int = 0
    keepalives_sent_answered: int = 0
    keepalives_received: int = 0
    keepalives_received_answered: int = 0
    gaps: int | None = None
    missing: int | None = None
    last_sent: float | None = None
    last_heard: float | None = None

    def told(self) -> dict[str, float]:
        """For a log line: what is known, seconds to the millisecond."""
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: round(value, 3) for name, value in values if value is not None}


class Tally:
    """The running numbers of one connection; ``now`` is monotonic seconds."""

    def __init__(self, now: float, *, judges: bool = False) -> None:
        self._began = now
        self._sent_at: float | None = None
        self._heard_at: float | None = None
        self.pdus_sent = self.octets_sent = 0
        self.pdus_received = self.octets_received = 0
        self.keepalives_sent = self.keepalives_sent_answered = 0
        self.keepalives_received = self.keepalives_received_answered = 0
        self._gaps: int | None = 0 if judges else None
        self._missing: int | None = 0 if judges else None

    def sent(self, now: float, pdus: int = 1) -> None:
        self.pdus_sent += pdus
        self._sent_at = now

    def asked(self, now: float) -> None:
        self.keepalives_sent += 1
        self._sent_at = now

    def heard(self, octets: int, now: float) -> None:
        self.octets_received += octets
        self._heard_at = now

    def gap(self, missing: int) -> None:
        self._gaps = (self._gaps or 0) + 1
        self._missing = (self._missing or 0) + missing

    def account(self, now: float) -> Account:
        return Account(
            seconds=now - self._began,
            pdus_sent=self.pdus_sent,
            octets_sent=self.octets_sent,
            pdus_received=self.pdus_received,
            octets_received=self.octets_received,
            keepalives_sent=self.keepalives_sent,
            keepalives_sent_answered=self.keepalives_sent_answered,
            keepalives_received=self.keepalives_received,
            keepalives_received_answered=self.keepalives_received_answered,
            gaps=self._gaps,
            missing=self._missing,
            last_sent=self._after(self._sent_at),
            last_heard=self._after(self._heard_at),
        )

    def _after(self, moment: float | None) -> float | None:
        return None if moment is None else moment - self._began
