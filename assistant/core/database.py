"""The SQL database: opened, migrated, and its failures told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from assistant.core import migrations
from assistant.core.errors import DatabaseUnavailable, StorageUnavailable
from assistant.core.storage import problem

_SERVER = {
    "pool_pre_ping": True,
    "connect_args": {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000},
}
"""A server that was restarted is connected to anew; one that does not answer is given up after seconds."""


class Database:
    """An SQLite file or a PostgreSQL server; thread-safe, and safe to use from several processes."""

    def __init__(self, url: str) -> None:
        """Open the database and migrate its tables.

        Raises:
            DatabaseUnavailable: It cannot be opened or reached.
        """
        self._engine = _engine(url)
        file = self._engine.url.database if self._engine.dialect.name == "sqlite" else None
        self._folder = Path(file).absolute().parent if file else None
        with self._errors():
            migrations.upgrade(self._engine)

    def close(self) -> None:
        """Release connections."""
        self._engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction, committed at the end.

        Raises:
            ServiceError: The database or its disk fails; nothing is changed.
        """
        with self._errors(), self._engine.begin() as db:
            yield db

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection to read by; raises as ``begin`` does."""
        with self._errors(), self._engine.connect() as db:
            yield db

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees the database as it is now, whatever others write; raises as ``begin`` does."""
        level = "REPEATABLE READ" if self._engine.dialect.name == "postgresql" else "SERIALIZABLE"
        with self._errors(), self._engine.connect().execution_options(isolation_level=level) as db:
            if self._engine.dialect.name == "sqlite":
                db.exec_driver_sql("BEGIN")  # else each of its reads sees a moment of its own
            yield db

    @contextmanager
    def _errors(self) -> Iterator[None]:
        if self._folder and not self._folder.is_dir() and (reason := problem(self._folder)):
            raise StorageUnavailable(reason)  # SQLite would keep writing to an unlinked file
        try:
            yield
        except SQLAlchemyError as exc:
            if self._folder and (reason := problem(self._folder)):
                raise StorageUnavailable(reason) from exc
            where = self._engine.url.render_as_string(hide_password=True)
            raise DatabaseUnavailable(
                f"The article store {where} cannot be used: {exc.__cause__ or exc}\nCheck NEWS_DATABASE__URL and NEWS_DATA_DIR."
            ) from exc


def utc(moment: datetime) -> datetime:
    """A stored time with its zone: SQLite returns UTC without one."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        engine = create_engine(parsed, **(_SERVER if parsed.get_backend_name() == "postgresql" else {}))
    except (SQLAlchemyError, ImportError) as exc:
        raise DatabaseUnavailable(
            f"The article store's URL cannot be used: {exc}.\n"
            "Write it as NEWS_DATABASE__URL=postgresql+psycopg://user:password@host/name and install its driver:\n"
            "pip install 'ai-policy-news-assistant[server]'"
        ) from exc
    if parsed.get_backend_name() == "sqlite":

        @event.listens_for(engine, "connect")
        def _on_connect(connection: Any, _record: Any) -> None:
            # Readers are not blocked by a writer, and a second writer waits instead of failing.
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=30000")

    return engine
