"""The queue of articles that were read but are not embedded yet; any process adds to it, and one or more work it off."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from assistant.core import rows, schema
from assistant.core.database import Database
from assistant.core.ledger import Validators
from assistant.core.records import Article

CLAIM = timedelta(minutes=2)
"""How long a worker may take over what it claims, before another worker takes it up."""


@dataclass(frozen=True, slots=True)
class Queued:
    """An article with the digests of its text and its source's bytes; ``number`` is its place in the queue."""

    article: Article
    text_digest: str
    source_digest: str
    validators: Validators = (None, None)
    number: int = 0


class Queue:
    """The queue's table; safe to use from several threads and processes."""

    def __init__(self, database: Database) -> None:
        self._begin, self._connect = database.begin, database.connect

    def put(self, queued: Queued) -> int:
        """Add an article, in place of an earlier text of its source; returns its number."""
        row = queue_row(queued)
        with self._begin() as db:
            db.execute(delete(schema.queue).where(schema.queue.c.url == queued.article.url))
            added = insert(schema.queue).values(row).returning(schema.queue.c.number)
            number: int = db.execute(added).scalar_one()
            return number

    def claim(self, limit: int, now: datetime | None = None) -> list[Queued]:
        """The oldest articles that no worker has claimed by ``now``, at most ``limit``; they are claimed with this call."""
        now = now or datetime.now(UTC)
        until = schema.queue.c.claimed_until
        free = or_(until.is_(None), until < now, until > now + CLAIM)  # the last: the clock was set back
        oldest = select(schema.queue.c.number).where(free).order_by(schema.queue.c.number).limit(limit)
        claim = uuid4().hex
        mine = {"claimed_by": claim, "claimed_until": now + CLAIM}
        with self._begin() as db:
            numbers = db.execute(oldest.with_for_update(skip_locked=True)).scalars().all()
            # The condition again: another worker may have been faster
            db.execute(update(schema.queue).where(schema.queue.c.number.in_(numbers), free).values(mine))
            claimed = select(schema.queue).where(schema.queue.c.claimed_by == claim)
            return [queued_of(row) for row in db.execute(claimed.order_by(schema.queue.c.number)).mappings()]

    def release(self, claimed: Iterable[Queued]) -> None:
        """Give back what was claimed and is not stored."""
        theirs = schema.queue.c.number.in_([queued.number for queued in claimed])
        with self._begin() as db:
            db.execute(update(schema.queue).where(theirs).values(claimed_by=None, claimed_until=None))

    def holds(self, article_id: str) -> bool:
        """Whether a text of this article waits."""
        with self._connect() as db:
            return (
                db.execute(select(func.count()).where(schema.queue.c.article_id == article_id)).scalar_one()
                > 0
            )

    def left(self, numbers: Collection[int]) -> set[int]:
        """Which of these are still in the queue."""
        wanted = select(schema.queue.c.number)
        with self._connect() as db:
            return set(numbers).intersection(db.execute(wanted).scalars())


def settle(db: Connection, queued: Queued) -> bool:
    """Take an article off the queue; False if it is not there any more, or its source has a newer text there."""
    return (
        queued.number == 0
        or db.execute(delete(schema.queue).where(schema.queue.c.number == queued.number)).rowcount == 1
    )


def forget(db: Connection, article_id: str) -> None:
    """Take an article off the queue."""
    db.execute(delete(schema.queue).where(schema.queue.c.article_id == article_id))


def queue_row(queued: Queued) -> dict[str, Any]:
    """An article for the queue as JSON types; its number is given by the database."""
    return {
        "url": queued.article.url,
        "article_id": queued.article.id,
        "article": rows.version_row(asdict(queued.article)),
        "text_digest": queued.text_digest,
        "source_digest": queued.source_digest,
        "etag": queued.validators[0],
        "last_modified": queued.validators[1],
    }


def queued_of(row: Mapping[Any, Any]) -> Queued:
    """An article of the queue from its ``queue_row`` or the stored row."""
    return Queued(
        rows.article(rows.stored_version(row["article"])),
        row["text_digest"],
        row["source_digest"],
        (row["etag"], row["last_modified"]),
        row.get("number", 0),
    )
