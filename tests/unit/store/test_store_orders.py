"""Orders survive a restart exactly as they were registered."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from custodes.base.errors import ConfigurationError, RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.grant import Approval
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject
from custodes.store.admf import AdmfStore

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SUBJECT = "001010000000077"
X2 = Delivery(DID(UUID(int=7)), Purpose.X2, Address("127.0.0.1", 4002))


def intent(reference: str = "A-1", *, liid: str = "LI-1", xid: int = 1) -> Intent:
    order = Order(
        reference=reference,
        authority="court-a",
        agency="agency-a",
        legal_basis="§ 1",
        start=NOW,
        end=NOW + timedelta(hours=1, microseconds=7),
        subject=Subject.parse(SUBJECT),
        content=True,
        location=True,
        header_reporting=HeaderReporting(HeaderReportingKind.NONE, "agreement-1"),
    )
    elements = (ElementTask("mdf2", Product.X2), ElementTask("amf", Product.X2))
    return Intent(order, XID(UUID(int=xid)), LIID(liid), elements, (X2,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "admf.sqlite"


@pytest.fixture
def store(path: Path) -> AdmfStore:
    store = AdmfStore(path)
    store.orders.did_for(Purpose.X2, X2.address, X2.did)
    return store


def test_round_trip_over_a_restart(store: AdmfStore, path: Path) -> None:
    store.orders.add(intent(), "officer-1", NOW)
    store.orders.approve("A-1", Approval("officer-1", "f1", NOW, intent().digest()))
    store.close()
    (stored,), damaged = AdmfStore(path).orders.all()
    assert damaged == ()
    assert stored.intent == intent()
    assert stored.intent.digest() == stored.intentDigest
    assert stored.approvals == (Approval("officer-1", "f1", NOW, intent().digest()),)
    assert (stored.registeredBy, stored.endedAt) == ("officer-1", None)


def test_the_file_is_its_owners_and_durable(store: AdmfStore, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with store._engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_a_reference_and_a_liid_are_taken_once(store: AdmfStore) -> None:
    store.orders.add(intent(), "officer-1", NOW)
    with pytest.raises(RefusedError):
        store.orders.add(intent(liid="LI-2"), "officer-1", NOW)
    with pytest.raises(RefusedError):
        store.orders.add(intent("A-2"), "officer-1", NOW)
    assert [o.intent.order.reference for o in store.orders.all()[0]] == ["A-1"]


def test_one_key_approves_once(store: AdmfStore) -> None:
    store.orders.add(intent(), "officer-1", NOW)
    approval = Approval("officer-1", "f1", NOW, intent().digest())
    store.orders.approve("A-1", approval)
    with pytest.raises(RefusedError):
        store.orders.approve("A-1", approval)


def test_xid_of_an_open_subject(store: AdmfStore) -> None:
    subject = Subject.parse(SUBJECT)
    assert store.orders.xid_of_open(subject, NOW) is None
    store.orders.add(intent(), "officer-1", NOW)
    assert store.orders.xid_of_open(subject, NOW) == XID(UUID(int=1))
    assert store.orders.xid_of_open(Subject.parse("001010000000078"), NOW) is None
    assert store.orders.xid_of_open(subject, intent().order.end) is None
    store.orders.end("A-1", "officer-2", NOW)
    assert store.orders.xid_of_open(subject, NOW) is None


def test_did_per_purpose_and_address(store: AdmfStore) -> None:
    other = DID(UUID(int=8))
    assert store.orders.did_for(Purpose.X2, X2.address, other) == X2.did
    assert store.orders.did_for(Purpose.HI2, X2.address, other) == other
    assert store.orders.issued() == (frozenset(), frozenset({X2.did, other}))


def test_ending_twice_keeps_the_first(store: AdmfStore) -> None:
    store.orders.add(intent(), "officer-1", NOW)
    store.orders.end("A-1", "officer-2", NOW)
    store.orders.end("A-1", "officer-3", NOW + timedelta(seconds=1))
    stored = store.orders.get("A-1")
    assert stored is not None
    assert (stored.endedBy, stored.endedAt) == ("officer-2", NOW)
    assert [e.what for e in store.orders.events("A-1")] == ["registered", "ended"]


def test_the_subject_stands_in_one_column(store: AdmfStore, path: Path) -> None:
    store.orders.add(intent(), "officer-1", NOW)
    store.close()
    connection = sqlite3.connect(path)
    tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    holders = set()
    for table in tables:
        columns = [r[1] for r in connection.execute(f'PRAGMA table_info("{table}")')]
        for column in columns:
            query = f'SELECT count(*) FROM "{table}" WHERE "{column}" LIKE ?'  # noqa: S608
            if connection.execute(query, (f"%{SUBJECT}%",)).fetchone()[0]:
                holders.add((table, column))
    assert holders == {("orders", "subject")}


def test_a_damaged_row_names_no_subject(store: AdmfStore, path: Path) -> None:
    store.orders.add(intent(), "officer-1", NOW)
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE orders SET subject = 'supiimsi:00101-secret'")
    store = AdmfStore(path)
    assert store.orders.all() == ((), ("A-1",))
    with pytest.raises(ConfigurationError) as caught:
        store.orders.get("A-1")
    assert "secret" not in str(caught.value)
