"""Articles, their passages with vectors, and the ledger of sources, in one SQL database through SQLAlchemy.

The database is the truth and the vector index a copy of part of it: an article, its passages and its ledger row are committed
together, with a row in ``changes`` that says the index has to follow. ``synchronise`` lets it follow and takes the row away, so
a crash at any point leaves work to repeat, never an article lost or half shown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import RowMapping, make_url
from sqlalchemy.exc import SQLAlchemyError

from assistant.core.embedding import FloatArray
from assistant.core.errors import DatabaseUnavailable
from assistant.core.figures.figure import Figure, Kind
from assistant.core.index import Fingerprint, IndexPoint, VectorIndex
from assistant.core.lexical import passage_vector
from assistant.core.records import Article, Passage, Span
from assistant.core.text import Language

_metadata = MetaData()
_articles = Table(
    "articles",
    _metadata,
    Column("id", String(32), primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("published", Date),
    Column("publisher", Text, nullable=False),
    Column("origin", Text),
    Column("body_start", Integer, nullable=False),
    Column("story_id", String(32), nullable=False, index=True),
    Column("text_digest", String(64), nullable=False, index=True),
)
_passages = Table(
    "passages",
    _metadata,
    Column("id", String(48), primary_key=True),
    Column("article_id", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", JSON, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("dense", LargeBinary, nullable=False),
    Column("sentences_dense", LargeBinary, nullable=False),
    Index("passages_by_article", "article_id"),
)
_ledger = Table(
    "ledger",
    _metadata,
    Column("url", Text, primary_key=True),
    Column("source_digest", String(64), nullable=False),
    Column("article_id", String(32), nullable=False, index=True),
    Column("ingested", DateTime(timezone=True), nullable=False),
)
_changes = Table(
    "changes",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("article_id", String(32), nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice: taking away a followed change must not hit a new one
)
_archive = Table("archive", _metadata, Column("name", String(32), primary_key=True), Column("value", JSON, nullable=False))

_BATCH = 200


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with the unit vectors of itself, shape (dimensions,), and of its sentences, shape (sentences, dimensions)."""

    passage: Passage
    dense: FloatArray
    sentences_dense: FloatArray


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What a source became: ``source_digest`` is the SHA-256 of its raw bytes; several sources may share one article."""

    url: str
    source_digest: str
    article_id: str
    ingested: datetime


class ArticleStore:
    """The database; safe to use from several threads and processes."""

    def __init__(self, url: str) -> None:
        """Open the database and make its tables if they are missing.

        Raises:
            DatabaseUnavailable: It cannot be opened or reached.
        """
        self._engine = _engine(url)
        with self._errors():
            _metadata.create_all(self._engine)

    def close(self) -> None:
        """Release connections."""
        self._engine.dispose()

    # --- writing ---------------------------------------------------------------------------------------------------------

    def save(self, article: Article, text_digest: str, source_digest: str, passages: Sequence[EmbeddedPassage]) -> None:
        """Add or replace an article with its passages and its ledger row, all or nothing."""
        row = {
            "url": article.url,
            "title": article.title,
            "text": article.text,
            "language": str(article.language),
            "published": article.published,
            "publisher": article.publisher,
            "origin": article.origin,
            "body_start": article.body_start,
            "story_id": article.story_id,
            "text_digest": text_digest,
        }
        with self._begin() as db:
            db.execute(delete(_articles).where(_articles.c.id == article.id))
            db.execute(insert(_articles).values(id=article.id, **row))
            _replace_passages(db, article, passages)
            # Copies of what the article said before are articles of their own when they are next seen.
            db.execute(delete(_ledger).where(_ledger.c.article_id == article.id, _ledger.c.url != article.url))
            _note(db, article.url, source_digest, article.id)

    def note_duplicate(self, url: str, source_digest: str, article_id: str) -> None:
        """Record that a source says what a stored article says already."""
        with self._begin() as db:
            _note(db, url, source_digest, article_id)

    def remove(self, article_id: str) -> None:
        """Remove an article, its passages and every ledger row that led to it."""
        with self._begin() as db:
            db.execute(delete(_articles).where(_articles.c.id == article_id))
            db.execute(delete(_passages).where(_passages.c.article_id == article_id))
            db.execute(delete(_ledger).where(_ledger.c.article_id == article_id))
            _note_change(db, article_id)

    def rebuild(self, fingerprint: Fingerprint, remake: Callable[[Article], Sequence[EmbeddedPassage]]) -> int:
        """Make all passages anew in one transaction; returns how many articles there are."""
        ids = [article.id for article in self.articles()]
        with self._begin() as db:
            for article_id in ids:
                article = _article(db.execute(select(_articles).where(_articles.c.id == article_id)).mappings().one())
                _replace_passages(db, article, remake(article))
            _set(db, "fingerprint", fingerprint.to_json())
        return len(ids)

    def require_fingerprint(self, fingerprint: Fingerprint) -> None:
        """Check that the stored vectors were made under this fingerprint; an empty archive takes it on.

        Raises:
            SettingsError: They were made otherwise.
        """
        with self._begin() as db:
            stored = _get(db, "fingerprint")
            if stored is None or db.execute(select(func.count()).select_from(_articles)).scalar() == 0:
                _set(db, "fingerprint", fingerprint.to_json())
                return
        fingerprint.require(stored, "The archive")

    def generation(self) -> int:
        """Grows with every change, whichever process made it."""
        with self._connect() as db:
            return int(_get(db, "generation") or 0)

    def has_samples(self) -> bool:
        """Whether the sample articles were added once, all of them."""
        with self._connect() as db:
            return bool(_get(db, "samples"))

    def note_samples(self) -> None:
        """Record that the sample articles were added, so that those a person removes stay away."""
        with self._begin() as db:
            _set(db, "samples", True)

    def enqueue(self, article_ids: Iterable[str]) -> None:
        """Let the index follow for these articles again; for unknown ids it removes what it holds."""
        rows = [{"article_id": article_id} for article_id in article_ids]
        if rows:
            with self._begin() as db:
                db.execute(insert(_changes), rows)

    # --- reading ---------------------------------------------------------------------------------------------------------

    def articles(self, ids: Iterable[str] | None = None) -> list[Article]:
        """All articles, or those of these ids, newest first; undated ones last."""
        query = select(_articles).order_by(_articles.c.published.is_(None), _articles.c.published.desc(), _articles.c.id)
        if ids is not None:
            query = query.where(_articles.c.id.in_(list(ids)))
        with self._connect() as db:
            return [_article(row) for row in db.execute(query).mappings()]

    def article_of_text(self, text_digest: str) -> str | None:
        """The id of an article with this text."""
        with self._connect() as db:
            return db.execute(select(_articles.c.id).where(_articles.c.text_digest == text_digest)).scalars().first()

    def ledger(self) -> list[LedgerRow]:
        """Every source ever ingested, by URL."""
        with self._connect() as db:
            return [LedgerRow(**row) for row in db.execute(select(_ledger).order_by(_ledger.c.url)).mappings()]

    def ledger_row(self, url: str) -> LedgerRow | None:
        """What a source became, if it was ingested."""
        with self._connect() as db:
            row = db.execute(select(_ledger).where(_ledger.c.url == url)).mappings().first()
        return LedgerRow(**row) if row else None

    def passages(self, ids: Iterable[str]) -> dict[str, EmbeddedPassage]:
        """Passages by id; unknown ids are left out."""
        with self._connect() as db:
            rows = db.execute(select(_passages).where(_passages.c.id.in_(list(ids)))).mappings()
            return {row["id"]: _embedded(row) for row in rows}

    def vectors(self) -> dict[Language, FloatArray]:
        """Per language all passage vectors, shape (passages, dimensions)."""
        found: dict[Language, list[bytes]] = {}
        with self._connect() as db:
            for language, dense in db.execute(select(_passages.c.language, _passages.c.dense)):
                found.setdefault(Language(language), []).append(dense)
        return {language: np.stack([np.frombuffer(v, np.float32) for v in blobs]) for language, blobs in found.items()}

    def story_by_origin(self, article: Article) -> str | None:
        """The story of a stored article that this one names as its origin, that names this one, or that shares its origin."""
        same = [_articles.c.origin == article.url]
        if article.origin:
            same += [_articles.c.url == article.origin, _articles.c.origin == article.origin]
        query = select(_articles.c.story_id).where(or_(*same), _articles.c.id != article.id)
        with self._connect() as db:
            return db.execute(query).scalars().first()

    def published_between(self, since: date, until: date) -> list[tuple[Article, list[EmbeddedPassage]]]:
        """The articles of these days, both inclusive, with their passages."""
        found: dict[str, list[EmbeddedPassage]] = {}
        query = select(_passages).join(_articles, _passages.c.article_id == _articles.c.id)
        with self._connect() as db:
            for row in db.execute(query.where(_articles.c.published.between(since, until))).mappings():
                found.setdefault(row["article_id"], []).append(_embedded(row))
        return [(article, found[article.id]) for article in self.articles(found)]

    def story_sizes(self, story_ids: Iterable[str]) -> dict[str, int]:
        """How many articles tell each of these stories."""
        query = (
            select(_articles.c.story_id, func.count())
            .where(_articles.c.story_id.in_(list(story_ids)))
            .group_by(_articles.c.story_id)
        )
        with self._connect() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def counts(self) -> dict[str, int]:
        """Articles, passages, sources, and changes that the index has not followed yet."""
        tables = {"articles": _articles, "passages": _passages, "sources": _ledger, "pending": _changes}
        with self._connect() as db:
            return {name: db.execute(select(func.count()).select_from(table)).scalar_one() for name, table in tables.items()}

    # --- the index follows -----------------------------------------------------------------------------------------------

    def synchronise(self, index: VectorIndex) -> int:
        """Let the index follow all pending changes; returns how many articles changed in it."""
        changed = 0
        while batch := self._pending():
            article_ids = sorted(set(batch.values()))
            points = list(self._points(article_ids))
            index.upsert(points)
            index.delete(article_ids, keep=[point.passage_id for point in points])
            with self._begin() as db:
                db.execute(delete(_changes).where(_changes.c.number.in_(list(batch))))
            changed += len(article_ids)
        return changed

    def passage_ids(self) -> set[str]:
        """Ids of all passages, as the index should hold them."""
        with self._connect() as db:
            return set(db.execute(select(_passages.c.id)).scalars())

    def _pending(self) -> dict[int, str]:
        with self._connect() as db:
            rows = db.execute(select(_changes).order_by(_changes.c.number).limit(_BATCH))
            return {row[0]: row[1] for row in rows}

    def _points(self, article_ids: Sequence[str]) -> Iterator[IndexPoint]:
        with self._connect() as db:
            rows = db.execute(select(_passages).where(_passages.c.article_id.in_(article_ids))).mappings().all()
        by_id = {article.id: article for article in self.articles(article_ids)}
        for row in rows:
            article = by_id.get(row["article_id"])
            if article is None:
                continue  # removed meanwhile: that change is pending too
            yield IndexPoint(
                passage_id=row["id"],
                article_id=article.id,
                start=row["start"],
                end=row["end"],
                language=article.language,
                publisher=article.publisher,
                published=article.published,
                story_id=article.story_id,
                dense=np.frombuffer(row["dense"], np.float32),
                lexical=passage_vector(article.text[row["start"] : row["end"]], article.language),
            )

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self._errors(), self._engine.begin() as db:
            yield db

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._errors(), self._engine.connect() as db:
            yield db

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as exc:
            where = self._engine.url.render_as_string(hide_password=True)
            raise DatabaseUnavailable(
                f"The article store {where} cannot be used: {exc.__cause__ or exc}\nCheck NEWS_DATABASE__URL and NEWS_DATA_DIR."
            ) from exc


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        engine = create_engine(parsed)
    except (SQLAlchemyError, ImportError) as exc:
        raise DatabaseUnavailable(
            f"The article store's URL cannot be used: {exc}.\n"
            "Write it as NEWS_DATABASE__URL=postgresql+psycopg://user:password@host/name and install its driver:\n"
            "pip install 'ai-policy-news-assistant[server]'"
        ) from exc
    if parsed.get_backend_name() == "sqlite":

        @event.listens_for(engine, "connect")
        def _on_connect(connection: Any, _record: Any) -> None:
            # Readers go on while one process writes, and a writer waits for another instead of failing.
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=30000")

    return engine


def _replace_passages(db: Connection, article: Article, passages: Sequence[EmbeddedPassage]) -> None:
    db.execute(delete(_passages).where(_passages.c.article_id == article.id))
    if passages:
        db.execute(insert(_passages), [_passage_row(p, article.language) for p in passages])
    _note_change(db, article.id)


def _note_change(db: Connection, article_id: str) -> None:
    db.execute(insert(_changes).values(article_id=article_id))
    _set(db, "generation", (_get(db, "generation") or 0) + 1)


def _get(db: Connection, name: str) -> Any:
    return db.execute(select(_archive.c.value).where(_archive.c.name == name)).scalar()


def _set(db: Connection, name: str, value: Any) -> None:
    db.execute(delete(_archive).where(_archive.c.name == name))
    db.execute(insert(_archive).values(name=name, value=value))


def _note(db: Connection, url: str, source_digest: str, article_id: str) -> None:
    row = {"source_digest": source_digest, "article_id": article_id, "ingested": datetime.now(UTC)}
    if db.execute(update(_ledger).where(_ledger.c.url == url).values(row)).rowcount == 0:
        db.execute(insert(_ledger).values(url=url, **row))


def _article(row: RowMapping) -> Article:
    published: date | None = row["published"]
    return Article(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        language=Language(row["language"]),
        published=published,
        publisher=row["publisher"],
        origin=row["origin"],
        body_start=row["body_start"],
        story_id=row["story_id"],
    )


def _passage_row(embedded: EmbeddedPassage, language: Language) -> dict[str, Any]:
    passage = embedded.passage
    return {
        "id": passage.id,
        "article_id": passage.article_id,
        "language": str(language),
        "start": passage.start,
        "end": passage.end,
        "sentences": [[span.start, span.end] for span in passage.sentences],
        "figures": [_figure_row(figure) for figure in passage.figures],
        "dense": embedded.dense.astype(np.float32).tobytes(),
        "sentences_dense": embedded.sentences_dense.astype(np.float16).tobytes(),
    }


def _embedded(row: RowMapping) -> EmbeddedPassage:
    passage = Passage(
        id=row["id"],
        article_id=row["article_id"],
        start=row["start"],
        end=row["end"],
        sentences=tuple(Span(*span) for span in row["sentences"]),
        figures=tuple(_figure(figure) for figure in row["figures"]),
    )
    dense = np.frombuffer(row["dense"], np.float32)
    sentences = np.frombuffer(row["sentences_dense"], np.float16).astype(np.float32).reshape(-1, len(dense))
    return EmbeddedPassage(passage, dense, sentences)


def _figure_row(figure: Figure) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in asdict(figure).items()}


def _figure(row: Mapping[str, Any]) -> Figure:
    decimals = {key: Decimal(row[key]) if row[key] is not None else None for key in ("value", "low", "high")}
    return Figure(**{**row, **decimals, "kind": Kind(row["kind"])})
