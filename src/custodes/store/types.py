"""Column types: a time is UTC, in whole microseconds, as text that sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from custodes.base.errors import ConfigurationError


class UTCTime(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as ISO 8601 with exactly six fractional digits."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is not UTC:
            raise ConfigurationError("a time to be stored is not UTC")
        return value.isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)
