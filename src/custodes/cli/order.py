"""``custodes order``: register, list, show, approve and end orders."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from custodes.app.client import rebuilt_intent
from custodes.base.errors import ConfigurationError
from custodes.cli.client_options import Admf, As, Json, client, outcome, show
from custodes.functions.admf import api
from custodes.model.intent import Intent
from custodes.model.order import HeaderReportingKind, Order, Subject

app = typer.Typer(help="Orders: register, list, show, approve, end.", no_args_is_help=True)

_RELATIVE = re.compile(r"\+([0-9]{1,6})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Reference = Annotated[str, typer.Argument(help="The order's reference.")]


@app.command("new")
def new(
    reference: Annotated[str, typer.Option(help="The authority's reference; tells nothing.")],
    authority: Annotated[str, typer.Option(help="Who ordered.")],
    agency: Annotated[str, typer.Option(help="The enrolled agency that receives the product.")],
    legal_basis: Annotated[str, typer.Option(help="The law it rests on.")],
    end: Annotated[str, typer.Option(help="ISO 8601 with offset, or +N[smhd] after the start.")],
    subject: Annotated[str, typer.Option(help="IMSI or imsi-IMSI; @FILE keeps it off the list.")],
    agreement: Annotated[str, typer.Option(help="Agreement that header reporting rests on.")],
    content: Annotated[
        bool, typer.Option("--content/--iri-only", help="Whether content is ordered too.")
    ] = False,
    location: Annotated[
        bool,
        typer.Option("--location/--no-location", help="Whether events say where the subject is."),
    ] = False,
    start: Annotated[str, typer.Option(help="ISO 8601 with offset, 'now', or +N[smhd].")] = "now",
    header_reporting: Annotated[
        HeaderReportingKind, typer.Option(help="Packet header reporting.")
    ] = HeaderReportingKind.NONE,
    admf: Admf = None,
    as_folder: As = None,
    as_json: Json = False,
) -> None:
    """Register an order. Nothing is intercepted until two officers have approved it."""
    with outcome(as_json):
        begin = moment(start, datetime.now(UTC))
        who = Subject.parse(at_file(subject))
        body = api.OrderBody(
            reference=reference,
            authority=authority,
            agency=agency,
            legalBasis=legal_basis,
            start=begin,
            end=moment(end, begin),
            subject=api.SubjectBody(kind=who.kind, value=who.value),
            content=content,
            location=location,
            headerReporting=api.HeaderReportingBody(kind=header_reporting, agreement=agreement),
        )
        details = client(as_folder, admf).new_order(body)
        show(as_json, _summary(details), details)


@app.command("list")
def list_(admf: Admf = None, as_folder: As = None, as_json: Json = False) -> None:
    """List all orders, without their subjects."""
    with outcome(as_json):
        orders = client(as_folder, admf).orders().orders
        lines = [
            f"{o.reference:24} {o.state:11} {'active' if o.active else '-':7} {o.agency:16} "
            f"{o.liid} {_short(o)} until {o.end.isoformat()}"
            for o in orders
        ]
        show(as_json, lines or ["There are no orders."], *orders)


@app.command("show")
def show_(
    reference: Reference, admf: Admf = None, as_folder: As = None, as_json: Json = False
) -> None:
    """Show one order: its state, approvals, and what each element confirmed."""
    with outcome(as_json):
        details = client(as_folder, admf).order(reference)
        show(as_json, _summary(details), details)


@app.command("approve")
def approve(
    reference: Reference, admf: Admf = None, as_folder: As = None, as_json: Json = False
) -> None:
    """Show the intent, rebuilt here from what the administration says, and approve exactly that."""
    with outcome(as_json):
        caller = client(as_folder, admf)
        intent = rebuilt_intent(caller.order(reference))
        if not as_json:
            for line in _intent(intent):
                typer.echo(line)
        details = caller.approve(reference, intent)
        show(as_json, _summary(details), details)


@app.command("end")
def end_order(
    reference: Reference, admf: Admf = None, as_folder: As = None, as_json: Json = False
) -> None:
    """Stop an order now and for good. One officer suffices."""
    with outcome(as_json):
        details = client(as_folder, admf).end(reference)
        show(as_json, _summary(details), details)


def at_file(text: str) -> str:
    """What is in the file after an ``@``, else the text itself."""
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{text[1:]} cannot be read: {error}") from error


def moment(text: str, base: datetime) -> datetime:
    """``now``, ``+90m`` after ``base``, or ISO 8601 with an offset; UTC."""
    if text == "now":
        return datetime.now(UTC)
    relative = _RELATIVE.fullmatch(text)
    if relative:
        return base + timedelta(**{_UNITS[relative[2]]: int(relative[1])})
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise ConfigurationError(
            f"{text!r} is not a time", remedy="write 2026-11-01T12:00:00+01:00, now, or +90m"
        )
    return value.astimezone(UTC)


def _summary(details: api.OrderDetails) -> list[str]:
    order = details.order
    lines = [
        f"Order {order.reference}: {details.state}"
        + (", active on every element" if details.active else ""),
        f"  {order.authority} for {order.agency}, {order.legalBasis}",
        f"  {order.start.isoformat()} to {order.end.isoformat()}, " + _product(order),
        f"  LIID {details.intent.liid}, XID {details.intent.xid}",
        f"  intent {details.intentDigest}",
    ]
    lines += [f"  approved by {a.officer} at {a.approvedAt.isoformat()}" for a in details.approvals]
    for e in details.elements:
        held = {True: "yes", False: "no", None: "unknown"}[e.held]
        lines.append(
            f"  {e.neIdentifier:8} {e.product}  wanted: {'yes' if e.wanted else 'no'}"
            f"  acts: {held}  confirmed: {'yes' if e.confirmed else 'no'}"
        )
    return lines


def _intent(intent: Intent) -> list[str]:
    order = intent.order
    return [
        f"You approve, for {order.reference}:",
        f"  subject   {order.subject.kind} {order.subject.value}",
        f"  authority {order.authority}, agency {order.agency}",
        f"  basis     {order.legal_basis}",
        f"  period    {order.start.isoformat()} to {order.end.isoformat()}",
        f"  product   {_product(order)}, header reporting "
        f"{order.header_reporting.kind} ({order.header_reporting.agreement})",
        *(f"  element   {e.neIdentifier} {e.product}" for e in intent.elements),
        *(f"  delivery  {d.purpose} to {d.address}" for d in intent.deliveries),
        f"  digest    {intent.digest()}",
    ]


def _product(order: api.OrderBody | Order) -> str:
    what = "IRI and content" if order.content else "IRI only"
    return f"{what}, {'with' if order.location else 'without'} location"


def _short(line: api.OrderLine) -> str:
    return ("IRI+CC" if line.content else "IRI") + ("+location" if line.location else "")
