"""Makes all passages again, under another fingerprint, beside those that questions are answered from.

Each article's new passages are committed to ``kept_passages``; a rebuild that is cut short goes on from there.
When all are there, one transaction exchanges them for those in use, which are kept in turn: a rebuild under the
fingerprint before finds them and is done at once.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, select

from assistant.core import rows, schema, writes
from assistant.core.database import Database
from assistant.core.index import Fingerprint
from assistant.core.languages import Language
from assistant.core.records import Article
from assistant.core.rows import EmbeddedPassage

REPLACED = "replaced"
"""The setting that holds the fingerprint of the passages that the last rebuild replaced."""
_KEPT = schema.kept_passages.c

Remake = Callable[[Article], Sequence[EmbeddedPassage]]


def rebuild(
    database: Database, fingerprint: Fingerprint, remake: Remake, done: Callable[[], object] = lambda: None
) -> int:
    """Make the passages of all articles again; returns the number of articles.

    ``done`` is called for each article whose passages are there.
    """
    mark = fingerprint.digest()
    with database.connect() as db:
        ids = db.execute(select(schema.articles.c.id)).scalars().all()
    for id_ in ids:
        with database.connect() as db:
            found = _article(db, id_)
            is_there = found is None or bool(_kept(db, mark, *found))
        if found and not is_there:
            made = remake(found[0])
            with database.begin() as db:
                _keep(db, mark, *found, made)
        done()
    with database.begin() as db:
        return _exchange(db, fingerprint, remake)


def _exchange(db: Connection, fingerprint: Fingerprint, remake: Remake) -> int:
    """Put the new passages in the place of those in use; articles that came or changed meanwhile are made here."""
    writes.hold(db)
    before, mark = writes.setting(db, "fingerprint"), fingerprint.digest()
    mark_before = Fingerprint.digest_of(before) if before else mark
    ids = db.execute(select(schema.articles.c.id)).scalars().all()
    if mark_before != mark:
        db.execute(delete(schema.kept_passages).where(_KEPT.fingerprint != mark))
        writes.put_setting(db, REPLACED, before)
    for id_ in ids:
        found = _article(db, id_)
        if found is None:
            continue
        article, digest = found
        made = _kept(db, mark, article, digest) or remake(article)
        if mark_before != mark:
            _keep(db, mark_before, article, digest, _in_use(db, id_))
        writes.replace_passages(db, id_, made, article.language)
    db.execute(delete(schema.kept_passages).where(_KEPT.fingerprint == mark))
    writes.put_setting(db, "fingerprint", fingerprint.to_json())
    return len(ids)


def _article(db: Connection, id_: str) -> tuple[Article, str] | None:
    """An article and the digest of its text; None if it was removed meanwhile."""
    row = db.execute(select(schema.articles).where(schema.articles.c.id == id_)).mappings().first()
    return (rows.article(row), row["text_digest"]) if row else None


def _kept(db: Connection, mark: str, article: Article, text_digest: str) -> list[EmbeddedPassage]:
    """The kept passages of a text; empty if there are none."""
    query = select(schema.kept_passages).where(
        _KEPT.fingerprint == mark, _KEPT.article_id == article.id, _KEPT.text_digest == text_digest
    )
    return [rows.embedded(row) for row in db.execute(query.order_by(_KEPT.start)).mappings()]


def _in_use(db: Connection, article_id: str) -> list[EmbeddedPassage]:
    query = select(schema.passages).where(schema.passages.c.article_id == article_id)
    return [rows.embedded(row) for row in db.execute(query).mappings()]


def _keep(
    db: Connection, mark: str, article: Article, text_digest: str, passages: Sequence[EmbeddedPassage]
) -> None:
    db.execute(delete(schema.kept_passages).where(_KEPT.fingerprint == mark, _KEPT.article_id == article.id))
    if passages:
        of = {"fingerprint": mark, "text_digest": text_digest}
        made = [rows.passage_row(passage, Language(article.language)) | of for passage in passages]
        db.execute(insert(schema.kept_passages), made)
