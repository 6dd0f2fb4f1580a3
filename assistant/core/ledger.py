"""The ledger: one row for each source, saying what became of it and when it is to be tried again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from assistant.core import schema
from assistant.core.database import Database, utc

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(days=1)


Validators = tuple[str | None, str | None]
"""The ETag and Last-Modified of a source's last answer."""


class SourceState(StrEnum):
    """What became of a source."""

    STORED = "stored"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The article a source was stored as; ``source_digest`` is the SHA-256 of its raw bytes.

    Several sources may share one article. A source that fails keeps the article that it was stored as
    before; ``error`` says why it failed last, ``tries`` how often in a row, and ``retry_at`` when it is due
    again. ``etag`` and ``last_modified`` are the validators of its last answer.
    """

    url: str
    source_digest: str | None = None
    article_id: str | None = None
    ingested: datetime | None = None
    state: SourceState = SourceState.STORED
    error: str | None = None
    tries: int = 0
    retry_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it may be tried: it never failed, or has waited long enough, or the clock was set back since."""
        return self.retry_at is None or not now < utc(self.retry_at) <= now + _LONGEST_WAIT


class Ledger:
    """Every source ever met, with its state."""

    def __init__(self, database: Database) -> None:
        self._begin, self._connect = database.begin, database.connect

    def rows(self) -> list[LedgerRow]:
        """All rows, by URL."""
        with self._connect() as db:
            return [
                _row(row)
                for row in db.execute(select(schema.ledger).order_by(schema.ledger.c.url)).mappings()
            ]

    def count(self, state: SourceState) -> int:
        """The number of sources in this state."""
        query = select(func.count()).where(schema.ledger.c.state == state)
        with self._connect() as db:
            return db.execute(query).scalar_one()

    def row(self, url: str) -> LedgerRow | None:
        """A source's row; None for an unknown one."""
        with self._connect() as db:
            return _found(db, url)

    def failed(self, url: str, error: str) -> None:
        """Record that a source failed, and why; each time in a row it waits twice as long, up to a day."""
        with self._begin() as db:
            note_failed(db, url, error)

    def gone(self, url: str) -> bool:
        """Record that a known source is not there any more; its article stays. False where that is known already."""
        with self._begin() as db:
            before = _found(db, url)
            if before is None or before.state is SourceState.GONE:
                return False
            _replace(
                db,
                url,
                source_digest=None,
                article_id=before.article_id,
                ingested=before.ingested,
                state=SourceState.GONE,
            )
            return True


def note_stored(
    db: Connection, url: str, source_digest: str, article_id: str, validators: Validators
) -> None:
    """Record that a source is stored as an article, perhaps as one that has its text from elsewhere."""
    _replace(
        db,
        url,
        source_digest=source_digest,
        article_id=article_id,
        ingested=datetime.now(UTC),
        etag=validators[0],
        last_modified=validators[1],
    )


def note_failed(db: Connection, url: str, error: str) -> None:
    """As ``Ledger.failed``, within a transaction."""
    before = _found(db, url) or LedgerRow(url)
    wait = min(_FIRST_WAIT * 2 ** min(before.tries, 20), _LONGEST_WAIT)
    _replace(
        db,
        url,
        source_digest=before.source_digest,
        article_id=before.article_id,
        ingested=before.ingested,
        state=SourceState.FAILED,
        error=error,
        tries=before.tries + 1,
        retry_at=datetime.now(UTC) + wait,
    )


def _found(db: Connection, url: str) -> LedgerRow | None:
    row = db.execute(select(schema.ledger).where(schema.ledger.c.url == url)).mappings().first()
    return _row(row) if row else None


def _replace(db: Connection, url: str, **values: Any) -> None:
    db.execute(delete(schema.ledger).where(schema.ledger.c.url == url))
    row = LedgerRow(url, **values)
    db.execute(
        insert(schema.ledger).values({name: getattr(row, name) for name in schema.ledger.c.keys()})  # noqa: SIM118
    )


def _row(row: Mapping[Any, Any]) -> LedgerRow:
    return LedgerRow(**{**row, "state": SourceState(row["state"])})
