"""Articles, their passages with vectors, and the ledger of sources, in one SQL database (SQLAlchemy).

The database is the source of truth; the vector index is a copy of part of it. An article, its passages and
its ledger row are committed together with a row in ``changes`` that marks the index as stale. ``synchronise``
updates the index and then deletes that row, so a crash at any point means repeated work, but never a lost or
half-indexed article.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import delete, func, insert, or_, select

from assistant.core import following, ledger, rebuilding, rows, schema, writes
from assistant.core.conversations import Conversations
from assistant.core.database import Database
from assistant.core.embedding import FloatArray
from assistant.core.errors import SettingsError
from assistant.core.figures import Contradiction
from assistant.core.index import Fingerprint, VectorIndex
from assistant.core.languages import Language
from assistant.core.ledger import Ledger
from assistant.core.moments import Moments
from assistant.core.queue import Queue, Queued, queue_row, queued_of, settle
from assistant.core.rebuilding import Remake
from assistant.core.records import Article, Filters, StoryMember
from assistant.core.rows import EmbeddedPassage

_NEWEST_FIRST = (
    schema.articles.c.published.is_(None),
    schema.articles.c.published.desc(),
    schema.articles.c.id,
)
_REMOVED = "removed"
"""The setting that holds what was removed last."""


class ArticleStore:
    """The database; thread-safe, and safe to use from several processes."""

    def __init__(self, url: str) -> None:
        """Open the database and create missing tables.

        Raises:
            DatabaseUnavailable: It cannot be opened or reached.
        """
        self._database = Database(url)
        self._begin, self._connect = self._database.begin, self._database.connect
        self.ledger, self.queue = Ledger(self._database), Queue(self._database)
        self.conversations = Conversations(self._database)
        self._fingerprint: Fingerprint | None = None
        self._count_once()

    def close(self) -> None:
        """Release connections."""
        self._database.close()

    # --- writing
    # ---------------------------------------------------------------------------------------------------------

    def save(self, queued: Queued, passages: Sequence[EmbeddedPassage]) -> Article:
        """Add or replace an article with its passages and ledger row, and take it off the queue, atomically.

        What it said before stays readable as an earlier version. Returns the article with its version. Where
        its source has a newer text in the queue, nothing is written.

        Raises:
            SettingsError: The archive was rebuilt under another fingerprint meanwhile.
        """
        article = queued.article
        with self._begin() as db:
            writes.hold(db)
            self._require_current(writes.setting(db, "fingerprint"))
            if not settle(db, queued):
                return article
            version = writes.keep_version(db, article.id, queued.text_digest)
            row = asdict(article) | {"text_digest": queued.text_digest, "version": version}
            db.execute(delete(schema.articles).where(schema.articles.c.id == article.id))
            db.execute(insert(schema.articles).values(row))
            writes.replace_passages(db, article.id, passages, article.language)
            # Duplicates of the previous text become articles of their own when they are next ingested.
            db.execute(
                delete(schema.ledger).where(
                    schema.ledger.c.article_id == article.id, schema.ledger.c.url != article.url
                )
            )
            ledger.note_stored(db, article.url, queued.source_digest, article.id, queued.validators)
        return replace(article, version=version)

    def note_duplicate(self, queued: Queued, article_id: str) -> None:
        """Record that a queued article has the same text as a stored one; what it said before is removed."""
        with self._begin() as db:
            writes.hold(db)
            if settle(db, queued):
                writes.remove(db, queued.article.id)
                ledger.note_stored(
                    db, queued.article.url, queued.source_digest, article_id, queued.validators
                )

    def note_failed(self, queued: Queued, error: str) -> None:
        """Record that a queued article could not be stored, and why."""
        with self._begin() as db:
            if settle(db, queued):
                ledger.note_failed(db, queued.article.url, error)

    def remove(self, article_id: str) -> None:
        """Remove an article, its passages and every ledger row pointing to it."""
        with self._begin() as db:
            writes.remove(db, article_id)

    def remove_all(self, article_ids: Sequence[str]) -> set[str]:
        """Remove articles; returns the ids that were there. Until the next call, ``queue_removed`` brings them back."""
        removed = [
            Queued(article, text_digest, source_digest or "")
            for article, text_digest, source_digest in self._with_digests(article_ids)
        ]
        if removed:
            self.keep_setting(_REMOVED, [queue_row(queued) for queued in removed])
        for queued in removed:
            self.remove(queued.article.id)
        return {queued.article.id for queued in removed}

    def queue_removed(self) -> int:
        """Put the articles of the last ``remove_all`` into the queue, in their latest version; returns their number."""
        kept = self.setting(_REMOVED) or []
        for row in kept:
            self.queue.put(queued_of(row))
        self.keep_setting(_REMOVED, [])
        return len(kept)

    def rebuild(
        self, fingerprint: Fingerprint, remake: Remake, done: Callable[[int], object] = lambda _: None
    ) -> int:
        """Make all passages again beside those in use, then exchange them; returns the number of articles.

        ``done`` is told of how many more articles the new passages are there.
        """
        n = rebuilding.rebuild(self._database, fingerprint, remake, done)
        self._fingerprint = fingerprint
        return n

    def require_fingerprint(self, fingerprint: Fingerprint) -> None:
        """Check that the stored vectors were made under this fingerprint; an empty archive adopts it.

        From then on, ``save`` refuses passages if another process has rebuilt the archive under another one.

        Raises:
            SettingsError: They were made under another fingerprint.
        """
        self._fingerprint = fingerprint
        with self._begin() as db:
            stored = writes.setting(db, "fingerprint")
            if stored is None or db.execute(select(func.count()).select_from(schema.articles)).scalar() == 0:
                writes.put_setting(db, "fingerprint", fingerprint.to_json())
                return
        fingerprint.require(stored, "The archive")

    def require_current(self) -> None:
        """Check that no other process has rebuilt the archive since ``require_fingerprint``.

        Raises:
            SettingsError: One has.
        """
        self._require_current(self.setting("fingerprint"))

    def _require_current(self, stored: Any) -> None:
        if self._fingerprint and stored is not None and stored != self._fingerprint.to_json():
            raise SettingsError("The archive was rebuilt with another embedder. Start this program again.")

    def refresh_terms(self, version: str) -> None:
        """Queue all articles for re-indexing if the index terms have another version, e.g. after an entity table change."""
        with self._begin() as db:
            if writes.setting(db, "terms") == version:
                return
            writes.put_setting(db, "terms", version)
            for article_id in db.execute(select(schema.articles.c.id)).scalars().all():
                writes.note_change(db, article_id)

    def generation(self) -> int:
        """A counter that grows with every change made by any process."""
        with self._connect() as db:
            return int(writes.setting(db, "generation") or 0)

    def setting(self, name: str) -> Any:
        """What was kept under a name; None if nothing was."""
        with self._connect() as db:
            return writes.setting(db, name)

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a value of JSON types under a name."""
        with self._begin() as db:
            writes.put_setting(db, name, value)

    def has_samples(self) -> bool:
        """Whether the complete set of sample articles has ever been added."""
        with self._connect() as db:
            return bool(writes.setting(db, "samples"))

    def note_samples(self) -> None:
        """Record that the sample articles were added, so that any the user removes are not added again."""
        with self._begin() as db:
            writes.put_setting(db, "samples", True)

    def enqueue(self, article_ids: Iterable[str]) -> None:
        """Queue these articles for re-indexing; unknown ids are removed from the index."""
        changes = [{"article_id": article_id} for article_id in article_ids]
        if changes:
            with self._begin() as db:
                db.execute(insert(schema.changes), changes)

    # --- reading
    # ---------------------------------------------------------------------------------------------------------

    def articles(self, ids: Iterable[str] | None = None) -> list[Article]:
        """All articles, or those with the given ids, newest first; undated ones last."""
        query = select(schema.articles).order_by(*_NEWEST_FIRST)
        if ids is not None:
            query = query.where(schema.articles.c.id.in_(list(ids)))
        with self._connect() as db:
            return [rows.article(row) for row in db.execute(query).mappings()]

    def ids(self, filters: Filters, matches: Callable[[str], bool] | None = None) -> list[str]:
        """Ids of the articles that pass the filters, newest first, and whose title, publisher and text match."""
        at = schema.articles.c
        wanted = [
            at.language.in_(filters.languages) if filters.languages else None,
            at.publisher.in_(filters.publishers) if filters.publishers else None,
            at.published >= filters.since if filters.since else None,
            at.published <= filters.until if filters.until else None,
        ]
        columns = (at.id, at.title, at.publisher, at.text) if matches else (at.id,)
        query = select(*columns).where(*(one for one in wanted if one is not None)).order_by(*_NEWEST_FIRST)
        with self._connect() as db:
            return [id_ for id_, *texts in db.execute(query) if not matches or matches("\n".join(texts))]

    def _with_digests(self, ids: Iterable[str]) -> list[tuple[Article, str, str | None]]:
        """Articles with the digests of their text and, where the ledger has it, of their source."""
        at, source = schema.articles, schema.ledger
        query = (
            select(at, source.c.source_digest)
            .join(source, source.c.url == at.c.url, isouter=True)
            .where(at.c.id.in_(list(ids)))
        )
        with self._connect() as db:
            found = db.execute(query).mappings().all()
        return [(rows.article(row), row["text_digest"], row["source_digest"]) for row in found]

    def twin(self, queued: Queued) -> str | None:
        """The id of another article with the same text, or of the same page under another address; None if there is none."""
        article = queued.article
        addresses = {article.url, article.canonical} - {""}
        same = or_(
            schema.articles.c.text_digest == queued.text_digest,
            schema.articles.c.url.in_(addresses),
            schema.articles.c.canonical.in_(addresses),
        )
        with self._connect() as db:
            query = select(schema.articles.c.id).where(same, schema.articles.c.id != article.id)
            return db.execute(query).scalars().first()

    def version(self, article_id: str, version: int) -> Article | None:
        """An article as it was in one of its versions, the present one included."""
        current = next(iter(self.articles([article_id])), None)
        if current and current.version == version:
            return current
        found = select(schema.versions.c.stored).where(
            schema.versions.c.article_id == article_id, schema.versions.c.version == version
        )
        with self._connect() as db:
            stored = db.execute(found).scalar()
        return rows.article(rows.stored_version(stored)) if stored else None

    def passages(self, ids: Iterable[str], *, is_read: bool = True) -> dict[str, EmbeddedPassage]:
        """Passages by id; unknown ids are skipped. Without ``is_read`` they have no sentences, which take the longest."""
        at = schema.passages.c
        read = () if is_read else ("sentences", "figures")
        query = select(*(column for column in at if column.name not in read)).where(at.id.in_(list(ids)))
        with self._connect() as db:
            return {row["id"]: rows.embedded(row) for row in db.execute(query).mappings()}

    def read_passages(self, ids: Iterable[str]) -> dict[str, tuple[Article, EmbeddedPassage]]:
        """Passages by id, each with its article, as both are at one instant; unknown ids are skipped."""
        tables = schema.articles, schema.passages
        article, passage = (table.c for table in tables)
        query = select(*tables).where(article.id == passage.article_id, passage.id.in_(list(ids)))
        found = {}
        with self._connect() as db:
            for row in db.execute(query).mappings():
                of = ({column.name: row[column] for column in table.c} for table in tables)
                found[row[passage.id]] = rows.article(next(of)), rows.embedded(next(of))
        return found

    def moments(self) -> dict[Language, tuple[Moments, Moments]]:
        """Per language, the sums over all passage vectors and over all sentence vectors."""
        with self._connect() as db:
            found = {
                (row["language"], row["part"]): rows.moments(row)
                for row in db.execute(select(schema.moments)).mappings()
            }
        languages = [Language(tag) for tag, part in found if part == writes.PASSAGES and found[tag, part].n]
        return {
            language: (found[language, writes.PASSAGES], found[language, writes.SENTENCES])
            for language in languages
        }

    def contradictions(
        self, article_ids: Iterable[str] | None = None
    ) -> dict[str, tuple[Contradiction, ...]]:
        """Contradictions within articles, by article id.

        Articles without contradictions are left out.
        """
        query = select(schema.contradictions)
        if article_ids is not None:
            query = query.where(schema.contradictions.c.article_id.in_(list(article_ids)))
        with self._connect() as db:
            return {
                row["article_id"]: tuple(map(rows.contradiction, row["found"]))
                for row in db.execute(query).mappings()
            }

    def by_origin(self, article: Article) -> Article | None:
        """A stored article that this one names as its origin, that names this one, or that has the same origin."""
        same = [schema.articles.c.origin == article.url]
        if article.origin:
            same += [schema.articles.c.url == article.origin, schema.articles.c.origin == article.origin]
        query = select(schema.articles).where(or_(*same), schema.articles.c.id != article.id)
        with self._connect() as db:
            row = db.execute(query.order_by(schema.articles.c.id)).mappings().first()
            return rows.article(row) if row else None

    def means_between(self, since: date, until: date) -> dict[str, FloatArray]:
        """The mean vectors of the articles published between two dates, both inclusive, by article id."""
        query = select(schema.articles.c.id, schema.articles.c.mean).where(
            schema.articles.c.published.between(since, until), schema.articles.c.mean.is_not(None)
        )
        with self._connect() as db:
            return {row[0]: np.frombuffer(row[1], np.float32) for row in db.execute(query)}

    def n_passages(self, article_id: str) -> int:
        """How many passages an article has."""
        query = select(func.count()).where(schema.passages.c.article_id == article_id)
        with self._connect() as db:
            return db.execute(query).scalar_one()

    def passages_of(self, article_id: str) -> list[EmbeddedPassage]:
        """An article's passages, in order."""
        query = select(schema.passages).where(schema.passages.c.article_id == article_id)
        with self._connect() as db:
            return [
                rows.embedded(row) for row in db.execute(query.order_by(schema.passages.c.start)).mappings()
            ]

    def story_members(self, story_ids: Iterable[str]) -> dict[str, list[StoryMember]]:
        """The articles that tell each of these stories, its first one first."""
        at = schema.articles.c
        query = (
            select(at.story_id, at.id, at.title, at.publisher, at.language, at.relation, at.url)
            .where(at.story_id.in_(list(story_ids)))
            .order_by(at.id != at.story_id, at.published, at.id)
        )
        found: dict[str, list[StoryMember]] = {}
        with self._connect() as db:
            for story_id, *member in db.execute(query):
                found.setdefault(story_id, []).append(StoryMember(*member))
        return found

    def publishers(self) -> list[str]:
        """All publishers, sorted."""
        with self._connect() as db:
            return sorted(db.execute(select(schema.articles.c.publisher).distinct()).scalars())

    def counts(self) -> dict[str, int]:
        """Counts of articles, passages, sources, and changes not yet in the index."""
        counted = {
            "articles": schema.articles,
            "passages": schema.passages,
            "sources": schema.ledger,
            "waiting": schema.queue,
            "pending": schema.changes,
        }
        with self._connect() as db:
            return {
                name: db.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in counted.items()
            }

    # --- index sync
    # -----------------------------------------------------------------------------------------------

    def synchronise(self, index: VectorIndex) -> int:
        """Apply all pending changes to the index; returns how many articles changed in it.

        Raises:
            SettingsError: Another process has rebuilt the archive under other settings.
        """
        return following.synchronise(self._database, index, self.require_current)

    def passage_ids(self) -> set[str]:
        """Ids of all passages, as the index should have them."""
        with self._connect() as db:
            return set(db.execute(select(schema.passages.c.id)).scalars())

    def _count_once(self) -> None:
        """Compute the vector sums of an archive that predates them."""
        with self._begin() as db:
            columns = (schema.passages.c.language, schema.passages.c.dense, schema.passages.c.sentences_dense)
            if db.execute(select(func.count()).select_from(schema.moments)).scalar():
                return
            for language in db.execute(select(schema.passages.c.language).distinct()).scalars().all():
                stored = db.execute(select(*columns[1:]).where(columns[0] == language)).all()
                writes.add_to_sums(db, language, writes.sums_of([tuple(row) for row in stored]))
