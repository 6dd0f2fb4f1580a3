"""Migrates a database to the tables that this version of the program uses, by Alembic."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, inspect, text

from assistant.core import schema

HEAD = "0006"
"""The newest revision under ``versions``."""
_FIRST = "0001"
"""The tables of archives made before revisions were recorded."""
_LOCK = 0x41505041
"""PostgreSQL's key of the lock."""


def upgrade(engine: Engine) -> None:
    """Run the migrations that a database lacks; safe to call from several processes at once.

    Raises:
        SQLAlchemyError: The database cannot be reached or changed.
    """
    with engine.connect() as db:
        if _revision(db) == HEAD:
            return
    # A tenth of a second to import, which a database that is up to date does without
    from alembic import command
    from alembic.config import Config

    with _locked(engine) as db:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = db
        if _revision(db) is None and inspect(db).has_table("articles"):
            schema.moments.create(db, checkfirst=True)  # the youngest of the first tables
            command.stamp(config, _FIRST)
        command.upgrade(config, HEAD)
        db.commit()


def _revision(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    return db.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file:
        with FileLock(f"{file}.migration.lock"), engine.connect() as db:
            yield db
        return
    with engine.connect() as db:
        if engine.dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        yield db  # closing the connection releases the lock
