"""The probe at work: a capture comes in, product of running tasks goes out, blindness is told.

Data flows one way: frames -> Probe (what the interfaces show) -> sides (who is ordered) ->
product -> links (to the MDFs). Nothing of the capture is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from custodes.base.errors import EncodeError
from custodes.functions.poi.events import NE, Blind, Content, XIRIEvent
from custodes.functions.poi.link import Link
from custodes.functions.poi.product import Product
from custodes.functions.poi.side import DIGEST_MODULUS, Produced, Side, Task
from custodes.functions.poi.subject import Subject
from custodes.functions.poi.targets import matches
from custodes.model.registry import Element, ElementKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KIND = {NE.AMF: ElementKind.AMF, NE.SMF: ElementKind.SMF, NE.UPF: ElementKind.UPF}

OpenLink = Callable[[Side, Element], Link]
"""Makes the link of a side to its MDF; it connects when there is something to send."""


class Reporter(Protocol):
    """Tells the administration over X1 (ReportNEIssue), without blocking."""

    def blind(self, side: Side, reason: str, session: str, detail: str) -> None: ...


class ProbeService:
    """Takes the probe's events in one thread; ``account`` and ``close`` may come from another.

    ``incomplete`` counts what a running task should have got and the standard's rules keep us from
    sending: a record without its mandatory fields, a moment that no timestamp can hold.
    """

    def __init__(
        self,
        sides: Mapping[ElementKind, Side],
        open_link: OpenLink,
        reporter: Reporter,
        interception_point: bytes,
    ) -> None:
        self._sides = sides
        self._open_link = open_link
        self._reporter = reporter
        self._product = Product(interception_point)
        self._links: dict[ElementKind, Link] = {}
        self.blind: dict[str, int] = {}
        self.incomplete = 0

    def take(self, event: XIRIEvent | Content | Blind) -> None:
        if isinstance(event, Blind):
            self._take_blind(event)
            return
        kind = _KIND[event.ne]
        side = self._sides[kind]
        for task in side.running():
            if not matches(task.target, event.subject):
                continue
            if isinstance(event, Content):
                self._send_content(side, task, event)
            else:
                self._send_record(side, task, event)

    def wants_content(self, subject: Subject) -> bool:
        """Whether any running task asks for this subject's packets."""
        side = self._sides[ElementKind.UPF]
        return any(matches(task.target, subject) for task in side.running())

    def drain(self, timeout: float) -> bool:
        """Whether the MDFs have acknowledged everything sent so far."""
        answers = [link.drain(timeout) for link in list(self._links.values())]
        return all(answers)

    def links(self) -> tuple[tuple[str, str, Link], ...]:
        """(element, its MDF, the link between them), of those that were needed so far."""
        made = list(self._links.items())
        sides = [(self._sides[kind], link) for kind, link in made]
        return tuple((s.element.neIdentifier, s.mdf.neIdentifier, link) for s, link in sides)

    def close(self) -> None:
        for link in list(self._links.values()):
            link.close()

    def account(self) -> dict[str, Any]:
        """What was sent, by XID: no identity is in it."""
        product: dict[str, Produced] = {}
        for side in self._sides.values():
            for xid, produced in side.account().items():
                total = product.setdefault(str(xid), Produced())
                for name, count in produced.events.items():
                    total.events[name] = total.events.get(name, 0) + count
                total.packets += produced.packets
                total.octets += produced.octets
                total.digest = (total.digest + produced.digest) % DIGEST_MODULUS
        return {
            "product": [
                {
                    "xid": xid,
                    "events": total.events,
                    "packets": total.packets,
                    "octets": total.octets,
                    "digest": f"{total.digest:064x}",
                }
                for xid, total in product.items()
            ],
            "links": {kind: asdict(link.counters) for kind, link in list(self._links.items())},
            "blind": dict(self.blind),
            "incomplete": self.incomplete,
        }

    def _send_record(self, side: Side, task: Task, event: XIRIEvent) -> None:
        name = event.event[0]
        try:
            pdu = self._product.xiri(event, task, side.element.neIdentifier)
        except EncodeError:
            self._take_incomplete(side, "incomplete record", name)
            return
        self._link(side).send(pdu)
        side.count_record(task, name, _moment(event.timestamp_ns))

    def _send_content(self, side: Side, task: Task, content: Content) -> None:
        try:
            pdu = self._product.xcc(content, task, side.element.neIdentifier)
        except EncodeError:
            self._take_incomplete(side, "packet that cannot be sent", "")
            return
        self._link(side).send(pdu)
        side.count_packet(task, content.inner, _moment(content.timestamp_ns))

    def _take_incomplete(self, side: Side, what: str, detail: str) -> None:
        self.incomplete += 1
        self._reporter.blind(side, what, "", detail)

    def _take_blind(self, event: Blind) -> None:
        self.blind[event.reason] = self.blind.get(event.reason, 0) + 1
        side = self._sides[ElementKind.AMF]
        self._reporter.blind(side, event.reason, event.session, event.detail)

    def _link(self, side: Side) -> Link:
        kind = side.element.kind
        if kind not in self._links:
            self._links[kind] = self._open_link(side, side.mdf)
        return self._links[kind]


def _moment(timestamp_ns: int) -> datetime:
    return _EPOCH + timedelta(microseconds=timestamp_ns // 1000)
