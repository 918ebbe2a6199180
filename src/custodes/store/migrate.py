"""Brings a database to the present tables; runs at every start, before anything is read."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine

from custodes.base.errors import ConfigurationError


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing, in one transaction.

    Raises ConfigurationError for a database that a newer release has written.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigurationError(
                f"the database cannot be brought up to date: {error}",
                remedy="was it written by a newer release?",
            ) from error
