"""The tables of the mediation function's state. A change of any of them is a new VERSION."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table

# 1: CINs and the outbox; before it files say 0 and hold CINs only. 2: what agencies were told.
VERSION = 2

METADATA = MetaData()

CINS = Table(
    "mdf_cin",
    METADATA,
    Column("liid", String(50), primary_key=True),
    Column("xid", String(36), primary_key=True),
    # Hexadecimal: SQLite's integers are signed 64 bits, a correlation identifier is not.
    Column("correlation", String(16), primary_key=True),
    Column("cin", Integer, nullable=False),
)
NEXT_CIN = Table(
    "mdf_next_cin",
    METADATA,
    Column("liid", String(50), primary_key=True),
    Column("next", Integer, nullable=False),
)

# The side's name is part of every key: what two sides call by one name stays apart.
HEAD = Table(
    "outbox_head",
    METADATA,
    Column("one", Integer, primary_key=True),  # a single row
    Column("next", Integer, nullable=False),  # the next row id never given out
    Column("sealing_key", LargeBinary, nullable=True),  # fingerprint of the key that wraps keys
)
DESTINATIONS = Table(
    "outbox_destination",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("side", String, nullable=False),
    Column("did", String(36), nullable=False),
    Column("confirmed", Integer, nullable=False),
    Index("outbox_destination_did", "side", "did", unique=True),
)
KEYS = Table(
    "outbox_key",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("side", String, nullable=False),
    Column("liid", String(50), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("sealed", Integer, nullable=False),  # how often it was used
)
ROWS = Table(
    "outbox_row",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("destination", Integer, nullable=False),
    Column("key", Integer, nullable=False),
    Column("kind", String(3), nullable=False),
    Column("size", Integer, nullable=False),  # octets before sealing
    Column("sealed", LargeBinary, nullable=False),
    # Holds all that counting needs: the content is not read for it.
    Index("outbox_row_order", "destination", "id", "key", "size"),
)
NUMBERS = Table(
    "outbox_number",
    METADATA,
    Column("side", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("next", Integer, nullable=False),
    sqlite_with_rowid=False,
)
MARKS = Table(
    "outbox_mark",
    METADATA,
    Column("side", String, primary_key=True),
    Column("context", LargeBinary, primary_key=True),
    Column("next", Integer, nullable=False),
    sqlite_with_rowid=False,
)
ROUTES = Table(
    "outbox_route",
    METADATA,
    Column("side", String, primary_key=True),
    Column("liid", String(50), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("did", String(36), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("kinds", String, nullable=False),  # separated by commas
)
NOTICES = Table(
    "outbox_notice",
    METADATA,
    Column("side", String, primary_key=True),
    Column("liid", String(50), primary_key=True),
    Column("did", String(36), primary_key=True),
    Column("key", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
FORGOTTEN = Table(
    "outbox_forgotten",
    METADATA,
    Column("side", String, primary_key=True),
    Column("liid", String(50), primary_key=True),
)
TARGETS = Table(
    "outbox_target",
    METADATA,
    Column("side", String, primary_key=True),
    Column("did", String(36), primary_key=True),
    Column("host", String, nullable=False),
    Column("port", Integer, nullable=False),
    Column("party", String, nullable=False),
    Column("fingerprint", String(64), nullable=False),
)
