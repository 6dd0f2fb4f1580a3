"""Ingests sources into the archive: decode, extract, chunk, embed, store; the index follows later."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import AssistantError, IngestError
from assistant.core.records import Article
from assistant.core.rows import EmbeddedPassage
from ingest import chunk
from ingest.extract import extract
from ingest.sources import Source, decode, read_bytes
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

    def __init__(self, store: ArticleStore, embedder: Embedder) -> None:
        self._store, self._embedder = store, embedder

    def add(self, sources: Iterable[Source]) -> Iterator[Result]:
        """Ingest sources one by one; a source that fails is reported and does not stop the others.

        Raises:
            ServiceError: The store or a model is unusable; nothing more can be ingested.
        """
        for source in sources:
            try:
                yield self._add(source)
            except IngestError as exc:
                yield Result(source, IngestOutcome.FAILED, reason=str(exc))
            except AssistantError:
                raise
            except Exception as exc:
                yield Result(source, IngestOutcome.FAILED, reason=f"Unexpected {type(exc).__name__}: {exc}")

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

    def _add(self, source: Source) -> Result:
        if source.error:
            raise IngestError(source.error)
        raw = read_bytes(source.path)
        source_digest = hashlib.sha256(raw).hexdigest()
        known = self._store.ledger_row(source.url)
        if known and known.source_digest == source_digest:
            return Result(source, IngestOutcome.UNCHANGED)
        article = extract(decode(raw), source.url)
        digest = text_digest(article.text)
        twin = self._store.article_of_text(digest)
        if twin and twin != article.id:
            if known and known.article_id == article.id:
                self._store.remove(article.id)
            self._store.note_duplicate(source.url, source_digest, twin)
            return Result(source, IngestOutcome.DUPLICATE, article=article)
        passages = self.embed(article)
        article = replace(article, story_id=story_of(article, passages, self._store))
        self._store.save(article, digest, source_digest, passages)
        return Result(source, IngestOutcome.CHANGED if known else IngestOutcome.NEW, len(passages), article)
