"""The mediation function's side of X2/X3. ETSI TS 103 221-2 V1.10.1 clauses 5 and 6.2.4."""

from __future__ import annotations

from collections.abc import Iterable

from custodes.base.errors import EncodeError
from custodes.session.account import Tally
from custodes.session.x2x3.connection import Connection
from custodes.session.x2x3.keepalive import Keepalives
from custodes.session.x2x3.rules import MDF_MAY_BE_SENT, TIME_P1, TIME_P2, Input
from custodes.session.x2x3.sequence import GapDetector
from custodes.wire.x2x3.pdu import MAX_PDU, PDU, VERSION
from custodes.wire.x2x3.quirks import STRICT, Quirks
from custodes.wire.x2x3.reader import Reader
from custodes.wire.x2x3.types import PDUType

BOTH = frozenset({PDUType.X2, PDUType.X3})
# More keepalives than this without an answer, and the peer is not waiting for any.
_MAX_UNANSWERED = 1024


class Receiver(Connection):
    """Hands product over in order, and acknowledges only when it is told to.

    There is no acknowledgement per PDU on this interface, so answering a keepalive is the one
    promise a receiver makes: call ``acknowledge`` when everything before it is durable.

    ``admitted`` narrows a connection to X2 or to X3; ``gaps``, which outlives the connection, adds
    GapDetected events before the PDU that shows a gap; ``own_keepalives`` sends them to the POI as
    well; ``version`` is what this peer is sent; ``quirks`` are this peer's, and each use of one is
    an event before the PDU. A POI must send keepalives, so one that sends nothing for TIME_P2 is
    lost (the time is inferred).
    """

    def __init__(
        self,
        now: float,
        *,
        admitted: Iterable[PDUType] = BOTH,
        gaps: GapDetector | None = None,
        own_keepalives: bool = False,
        version: tuple[int, int] = VERSION,
        max_pdu: int = MAX_PDU,
        quirks: Quirks = STRICT,
        time_p1: float = TIME_P1,
        time_p2: float = TIME_P2,
    ) -> None:
        refused = BOTH - set(admitted)
        super().__init__(
            {t: action for t, action in MDF_MAY_BE_SENT.items() if t not in refused},
            Reader(max_pdu, quirks=quirks),
            Keepalives(now, time_p1 if own_keepalives else None, time_p2),
            version,
            Tally(now, judges=gaps is not None),
        )
        self._gaps = gaps
        self._unanswered: list[int] = []
        self._silence = time_p2
        self._last_heard = now

    def acknowledge(self, number: int, now: float) -> None:
        """Answer a keepalive received here: everything that came before it was taken in.

        EncodeError where it was not received or is already answered: an acknowledgement is a
        promise, and is made once.
        """
        self._must_be_open()
        if number not in self._unanswered:
            raise EncodeError(f"keepalive {number} is not waiting for an answer here")
        self._unanswered.remove(number)
        self._answer(number)

    def next_timer(self) -> float | None:
        if not self.open:
            return None
        silent_at = self._last_heard + self._silence
        timer = super().next_timer()
        return silent_at if timer is None else min(timer, silent_at)

    def handle_timer(self, now: float) -> None:
        if self.open and now >= self._last_heard + self._silence:
            self._end(Input.SILENT)
            return
        super().handle_timer(now)

    def _heard(self, now: float) -> None:
        self._last_heard = now

    def _product(self, pdu: PDU) -> None:
        if self._gaps is not None:
            gap = self._gaps.check(pdu)
            if gap is not None:
                self._tally.gap(gap.missing)
                self._events.append(gap)
        super()._product(pdu)

    def _asked(self, number: int) -> None:
        self._unanswered.append(number)
        if len(self._unanswered) > _MAX_UNANSWERED:
            self._breach("keepalives are sent without end")
