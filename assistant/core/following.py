"""Brings the vector index up to date with the article store."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import delete, select

from assistant.core import rows, schema
from assistant.core.database import Database
from assistant.core.index import IndexPoint, VectorIndex
from assistant.core.lexical import passage_vector

_BATCH = 200


def synchronise(database: Database, index: VectorIndex, check: Callable[[], None]) -> int:
    """Apply all pending changes to the index; returns how many articles changed in it.

    ``check`` is called before each batch; it raises if the index may no longer be written.
    """
    changed = 0
    while batch := _pending(database):
        check()
        article_ids = sorted(set(batch.values()))
        points = list(_points(database, article_ids))
        index.upsert(points)
        index.delete(article_ids, keep=[point.passage_id for point in points])
        with database.begin() as db:
            db.execute(delete(schema.changes).where(schema.changes.c.number.in_(list(batch))))
        changed += len(article_ids)
    return changed


def _pending(database: Database) -> dict[int, str]:
    with database.connect() as db:
        pending = db.execute(select(schema.changes).order_by(schema.changes.c.number).limit(_BATCH))
        return {row[0]: row[1] for row in pending}


def _points(database: Database, article_ids: Sequence[str]) -> Iterator[IndexPoint]:
    of_these = schema.passages.c.article_id.in_(article_ids), schema.articles.c.id.in_(article_ids)
    with database.connect() as db:
        passages = db.execute(select(schema.passages).where(of_these[0])).mappings().all()
        articles = db.execute(select(schema.articles).where(of_these[1])).mappings().all()
    by_id = {row["id"]: rows.article(row) for row in articles}
    for row in passages:
        article = by_id.get(row["article_id"])
        if article is None:
            continue  # removed in the meantime; that change is pending too
        found = rows.embedded(row)
        passage = found.passage
        yield IndexPoint(
            passage_id=passage.id,
            article_id=article.id,
            start=passage.start,
            end=passage.end,
            language=article.language,
            publisher=article.publisher,
            published=article.published,
            story_id=article.story_id,
            dense=found.dense,
            lexical=passage_vector(
                article.text[passage.start : passage.end], article.language, passage.sentences
            ),
        )
