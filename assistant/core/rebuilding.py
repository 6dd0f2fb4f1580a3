"""Makes all passages again, under another fingerprint, beside those that questions are answered from.

Each article's new passages are committed to ``kept_passages``; a rebuild that is cut short goes on from there.
When all are there, one transaction exchanges them for those in use, which are kept in turn: a rebuild under the
fingerprint before finds them and is done at once. Whatever changes an article drops what is kept of it.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, literal, select

from assistant.core import rows, schema, writes
from assistant.core.database import Database
from assistant.core.index import Fingerprint
from assistant.core.moments import Moments
from assistant.core.records import Article
from assistant.core.rows import EmbeddedPassage

REPLACED = "replaced"
"""The setting that holds the fingerprint of the passages that the last rebuild replaced."""
_KEPT = schema.kept_passages.c
_IN_USE = schema.passages.c

Remake = Callable[[Article], Sequence[EmbeddedPassage]]


def rebuild(
    database: Database, fingerprint: Fingerprint, remake: Remake, done: Callable[[int], object]
) -> int:
    """Make the passages of all articles again; returns the number of articles.

    ``done`` is told of how many more articles the passages are there.
    """
    mark, empty = fingerprint.digest(), set[str]()
    with database.connect() as db:
        done(len(_ids(db)) - len(_missing(db, mark)))
    while True:
        with database.connect() as db:
            missing = _missing(db, mark) - empty
        for id_ in sorted(missing):
            if _is_made(database, mark, id_, remake, empty):
                done(1)
        with database.begin() as db:
            writes.hold(db)
            if not _missing(db, mark) - empty:
                return _exchange(db, fingerprint)


def _is_made(database: Database, mark: str, id_: str, remake: Remake, empty: set[str]) -> bool:
    """Make and keep an article's passages; False if it was changed or removed meanwhile."""
    with database.connect() as db:
        article = _article(db, id_)
    if article is None:
        return False
    made = [rows.passage_row(passage, article.language) for passage in remake(article)]
    with database.begin() as db:
        writes.hold(db)
        if _article(db, id_) != article:
            return False
        db.execute(delete(schema.kept_passages).where(_KEPT.fingerprint == mark, _KEPT.article_id == id_))
        if made:
            db.execute(insert(schema.kept_passages), [row | {"fingerprint": mark} for row in made])
        else:
            empty.add(id_)
    return True


def _exchange(db: Connection, fingerprint: Fingerprint) -> int:
    """Put the passages that are kept under a fingerprint in the place of those in use, which are kept under theirs."""
    mark, before = fingerprint.digest(), writes.setting(db, "fingerprint")
    names = [column.name for column in schema.passages.columns]
    if before and (replaced := Fingerprint.digest_of(before)) != mark:
        db.execute(delete(schema.kept_passages).where(_KEPT.fingerprint != mark))
        in_use = select(*(_IN_USE[name] for name in names), literal(replaced))
        db.execute(insert(schema.kept_passages).from_select([*names, "fingerprint"], in_use))
        writes.put_setting(db, REPLACED, before)
    for table in (schema.passages, schema.contradictions, schema.moments):
        db.execute(delete(table))
    kept = select(*(_KEPT[name] for name in names)).where(_KEPT.fingerprint == mark)
    db.execute(insert(schema.passages).from_select(names, kept))
    db.execute(delete(schema.kept_passages).where(_KEPT.fingerprint == mark))
    totals: dict[str, dict[str, Moments]] = {}
    ids = _ids(db)
    for id_ in ids:
        writes.note_change(db, id_)
        found = db.execute(select(schema.passages).where(_IN_USE.article_id == id_)).mappings().all()
        if found:
            writes.describe(db, id_, [rows.embedded(row) for row in found])
            sums = writes.sums_of((row["dense"], row["sentences_dense"]) for row in found)
            so_far = totals.setdefault(found[0]["language"], {})
            so_far |= {part: so_far[part] + more if part in so_far else more for part, more in sums.items()}
    for language, sums in totals.items():
        writes.add_to_sums(db, language, sums)
    writes.put_setting(db, "fingerprint", fingerprint.to_json())
    return len(ids)


def _ids(db: Connection) -> list[str]:
    return list(db.execute(select(schema.articles.c.id)).scalars())


def _missing(db: Connection, mark: str) -> set[str]:
    """The articles of which nothing is kept under a fingerprint."""
    kept = select(_KEPT.article_id).where(_KEPT.fingerprint == mark)
    return set(db.execute(select(schema.articles.c.id).where(schema.articles.c.id.not_in(kept))).scalars())


def _article(db: Connection, id_: str) -> Article | None:
    row = db.execute(select(schema.articles).where(schema.articles.c.id == id_)).mappings().first()
    return rows.article(row) if row else None
