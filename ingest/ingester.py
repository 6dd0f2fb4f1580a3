"""Ingests sources into the archive: decode, extract, chunk, embed, store; the index follows later."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import AssistantError, IngestError
from assistant.core.ledger import SourceState
from assistant.core.records import Article
from assistant.core.rows import EmbeddedPassage
from ingest import chunk
from ingest.extract import extract
from ingest.fetch import Fetcher, Gone
from ingest.formats import read_document
from ingest.sources import Source, read_source
from ingest.stories import story_of, text_digest


class IngestOutcome(StrEnum):
    """What became of a source."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """One source's outcome; ``reason`` is set if it failed."""

    source: Source
    outcome: IngestOutcome
    passages: int = 0
    article: Article | None = field(default=None, repr=False)
    reason: str | None = None


class Ingester:
    """Adds articles to a store; the index is brought up to date by ``ArticleStore.synchronise``."""

    def __init__(self, store: ArticleStore, embedder: Embedder, fetcher: Fetcher | None = None) -> None:
        self._store, self._embedder, self._fetcher = store, embedder, fetcher

    def add(self, sources: Iterable[Source], *, only_due: bool = False) -> Iterator[Result]:
        """Ingest sources one by one; a source that fails is reported and does not stop the others.

        With ``only_due`` a source that failed is left alone until it is due again.

        Raises:
            ServiceError: The store or a model is unusable; nothing more can be ingested.
        """
        for source in sources:
            known = self._store.source(source.url) if only_due else None
            if known and not known.is_due(datetime.now(UTC)):
                continue
            try:
                yield self._add(source)
            except Gone as exc:
                self._store.note_gone(source.url)
                yield Result(source, IngestOutcome.FAILED, reason=str(exc))
            except IngestError as exc:
                yield self._failed(source, str(exc))
            except AssistantError:
                raise
            except Exception as exc:
                yield self._failed(source, f"Unexpected {type(exc).__name__}: {exc}")

    def embed(self, article: Article) -> list[EmbeddedPassage]:
        """The passages of an article with their vectors."""
        passages = chunk.chunk(article)
        texts = [chunk.embedded_text(article, passage) for passage in passages]
        sentences = [chunk.sentence_text(article, s) for passage in passages for s in passage.sentences]
        vectors = self._embedder.passages(texts + sentences)
        embedded, at = [], len(passages)
        for passage, dense in zip(passages, vectors, strict=False):
            embedded.append(EmbeddedPassage(passage, dense, vectors[at : at + len(passage.sentences)]))
            at += len(passage.sentences)
        return embedded

    def _failed(self, source: Source, reason: str) -> Result:
        self._store.note_failed(source.url, reason)
        return Result(source, IngestOutcome.FAILED, reason=reason)

    def _add(self, source: Source) -> Result:
        known = self._store.source(source.url)
        validators = (known.etag, known.last_modified) if known else (None, None)
        fetched = read_source(source, self._fetcher, validators)
        if fetched.raw is None:
            return Result(source, IngestOutcome.UNCHANGED)
        source_digest = hashlib.sha256(fetched.raw).hexdigest()
        if known and known.source_digest == source_digest and known.state is SourceState.STORED:
            return Result(source, IngestOutcome.UNCHANGED)
        validators = (fetched.etag, fetched.last_modified)
        document = read_document(fetched.raw, fetched.url, fetched.charset)
        article = extract(document, source.url, source.entry)
        digest = text_digest(article.text)
        twin = self._store.article_of_text(digest)
        if twin and twin != article.id:
            if known and known.article_id == article.id:
                self._store.remove(article.id)
            self._store.note_duplicate(source.url, source_digest, twin, validators)
            return Result(source, IngestOutcome.DUPLICATE, article=article)
        passages = self.embed(article)
        article = replace(article, story_id=story_of(article, passages, self._store))
        article = self._store.save(article, digest, source_digest, passages, validators)
        is_changed = known is not None and known.article_id is not None
        outcome = IngestOutcome.CHANGED if is_changed else IngestOutcome.NEW
        return Result(source, outcome, len(passages), article)
