"""Statements on articles, passages and kept settings, each within the transaction of its caller."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, insert, select, update

from assistant.core import rows, schema
from assistant.core.figures import contradictions, joined
from assistant.core.languages import Language
from assistant.core.moments import Moments
from assistant.core.queue import forget
from assistant.core.rows import EmbeddedPassage

PASSAGES = "passages"
SENTENCES = "sentences"
"""These two are what the sums in ``moments`` run over."""


def keep_version(db: Connection, article_id: str, text_digest: str) -> int:
    """Keep what an article says so far, where its text changes; returns the number of the version that follows."""
    stored = db.execute(select(schema.articles).where(schema.articles.c.id == article_id)).mappings().first()
    if stored is None:
        return 1
    if stored["text_digest"] == text_digest:
        return int(stored["version"])
    db.execute(
        insert(schema.versions).values(
            article_id=article_id, version=stored["version"], stored=rows.version_row(stored)
        )
    )
    return int(stored["version"]) + 1


def remove(db: Connection, article_id: str) -> None:
    """Remove an article with its passages, versions and ledger rows; nothing happens if there is none."""
    hold(db)
    forget(db, article_id)
    if db.execute(delete(schema.articles).where(schema.articles.c.id == article_id)).rowcount:
        replace_passages(db, article_id, [])
        db.execute(delete(schema.ledger).where(schema.ledger.c.article_id == article_id))
        db.execute(delete(schema.versions).where(schema.versions.c.article_id == article_id))


def replace_passages(
    db: Connection, article_id: str, passages: Sequence[EmbeddedPassage], language: Language | None = None
) -> None:
    """Replace an article's passages and contradictions; what a rebuild keeps of it is dropped."""
    note_change(db, article_id)
    columns = (schema.passages.c.language, schema.passages.c.dense, schema.passages.c.sentences_dense)
    if held := db.execute(select(*columns).where(schema.passages.c.article_id == article_id)).all():
        add_to_sums(db, held[0][0], sums_of((dense, sentences) for _, dense, sentences in held), -1)
    for table in (schema.passages, schema.kept_passages, schema.contradictions):
        db.execute(delete(table).where(table.c.article_id == article_id))
    if passages and language:
        added = [rows.passage_row(p, language) for p in passages]
        db.execute(insert(schema.passages), added)
        add_to_sums(db, language, sums_of((row["dense"], row["sentences_dense"]) for row in added))
        describe(db, article_id, passages)


def describe(db: Connection, article_id: str, passages: Sequence[EmbeddedPassage]) -> None:
    """Store what follows from an article's passages: its mean vector and its contradictions."""
    mean = {"mean": rows.mean(passages)}
    db.execute(update(schema.articles).where(schema.articles.c.id == article_id).values(mean))
    if found := contradictions(joined((0, p.passage.figures) for p in passages)):
        pairs = [
            [[rows.figure_row(figure) for figure in pair] for pair in (c.first, c.second)] for c in found
        ]
        db.execute(insert(schema.contradictions).values(article_id=article_id, found=pairs))


def sums_of(vectors: Iterable[Sequence[bytes]]) -> dict[str, Moments]:
    """The sums over the vectors of passages and over those of their sentences."""
    pairs = [rows.vectors(*stored) for stored in vectors]
    return {
        PASSAGES: Moments.of(np.stack([dense for dense, _ in pairs])),
        SENTENCES: Moments.of(np.concatenate([each for _, each in pairs])),
    }


def add_to_sums(db: Connection, language: str, sums: Mapping[str, Moments], sign: int = 1) -> None:
    """Add sums over vectors to a language's, or subtract them."""
    for part, change in sums.items():
        place = (schema.moments.c.language == str(language)) & (schema.moments.c.part == part)
        stored = db.execute(select(schema.moments).where(place)).mappings().first()
        if stored is None:
            db.execute(
                insert(schema.moments).values(language=str(language), part=part, **rows.moments_row(change))
            )
            continue
        total = rows.moments(stored) + change if sign > 0 else rows.moments(stored) - change
        db.execute(update(schema.moments).where(place).values(rows.moments_row(total)))


def note_change(db: Connection, article_id: str) -> None:
    """Mark an article as changed; from here on, other writers wait until this transaction ends."""
    db.execute(insert(schema.changes).values(article_id=article_id))
    put_setting(db, "generation", hold(db) + 1)


def hold(db: Connection) -> int:
    """Let other writers of articles wait until this transaction ends; returns the counter of changes."""
    # A write, because SQLite locks nothing for a reader
    place = schema.archive.c.name == "generation"
    db.execute(update(schema.archive).where(place).values(value=schema.archive.c.value))
    return int(setting(db, "generation") or 0)


def setting(db: Connection, name: str) -> Any:
    """What is kept under a name; None if nothing is."""
    return db.execute(select(schema.archive.c.value).where(schema.archive.c.name == name)).scalar()


def put_setting(db: Connection, name: str, value: Any) -> None:
    """Keep a value of JSON types under a name."""
    if (
        db.execute(update(schema.archive).where(schema.archive.c.name == name).values(value=value)).rowcount
        == 0
    ):
        db.execute(insert(schema.archive).values(name=name, value=value))
