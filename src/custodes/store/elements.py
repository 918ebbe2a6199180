"""What elements said and when they were last seen. Every method returns only when durable."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from custodes.store import tables
from custodes.store.records import StoredElementState, StoredReport


class Elements:
    """The repository of elements' states and reports over one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def set_state(self, ne_identifier: str, at: datetime, state: str, detail: str) -> None:
        with Session(self._engine) as session, session.begin():
            session.merge(
                tables.ElementStateRow(
                    ne_identifier=ne_identifier, at=at, state=state, detail=detail
                )
            )

    def states(self) -> tuple[StoredElementState, ...]:
        with Session(self._engine) as session:
            rows = session.scalars(
                select(tables.ElementStateRow).order_by(tables.ElementStateRow.ne_identifier)
            )
            return tuple(StoredElementState(r.ne_identifier, r.at, r.state, r.detail) for r in rows)

    def add_report(
        self,
        ne_identifier: str,
        at: datetime,
        message: str,
        report_type: str,
        *,
        xid: str | None = None,
        did: str | None = None,
        code: int | None = None,
        detail: str = "",
    ) -> None:
        with Session(self._engine) as session, session.begin():
            session.add(
                tables.ReportRow(
                    at=at,
                    ne_identifier=ne_identifier,
                    message=message,
                    report_type=report_type,
                    xid=xid,
                    did=did,
                    code=code,
                    detail=detail,
                )
            )

    def reports(
        self, *, ne_identifier: str | None = None, xid: str | None = None, limit: int = 100
    ) -> tuple[StoredReport, ...]:
        """The latest reports, newest first, of one element or on one XID."""
        query = select(tables.ReportRow).order_by(tables.ReportRow.number.desc()).limit(limit)
        if ne_identifier is not None:
            query = query.where(tables.ReportRow.ne_identifier == ne_identifier)
        if xid is not None:
            query = query.where(tables.ReportRow.xid == xid)
        with Session(self._engine) as session:
            return tuple(
                StoredReport(
                    r.at, r.ne_identifier, r.message, r.report_type, r.xid, r.did, r.code, r.detail
                )
                for r in session.scalars(query)
            )
