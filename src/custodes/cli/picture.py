"""The demo's last screen: ten lines for an engineer who never saw lawful interception."""

from __future__ import annotations

from collections.abc import Sequence

from custodes.app.demo import DemoOrder, DemoResult
from custodes.app.verdict import Verdict


def picture(orders: Sequence[DemoOrder], result: DemoResult, verdict: Verdict) -> list[str]:
    """What happened, what arrived where, where to look."""
    events = ", ".join(f"{count} {name}" for name, count in sorted(result.xiri.items()))
    lines = [
        "",
        f"{result.orders} orders of {result.agencies} agencies ran, each after two officers"
        " approved it. LAB keys: this proves nothing about persons.",
        f"The x1 gate sent {result.x1_requests} changes to network elements;"
        f" {result.x1_confirmed} were read back as done (X1).",
        f"The probe saw the ordered subscriber in the capture: {events or 'no event'} (X2),"
        f" {_packets(result.xcc)} (X3).",
    ]
    for order, judged in zip(orders, verdict.orders, strict=True):
        wanted = "events and content" if order.content else "events only"
        wanted += ", with location" if order.location else ", without location"
        got = f"{judged.hi2} events and {_packets(judged.hi3)}"
        if not judged.hi2 and not judged.hi3:
            got = "nothing: its subscriber was not there"
        lines.append(f"  {order.agency} ordered {wanted} ({order.reference}): it received {got}.")
    lines += [
        f"Each agency was told when its orders began and ended: {result.hi4} notices (HI4).",
        f"Lost on the way: {result.lost}. Delivered to somebody it was not for:"
        f" {result.misdelivered}.",
        f"Look at {result.evidence}/<agency>/<LIID>/: iri.jsonl holds the events, content.pcap"
        " opens in Wireshark.",
    ]
    return lines


def _packets(count: int) -> str:
    return f"{count} packet" + ("" if count == 1 else "s")
