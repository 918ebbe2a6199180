"""The migrations make exactly the tables that the models describe."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from custodes.base.errors import ConfigurationError
from custodes.store.engine import open_engine
from custodes.store.migrate import upgrade
from custodes.store.tables import Base


def test_models_match_migrations(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "x.sqlite")
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def _described(engine: Engine) -> dict[str, object]:
    inspector = inspect(engine)
    return {
        table: (
            sorted(
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
            ),
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted(
                (f["constrained_columns"], f["referred_table"], f["referred_columns"])
                for f in inspector.get_foreign_keys(table)
            ),
            sorted(u["column_names"] for u in inspector.get_unique_constraints(table)),
            sorted(
                (i["name"], i["column_names"], i["unique"]) for i in inspector.get_indexes(table)
            ),
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_and_their_constraints(tmp_path: Path) -> None:
    """What Alembic does not compare on SQLite: keys, references, uniqueness."""
    migrated, made = open_engine(tmp_path / "x.sqlite"), open_engine(tmp_path / "y.sqlite")
    upgrade(migrated)
    Base.metadata.create_all(made)
    assert _described(migrated) == _described(made)


def test_twice_is_once(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "x.sqlite")
    upgrade(engine)
    upgrade(engine)


def test_a_database_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "x.sqlite")
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigurationError):
        upgrade(engine)
